package io.flowscript.core.json;

import io.flowscript.core.FlowScriptException;
import org.jspecify.annotations.Nullable;

/**
 * Thrown when a value is not JSON, is too large or has another type than expected, and when a path is not valid.
 *
 * <p>Codes: {@code invalid_value}, {@code value_too_deep}, {@code value_too_large}, {@code wrong_type},
 * {@code invalid_path}, {@code unreachable_path}.
 *
 * @since 0.1.0
 */
public final class JsonException extends FlowScriptException {

    private static final long serialVersionUID = 1L;

    /** The place in the value. */
    private final String path;

    /**
     * Makes an exception for a place in a value.
     *
     * @param code the stable code, one of those above
     * @param path the place in the value, such as {@code $.items[3]}
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
     * The place in the value. With code {@code invalid_path} it is the text that is not a path, shortened when it is too long.
     *
     * @return a path such as {@code $.items[3]}, never null
     */
    public String path() {
        return path;
    }
}
