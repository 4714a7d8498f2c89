package io.flowscript.language.expressions;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.flowscript.core.json.Json;
import io.flowscript.fuzz.Property;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;

class ExpressionFuzzTest {

    private static final JexlExpressions EXPRESSIONS = new JexlExpressions();
    private static final Map<String, Object> VARIABLES = Map.of(
            "a",
            1,
            "b",
            new BigDecimal("0.1"),
            "s",
            "text",
            "l",
            List.of(1, "two", List.of(3)),
            "m",
            Map.of("k", "v", "class", "c"),
            "t",
            true);

    /** Whatever an expression is, it is computed or refused, and its result is a JSON value. */
    @FuzzTest
    void expression(byte[] input) {
        Property.holdsFor(
                () -> Json.freeze(EXPRESSIONS.compile(Property.text(input)).evaluate(VARIABLES)));
    }
}
