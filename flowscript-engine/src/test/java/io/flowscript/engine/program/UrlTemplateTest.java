package io.flowscript.engine.program;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flowscript.core.FlowScriptException;
import io.flowscript.core.runtime.Edge;
import io.flowscript.core.runtime.ExecutionContext;
import io.flowscript.core.runtime.Node;
import io.flowscript.core.runtime.Outcome;
import io.flowscript.core.snapshot.ExecutionResult;
import io.flowscript.core.workflow.WorkflowDefinition;
import io.flowscript.engine.FlowScript;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Values that templates put into a URL do not change its structure. */
class UrlTemplateTest {

    private static final class Fetch implements Node {

        @Override
        public Set<String> urlFields() {
            return Set.of("url");
        }

        @Override
        public Outcome run(ExecutionContext context) {
            context.state().set("sent", context.config().get("url").raw());
            context.state().set("text", context.config().get("text").raw());
            return Edge.of("done");
        }
    }

    private static Object sent(String field, String text, Object value) throws Exception {
        Map<String, ?> config = Map.of(field, text);
        WorkflowDefinition workflow =
                WorkflowDefinition.of(Map.of("id", "w", "nodes", List.of(Map.of("fetch", config))));
        try (FlowScript flows = FlowScript.builder()
                .node("fetch", new Fetch())
                .workflow(workflow)
                .build()) {
            ExecutionResult result = flows.start("w", Map.of("v", value, "base", "https://api.example/v1"))
                    .result()
                    .get(30, TimeUnit.SECONDS);
            if (!result.isCompleted()) {
                throw new FlowScriptException(String.valueOf(result.code()), String.valueOf(result.error()));
            }
            return result.get(field.equals("url") ? "sent" : "text").raw();
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = ';', quoteCharacter = '~', textBlock = """
            https://x.example/find?q={{v}}&n=1 ; a&admin=1 ; https://x.example/find?q=a%26admin%3D1&n=1
            https://x.example/users/{{v}} ; ../admin ; https://x.example/users/..%2Fadmin
            https://x.example/users/{{v}} ; a/b?c#d ; https://x.example/users/a%2Fb%3Fc%23d
            https://x.example/users/{{v}}/x ; Grüße 😀 ; https://x.example/users/Gr%C3%BC%C3%9Fe%20%F0%9F%98%80/x
            https://x.example/{{v}} ; a-b_c.d~9 ; https://x.example/a-b_c.d~9
            https://x.example/{{v}} ; 100%25 ; https://x.example/100%2525
            https://{{v}}/x ; api.example:8443 ; https://api.example:8443/x
            https://{{v}}.x.example/ ; evil.example/ ; https://evil.example%2F.x.example/
            https://{{v}}.x.example/ ; evil@evil.example# ; https://evil%40evil.example%23.x.example/
            {{base}}/users/{{v}} ; ../a ; https://api.example/v1/users/..%2Fa
            {{v}} ; https://other.example/?a=1&b=2 ; https://other.example/?a=1&b=2
            {{base}}/{{missing}} ; x ; https://api.example/v1/{{missing}}
            """)
    @DisplayName("A value is one part of the URL, whatever it contains")
    void valuesAreEncoded(String url, String value, String expected) throws Exception {
        assertThat(sent("url", url, value)).isEqualTo(expected);
        assertThat(sent("text", url, "plain")).asString().doesNotContain("%");
    }

    @ParameterizedTest
    @ValueSource(strings = {"..", "."})
    @DisplayName("A value cannot lead up in the path")
    void dotSegments(String value) throws Exception {
        for (String url : List.of(
                "https://x.example/a/{{v}}",
                "https://x.example/a/{{v}}/b",
                "https://x.example/a/{{v}}?c",
                "{{base}}/{{v}}")) {
            assertThatThrownBy(() -> sent("url", url, value))
                    .as(url)
                    .hasMessageContaining("lead to another place")
                    .extracting("code")
                    .isEqualTo("invalid_config");
        }
        assertThat(sent("url", "https://x.example/{{v}}x?up={{v}}", value))
                .isEqualTo("https://x.example/" + value + "x?up=" + value);
    }

    @ParameterizedTest
    @ValueSource(strings = {"https://x.example/a?n={{v}}"})
    void numbers(String url) throws Exception {
        assertThat(sent("url", url, 250)).isEqualTo("https://x.example/a?n=250");
    }
}
