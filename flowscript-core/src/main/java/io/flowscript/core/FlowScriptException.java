package io.flowscript.core;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The root of everything FlowScript throws. Unchecked.
 *
 * <p>Each failure carries a stable {@link #code() code} for machines beside the message for people. Subclasses live
 * beside the concept that they are about and carry the object that caused them.
 *
 * @since 0.1.0
 */
public class FlowScriptException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final String code;

    /**
     * Makes an exception without a cause.
     *
     * @param code the stable code, in lower case with underscores, such as {@code workflow_not_found}
     * @param message a sentence that names what, where, and what would be right
     */
    public FlowScriptException(String code, String message) {
        this(code, message, null);
    }

    /**
     * Makes an exception with a cause.
     *
     * @param code the stable code, in lower case with underscores, such as {@code workflow_not_found}
     * @param message a sentence that names what, where, and what would be right
     * @param cause what led to it, or null
     */
    public FlowScriptException(String code, String message, @Nullable Throwable cause) {
        super(Objects.requireNonNull(message, "message"), cause);
        this.code = Objects.requireNonNull(code, "code");
    }

    /**
     * The stable code of this failure, for programs to branch on.
     *
     * @return a code in lower case with underscores, never null
     */
    public final String code() {
        return code;
    }
}
