package io.flowscript.engine.program;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flowscript.core.FlowScriptException;
import io.flowscript.core.json.Json;
import io.flowscript.core.runtime.Edge;
import io.flowscript.core.runtime.ExpressionEvaluator;
import io.flowscript.core.runtime.ExpressionEvaluator.Expression;
import io.flowscript.core.runtime.Node;
import io.flowscript.core.workflow.WorkflowDefinition;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CompiledConfigTest {

    private static final Map<String, @Nullable Object> STATE = state();

    private static final Map<String, Object> PREVIOUS = Map.of("status", 503, "items", List.of("x", "y"));

    private static void ignore(String unfilled) {}

    /** Knows one expression, and counts how often it was compiled. */
    private static final class OneExpression implements ExpressionEvaluator {

        private final List<String> compiled = new ArrayList<>();

        @Override
        public Expression compile(String source) {
            compiled.add(source);
            return variables -> source.equals("a > 1 ? 'x' : 'y'")
                    ? ((Integer) Objects.requireNonNull(variables.get("a")) > 1 ? "x" : "y")
                    : "made by " + source;
        }
    }

    private static Map<String, @Nullable Object> state() {
        Map<String, @Nullable Object> state = new LinkedHashMap<>();
        state.put("a", 2);
        state.put("userName", "Ada");
        state.put("user", Map.of("name", "Ada L.", "c d", List.of(1, 2)));
        state.put("nothing", null);
        state.put("sly", "{{userName}} {{a}}");
        state.put("now", "not the time");
        state.put("previous", "not the previous step");
        return Json.object(state);
    }

    private static CompiledConfig compile(Map<String, @Nullable Object> config, ExpressionEvaluator evaluator) {
        Map<String, Node> nodes =
                Map.of("n", Node.named("n").expressions("condition").run(context -> Edge.of("done")));
        Program program = Compiler.compile(
                WorkflowDefinition.of(Map.of("id", "w", "nodes", List.of(Map.of("n", config)))),
                nodes,
                evaluator,
                List.of());
        return ((Instruction.Run) program.at(0)).step().config();
    }

    private static @Nullable Object fill(@Nullable Object value) {
        return fill(value, Map.of());
    }

    private static @Nullable Object fill(@Nullable Object value, Map<String, @Nullable Object> bindings) {
        return Objects.requireNonNull(compile(Collections.singletonMap("v", value), new OneExpression())
                        .fill(
                                Variables.of(STATE, Json.object(bindings)).at("2026-01-01T00:00:00Z", PREVIOUS),
                                CompiledConfigTest::ignore))
                .get("v");
    }

    @Test
    @DisplayName("F26: a template that is the whole string keeps the type, at any depth of the state")
    void aWholeStringKeepsTheType() {
        assertThat(fill("{{a}}")).isEqualTo(2);
        assertThat(fill("{{ state.user }}")).isSameAs(STATE.get("user"));
        assertThat(fill("{{user.name}}")).isEqualTo("Ada L.");
        assertThat(fill("{{$.user[\"c d\"][1]}}")).isEqualTo(2);
        assertThat(fill("{{nothing}}")).isNull();
        assertThat(fill("{{$}}")).isEqualTo(STATE);
        assertThat(fill("{{state}}")).isEqualTo(STATE);
    }

    @Test
    void severalTemplatesInAText() {
        assertThat(fill("Hello {{userName}}, {{a}} of {{user[\"c d\"]}} and {{nothing}}!"))
                .isEqualTo("Hello Ada, 2 of [1,2] and !");
        assertThat(fill("{{a}}{{a}}")).isEqualTo("22");
        assertThat(fill(" {{a}}")).isEqualTo(" 2");
        assertThat(fill("{{user}}."))
                .isIn("{\"name\":\"Ada L.\",\"c d\":[1,2]}.", "{\"c d\":[1,2],\"name\":\"Ada L.\"}.");
    }

    @Test
    void theTime() {
        assertThat(fill("{{now}}")).isEqualTo("2026-01-01T00:00:00Z");
        assertThat(fill("at {{ _timestamp }}")).isEqualTo("at 2026-01-01T00:00:00Z");
        assertThat(fill("{{state.now}}")).isEqualTo("not the time");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{{unknown}}",
                "{{user.unknown}}",
                "Hello {{ unknown }}!",
                "{{userName",
                "userName}}",
                "{{}}",
                "{{ }}",
                "{userName}",
                "}} {{",
                "plain",
                ""
            })
    void whatIsNoTemplateOrNotKnownStaysAsItIsWritten(String text) {
        assertThat(fill(text)).isEqualTo(text);
    }

    @Test
    void aTextAfterAnUnendedTemplateStays() {
        assertThat(fill("{{a}} and {{userName")).isEqualTo("2 and {{userName");
        assertThat(fill("{{}} {{a}}")).isEqualTo("{{}} 2");
    }

    @Test
    @DisplayName("F29: what was filled in is never read again, as a template or as an expression")
    void onePass() {
        assertThat(fill("{{sly}}")).isEqualTo("{{userName}} {{a}}");
        assertThat(fill("<{{sly}}>")).isEqualTo("<{{userName}} {{a}}>");
    }

    @Test
    void nestedInObjectsAndArrays() {
        Map<String, @Nullable Object> value = new LinkedHashMap<>();
        value.put("{{a}}", "{{a}}");
        value.put("list", Arrays.asList("{{user.name}}", 7, null, List.of("{{a}}")));
        value.put("plain", Map.of("x", true));
        Object filled = fill(value);
        Map<String, @Nullable Object> expected = new LinkedHashMap<>(value);
        expected.put("{{a}}", 2);
        expected.put("list", Arrays.asList("Ada L.", 7, null, List.of(2)));
        assertThat(filled).isEqualTo(expected);
        assertThat(((Map<?, ?>) Objects.requireNonNull(filled)).keySet())
                .map(String::valueOf)
                .containsExactly("{{a}}", "list", "plain");
    }

    @Test
    @DisplayName("previous is what the previous step gave, and hides a key of the state")
    void thePreviousStep() {
        assertThat(fill("{{previous}}")).isEqualTo(PREVIOUS);
        assertThat(fill("{{previous.status}}")).isEqualTo(503);
        assertThat(fill("{{previous.items[1]}} of {{previous.items.length}}")).isEqualTo("y of 2");
        assertThat(fill("{{previous.nothing}}")).isEqualTo("{{previous.nothing}}");
        assertThat(fill("{{previous}}", Map.of("previous", "a loop's"))).isEqualTo(PREVIOUS);
        assertThat(fill("{{state.previous}}")).isEqualTo("not the previous step");
    }

    @Test
    void whatNothingFillsIsReportedOnce() {
        CompiledConfig config = compile(Map.of("v", List.of("{{a}}", "is {{nobody.x}}")), new OneExpression());
        List<String> unfilled = new ArrayList<>();
        config.fill(Variables.of(STATE, Map.of("nobody", Map.of("x", 1))), unfilled::add);
        assertThat(unfilled).isEmpty();
        config.fill(Variables.of(STATE, Map.of()), unfilled::add);
        config.fill(Variables.of(STATE, Map.of()), unfilled::add);
        assertThat(unfilled).containsExactly("{{nobody.x}}");
    }

    @Test
    void aConfigWithoutTemplatesIsNeverCopied() {
        CompiledConfig config = compile(Map.of("v", List.of(1, "x")), new OneExpression());
        Variables variables = Variables.of(STATE, Map.of());
        assertThat(config.fill(variables, CompiledConfigTest::ignore))
                .isNotNull()
                .isSameAs(config.fill(variables, CompiledConfigTest::ignore));
    }

    @Test
    void expressionsAreCompiledOnceAndOnlyWhereThereIsNoPath() {
        OneExpression evaluator = new OneExpression();
        CompiledConfig config = compile(
                Map.of("v", "{{a > 1 ? 'x' : 'y'}}", "w", "is {{ a > 1 ? 'x' : 'y' }}", "u", "{{userName}}"),
                evaluator);
        assertThat(config.fill(Variables.of(STATE, Map.of()), CompiledConfigTest::ignore))
                .isEqualTo(Map.of("v", "x", "w", "is x", "u", "Ada"));
        assertThat(evaluator.compiled).containsExactly("a > 1 ? 'x' : 'y'");
        assertThat(fill("{{a + b}}")).isEqualTo("made by a + b");
    }

    @Test
    void anExpressionFieldIsNeverFilled() {
        CompiledConfig config = compile(Map.of("condition", "a > 1 ? 'x' : 'y'", "v", "{{a}}"), new OneExpression());
        Variables variables = Variables.of(STATE, Map.of());
        assertThat(config.fill(variables, CompiledConfigTest::ignore))
                .isEqualTo(Map.of("condition", "a > 1 ? 'x' : 'y'", "v", 2));
        assertThat(Objects.requireNonNull(config.expression("condition")).evaluate(variables))
                .isEqualTo("x");
        assertThat(config.expression("v")).isNull();
    }

    @Test
    void namesOfLoopsShadowTheState() {
        Map<String, @Nullable Object> bindings = Map.of("userName", "Grace", "_index", 0);
        assertThat(fill("{{userName}} {{state.userName}} {{_index}} {{a}}", bindings))
                .isEqualTo("Grace Grace 0 2");
        assertThat(fill("{{state}}", bindings))
                .isInstanceOfSatisfying(
                        Map.class, all -> assertThat(all.get("userName")).isEqualTo("Grace"));
        Variables variables = Variables.of(STATE, Json.object(bindings));
        assertThat(variables.get("userName")).isEqualTo("Grace");
        assertThat(variables.get("a")).isEqualTo(2);
        assertThat(variables.containsKey("_index")).isTrue();
        assertThat(variables.containsKey("unknown")).isFalse();
        assertThat(variables.keySet()).contains("state", "a", "_index");
        assertThat(variables.get("state")).isEqualTo(variables.get("state"));
        assertThat(STATE).containsEntry("userName", "Ada");
    }

    @Test
    void theTextThatIsMadeIsBounded() {
        String big = "x".repeat(100_000);
        Map<String, @Nullable Object> bindings = Map.of("big", big, "list", Collections.nCopies(50_000, big));
        assertThat(fill("{{big}}", bindings)).isEqualTo(big);
        assertThat(fill("{{list}}", bindings)).isEqualTo(bindings.get("list"));
        for (String tooLong : List.of("{{big}}".repeat(11), "all: {{list}}")) {
            assertThatThrownBy(() -> fill(tooLong, bindings))
                    .isInstanceOfSatisfying(
                            FlowScriptException.class, e -> assertThat(e.code()).isEqualTo("config_too_large"))
                    .hasMessageContaining("1048576");
        }
    }

    @Test
    void aNumberIsNeverSpelledOutWithItsZeros() {
        assertThat(fill("{{n}}!", Map.of("n", new BigDecimal("1E+900000000")))).isEqualTo("1e+900000000!");
    }
}
