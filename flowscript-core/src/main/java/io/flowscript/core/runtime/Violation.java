package io.flowscript.core.runtime;

/**
 * One thing that is wrong with an answer.
 *
 * @param path where in the answer, as a path such as {@code $.amount}
 * @param keyword the schema's keyword that is broken, such as {@code minimum}
 * @param message what would be right, for the person who answers
 * @since 0.1.0
 */
public record Violation(String path, String keyword, String message) {}
