package io.flowscript.events.inbox;

import io.flowscript.core.Identity;
import io.flowscript.core.engine.FlowScript;
import io.flowscript.core.engine.Subscription;
import io.flowscript.core.interaction.Interaction;
import io.flowscript.core.log.Position;
import io.flowscript.core.runtime.PauseToken;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * What the executions of one engine ask people: every interaction with a question that is open, and of the closed ones those that their execution
 * remembers. It keeps itself up to date: whoever has answered or claimed a question finds it so in the inbox.
 *
 * <p>It is indexed by person, group, workflow, execution and holder of the claim, by age and by deadline, so that somebody's own tasks among a million
 * are found without looking at the others. It holds what the engine holds, so the engine's limits bound it; an entry takes some hundred
 * bytes, and about a hundred more for each further name that a question is assigned to.
 *
 * <p>Safe for use by any thread. Nothing here waits for a listener, nor does an execution.
 *
 * @since 0.1.0
 */
public interface Inbox extends AutoCloseable {

    /** How many interactions a page holds at the most. */
    int MAX_PAGE = 1_000;

    /**
     * Opens the inbox of an engine, with the default bounds.
     *
     * @param flows the engine
     * @return the inbox, which knows what is there already
     */
    static Inbox of(FlowScript flows) {
        return of(flows, InboxLimits.DEFAULTS);
    }

    /**
     * Opens the inbox of an engine.
     *
     * @param flows the engine
     * @param limits the bounds
     * @return the inbox, which knows what is there already
     */
    static Inbox of(FlowScript flows, InboxLimits limits) {
        EngineInbox inbox = new EngineInbox(flows, limits);
        inbox.open();
        return inbox;
    }

    /**
     * One page of what fits a query.
     *
     * @param query what to look for, and in which order
     * @param cursor {@link Page#next} of the page before; null for the first page
     * @param limit how many at the most, from 1 to {@value #MAX_PAGE}
     * @return the page
     * @throws io.flowscript.core.FlowScriptException with code {@code invalid_limit}, {@code invalid_cursor} or {@code inbox_closed}
     */
    default Page list(InboxQuery query, @Nullable String cursor, int limit) {
        return list(query, interaction -> true, cursor, limit);
    }

    /**
     * One page of what fits a query and may be seen.
     *
     * @param query what to look for, and in which order
     * @param visible short, does not block; what it turns down is not in the page
     * @param cursor {@link Page#next} of the page before; null for the first page
     * @param limit how many at the most, from 1 to {@value #MAX_PAGE}
     * @return the page
     * @throws io.flowscript.core.FlowScriptException with code {@code invalid_limit}, {@code invalid_cursor} or {@code inbox_closed}
     */
    Page list(InboxQuery query, Predicate<? super Interaction> visible, @Nullable String cursor, int limit);

    /**
     * How many fit a query.
     *
     * @param query what to look for
     * @return how many
     * @throws io.flowscript.core.FlowScriptException with code {@code inbox_closed}
     */
    Count count(InboxQuery query);

    /**
     * How many fit a query and may be seen.
     *
     * @param query what to look for
     * @param visible short, does not block
     * @return how many
     * @throws io.flowscript.core.FlowScriptException with code {@code inbox_closed}
     */
    Count count(InboxQuery query, Predicate<? super Interaction> visible);

    /**
     * Is told of each change of what fits a query, from now on. Whoever wants what is there too lists it after this.
     *
     * @param query what to look for; its order does not matter
     * @param listener told on the engine's executor, of one change at a time, in order for each interaction, of the latest state where there were
     *     several; may block; what it throws is logged, and it is told of the next
     * @return ends it
     * @throws io.flowscript.core.FlowScriptException with code {@code too_many_subscriptions} or {@code inbox_closed}
     */
    Subscription subscribe(InboxQuery query, Consumer<? super InboxChange> listener);

    /**
     * Follows what fits a query and may be seen, from now on, at the follower's own pace.
     *
     * @param query what to look for; its order does not matter
     * @param visible short, does not block; called on the engine's executor; what it turns down is not in the result, and so is what it throws on
     * @param wake short, does not block; called on the engine's executor when there is something to take
     * @return what changes, to be taken
     * @throws io.flowscript.core.FlowScriptException with code {@code too_many_subscriptions} or {@code inbox_closed}
     */
    InboxChanges follow(InboxQuery query, Predicate<? super Interaction> visible, Runnable wake);

    /**
     * Somebody has seen what an execution did up to a position, and with it every open question that it asked up to there. It is cumulative: less than before
     * changes nothing. Nor does more than there is: a question counts as seen when it was there. Says nothing of an execution that does not exist, nor where the position is of
     * another epoch. Touches no execution, and costs as much as the execution has open questions. May be said by whoever may see the execution; that is the
     * caller's affair.
     *
     * @param who somebody; {@link Identity#ANONYMOUS} counts as somebody of that name
     * @param executionId the execution
     * @param upTo the position of the last event seen
     * @throws io.flowscript.core.FlowScriptException with code {@code inbox_closed}
     */
    default void acknowledge(Identity who, String executionId, Position upTo) {
        acknowledge(who, executionId, upTo, interaction -> true);
    }

    /**
     * The same, for somebody who may not see every question.
     *
     * @param who somebody
     * @param executionId the execution
     * @param upTo the position of the last event seen
     * @param visible short, does not block; what it turns down does not count as seen
     * @throws io.flowscript.core.FlowScriptException with code {@code inbox_closed}
     */
    void acknowledge(Identity who, String executionId, Position upTo, Predicate<? super Interaction> visible);

    /**
     * Who has seen an open question: has acknowledged the event that asked it ({@link #acknowledge}), or has taken it on or voted in it since the inbox is open.
     *
     * @param question the question
     * @return names, who saw it first first, at most {@link InboxLimits#maxSeenBy()}; empty when nobody has, and when it is not open
     */
    List<String> seenBy(PauseToken question);

    /**
     * Is told of each open question that nobody has seen so long after it was asked, once; of those whose time has passed when this begins, at once. What is
     * answered or seen in time is not spoken of. It is for an escalation of the application's own: a mail, a call.
     *
     * @param query what else a question is to be when its time has come; its order does not matter
     * @param after how long after it was asked, more than zero, at most 36,525 days
     * @param listener told on the engine's executor, of one question at a time, the oldest first; may block; what it throws is logged, and it is told of the next
     * @return ends it; until then, a question that nobody has seen and that is not due takes about 64 bytes here
     * @throws io.flowscript.core.FlowScriptException with code {@code invalid_duration}, {@code too_many_subscriptions} or {@code inbox_closed}
     */
    Subscription onUnseen(InboxQuery query, Duration after, Consumer<? super Interaction> listener);

    /** Ends it, and every subscription. Closing twice is harmless. */
    @Override
    void close();

    /**
     * Some of what fits a query. Pages go by the place of an interaction in the order, not by counting: while others come and go, what is there from
     * the first page to the last is in exactly one of them.
     *
     * @param interactions as they were when they were looked at, in the order of the query; may be fewer than asked for, even none, and yet more
     *     may come, when so many had to be looked at that the inbox took a break ({@link InboxLimits#maxExamined(int)})
     * @param next the cursor to go on from; null when this was the end
     */
    record Page(List<Interaction> interactions, @Nullable String next) {
        public Page {
            interactions = List.copyOf(interactions);
        }
    }

    /**
     * How many there are.
     *
     * @param value how many were found
     * @param exact whether that is all; false when so many had to be looked at that the inbox stopped ({@link InboxLimits#maxExamined(int)}), so
     *     that there may be more
     */
    record Count(long value, boolean exact) {}
}
