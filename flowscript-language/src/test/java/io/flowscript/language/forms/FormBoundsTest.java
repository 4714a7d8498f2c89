package io.flowscript.language.forms;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flowscript.core.FlowScriptException;
import io.flowscript.core.json.Json;
import io.flowscript.core.runtime.FormValidator;
import io.flowscript.core.runtime.Violation;
import io.flowscript.json.codec.JsonReader;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever the schema and whatever the answer: a clear result in bounded time. What runs away is ended by the count of its steps, not by the clock. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
@Tag("slow")
class FormBoundsTest {

    private static final int MEGABYTE = 1 << 20;
    private static final FormLimits NO_CLOCK = FormLimits.defaults().timeout(Duration.ofHours(1));

    /** Where the steps of a pattern are exponential, or at least a square, in the length of the text. */
    @SuppressWarnings("unused")
    private static final List<String> RUNAWAYS = List.of(
            "(a+)+$",
            "^(a+)+$",
            "(a|aa)+$",
            "^(a|aa)+$",
            "(a*)*b",
            "((a*)*)*b",
            "^(.+)+(.+)+$x",
            "(.*a){30}x",
            "^(([a-z])+.)+[A-Z]([a-z])+$",
            "^([a-zA-Z0-9])(([\\-.]|[_]+)?([a-zA-Z0-9]+))*(@)$",
            "(a?){1000}b",
            "(?:(?:){1000}){9}b",
            "(x{0}){10000}b");

    /** Where the steps are exponential, or a square, although hardly a character of the text is read. */
    @SuppressWarnings("unused")
    private static final List<String> READING_NOTHING = List.of(
            "^?".repeat(30) + "[]",
            "(|)".repeat(40) + "[]",
            "(|)".repeat(40) + "a",
            "x" + "(|)".repeat(40) + "[]",
            "(?:|(?:|(?:|^|$)|\\b){3}|){9}[]",
            "(\\b|\\B|)".repeat(30) + "[]",
            "(?:${1000000000}){10000}",
            "(?:(?=))*".repeat(30) + "[]",
            "(?=(|)(|)(|)(|)(|)(|)(|)(|)(|)(|)(|)(|)(|)(|)(|)(|)(|)(|)(|)(|)(|)(|)(|)(|)(|)(|)(|)(|)(|)(|)[])",
            "(x?)" + "(\\1|)".repeat(40) + "[]",
            "((((((x*)*)*)*)*)*)*[]",
            "(|){0,40}(|){40}[]",
            "(?<=[]x{0,1000000})",
            "(?<![]x{0,40000})y",
            "(|)".repeat(14) + "[]");

    private final SchemaFormValidator validator = new SchemaFormValidator(NO_CLOCK);

    @Nested
    @DisplayName("I5: patterns that backtrack without end stop within their budget, and the answer is refused")
    class Patterns {

        @ParameterizedTest
        @FieldSource("io.flowscript.language.forms.FormBoundsTest#RUNAWAYS")
        void inText(String pattern) {
            assertThat(validate(Map.of("pattern", pattern), "a".repeat(MEGABYTE) + "!"))
                    .singleElement()
                    .satisfies(FormBoundsTest::isRefused);
        }

        @ParameterizedTest
        @FieldSource("io.flowscript.language.forms.FormBoundsTest#READING_NOTHING")
        void thatReadNothing(String pattern) {
            FormValidator.Form form;
            try {
                form = validator.compile(Map.of("items", Map.of("pattern", pattern)));
            } catch (FlowScriptException e) {
                isInvalidSchema(e);
                assertThat(e).hasMessageContaining("without reading a character");
                return;
            }
            assertThat(form.validate(List.of("b".repeat(MEGABYTE)))).isNotEmpty();
            assertThat(form.validate(Json.array(Collections.nCopies(100_000, "x"))))
                    .isNotEmpty();
        }

        @ParameterizedTest(name = "{0}")
        @DisplayName("the patterns of ordinary forms take ten thousand texts")
        @CsvSource(delimiter = ';', quoteCharacter = '~', textBlock = """
                ^P(?!$)(\\d+Y)?(\\d+M)?(\\d+W)?(\\d+D)?(T(?=\\d)(\\d+H)?(\\d+M)?(\\d+S)?)?$ ; P3Y6M4DT12H30M5S
                ^(?=.*[a-z])(?=.*[A-Z])(?=.*\\d)(?=.*[^\\w\\s])(?!.*\\s).{8,64}$ ; S3cret-and-long
                ^[^@\\s]+@([a-z0-9-]+\\.)+[a-z]{2,}$ ; somebody.or.other@mail.example.com
                ^(25[0-5]|2[0-4]\\d|1?\\d?\\d)(\\.(25[0-5]|2[0-4]\\d|1?\\d?\\d)){3}$ ; 192.168.100.200
                ^[A-Z]{2}\\d{2}( ?[A-Z0-9]{4}){2,7}( ?[A-Z0-9]{1,3})?$ ; DE89 3704 0044 0532 0130 00
                ^(?<year>\\d{4})-(?<month>0[1-9]|1[0-2])-(0[1-9]|[12]\\d|3[01])$ ; 2026-05-31
                ^(\\w+)([-.](\\w+))*$ ; one.two-three.four
                """)
        void ofOrdinaryForms(String pattern, String text) {
            assertThat(validate(Map.of("items", Map.of("pattern", pattern)), Collections.nCopies(10_000, text)))
                    .isEmpty();
        }

        @Test
        void ofLongLists() {
            String words = IntStream.range(0, 200)
                    .mapToObj(i -> "" + (char) ('A' + i / 15) + (char) ('A' + i % 15))
                    .collect(Collectors.joining("|", "^(", ")$"));

            assertThat(validate(Map.of("items", Map.of("pattern", words)), Collections.nCopies(10_000, "ND")))
                    .isEmpty();
        }

        @ParameterizedTest
        @FieldSource("io.flowscript.language.forms.FormBoundsTest#RUNAWAYS")
        void inManyShortTexts(String pattern) {
            assertThat(validate(
                            Map.of("items", Map.of("pattern", pattern)),
                            Collections.nCopies(10_000, "a".repeat(40) + "!")))
                    .isNotEmpty()
                    .hasSizeLessThanOrEqualTo(101);
        }

        @ParameterizedTest
        @FieldSource("io.flowscript.language.forms.FormBoundsTest#RUNAWAYS")
        void inNamesOfFields(String pattern) {
            Map<String, Object> answer = Map.of("a".repeat(8_000) + "!", 1);

            assertThat(validate(
                            Map.of("patternProperties", Map.of(pattern, true), "additionalProperties", false), answer))
                    .isNotEmpty();
            assertThat(validate(Map.of("propertyNames", Map.of("pattern", pattern)), answer))
                    .isNotEmpty();
        }

        @ParameterizedTest
        @FieldSource("io.flowscript.language.forms.FormBoundsTest#RUNAWAYS")
        void asAnswersThemselves(String pattern) {
            assertThat(validate(Map.of("format", "regex"), pattern)).isEmpty();
            assertThat(validate(Map.of("format", "regex"), "(".repeat(MEGABYTE)))
                    .hasSize(1);
        }

        @Test
        @DisplayName("an answer that cannot be checked is refused, even inside the keyword not")
        void underNot() {
            assertThat(validate(Map.of("not", Map.of("pattern", "^(a+)+$")), "a".repeat(50_000) + "!"))
                    .singleElement()
                    .satisfies(FormBoundsTest::isRefused);
        }

        @Test
        void whatIsLeftOfTheBudgetIsNotCarriedOver() {
            var form = validator.compile(Map.of("pattern", "^(a+)+$"));

            assertThat(form.validate("a".repeat(50_000) + "!")).isNotEmpty();
            assertThat(form.validate("aaa")).isEmpty();
        }
    }

    @ParameterizedTest(name = "{0}")
    @DisplayName("An invalid regular expression is refused with its place when the form is compiled")
    @CsvSource(delimiter = ';', quoteCharacter = '~', textBlock = """
            (
            [a
            a{2,1}
            *a
            \\
            \\p{Nope}
            \\p
            (?<n
            \\A
            \\Z
            \\ca\\c1
            [\\B]
            (a){1000000}
            ((a){1000}){1000}
            """)
    void refusesWhatIsNoPattern(String pattern) {
        assertThatThrownBy(() -> validator.compile(Map.of("items", Map.of("pattern", pattern))))
                .satisfies(FormBoundsTest::isInvalidSchema)
                .hasMessageContaining("at #/items/pattern: ")
                .hasMessageContaining("is not a regular expression: ");
        assertThatThrownBy(() -> validator.compile(Map.of("patternProperties", Map.of(pattern, true))))
                .satisfies(FormBoundsTest::isInvalidSchema)
                .hasMessageContaining("at #/patternProperties/");
    }

    @Test
    void refusesPatternsThatAreTooLongOrTooDeep() {
        for (String pattern : List.of("a".repeat(5_000), "(".repeat(1_500) + ")".repeat(1_500))) {
            assertThatThrownBy(() -> validator.compile(Map.of("pattern", pattern)))
                    .satisfies(FormBoundsTest::isInvalidSchema)
                    .hasMessageContaining("at #/pattern");
        }
    }

    static Stream<Object> badSchemas() {
        Object deep = Map.of("type", "string");
        for (int i = 0; i < 127; i++) {
            deep = Map.of("properties", Map.of("a", deep));
        }
        Object deeper = Map.of();
        for (int i = 0; i < 10_000; i++) {
            deeper = Map.of("not", deeper);
        }
        Map<String, Object> chain = new LinkedHashMap<>(Map.of("p9000", true));
        Map<String, Object> parts = new LinkedHashMap<>();
        for (int i = 0; i < 9_000; i++) {
            chain.put("p" + i, Map.of("$ref", "#/properties/p" + (i + 1)));
            parts.put("p" + i, Map.of("not", Map.of()));
        }
        return Stream.of(
                deep,
                deeper,
                Map.of("properties", chain),
                Map.of("properties", parts),
                Map.of("title", "a".repeat(5 * MEGABYTE)),
                json(tower("allOf", 50) + ",'$ref':'#/$defs/a0'}"),
                json(tower("anyOf", 50) + ",'$ref':'#/$defs/a0'}"),
                json(tower("oneOf", 50) + ",'$ref':'#/$defs/a0'}"),
                json("{'$dynamicAnchor':'a','$dynamicRef':'#a'}"),
                json("{'$dynamicAnchor':'a','if':{'type':'object'},'then':{'$dynamicRef':'#a'}}"),
                json("{'$ref':'#'}"),
                json(
                        "{'$ref':'#/$defs/a','$defs':{'a':{'allOf':[{'$ref':'#/$defs/b'}]},'b':{'not':{'$ref':'#/$defs/a'}}}}"),
                json("{'anyOf':[{'type':'string'},{'$ref':'#'}]}"),
                json("{'dependentSchemas':{'x':{'$ref':'#'}}}"),
                json("{'if':{'required':['x']},'then':{'$ref':'#'}}"),
                json("{'$id':'https://example.com/a','$ref':'a'}"),
                "type: string",
                5,
                List.of(true));
    }

    @ParameterizedTest
    @MethodSource("badSchemas")
    @DisplayName("A schema that is too deep, too large, circular or invalid is refused when the form is compiled")
    void refusesWhatWouldRunForEver(Object schema) {
        assertThatThrownBy(() -> validator.compile(schema)).satisfies(FormBoundsTest::isInvalidSchema);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "minLength",
                "maxLength",
                "minItems",
                "maxItems",
                "minProperties",
                "maxProperties",
                "minContains",
                "maxContains"
            })
    @DisplayName("A size that no text, list or object can have is refused with its place when the form is compiled")
    void refusesSizesBeyondAll(String keyword) {
        for (String size : List.of("2147483648", "9223372036854775808", "1e30", "2147483648.0")) {
            assertThatThrownBy(
                            () -> validator.compile(json("{'items':{'contains':{},'%s':%s}}".formatted(keyword, size))))
                    .as(size)
                    .satisfies(FormBoundsTest::isInvalidSchema)
                    .hasMessageContaining("at #/items/" + keyword + ": ");
        }
        var form = validator.compile(json("{'contains':{'const':1},'%s':2147483647}".formatted(keyword)));
        assertThat(form.validate(List.of(1)).isEmpty())
                .isEqualTo(keyword.startsWith("max") || keyword.equals("minLength") || keyword.equals("minProperties"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"allOf", "anyOf", "oneOf"})
    @DisplayName("A schema whose work doubles with each level is stopped by the step limit")
    void endsSchemaBombs(String keyword) {
        var form = new SchemaFormValidator(NO_CLOCK.maxSteps(200_000))
                .compile(json(tower(keyword, 50) + ",'items':{'$ref':'#/$defs/a0'}}"));

        List<Violation> violations = new ArrayList<>(form.validate(List.of(5)));
        violations.addAll(form.validate(Collections.singletonList(null)));

        assertThat(violations).anySatisfy(FormBoundsTest::isRefused).hasSizeLessThan(200);
    }

    @Test
    void endsARecursionOverTheAnswer() {
        Object deep = 1;
        for (int i = 0; i < Json.MAX_DEPTH - 1; i++) {
            deep = List.of(deep);
        }
        Object frozen = Json.freeze(deep);

        assertThat(validate(json("{'$dynamicAnchor':'a','items':{'$dynamicRef':'#a'}}"), frozen))
                .isEmpty();
        assertThat(validate(json("{'allOf':[{'allOf':[{'allOf':[{'items':{'$ref':'#'}}]}]}]}"), frozen))
                .singleElement()
                .satisfies(FormBoundsTest::isRefused);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "date-time",
                "date",
                "time",
                "duration",
                "email",
                "idn-email",
                "hostname",
                "idn-hostname",
                "ipv4",
                "ipv6",
                "uri",
                "uri-reference",
                "iri",
                "iri-reference",
                "uuid",
                "uri-template",
                "json-pointer",
                "relative-json-pointer",
                "regex"
            })
    @DisplayName("A text of a megabyte under any format has a result")
    void takesALongTextUnderAFormat(String format) {
        var form = validator.compile(Map.of("format", format));

        for (String part : List.of("a", "a.", "/", "1:", "é", "(", "\\a", "{a}", "%20", "a@")) {
            String text = part.repeat(MEGABYTE / part.length());
            for (String prefix : List.of("", "http://", "http://[", "a@", "/", "\"")) {
                assertThat(form.validate(prefix + text)).hasSizeLessThanOrEqualTo(1);
            }
        }
    }

    @Test
    void takesALongText() {
        String text = "a".repeat(MEGABYTE);

        assertThat(validate(Map.of("minLength", 5, "pattern", "^[a-z]*$", "not", Map.of("const", "b")), text))
                .isEmpty();
        assertThat(validate(Map.of("maxLength", 5, "enum", List.of("a", "b"), "const", "c"), text))
                .extracting(Violation::keyword)
                .containsExactlyInAnyOrder("maxLength", "enum", "const");
    }

    @Nested
    @DisplayName("I5: uniqueItems takes linear time, even if all hash codes are equal")
    class UniqueItems {

        @Test
        void ofNumbers() {
            List<Long> numbers =
                    LongStream.range(0, 100_000).mapToObj(i -> i << 32 | i).toList();

            assertThat(numbers.stream().map(Object::hashCode).distinct()).containsExactly(0);
            assertThat(validate(Map.of("uniqueItems", true), Json.array(numbers)))
                    .isEmpty();
        }

        @Test
        void ofTexts() {
            List<String> texts = List.of("");
            for (int i = 0; i < 16; i++) {
                texts = texts.stream()
                        .flatMap(text -> Stream.of(text + "Aa", text + "BB"))
                        .toList();
            }

            assertThat(texts.stream().map(String::hashCode).distinct()).hasSize(1);
            assertThat(validate(Map.of("uniqueItems", true), Json.array(texts))).isEmpty();
            assertThat(validate(
                            Map.of("uniqueItems", true),
                            Json.array(texts.stream().map(List::of).toList())))
                    .isEmpty();
            List<Object> twice = new ArrayList<>(texts);
            twice.add(texts.get(7));
            assertThat(validate(Map.of("uniqueItems", true), Json.array(twice))).hasSize(1);
        }
    }

    @Test
    @DisplayName(
            "Ten thousand wrong items or fields give a hundred violations, and one that reports that there are more")
    void tellsThatMoreWasLeftOut() {
        Map<String, Object> fields = fields();

        for (List<Violation> violations : List.of(
                validate(Map.of("additionalProperties", false), fields),
                validate(Map.of("propertyNames", Map.of("maxLength", 1)), fields),
                validate(json("{'allOf':[{'properties':{'k1':true}}],'unevaluatedProperties':false}"), fields),
                validate(Map.of("additionalProperties", Map.of("type", "string")), fields),
                validate(
                        json("{'allOf':[{'prefixItems':[true]}],'unevaluatedItems':false}"),
                        Json.array(fields.values())),
                validate(
                        Map.of(
                                "items",
                                Map.of(
                                        "required",
                                        IntStream.range(0, 5_000)
                                                .mapToObj(i -> "r" + i)
                                                .toList())),
                        Json.array(Collections.nCopies(10_000, Map.of()))))) {
            assertThat(violations).hasSize(101);
            assertThat(violations.subList(0, 100))
                    .extracting(Violation::keyword)
                    .doesNotContain("limit");
            assertThat(violations.get(100).keyword()).isEqualTo("limit");
        }
        assertThat(new SchemaFormValidator(FormLimits.defaults().maxViolations(3))
                        .compile(Map.of("additionalProperties", false))
                        .validate(fields))
                .hasSize(4);
    }

    @Test
    void takesTenThousandItems() {
        List<Object> numbers = Json.array(fields().values());

        assertThat(validate(Map.of("contains", Map.of("const", 9_999), "uniqueItems", true), numbers))
                .isEmpty();
        assertThat(validate(Map.of("contains", Map.of("const", "none")), numbers))
                .hasSize(1);
    }

    @Test
    void takesManyAlternativesForManyItems() {
        List<Object> alternatives = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            alternatives.add(Map.of("properties", Map.of("kind", Map.of("const", i)), "required", List.of("kind")));
        }
        var form = validator.compile(Map.of("items", Map.of("oneOf", alternatives)));

        assertThat(form.validate(Json.array(Collections.nCopies(1_000, Map.of("kind", 99)))))
                .isEmpty();
        assertThat(form.validate(Json.array(Collections.nCopies(1_000, Map.of("kind", 100)))))
                .hasSizeBetween(1, 101);
        assertThat(form.validate(Json.array(Collections.nCopies(100_000, Map.of("kind", 99)))))
                .singleElement()
                .satisfies(FormBoundsTest::isRefused);
    }

    @Test
    @DisplayName("The limits are settings")
    void hasSettings() {
        List<Object> items = Json.array(Collections.nCopies(10_000, "aaa"));
        Map<String, Object> schema = Map.of("items", Map.of("pattern", "^a+$"));

        assertThat(new SchemaFormValidator(FormLimits.defaults())
                        .compile(schema)
                        .validate(items))
                .isEmpty();
        for (FormLimits limits : List.of(
                FormLimits.defaults().maxSteps(5_000), FormLimits.defaults().maxPatternSteps(5_000))) {
            assertThat(new SchemaFormValidator(limits).compile(schema).validate(items))
                    .singleElement()
                    .satisfies(FormBoundsTest::isRefused);
        }
        for (Runnable wrong : List.<Runnable>of(
                () -> FormLimits.defaults().maxSteps(0),
                () -> FormLimits.defaults().maxPatternSteps(-1),
                () -> FormLimits.defaults().maxViolations(0),
                () -> FormLimits.defaults().timeout(Duration.ZERO),
                () -> FormLimits.defaults().timeout(Duration.ofDays(1)))) {
            assertThatThrownBy(wrong::run)
                    .isInstanceOf(FlowScriptException.class)
                    .extracting(e -> ((FlowScriptException) e).code())
                    .isEqualTo("invalid_setting");
        }
    }

    @Test
    @DisplayName("After the timeout, no form is compiled and no answer accepted")
    void endsByTheClock() {
        FormLimits none = FormLimits.defaults().timeout(Duration.ofNanos(1));

        assertThatThrownBy(() -> new SchemaFormValidator(none).compile(Map.of("type", "string")))
                .satisfies(FormBoundsTest::isInvalidSchema);
        assertThatThrownBy(() -> CheckBudget.within(none, budget -> {
                    for (int i = 0; i < 1_000; i++) {
                        budget.step();
                    }
                    return "found";
                }))
                .isInstanceOf(CheckBudget.BudgetExceededException.class)
                .extracting(e -> ((CheckBudget.BudgetExceededException) e).why())
                .isEqualTo("takes too long to check; send less");
    }

    private List<Violation> validate(Object schema, Object answer) {
        return validator.compile(schema).validate(Json.freeze(answer));
    }

    private static void isRefused(Violation violation) {
        assertThat(violation.path()).isEqualTo("$");
        assertThat(violation.keyword()).isEqualTo("limit");
        assertThat(violation.message()).contains("send ");
    }

    private static void isInvalidSchema(Throwable thrown) {
        assertThat(thrown)
                .isInstanceOf(FlowScriptException.class)
                .hasMessageStartingWith("The form's schema is not valid: ")
                .message()
                .hasSizeLessThan(600)
                .doesNotContain("networknt", "Exception", "java.");
        assertThat(((FlowScriptException) thrown).code()).isEqualTo("invalid_schema");
    }

    private static Map<String, Object> fields() {
        Map<String, Object> fields = new LinkedHashMap<>();
        for (int i = 0; i < 10_000; i++) {
            fields.put("k" + i, i);
        }
        return Json.object(fields);
    }

    /** Each level refers twice to the next, and none of them fits. The document is left open. */
    private static String tower(String keyword, int height) {
        StringBuilder document = new StringBuilder("{'$defs':{");
        for (int i = 0; i < height; i++) {
            String next = "{'$ref':'#/$defs/a" + (i + 1) + "'}";
            document.append("'a%d':{'%s':[%s,%s]},".formatted(i, keyword, next, next));
        }
        return document + "'a" + height + "':{'type':'null'}}";
    }

    private static Object json(String text) {
        return Json.freeze(new JsonReader(200).read(text.replace('\'', '"')));
    }
}
