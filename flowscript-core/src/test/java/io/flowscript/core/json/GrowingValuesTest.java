package io.flowscript.core.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Frozen values that are changed step by step are what they would be if they were made at once. */
class GrowingValuesTest {

    private static @Nullable Object value(Random random) {
        return switch (random.nextInt(5)) {
            case 0 -> null;
            case 1 -> random.nextInt();
            case 2 -> "x".repeat(random.nextInt(20));
            case 3 -> List.of(List.of(random.nextInt()));
            default -> Map.of("k", List.of());
        };
    }

    private static void assertSame(@Nullable Object changed, Object plain) {
        Object fresh = Json.freeze(plain);
        assertThat(changed).isEqualTo(fresh);
        assertThat(Json.weight(changed)).isEqualTo(Json.weight(fresh));
        assertThat(Json.depth(changed)).isEqualTo(Json.depth(fresh));
    }

    @Test
    @DisplayName("2,000 random changes of lists that share their items: no list sees a change of another")
    void listsThatGrowOutOfEachOtherAreIndependent() {
        Random random = new Random(7);
        List<FrozenList> lists = new ArrayList<>(List.of(FrozenList.EMPTY));
        List<List<@Nullable Object>> plain = new ArrayList<>(List.of(new ArrayList<>()));
        for (int i = 0; i < 2_000; i++) {
            int from = random.nextInt(lists.size());
            FrozenList list = lists.get(from);
            List<@Nullable Object> copy = new ArrayList<>(plain.get(from));
            Object value = Json.freeze(value(random));
            int kind = random.nextInt(6);
            if (kind == 0 && !copy.isEmpty()) {
                int index = random.nextInt(copy.size());
                list = list.without(index);
                copy.remove(index);
            } else if (kind == 1 && !copy.isEmpty()) {
                int index = random.nextInt(copy.size());
                list = list.with(index, value);
                copy.set(index, value);
            } else {
                list = list.with(copy.size(), value);
                copy.add(value);
            }
            lists.add(list);
            plain.add(copy);
        }
        for (int i = 0; i < lists.size(); i++) {
            assertSame(lists.get(i), plain.get(i));
        }
    }

    @Test
    void mapsKeepTheirWeightAndDepth() {
        Random random = new Random(8);
        FrozenMap map = FrozenMap.EMPTY;
        Map<String, @Nullable Object> plain = new LinkedHashMap<>();
        for (int i = 0; i < 2_000; i++) {
            String key = "k" + random.nextInt(30);
            if (random.nextInt(3) == 0) {
                map = map.without(key);
                plain.remove(key);
            } else {
                Object value = Json.freeze(value(random));
                map = map.with(key, value);
                plain.put(key, value);
            }
            assertSame(map, plain);
        }
    }

    @Test
    @DisplayName("an object of any size is like a linked map, with few entries and with many")
    void mapsAreLikeLinkedMaps() {
        for (int size = 0; size < 20; size++) {
            Map<String, @Nullable Object> plain = new LinkedHashMap<>();
            for (int i = size; i > 0; i--) {
                plain.put("k" + i, i == 3 ? null : i);
            }
            Map<String, @Nullable Object> frozen = Json.object(plain);

            assertThat(frozen).hasSize(size).isEqualTo(plain).hasSameHashCodeAs(plain);
            assertThat(plain).isEqualTo(frozen);
            assertThat(List.copyOf(frozen.keySet())).isEqualTo(List.copyOf(plain.keySet()));
            assertThat(new ArrayList<>(frozen.entrySet())).isEqualTo(new ArrayList<>(plain.entrySet()));
            List<String> visited = new ArrayList<>();
            frozen.forEach((key, value) -> {
                visited.add(key);
                assertThat(value).isEqualTo(plain.get(key));
            });
            assertThat(visited).isEqualTo(List.copyOf(plain.keySet()));
            for (int i = 0; i <= size; i++) {
                assertThat(frozen.containsKey("k" + i)).isEqualTo(plain.containsKey("k" + i));
                assertThat(frozen.get("k" + i)).isEqualTo(plain.get("k" + i));
            }
            assertThat(frozen.containsKey(null)).isFalse();
            assertThatThrownBy(() -> frozen.put("k1", 1)).isInstanceOf(UnsupportedOperationException.class);
            if (size > 0) {
                assertThatThrownBy(() -> frozen.entrySet().clear()).isInstanceOf(UnsupportedOperationException.class);
            }
        }
    }

    private enum Key {
        SAME
    }

    @Test
    @DisplayName(
            "of a name and an enum constant that are the same key, the last value counts, in the place of the first")
    void aKeyIsThereOnce() {
        for (int others : List.of(1, 20)) {
            Map<Object, Object> plain = new LinkedHashMap<>();
            plain.put("SAME", 1);
            for (int i = 0; i < others; i++) {
                plain.put("k" + i, i);
            }
            plain.put(Key.SAME, 2);

            Map<?, ?> frozen = (Map<?, ?>) Objects.requireNonNull(Json.freeze(plain));

            assertThat(frozen).hasSize(1 + others);
            assertThat(List.copyOf(frozen.keySet()).get(0)).isEqualTo("SAME");
            assertThat(frozen.get("SAME")).isEqualTo(2);
        }
    }

    @Test
    @DisplayName("50,000 appends to a list in a state allocate in proportion to their number, not to its square")
    void appendingIsLinear() {
        Object state = Json.freeze(Map.of("items", List.of(), "other", "x"));
        List<JsonPath> paths = IntStream.range(0, 50_000)
                .mapToObj(i -> JsonPath.parse("items[" + i + "]"))
                .toList();
        long before = allocated();
        for (JsonPath path : paths) {
            state = path.set(state, "item");
        }
        long each = (allocated() - before) / paths.size();
        assertThat(JsonPath.parse("items").find(state).asList()).hasSize(50_000);
        assertThat(each).as("bytes for each append").isLessThan(2_000);
    }

    private static long allocated() {
        // The quadratic way allocates 100,000 bytes for each append, so this test cannot pass by chance.
        com.sun.management.ThreadMXBean threads = (com.sun.management.ThreadMXBean)
                Objects.requireNonNull(java.lang.management.ManagementFactory.getThreadMXBean());
        return threads.getThreadAllocatedBytes(Thread.currentThread().getId());
    }
}
