package io.flowscript.core.runtime;

/**
 * One violation of a form's schema by an answer.
 *
 * @param path the position in the answer, as a path such as {@code $.amount}
 * @param keyword the keyword of the schema that the answer violates, such as {@code minimum}
 * @param message what a valid answer needs, as text for the person who answers
 * @since 0.1.0
 */
public record Violation(String path, String keyword, String message) {}
