package io.flowscript.language.nodes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flowscript.core.FlowScriptException;
import io.flowscript.core.json.Json;
import io.flowscript.core.runtime.Edge;
import io.flowscript.core.runtime.Node;
import io.flowscript.core.runtime.Outcome;
import io.flowscript.core.runtime.Sleep;
import io.flowscript.language.forms.SchemaFormValidator;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BuiltInNodesTest {

    private static final SchemaFormValidator FORMS = new SchemaFormValidator();

    private static Node node(String name) {
        return Objects.requireNonNull(BuiltInNodes.all(FORMS).get(name));
    }

    private static Outcome run(String name, FakeContext context) {
        try {
            return node(name).run(context);
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    private static String edge(String name, FakeContext context) {
        Edge edge = (Edge) run(name, context);
        assertThat(node(name).metadata().edges()).contains(edge.name());
        return edge.name();
    }

    private static @Nullable Object data(Outcome outcome) {
        return ((Edge) outcome).data().get();
    }

    private static List<String> check(String name, Map<String, @Nullable Object> config) {
        return node(name).check(config);
    }

    @Test
    void theyAreAllThereWithTheirEdges() {
        assertThat(BuiltInNodes.all(FORMS).keySet())
                .containsExactlyInAnyOrder(
                        "setData",
                        "setFlag",
                        "incrementCounter",
                        "checkValue",
                        "delay",
                        "wait",
                        "log",
                        "logError",
                        "formInput",
                        "approve",
                        "approveExpense",
                        "choose",
                        "whileCondition",
                        "forEach");
        assertThat(BuiltInNodes.all(FORMS).values()).allSatisfy(node -> {
            assertThat(node.metadata().description()).isNotBlank();
        });
        assertThat(BuiltInNodes.all(FORMS).entrySet())
                .as("the one that leaves by the edges of its config declares none")
                .filteredOn(node -> node.getValue().metadata().edges().isEmpty())
                .extracting(Map.Entry::getKey)
                .containsExactly("choose");
    }

    @Nested
    class Configs {

        @ParameterizedTest(name = "{0} {1}: {2}")
        @CsvSource(
                delimiter = '|',
                value = {
                    "setData          | value=1               | \"path\" is missing; it must be a path into the state such as \"$.a.b\"",
                    "setData          | path=$.a              | give one of \"value\", \"data\", \"valuePath\"",
                    "setData          | path=a b;value=1      | \"path\" must be a path into the state such as \"$.a.b\", not \"a b\"",
                    "setFlag          | flag=a;value=yes      | \"value\" must be true or false, or with the operation setIf {\"condition\": ..., \"newValue\": ...}, not \"yes\"",
                    "setFlag          | flag=a;operation=flip | \"operation\" must be one of set, clear, toggle, setIf, not \"flip\"",
                    "setFlag          | operation=clear       | give one of \"flag\", \"flagPath\"",
                    "setFlag          | flag=a;operation=setIf | with the operation setIf, \"value\" must be an object such as",
                    "incrementCounter | field=a;counterPath=b | give only one of \"field\", \"counterPath\"",
                    "delay            | ms=soon               | \"ms\" must be a number of milliseconds from 0 to 100 years, not \"soon\"",
                    "wait             | ms=1;duration=1       | give only one of \"ms\", \"seconds\", \"duration\"",
                    "checkValue       | path=a;lessThan=1;value=1 | write one comparison: \"lessThan\", or \"operator\" and \"value\"",
                    "checkValue       | path=a;lessThan=1;greaterThan=3 | write one comparison: \"greaterThan\", or \"operator\" and \"value\"",
                    "log              | mesage=x              | \"message\" is missing; it must be any value",
                    "checkValue       | path=a                | \"value\" is missing; it must be the value to compare with",
                    "checkValue       | path=a;value=1;operator=equal | did you mean the operator \"equals\"?",
                    "checkValue       | path=a;value=1;operator=in    | with the operator in, \"value\" must be an array",
                    "checkValue       | path=a;value=1;operator=exists | with the operator exists, \"value\" must be true or false, or be left out",
                    "whileCondition   | none=                 | \"condition\" is missing; it must be an expression such as \"count < 3\"",
                    "forEach          | as=item               | \"items\" is missing; it must be a path into the state such as \"$.items\", or an array",
                    "forEach          | items=a;as=_index     | \"as\" must be a name of letters, digits, _ and @ that is not one of _index, _isFirst, _isLast, _loopIndex, _timestamp, _totalItems, false, now, null, previous, state, true, not \"_index\"",
                })
        void aWrongOneIsToldOnLoadingAndWhenItRuns(String name, String fields, String message) {
            Map<String, @Nullable Object> config = new LinkedHashMap<>();
            for (String field : fields.split(";", -1)) {
                String value = field.substring(field.indexOf('=') + 1);
                config.put(
                        field.substring(0, field.indexOf('=')),
                        value.equals("1") || value.equals("3") ? Integer.valueOf(value) : value);
            }
            assertThat(check(name, config)).anyMatch(wrong -> wrong.startsWith(message));
            assertThatThrownBy(() -> run(name, new FakeContext().config(config)))
                    .isInstanceOfSatisfying(
                            FlowScriptException.class, e -> assertThat(e.code()).isEqualTo("invalid_config"))
                    .hasMessageStartingWith(name + ": ")
                    .hasMessageContaining(message);
        }

        @Test
        void aTemplateCanBeAnythingUntilItIsFilled() {
            assertThat(check("setData", Map.of("path", "{{where}}", "value", "{{what}}")))
                    .isEmpty();
            assertThat(check("delay", Map.of("ms", "{{pause}}"))).isEmpty();
            assertThat(check("checkValue", Map.of("path", "a", "operator", "{{op}}", "value", 1)))
                    .isEmpty();
            assertThat(check("forEach", Map.of("items", "{{order.lines}}"))).isEmpty();
            assertThatThrownBy(() -> run("delay", new FakeContext().config(Map.of("ms", "{{pause}}"))))
                    .hasMessageContaining("not \"{{pause}}\"");
        }

        @Test
        void fieldsThatMeanNothingAreLeftAlone() {
            assertThat(check("setFlag", Map.of("flag", "a", "comment", "for people")))
                    .isEmpty();
        }

        @Test
        void whatIsShownOfAWrongValueIsPrintableAndShort() {
            assertThat(check("setData", Map.of("path", "a\n\u001b[31m" + "x".repeat(1_000), "value", 1)))
                    .singleElement()
                    .satisfies(message ->
                            assertThat(message).contains("a\\u000a\\u001b[31m").hasSizeLessThan(250));
        }
    }

    @Nested
    class Data {

        @Test
        void setDataSetsAPath() {
            FakeContext context = new FakeContext().config(Map.of("path", "$.a.b", "value", List.of(1)));
            assertThat(edge("setData", context)).isEqualTo("success");
            assertThat(context.get("$").raw()).isEqualTo(Map.of("a", Map.of("b", List.of(1))));
        }

        @Test
        void setDataSetsNull() {
            FakeContext context = new FakeContext().config(config("path", "a", "value", null));
            edge("setData", context);
            assertThat(context.get("a").isMissing()).isFalse();
        }

        @Test
        void setFlagIsTrueUnlessItSaysOtherwise() {
            FakeContext context = new FakeContext().config(Map.of("flag", "done"));
            assertThat(edge("setFlag", context)).isEqualTo("success");
            assertThat(context.get("done").asBoolean()).isTrue();
            edge("setFlag", context.config(Map.of("flag", "done", "value", false)));
            assertThat(context.get("done").asBoolean()).isFalse();
        }

        @Test
        void incrementCounterCountsFromNothing() {
            FakeContext context = new FakeContext().config(Map.of("field", "n"));
            Outcome outcome = run("incrementCounter", context);
            assertThat(data(outcome)).isEqualTo(Map.of("value", 1));
            assertThat(edge("incrementCounter", context)).isEqualTo("success");
            assertThat(context.get("n").raw()).isEqualTo(2);
        }

        @Test
        void incrementCounterSaysWhenItsLimitIsReached() {
            FakeContext context = new FakeContext()
                    .state(Map.of("a", Map.of("n", 1)))
                    .config(Map.of("counterPath", "$.a.n", "limit", 3, "incrementBy", 1));
            assertThat(edge("incrementCounter", context)).isEqualTo("success");
            assertThat(edge("incrementCounter", context)).isEqualTo("limit_reached");
            assertThat(edge("incrementCounter", context)).isEqualTo("limit_reached");
            assertThat(context.get("a.n").raw()).isEqualTo(3);
        }

        @Test
        void incrementCounterCountsDownToItsLimit() {
            FakeContext context =
                    new FakeContext().state(Map.of("n", 3)).config(Map.of("field", "n", "limit", 1, "incrementBy", -1));
            assertThat(edge("incrementCounter", context)).isEqualTo("success");
            assertThat(context.get("n").raw()).isEqualTo(2);
            assertThat(edge("incrementCounter", context)).isEqualTo("limit_reached");
            assertThat(context.get("n").raw()).isEqualTo(1);
        }

        @Test
        void incrementCounterBeginsAnewAtItsLimitWhereItIsToldTo() {
            FakeContext context = new FakeContext()
                    .state(Map.of("n", 2))
                    .config(Map.of("field", "n", "limit", 3, "resetOnLimit", true));
            Outcome outcome = run("incrementCounter", context);
            assertThat(((Edge) outcome).name()).isEqualTo("limit_reached");
            assertThat(data(outcome)).isEqualTo(Map.of("value", 3));
            assertThat(context.get("n").raw()).isEqualTo(0);
        }

        @Test
        void incrementCounterKeepsNumbersSimpleAndExact() {
            assertThat(counted(1, -3)).isEqualTo(-2);
            assertThat(counted(0.1, 0.2)).isEqualTo(0.3);
            assertThat(counted(0.5, 0.5)).isEqualTo(1);
            assertThat(counted(Integer.MAX_VALUE, 1)).isEqualTo(2_147_483_648L);
            assertThat(counted(Long.MAX_VALUE, 1)).isEqualTo(new BigDecimal("9223372036854775808"));
            assertThat(counted(new BigDecimal("0.10"), 0.2)).isEqualTo(new BigDecimal("0.30"));
            assertThat(counted(null, 5)).isEqualTo(5);
        }

        private @Nullable Object counted(@Nullable Object from, Number by) {
            FakeContext context =
                    new FakeContext().state(config("n", from)).config(Map.of("field", "n", "incrementBy", by));
            run("incrementCounter", context);
            return context.get("n").raw();
        }

        @Test
        void incrementCounterNamesThePathOfWhatIsNoNumber() {
            assertThatThrownBy(() -> run(
                            "incrementCounter",
                            new FakeContext().state(Map.of("n", "one")).config(Map.of("field", "n"))))
                    .isInstanceOf(FlowScriptException.class)
                    .hasMessageContaining("a number at $.n")
                    .hasMessageContaining("string");
        }

        @Test
        void incrementCounterIsNotLuredIntoABillionDigits() {
            assertThatThrownBy(() -> counted(new BigDecimal("1E+999999999"), 1))
                    .isInstanceOfSatisfying(
                            FlowScriptException.class, e -> assertThat(e.code()).isEqualTo("number_out_of_range"));
        }
    }

    @Nested
    @DisplayName("Workflows of the earlier FlowScript: with its fields and its defaults")
    class Earlier {

        private @Nullable Object after(
                String node, Map<String, @Nullable Object> state, Map<String, @Nullable Object> config) {
            FakeContext context = new FakeContext().state(state).config(config);
            assertThat(check(node, config)).isEmpty();
            run(node, context);
            return context.get("x").raw();
        }

        @Test
        void setData() {
            assertThat(after("setData", Map.of(), Map.of("path", "x", "data", 7)))
                    .isEqualTo(7);
            assertThat(after("setData", Map.of("y", List.of(1)), Map.of("path", "x", "valuePath", "$.y")))
                    .isEqualTo(List.of(1));
            assertThatThrownBy(() -> after("setData", Map.of(), Map.of("path", "x", "valuePath", "$.y")))
                    .hasMessage("setData: there is no value at $.y");
        }

        @Test
        void setFlag() {
            assertThat(after("setFlag", Map.of(), Map.of("flagPath", "x"))).isEqualTo(true);
            assertThat(after("setFlag", Map.of(), Map.of("flagPath", "x", "operation", "set", "value", false)))
                    .isEqualTo(false);
            assertThat(after("setFlag", Map.of("x", true), Map.of("flagPath", "x", "operation", "clear")))
                    .isEqualTo(false);
            assertThat(after("setFlag", Map.of("x", true), Map.of("flagPath", "x", "operation", "toggle")))
                    .isEqualTo(false);
            assertThat(after("setFlag", Map.of(), Map.of("flagPath", "x", "operation", "toggle")))
                    .isEqualTo(true);
            assertThatThrownBy(() -> after(
                            "setFlag",
                            Map.of(),
                            Map.of("flagPath", "x", "operation", "toggle", "createIfMissing", false)))
                    .hasMessage("createIfMissing is false: there is no value at $.x");
        }

        @Test
        void setFlagOnACondition() {
            Map<String, @Nullable Object> more = Map.of("path", "n", "operator", "greaterThan", "value", 3);
            assertThat(setIf(Map.of("n", 4), more)).isEqualTo(true);
            assertThat(setIf(Map.of("n", 3), more)).isEqualTo(false);
            assertThat(setIf(Map.of("n", 3, "x", true), more)).isEqualTo(true);
            assertThat(setIf(Map.of(), true)).isEqualTo(true);
            assertThat(setIf(Map.of(), Map.of("path", "n", "notExists", true))).isEqualTo(true);
            assertThat(check(
                            "setFlag",
                            Map.of(
                                    "flagPath", "x",
                                    "operation", "setIf",
                                    "value", Map.of("condition", Map.of("pth", "n"), "newValue", true))))
                    .anyMatch(wrong -> wrong.contains("\"value.condition.path\" is missing"))
                    .anyMatch(wrong -> wrong.contains("did you mean \"path\"?"));
        }

        private @Nullable Object setIf(Map<String, @Nullable Object> state, Object condition) {
            return after(
                    "setFlag",
                    state,
                    Map.of(
                            "flagPath", "x",
                            "operation", "setIf",
                            "value", Map.of("condition", condition, "newValue", true)));
        }

        @Test
        void incrementCounter() {
            FakeContext context = new FakeContext();
            assertThat(edge("incrementCounter", context)).isEqualTo("success");
            assertThat(context.get("counter").raw()).isEqualTo(1);
            assertThat(after(
                            "incrementCounter",
                            Map.of("x", 9),
                            Map.of("counterPath", "x", "limit", 10, "incrementBy", 5)))
                    .isEqualTo(10);
            assertThatThrownBy(() ->
                            after("incrementCounter", Map.of(), Map.of("counterPath", "x", "createIfMissing", false)))
                    .hasMessage("createIfMissing is false: there is no value at $.x");
        }

        @Test
        void delay() {
            assertThat(run("delay", new FakeContext())).isEqualTo(new Sleep(Duration.ofSeconds(1), true));
            assertThat(run("delay", new FakeContext().config(Map.of("duration", 250))))
                    .isEqualTo(new Sleep(Duration.ofMillis(250), true));
            assertThat(run("wait", new FakeContext().config(Map.of("duration", "PT5S"))))
                    .isEqualTo(new Sleep(Duration.ofSeconds(5), true));
        }

        @ParameterizedTest(name = "{0}: {1} {2}")
        @CsvSource({
            "5, equals, 5, true",
            "5, notEquals, 5, false",
            "5, lessThan, 6, true",
            "5, greaterThan, 5, false",
            "5, greaterThanOrEqual, 5, true",
            "5, greaterOrEqual, 6, false",
            "5, lessOrEqual, 5, true",
            "5, lessThanOrEqual, 4, false",
            "abc, contains, b, true",
            "abc, startsWith, ab, true",
            "abc, startsWith, bc, false",
            "abc, endsWith, bc, true",
            "5, exists, true, true",
            "5, notExists, true, false",
            "0, truthy, true, false",
            "0, falsy, true, true",
            "5, truthy, false, false",
        })
        void checkValue(String there, String operator, String value, String edge) {
            Map<String, @Nullable Object> config = config("path", "x", operator, json(value));
            assertThat(check("checkValue", config)).isEmpty();
            FakeContext context = new FakeContext().state(config("x", json(there)));
            assertThat(edge("checkValue", context.config(config))).isEqualTo(edge);
            assertThat(edge(
                            "checkValue",
                            context.config(config("path", "x", "operator", operator, "value", json(value)))))
                    .isEqualTo(edge);
        }

        private Object json(String text) {
            return text.matches("\\d+")
                    ? (Object) Integer.valueOf(text)
                    : text.equals("true") || text.equals("false") ? (Object) Boolean.valueOf(text) : text;
        }

        @Test
        void validateDataOfTheInput() {
            ValidateDataNode node = new ValidateDataNode(FORMS);
            assertThat(node.check(Map.of())).isEmpty();
            assertThat(((Edge) node.run(new FakeContext().state(Map.of("input", Map.of("a", 1))))).name())
                    .isEqualTo("valid");
            assertThat(((Edge) node.run(new FakeContext())).name()).isEqualTo("invalid");
        }
    }

    private static Map<String, @Nullable Object> config(@Nullable Object... namesAndValues) {
        Map<String, @Nullable Object> config = new LinkedHashMap<>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            config.put(String.valueOf(namesAndValues[i]), namesAndValues[i + 1]);
        }
        return config;
    }

    @Nested
    class Checks {

        private boolean holds(@Nullable Object there, String operator, @Nullable Object value) {
            return Boolean.parseBoolean(edge(
                    "checkValue",
                    new FakeContext()
                            .state(config("x", there))
                            .config(config("path", "x", "operator", operator, "value", value))));
        }

        @ParameterizedTest
        @ValueSource(strings = {"equals", "==", "==="})
        void equality(String operator) {
            assertThat(holds(1, operator, 1.0)).isTrue();
            assertThat(holds(1, operator, new BigDecimal("1.00"))).isTrue();
            assertThat(holds("1", operator, 1)).isFalse();
            assertThat(holds(null, operator, null)).isTrue();
            assertThat(holds(null, operator, false)).isFalse();
            assertThat(holds(List.of(1, Map.of("a", 2)), operator, List.of(1L, Map.of("a", 2.0))))
                    .isTrue();
            assertThat(holds(List.of(1, 2), operator, List.of(1))).isFalse();
            assertThat(holds(List.of(1, 2), operator, List.of(2, 1))).isFalse();
            assertThat(holds(Map.of("a", 1), operator, Map.of("b", 1))).isFalse();
            assertThat(holds(Map.of("a", 1), operator, Map.of("a", 1, "b", 1))).isFalse();
        }

        @ParameterizedTest
        @ValueSource(strings = {"notEquals", "!=", "!=="})
        void inequality(String operator) {
            assertThat(holds(1, operator, 1.0)).isFalse();
            assertThat(holds("a", operator, "b")).isTrue();
        }

        @ParameterizedTest
        @CsvSource({
            ">,false,false,true",
            ">=,false,true,true",
            "<,true,false,false",
            "<=,true,true,false",
        })
        void order(String operator, boolean less, boolean same, boolean more) {
            assertThat(holds(1, operator, 2)).isEqualTo(less);
            assertThat(holds(2, operator, 2.0)).isEqualTo(same);
            assertThat(holds(2.5, operator, 2)).isEqualTo(more);
            assertThat(holds("a", operator, "b")).isEqualTo(less);
            assertThat(holds("b", operator, "a")).isEqualTo(more);
            assertThat(holds(null, operator, 2)).isFalse();
        }

        @Test
        void thingsThatHaveNoOrderAreSaidToHaveNone() {
            assertThatThrownBy(() -> holds("5", ">", 3))
                    .isInstanceOfSatisfying(
                            FlowScriptException.class, e -> assertThat(e.code()).isEqualTo("not_comparable"))
                    .hasMessageContaining("$.x is of type string")
                    .hasMessageContaining("of type number");
        }

        @Test
        void containing() {
            assertThat(holds(List.of(1, 2), "contains", 2.0)).isTrue();
            assertThat(holds(List.of(1, 2), "contains", 3)).isFalse();
            assertThat(holds("a text", "contains", "tex")).isTrue();
            assertThat(holds(Map.of("key", 1), "contains", "key")).isTrue();
            assertThat(holds(null, "contains", "key")).isFalse();
            assertThat(holds("b", "in", List.of("a", "b"))).isTrue();
            assertThat(holds("c", "in", List.of("a", "b"))).isFalse();
        }

        @Test
        void existing() {
            FakeContext context = new FakeContext().state(config("there", 0, "nothing", null));
            assertThat(edge("checkValue", context.config(Map.of("path", "there", "operator", "exists"))))
                    .isEqualTo("true");
            assertThat(edge("checkValue", context.config(Map.of("path", "nothing", "operator", "exists"))))
                    .isEqualTo("false");
            assertThat(edge(
                            "checkValue",
                            context.config(Map.of("path", "missing", "operator", "exists", "value", false))))
                    .isEqualTo("true");
        }

        @Test
        void whatIsMissingEqualsNothing() {
            FakeContext context = new FakeContext();
            assertThat(edge("checkValue", context.config(config("path", "missing", "value", null))))
                    .isEqualTo("false");
            assertThat(edge("checkValue", context.config(config("path", "missing", "operator", "!=", "value", 1))))
                    .isEqualTo("true");
        }

        @Test
        void speaksTheEdgesThatTheBranchNames() {
            FakeContext context = new FakeContext().state(Map.of("x", 1)).config(Map.of("path", "x", "value", 1));
            assertThat(edge("checkValue", context)).isEqualTo("true");
            assertThat(edge("checkValue", context.branchOn("match"))).isEqualTo("match");
            assertThat(edge("checkValue", context.branchOn("noMatch"))).isEqualTo("match");
            assertThat(edge("checkValue", context.branchOn("true", "default"))).isEqualTo("true");
            assertThat(edge(
                            "checkValue",
                            context.config(Map.of("path", "x", "value", 2)).branchOn("match", "noMatch")))
                    .isEqualTo("noMatch");
        }
    }

    @Nested
    class Time {

        @ParameterizedTest
        @CsvSource({"delay,ms,1500,PT1.5S", "wait,seconds,2.5,PT2.5S", "delay,ms,0,PT0S", "wait,ms,86400000000,P1000D"})
        @DisplayName("F12: a wait of any length, without a thread")
        void sleepsOnceAndGoesOn(String name, String unit, BigDecimal value, Duration expected) {
            FakeContext context = new FakeContext().config(Map.of(unit, value));
            Sleep sleep = (Sleep) run(name, context);
            assertThat(sleep.duration()).isEqualTo(expected);
            assertThat(edge(name, context.memo(sleep.memo()))).isEqualTo("success");
        }

        @ParameterizedTest
        @ValueSource(strings = {"-1", "1E+900000000", "3155760000001"})
        void aTimeThatIsNoneIsRefused(BigDecimal millis) {
            assertThat(check("delay", Map.of("ms", millis))).isNotEmpty();
            assertThat(check("delay", Map.of("seconds", millis))).isNotEmpty();
        }
    }

    @Nested
    class Logs {

        private List<LogRecord> logged(String name, @Nullable Object message) {
            Logger logger = Logger.getLogger(LogNodes.LOGGER);
            Records records = new Records();
            logger.setUseParentHandlers(false);
            logger.addHandler(records);
            try {
                assertThat(edge(name, new FakeContext().config(config("message", message))))
                        .isEqualTo("success");
                return records.all;
            } finally {
                logger.removeHandler(records);
                logger.setUseParentHandlers(true);
            }
        }

        private static final class Records extends Handler {

            private final List<LogRecord> all = new ArrayList<>();

            @Override
            public void publish(LogRecord logged) {
                all.add(logged);
            }

            @Override
            public void flush() {}

            @Override
            public void close() {}
        }

        @Test
        void oneLineWithWhoSaysIt() {
            assertThat(logged("log", "Hello")).singleElement().satisfies(entry -> {
                assertThat(entry.getMessage()).isEqualTo("workflow execution: Hello");
                assertThat(entry.getLevel()).isEqualTo(Level.INFO);
            });
            assertThat(logged("logError", Map.of("a", Arrays.asList(1, null))))
                    .singleElement()
                    .satisfies(entry -> {
                        assertThat(entry.getMessage()).isEqualTo("workflow execution: {\"a\":[1,null]}");
                        assertThat(entry.getLevel()).isEqualTo(Level.SEVERE);
                    });
        }

        @Test
        @DisplayName("I9: a log message cannot start a new line or send terminal codes, and is bounded")
        void harmless() {
            assertThat(logged("log", "a\nFAKE\r\u001b[2J\u202e{0} " + "x".repeat(20_000)))
                    .singleElement()
                    .satisfies(entry -> {
                        assertThat(entry.getMessage())
                                .startsWith("workflow execution: a\\u000aFAKE\\u000d\\u001b[2J\\u202e{0} xxx")
                                .endsWith("x...")
                                .hasSizeLessThan(10_100);
                        assertThat(entry.getParameters()).isNull();
                    });
            assertThat(logged("log", Collections.nCopies(20_000, 1)))
                    .singleElement()
                    .satisfies(entry -> assertThat(entry.getMessage()).hasSizeLessThan(200));
        }
    }

    @Nested
    class Loops {

        @ParameterizedTest
        @ValueSource(strings = {"true", "1", "-0.5", "text", "[]", "{}"})
        void whileConditionGoesOn(String value) {
            assertThat(edge("whileCondition", whileContext().evaluating(read(value))))
                    .isEqualTo("next_iteration");
        }

        @ParameterizedTest
        @ValueSource(strings = {"false", "0", "0.0", "null", ""})
        void whileConditionLeaves(String value) {
            assertThat(edge("whileCondition", whileContext().evaluating(read(value))))
                    .isEqualTo("exit_loop");
        }

        private FakeContext whileContext() {
            return new FakeContext().config(Map.of("condition", "a"));
        }

        private @Nullable Object read(String text) {
            return switch (text) {
                case "true", "false" -> Boolean.valueOf(text);
                case "null" -> null;
                case "[]" -> List.of();
                case "{}" -> Map.of();
                case "1", "-0.5", "0", "0.0" -> new BigDecimal(text);
                default -> text;
            };
        }

        @Test
        @DisplayName("F23: forEach keeps its place with the loop and gives its names to the body")
        void forEachGoesThroughItsItems() {
            FakeContext context = new FakeContext()
                    .state(Map.of("items", Arrays.asList("a", null, "c")))
                    .config(Map.of("items", "$.items", "as", "letter"));
            List<Map<String, @Nullable Object>> rounds = new ArrayList<>();
            Edge edge = (Edge) run("forEach", context);
            while (edge.name().equals("next_iteration")) {
                rounds.add(edge.bindings());
                assertThat(edge.data().get()).isNull();
                edge = (Edge) run("forEach", context.memo(edge.memo()));
            }
            assertThat(edge.name()).isEqualTo("exit_loop");
            assertThat(rounds).hasSize(3);
            assertThat(rounds.get(0))
                    .isEqualTo(Map.of(
                            "letter",
                            "a",
                            "_index",
                            0,
                            "_loopIndex",
                            1,
                            "_totalItems",
                            3,
                            "_isFirst",
                            true,
                            "_isLast",
                            false));
            assertThat(rounds.get(1)).containsEntry("letter", null).containsEntry("_isFirst", false);
            assertThat(rounds.get(2)).containsEntry("letter", "c").containsEntry("_isLast", true);
            assertThat(context.get("$").raw()).isEqualTo(Map.of("items", Arrays.asList("a", null, "c")));
        }

        @Test
        @DisplayName("F23: forEach reads its items once, on entry; a second loop reads them again")
        void forEachReadsItsItemsOnce() {
            FakeContext context =
                    new FakeContext().state(Map.of("items", List.of(1, 2))).config(Map.of("items", "items"));
            Edge first = (Edge) run("forEach", context);
            context.state(Map.of("items", "gone"));
            Edge second = (Edge) run("forEach", context.memo(first.memo()));
            assertThat(second.bindings()).containsEntry("item", 2);

            FakeContext again =
                    new FakeContext().state(Map.of("items", List.of(1, 2))).config(Map.of("items", "items"));
            assertThat(((Edge) run("forEach", again)).bindings()).containsEntry("item", 1);
        }

        @Test
        void forEachTakesAnArrayAsItIs() {
            FakeContext context = new FakeContext().config(Map.of("items", List.of(5)));
            assertThat(((Edge) run("forEach", context)).bindings()).containsEntry("item", 5);
            assertThat(edge("forEach", context.config(Map.of("items", List.of()))))
                    .isEqualTo("exit_loop");
        }

        @Test
        @DisplayName("F23: forEach over something that is not an array fails and names the path")
        void forEachOverSomethingElse() {
            FakeContext context = new FakeContext().state(Map.of("x", "text"));
            for (Map.Entry<String, String> wrong : Map.of(
                            "$.missing.items", "nothing at $.missing.items",
                            "x", "a value of type string at x",
                            "$", "a value of type object at $",
                            "{{order.lines}}", "nothing at {{order.lines}}")
                    .entrySet()) {
                assertThatThrownBy(() -> run("forEach", context.config(Map.of("items", wrong.getKey()))))
                        .isInstanceOfSatisfying(
                                FlowScriptException.class,
                                e -> assertThat(e.code()).isEqualTo("not_an_array"))
                        .hasMessageContaining(wrong.getValue());
            }
        }

        @Test
        void forEachKeepsOneReferenceToItsItemsHoweverManyThereAre() {
            Object items = Json.freeze(Collections.nCopies(100_000, "x"));
            Object memo = null;
            FakeContext context = new FakeContext().config(config("items", items));
            for (int i = 0; i < 100_000; i++) {
                memo = ((Edge) run("forEach", context)).memo();
                context.memo(memo);
            }
            assertThat(((Map<?, ?>) Objects.requireNonNull(memo)).get("items")).isSameAs(items);
            assertThat(edge("forEach", context)).isEqualTo("exit_loop");
        }
    }
}
