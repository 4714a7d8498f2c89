package io.flowscript.events.inbox;

import io.flowscript.core.Identity;
import io.flowscript.core.interaction.Interaction;
import io.flowscript.core.interaction.Interactions;
import io.flowscript.core.log.Position;
import io.flowscript.core.runtime.PauseToken;
import io.flowscript.engine.EngineLimits;
import io.flowscript.engine.FlowScript;
import io.flowscript.engine.Subscription;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The interactions of all executions of one engine: every open interaction, and the closed ones that their execution
 * still remembers. The inbox updates itself: after an answer or a claim has returned, the inbox shows its result.
 *
 * <p>The inbox is indexed by person, group, workflow, execution, claim holder, age and deadline. One person's tasks
 * among a million are found without looking at the others.
 *
 * <p>With a store, the interactions of stored executions are found in the store, also when their executions are not in memory.
 * Those of executions that have ended are found as long as the store keeps them. {@link #list}, {@link #count} and
 * {@link #seenBy} then read the store on the calling thread, which can block. The interactions of other executions are in
 * memory: an entry takes some hundred bytes, and about one hundred more for each further name that the interaction is
 * assigned to.
 *
 * <p>Safe for use by any thread. The inbox never waits for a listener, and an execution never waits for the inbox's
 * listeners.
 *
 * @since 0.1.0
 */
public interface Inbox extends AutoCloseable {

    /** The largest number of interactions on one page. */
    int MAX_PAGE = 1_000;

    /**
     * Opens the inbox of an engine with the default limits.
     *
     * @param flows the engine
     * @return the inbox, filled with the interactions that exist already; the caller closes it
     */
    static Inbox of(FlowScript flows) {
        return of(flows, InboxLimits.DEFAULTS);
    }

    /**
     * Opens the inbox of an engine.
     *
     * @param flows the engine
     * @param limits the limits
     * @return the inbox, filled with the interactions that exist already; the caller closes it
     */
    static Inbox of(FlowScript flows, InboxLimits limits) {
        EngineInbox inbox = new EngineInbox(flows, limits);
        inbox.open();
        return inbox;
    }

    /**
     * Returns one page of the interactions that match a query.
     *
     * @param query the filter and the order
     * @param cursor {@link Page#next} of the previous page; null for the first page
     * @param limit the largest number of interactions on the page, from 1 to {@value #MAX_PAGE}
     * @return the page
     * @throws io.flowscript.core.FlowScriptException with code {@code invalid_limit}, {@code invalid_cursor},
     *     {@code inbox_closed} or {@code store_unavailable}
     */
    default Page list(InboxQuery query, @Nullable String cursor, int limit) {
        return list(query, interaction -> true, cursor, limit);
    }

    /**
     * Returns one page of the interactions that match a query and are visible to the caller.
     *
     * @param query the filter and the order
     * @param visible decides whether an interaction may be on the page; must be short and must not block
     * @param cursor {@link Page#next} of the previous page; null for the first page
     * @param limit the largest number of interactions on the page, from 1 to {@value #MAX_PAGE}
     * @return the page
     * @throws io.flowscript.core.FlowScriptException with code {@code invalid_limit}, {@code invalid_cursor},
     *     {@code inbox_closed} or {@code store_unavailable}
     */
    Page list(InboxQuery query, Predicate<? super Interaction> visible, @Nullable String cursor, int limit);

    /**
     * Counts the interactions that match a query.
     *
     * @param query the filter; its order does not matter
     * @return the count
     * @throws io.flowscript.core.FlowScriptException with code {@code inbox_closed} or {@code store_unavailable}
     */
    Count count(InboxQuery query);

    /**
     * Counts the interactions that match a query and are visible to the caller.
     *
     * @param query the filter; its order does not matter
     * @param visible decides whether an interaction is counted; must be short and must not block
     * @return the count
     * @throws io.flowscript.core.FlowScriptException with code {@code inbox_closed} or {@code store_unavailable}
     */
    Count count(InboxQuery query, Predicate<? super Interaction> visible);

    /**
     * Reports every change of the query's result to a listener, from now on. To get the current result too, list it
     * after this call.
     *
     * @param query the filter; its order does not matter
     * @param listener receives one change at a time on the engine's executor. The changes of one interaction arrive in
     *     order; if several wait, the listener gets only the latest. The listener may block. If it throws, the
     *     exception is logged and the next change follows.
     * @return the subscription; closing it ends the reports
     * @throws io.flowscript.core.FlowScriptException with code {@code too_many_subscriptions} or {@code inbox_closed}
     */
    Subscription subscribe(InboxQuery query, Consumer<? super InboxChange> listener);

    /**
     * Collects the changes of the visible part of a query's result, from now on. The caller takes them at its own pace. An
     * execution that leaves memory or comes back changes nothing. When the store removes an execution that has ended, nothing
     * is reported of its interactions.
     *
     * @param query the filter; its order does not matter
     * @param visible decides whether an interaction belongs to the result; if it throws, the interaction does not.
     *     Called on the engine's executor; must be short and must not block.
     * @param wake called on the engine's executor when there is a change to take; must be short and must not block
     * @return the changes that were not taken yet
     * @throws io.flowscript.core.FlowScriptException with code {@code too_many_subscriptions} or {@code inbox_closed}
     */
    InboxChanges follow(InboxQuery query, Predicate<? super Interaction> visible, Runnable wake);

    /**
     * Records that a person has seen the events of an execution up to a position, and with them every open interaction
     * that was requested up to there.
     *
     * <p>Acknowledgements are cumulative: a lower position than before changes nothing. A position past the end covers
     * only the interactions that exist now, not later ones. The call has no effect when the execution does not exist or
     * when the position belongs to another epoch. It appends no event to the execution. Its cost grows with the number of
     * the execution's open interactions. The inbox checks no rights: the caller makes sure that the person may see the
     * execution.
     *
     * @param who the person; {@link Identity#ANONYMOUS} is treated as a person of that name
     * @param executionId the execution
     * @param upTo the position of the last event seen
     * @return completes when it is recorded, which with a store is when it is stored; see {@link Interactions#markSeen}
     * @throws io.flowscript.core.FlowScriptException with code {@code inbox_closed}
     */
    default CompletionStage<?> acknowledge(Identity who, String executionId, Position upTo) {
        return acknowledge(who, executionId, upTo, interaction -> true);
    }

    /**
     * Does the same as {@link #acknowledge(Identity, String, Position)} for a person who may not see every interaction.
     *
     * @param who the person
     * @param executionId the execution
     * @param upTo the position of the last event seen
     * @param visible decides whether an interaction counts as seen; must be short and must not block
     * @return completes when it is recorded, which with a store is when it is stored; see {@link Interactions#markSeen}
     * @throws io.flowscript.core.FlowScriptException with code {@code inbox_closed}
     */
    CompletionStage<?> acknowledge(
            Identity who, String executionId, Position upTo, Predicate<? super Interaction> visible);

    /**
     * Returns who has seen an open interaction. A person has seen it after acknowledging the event that requested it
     * ({@link #acknowledge}), or after claiming it or voting on it. The
     * execution keeps the names, so that all inboxes of an engine have the same ones, and a store keeps them too.
     *
     * @param token the interaction
     * @return the names in the order in which they saw it, at most {@link EngineLimits#maxSeenBy()}; empty when no
     *     person has seen it, and when it is not open
     */
    List<String> seenBy(PauseToken token);

    /**
     * Reports each open interaction that no person has seen within a given time after it was requested. Each is
     * reported once. Interactions whose time has already passed are reported at once. An interaction that is seen or
     * closed in time is not reported. Use it for escalations of the application, such as a mail or a call.
     *
     * @param query a further filter, applied when the time is over; its order does not matter
     * @param after the time after the request, more than zero, at most 36,525 days
     * @param listener receives one interaction at a time on the engine's executor, the oldest first. It may block. If
     *     it throws, the exception is logged and the next interaction follows.
     * @return the subscription; closing it ends the reports. Until then each unseen interaction of an execution that is not
     *     stored and that is not due takes about 64 bytes.
     * @throws io.flowscript.core.FlowScriptException with code {@code invalid_duration}, {@code too_many_subscriptions}
     *     or {@code inbox_closed}
     */
    Subscription onUnseen(InboxQuery query, Duration after, Consumer<? super Interaction> listener);

    /** Closes this inbox and ends all its subscriptions. Closing twice is harmless. */
    @Override
    void close();

    /**
     * One page of a query's result. A page begins at a place in the order, not at a count: an interaction that is in
     * the result from the first page to the last is on exactly one of them, while others come and go.
     *
     * @param interactions the interactions in the order of the query, as they were when the page was read. The list may
     *     be shorter than requested, or even empty, although more pages follow: the search stops after it has examined
     *     {@link InboxLimits#maxExamined(int)} interactions.
     * @param next the cursor of the next page; null on the last page
     */
    record Page(List<Interaction> interactions, @Nullable String next) {
        /**
         * Copies the list.
         *
         * @param interactions the interactions in the order of the query
         * @param next the cursor of the next page; null on the last page
         */
        public Page {
            interactions = List.copyOf(interactions);
        }
    }

    /**
     * A number of interactions.
     *
     * @param value how many were found
     * @param exact true when {@code value} is the whole count; false when the search stopped after it had examined
     *     {@link InboxLimits#maxExamined(int)} interactions, so that there may be more
     */
    record Count(long value, boolean exact) {}
}
