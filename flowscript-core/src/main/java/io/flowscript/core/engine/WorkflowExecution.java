package io.flowscript.core.engine;

import io.flowscript.core.FlowScriptException;
import io.flowscript.core.Identity;
import io.flowscript.core.event.CustomEvent;
import io.flowscript.core.event.Event;
import io.flowscript.core.event.EventListener;
import io.flowscript.core.event.EventType;
import io.flowscript.core.event.RecordedEvent;
import io.flowscript.core.interaction.AnswerOptions;
import io.flowscript.core.interaction.Interaction;
import io.flowscript.core.interaction.Interaction.Reply;
import io.flowscript.core.interaction.Receipt;
import io.flowscript.core.json.Json;
import io.flowscript.core.json.JsonPath;
import io.flowscript.core.json.Value;
import io.flowscript.core.log.EventLog;
import io.flowscript.core.log.memory.MemoryEventLog;
import io.flowscript.core.runtime.Ask;
import io.flowscript.core.runtime.Edge;
import io.flowscript.core.runtime.Outcome;
import io.flowscript.core.runtime.PauseToken;
import io.flowscript.core.runtime.Question;
import io.flowscript.core.runtime.Sleep;
import io.flowscript.core.text.Printable;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One execution: takes in what happens to it, one thing at a time, and does what follows from it.
 *
 * <p>Its lock is this object's monitor, held for deciding only: the {@link Interpreter} makes the next snapshot, the log takes the events, the
 * timer is set. Then the lock is let go, and what was decided is done: nodes are called, cursors woken, futures completed.
 * Locks that are taken within it: those of its attempt, its log, its clock. Reading takes none.
 */
final class WorkflowExecution implements Execution {

    private static final Logger LOGGER = System.getLogger(FlowScript.class.getName());

    /** After so many calls in a row, others get a turn on the executor. */
    private static final int BURST = 256;

    private final long number;
    private final Services services;
    private final EngineLimits limits;
    private final Interpreter interpreter;
    private final MemoryEventLog log;
    private volatile ExecutionSnapshot snapshot;

    /** The newest event that a node emitted and the snapshot does not count yet: all that it changes is the place in the log. */
    private @Nullable RecordedEvent emitted;

    /** The call that is under way or about to be; null while none is. */
    private @Nullable Attempt attempt;

    private final Deadlines deadlines;
    private @Nullable SharedFuture<ExecutionResult> result;
    private boolean halted;

    WorkflowExecution(
            long number, Services services, Interpreter interpreter, MemoryEventLog log, ExecutionSnapshot snapshot) {
        this.number = number;
        this.services = services;
        this.limits = services.limits;
        this.interpreter = interpreter;
        this.log = log;
        this.snapshot = snapshot;
        this.deadlines = new Deadlines(services.clock, limits, interpreter, this::alarmRang);
    }

    /** What was decided under the lock, to be done after it. */
    private static final class Decision {

        /** The node to call next, or null. */
        @Nullable
        Attempt call;

        /** The call that is over, or null. */
        @Nullable
        Attempt over;

        /** How it ended, if this was its end. */
        @Nullable
        ExecutionResult ended;

        /** What waits for the end, or null. */
        @Nullable
        SharedFuture<ExecutionResult> awaited;

        /** Whether there is something new for people. */
        boolean asks;
    }

    // What is read: no lock.

    @Override
    public String id() {
        return log.executionId();
    }

    @Override
    public String workflowId() {
        return log.workflowId();
    }

    @Override
    public ExecutionStatus status() {
        return snapshot().status();
    }

    @Override
    public EventLog events() {
        return log;
    }

    @Override
    public ExecutionSnapshot snapshot() {
        ExecutionSnapshot now = snapshot;
        return now.seq() >= log.latest() ? now : snapshotOfLog();
    }

    @Override
    public Value state(String path) {
        return JsonPath.parse(path).find(snapshot().state());
    }

    @Override
    public List<Interaction> interactions() {
        return snapshot().open();
    }

    Instant now() {
        return services.clock.instant();
    }

    /** Its place in the order in which executions came to be. */
    long number() {
        return number;
    }

    MemoryEventLog log() {
        return log;
    }

    /** Whoever has seen an event in the log sees what came of it: the moment between the two is within the lock. */
    private synchronized ExecutionSnapshot snapshotOfLog() {
        return caughtUp();
    }

    /** The snapshot, with what was emitted since counted in. The caller holds the lock. */
    private ExecutionSnapshot caughtUp() {
        RecordedEvent newest = emitted;
        if (newest != null) {
            emitted = null;
            snapshot = new Draft(snapshot, newest.time(), Duration.ZERO, 0).seal(newest.seq(), newest.time());
        }
        return snapshot;
    }

    // What the application does.

    /** Begins it, or goes on with one that was written down. To be called once. */
    void begin() {
        if (snapshot.status().isEnded()) {
            log.close();
            services.keeper.ended(this);
            return;
        }
        submit(() -> {
            Decision decision;
            synchronized (this) {
                boolean isNew = snapshot.status() == ExecutionStatus.PENDING;
                decision = decide(true, isNew ? interpreter::begin : interpreter::restored);
            }
            drive(act(decision));
        });
    }

    @Override
    public synchronized CompletableFuture<ExecutionResult> result() {
        if (result != null) {
            return result;
        }
        SharedFuture<ExecutionResult> end = new SharedFuture<>();
        ExecutionResult known = snapshot.result();
        if (known != null) {
            end.succeed(known);
        } else if (halted) {
            end.fail(Engine.engineClosed());
        } else {
            result = end;
        }
        return end;
    }

    @Override
    public Subscription listen(EventListener listener, EventType... types) {
        ListenerPump pump = new ListenerPump(listener, services.executor, types);
        pump.add(log);
        return pump;
    }

    @Override
    public boolean cancel(@Nullable String reason, @Nullable Identity by) {
        Decision decision;
        synchronized (this) {
            decision = decide(true, draft -> interpreter.cancelled(draft, reason, by == null ? null : by.name()));
        }
        act(decision);
        return decision != null;
    }

    /** Answers the question of a token, or tells what became of it. */
    Receipt answer(PauseToken token, @Nullable Object answer, AnswerOptions options) {
        Submission submission = new Submission(token, answer, options);
        Decision decision;
        Receipt receipt;
        do {
            submission.check(snapshot, services.forms, limits);
            decision = take(submission);
            receipt = submission.receipt;
        } while (receipt == null);
        Attempt next = act(decision);
        if (next != null) {
            submit(() -> drive(entered(next)));
        }
        resolve(submission.waiting, receipt instanceof Receipt.Accepted ? Value.of(submission.outcome) : null);
        return receipt;
    }

    /** Decides what becomes of an answer, or leaves it undecided when something else is asked by now than what it was checked against. */
    private synchronized @Nullable Decision take(Submission submission) {
        Interaction pause = Receipts.find(snapshot.open(), submission.token);
        if (pause == null) {
            submission.receipt = Receipts.closed(snapshot, submission.token, submission.answer, submission.options);
            return null;
        }
        checkNotHalted();
        Instant now = now();
        Reply reply = submission.decide(pause, now);
        Receipt receipt = submission.receipt;
        if (receipt instanceof Receipt.Expired) {
            submission.waiting = stopWaiting(pause);
            return decide(now, false, draft -> interpreter.fellDue(draft, pause));
        }
        if (reply == null || !(receipt instanceof Receipt.Accepted accepted)) {
            return null;
        }
        if (!accepted.closes()) {
            return decide(now, false, draft -> draft.voted(pause, reply));
        }
        submission.waiting = stopWaiting(pause);
        return decide(now, false, draft -> interpreter.answered(draft, pause, reply, submission.outcome));
    }

    /**
     * Changes an open interaction.
     *
     * @param input makes the change, or none, or throws when it may not be
     * @throws FlowScriptException with the code of the receipt when it is not open; and what the input throws
     */
    Interaction change(PauseToken token, BiConsumer<Interaction, Draft> input) {
        Decision decision;
        Interaction changed;
        synchronized (this) {
            Interaction pause = Receipts.find(snapshot.open(), token);
            Instant now = now();
            if (pause == null) {
                throw InteractionRules.notOpen(Receipts.closed(snapshot, token, null, AnswerOptions.NONE));
            }
            checkNotHalted();
            if (Deadlines.isPast(pause.deadline(), now)) {
                throw InteractionRules.notOpen(new Receipt.Expired(token, now));
            }
            Draft draft = new Draft(caughtUp(), now, deadlines.worked(), limits.rememberedAnswers());
            input.accept(draft.lapse(pause), draft);
            if (draft.events.isEmpty()) {
                return pause;
            }
            decision = take(draft, true);
            changed = Receipts.find(snapshot.open(), token);
        }
        act(decision);
        return Objects.requireNonNull(changed, "changed");
    }

    private void checkNotHalted() {
        if (halted) {
            throw Engine.engineClosed();
        }
    }

    /** Ends everything but the execution itself, which may go on elsewhere from its snapshot. */
    void halt() {
        Attempt running;
        SharedFuture<ExecutionResult> awaited;
        synchronized (this) {
            if (halted) {
                return;
            }
            halted = true;
            running = attempt;
            attempt = null;
            deadlines.stop();
            awaited = result;
            result = null;
        }
        if (running != null && running.end()) {
            running.release();
        }
        log.close();
        if (awaited != null) {
            awaited.fail(Engine.engineClosed());
        }
    }

    // What a node does while it is called.

    void emit(Attempt by, CustomEvent event) {
        if (Json.weight(event.payload()) > limits.maxEventBytes()) {
            throw new FlowScriptException(
                    "event_too_large",
                    "The payload of " + event.type() + " holds more than " + limits.maxEventBytes()
                            + " bytes, the limit; keep large things elsewhere and emit a reference to them");
        }
        synchronized (this) {
            checkCurrent(by);
            emitted = log.append(event, now());
        }
        log.wake();
        services.keeper.grown();
    }

    PauseToken pause(Attempt by, @Nullable Question question) {
        if (question != null) {
            check(question);
        }
        Interaction pause = interaction(by, question);
        PauseToken token = pause.token();
        Decision decision;
        synchronized (this) {
            checkCurrent(by);
            if (snapshot.open().size() >= limits.maxOpenPauses()) {
                throw new FlowScriptException(
                        "too_many_pauses",
                        "The execution has " + limits.maxOpenPauses()
                                + " pauses open, the limit; let some be answered first");
            }
            by.waits().opened(token);
            decision = decide(true, draft -> draft.open(pause));
        }
        act(decision);
        return token;
    }

    /** The node has nothing to do but to wait for an answer: the time that takes is not its own. */
    synchronized void waits(Attempt by, PauseToken token) {
        if (by == attempt && Receipts.find(snapshot.open(), token) != null) {
            by.waits().await(token);
            decide(true, draft -> {});
        }
    }

    private void checkCurrent(Attempt by) {
        if (by != attempt) {
            throw Attempt.closed();
        }
    }

    // The loop that runs it.

    /** Calls nodes until one has to be waited for. */
    private void drive(@Nullable Attempt first) {
        Attempt next = first;
        int calls = 0;
        while (next != null) {
            if (++calls > BURST) {
                Attempt rest = next;
                Handover handover = new Handover(() -> drive(rest));
                submit(handover);
                if (handover.isTaken()) {
                    return;
                }
                calls = 1;
            }
            next = call(next);
        }
    }

    private @Nullable Attempt call(Attempt current) {
        Outcome outcome;
        try {
            outcome = current.run();
        } catch (Throwable thrown) {
            return failed(current, thrown);
        }
        return goOn(current, outcome);
    }

    /** Takes what a node came to; gives the next call. */
    private @Nullable Attempt goOn(Attempt current, @Nullable Object outcome) {
        Object at = outcome;
        try {
            while (at instanceof Outcome.Later later) {
                Pending.Arrived arrived = await(current, later.stage());
                if (arrived == null) {
                    return null;
                }
                current.worksOn(null);
                if (arrived.thrown() != null) {
                    return failed(current, arrived.thrown());
                }
                at = arrived.outcome();
            }
            if (at instanceof Edge edge) {
                return leave(current, edge);
            }
            if (at instanceof Ask ask) {
                return ask(current, ask);
            }
            if (at instanceof Sleep sleep) {
                return sleep(current, sleep);
            }
        } catch (Throwable thrown) {
            return failed(current, thrown);
        }
        return failed(
                current,
                new FlowScriptException(
                        Failure.NODE_FAILED, "It returned nothing; a node returns an edge, an ask or a sleep"));
    }

    private Pending.@Nullable Arrived await(Attempt current, @Nullable CompletionStage<?> stage) {
        if (stage == null) {
            return new Pending.Arrived(null, null);
        }
        Pending pending = new Pending(late -> submit(() -> drive(arrived(current, late))));
        current.worksOn(stage);
        stage.whenComplete(pending);
        return pending.takeOrLeave();
    }

    private @Nullable Attempt arrived(Attempt current, Pending.Arrived late) {
        current.worksOn(null);
        Throwable thrown = late.thrown();
        return thrown == null ? goOn(current, late.outcome()) : failed(current, thrown);
    }

    private @Nullable Attempt leave(Attempt current, Edge edge) {
        Object data = Json.freeze(edge.data().get());
        Values.checkSize(data, limits.maxStateBytes(), "The data of the edge");
        Values.checkSize(edge.memo(), limits.maxStateBytes(), "What the controller keeps");
        Values.checkSize(edge.bindings(), limits.maxStateBytes(), "What the controller gives to its loop");
        return take(current, draft -> interpreter.left(draft, edge, data, current.writes()));
    }

    private @Nullable Attempt ask(Attempt current, Ask ask) {
        check(ask.question());
        Values.checkSize(ask.memo(), limits.maxStateBytes(), "The memo");
        Interaction pause = interaction(current, ask.question());
        return take(current, draft -> interpreter.asked(draft, pause, ask.memo(), current.writes()));
    }

    private Interaction interaction(Attempt by, @Nullable Question question) {
        PauseToken token = new PauseToken(id(), by.nodeId(), services.ids.get());
        return InteractionRules.opened(token, workflowId(), by.nodeName(), question, now(), services.businessTime);
    }

    private @Nullable Attempt sleep(Attempt current, Sleep sleep) {
        Values.checkSize(sleep.memo(), limits.maxStateBytes(), "The memo");
        return take(current, draft -> interpreter.slept(draft, sleep, current.writes()));
    }

    private void check(Question question) {
        services.forms.check(question.schema());
        Values.checkSize(question.schema(), limits.maxStateBytes(), "The schema of the question");
        Values.checkSize(question.uiHints(), limits.maxStateBytes(), "The hints of the question");
        checkShown(question.context());
        Values.checkSize(question.defaults(), limits.maxStateBytes(), "The defaults of the question");
    }

    void checkShown(@Nullable Object context) {
        Values.checkSize(context, limits.maxStateBytes(), "What is shown with the question");
    }

    private @Nullable Attempt failed(Attempt current, Throwable thrown) {
        Throwable cause = Failure.unwrap(thrown);
        boolean fatal = Failure.isFatal(cause);
        Failure failure = Failure.of(cause);
        double random = ThreadLocalRandom.current().nextDouble();
        // Its message is for everybody and in the events; where it came from is for the operator alone.
        boolean expected = cause instanceof FlowScriptException || current.isOver() || current.mayRetry();
        Level level = expected ? Level.DEBUG : Level.WARNING;
        LOGGER.log(
                level,
                () -> "Node " + Printable.line(current.nodeId(), 160) + " of execution " + id() + " failed",
                cause);
        Attempt next = take(current, draft -> {
            if (fatal) {
                interpreter.abort(draft, failure);
            } else {
                interpreter.failed(draft, failure, random);
            }
        });
        if (cause instanceof Error error && fatal) {
            throw error;
        }
        return next;
    }

    /** Takes in what a call came to, unless it is over already. */
    private @Nullable Attempt take(Attempt current, Consumer<Draft> input) {
        Decision decision;
        synchronized (this) {
            if (current != attempt) {
                return null;
            }
            decision = decide(true, input);
        }
        return act(decision);
    }

    // Time.

    /** On the clock's thread. Does one thing that is due; if there is more, the alarm that is set then rings at once. */
    private void alarmRang(long which) {
        submit(() -> {
            Decision decision;
            CompletableFuture<Value> waiting = null;
            synchronized (this) {
                if (!deadlines.rang(which)) {
                    return;
                }
                Instant now = now();
                Interaction late = Deadlines.overdue(snapshot, now);
                Consumer<Draft> due =
                        late == null ? deadlines.due(snapshot, now) : draft -> interpreter.fellDue(draft, late);
                if (due == null) {
                    deadlines.watch(snapshot, now);
                    return;
                }
                if (late != null && Deadlines.isPast(late.deadline(), now)) {
                    waiting = stopWaiting(late);
                }
                decision = decide(now, true, due);
            }
            Attempt next = act(decision);
            resolve(waiting, null);
            drive(next);
        });
    }

    // Deciding, with the lock held; and doing, without it.

    private @Nullable Decision decide(boolean here, Consumer<Draft> input) {
        return decide(now(), here, input);
    }

    /**
     * Takes something in. The caller holds the lock.
     *
     * @param here whether the calling thread goes on with the next call itself, so that its time begins now
     * @return what is to be done; null when nothing can happen any more
     */
    private @Nullable Decision decide(Instant now, boolean here, Consumer<Draft> input) {
        ExecutionSnapshot before = caughtUp();
        if (halted || before.status().isEnded()) {
            return null;
        }
        return take(draft(before, now, input), here);
    }

    /** Makes a draft what holds from now on. The caller holds the lock. */
    private Decision take(Draft draft, boolean here) {
        ExecutionSnapshot before = snapshot;
        Instant now = draft.now;
        Instant lastEventAt = before.lastEventAt();
        long seq = before.seq();
        for (Event event : draft.events) {
            RecordedEvent recorded = log.append(event, now);
            seq = recorded.seq();
            lastEventAt = recorded.time();
        }
        ExecutionSnapshot next = draft.seal(seq, lastEventAt);
        Attempt over = draft.over || draft.call ? attempt : null;
        if (over != null) {
            attempt = null;
        }
        if (draft.call) {
            attempt =
                    new Attempt(this, interpreter.step(next), next, interpreter.bindings(next), limits.maxStateBytes());
        }
        snapshot = next;
        boolean works = attempt != null && !attempt.waits().isWaiting() && (here || !draft.call);
        deadlines.begin(works, next, now);
        Decision decision = new Decision();
        decision.call = draft.call ? attempt : null;
        decision.over = over;
        decision.ended = next.result();
        decision.asks = next.open() != before.open();
        if (next.status().isEnded()) {
            decision.awaited = result;
            result = null;
        }
        return decision;
    }

    private Draft draft(ExecutionSnapshot before, Instant now, Consumer<Draft> input) {
        Duration worked = deadlines.worked();
        Draft draft = new Draft(before, now, worked, limits.rememberedAnswers());
        try {
            input.accept(draft);
            return draft;
        } catch (RuntimeException e) {
            LOGGER.log(Level.ERROR, "Execution " + id() + " cannot go on", e);
            Draft end = new Draft(before, now, worked, limits.rememberedAnswers());
            interpreter.abort(end, new Failure("The engine could not go on with this execution", "internal"));
            return end;
        }
    }

    /** Does what was decided, with no lock held; gives the node to call next. */
    private @Nullable Attempt act(@Nullable Decision decision) {
        if (decision == null) {
            return null;
        }
        log.wake();
        Attempt over = decision.over;
        if (over != null && over.end()) {
            submit(over::release);
        }
        ExecutionResult end = decision.ended;
        if (end != null) {
            services.keeper.ended(this);
            if (decision.awaited != null) {
                decision.awaited.succeed(end);
            }
        }
        if (decision.asks) {
            services.keeper.asks(this);
        }
        services.keeper.grown();
        return decision.call;
    }

    /** The call begins now, on this thread. */
    private synchronized Attempt entered(Attempt next) {
        if (next == attempt && !halted) {
            deadlines.enter(snapshot, now());
        }
        return next;
    }

    /** Hands something on to the executor; when that takes nothing any more, the execution cannot go on. */
    private void submit(Runnable task) {
        try {
            services.executor.execute(task);
        } catch (RuntimeException | Error e) {
            Decision decision;
            synchronized (this) {
                decision = decide(
                        true,
                        draft -> interpreter.abort(
                                draft,
                                new Failure("The executor of the engine takes no more work", "executor_rejected")));
            }
            if (decision != null) {
                LOGGER.log(Level.WARNING, "Execution " + id() + " failed, since the executor takes no more work", e);
            }
            act(decision);
        }
    }

    /** The future of a node that waits for this pause in its middle; null when none does. */
    private @Nullable CompletableFuture<Value> stopWaiting(Interaction pause) {
        return attempt == null ? null : attempt.waits().closed(pause.token());
    }

    private void resolve(@Nullable CompletableFuture<Value> waiting, @Nullable Value answer) {
        if (waiting == null) {
            return;
        }
        submit(() -> {
            if (answer == null) {
                waiting.completeExceptionally(
                        new FlowScriptException("expired", "Nobody answered before the deadline"));
            } else {
                waiting.complete(answer);
            }
        });
    }
}
