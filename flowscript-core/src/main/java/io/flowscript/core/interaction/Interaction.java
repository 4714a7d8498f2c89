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
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A pause of an execution, from its beginning to its end: what is asked, of whom, until when, who took it on, who answered. Immutable: each
 * change makes a new one, and is an event in the log of the execution.
 *
 * @param token names it
 * @param workflowId the workflow of the execution
 * @param nodeName the stable name of the node that asks
 * @param question what is asked; null for a pause without a question
 * @param seq the number of the event that asked it, in the log of its execution; of that of the pause where there is no question
 * @param requestedAt when it was asked
 * @param deadline until when it can be answered, null for ever
 * @param assignment whom it is meant for now
 * @param status where it is in its life
 * @param schedule the reminders and escalations that are still to come, the next one first
 * @param claim who took it on, null while nobody has it
 * @param replies what was answered and counted: one that closed it, or the votes so far, in their order
 * @param shownBefore what was shown before it was revised, the oldest first, at most {@value #MAX_SHOWN_BEFORE}
 * @param history what happened to it since it was asked, the oldest first, the last {@value #MAX_HISTORY} changes
 * @param closedAt when it was closed, null while it is open
 * @since 0.1.0
 */
public record Interaction(
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

    /** How many changes are remembered. */
    public static final int MAX_HISTORY = 100;

    /** How many of the earlier contexts are remembered. */
    public static final int MAX_SHOWN_BEFORE = 4;

    /** Copies the lists. */
    public Interaction {
        schedule = List.copyOf(schedule);
        replies = List.copyOf(replies);
        shownBefore = List.copyOf(shownBefore);
        history = List.copyOf(history);
    }

    /** {@return whether it waits for an answer} */
    public boolean isOpen() {
        return closedAt == null;
    }

    /** {@return what a person is shown of it now; null for a pause without a question} */
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
