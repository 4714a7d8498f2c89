package io.flowscript.core.engine;

import io.flowscript.core.Assignment;
import io.flowscript.core.event.EventType;
import io.flowscript.core.interaction.Interaction;
import io.flowscript.core.interaction.Interaction.Change;
import io.flowscript.core.interaction.Interaction.Claim;
import io.flowscript.core.interaction.Interaction.Due;
import io.flowscript.core.interaction.Interaction.Reply;
import io.flowscript.core.interaction.Interaction.Status;
import io.flowscript.core.runtime.Question;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The next form of an interaction while it is being made. For one thread. */
final class InteractionDraft {

    @Nullable
    Question question;

    Assignment assignment;
    Status status;
    List<Due> schedule;

    @Nullable
    Claim claim;

    List<Reply> replies;
    List<Map<String, @Nullable Object>> shownBefore;

    private final Interaction from;

    InteractionDraft(Interaction from) {
        this.from = from;
        question = from.question();
        assignment = from.assignment();
        status = from.status();
        schedule = from.schedule();
        claim = from.claim();
        replies = from.replies();
        shownBefore = from.shownBefore();
    }

    /** Nobody has it. */
    void release() {
        claim = null;
        status = Status.OPEN;
    }

    /** It is over. */
    void close(Status how) {
        claim = null;
        schedule = List.of();
        status = how;
    }

    /** The interaction, with what happened as the last line of its history. */
    Interaction seal(EventType what, Instant at, @Nullable String by) {
        boolean open = status == Status.OPEN || status == Status.CLAIMED;
        return seal(
                from.seq(), with(from.history(), new Change(what, at, by), Interaction.MAX_HISTORY), open ? null : at);
    }

    /** The interaction as it is when this event has asked it. */
    Interaction asked(long seq) {
        return seal(seq, from.history(), null);
    }

    private Interaction seal(long seq, List<Change> history, @Nullable Instant closedAt) {
        return new Interaction(
                from.token(),
                from.workflowId(),
                from.nodeName(),
                question,
                seq,
                from.requestedAt(),
                from.deadline(),
                assignment,
                status,
                schedule,
                claim,
                replies,
                shownBefore,
                history,
                closedAt);
    }

    /** The list with one more at its end, and without the oldest ones when it would be too long. */
    static <T> List<T> with(List<T> items, T last, int most) {
        List<T> more = new ArrayList<>(items);
        more.add(last);
        return more.subList(Math.max(0, more.size() - most), more.size());
    }
}
