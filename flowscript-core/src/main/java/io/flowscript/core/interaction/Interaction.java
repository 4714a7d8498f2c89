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
 * What an execution asks of people, from its beginning to its end: what is asked, of whom, until when, who took it on, who answered. Immutable: each
 * change makes a new one, and is an event in the log of the execution.
 *
 * <p>Only the engine and what reads a snapshot back from storage need the {@link #builder}. Two interactions with equal values are equal.
 *
 * @since 0.1.0
 */
public final class Interaction {

    /** How many changes are remembered. */
    public static final int MAX_HISTORY = 100;

    /** How many of the earlier contexts are remembered. */
    public static final int MAX_SHOWN_BEFORE = 4;

    private final PauseToken token;
    private final String workflowId;
    private final String nodeName;
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
    private final @Nullable Instant closedAt;

    private Interaction(
            PauseToken token,
            String workflowId,
            String nodeName,
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
            @Nullable Instant closedAt) {
        this.token = token;
        this.workflowId = workflowId;
        this.nodeName = nodeName;
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
        this.closedAt = closedAt;
    }

    /**
     * Begins an interaction.
     *
     * @return a builder; {@code token}, {@code workflowId}, {@code nodeName} and {@code requestedAt} must be set, the rest is an open interaction for anybody, without a question
     */
    public static Builder builder() {
        return new Builder();
    }

    /** {@return a builder that begins with everything this interaction holds} */
    public Builder toBuilder() {
        return new Builder(this);
    }

    /** {@return the token that names it} */
    public PauseToken token() {
        return token;
    }

    /** {@return the workflow of the execution} */
    public String workflowId() {
        return workflowId;
    }

    /** {@return the stable name of the node that asks} */
    public String nodeName() {
        return nodeName;
    }

    /** {@return what is asked; null for an interaction without a question} */
    public @Nullable Question question() {
        return question;
    }

    /** {@return the number of the event that asked it in the log of its execution; without a question, of the event that paused it; 0 before that event} */
    public long seq() {
        return seq;
    }

    /** {@return when it was asked} */
    public Instant requestedAt() {
        return requestedAt;
    }

    /** {@return until when it can be answered, null for ever} */
    public @Nullable Instant deadline() {
        return deadline;
    }

    /** {@return whom it is meant for now} */
    public Assignment assignment() {
        return assignment;
    }

    /** {@return where it is in its life} */
    public Status status() {
        return status;
    }

    /** {@return the reminders and escalations that are still to come, the next one first} */
    public List<Due> schedule() {
        return schedule;
    }

    /** {@return who took it on, null while nobody has it} */
    public @Nullable Claim claim() {
        return claim;
    }

    /** {@return the answers that counted: the one that closed it, or the votes so far in their order} */
    public List<Reply> replies() {
        return replies;
    }

    /** {@return what was shown before it was revised, the oldest first, at most {@value #MAX_SHOWN_BEFORE}} */
    public List<Map<String, @Nullable Object>> shownBefore() {
        return shownBefore;
    }

    /** {@return what happened to it since it was asked, the oldest first, the last {@value #MAX_HISTORY} changes} */
    public List<Change> history() {
        return history;
    }

    /** {@return when it was closed, null while it is open} */
    public @Nullable Instant closedAt() {
        return closedAt;
    }

    /** {@return whether it waits for an answer} */
    public boolean isOpen() {
        return closedAt == null;
    }

    /** {@return what a person is shown of it now; null without a question} */
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

    /** Everything by its name, for what looks at all of it. */
    private Map<String, @Nullable Object> fields() {
        Map<String, @Nullable Object> fields = new LinkedHashMap<>();
        fields.put("token", token);
        fields.put("workflowId", workflowId);
        fields.put("nodeName", nodeName);
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
        fields.put("closedAt", closedAt);
        return fields;
    }

    /**
     * Makes interactions. For use by one thread.
     *
     * @since 0.1.0
     */
    public static final class Builder {

        private @Nullable PauseToken token;
        private @Nullable String workflowId;
        private @Nullable String nodeName;
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
        private @Nullable Instant closedAt;

        private Builder() {}

        private Builder(Interaction from) {
            token = from.token;
            workflowId = from.workflowId;
            nodeName = from.nodeName;
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
            closedAt = from.closedAt;
        }

        /**
         * Sets {@link Interaction#token}.
         *
         * @param value the token that names it
         * @return this builder
         */
        public Builder token(PauseToken value) {
            token = value;
            return this;
        }

        /**
         * Sets {@link Interaction#workflowId}.
         *
         * @param value the workflow of the execution
         * @return this builder
         */
        public Builder workflowId(String value) {
            workflowId = value;
            return this;
        }

        /**
         * Sets {@link Interaction#nodeName}.
         *
         * @param value the stable name of the node that asks
         * @return this builder
         */
        public Builder nodeName(String value) {
            nodeName = value;
            return this;
        }

        /**
         * Sets {@link Interaction#question}.
         *
         * @param value what is asked; null for an interaction without a question
         * @return this builder
         */
        public Builder question(@Nullable Question value) {
            question = value;
            return this;
        }

        /**
         * Sets {@link Interaction#seq}.
         *
         * @param value the number of the event that asked it in the log of its execution; without a question, of the event that paused it; 0 before that event
         * @return this builder
         */
        public Builder seq(long value) {
            seq = value;
            return this;
        }

        /**
         * Sets {@link Interaction#requestedAt}.
         *
         * @param value when it was asked
         * @return this builder
         */
        public Builder requestedAt(Instant value) {
            requestedAt = value;
            return this;
        }

        /**
         * Sets {@link Interaction#deadline}.
         *
         * @param value until when it can be answered, null for ever
         * @return this builder
         */
        public Builder deadline(@Nullable Instant value) {
            deadline = value;
            return this;
        }

        /**
         * Sets {@link Interaction#assignment}.
         *
         * @param value whom it is meant for now
         * @return this builder
         */
        public Builder assignment(Assignment value) {
            assignment = value;
            return this;
        }

        /**
         * Sets {@link Interaction#status}.
         *
         * @param value where it is in its life
         * @return this builder
         */
        public Builder status(Status value) {
            status = value;
            return this;
        }

        /**
         * Sets {@link Interaction#schedule}.
         *
         * @param value the reminders and escalations that are still to come, the next one first
         * @return this builder
         */
        public Builder schedule(List<Due> value) {
            schedule = value;
            return this;
        }

        /**
         * Sets {@link Interaction#claim}.
         *
         * @param value who took it on, null while nobody has it
         * @return this builder
         */
        public Builder claim(@Nullable Claim value) {
            claim = value;
            return this;
        }

        /**
         * Sets {@link Interaction#replies}.
         *
         * @param value the answers that counted: the one that closed it, or the votes so far in their order
         * @return this builder
         */
        public Builder replies(List<Reply> value) {
            replies = value;
            return this;
        }

        /**
         * Sets {@link Interaction#shownBefore}.
         *
         * @param value what was shown before it was revised, the oldest first, at most {@value #MAX_SHOWN_BEFORE}
         * @return this builder
         */
        public Builder shownBefore(List<Map<String, @Nullable Object>> value) {
            shownBefore = value;
            return this;
        }

        /**
         * Sets {@link Interaction#history}.
         *
         * @param value what happened to it since it was asked, the oldest first, the last {@value #MAX_HISTORY} changes
         * @return this builder
         */
        public Builder history(List<Change> value) {
            history = value;
            return this;
        }

        /**
         * Sets {@link Interaction#closedAt}.
         *
         * @param value when it was closed, null while it is open
         * @return this builder
         */
        public Builder closedAt(@Nullable Instant value) {
            closedAt = value;
            return this;
        }

        /**
         * Makes an interaction.
         *
         * @return an interaction of what was set
         * @throws NullPointerException when something that must be set is missing
         */
        public Interaction build() {
            return new Interaction(
                    Objects.requireNonNull(token, "token"),
                    Objects.requireNonNull(workflowId, "workflowId"),
                    Objects.requireNonNull(nodeName, "nodeName"),
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
                    closedAt);
        }
    }

    /** Where an interaction is in its life. */
    public enum Status {
        /** It waits for an answer, and nobody has taken it on. */
        OPEN,
        /** It waits for the answer of somebody who has taken it on. */
        CLAIMED,
        /** It was answered. */
        ANSWERED,
        /** Its deadline passed. */
        EXPIRED,
        /** It was withdrawn, or its execution ended otherwise. */
        CANCELLED
    }

    /**
     * Somebody has taken it on, for a while.
     *
     * @param by the name of who
     * @param until when the claim lapses
     */
    public record Claim(String by, Instant until) {}

    /**
     * Something that is to happen while nobody answers.
     *
     * @param at when
     * @param to whom it goes on to; null for a reminder
     */
    public record Due(Instant at, @Nullable Assignment to) {}

    /**
     * An answer that counted.
     *
     * @param by who gave it; null when nobody said
     * @param at when
     * @param idempotencyKey the key that came with it, or null
     * @param data the answer, where it is one of several votes or came with a key; else null, for it is in the log
     */
    public record Reply(
            @Nullable Identity by,
            Instant at,
            @Nullable String idempotencyKey,
            @Nullable Object data) {
        public Reply {
            data = Json.freeze(data);
        }
    }

    /**
     * One line of the history.
     *
     * @param what the type of the event
     * @param at when
     * @param by the name of who did it; null when time did, or nobody said
     */
    public record Change(
            EventType what, Instant at, @Nullable String by) {}
}
