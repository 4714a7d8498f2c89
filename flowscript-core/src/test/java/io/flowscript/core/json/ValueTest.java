package io.flowscript.core.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

class ValueTest {

    private static final Value ROOT = Value.of(Map.of(
            "text",
            "x",
            "flag",
            true,
            "n",
            7,
            "real",
            1.5,
            "big",
            new BigDecimal("12345678901234567890"),
            "list",
            Arrays.asList(1, null, Map.of("a b", "deep"))));

    @Test
    void typedAccess() {
        assertThat(ROOT.get("text").asString()).isEqualTo("x");
        assertThat(ROOT.get("flag").asBoolean()).isTrue();
        assertThat(ROOT.get("n").asInt()).isEqualTo(7);
        assertThat(ROOT.get("n").asLong()).isEqualTo(7L);
        assertThat(ROOT.get("n").asDouble()).isEqualTo(7.0);
        assertThat(ROOT.get("real").asDecimal()).isEqualTo(new BigDecimal("1.5"));
        assertThat(ROOT.get("big").asDecimal()).isEqualTo(new BigDecimal("12345678901234567890"));
        assertThat(Value.of(2.0).asInt()).isEqualTo(2);
        assertThat(Value.of(BigInteger.TWO).asLong()).isEqualTo(2L);
        assertThat(ROOT.get("list").asList()).hasSize(3);
        assertThat(ROOT.asMap()).containsKeys("text", "list");
    }

    @Test
    void knowsWhereItIs() {
        Value deep = ROOT.get("list").asList().get(2).get("[\"a b\"]".replace("[", "$["));
        assertThat(deep.path()).isEqualTo("$.list[2][\"a b\"]");
        assertThat(deep.asString()).isEqualTo("deep");
        assertThat(ROOT.get("list").get("$[7].x").path()).isEqualTo("$.list[7].x");
    }

    @Test
    void anotherTypeThanIsThereIsRefusedWithThePlace() {
        Map<String, ThrowingCallable> wrong = Map.of(
                "Expected a string at $.n, but there is a value of type number",
                        () -> ROOT.get("n").asString(),
                "Expected a boolean at $.text, but there is a value of type string",
                        () -> ROOT.get("text").asBoolean(),
                "Expected a number at $.flag, but there is a value of type boolean",
                        () -> ROOT.get("flag").asDouble(),
                "Expected an array at $.text, but there is a value of type string",
                        () -> ROOT.get("text").asList(),
                "Expected an object at $.list, but there is a value of type array",
                        () -> ROOT.get("list").asMap(),
                "Expected a number at $.list[1], but there is a value of type null",
                        () -> ROOT.get("list[1]").asDecimal(),
                "Expected a string at $.missing.x, but there is nothing",
                        () -> ROOT.get("missing.x").asString());
        wrong.forEach((message, call) -> assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        JsonException.class, e -> assertThat(e.code()).isEqualTo("wrong_type"))
                .hasMessage(message));
    }

    @Test
    void numbersThatDoNotFitAreRefusedNotCut() {
        for (ThrowingCallable call : List.<ThrowingCallable>of(
                () -> ROOT.get("real").asInt(),
                () -> ROOT.get("big").asLong(),
                () -> Value.of(1L << 40).asInt(),
                () -> Value.of(new BigDecimal("1E+999999999")).asLong())) {
            assertThatThrownBy(call).isInstanceOf(JsonException.class).hasMessageContaining("a whole number from");
        }
    }

    @Test
    void missingIsNotNull() {
        assertThat(ROOT.get("missing").isMissing()).isTrue();
        assertThat(ROOT.get("missing").isNull()).isTrue();
        assertThat(ROOT.get("list[1]").isMissing()).isFalse();
        assertThat(ROOT.get("list[1]").isNull()).isTrue();
        assertThat(ROOT.get("missing")).isNotEqualTo(ROOT.get("list[1]"));
        assertThat(ROOT.get("missing").get("x").isMissing()).isTrue();
        assertThat(ROOT.get("missing").get("$").isMissing()).isTrue();
        assertThat(ROOT.get("missing").orElse(3).asInt()).isEqualTo(3);
        assertThat(ROOT.get("n").orElse(3).asInt()).isEqualTo(7);
        assertThat(ROOT.get("missing")).hasToString("missing");
        assertThat(ROOT.get("n")).hasToString("7").isEqualTo(Value.of(7)).hasSameHashCodeAs(Value.of(7));
    }
}
