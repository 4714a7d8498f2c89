package io.flowscript.core.engine;

import io.flowscript.core.runtime.PauseToken;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The questions that executions put to people. Safe for use by any thread.
 *
 * @since 0.1.0
 */
public interface Interactions {

    /** {@return every question that waits for an answer, the oldest first, at most 1,000} */
    List<OpenQuestion> open();

    /**
     * Answers a question. Exactly one answer counts; the execution goes on with it, after this has returned or before.
     *
     * @param token the question
     * @param answer any JSON value: {@code false}, {@code 0}, {@code ""} and null are answers too
     * @param options who answers, and under which idempotency key
     * @return what became of it
     * @throws io.flowscript.core.json.JsonException with code {@code invalid_value} when the answer is not JSON
     */
    Receipt answer(PauseToken token, @Nullable Object answer, AnswerOptions options);

    /**
     * Answers the question that a visit of a node has open, the oldest if it has several; if it has none, the one it had last.
     *
     * @param executionId the execution
     * @param nodeId the visit
     * @param answer any JSON value
     * @param options who answers, and under which idempotency key
     * @return what became of it
     * @throws io.flowscript.core.json.JsonException with code {@code invalid_value} when the answer is not JSON
     */
    Receipt answer(String executionId, String nodeId, @Nullable Object answer, AnswerOptions options);
}
