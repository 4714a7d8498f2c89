package io.flowscript.core.interaction;

import io.flowscript.core.CommandKey;
import io.flowscript.core.Identity;
import io.flowscript.core.runtime.PauseToken;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Finds, answers, claims and changes the interactions of all executions of an engine. Safe for use by any thread.
 *
 * @since 0.1.0
 */
public interface Interactions {

    /** The default duration of a claim. */
    Duration DEFAULT_LEASE = Duration.ofMinutes(15);

    /** The longest duration of a claim. */
    Duration MAX_LEASE = Duration.ofDays(7);

    /**
     * Finds an interaction.
     *
     * @param token the token of the interaction; its {@code nodeId} is not compared and may be empty
     * @return the current interaction, open or closed; empty when it does not exist or is no longer remembered
     */
    Optional<Interaction> find(PauseToken token);

    /**
     * Reads interactions of the executions that are stored, in
     * memory or not, on the calling thread, which can block.
     *
     * @param query which ones
     * @param order in which order
     * @param after the place after which the page begins; null for the beginning
     * @param limit how many at most, from 1
     * @return the page; an empty one without a store
     * @throws io.flowscript.core.FlowScriptException with code {@code store_unavailable} when the store cannot be read
     */
    InteractionPage stored(InteractionQuery query, InteractionOrder order, @Nullable InteractionPlace after, int limit);

    /**
     * Counts interactions of the executions that are stored, on
     * the calling thread, which can block.
     *
     * @param query which ones
     * @param most where the count ends, from 1
     * @return how many there are; {@code most} when there are as many or more; 0 without a store
     * @throws io.flowscript.core.FlowScriptException with code {@code store_unavailable} when the store cannot be read
     */
    long countStored(InteractionQuery query, long most);

    /**
     * Answers an interaction. Exactly one answer is accepted, or one from each person when the question has a quorum.
     * The execution continues with the accepted answer, possibly before this method returns.
     *
     * @param token the token of the interaction
     * @param answer any JSON value: {@code false}, {@code 0}, {@code ""} and null are answers too
     * @param options the person who answers, the data the person saw, and an idempotency key
     * @return the receipt, which tells whether the answer was accepted
     * @throws io.flowscript.core.json.JsonException with code {@code invalid_value} when the answer is not JSON
     */
    Receipt answer(PauseToken token, @Nullable Object answer, AnswerOptions options);

    /**
     * Answers the open interaction of a visit of a node. If several are open, it answers the oldest one. If none is
     * open, the receipt is that of the interaction that was closed last.
     *
     * @param executionId the id of the execution
     * @param nodeId the id of the visit
     * @param answer any JSON value
     * @param options the person who answers, the data the person saw, and an idempotency key
     * @return the receipt, which tells whether the answer was accepted
     * @throws io.flowscript.core.json.JsonException with code {@code invalid_value} when the answer is not JSON
     */
    Receipt answer(String executionId, String nodeId, @Nullable Object answer, AnswerOptions options);

    /**
     * Claims an interaction for a person: until the lease ends, nobody else can answer it. The holder can claim it
     * again to extend the lease. Extending has no effect before half of the lease is over.
     *
     * @param token the token of the interaction
     * @param by the identity of the person
     * @param lease the duration of the claim, more than zero and at most {@link #MAX_LEASE}
     * @return the interaction with the claim
     * @throws io.flowscript.core.FlowScriptException with code {@code already_claimed} when another person holds the
     *     claim, {@code forbidden} when this person may not answer, {@code rate_limited} when the interaction was
     *     claimed and released too often within a minute, {@code invalid_duration}, or, when the interaction is not
     *     open, the {@link Receipt#code} that an answer would get
     */
    default Interaction claim(PauseToken token, Identity by, Duration lease) {
        return claim(token, by, lease, null);
    }

    /**
     * Claims an interaction for a person as a command, which the execution remembers.
     *
     * @param token the token of the interaction
     * @param by the identity of the person
     * @param lease the duration of the claim, more than zero and at most {@link #MAX_LEASE}
     * @param key identifies the command; null to remember nothing. A key is not compared with earlier ones here.
     * @return the interaction with the claim
     * @throws io.flowscript.core.FlowScriptException as {@link #claim(PauseToken, Identity, Duration)}
     */
    Interaction claim(PauseToken token, Identity by, Duration lease, @Nullable CommandKey key);

    /**
     * Releases the claim of an interaction.
     *
     * @param token the token of the interaction
     * @param by the identity of the person who holds the claim
     * @return the interaction without the claim; unchanged when it had no claim
     * @throws io.flowscript.core.FlowScriptException with code {@code already_claimed} when another person holds the
     *     claim, {@code rate_limited} when the interaction was claimed and released too often within a minute, or,
     *     when the interaction is not open, the {@link Receipt#code} that an answer would get
     */
    default Interaction release(PauseToken token, Identity by) {
        return release(token, by, null);
    }

    /**
     * Releases the claim of an interaction as a command, which the execution remembers.
     *
     * @param token the token of the interaction
     * @param by the identity of the person who holds the claim
     * @param key identifies the command; null to remember nothing. A key is not compared with earlier ones here.
     * @return the interaction without the claim; unchanged when it had no claim
     * @throws io.flowscript.core.FlowScriptException as {@link #release(PauseToken, Identity)}
     */
    Interaction release(PauseToken token, Identity by, @Nullable CommandKey key);

    /**
     * Records that a person has seen open interactions of an execution. This appends no event. Interactions that are closed
     * or that the execution does not have are ignored, and so is an execution that does not exist.
     *
     * @param executionId the id of the execution
     * @param tokenIds the {@link PauseToken#tokenId} of each interaction
     * @param by the identity of the person
     * @return completes when {@link Interaction#seenBy} has the name, which with a store is when it is stored. It completes
     *     exceptionally, with a {@link io.flowscript.core.FlowScriptException}, when it cannot be stored any more. This
     *     method does not wait for it.
     */
    CompletionStage<?> markSeen(String executionId, Set<String> tokenIds, Identity by);

    /**
     * Replaces the data that is shown with an open interaction. An answer that states by {@link AnswerOptions#seen}
     * that the person saw the earlier data then gets {@link Receipt.Stale}.
     *
     * @param token the token of the interaction
     * @param shown names with JSON values, which replace all data shown before
     * @param by the identity of the person who changes the data; null when it is not known
     * @return the changed interaction; unchanged when the same data was already shown
     * @throws io.flowscript.core.FlowScriptException with code {@code value_too_large} when the data is too large,
     *     or, when the interaction is not open, the {@link Receipt#code} that an answer would get
     */
    Interaction revise(PauseToken token, Map<String, ? extends @Nullable Object> shown, @Nullable Identity by);
}
