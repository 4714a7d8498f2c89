package io.flowscript.events.inbox;

import io.flowscript.core.FlowScriptException;
import io.flowscript.core.Identity;
import io.flowscript.core.interaction.Interaction;
import io.flowscript.core.interaction.Interaction.Status;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which interactions, and in which order: {@code InboxQuery.OPEN.meantFor(me).workflow("expense").sorted(Order.DEADLINE)}. What is said narrows it
 * down; said twice, the last counts. Immutable; each setting returns another one.
 *
 * @since 0.1.0
 */
public final class InboxQuery {

    /** Everything that waits for an answer, claimed or not, the oldest first. */
    public static final InboxQuery OPEN = new InboxQuery();

    /** How long a text or a name that is looked for can be, in characters. */
    public static final int MAX_TEXT = 256;

    private Set<Status> statuses = Set.of(Status.OPEN, Status.CLAIMED);
    private @Nullable String assignee;
    private @Nullable String group;
    private @Nullable String claimedBy;
    private @Nullable Identity meantFor;
    private @Nullable String executionId;
    private @Nullable String workflowId;
    private @Nullable String nodeName;
    private @Nullable Instant requestedBefore;
    private @Nullable Instant requestedAfter;
    private @Nullable Instant deadlineBefore;
    private @Nullable String text;
    private boolean unseen;
    private Order order = Order.OLDEST;

    private InboxQuery() {}

    private InboxQuery(InboxQuery other) {
        statuses = other.statuses;
        assignee = other.assignee;
        group = other.group;
        claimedBy = other.claimedBy;
        meantFor = other.meantFor;
        executionId = other.executionId;
        workflowId = other.workflowId;
        nodeName = other.nodeName;
        requestedBefore = other.requestedBefore;
        requestedAfter = other.requestedAfter;
        deadlineBefore = other.deadlineBefore;
        text = other.text;
        unseen = other.unseen;
        order = other.order;
    }

    /** In which order. */
    public enum Order {
        /** By when they were asked, the oldest first. */
        OLDEST,
        /** By when they were asked, the newest first. */
        NEWEST,
        /** By their deadlines, the next one first; those without one at the end, the oldest first. */
        DEADLINE
    }

    /**
     * Only those with one of these statuses, instead of {@link Status#OPEN} and {@link Status#CLAIMED}. One whose deadline has passed is
     * {@link Status#EXPIRED}.
     *
     * @param any at least one
     * @return the query
     * @throws FlowScriptException with code {@code invalid_query}
     */
    public InboxQuery statuses(Status... any) {
        if (any.length == 0) {
            throw new FlowScriptException("invalid_query", "A query needs at least one status");
        }
        InboxQuery changed = new InboxQuery(this);
        changed.statuses = Set.copyOf(EnumSet.copyOf(List.of(any)));
        return changed;
    }

    /**
     * Only those that are assigned to somebody by name.
     *
     * @param person the name, 1 to {@value #MAX_TEXT} characters
     * @return the query
     * @throws FlowScriptException with code {@code invalid_query}
     */
    public InboxQuery assignee(String person) {
        InboxQuery changed = new InboxQuery(this);
        changed.assignee = checked(person, "the name of a person");
        return changed;
    }

    /**
     * Only those that are assigned to a group.
     *
     * @param name the group, 1 to {@value #MAX_TEXT} characters
     * @return the query
     * @throws FlowScriptException with code {@code invalid_query}
     */
    public InboxQuery group(String name) {
        InboxQuery changed = new InboxQuery(this);
        changed.group = checked(name, "the name of a group");
        return changed;
    }

    /**
     * Only those that somebody has taken on.
     *
     * @param person the name, 1 to {@value #MAX_TEXT} characters
     * @return the query
     * @throws FlowScriptException with code {@code invalid_query}
     */
    public InboxQuery claimedBy(String person) {
        InboxQuery changed = new InboxQuery(this);
        changed.claimedBy = checked(person, "the name of a person");
        return changed;
    }

    /**
     * Only those that somebody is to answer: assigned to them, to one of their groups or to anybody, and not withheld from them
     * ({@link io.flowscript.core.runtime.Question#notBy}).
     *
     * @param who somebody
     * @return the query
     */
    public InboxQuery meantFor(Identity who) {
        InboxQuery changed = new InboxQuery(this);
        changed.meantFor = who;
        return changed;
    }

    /**
     * Only those of one execution.
     *
     * @param id its id, 1 to {@value #MAX_TEXT} characters
     * @return the query
     * @throws FlowScriptException with code {@code invalid_query}
     */
    public InboxQuery execution(String id) {
        InboxQuery changed = new InboxQuery(this);
        changed.executionId = checked(id, "the id of an execution");
        return changed;
    }

    /**
     * Only those of one workflow.
     *
     * @param id its id, 1 to {@value #MAX_TEXT} characters
     * @return the query
     * @throws FlowScriptException with code {@code invalid_query}
     */
    public InboxQuery workflow(String id) {
        InboxQuery changed = new InboxQuery(this);
        changed.workflowId = checked(id, "the id of a workflow");
        return changed;
    }

    /**
     * Only those that a node of this name asks.
     *
     * @param name its stable name, 1 to {@value #MAX_TEXT} characters
     * @return the query
     * @throws FlowScriptException with code {@code invalid_query}
     */
    public InboxQuery node(String name) {
        InboxQuery changed = new InboxQuery(this);
        changed.nodeName = checked(name, "the name of a node");
        return changed;
    }

    /**
     * Only those that were asked before a time.
     *
     * @param time when, exclusive
     * @return the query
     */
    public InboxQuery requestedBefore(Instant time) {
        InboxQuery changed = new InboxQuery(this);
        changed.requestedBefore = time;
        return changed;
    }

    /**
     * Only those that were asked after a time.
     *
     * @param time when, exclusive
     * @return the query
     */
    public InboxQuery requestedAfter(Instant time) {
        InboxQuery changed = new InboxQuery(this);
        changed.requestedAfter = time;
        return changed;
    }

    /**
     * Only those with a deadline before a time. Fast when they are sorted by it.
     *
     * @param time when, exclusive
     * @return the query
     */
    public InboxQuery deadlineBefore(Instant time) {
        InboxQuery changed = new InboxQuery(this);
        changed.deadlineBefore = time;
        return changed;
    }

    /**
     * Only those in which a text is found, whatever the case of its letters: in the name of the node, the reason, the title and the
     * description of the form (of its schema or its hints), and in the texts among the values that are shown with it.
     *
     * @param part 1 to {@value #MAX_TEXT} characters
     * @return the query
     * @throws FlowScriptException with code {@code invalid_query}
     */
    public InboxQuery containing(String part) {
        InboxQuery changed = new InboxQuery(this);
        changed.text = checked(part, "a text to look for");
        return changed;
    }

    /**
     * Only those that are open and that nobody has seen ({@link Inbox#seenBy}).
     *
     * @return the query
     */
    public InboxQuery unseen() {
        InboxQuery changed = new InboxQuery(this);
        changed.unseen = true;
        return changed;
    }

    /**
     * In this order.
     *
     * @param how the order
     * @return the query
     */
    public InboxQuery sorted(Order how) {
        InboxQuery changed = new InboxQuery(this);
        changed.order = how;
        return changed;
    }

    Set<Status> statuses() {
        return statuses;
    }

    @Nullable
    String assignee() {
        return assignee;
    }

    @Nullable
    String group() {
        return group;
    }

    @Nullable
    String claimedBy() {
        return claimedBy;
    }

    @Nullable
    Identity meantFor() {
        return meantFor;
    }

    @Nullable
    String executionId() {
        return executionId;
    }

    @Nullable
    String workflowId() {
        return workflowId;
    }

    @Nullable
    Instant requestedBefore() {
        return requestedBefore;
    }

    @Nullable
    Instant requestedAfter() {
        return requestedAfter;
    }

    @Nullable
    Instant deadlineBefore() {
        return deadlineBefore;
    }

    @Nullable
    String text() {
        return text;
    }

    Order order() {
        return order;
    }

    /** Whether nothing narrows it down but a status and what is named by one of the indexes. */
    boolean isOnlyIndexed() {
        int indexed = (assignee == null ? 0 : 1)
                + (group == null ? 0 : 1)
                + (claimedBy == null ? 0 : 1)
                + (workflowId == null ? 0 : 1);
        return indexed <= 1
                && meantFor == null
                && executionId == null
                && nodeName == null
                && requestedBefore == null
                && requestedAfter == null
                && deadlineBefore == null
                && text == null
                && !unseen;
    }

    /** Whether an interaction fits, but for the text, which costs more. */
    boolean fits(Item item) {
        Interaction interaction = item.interaction();
        return statuses.contains(interaction.status())
                && (executionId == null
                        || executionId.equals(interaction.token().executionId()))
                && (workflowId == null || workflowId.equals(interaction.workflowId()))
                && (nodeName == null || nodeName.equals(interaction.nodeName()))
                && (!unseen || item.isUnseen())
                && isTheirs(interaction)
                && isInTime(interaction);
    }

    private boolean isTheirs(Interaction interaction) {
        Interaction.Claim claim = interaction.claim();
        return (assignee == null || interaction.assignment().people().contains(assignee))
                && (group == null || interaction.assignment().groups().contains(group))
                && (claimedBy == null || (claim != null && claimedBy.equals(claim.by())))
                && (meantFor == null || isFor(meantFor, interaction));
    }

    private static boolean isFor(Identity who, Interaction interaction) {
        return interaction.assignment().includes(who)
                && (interaction.question() == null
                        || !interaction.question().excluded().contains(who.name()));
    }

    private boolean isInTime(Interaction interaction) {
        Instant deadline = interaction.deadline();
        return (requestedBefore == null || interaction.requestedAt().isBefore(requestedBefore))
                && (requestedAfter == null || interaction.requestedAt().isAfter(requestedAfter))
                && (deadlineBefore == null || (deadline != null && deadline.isBefore(deadlineBefore)));
    }

    private static String checked(String text, String what) {
        if (text.isEmpty() || text.length() > MAX_TEXT) {
            throw new FlowScriptException(
                    "invalid_query", what + " has 1 to " + MAX_TEXT + " characters, not " + text.length());
        }
        return text;
    }
}
