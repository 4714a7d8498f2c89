package io.flowscript.language.nodes;

import io.flowscript.core.json.Value;
import org.jspecify.annotations.Nullable;

/** What counts as true, as in JavaScript: null, false, 0 and the empty string are false, everything else is true. */
final class Truth {

    private Truth() {}

    static boolean of(@Nullable Object value) {
        if (value instanceof Number number) {
            return Value.of(number).asDecimal().signum() != 0;
        }
        return value != null && !Boolean.FALSE.equals(value) && !"".equals(value);
    }
}
