package io.flowscript.core.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class JsonTest {

    @Test
    void scalarsAreTheirOwnValues() {
        for (Object value : Arrays.asList(null, true, "x", 1, 2L, 1.5, BigInteger.TEN, new BigDecimal("1.50"))) {
            assertThat(Json.freeze(value)).isSameAs(value);
        }
    }

    @Test
    void whatHasAnObviousJsonFormGetsIt() {
        UUID id = UUID.randomUUID();
        assertThat(Json.freeze(id)).isEqualTo(id.toString());
        assertThat(Json.freeze('c')).isEqualTo("c");
        assertThat(Json.freeze(java.nio.CharBuffer.wrap("text"))).isEqualTo("text");
        assertThat(Json.freeze(TimeUnit.DAYS)).isEqualTo("DAYS");
        assertThat(Json.freeze((short) 3)).isEqualTo(3);
        assertThat(Json.freeze((byte) 3)).isEqualTo(3);
        assertThat(Json.freeze(1.5f)).isEqualTo(1.5);
        assertThat(Json.freeze(new AtomicInteger(4))).isEqualTo(4);
        assertThat(Json.freeze(new AtomicLong(4))).isEqualTo(4L);
        assertThat(Json.freeze(new int[] {1, 2})).isEqualTo(List.of(1, 2));
        assertThat(Json.freeze(new Object[] {"a", new String[] {"b"}})).isEqualTo(List.of("a", List.of("b")));
        assertThat(Json.freeze(Value.of(Map.of("a", 1)))).isEqualTo(Map.of("a", 1));
        assertThat(Json.freeze(Map.of(TimeUnit.DAYS, 1))).isEqualTo(Map.of("DAYS", 1));
    }

    @Test
    void whatIsNotJsonIsRefusedWithItsPlace() {
        assertThatThrownBy(() -> Json.freeze(Map.of("a", List.of(1, new Thread()))))
                .isInstanceOfSatisfying(JsonException.class, e -> {
                    assertThat(e.code()).isEqualTo("invalid_value");
                    assertThat(e.path()).isEqualTo("$.a[1]");
                    assertThat(e).hasMessageContaining("$.a[1]").message().doesNotContain("Thread");
                    assertThat(e.getCause()).hasMessage("java.lang.Thread");
                });
        assertThatThrownBy(() -> Json.freeze(new java.util.concurrent.atomic.DoubleAdder()))
                .isInstanceOf(JsonException.class)
                .message()
                .doesNotContain("Adder");
        for (Object number : List.of(Double.NaN, Double.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY)) {
            assertThatThrownBy(() -> Json.freeze(List.of(number)))
                    .isInstanceOf(JsonException.class)
                    .hasMessageContaining("$[0]");
        }
        assertThatThrownBy(() -> Json.freeze(Map.of("a b", Map.of(1, 2))))
                .isInstanceOf(JsonException.class)
                .hasMessageContaining("$[\"a b\"]")
                .hasMessageContaining("not a string")
                .cause()
                .hasMessage("java.lang.Integer");
    }

    @Test
    void nobodyCanChangeWhatIsFrozen() {
        List<@Nullable Object> items = new ArrayList<>(List.of(1));
        Map<String, @Nullable Object> source = new LinkedHashMap<>(Map.of("items", items));
        Map<String, @Nullable Object> frozen = Json.object(source);
        items.add(2);
        source.put("more", 3);
        assertThat(frozen).isEqualTo(Map.of("items", List.of(1)));

        List<?> frozenItems = (List<?>) frozen.get("items");
        assertThatThrownBy(() -> frozen.put("x", 1)).isInstanceOf(UnsupportedOperationException.class);
        assertThatThrownBy(() -> frozen.remove("items")).isInstanceOf(UnsupportedOperationException.class);
        assertThatThrownBy(frozen::clear).isInstanceOf(UnsupportedOperationException.class);
        assertThatThrownBy(() -> frozen.entrySet().iterator().next().setValue(1))
                .isInstanceOf(UnsupportedOperationException.class);
        assertThatThrownBy(() -> frozen.keySet().remove("items")).isInstanceOf(UnsupportedOperationException.class);
        assertThatThrownBy(() -> frozen.values().clear()).isInstanceOf(UnsupportedOperationException.class);
        assertThat(frozenItems).isNotNull();
        assertThatThrownBy(frozenItems::clear).isInstanceOf(UnsupportedOperationException.class);
        assertThatThrownBy(() -> frozenItems.remove(0)).isInstanceOf(UnsupportedOperationException.class);
    }

    @Test
    void freezingTwiceCopiesNothing() {
        Object frozen = Json.freeze(Map.of("a", List.of(1)));
        assertThat(Json.freeze(frozen)).isSameAs(frozen);
        Object around = Json.freeze(Arrays.asList(frozen, frozen));
        assertThat(((List<?>) Objects.requireNonNull(around)).get(1)).isSameAs(frozen);
    }

    @Test
    void keepsTheOrderOfKeys() {
        Map<String, @Nullable Object> source = new LinkedHashMap<>();
        source.put("z", 1);
        source.put("a", 2);
        source.put("m", null);
        assertThat(Json.object(source).keySet()).containsExactly("z", "a", "m");
        assertThat(Json.object(source).containsKey("m")).isTrue();
    }

    @Test
    void isBoundedInDepthAlsoWhenPartsAreFrozenAlready() {
        Object value = "x";
        for (int i = 0; i < Json.MAX_DEPTH; i++) {
            value = List.of(value);
        }
        Object deepest = Json.freeze(value);
        assertThat(Json.depth(deepest)).isEqualTo(Json.MAX_DEPTH);
        for (Object tooDeep : List.of(
                List.of(value), Collections.singletonList(deepest), Map.of("a", Objects.requireNonNull(deepest)))) {
            assertThatThrownBy(() -> Json.freeze(tooDeep))
                    .isInstanceOfSatisfying(
                            JsonException.class, e -> assertThat(e.code()).isEqualTo("value_too_deep"));
        }
        Object endless = List.of("x");
        for (int i = 0; i < 100_000; i++) {
            endless = List.of(endless);
        }
        Object tooDeepForAnyStack = endless;
        assertThatThrownBy(() -> Json.freeze(tooDeepForAnyStack)).isInstanceOf(JsonException.class);
    }

    @Test
    void aValueThatHoldsItselfIsRefused() {
        List<@Nullable Object> self = new ArrayList<>();
        self.add(self);
        assertThatThrownBy(() -> Json.freeze(self))
                .isInstanceOfSatisfying(
                        JsonException.class, e -> assertThat(e.code()).isEqualTo("value_too_deep"));
    }

    @Test
    void weighsWhatItHolds() {
        assertThat(Json.weight(null)).isZero();
        assertThat(Json.weight(true)).isZero();
        assertThat(Json.weight(1)).isPositive();
        assertThat(Json.weight("x".repeat(1_000)) - Json.weight("")).isEqualTo(1_000);
        long one = Json.weight(Json.freeze(List.of("x".repeat(1_000))));
        long two = Json.weight(Json.freeze(List.of("x".repeat(1_000), "x".repeat(1_000))));
        assertThat(one).isGreaterThan(1_000);
        assertThat(two - one).isBetween(1_000L, 1_100L);
        assertThat(Json.weight(Json.freeze(Map.of("k".repeat(500), Map.of("a", 1)))))
                .isGreaterThan(500);
        assertThat(Json.weight(new BigInteger("9".repeat(10_000)))).isGreaterThan(4_000);
        assertThat(Json.weight(new BigDecimal("9".repeat(10_000)))).isGreaterThan(4_000);
    }

    @Test
    void namesTypes() {
        assertThat(Arrays.asList(null, Map.of(), List.of(), "x", 1.5, true))
                .map(Json::typeName)
                .containsExactly("null", "object", "array", "string", "number", "boolean");
    }
}
