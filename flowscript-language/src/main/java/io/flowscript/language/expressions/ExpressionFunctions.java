package io.flowscript.language.expressions;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The functions of expressions. Each takes one value. */
enum ExpressionFunctions {
    INSTANCE;

    static final String EXISTS = "exists";
    static final String LENGTH = "length";
    static final String IS_EMPTY = "isEmpty";
    static final Set<String> NAMES = Set.of(EXISTS, LENGTH, IS_EMPTY);

    /** Calls a function. Never throws; the length of a value that has none is null. */
    static @Nullable Object call(String name, @Nullable Object value) {
        return switch (name) {
            case EXISTS -> value != null;
            case LENGTH -> length(value);
            case IS_EMPTY -> isEmpty(value);
            default -> null;
        };
    }

    private static @Nullable Integer length(@Nullable Object value) {
        if (value == null) {
            return 0;
        }
        if (value instanceof CharSequence text) {
            return text.length();
        }
        if (value instanceof List<?> items) {
            return items.size();
        }
        if (value instanceof Map<?, ?> entries) {
            return entries.size();
        }
        return null;
    }

    private static boolean isEmpty(@Nullable Object value) {
        Integer length = length(value);
        return length != null && length == 0;
    }
}
