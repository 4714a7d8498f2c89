package io.flowscript.language.expressions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flowscript.core.FlowScriptException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Numbers in expressions are exact decimals, as those of the state. */
class ExactNumbersTest {

    private static final int DRAWN = 2_000;

    private final JexlExpressions expressions = new JexlExpressions();

    private Object evaluate(String expression, Map<String, Object> variables) {
        return expressions.compile(expression).evaluate(variables);
    }

    @ParameterizedTest
    @CsvSource({
        "x >= 12345678901234567.89, 12345678901234567.89",
        "x == 0.1234567890123456789, 0.1234567890123456789",
        "x === -0.1234567890123456789, -0.1234567890123456789",
        "x == 123456789012345678901234567890, 123456789012345678901234567890",
        "x == .5, 0.5",
        "x == 1e3, 1000",
        "x == 1.5E+3, 1500",
        "x == 12345678901234567.89e-2, 123456789012345.6789",
        "x == 1e-30, 0.000000000000000000000000000001",
        "x == 1e300, 1e300",
        "x == 0, 0.00",
        "x == 0.0, 0"
    })
    void aLiteralKeepsItsDigits(String condition, BigDecimal x) {
        assertThat(evaluate(condition, Map.of("x", x))).isEqualTo(true);
    }

    @Test
    @DisplayName("a literal with the digits of a decimal is that decimal, and neither more nor less")
    void anyDecimalIsItself() {
        Random random = new Random(6);
        for (int i = 0; i < DRAWN; i++) {
            BigDecimal number = new BigDecimal(new BigInteger(1 + random.nextInt(200), random), random.nextInt(60));
            number = random.nextBoolean() ? number : number.negate();
            String literal = random.nextBoolean() ? number.toPlainString() : number.toString();
            Map<String, Object> variables =
                    Map.of("x", number, "more", number.add(number.ulp()), "less", number.subtract(number.ulp()));

            assertThat(evaluate("x == " + literal + " && more > " + literal + " && less < " + literal, variables))
                    .as(literal)
                    .isEqualTo(true);
            assertThat(new BigDecimal(evaluate(literal, variables).toString()))
                    .as(literal)
                    .isEqualByComparingTo(number);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"010", "00", "-007", "01.5", "x[010]"})
    void aLeadingZeroIsRefused(String expression) {
        assertRefused(expression, "begins with 0; write the number without it");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0.1f",
                "0.1F",
                "1L",
                "1l",
                "0x10",
                "0X1F",
                "1H",
                "1h",
                "1B",
                "1.5b",
                "2d",
                "0b1",
                "1_000",
                "1e",
                "1e+",
                "1.",
                "1.x",
                "1.2.3",
                "1€",
                "12großen"
            })
    void whatIsNoDecimalNumberIsRefused(String number) {
        assertRefused("x > " + number, number.equals("1€") ? "U+20AC" : "is not a number; a number has decimal digits");
    }

    @ParameterizedTest
    @ValueSource(strings = {"1e999", "1e-9999", "1e99999999999999999999", "1e-99999999999999999999"})
    void aNumberBeyondEveryRangeIsRefused(String number) {
        assertRefused("x < " + number, "too large or too small");
    }

    @Test
    void theMessageNamesThePlaceInTheTextAsWritten() {
        assertRefused("größe > 1 &&\n  preis < 0x10", "line 2, column 11");
        assertRefused("größe > 1 &&\n  preis < < 10", "line 2, column 9");
    }

    private void assertRefused(String expression, String why) {
        assertThatThrownBy(() -> expressions.compile(expression))
                .as(expression)
                .isInstanceOfSatisfying(
                        FlowScriptException.class, e -> assertThat(e.code()).isEqualTo("invalid_expression"))
                .hasMessageContaining(why);
    }
}
