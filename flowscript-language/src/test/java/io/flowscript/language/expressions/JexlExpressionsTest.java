package io.flowscript.language.expressions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.flowscript.core.FlowScriptException;
import io.flowscript.core.json.Json;
import io.flowscript.core.runtime.ExpressionEvaluator.Expression;
import io.flowscript.json.codec.JsonReader;
import io.flowscript.json.codec.JsonWriter;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JexlExpressionsTest {

    private static final Map<String, Object> STATE = state();

    private final JexlExpressions expressions = new JexlExpressions();

    private static Map<String, Object> state() {
        Map<String, Object> state = new LinkedHashMap<>();
        state.put("amount", 250);
        state.put("big", 9_007_199_254_740_993L);
        state.put("price", new BigDecimal("19.90"));
        state.put("ratio", 0.1);
        state.put("name", "Ann");
        state.put("empty", "");
        state.put("yes", true);
        state.put("no", false);
        state.put("nothing", null);
        state.put("digits", "42");
        state.put("items", List.of("a", "b", "c"));
        state.put("none", List.of());
        state.put(
                "user", Map.of("name", "Bob", "age", 41, "tags", List.of("x", Map.of("y", 7)), "first name", "Robert"));
        state.put("object", Map.of());
        state.put("length", 5);
        state.put("class", "first");
        state.put("exists", "a value of that name");
        Map<String, Object> all = new LinkedHashMap<>(state);
        all.put("state", Collections.unmodifiableMap(state));
        return Collections.unmodifiableMap(all);
    }

    @ParameterizedTest(name = "{0} is {1}")
    @CsvSource(delimiter = ';', quoteCharacter = '~', textBlock = """
            amount > 100 ; true
            amount >= 250 ; true
            amount < 250 ; false
            amount <= 249.99 ; false
            amount === 250 ; true
            amount === 250.0 ; true
            amount === '250' ; false
            amount == '250' ; true
            amount !== 250 ; false
            amount !== '250' ; true
            amount != 251 ; true
            'a' === 'a' ; true
            "a" === 'a' ; true
            'a' < 'b' ; true
            'a' > 'B' ; true
            'abc' == 1 ; false
            'abc' != 1 ; true
            'abc' > 1 ; false
            'abc' <= 1 ; false
            '10' > 9 ; true
            '10' > '9' ; false
            digits * 2 ; 84
            digits - 2 ; 40
            digits + 2 ; "422"
            2 + digits ; "242"
            1 + 2 + 'x' ; "3x"
            'x' + 1 + 2 ; "x12"
            'x' + 1 ; "x1"
            'x' + 1.50 ; "x1.5"
            'x' + true ; "xtrue"
            'x' + nothing ; "x"
            'x' + missing ; "x"
            'x' + items ; "x[\\"a\\",\\"b\\",\\"c\\"]"
            name + ' is ' + (amount > 100 ? 'big' : 'small') ; "Ann is big"
            0.1 + 0.2 ; 0.3
            ratio + 0.2 ; 0.3
            ratio * 3 ; 0.3
            price * 2 ; 39.8
            price + 0.10 ; 20
            price * 100 ; 1990
            7 / 2 ; 3.5
            6 / 2 ; 3
            1 / 3 ; 0.3333333333333333333333333333333333
            7 % 3 ; 1
            -7 % 3 ; -1
            2 + 3 * 4 ; 14
            (2 + 3) * 4 ; 20
            10 - 2 - 3 ; 5
            -amount ; -250
            +digits ; 42
            - -3 ; 3
            big + 1 ; 9007199254740994
            2147483647 + 1 ; 2147483648
            9223372036854775807 + 1 ; 9223372036854775808
            true && false ; false
            true || false ; true
            !yes ; false
            !!name ; true
            !state.empty ; true
            !0 ; true
            !none ; false
            !missing ; true
            !'false' ; false
            yes && name ; "Ann"
            no || name ; "Ann"
            missing || 'default' ; "default"
            missing ?? 'default' ; "default"
            state['empty'] ?? 'default' ; ""
            no && missing.a.b ; false
            yes ? 1 : 2 ; 1
            no ? 1 : no ? 2 : 3 ; 3
            missing ? 1 : 2 ; 2
            missing ?: 'else' ; "else"
            user.name ; "Bob"
            user['name'] ; "Bob"
            user["first name"] ; "Robert"
            user.tags[1].y ; 7
            user.tags[0] ; "x"
            user.tags.length ; 2
            state.user.age + 1 ; 42
            $.user.age ; 41
            $.items[2] ; "c"
            items[0] ; "a"
            items[1 + 1] ; "c"
            items[3] ; null
            items[-1] ; null
            items['0'] ; "a"
            items.0 ; "a"
            items.3 ; null
            user['tags'].1.y ; 7
            items[amount - 249] ; "b"
            items.length ; 3
            items.length > 2 && items[0] === 'a' ; true
            name.length ; 3
            none.length === 0 ; true
            user.length ; null
            missing ; null
            missing.deep.er ; null
            user.missing.deeper ; null
            user?.name ; "Bob"
            missing?.name ; null
            name.missing ; null
            amount.missing ; null
            null ; null
            nothing === null ; true
            missing == null ; true
            missing === null ; true
            state.empty == null ; false
            0 == null ; false
            missing > 1 ; false
            missing < 1 ; false
            missing + 1 ; 1
            exists(user.name) ; true
            exists(user.nickname) ; false
            exists(nothing) ; false
            exists(state.empty) ; true
            exists(no) ; true
            length(items) ; 3
            length(name) ; 3
            length(user) ; 4
            length(missing) ; 0
            length(items) + length ; 8
            length(5) ; null
            isEmpty(none) ; true
            isEmpty(object) ; true
            isEmpty(state.empty) ; true
            isEmpty(missing) ; true
            isEmpty(items) ; false
            isEmpty(0) ; false
            isEmpty(no) ; false
            !isEmpty(items) && exists(user) ; true
            yes == 1 ; true
            no == 0 ; true
            yes === 1 ; false
            yes == 'true' ; false
            items == state.items ; true
            items === state.items ; true
            user.tags == items ; false
            items == 'a,b,c' ; false
            true ; true
            'it\\'s' ; "it's"
            'ä€😀' ; "ä€😀"
            42 ; 42
            1.50 ; 1.5
            class ; "first"
            and ; null
            state.and + size ; 0
            """)
    void evaluates(String expression, String json) {
        Object value = expressions.compile(expression).evaluate(STATE);

        Object expected = new JsonReader(10).read(json);
        assertThat(new String(JsonWriter.write(value), StandardCharsets.UTF_8))
                .isEqualTo(new String(JsonWriter.write(expected), StandardCharsets.UTF_8));
    }

    @ParameterizedTest(name = "{0}")
    @DisplayName("F28, F29: an expression reaches no class, method, getter, constructor, file, pattern or loop")
    @ValueSource(
            strings = {
                "''.getClass()",
                "name.getClass().forName('java.lang.Runtime')",
                "name.toUpperCase()",
                "items.size()",
                "items.clear()",
                "user.get('name')",
                "user.put('name', 1)",
                "new('java.lang.ProcessBuilder', 'id')",
                "new java.lang.String('x')",
                "new java.io.File('/etc/passwd')",
                "java.lang.Runtime.getRuntime()",
                "java.lang.System.exit(0)",
                "System.exit(1)",
                "T(java.lang.Runtime).exec('id')",
                "#pragma jexl.import java.lang",
                "#pragma jexl.namespace.sys java.lang.System\nsys:exit(1)",
                "sys:exit(1)",
                "@silent 1",
                "@lenient(1) name",
                "name = 'x'",
                "user.name = 'x'",
                "amount += 1",
                "amount++",
                "--amount",
                "var x = 1",
                "let x = 1",
                "const x = 1; x",
                "while(true) {}",
                "for(var i : items) { i }",
                "for(;;) {}",
                "do {} while(true)",
                "if (true) 1",
                "return 1",
                "$5",
                "$amount",
                "$$",
                "true$",
                "name$",
                "function(x) { x }",
                "(x) -> { x }",
                "x => x",
                "(function() { return this })()",
                "1; 2",
                "{ 1 }",
                "throw 'x'",
                "try { 1 } catch(e) { 2 }",
                "switch (1) { case 1 : 2 }",
                "name =~ '(a+)+$'",
                "name !~ 'a'",
                "name =^ 'A'",
                "name =$ 'n'",
                "~/(a+)+/",
                "1 .. 1000000000",
                "size(items)",
                "empty(items)",
                "[1, 2, 3]",
                "{'a' : 1}",
                "{1, 2}",
                "`${''.class}`",
                "user.`${name}`",
                "1 << 30",
                "1 | 2",
                "~1",
                "exists()",
                "exists(1, 2)",
                "eval('1')",
                "length.call(1)",
                "items.length()",
                "exists(name)('x')",
                "name instanceof String",
                "#0",
                "NaN",
                "1e999",
                "1 +",
                "(1",
                "'unfinished",
                "",
                "   ",
                "a b",
                "..",
                "\u0000"
            })
    void refusesWhatIsNoExpression(String attack) {
        FlowScriptException refused =
                catchThrowableOfType(FlowScriptException.class, () -> expressions.compile(attack));

        assertThat(refused).isNotNull();
        assertThat(refused.code()).isEqualTo("invalid_expression");
        assertThat(refused.getMessage())
                .doesNotContain("org.apache", "Exception", "AST")
                .doesNotContainPattern("\\p{Cntrl}");
    }

    @ParameterizedTest(name = "{0}")
    @DisplayName("F28: a name that looks like a getter or a static member is missing, so null")
    @ValueSource(
            strings = {
                "''.class",
                "name.class",
                "name['class']",
                "amount.class.forName",
                "user.class",
                "user['class']['classLoader']",
                "items.class",
                "items['class']",
                "user.entrySet",
                "user.empty",
                "items.empty",
                "name.bytes",
                "name.__proto__",
                "user.__proto__.x",
                "user.constructor",
                "state.getClass",
                "$.class.class",
                "java.lang.Runtime.runtime",
                "java.lang.System.in",
                "this.class",
                "true.class",
                "context.class",
                "jexl.engine",
                "items.length.class",
                "exists(1).class",
                "length(items).class"
            })
    void readsNoGetter(String attack) {
        Map<String, Object> state = new LinkedHashMap<>(STATE);
        state.put("$", Map.of());
        assertThat(compileOrNull(attack, state)).isNull();
    }

    /** Null as well when the parser does not even take it. */
    private Object compileOrNull(String attack, Map<String, Object> state) {
        Expression expression;
        try {
            expression = expressions.compile(attack);
        } catch (FlowScriptException e) {
            assertThat(e.code()).isEqualTo("invalid_expression");
            return null;
        }
        return expression.evaluate(state);
    }

    @Test
    @DisplayName("F28: a variable that is not a JSON value exposes nothing")
    void readsNothingOfForeignObjects() {
        Map<String, Object> variables =
                Map.of("file", new java.io.File("/"), "type", String.class, "list", List.of(new StringBuilder("x")));

        assertThat(expressions.compile("file.path").evaluate(variables)).isNull();
        assertThat(expressions.compile("file.absolutePath").evaluate(variables)).isNull();
        assertThat(expressions.compile("type.name").evaluate(variables)).isNull();
        assertThatThrownBy(() -> expressions.compile("file").evaluate(variables))
                .isInstanceOf(FlowScriptException.class);
        assertThatThrownBy(() -> expressions.compile("file + 'x'").evaluate(variables))
                .isInstanceOf(FlowScriptException.class)
                .extracting(e -> ((FlowScriptException) e).code())
                .isEqualTo("expression_failed");
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = """
            name * 2 | "*" needs numbers
            items - 1 | "-" needs numbers, but one side is of type array
            user + 1 | "+" needs numbers
            1 / 0 | it divides by zero
            amount % missing | it divides by zero
            """)
    void saysWhyItFailed(String expression, String why) {
        assertThatThrownBy(() -> expressions.compile(expression).evaluate(STATE))
                .isInstanceOf(FlowScriptException.class)
                .hasMessageContaining("The expression \"" + expression + "\" failed: " + why)
                .extracting(e -> ((FlowScriptException) e).code())
                .isEqualTo("expression_failed");
    }

    @Test
    @Timeout(20)
    @DisplayName("I5: length, nesting, texts, numbers and comparisons are bounded")
    void isBounded() {
        assertInvalid("1 + ".repeat(500) + "1", "the maximum is 2000");
        assertInvalid("(".repeat(990) + "1" + ")".repeat(990), "nested");
        assertInvalid("!".repeat(1_900) + "true", "nested");
        assertInvalid("- ".repeat(900) + "1", "nested");
        assertInvalid("a ? 1 : ".repeat(240) + "2", "nested");
        assertInvalid("a[".repeat(25) + "0" + "]".repeat(25), "nested");
        assertInvalid("a[".repeat(6) + "0" + "]".repeat(6), "indexes are nested more than 5 deep");
        assertThat(expressions.compile("a[".repeat(5) + "0" + "]".repeat(5)).names())
                .containsExactly("a");
        assertInvalid("a[".repeat(600) + "0" + "]".repeat(600), "nested");
        assertInvalid("exists(".repeat(200) + "0" + ")".repeat(200), "nested");

        Map<String, Object> large = Map.of(
                "text",
                "x".repeat(200_000),
                "digits",
                new java.math.BigInteger("9".repeat(900)),
                "huge",
                new BigDecimal("1E+1000000000"),
                "tiny",
                new BigDecimal("1E-1000000000"),
                "list",
                Json.array(Collections.nCopies(200_000, 1)),
                "other",
                Json.array(Collections.nCopies(200_000, 1)));
        assertFails("text + text", large, "more than 262144 characters");
        assertFails("'' + list", large, "more than 262144 characters");
        assertFails("digits * digits", large, "more than 1000 digits");
        assertFails("huge + 1", large, "more than 1000 digits");
        assertFails("1 - tiny", large, "more than 1000 digits");
        assertFails("'' + huge", large, "more than 1000 digits");
        assertFails("huge % 3", large, "more than 1000 digits");
        assertFails("huge > 3", large, "more than 1000 digits");
        assertFails("list[huge] + 'x' + huge", large, "more than 1000 digits");
        assertFails("list == other", large, "more than 100000 values");
        assertThat(expressions.compile("list == list").evaluate(large)).isEqualTo(true);
        assertThat(expressions.compile("'1e999999999' > 1").evaluate(large)).isEqualTo(false);
    }

    @Test
    void saysWhereAMistakeIs() {
        assertThatThrownBy(() -> expressions.compile("amount > > 3"))
                .hasMessage(
                        "The expression \"amount > > 3\" cannot be used: it has a syntax error near line 1, column 8");
        assertThatThrownBy(() -> expressions.compile("name.trim() === 'x'"))
                .hasMessageContaining(
                        "methods cannot be called; the functions are exists(x), length(x) and isEmpty(x)");
        assertThatThrownBy(() -> expressions.compile("lenght(items)"))
                .hasMessageContaining(
                        "there is no function \"lenght\"; the functions are exists(x), isEmpty(x), length(x)");
        assertThatThrownBy(() -> expressions.compile("amount = 3"))
                .hasMessageContaining("an expression cannot assign a value; to compare, use === or ==");
    }

    @ParameterizedTest(name = "{0} reads {1}")
    @CsvSource(delimiter = ';', quoteCharacter = '~', textBlock = """
            user.name + größe * 2 ; user größe
            state.user.name > $.limit ; user limit
            state['first name'] + $["x"].y ; first name x
            user[key] && state[other].z ; user key other
            exists('order.lines[0]') || exists('$.paid') ; order paid
            length(items) - items.length ; items
            now > 'now' ? true : null ; now
            state == $ ; ~~
            a.b.state.c ; a
            """)
    void saysWhichNamesItReads(String expression, String names) {
        assertThat(String.join(" ", expressions.compile(expression).names())).isEqualTo(names);
    }

    @Test
    void isCompiledOnceAndUsedByManyThreads() throws Exception {
        Expression expression = expressions.compile("n * 2 + (n % 2 === 0 ? items[n % 3] : user.name)");
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try {
            List<Callable<Boolean>> work = IntStream.range(0, 400)
                    .mapToObj(n -> (Callable<Boolean>) () -> {
                        Map<String, Object> variables = new LinkedHashMap<>(STATE);
                        variables.put("n", n);
                        String expected =
                                n * 2 + (n % 2 == 0 ? List.of("a", "b", "c").get(n % 3) : "Bob");
                        return IntStream.range(0, 50).allMatch(i -> expected.equals(expression.evaluate(variables)));
                    })
                    .toList();
            for (Future<Boolean> done : threads.invokeAll(work)) {
                assertThat(done.get()).isTrue();
            }
        } finally {
            threads.shutdownNow();
        }
    }

    private void assertInvalid(String source, String part) {
        assertThatThrownBy(() -> expressions.compile(source))
                .isInstanceOf(FlowScriptException.class)
                .hasMessageContaining(part)
                .extracting(e -> ((FlowScriptException) e).code())
                .isEqualTo("invalid_expression");
    }

    private void assertFails(String source, Map<String, Object> variables, String part) {
        assertThatThrownBy(() -> expressions.compile(source).evaluate(variables))
                .isInstanceOf(FlowScriptException.class)
                .hasMessageContaining(part)
                .extracting(e -> ((FlowScriptException) e).code())
                .isEqualTo("expression_failed");
    }
}
