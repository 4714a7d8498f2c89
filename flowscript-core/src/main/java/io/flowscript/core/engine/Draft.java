package io.flowscript.core.engine;

import io.flowscript.core.Identity;
import io.flowscript.core.engine.ExecutionSnapshot.ClosedQuestion;
import io.flowscript.core.engine.ExecutionSnapshot.Closing;
import io.flowscript.core.engine.ExecutionSnapshot.LoopFrame;
import io.flowscript.core.engine.ExecutionSnapshot.Visit;
import io.flowscript.core.event.Event;
import io.flowscript.core.event.HumanEvent;
import io.flowscript.core.event.WorkflowEvent;
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

    List<OpenQuestion> open;
    List<ClosedQuestion> closed;
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
    void open(PauseToken token, String nodeName, @Nullable Question question) {
        Duration within = question == null ? null : question.within();
        Instant deadline = within == null ? null : now.plus(within);
        List<OpenQuestion> more = new ArrayList<>(open);
        more.add(new OpenQuestion(token, nodeName, question, now, deadline));
        open = List.copyOf(more);
        status = ExecutionStatus.PAUSED;
        events.add(
                new WorkflowEvent.Paused(token.nodeId(), token.tokenId(), question == null ? null : question.reason()));
        if (question != null) {
            events.add(new HumanEvent.InputRequired(
                    token.nodeId(),
                    token.tokenId(),
                    new HumanEvent.Info(
                            nodeName,
                            question.schema(),
                            question.uiHints(),
                            question.context(),
                            question.defaults(),
                            now,
                            deadline,
                            question.assignees())));
        }
    }

    /** Closes a pause by an answer. */
    void answered(OpenQuestion pause, @Nullable Object answer, AnswerOptions options) {
        Identity by = options.by();
        String key = options.idempotencyKey();
        PauseToken token = pause.token();
        if (pause.question() != null) {
            events.add(new HumanEvent.InputReceived(token.nodeId(), token.tokenId(), by == null ? null : by.name()));
        }
        // Only a repeated key is ever compared with the answer that counted.
        close(pause, new ClosedQuestion(token, Closing.ANSWERED, by, now, key, key == null ? null : answer), answer);
    }

    /** Closes a pause without an answer. */
    void withdraw(OpenQuestion pause, Closing how) {
        PauseToken token = pause.token();
        if (pause.question() != null) {
            String reason = how == Closing.EXPIRED ? "deadline" : "cancelled";
            events.add(new HumanEvent.InputTimeout(token.nodeId(), token.tokenId(), reason));
        }
        close(pause, new ClosedQuestion(token, how, null, now, null, null), null);
    }

    /** Ends the call that is under way: what it left open is withdrawn. */
    void endCall() {
        over = true;
        open.forEach(pause -> withdraw(pause, Closing.CANCELLED));
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

    private void close(OpenQuestion pause, ClosedQuestion how, @Nullable Object answer) {
        List<OpenQuestion> left = new ArrayList<>(open);
        left.remove(pause);
        open = List.copyOf(left);
        List<ClosedQuestion> more = new ArrayList<>(closed);
        more.add(how);
        closed = List.copyOf(more.subList(Math.max(0, more.size() - remembered), more.size()));
        status = open.isEmpty() ? ExecutionStatus.RUNNING : ExecutionStatus.PAUSED;
        events.add(new WorkflowEvent.Resumed(how.token().nodeId(), how.token().tokenId(), answer));
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
