package io.flowscript.core.bridge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flowscript.core.FlowScriptException;
import io.flowscript.core.json.Json;
import io.flowscript.core.json.JsonException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("A redaction")
class RedactionTest {

    private static final Object STATE = Json.freeze(Map.of(
            "name", "ann",
            "amount", 7,
            "customer", Map.of("name", "bob", "id", 1),
            "lines", List.of(Map.of("name", "pen", "price", 2), Map.of("name", "ink", "price", 3)),
            "numbers", Arrays.asList(1, null, 3),
            "0", Map.of("name", "zoe"),
            "a.b\"]", "odd"));

    private static String shown(Redaction redaction) {
        return String.valueOf(redaction.of("state").shown(STATE));
    }

    private static Object at(Redaction redaction, String key) {
        return ((Map<?, ?>) redaction.of("state").shown(STATE)).get(key);
    }

    @Test
    @DisplayName("hides nothing when it has no path, and changes nothing then")
    void none() {
        assertThat(Redaction.NONE.isNone()).isTrue();
        assertThat(Redaction.NONE.of("state").hidesAll()).isFalse();
        assertThat(Redaction.NONE.of("state").shown(STATE)).isSameAs(STATE);
        assertThat(Redaction.NONE.change("$.a", 1)).isEqualTo(new Redaction.Change("$.a", 1, false));
    }

    @Test
    @DisplayName("masks a value, whatever it is, and leaves the rest")
    void masks() {
        Redaction name = Redaction.NONE.mask("state.customer.name");
        assertThat(at(name, "customer")).isEqualTo(Map.of("name", Redaction.MASK, "id", 1));
        assertThat(at(name, "name")).isEqualTo("ann");
        assertThat(at(Redaction.NONE.mask("state.customer"), "customer")).isEqualTo(Redaction.MASK);
        assertThat(name.of("data").shown(STATE)).isEqualTo(STATE);
        assertThat(name.of("state").hidesAll()).isFalse();
    }

    @Test
    @DisplayName("removes a value with its key, also one that is masked too")
    void removes() {
        Redaction gone = Redaction.NONE.mask("**.name").remove("state.customer.name");
        assertThat(at(gone, "customer")).isEqualTo(Map.of("id", 1));
        assertThat(at(gone, "name")).isEqualTo(Redaction.MASK);
    }

    @Test
    @DisplayName("goes into all items of an array, or into those that it names")
    void arrays() {
        assertThat(at(Redaction.NONE.mask("state.lines.name"), "lines").toString())
                .doesNotContain("pen", "ink")
                .contains("price");
        assertThat(at(Redaction.NONE.mask("state.lines.1.name"), "lines").toString())
                .contains("pen")
                .doesNotContain("ink");
        assertThat(at(Redaction.NONE.mask("state.lines.*.name"), "lines").toString())
                .doesNotContain("pen", "ink");
        assertThat(at(Redaction.NONE.mask("state.numbers.*"), "numbers"))
                .isEqualTo(List.of(Redaction.MASK, Redaction.MASK, Redaction.MASK));
        assertThat(at(Redaction.NONE.remove("state.numbers.0"), "numbers")).isEqualTo(Arrays.asList(null, 3));
    }

    @Test
    @DisplayName("has a star for any key, and two for any number of keys, also for none")
    void stars() {
        assertThat(shown(Redaction.NONE.mask("*.customer.name")))
                .contains("ann")
                .doesNotContain("bob");
        assertThat(shown(Redaction.NONE.mask("**.name"))).doesNotContain("ann", "bob", "pen", "ink", "zoe");
        assertThat(shown(Redaction.NONE.mask("state.**.name"))).doesNotContain("ann", "bob", "pen", "ink", "zoe");
        assertThat(Redaction.NONE.mask("**.by").of("by").hidesAll()).isTrue();
        assertThat(Redaction.ALL.of("anything").hidesAll()).isTrue();
        assertThat(Redaction.NONE.mask("state.**").of("state").hidesAll()).isTrue();
    }

    @Test
    @DisplayName("names any key")
    void keys() {
        assertThat(shown(Redaction.NONE.mask("state[\"a.b\\\"]\"]")))
                .doesNotContain("odd")
                .contains("ann");
    }

    @ParameterizedTest
    @CsvSource({
        "state, finalState",
        "state, newValue",
        "finalState, state",
        "contextData, seenData",
        "error, reason",
        "reason, error"
    })
    @DisplayName("knows the names that a field has in several messages")
    void sameFields(String path, String field) {
        assertThat(Redaction.NONE.mask(path).of(field).hidesAll()).isTrue();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "state.a       | $.b           | $.b           | false",
                "state.a       | $.a           | $.a           | true",
                "state.a       | $.a.b.c       | $.a           | true",
                "state.a.b     | $.a           | $.a           | false",
                "state         | $.a.b         | $             | true",
                "**            | $.a.b         | $             | true",
                "**.name       | $.c[0].name.x | $.c.0.name    | true",
                "state.c.name  | $.c[3].name   | $.c[3].name   | true",
                "state.c.3.name| $.c[3].name   | $.c[3].name   | true",
                "state.c.2.name| $.c[3].name   | $.c[3].name   | false",
                "state.c.name  | $.c.3.name    | $.c.3.name    | true",
                "payload.a     | $.a           | $.a           | false"
            })
    @DisplayName("hides a change of the state at, above and below its paths")
    void changes(String path, String change, String shown, boolean isHidden) {
        Redaction.Change seen = Redaction.NONE.mask(path).change(change, "x");
        assertThat(seen.path()).isEqualTo(shown);
        assertThat(seen.isHidden()).isEqualTo(isHidden);
        assertThat(seen.value()).isEqualTo(isHidden ? null : "x");
    }

    @Test
    @DisplayName("hides the parts of a change that are below its place")
    void partsOfAChange() {
        Redaction.Change seen = Redaction.NONE.mask("state.customer.name").change("$.customer", STATE);
        assertThat(seen.isHidden()).isFalse();
        assertThat(((Map<?, ?>) seen.value()).get("name")).isEqualTo(Redaction.MASK);
        assertThat(((Map<?, ?>) seen.value()).get("amount")).isEqualTo(7);
    }

    @Test
    @DisplayName("hides a change at a path that cannot be read")
    void unreadablePaths() {
        assertThat(Redaction.NONE.mask("payload").change("$[\"" + "x".repeat(2_000) + "\"]", 1))
                .isEqualTo(new Redaction.Change("$", null, true));
    }

    @Test
    @DisplayName("is equal to another one with the same paths, in any order")
    void equality() {
        Redaction one = Redaction.NONE.mask("a", "b").remove("c");
        assertThat(one)
                .isEqualTo(Redaction.NONE.remove("c").mask("b", "a", "a"))
                .hasSameHashCodeAs(Redaction.NONE.remove("c").mask("b", "a"))
                .hasToString("[-c, a, b]")
                .isNotEqualTo(Redaction.NONE.mask("a", "b", "c"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ".", "a.", ".a", "a..b", "a b.[c]", "a[0]", "a[\"b", "a[\"b\"]c", "a]", "a\"b"})
    @DisplayName("refuses what is no path")
    void noPath(String path) {
        assertThatThrownBy(() -> Redaction.NONE.mask(path))
                .isInstanceOf(JsonException.class)
                .extracting("code")
                .isEqualTo("invalid_path");
    }

    @Test
    @DisplayName("has at most 256 paths of at most 1,024 characters")
    void bounds() {
        String[] most = IntStream.range(0, 256).mapToObj(i -> "a" + i).toArray(String[]::new);
        Redaction full = Redaction.NONE.mask(most);
        assertThatThrownBy(() -> full.remove("b"))
                .isInstanceOf(FlowScriptException.class)
                .extracting("code")
                .isEqualTo("invalid_setting");
        assertThat(Redaction.NONE.mask("a".repeat(1_024)).isNone()).isFalse();
        assertThatThrownBy(() -> Redaction.NONE.mask("a".repeat(1_025)))
                .isInstanceOf(JsonException.class)
                .extracting("code")
                .isEqualTo("invalid_path");
    }
}
