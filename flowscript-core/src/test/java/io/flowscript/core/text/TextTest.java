package io.flowscript.core.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flowscript.core.json.Json;
import io.flowscript.core.json.JsonException;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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
    void valuesAsJson() {
        Map<String, @Nullable Object> value = new LinkedHashMap<>();
        value.put("b", Arrays.asList(1, 2.5, null, true, "q\"\\\n\u0001ä"));
        value.put("a", Map.of());
        assertThat(JsonText.of(Json.freeze(value), 100))
                .isEqualTo("{\"b\":[1,2.5,null,true,\"q\\\"\\\\\\n\\u0001ä\"],\"a\":{}}");
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
