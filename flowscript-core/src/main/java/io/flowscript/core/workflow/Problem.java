package io.flowscript.core.workflow;

import org.jspecify.annotations.Nullable;

/**
 * A problem in a workflow definition.
 *
 * @param severity whether the problem prevents the definition from being run
 * @param pointer the position, a JSON Pointer (RFC 6901) into the document; empty for the whole document
 * @param code the stable code, such as {@code unknown_node}
 * @param message what is wrong and how to correct it
 * @param suggestion a known name that is similar to the given one, or null
 * @since 0.1.0
 */
public record Problem(
        Severity severity,
        String pointer,
        String code,
        String message,
        @Nullable String suggestion) {

    /** Whether a problem prevents a definition from being run. */
    public enum Severity {
        /** The definition is refused. */
        ERROR,
        /** The definition runs, but something in it looks unintended. */
        WARNING
    }

    /**
     * Returns a problem that prevents a definition from being run.
     *
     * @param pointer the position, a JSON Pointer into the document
     * @param code the stable code
     * @param message what is wrong and how to correct it
     * @return the problem, without a suggestion
     */
    public static Problem error(String pointer, String code, String message) {
        return new Problem(Severity.ERROR, pointer, code, message, null);
    }

    /**
     * Returns a warning about something that looks unintended.
     *
     * @param pointer the position, a JSON Pointer into the document
     * @param code the stable code
     * @param message what looks wrong and how to correct it
     * @return the problem, without a suggestion
     */
    public static Problem warning(String pointer, String code, String message) {
        return new Problem(Severity.WARNING, pointer, code, message, null);
    }

    /**
     * Returns a copy of this problem with a suggestion.
     *
     * @param name a known name that is similar to the given one, or null
     * @return the problem
     */
    public Problem suggesting(@Nullable String name) {
        return new Problem(severity, pointer, code, message, name);
    }

    /**
     * Returns a copy of this problem with a further sentence.
     *
     * @param sentence how to correct it
     * @return the problem
     */
    public Problem explained(String sentence) {
        return new Problem(
                severity, pointer, code, message + (message.endsWith(".") ? " " : ". ") + sentence, suggestion);
    }

    /** {@return whether the problem prevents the definition from being run} */
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
