package io.flowscript.core.runtime;

import java.util.List;

/**
 * One violation of a form's schema by an answer, or by the input of a workflow.
 *
 * @param path the position in the value, as a path such as {@code $.amount}
 * @param keyword the keyword of the schema that the value violates, such as {@code minimum}
 * @param message what a valid value needs, as text for the person who fills in the form
 * @since 0.1.0
 */
public record Violation(String path, String keyword, String message) {

    /**
     * Summarizes violations for people.
     *
     * @param violations all violations of one value
     * @return the first one, and how many there are beside it
     */
    public static String summary(List<Violation> violations) {
        if (violations.isEmpty()) {
            return "no reason is known";
        }
        Violation first = violations.get(0);
        String more = violations.size() == 1 ? "" : " (and " + (violations.size() - 1) + " more)";
        return first.path + " " + first.message + more;
    }
}
