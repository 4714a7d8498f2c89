package io.flowscript.core.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flowscript.core.json.Json;
import io.flowscript.core.json.JsonException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TextTest {

    @ParameterizedTest
    @CsvSource({
        "vaildate, validate", "aprove, approve", "SETDATA, setData", "setdata, setData",
                "approveExpnse, approveExpense",
        "validte, validate", "set, ", "xyz, ", "'', ", "completelyDifferent, "
    })
    void aNameThatIsCloseIsSuggested(String given, @Nullable String expected) {
        List<String> known = List.of("validate", "approve", "approveExpense", "setData", "setFlag");
        assertThat(Names.closest(given, known)).isEqualTo(expected);
    }

    @Test
    void theClosestOneIsSuggested() {
        assertThat(Names.closest("reviews", List.of("preview", "review", "reviewer")))
                .isEqualTo("review");
        assertThat(Names.closest("a", List.of("b"))).isEqualTo("b");
        assertThat(Names.closest("x".repeat(1_000), List.of("x".repeat(999)))).isNull();
    }

    @Test
    void aLineStaysALine() {
        assertThat(Printable.line("Grüße, 世界 😀!", 100)).isEqualTo("Grüße, 世界 😀!");
        assertThat(Printable.line("a\r\n\t\u0000\u001b[31m\u0085\u2028\u2029\u202e\u200b", 100))
                .isEqualTo("a\\u000d\\u000a\\u0009\\u0000\\u001b[31m\\u0085\\u2028\\u2029\\u202e\\u200b");
        assertThat(Printable.line("a\ud800b", 100)).isEqualTo("a\\ud800b");
        assertThat(Printable.line("abcdef", 3)).isEqualTo("abc...");
        assertThat(Printable.line("abc", 3)).isEqualTo("abc");
        assertThat(Printable.line("ab😀", 3)).isEqualTo("ab😀");
    }

    @Test
    void theHashTellsALoneSurrogateFromAQuestionMark() {
        List<String> texts = List.of("?", "\ud800", "\udc00", "\udc00\ud800", "??", "\\ud800", "😀", "😀\ude00");

        assertThat(texts.stream().map(JsonText::hash)).doesNotHaveDuplicates();
        assertThat(JsonText.canonical("a\ud800b")).isEqualTo("\"a\\ud800b\"");
        assertThat(JsonText.canonical("😀")).isEqualTo("\"😀\"");
    }

    @Test
    void valuesAsJson() {
        Map<String, @Nullable Object> value = new LinkedHashMap<>();
        value.put("b", Arrays.asList(1, 2.5, null, true, "q\"\\\n\u0001ä"));
        value.put("a", Map.of());
        assertThat(JsonText.of(Json.freeze(value), 100))
                .isEqualTo("{\"b\":[1,2.5,null,true,\"q\\\"\\\\\\n\\u0001ä\"],\"a\":{}}");
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0",
        "0.000, 0",
        "-0, 0",
        "1.50, 1.5",
        "1E+3, 1000",
        "1E+16, 10000000000000000",
        "-12.30, -12.3",
        "1E+20, 100000000000000000000",
        "123456789012345678901, 123456789012345678901",
        "1E+21, 1e+21",
        "999999999999999999999.5, 999999999999999999999.5",
        "1234567890123456789012, 1.234567890123456789012e+21",
        "-1.5E+30, -1.5e+30",
        "0.000001, 0.000001",
        "0.0000012, 0.0000012",
        "0.0000001, 1e-7",
        "0.00000012, 1.2e-7",
        "-2.5E-10, -2.5e-10",
        "12345678901234567.89, 12345678901234567.89",
        "1E+1000000000, 1e+1000000000"
    })
    void aNumberIsWrittenAsInJavaScript(BigDecimal number, String expected) {
        assertThat(JsonText.number(number)).isEqualTo(expected);
        assertThat(JsonText.of(List.of(number), 100)).isEqualTo("[" + expected + "]");
        assertThat(JsonText.inText(number, 100)).isEqualTo(expected);
    }

    @Test
    void aNumberOfAnyTypeIsWrittenTheSameWayAndReadBackTheSame() {
        assertThat(List.of(1000, 1000L, 1000.0, new BigInteger("1000"), new BigDecimal("1000.00")))
                .allSatisfy(number -> assertThat(JsonText.number(number)).isEqualTo("1000"));
        Random random = new Random(8);
        for (int i = 0; i < 5_000; i++) {
            BigDecimal number =
                    new BigDecimal(new BigInteger(1 + random.nextInt(120), random), random.nextInt(100) - 50);
            String text = JsonText.number(number);
            assertThat(new BigDecimal(text)).as(text).isEqualByComparingTo(number);
            boolean plain = number.signum() == 0
                    || (number.compareTo(new BigDecimal("1e-6")) >= 0 && number.compareTo(new BigDecimal("1e21")) < 0);
            assertThat(text.indexOf('e') < 0).as(text).isEqualTo(plain);
        }
    }

    @Test
    void nullInATextIsEmpty() {
        assertThat(JsonText.inText(null, 0)).isEmpty();
        assertThat(JsonText.inText("a", 1)).isEqualTo("a");
        assertThat(JsonText.inText(true, 4)).isEqualTo("true");
        assertThat(JsonText.inText(Json.freeze(Arrays.asList("a", null)), 20)).isEqualTo("[\"a\",null]");
        assertThatThrownBy(() -> JsonText.inText("ab", 1)).isInstanceOf(JsonException.class);
    }

    @ParameterizedTest
    @CsvSource(delimiter = ';', textBlock = """
            {{a}} ; a
            x {{ a.b }} y ; a.b
            {{}} {{a}} ; a
            {{a["}}"]}} ; a["}}"]
            {{a["\\"}}"]}} ; a["\\"}}"]
            {{user's}} ; user's
            {{a}}} ; a
            {{a} ;
            a}} {{ ;
            {{ }} ;
            """)
    void aTemplateEndsAtTheBracesOutsideOfQuotes(String text, @Nullable String inside) {
        Templates.Template found = Templates.next(text, 0);
        assertThat(found == null ? null : found.inside()).isEqualTo(inside);
        assertThat(Templates.isIn(text)).isEqualTo(inside != null);
    }

    @Test
    void longValuesAreRefusedBeforeTheyAreWritten() {
        Object list = Json.freeze(Collections.nCopies(1_000_000, "xxxxxxxxxx"));
        assertThatThrownBy(() -> JsonText.of(list, 1_000)).isInstanceOf(JsonException.class);
        assertThatThrownBy(() -> JsonText.of("x".repeat(1_000), 1_000)).isInstanceOf(JsonException.class);
        assertThat(JsonText.of("x".repeat(998), 1_000)).hasSize(1_000);
    }

    @Test
    void equalValuesHaveTheSameCanonicalText() {
        Map<String, @Nullable Object> first = new LinkedHashMap<>();
        first.put("b", 100);
        first.put("a", 0.0);
        Map<String, @Nullable Object> second = new LinkedHashMap<>();
        second.put("a", 0);
        second.put("b", new BigDecimal("100.00"));
        assertThat(JsonText.canonical(Json.freeze(first)))
                .isEqualTo(JsonText.canonical(Json.freeze(second)))
                .isEqualTo("{\"a\":0,\"b\":1E+2}");
        assertThat(JsonText.canonical(new BigDecimal("1E+999999999"))).hasSizeLessThan(20);
    }

    @Test
    void pointersAreEscapedAndReadBack() {
        String pointer = JsonPointer.item(JsonPointer.key(JsonPointer.key("", "a/b~c"), ""), 3);
        assertThat(pointer).isEqualTo("/a~1b~0c//3");
        assertThat(JsonPointer.parts(pointer)).containsExactly("a/b~c", "", "3");
        assertThat(JsonPointer.parts("")).isEmpty();
        assertThat(JsonPointer.parts(JsonPointer.key("", "~1"))).containsExactly("~1");
    }
}
