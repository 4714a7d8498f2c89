package io.flowscript.http;

import static io.flowscript.http.AttackedServer.head;
import static org.assertj.core.api.Assertions.assertThat;

import io.flowscript.http.AttackedServer.Reply;
import io.flowscript.json.codec.JsonWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("A path leads to what it names, and nowhere else")
class PathAttacksTest {

    private final List<String> asked = new ArrayList<>();

    private final AttackedServer server = new AttackedServer(
            (who, action, workflowId, executionId) -> executionId == null || asked.add(executionId),
            settings -> settings.assets(WebAssets.of("page", Map.of("index.html", new byte[] {'i'}))));

    @AfterEach
    void close() {
        server.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/executions/../workflows",
                "/executions/%2e%2e/workflows",
                "/executions/./status",
                "/executions/%2e/status",
                "/executions/%2e%2e/status",
                "/executions/%252e%252e/status",
                "/executions/e-1%2f../status",
                "/executions/e-1%2fstatus",
                "/executions/e-1%5c..%5c/status",
                "/executions/e-1\\..\\/status",
                "/executions/e-1%00/status",
                "/executions/e-1%0d%0aX-A:%20b/status",
                "/executions/e-1%20/status",
                "/executions/E-1/status",
                "/executions/e%E2%80%8B-1/status",
                "/executions/e\uff0d1/status",
                "/executions/%c0%ae%c0%ae/status",
                "/executions/%u002e/status",
                "/executions/e-1/status/",
                "/executions//e-1/status",
                "//executions/e-1/status",
                "/executions/e-1;a=b/status",
                "/EXECUTIONS/e-1/status",
                "/executions/e-1/status%00",
                "/executions/e-1/%73tatus",
                "executions/e-1/status",
                "/page/../executions",
                "/page/%2e%2e/executions",
                "/page/..%2fexecutions",
                "/page/%252e%252e/executions",
                "/page/index.html%00",
                "/page/..\\index.html",
                "/page//index.html",
                "/page/index.html/",
                "/page/\uff0e\uff0e/index.html",
                "/page/%49ndex.html"
            })
    void strangePaths(String path) {
        server.start("e-1");
        Reply reply = server.send(head("GET", path), "");
        assertThat(reply.status()).isIn(0, 404);
        assertThat(reply.body()).doesNotContain("e-1", "\r", "\n", "\u0000", "ask");
        assertThat(reply.headers().toString()).doesNotContain("X-A");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"..", ".", "a/b", "a\\b", "a b", "a\nb", "a\u0000", "\u00e4", "a%2f", "<script>", "${jndi:x}", ""
            })
    @DisplayName("and no execution gets an id that is a path, a header or a script")
    void ids(String id) {
        byte[] body = JsonWriter.write(Map.of("executionId", id));
        Reply reply = server.send(head("POST", "/workflows/ask/execute", AttackedServer.JSON), body);
        assertThat(reply.status()).isEqualTo(400);
        assertThat(server.flows.executions().size()).isZero();
        assertThat(asked)
                .as("nor does the access policy, whose failures are logged, see it")
                .isEmpty();
    }
}
