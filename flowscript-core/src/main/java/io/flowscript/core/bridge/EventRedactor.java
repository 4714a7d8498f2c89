package io.flowscript.core.bridge;

import io.flowscript.core.Identity;

/**
 * Decides which data of an execution an identity does not see. The {@link AccessPolicy} decides whether it sees the execution at all.
 *
 * <p>What is hidden leaves in no message and in no response: in no live or replayed event, no status, no question, no refusal. Every
 * event still comes, with its number. A search does not find what is hidden.
 *
 * <p>It is asked for each request, when a client begins to follow an execution, and again when the client's login brings other groups. Implementations
 * are called by any thread and must not block. When one throws or returns null, everything is hidden ({@link Redaction#ALL}).
 *
 * @since 0.1.0
 */
@FunctionalInterface
public interface EventRedactor {

    /** Hides nothing. */
    EventRedactor NONE = (who, workflowId, executionId) -> Redaction.NONE;

    /**
     * Decides what an identity does not see of an execution.
     *
     * @param who the identity of the client
     * @param workflowId the workflow that the execution runs
     * @param executionId the execution
     * @return what is hidden. Clients with equal redactions share the encoded events, so there should be few different ones.
     */
    Redaction redaction(Identity who, String workflowId, String executionId);
}
