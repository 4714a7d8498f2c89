package io.flowscript.core.runtime;

/**
 * Names one pause of one execution. It is resolved exactly once: by an answer, by its deadline, or by cancellation,
 * whichever comes first.
 *
 * @param executionId the execution that is paused
 * @param nodeId the visit that paused it
 * @param tokenId names the one pause; cannot be guessed
 * @since 0.1.0
 */
public record PauseToken(String executionId, String nodeId, String tokenId) {}
