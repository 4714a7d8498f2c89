package io.flowscript.core.json;

import io.flowscript.core.FlowScriptException;
import org.jspecify.annotations.Nullable;

/**
 * A value that is not JSON, is too big, is of another type than was asked for, or a path that cannot be read.
 *
 * <p>Codes: {@code invalid_value}, {@code value_too_deep}, {@code value_too_large}, {@code wrong_type},
 * {@code invalid_path}, {@code unreachable_path}.
 *
 * @since 0.1.0
 */
public final class JsonException extends FlowScriptException {

    private static final long serialVersionUID = 1L;

    private final String path;

    /**
     * Makes an exception about a place in a value.
     *
     * @param code the stable code
     * @param path where, as a path such as {@code $.items[3]}
     * @param message what is wrong and what would be right
     */
    public JsonException(String code, String path, String message) {
        this(code, path, message, null);
    }

    JsonException(String code, String path, String message, @Nullable Throwable cause) {
        super(code, message, cause);
        this.path = path;
    }

    /**
     * Where it is.
     *
     * @return a path such as {@code $.items[3]}
     */
    public String path() {
        return path;
    }
}
