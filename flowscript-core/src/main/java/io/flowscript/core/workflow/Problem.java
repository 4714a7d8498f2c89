package io.flowscript.core.workflow;

import org.jspecify.annotations.Nullable;

/**
 * Something that is wrong with a workflow definition.
 *
 * @param severity whether it keeps the definition from being run
 * @param pointer where, a JSON Pointer (RFC 6901) into the document; empty for the document as a whole
 * @param code the stable code, such as {@code unknown_node}
 * @param message what is wrong and what would be right
 * @param suggestion a known name that is close to the one given, or null
 * @since 0.1.0
 */
public record Problem(
        Severity severity,
        String pointer,
        String code,
        String message,
        @Nullable String suggestion) {

    /** Whether a problem keeps a definition from being run. */
    public enum Severity {
        /** The definition is refused. */
        ERROR,
        /** The definition runs, but something in it looks unintended. */
        WARNING
    }

    /**
     * A problem that keeps a definition from being run.
     *
     * @param pointer where
     * @param code the stable code
     * @param message what is wrong and what would be right
     * @return the problem, without a suggestion
     */
    public static Problem error(String pointer, String code, String message) {
        return new Problem(Severity.ERROR, pointer, code, message, null);
    }

    /**
     * A problem that looks unintended.
     *
     * @param pointer where
     * @param code the stable code
     * @param message what looks wrong and what would be right
     * @return the problem, without a suggestion
     */
    public static Problem warning(String pointer, String code, String message) {
        return new Problem(Severity.WARNING, pointer, code, message, null);
    }

    /**
     * The same problem with a suggestion.
     *
     * @param name a known name that is close to the one given, or null
     * @return the problem
     */
    public Problem suggesting(@Nullable String name) {
        return new Problem(severity, pointer, code, message, name);
    }

    /** {@return whether it keeps the definition from being run} */
    public boolean isError() {
        return severity == Severity.ERROR;
    }

    @Override
    public String toString() {
        String place = pointer.isEmpty() ? "(document)" : pointer;
        String hint = suggestion == null ? "" : " Did you mean \"" + suggestion + "\"?";
        return place + ": " + message + hint + " [" + code + "]";
    }
}
