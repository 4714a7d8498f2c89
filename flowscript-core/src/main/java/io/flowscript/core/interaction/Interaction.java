package io.flowscript.core.interaction;

import io.flowscript.core.Assignment;
import io.flowscript.core.Identity;
import io.flowscript.core.event.EventType;
import io.flowscript.core.event.HumanEvent;
import io.flowscript.core.json.Json;
import io.flowscript.core.runtime.PauseToken;
import io.flowscript.core.runtime.Question;
import io.flowscript.core.runtime.Quorum;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A request of an execution to people, and its history: the question, the assignment, the deadline, the claim and the
 * answers. Immutable. Each change creates a new object and appends an event to the log of the execution.
 *
 * <p>Only the engine and code that loads snapshots from storage need the {@link #builder}. Two interactions with
 * equal values are equal. Safe for use by any thread.
 *
 * @since 0.1.0
 */
public final class Interaction {

    /** The largest number of changes that {@link #history} holds. */
    public static final int MAX_HISTORY = 100;

    /** The largest number of earlier contexts that {@link #shownBefore} holds. */
    public static final int MAX_SHOWN_BEFORE = 4;

    private final PauseToken token;
    private final String workflowId;
    private final String nodeName;
    private final @Nullable String step;
    private final @Nullable Question question;
    private final long seq;
    private final Instant requestedAt;
    private final @Nullable Instant deadline;
    private final Assignment assignment;
    private final Status status;
    private final List<Due> schedule;
    private final @Nullable Claim claim;
    private final List<Reply> replies;
    private final List<Map<String, @Nullable Object>> shownBefore;
    private final List<Change> history;
    private final List<String> seenBy;
    private final @Nullable Instant closedAt;

    private Interaction(
            PauseToken token,
            String workflowId,
            String nodeName,
            @Nullable String step,
            @Nullable Question question,
            long seq,
            Instant requestedAt,
            @Nullable Instant deadline,
            Assignment assignment,
            Status status,
            List<Due> schedule,
            @Nullable Claim claim,
            List<Reply> replies,
            List<Map<String, @Nullable Object>> shownBefore,
            List<Change> history,
            List<String> seenBy,
            @Nullable Instant closedAt) {
        this.token = token;
        this.workflowId = workflowId;
        this.nodeName = nodeName;
        this.step = step;
        this.question = question;
        this.seq = seq;
        this.requestedAt = requestedAt;
        this.deadline = deadline;
        this.assignment = assignment;
        this.status = status;
        this.schedule = List.copyOf(schedule);
        this.claim = claim;
        this.replies = List.copyOf(replies);
        this.shownBefore = List.copyOf(shownBefore);
        this.history = List.copyOf(history);
        this.seenBy = List.copyOf(seenBy);
        this.closedAt = closedAt;
    }

    /**
     * Returns a builder for an interaction.
     *
     * @return a builder. {@code token}, {@code workflowId}, {@code nodeName} and {@code requestedAt} must be set. The
     *     defaults describe an open interaction for anybody, without a question.
     */
    public static Builder builder() {
        return new Builder();
    }

    /** {@return a builder with all values of this interaction} */
    public Builder toBuilder() {
        return new Builder(this);
    }

    /** {@return the token that identifies the interaction} */
    public PauseToken token() {
        return token;
    }

    /** {@return the id of the workflow} */
    public String workflowId() {
        return workflowId;
    }

    /** {@return the name of the node that asks} */
    public String nodeName() {
        return nodeName;
    }

    /**
     * {@return the id of the step of the workflow's graph that asks; null for an interaction that was stored without it}
     */
    public @Nullable String step() {
        return step;
    }

    /** {@return the question; null for an interaction without a question} */
    public @Nullable Question question() {
        return question;
    }

    /**
     * {@return the sequence number of the event that opened the interaction, in the log of its execution; 0 before that event}
     */
    public long seq() {
        return seq;
    }

    /** {@return the time at which the interaction was opened} */
    public Instant requestedAt() {
        return requestedAt;
    }

    /** {@return the deadline for the answer; null for none} */
    public @Nullable Instant deadline() {
        return deadline;
    }

    /** {@return the people and groups that the interaction is assigned to now} */
    public Assignment assignment() {
        return assignment;
    }

    /** {@return the status} */
    public Status status() {
        return status;
    }

    /** {@return the reminders and escalations still due, the next one first} */
    public List<Due> schedule() {
        return schedule;
    }

    /** {@return the current claim; null when nobody holds one} */
    public @Nullable Claim claim() {
        return claim;
    }

    /**
     * Returns when something happens to this interaction without a command: its deadline, the end of its claim, or the next
     * entry of its schedule, whichever is first.
     *
     * @return the time; null when nothing is due
     */
    public @Nullable Instant dueAt() {
        Instant due = earlier(deadline, claim == null ? null : claim.until());
        return schedule.isEmpty() ? due : earlier(due, schedule.get(0).at());
    }

    private static @Nullable Instant earlier(@Nullable Instant one, @Nullable Instant other) {
        if (one == null || other == null) {
            return one == null ? other : one;
        }
        return other.isBefore(one) ? other : one;
    }

    /** {@return the accepted answers: the one that closed the interaction, or the votes so far in their order} */
    public List<Reply> replies() {
        return replies;
    }

    /**
     * {@return the data that was shown before each revision, the oldest first, at most {@value #MAX_SHOWN_BEFORE}
     * entries}
     */
    public List<Map<String, @Nullable Object>> shownBefore() {
        return shownBefore;
    }

    /**
     * {@return the latest changes since the interaction was opened, the oldest first, at most {@value #MAX_HISTORY}}
     */
    public List<Change> history() {
        return history;
    }

    /**
     * Returns who has seen the interaction. Claiming it or voting on it counts as seeing it.
     *
     * @return the names, in the order in which they saw it first; empty when it is closed
     */
    public List<String> seenBy() {
        return seenBy;
    }

    /** {@return the time at which the interaction was closed; null while it is open} */
    public @Nullable Instant closedAt() {
        return closedAt;
    }

    /** {@return whether the interaction waits for an answer} */
    public boolean isOpen() {
        return closedAt == null;
    }

    /** {@return whether the interaction waits for an answer, and nobody has seen it} */
    public boolean isUnseen() {
        return isOpen() && seenBy.isEmpty();
    }

    /** {@return what people are shown of the interaction now; null without a question} */
    public HumanEvent.@Nullable Info info() {
        Question asked = question;
        if (asked == null) {
            return null;
        }
        Quorum quorum = asked.quorum();
        return new HumanEvent.Info(
                nodeName,
                asked.schema(),
                asked.uiHints(),
                asked.context(),
                asked.defaults(),
                requestedAt,
                deadline,
                assignment,
                quorum == null ? null : Map.of("field", quorum.field(), "needed", quorum.needed()));
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return this == other
                || (other instanceof Interaction that && token.equals(that.token) && fields().equals(that.fields()));
    }

    @Override
    public int hashCode() {
        return token.hashCode();
    }

    @Override
    public String toString() {
        return "Interaction" + fields();
    }

    /** All values by name, for {@code equals} and {@code toString}. */
    private Map<String, @Nullable Object> fields() {
        Map<String, @Nullable Object> fields = new LinkedHashMap<>();
        fields.put("token", token);
        fields.put("workflowId", workflowId);
        fields.put("nodeName", nodeName);
        fields.put("step", step);
        fields.put("question", question);
        fields.put("seq", seq);
        fields.put("requestedAt", requestedAt);
        fields.put("deadline", deadline);
        fields.put("assignment", assignment);
        fields.put("status", status);
        fields.put("schedule", schedule);
        fields.put("claim", claim);
        fields.put("replies", replies);
        fields.put("shownBefore", shownBefore);
        fields.put("history", history);
        fields.put("seenBy", seenBy);
        fields.put("closedAt", closedAt);
        return fields;
    }

    /**
     * Builds interactions. For use by one thread.
     *
     * @since 0.1.0
     */
    public static final class Builder {

        private @Nullable PauseToken token;
        private @Nullable String workflowId;
        private @Nullable String nodeName;
        private @Nullable String step;
        private @Nullable Question question;
        private long seq;
        private @Nullable Instant requestedAt;
        private @Nullable Instant deadline;
        private Assignment assignment = Assignment.ANYBODY;
        private Status status = Status.OPEN;
        private List<Due> schedule = List.of();
        private @Nullable Claim claim;
        private List<Reply> replies = List.of();
        private List<Map<String, @Nullable Object>> shownBefore = List.of();
        private List<Change> history = List.of();
        private List<String> seenBy = List.of();
        private @Nullable Instant closedAt;

        private Builder() {}

        private Builder(Interaction from) {
            token = from.token;
            workflowId = from.workflowId;
            nodeName = from.nodeName;
            step = from.step;
            question = from.question;
            seq = from.seq;
            requestedAt = from.requestedAt;
            deadline = from.deadline;
            assignment = from.assignment;
            status = from.status;
            schedule = from.schedule;
            claim = from.claim;
            replies = from.replies;
            shownBefore = from.shownBefore;
            history = from.history;
            seenBy = from.seenBy;
            closedAt = from.closedAt;
        }

        /**
         * Sets {@link Interaction#token}.
         *
         * @param value the token that identifies the interaction
         * @return this builder
         */
        public Builder token(PauseToken value) {
            token = value;
            return this;
        }

        /**
         * Sets {@link Interaction#workflowId}.
         *
         * @param value the id of the workflow
         * @return this builder
         */
        public Builder workflowId(String value) {
            workflowId = value;
            return this;
        }

        /**
         * Sets {@link Interaction#nodeName}.
         *
         * @param value the name of the node that asks
         * @return this builder
         */
        public Builder nodeName(String value) {
            nodeName = value;
            return this;
        }

        /**
         * Sets {@link Interaction#step}.
         *
         * @param value the id of the step that asks; null when it is not known
         * @return this builder
         */
        public Builder step(@Nullable String value) {
            step = value;
            return this;
        }

        /**
         * Sets {@link Interaction#question}.
         *
         * @param value the question; null for an interaction without a question
         * @return this builder
         */
        public Builder question(@Nullable Question value) {
            question = value;
            return this;
        }

        /**
         * Sets {@link Interaction#seq}.
         *
         * @param value the sequence number of the event that opened the interaction, in the log of its execution; 0
         *     before that event
         * @return this builder
         */
        public Builder seq(long value) {
            seq = value;
            return this;
        }

        /**
         * Sets {@link Interaction#requestedAt}.
         *
         * @param value the time at which the interaction was opened
         * @return this builder
         */
        public Builder requestedAt(Instant value) {
            requestedAt = value;
            return this;
        }

        /**
         * Sets {@link Interaction#deadline}.
         *
         * @param value the deadline for the answer; null for none
         * @return this builder
         */
        public Builder deadline(@Nullable Instant value) {
            deadline = value;
            return this;
        }

        /**
         * Sets {@link Interaction#assignment}.
         *
         * @param value the people and groups that the interaction is assigned to now
         * @return this builder
         */
        public Builder assignment(Assignment value) {
            assignment = value;
            return this;
        }

        /**
         * Sets {@link Interaction#status}.
         *
         * @param value the status
         * @return this builder
         */
        public Builder status(Status value) {
            status = value;
            return this;
        }

        /**
         * Sets {@link Interaction#schedule}.
         *
         * @param value the reminders and escalations still due, the next one first
         * @return this builder
         */
        public Builder schedule(List<Due> value) {
            schedule = value;
            return this;
        }

        /**
         * Sets {@link Interaction#claim}.
         *
         * @param value the current claim; null when nobody holds one
         * @return this builder
         */
        public Builder claim(@Nullable Claim value) {
            claim = value;
            return this;
        }

        /**
         * Sets {@link Interaction#replies}.
         *
         * @param value the accepted answers: the one that closed the interaction, or the votes so far in their order
         * @return this builder
         */
        public Builder replies(List<Reply> value) {
            replies = value;
            return this;
        }

        /**
         * Sets {@link Interaction#shownBefore}.
         *
         * @param value the data that was shown before each revision, the oldest first, at most
         *     {@value #MAX_SHOWN_BEFORE} entries
         * @return this builder
         */
        public Builder shownBefore(List<Map<String, @Nullable Object>> value) {
            shownBefore = value;
            return this;
        }

        /**
         * Sets {@link Interaction#history}.
         *
         * @param value the latest changes since the interaction was opened, the oldest first, at most
         *     {@value #MAX_HISTORY}
         * @return this builder
         */
        public Builder history(List<Change> value) {
            history = value;
            return this;
        }

        /**
         * Sets {@link Interaction#seenBy}.
         *
         * @param value the names of those who have seen the interaction, in the order in which they saw it first
         * @return this builder
         */
        public Builder seenBy(List<String> value) {
            seenBy = value;
            return this;
        }

        /**
         * Sets {@link Interaction#closedAt}.
         *
         * @param value the time at which the interaction was closed; null while it is open
         * @return this builder
         */
        public Builder closedAt(@Nullable Instant value) {
            closedAt = value;
            return this;
        }

        /**
         * Builds the interaction.
         *
         * @return an interaction with the values that were set
         * @throws NullPointerException when a required value is missing
         */
        public Interaction build() {
            return new Interaction(
                    Objects.requireNonNull(token, "token"),
                    Objects.requireNonNull(workflowId, "workflowId"),
                    Objects.requireNonNull(nodeName, "nodeName"),
                    step,
                    question,
                    seq,
                    Objects.requireNonNull(requestedAt, "requestedAt"),
                    deadline,
                    assignment,
                    status,
                    schedule,
                    claim,
                    replies,
                    shownBefore,
                    history,
                    seenBy,
                    closedAt);
        }
    }

    /** The status of an interaction. */
    public enum Status {
        /** It waits for an answer, and nobody has claimed it. */
        OPEN,
        /** It waits for the answer of the person who claimed it. */
        CLAIMED,
        /** It was closed by an answer. */
        ANSWERED,
        /** It was closed by its deadline. */
        EXPIRED,
        /** It was cancelled, or its execution ended without an answer. */
        CANCELLED
    }

    /**
     * A person's exclusive right to answer, for a limited time.
     *
     * @param by the name of the person
     * @param until the time at which the claim ends
     */
    public record Claim(String by, Instant until) {}

    /**
     * A reminder or an escalation that is due while the interaction is open.
     *
     * @param at the time
     * @param to the people and groups of an escalation; null for a reminder
     */
    public record Due(Instant at, @Nullable Assignment to) {}

    /**
     * An accepted answer.
     *
     * @param by the identity of the person who gave it; null when it is not known
     * @param at the time
     * @param idempotencyKey the idempotency key of the answer, or null
     * @param data the answer if it is a vote or has an idempotency key; otherwise null, because the log holds it
     */
    public record Reply(
            @Nullable Identity by,
            Instant at,
            @Nullable String idempotencyKey,
            @Nullable Object data) {
        /**
         * Freezes the data.
         *
         * @param by the identity of the person who gave it; null when it is not known
         * @param at the time
         * @param idempotencyKey the idempotency key of the answer, or null
         * @param data the answer if it is a vote or has an idempotency key; otherwise null, because the log holds it
         */
        public Reply {
            data = Json.freeze(data);
        }
    }

    /**
     * One entry of the history.
     *
     * @param what the type of the event that recorded the change
     * @param at the time
     * @param by the name of the person who made the change; null when the clock triggered it or the person is not known
     */
    public record Change(
            EventType what, Instant at, @Nullable String by) {}
}
