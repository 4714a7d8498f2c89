package io.flowscript.core.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class JsonPathTest {

    private static final Object ROOT = Objects.requireNonNull(Json.freeze(Map.of(
            "a",
            Map.of("b", Arrays.asList(1, null, Map.of("c d", "deep"))),
            "state",
            "a key of that name",
            "0",
            "zero",
            "list",
            List.of("x", "y"))));

    private static Value find(String path) {
        return JsonPath.parse(path).find(ROOT);
    }

    @Nested
    class Parsing {

        static Stream<Arguments> paths() {
            return Stream.of(
                    Arguments.of("$", List.of(), "$"),
                    Arguments.of("state", List.of(), "$"),
                    Arguments.of("$.a.b", List.of("a", "b"), "$.a.b"),
                    Arguments.of("a.b", List.of("a", "b"), "$.a.b"),
                    Arguments.of("state.a.b", List.of("a", "b"), "$.a.b"),
                    Arguments.of("state[\"a\"]", List.of("a"), "$.a"),
                    Arguments.of("$.state", List.of("state"), "$.state"),
                    Arguments.of("stately", List.of("stately"), "$.stately"),
                    Arguments.of("$.a[0][12]", List.of("a", 0, 12), "$.a[0][12]"),
                    Arguments.of("a.0", List.of("a", "0"), "$.a.0"),
                    Arguments.of("$[\"c d\"]['e f']", List.of("c d", "e f"), "$[\"c d\"][\"e f\"]"),
                    Arguments.of("$[\"\"]", List.of(""), "$[\"\"]"),
                    Arguments.of("$[\"q\\\"\\\\\"]", List.of("q\"\\"), "$[\"q\\\"\\\\\"]"),
                    Arguments.of("grün.straße-1@x", List.of("grün", "straße-1@x"), "$.grün.straße-1@x"),
                    Arguments.of("_index", List.of("_index"), "$._index"));
        }

        @ParameterizedTest(name = "{0}")
        @MethodSource("paths")
        void everyForm(String text, List<Object> segments, String normal) {
            JsonPath path = JsonPath.parse(text);
            assertThat(path.segments()).isEqualTo(segments);
            assertThat(path).hasToString(normal);
            assertThat(JsonPath.parse(normal)).isEqualTo(path).hasSameHashCodeAs(path);
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "",
                    " ",
                    ".",
                    "a.",
                    ".a",
                    "$a",
                    "$.",
                    "$..a",
                    "a..b",
                    "a b",
                    "a[",
                    "a[]",
                    "a[-1]",
                    "a[1.5]",
                    "a[x]",
                    "a[0",
                    "a[\"x]",
                    "a[\"x\"",
                    "a[0]b",
                    "$.*",
                    "a[*]",
                    "a[?(@.x)]",
                    "a()",
                    "a.b()",
                    "state.",
                    "state[",
                    "a[9999999999]",
                    "a['x\\"
                })
        void whatIsNoneIsRefusedWithTheCharacter(String text) {
            assertThatThrownBy(() -> JsonPath.parse(text))
                    .isInstanceOfSatisfying(
                            JsonException.class, e -> assertThat(e.code()).isEqualTo("invalid_path"))
                    .hasMessageContaining("at character");
        }

        @Test
        void isBoundedInLengthAndParts() {
            String longest = "a".repeat(JsonPath.MAX_LENGTH);
            assertThat(JsonPath.parse(longest).segments()).containsExactly(longest);
            assertThatThrownBy(() -> JsonPath.parse(longest + "a"))
                    .isInstanceOf(JsonException.class)
                    .hasMessageContaining("1024");
            String deepest = "a" + ".a".repeat(Json.MAX_DEPTH - 1);
            assertThat(JsonPath.parse(deepest).segments()).hasSize(Json.MAX_DEPTH);
            assertThatThrownBy(() -> JsonPath.parse(deepest + ".a")).isInstanceOf(JsonException.class);
        }

        @Test
        void whatAnyKeysAndIndexesAreWrittenAsIsReadAsTheSame() {
            Random random = new Random(20_261_122);
            String characters = "ab.[]\"'\\ $0\n\u00e4\u4e2d-_@{}";
            for (int round = 0; round < 5_000; round++) {
                Object root = null;
                List<Object> segments = new ArrayList<>();
                for (int i = random.nextInt(6); i >= 0; i--) {
                    if (random.nextInt(4) == 0) {
                        segments.add(0);
                        root = Collections.singletonList(root);
                    } else {
                        StringBuilder key = new StringBuilder();
                        for (int length = random.nextInt(6); length > 0; length--) {
                            key.append(characters.charAt(random.nextInt(characters.length())));
                        }
                        segments.add(key.toString());
                        root = Collections.singletonMap(key.toString(), root);
                    }
                }
                Collections.reverse(segments);
                StringBuilder text = new StringBuilder("$");
                segments.forEach(segment -> JsonPath.appendSegment(text, segment));

                JsonPath path = JsonPath.parse(text.toString());
                assertThat(path.segments()).isEqualTo(segments);
                assertThat(path).hasToString(text.toString());
                assertThat(path.find(Json.freeze(root)).isMissing()).isFalse();

                Object set = path.set(null, "found");
                assertThat(path.find(set).raw()).isEqualTo("found");
                assertThat(path.find(path.remove(set)).isMissing()).isTrue();
            }
        }
    }

    @Nested
    class Finding {

        @Test
        void keysAndIndexes() {
            assertThat(find("$").raw()).isSameAs(ROOT);
            assertThat(find("a.b[0]").raw()).isEqualTo(1);
            assertThat(find("a.b.2[\"c d\"]").raw()).isEqualTo("deep");
            assertThat(find("$.state").raw()).isEqualTo("a key of that name");
            assertThat(find("$[0]").raw()).isEqualTo("zero");
            assertThat(find("list.1").raw()).isEqualTo("y");
        }

        @Test
        void nullIsNotTheSameAsMissing() {
            assertThat(find("a.b[1]").isMissing()).isFalse();
            assertThat(find("a.b[1]").isNull()).isTrue();
            assertThat(find("a.b[3]").isMissing()).isTrue();
            assertThat(find("a.x").isMissing()).isTrue();
            assertThat(find("a.b[1].x").isMissing()).isTrue();
            assertThat(find("list.length").isMissing()).isTrue();
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "__proto__",
                    "constructor",
                    "class",
                    "getClass",
                    "class.name",
                    "a.class",
                    "list.class",
                    "list.size",
                    "list.empty",
                    "a.entrySet",
                    "a.keySet",
                    "hashCode",
                    "list[0].bytes",
                    "list[0].length",
                    "list[0].class.classLoader",
                    "a.b.elementData"
                })
        @DisplayName("F28: no path reaches a class, a getter or a static")
        void nothingButJson(String path) {
            assertThat(find(path).isMissing()).isTrue();
        }

        @Test
        @DisplayName("F28: setting __proto__ or class makes a key of that name, where it is set and nowhere else")
        void settingOfNamesThatMeanSomethingElsewhere() {
            Object set = JsonPath.parse("__proto__.polluted").set(Json.freeze(Map.of()), true);
            set = JsonPath.parse("class.name").set(set, "x");
            assertThat(set).isEqualTo(Map.of("__proto__", Map.of("polluted", true), "class", Map.of("name", "x")));
            assertThat(JsonPath.parse("polluted").find(set).isMissing()).isTrue();
            assertThat(JsonPath.parse("polluted").find(Json.freeze(Map.of())).isMissing())
                    .isTrue();
        }
    }

    @Nested
    class Setting {

        private @Nullable Object set(@Nullable Object root, String path, @Nullable Object value) {
            return JsonPath.parse(path).set(Json.freeze(root), value);
        }

        @Test
        void makesWhatIsMissingOnTheWay() {
            assertThat(set(Map.of(), "a.b[0].c", 1)).isEqualTo(Map.of("a", Map.of("b", List.of(Map.of("c", 1)))));
            assertThat(set(null, "a", null)).isEqualTo(Collections.singletonMap("a", null));
            assertThat(set(Collections.singletonMap("a", null), "a.b", 1)).isEqualTo(Map.of("a", Map.of("b", 1)));
            assertThat(set(Map.of("a", 1), "$", Map.of("b", 2))).isEqualTo(Map.of("b", 2));
        }

        @Test
        void replacesAndAppendsInArrays() {
            assertThat(set(Map.of("a", List.of(1, 2)), "a[1]", 9)).isEqualTo(Map.of("a", List.of(1, 9)));
            assertThat(set(Map.of("a", List.of(1, 2)), "a.2", 9)).isEqualTo(Map.of("a", List.of(1, 2, 9)));
        }

        @Test
        void sharesAllThatItDoesNotTouch() {
            Object root = Json.freeze(Map.of("big", List.of(1, 2, 3), "a", Map.of("b", 1, "c", List.of())));
            Object set = JsonPath.parse("a.b").set(root, 2);
            assertThat(JsonPath.parse("big").find(set).raw())
                    .isSameAs(JsonPath.parse("big").find(root).raw());
            assertThat(JsonPath.parse("a.c").find(set).raw())
                    .isSameAs(JsonPath.parse("a.c").find(root).raw());
            assertThat(JsonPath.parse("a.b").find(root).raw()).isEqualTo(1);
        }

        @Test
        void freezesWhatIsSet() {
            List<@Nullable Object> items = new ArrayList<>(List.of(1));
            Object set = set(Map.of(), "a", items);
            items.add(2);
            assertThat(set).isEqualTo(Map.of("a", List.of(1)));
        }

        @Test
        void saysWhatStandsInTheWay() {
            assertThatThrownBy(() -> set(Map.of("a", "text"), "a.b.c", 1))
                    .isInstanceOfSatisfying(
                            JsonException.class, e -> assertThat(e.code()).isEqualTo("unreachable_path"))
                    .hasMessageContaining("$.a is a string");
            assertThatThrownBy(() -> set(Map.of("a", List.of(1)), "a[2]", 1))
                    .isInstanceOf(JsonException.class)
                    .hasMessageContaining("has 1 items")
                    .hasMessageContaining("from 0 to 1");
            assertThatThrownBy(() -> set(Map.of("a", List.of(1)), "a.name", 1)).isInstanceOf(JsonException.class);
            assertThatThrownBy(() -> set(Map.of(), "a[1]", 1)).isInstanceOf(JsonException.class);
        }

        @Test
        void isBoundedInDepth() {
            Object value = "x";
            for (int i = 0; i < Json.MAX_DEPTH - 1; i++) {
                value = List.of(value);
            }
            Object deep = Objects.requireNonNull(Json.freeze(value));
            assertThat(set(Map.of(), "a", deep)).isNotNull();
            assertThatThrownBy(() -> set(Map.of(), "a.b", deep))
                    .isInstanceOfSatisfying(
                            JsonException.class, e -> assertThat(e.code()).isEqualTo("value_too_deep"));
        }
    }

    @Nested
    class Removing {

        private @Nullable Object remove(Object root, String path) {
            return JsonPath.parse(path).remove(Json.freeze(root));
        }

        @Test
        void keysAndItems() {
            assertThat(remove(Map.of("a", Map.of("b", 1, "c", 2)), "a.b")).isEqualTo(Map.of("a", Map.of("c", 2)));
            assertThat(remove(Map.of("a", List.of(1, 2, 3)), "a[1]")).isEqualTo(Map.of("a", List.of(1, 3)));
            assertThat(remove(Map.of("a", 1), "$")).isNull();
        }

        @Test
        void nothingWhereThereIsNothing() {
            Object root = Objects.requireNonNull(Json.freeze(Map.of("a", List.of(1))));
            for (String path : List.of("b", "a.b", "a[1]", "a[0].x")) {
                assertThat(remove(root, path)).isSameAs(root);
            }
        }
    }
}
