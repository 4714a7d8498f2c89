package io.flowscript.events.inbox;

import io.flowscript.core.FlowScriptException;
import io.flowscript.core.Identity;
import io.flowscript.core.bridge.Redaction;
import io.flowscript.core.interaction.Interaction;
import io.flowscript.core.interaction.Interaction.Status;
import io.flowscript.core.interaction.InteractionOrder;
import io.flowscript.core.interaction.InteractionQuery;
import io.flowscript.core.settings.SettingValues;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A query for interactions, with their order: {@code
 * InboxQuery.OPEN.meantFor(me).workflow("expense").sorted(Order.DEADLINE)}. An interaction must match all criteria.
 * When a criterion is set twice, the last value counts. Immutable; each method returns a new query.
 *
 * @since 0.1.0
 */
public final class InboxQuery {

    /** All interactions that wait for an answer, claimed or not, the oldest first. */
    public static final InboxQuery OPEN = new InboxQuery(new Values());

    /** The maximum length of a text or name in a query, in characters. */
    public static final int MAX_TEXT = 256;

    private static final class Values extends SettingValues<Values> {
        Set<Status> statuses = Set.of(Status.OPEN, Status.CLAIMED);

        @Nullable
        String assignee;

        @Nullable
        String group;

        @Nullable
        String claimedBy;

        @Nullable
        Identity meantFor;

        @Nullable
        String executionId;

        @Nullable
        String workflowId;

        @Nullable
        String nodeName;

        @Nullable
        Instant requestedBefore;

        @Nullable
        Instant requestedAfter;

        @Nullable
        Instant deadlineBefore;

        @Nullable
        String text;

        boolean unseen;
        Order order = Order.OLDEST;
    }

    private final Values values;
    private final InteractionQuery condition;

    private InboxQuery(Values values) {
        this.values = values;
        this.condition = new InteractionQuery(
                values.statuses,
                values.workflowId,
                values.executionId,
                values.assignee,
                values.group,
                values.meantFor,
                values.claimedBy,
                values.requestedAfter,
                values.requestedBefore,
                values.deadlineBefore,
                values.unseen);
    }

    /** The order of the results. */
    public enum Order {
        /** By the time of the request, the oldest first. */
        OLDEST,
        /** By the time of the request, the newest first. */
        NEWEST,
        /** By deadline, the nearest first. Interactions without a deadline come last, the oldest first. */
        DEADLINE;

        InteractionOrder interactions() {
            return InteractionOrder.valueOf(name());
        }
    }

    /**
     * Matches only interactions with one of these statuses, instead of {@link Status#OPEN} and {@link Status#CLAIMED}.
     * An interaction whose deadline has passed is {@link Status#EXPIRED}.
     *
     * @param any the statuses, at least one
     * @return the query
     * @throws FlowScriptException with code {@code invalid_query}
     */
    public InboxQuery statuses(Status... any) {
        if (any.length == 0) {
            throw new FlowScriptException("invalid_query", "A query needs at least one status");
        }
        return with(changed -> changed.statuses = Set.copyOf(EnumSet.copyOf(List.of(any))));
    }

    /**
     * Matches only interactions that are assigned to a person by name.
     *
     * @param person the name, 1 to {@value #MAX_TEXT} characters
     * @return the query
     * @throws FlowScriptException with code {@code invalid_query}
     */
    public InboxQuery assignee(String person) {
        return with(changed -> changed.assignee = checked(person, "the name of a person"));
    }

    /**
     * Matches only interactions that are assigned to a group.
     *
     * @param name the group, 1 to {@value #MAX_TEXT} characters
     * @return the query
     * @throws FlowScriptException with code {@code invalid_query}
     */
    public InboxQuery group(String name) {
        return with(changed -> changed.group = checked(name, "the name of a group"));
    }

    /**
     * Matches only interactions that a person has claimed.
     *
     * @param person the name, 1 to {@value #MAX_TEXT} characters
     * @return the query
     * @throws FlowScriptException with code {@code invalid_query}
     */
    public InboxQuery claimedBy(String person) {
        return with(changed -> changed.claimedBy = checked(person, "the name of a person"));
    }

    /**
     * Matches only interactions that a person should answer: those assigned to this person, to one of the person's
     * groups or to anybody, without those that exclude the person ({@link io.flowscript.core.runtime.Question#notBy}).
     *
     * @param who the identity of the person
     * @return the query
     */
    public InboxQuery meantFor(Identity who) {
        return with(changed -> changed.meantFor = who);
    }

    /**
     * Matches only interactions of one execution.
     *
     * @param id the id, 1 to {@value #MAX_TEXT} characters
     * @return the query
     * @throws FlowScriptException with code {@code invalid_query}
     */
    public InboxQuery execution(String id) {
        return with(changed -> changed.executionId = checked(id, "the id of an execution"));
    }

    /**
     * Matches only interactions of one workflow.
     *
     * @param id the id, 1 to {@value #MAX_TEXT} characters
     * @return the query
     * @throws FlowScriptException with code {@code invalid_query}
     */
    public InboxQuery workflow(String id) {
        return with(changed -> changed.workflowId = checked(id, "the id of a workflow"));
    }

    /**
     * Matches only interactions that a node with this name has requested.
     *
     * @param name the stable name of the node, 1 to {@value #MAX_TEXT} characters
     * @return the query
     * @throws FlowScriptException with code {@code invalid_query}
     */
    public InboxQuery node(String name) {
        return with(changed -> changed.nodeName = checked(name, "the name of a node"));
    }

    /**
     * Matches only interactions that were requested before a time.
     *
     * @param time the time, exclusive
     * @return the query
     */
    public InboxQuery requestedBefore(Instant time) {
        return with(changed -> changed.requestedBefore = time);
    }

    /**
     * Matches only interactions that were requested after a time.
     *
     * @param time the time, exclusive
     * @return the query
     */
    public InboxQuery requestedAfter(Instant time) {
        return with(changed -> changed.requestedAfter = time);
    }

    /**
     * Matches only interactions with a deadline before a time. This is fast when the query is sorted by {@link Order#DEADLINE}.
     *
     * @param time the time, exclusive
     * @return the query
     */
    public InboxQuery deadlineBefore(Instant time) {
        return with(changed -> changed.deadlineBefore = time);
    }

    /**
     * Matches only interactions that contain a text, ignoring case. The text is searched in the name of the node, the
     * reason, the title and the description of the form (from its schema or its hints), and the texts among the values
     * that are shown with the interaction.
     *
     * @param part the text, 1 to {@value #MAX_TEXT} characters
     * @return the query
     * @throws FlowScriptException with code {@code invalid_query}
     */
    public InboxQuery containing(String part) {
        return with(changed -> changed.text = checked(part, "a text to look for"));
    }

    /**
     * Matches only open interactions that nobody has seen ({@link Inbox#seenBy}).
     *
     * @return the query
     */
    public InboxQuery unseen() {
        return with(changed -> changed.unseen = true);
    }

    /**
     * Sets the order.
     *
     * @param how the order
     * @return the query
     */
    public InboxQuery sorted(Order how) {
        return with(changed -> changed.order = how);
    }

    /** {@return all but the node and the text} */
    InteractionQuery condition() {
        return condition;
    }

    /** {@return whether the {@linkplain #condition condition} is all} */
    boolean isConditionOnly() {
        return values.nodeName == null && values.text == null;
    }

    @Nullable
    String text() {
        return values.text;
    }

    Order order() {
        return values.order;
    }

    /** Whether the only criteria are statuses and at most one key of an index. */
    boolean isOnlyIndexed() {
        int indexed = (values.assignee == null ? 0 : 1)
                + (values.group == null ? 0 : 1)
                + (values.claimedBy == null ? 0 : 1)
                + (values.workflowId == null ? 0 : 1);
        return indexed <= 1
                && values.meantFor == null
                && values.executionId == null
                && values.nodeName == null
                && values.requestedBefore == null
                && values.requestedAfter == null
                && values.deadlineBefore == null
                && values.text == null
                && !values.unseen;
    }

    /** Whether an interaction matches all criteria except the text, which costs more to check. */
    boolean fits(Interaction interaction) {
        return condition.matches(interaction)
                && (values.nodeName == null || values.nodeName.equals(interaction.nodeName()));
    }

    /**
     * Returns whether an interaction that matches this query does so by what a person sees of it. So nobody finds out by a query what is hidden
     * from them.
     *
     * @param interaction an interaction that matches
     * @param redaction what is hidden
     * @return whether nothing that is hidden was needed to find it
     */
    public boolean findsShown(Interaction interaction, Redaction redaction) {
        return redaction.isNone()
                || ((values.assignee == null || !redaction.of("assignees").hidesAll())
                        && (values.group == null || !redaction.of("groups").hidesAll())
                        && (values.claimedBy == null || !redaction.of("by").hidesAll())
                        && (values.text == null
                                || new TextSearch(values.text, InboxLimits.DEFAULTS.maxSearched())
                                        .finds(interaction, redaction)));
    }

    private static String checked(String text, String what) {
        if (text.isEmpty() || text.length() > MAX_TEXT) {
            throw new FlowScriptException(
                    "invalid_query", what + " has 1 to " + MAX_TEXT + " characters, not " + text.length());
        }
        return text;
    }

    private InboxQuery with(Consumer<Values> change) {
        return new InboxQuery(values.with(change));
    }
}
