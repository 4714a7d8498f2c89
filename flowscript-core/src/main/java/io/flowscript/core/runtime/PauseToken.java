package io.flowscript.core.runtime;

/**
 * The identifier of one interaction of one execution. An interaction is closed exactly once: by an answer, by its
 * deadline, or by cancellation, whichever comes first.
 *
 * @param executionId the id of the execution that asks
 * @param nodeId the id of the visit of the node that asks
 * @param tokenId the id of the interaction; it cannot be guessed
 * @since 0.1.0
 */
public record PauseToken(String executionId, String nodeId, String tokenId) {}
