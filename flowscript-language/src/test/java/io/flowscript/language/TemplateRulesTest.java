package io.flowscript.language;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flowscript.core.snapshot.ExecutionResult;
import io.flowscript.core.workflow.InvalidWorkflowException;
import io.flowscript.core.workflow.WorkflowDefinition;
import io.flowscript.engine.FlowScript;
import java.math.BigDecimal;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.IntPredicate;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** One rule for templates and expressions, seen in workflows that run. */
class TemplateRulesTest {

    private static final Map<String, Object> STATE = state();

    private static Map<String, Object> state() {
        Map<String, Object> state = new LinkedHashMap<>();
        state.put("items", List.of("a", "b", "c"));
        state.put("user", Map.of("name", "Ada", "first-name", "Ada L.", "length", 7, "tags", List.of("x", "y")));
        state.put("total", 10);
        state.put("discount", 3);
        state.put("größe", 2);
        state.put("수량", 4);
        state.put("किंमत", 5);
        state.put("size", 6);
        state.put("nothing", null);
        state.put("exponent", new BigDecimal("1E+16"));
        state.put("price", new BigDecimal("19.90"));
        return state;
    }

    private static ExecutionResult run(Map<String, ?> input, Object... elements) {
        WorkflowDefinition workflow = WorkflowDefinition.of(Map.of("id", "w", "nodes", List.of(elements)));
        try (FlowScript flows = FlowScript.builder().workflow(workflow).build()) {
            return flows.start("w", input).result().get(20, SECONDS);
        } catch (InterruptedException
                | java.util.concurrent.ExecutionException
                | java.util.concurrent.TimeoutException e) {
            throw new AssertionError(e);
        }
    }

    private static Object filled(Object value) {
        ExecutionResult result = run(STATE, Map.of("setData", Map.of("path", "out", "value", value)));
        assertThat(result.isCompleted()).as("%s: %s", value, result.error()).isTrue();
        return result.state().get("out");
    }

    @ParameterizedTest(name = "{0} is {1}")
    @CsvSource(delimiter = ';', quoteCharacter = '~', textBlock = """
            {{items.length}} ; 3
            {{user.name.length}} ; 3
            {{user.tags.length}} ; 2
            {{user.length}} ; 7
            {{state.items.length}} ; 3
            {{$.items.length}} ; 3
            {{items.length + 1}} ; 4
            {{total-discount}} ; 7
            {{total - discount}} ; 7
            {{total -1}} ; 9
            {{user["first-name"]}} ; Ada L.
            {{user['first-name'] + '!'}} ; Ada L.!
            {{items.0}} ; a
            {{items.0 + items[1]}} ; ab
            {{42}} ; 42
            {{1.50}} ; 1.5
            {{'a}}b'}} ; a}}b
            {{"{{"}} ; {{
            {{'x'}} and {{"y"}} ; x and y
            {{größe}} ; 2
            {{größe + 1}} ; 3
            {{수량 + größe}} ; 6
            {{किंमत}} ; 5
            {{किंमत + 1}} ; 6
            {{state.größe + $.수량}} ; 6
            {{size}} ; 6
            {{size + 1}} ; 7
            {{exists('user.name')}} ; true
            {{exists('user.nickname')}} ; false
            {{exists("$.user['first-name']")}} ; true
            {{exists('user.first-name')}} ; true
            {{exists('state.items[2]')}} ; true
            {{exists('items[3]')}} ; false
            {{exists('nothing')}} ; false
            {{exists( 'größe' ) && !exists('breite')}} ; true
            {{exists('user') ? 'yes' : 'no'}} ; yes
            [{{nothing}}] ; []
            [{{'' + nothing}}] ; []
            [{{missing ?? nothing}}] ; []
            id {{exponent}} ; id 10000000000000000
            {{'id ' + exponent}} ; id 10000000000000000
            {{price}} EUR ; 19.9 EUR
            {{price + ' EUR'}} ; 19.9 EUR
            {{items}}! ; ["a","b","c"]!
            {{items + '!'}} ; ["a","b","c"]!
            """)
    void aTemplateIsAnExpression(String template, String expected) {
        assertThat(String.valueOf(filled(template))).isEqualTo(expected);
    }

    @Test
    void aTemplateThatIsTheWholeStringKeepsTheType() {
        assertThat(filled("{{true}}")).isEqualTo(true);
        assertThat(filled("{{false}}")).isEqualTo(false);
        assertThat(filled("{{null}}")).isNull();
        assertThat(filled("{{items.length}}")).isEqualTo(3);
        assertThat(filled("{{total-discount}}")).isEqualTo(7);
        assertThat(filled("is {{true}}")).isEqualTo("is true");
    }

    @Test
    @DisplayName("now is a name like every other, in templates and in expressions")
    void theTimeIsAValue() {
        assertThat(String.valueOf(filled("{{now + \"\"}}"))).matches("\\d{4}-\\d\\d-\\d\\dT.*Z");
        assertThat(String.valueOf(filled("{{_timestamp + ''}}"))).matches("\\d{4}-\\d\\d-\\d\\dT.*Z");
        assertThat(filled("{{now > '2020' && exists('now')}}")).isEqualTo(true);
        ExecutionResult result = run(
                Map.of("n", 0, "now", "a key of the state"),
                List.of(
                        Map.of("whileCondition", Map.of("condition", "n < 2 && now > '2020' && state.now < 'b'")),
                        List.of(Map.of("incrementCounter", Map.of("field", "n")))));
        assertThat(result.state()).containsEntry("n", 2);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{{missing}}",
                "{{missing.length}}",
                "{{items.missing}}",
                "{{user.tags[7]}}",
                "{{state.missing}}",
                "{{$.missing}}",
                "{{breite}}",
                "hello {{ missing }}",
                "{{}}",
                "{{ }}",
                "{{missing",
                "}}{{",
                "{a: {b: 1}}"
            })
    void aPathToNothingAndWhatIsNoTemplateStayAsWritten(String text) {
        assertThat(filled(text)).isEqualTo(text);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{{hello world}}",
                "{{1 +}}",
                "{{user.}}",
                "{{user's}}",
                "a {{b;}} c",
                "{{user.name()}}",
                "{{ 010 }}",
                "{{exists('a b')}}",
                "{{#if x}}",
                "{{> part}}",
                "{{{user}}}"
            })
    void textInBracesThatIsNoExpressionIsAnErrorOnLoading(String text) {
        assertThatThrownBy(() -> run(STATE, Map.of("setData", Map.of("path", "out", "value", List.of("x", text)))))
                .isInstanceOfSatisfying(
                        InvalidWorkflowException.class,
                        e -> assertThat(e.problems()).anySatisfy(problem -> {
                            assertThat(problem.code()).isEqualTo("invalid_template");
                            assertThat(problem.pointer()).isEqualTo("/nodes/0/setData/value/1");
                        }));
    }

    @Test
    @DisplayName("a name of letters of any script is one in a template, an expression, as, and stateKey")
    void namesOfEveryScript() {
        Random random = new Random(7);
        for (int i = 0; i < 60; i++) {
            String name = name(random);
            ExecutionResult result = run(
                    Map.of("list", List.of(1, 2), name + "ö", 20),
                    List.of(
                            Map.of("forEach", Map.of("items", "list", "as", name)),
                            List.of(
                                    Map.of("setData", Map.of("path", "plain", "value", "{{" + name + "}}")),
                                    Map.of("setData", Map.of("path", "sum." + name, "value", "{{" + name + "+1}}")),
                                    Map.of(
                                            "setData",
                                            Map.of("path", "other", "value", "{{" + name + "ö-" + name + "}}")))),
                    Map.of("setData", Map.of("path", "read", "value", "{{sum." + name + "}}")),
                    Map.of("setData", Map.of("path", "state." + name, "value", "{{sum." + name + " * 2}}")),
                    List.of(
                            Map.of("whileCondition", Map.of("condition", name + " < 9 && exists('" + name + "')")),
                            List.of(Map.of("incrementCounter", Map.of("field", name)))));
            assertThat(result.isCompleted()).as("%s %s", name, result.error()).isTrue();
            assertThat(result.state())
                    .as(name)
                    .containsEntry("plain", 2)
                    .containsEntry("other", 18)
                    .containsEntry("read", 3)
                    .containsEntry(name, 9);
        }
    }

    private static String name(Random random) {
        StringBuilder name = new StringBuilder().appendCodePoint(drawn(random, Character::isLetter));
        for (int i = random.nextInt(6); i > 0; i--) {
            name.appendCodePoint(drawn(
                    random,
                    c -> Character.isLetterOrDigit(c)
                            || Character.getType(c) == Character.NON_SPACING_MARK
                            || c == '_'));
        }
        return name.toString();
    }

    private static int drawn(Random random, IntPredicate fits) {
        return random.ints(0, Character.MAX_CODE_POINT + 1)
                .filter(fits)
                .findFirst()
                .getAsInt();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"now", "state", "previous", "true", "null", "_index", "1a", "a-b", "a b", "", "a.b", "\u0301a"})
    void whatIsNoNameIsRefusedForALoop(String name) {
        assertThatThrownBy(() ->
                        run(STATE, List.of(Map.of("forEach", Map.of("items", "items", "as", name)), List.of("exit"))))
                .isInstanceOf(InvalidWorkflowException.class)
                .hasMessageContaining("\"as\" must be a name of letters, digits, _ and @");
    }
}
