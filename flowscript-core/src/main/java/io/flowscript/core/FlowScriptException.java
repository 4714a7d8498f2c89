package io.flowscript.core;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The superclass of FlowScript's own exceptions. Unchecked.
 *
 * <p>Each exception has a message for people and a stable {@link #code() code} for programs. A subclass is in the package
 * of its subject and holds the details of the failure.
 *
 * @since 0.1.0
 */
public class FlowScriptException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** The stable code of the failure. */
    private final String code;

    /**
     * Makes an exception without a cause.
     *
     * @param code the stable code, in lower case with underscores, such as {@code workflow_not_found}
     * @param message what is wrong, where, and what would be right
     */
    public FlowScriptException(String code, String message) {
        this(code, message, null);
    }

    /**
     * Makes an exception with a cause.
     *
     * @param code the stable code, in lower case with underscores, such as {@code workflow_not_found}
     * @param message what is wrong, where, and what would be right
     * @param cause the exception that caused this one, or null
     */
    public FlowScriptException(String code, String message, @Nullable Throwable cause) {
        super(Objects.requireNonNull(message, "message"), cause);
        this.code = Objects.requireNonNull(code, "code");
    }

    /**
     * The stable code of this failure. Programs can compare it; it does not change between versions.
     *
     * @return a code in lower case with underscores, never null
     */
    public final String code() {
        return code;
    }
}
