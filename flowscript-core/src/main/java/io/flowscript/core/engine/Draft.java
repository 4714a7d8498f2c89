package io.flowscript.core.engine;

import io.flowscript.core.Assignment;
import io.flowscript.core.engine.ExecutionSnapshot.LoopFrame;
import io.flowscript.core.engine.ExecutionSnapshot.Visit;
import io.flowscript.core.event.Event;
import io.flowscript.core.event.HumanEvent;
import io.flowscript.core.event.WorkflowEvent;
import io.flowscript.core.interaction.Interaction;
import io.flowscript.core.interaction.Interaction.Claim;
import io.flowscript.core.interaction.Interaction.Reply;
import io.flowscript.core.interaction.Interaction.Status;
import io.flowscript.core.runtime.PauseToken;
import io.flowscript.core.runtime.Question;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The next snapshot while it is being made, the events that lead to it, and whether a node is to be called then. Thrown
 * away when something goes wrong, so a snapshot is never half made. For one thread.
 */
final class Draft {

    final Instant now;
    final List<Event> events = new ArrayList<>(4);

    ExecutionStatus status;
    int position;
    List<LoopFrame> frames;
    Map<String, @Nullable Object> state;

    @Nullable
    Object previous;

    @Nullable
    Visit visit;

    List<Interaction> open;
    List<Interaction> closed;
    long visits;
    long steps;

    @Nullable
    ExecutionResult result;

    /** The node of the visit is to be called. */
    boolean call;

    /** The call that was under way, if there was one, is over: what its node still says is not heard. */
    boolean over;

    private final ExecutionSnapshot from;
    private final int remembered;
    private final Duration worked;

    /**
     * A draft that begins as a copy.
     *
     * @param worked how long the node has worked since the snapshot was made
     * @param remembered how many closed questions are kept
     */
    Draft(ExecutionSnapshot from, Instant now, Duration worked, int remembered) {
        this.from = from;
        this.now = now;
        this.remembered = remembered;
        this.worked = from.worked().plus(worked);
        status = from.status();
        position = from.position();
        frames = from.frames();
        state = from.state();
        previous = from.previous();
        Visit open = from.visit();
        visit = open == null || worked.isZero()
                ? open
                : worked(open, open.worked().plus(worked));
        this.open = from.open();
        closed = from.closed();
        visits = from.visits();
        steps = from.steps();
        result = from.result();
    }

    String workflowId() {
        return from.workflowId();
    }

    Visit visit() {
        return Objects.requireNonNull(visit, "no visit is under way");
    }

    ExecutionSnapshot seal(long seq, Instant lastEventAt) {
        return new ExecutionSnapshot(
                from.executionId(),
                from.workflowId(),
                from.definitionHash(),
                status,
                position,
                frames,
                state,
                previous,
                visit,
                open,
                closed,
                visits,
                steps,
                worked,
                from.createdAt(),
                result,
                from.epoch(),
                seq,
                lastEventAt);
    }

    /** Opens a pause, with a question or without one. */
    void open(Interaction pause) {
        status = ExecutionStatus.PAUSED;
        PauseToken token = pause.token();
        Question question = pause.question();
        events.add(new WorkflowEvent.Paused(
                token.nodeId(), pause.nodeName(), token.tokenId(), question == null ? null : question.reason()));
        HumanEvent.Info info = pause.info();
        if (info != null) {
            events.add(new HumanEvent.InputRequired(token.nodeId(), token.tokenId(), info));
        }
        Interaction asked = new InteractionDraft(pause).asked(from.seq() + events.size());
        open = List.copyOf(InteractionDraft.with(open, asked, Integer.MAX_VALUE));
    }

    /** Changes a pause that stays open; gives it as it is then. */
    Interaction change(Interaction pause, InteractionDraft to, HumanEvent event, @Nullable String by) {
        List<Interaction> changed = new ArrayList<>(open);
        Interaction next = to.seal(event.type(), now, by);
        changed.set(open.indexOf(pause), next);
        open = List.copyOf(changed);
        events.add(event);
        return next;
    }

    /** A pause as it is once a claim that is past its time has lapsed, whether or not its alarm has rung. */
    Interaction lapse(Interaction pause) {
        Claim claim = pause.claim();
        return claim == null || !Deadlines.isPast(claim.until(), now) ? pause : Claims.over(pause, this, claim, true);
    }

    /** Takes a vote that does not decide. */
    void voted(Interaction asked, Reply vote) {
        Interaction pause = lapse(asked);
        PauseToken token = pause.token();
        String by = Objects.requireNonNull(InteractionRules.name(vote.by()), "by");
        InteractionDraft to = new InteractionDraft(pause);
        to.replies = InteractionDraft.with(pause.replies(), vote, Integer.MAX_VALUE);
        to.release();
        change(
                pause,
                to,
                new HumanEvent.InputVoted(token.nodeId(), pause.nodeName(), token.tokenId(), by, to.replies.size()),
                by);
    }

    /** Closes a pause by an answer, with what the node is given. */
    void answered(Interaction asked, Reply reply, @Nullable Object outcome) {
        Interaction pause = lapse(asked);
        PauseToken token = pause.token();
        String by = InteractionRules.name(reply.by());
        InteractionDraft to = new InteractionDraft(pause);
        to.replies = InteractionDraft.with(pause.replies(), reply, Integer.MAX_VALUE);
        to.close(Status.ANSWERED);
        close(
                pause,
                to,
                new HumanEvent.InputReceived(token.nodeId(), pause.nodeName(), token.tokenId(), by),
                by,
                outcome);
    }

    /** Closes a pause without an answer. */
    void withdraw(Interaction pause, Status how) {
        PauseToken token = pause.token();
        String reason = how == Status.EXPIRED ? "deadline" : "cancelled";
        InteractionDraft to = new InteractionDraft(pause);
        to.close(how);
        close(
                pause,
                to,
                new HumanEvent.InputTimeout(token.nodeId(), pause.nodeName(), token.tokenId(), reason),
                null,
                null);
    }

    /** What falls due in a pause before its deadline: a claim lapses, people are reminded, or it goes on to others. */
    void fellDue(Interaction pause) {
        if (pause.claim() != null && lapse(pause).claim() == null) {
            return;
        }
        PauseToken token = pause.token();
        InteractionDraft to = new InteractionDraft(pause);
        Assignment next = pause.schedule().get(0).to();
        to.schedule = pause.schedule().subList(1, pause.schedule().size());
        if (next == null) {
            change(pause, to, new HumanEvent.InputReminded(token.nodeId(), pause.nodeName(), token.tokenId()), null);
        } else {
            to.assignment = next;
            to.release();
            change(
                    pause,
                    to,
                    new HumanEvent.InputEscalated(token.nodeId(), pause.nodeName(), token.tokenId(), next),
                    null);
        }
    }

    /** Ends the call that is under way: what it left open is withdrawn. */
    void endCall() {
        over = true;
        open.forEach(pause -> withdraw(pause, Status.CANCELLED));
    }

    /** Ends the execution, after the visit that is open was ended. */
    void end(
            ExecutionStatus how,
            @Nullable String exitSignal,
            @Nullable String error,
            @Nullable String code,
            @Nullable String nodeId) {
        over = true;
        call = false;
        visit = null;
        frames = List.of();
        previous = null;
        status = how;
        result = new ExecutionResult(how, state, exitSignal, error, code, nodeId, now);
    }

    private void close(
            Interaction pause, InteractionDraft to, HumanEvent event, @Nullable String by, @Nullable Object outcome) {
        if (pause.question() != null) {
            events.add(event);
        }
        List<Interaction> left = new ArrayList<>(open);
        left.remove(pause);
        open = List.copyOf(left);
        closed = List.copyOf(InteractionDraft.with(closed, to.seal(event.type(), now, by), remembered));
        status = open.isEmpty() ? ExecutionStatus.RUNNING : ExecutionStatus.PAUSED;
        PauseToken token = pause.token();
        events.add(new WorkflowEvent.Resumed(token.nodeId(), pause.nodeName(), token.tokenId(), outcome));
    }

    private static Visit worked(Visit visit, Duration worked) {
        return new Visit(
                visit.nodeId(),
                visit.nodeName(),
                visit.attempt(),
                visit.startedAt(),
                visit.phase(),
                visit.memo(),
                visit.answer(),
                visit.wakeAt(),
                worked,
                visit.writes());
    }
}
