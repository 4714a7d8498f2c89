package io.flowscript.core.interaction;

import io.flowscript.core.Identity;
import io.flowscript.core.runtime.PauseToken;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What executions ask people. Safe for use by any thread.
 *
 * @since 0.1.0
 */
public interface Interactions {

    /** How long a claim holds when nothing else is said. */
    Duration DEFAULT_LEASE = Duration.ofMinutes(15);

    /** How long a claim can hold. */
    Duration MAX_LEASE = Duration.ofDays(7);

    /**
     * An interaction.
     *
     * @param token names it; its node need not be known, and may be empty
     * @return the interaction as it is now, open or closed; empty when there is none that is still remembered
     */
    Optional<Interaction> find(PauseToken token);

    /**
     * Answers a question. Exactly one answer counts, or one from each person where several are needed; the execution goes on with it, after this has
     * returned or before.
     *
     * @param token the question
     * @param answer any JSON value: {@code false}, {@code 0}, {@code ""} and null are answers too
     * @param options who answers, what they saw, and under which idempotency key
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
     * @param options who answers, what they saw, and under which idempotency key
     * @return what became of it
     * @throws io.flowscript.core.json.JsonException with code {@code invalid_value} when the answer is not JSON
     */
    Receipt answer(String executionId, String nodeId, @Nullable Object answer, AnswerOptions options);

    /**
     * Takes a question on: until the lease is over nobody else can answer it. Who has it can claim it again, to keep it for longer; this changes nothing
     * before half of the lease is over.
     *
     * @param token the question
     * @param by who
     * @param lease for how long, more than zero and at most {@link #MAX_LEASE}
     * @return the interaction with the claim
     * @throws io.flowscript.core.FlowScriptException with code {@code already_claimed} when somebody else has it, {@code forbidden} when this person may not
     *     answer it, {@code rate_limited} when it was claimed and released too often within a minute, {@code invalid_duration}; and what {@link Receipt#code}
     *     would be when it is not open
     */
    Interaction claim(PauseToken token, Identity by, Duration lease);

    /**
     * Gives a question back.
     *
     * @param token the question
     * @param by who has it
     * @return the interaction without the claim; unchanged when nobody had it
     * @throws io.flowscript.core.FlowScriptException with code {@code already_claimed} when somebody else has it, {@code rate_limited} when it was claimed and
     *     released too often within a minute; and what {@link Receipt#code} would be when it is not open
     */
    Interaction release(PauseToken token, Identity by);

    /**
     * Shows something else with an open question, because what it is about has changed. An answer of somebody who saw what was shown before is
     * {@link Receipt.Stale}.
     *
     * @param token the question
     * @param shown names and values, instead of those that were shown
     * @param by who changes it; null when nobody is to be named
     * @return the interaction as it is now; unchanged when this was shown already
     * @throws io.flowscript.core.FlowScriptException with what {@link Receipt#code} would be when it is not open, {@code state_too_large} when it is too much
     */
    Interaction revise(PauseToken token, Map<String, ? extends @Nullable Object> shown, @Nullable Identity by);
}
