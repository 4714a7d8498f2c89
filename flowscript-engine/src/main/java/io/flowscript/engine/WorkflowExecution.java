package io.flowscript.engine;

import io.flowscript.core.CommandKey;
import io.flowscript.core.FlowScriptException;
import io.flowscript.core.Identity;
import io.flowscript.core.concurrent.Guard;
import io.flowscript.core.event.CustomEvent;
import io.flowscript.core.event.Event;
import io.flowscript.core.event.EventListener;
import io.flowscript.core.event.EventType;
import io.flowscript.core.event.RecordedEvent;
import io.flowscript.core.event.WorkflowEvent;
import io.flowscript.core.interaction.AnswerOptions;
import io.flowscript.core.interaction.Interaction;
import io.flowscript.core.interaction.Interaction.Reply;
import io.flowscript.core.interaction.Receipt;
import io.flowscript.core.json.Json;
import io.flowscript.core.json.JsonPath;
import io.flowscript.core.json.Value;
import io.flowscript.core.log.EventLog;
import io.flowscript.core.log.memory.MemoryEventLog;
import io.flowscript.core.observe.FlowScriptTracer;
import io.flowscript.core.observe.FlowScriptTracer.Span;
import io.flowscript.core.observe.FlowScriptTracer.Traced;
import io.flowscript.core.runtime.PauseToken;
import io.flowscript.core.runtime.Question;
import io.flowscript.core.snapshot.ExecutionResult;
import io.flowscript.core.snapshot.ExecutionSnapshot;
import io.flowscript.core.snapshot.ExecutionSnapshot.Visit;
import io.flowscript.core.snapshot.ExecutionSnapshot.Write;
import io.flowscript.core.snapshot.ExecutionStatus;
import io.flowscript.core.store.ExecutionChange;
import io.flowscript.core.workflow.WorkflowDefinition;
import io.flowscript.engine.Storage.Persistence;
import io.flowscript.engine.Timeline.Wait;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The implementation of an execution: it processes inputs one at a time and performs the resulting actions.
 *
 * <p>The lock is this object's monitor. It is held only for decisions: the {@link Interpreter} creates the next
 * snapshot, the events are appended to the log, and the timer is set. The actions run after the lock is released:
 * calling nodes, waking cursors, completing futures. While the lock is held, only the locks of the node call, the log
 * and the clock are taken. Reading takes no lock.
 *
 * <p>With a store, a decision also goes to the {@link Journal} under the lock. Its actions run, and readers see it, when it
 * is stored.
 */
final class WorkflowExecution
        implements Execution, ExecutionRegistry.Numbered, Deadlines.Ring, Journal.Owner, MemoryEventLog.Owner {

    private static final Logger LOGGER = System.getLogger(FlowScript.class.getName());

    /** How often it is tried to end an execution that cannot continue, and how long each pause is. */
    private static final int ATTEMPTS_TO_END = 50;

    private static final long PAUSE_NANOS = 100_000_000;

    private final long number;
    private final EngineServices services;
    private final EngineLimits limits;
    /** The version that the execution runs. Changed with the lock held. */
    private volatile Interpreter interpreter;

    private final MemoryEventLog log;

    /** How the steps are stored; null when they are not. */
    private final @Nullable Persistence persistence;

    /** Stores the steps; null when they are not stored. Another one each time that the execution goes on here. */
    private volatile @Nullable Journal journal;

    /** The fence of the shard as of which this object is up to date; {@link OwnShards#FOREIGN} while it goes on elsewhere. */
    private volatile long fence;

    /** The newest decision. With a journal, readers see an earlier one until it is stored. */
    private volatile ExecutionSnapshot snapshot;

    /** The newest event that a node emitted and the snapshot does not count yet: all that it changes is the place in the log. */
    private @Nullable RecordedEvent emitted;

    /** The call that is under way or about to be; null while none is. */
    private @Nullable NodeCall currentCall;

    /** The calls whose end was decided and is not stored yet: they end when it is, or when this object stops. Not changed in place. */
    private List<NodeCall> ending = List.of();

    /** Whether it had ended already when this object was made. */
    private final boolean hadEnded;

    private final NodeLoop nodes;
    private final Deadlines deadlines;
    private @Nullable SharedFuture<ExecutionResult> result;
    private boolean halted;

    /** Whether this object is not among the executions in memory: it can be read, and takes no decision before it is active. */
    private boolean passive;

    /** How many decisions were taken, and how often it has become active. */
    private long decisions;

    /** How often it has become active, and how many times of these all who follow many executions know. */
    private long activations;

    private long activationsTold;

    /** Whether those who follow interactions were told of this object. From then on, what it changes from is what they know. */
    private volatile boolean interactionsTold;

    /** Whether the registry and the future know the end, or are being told. */
    private boolean settled;

    /** The writes of the last call, while its visit sleeps or asks. */
    private @Nullable BufferedWrites buffered;

    WorkflowExecution(
            long number,
            EngineServices services,
            Interpreter interpreter,
            MemoryEventLog log,
            ExecutionSnapshot snapshot,
            @Nullable Persistence persistence,
            long fence,
            boolean passive) {
        this.number = number;
        this.services = services;
        this.limits = services.limits;
        this.interpreter = interpreter;
        this.log = log;
        this.snapshot = snapshot;
        this.hadEnded = snapshot.status().isEnded();
        this.nodes = new NodeLoop(this, services);
        this.deadlines = new Deadlines(services, interpreter, this);
        this.persistence = persistence;
        this.fence = fence;
        this.journal = newJournal(
                snapshot,
                persistence == null || persistence.loaded()
                        ? null
                        : interpreter.program().definition());
        this.passive = passive;
        log.ownedBy(this);
        if (fence == OwnShards.FOREIGN) {
            log.followedFromStart(); // also when it has ended: those who follow many may not have been told of it yet
            log.isStored(snapshot.seq());
        }
        if (passive && snapshot.status().isEnded() && log.latest() >= snapshot.seq()) {
            log.end();
        } else {
            log.passive(passive);
        }
    }

    /** {@return this execution for the tracer; null when there is none, or it is not traced} */
    @Nullable
    Traced traced() {
        String context = services.tracer == FlowScriptTracer.NONE ? null : snapshot.trace();
        return context == null ? null : new Traced(workflowId(), id(), context);
    }

    /** {@return whether the next node is called only after the step before it was stored} */
    private boolean callsWhenStored() {
        return persistence != null && persistence.waits();
    }

    /** {@return whether this execution from the store begins a new epoch} */
    private boolean isForked() {
        return persistence != null && persistence.forked();
    }

    private @Nullable Journal newJournal(ExecutionSnapshot now, @Nullable WorkflowDefinition definition) {
        return persistence == null ? null : new Journal(persistence.store(), log, now, definition, number, fence, this);
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
        Journal stored = journal;
        if (stored != null) {
            return stored.visible();
        }
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

    Instant createdAt() {
        return snapshot.createdAt();
    }

    /** How many decisions it has taken, and how often it has become active. A caller can tell by it whether another one followed. */
    synchronized long decisions() {
        return decisions;
    }

    @Override
    public long number() {
        return number;
    }

    MemoryEventLog log() {
        return log;
    }

    /** Those who follow interactions are being told of it. */
    void interactionsTold() {
        interactionsTold = true;
    }

    boolean areInteractionsTold() {
        return interactionsTold;
    }

    /** A reader that has seen an event in the log also sees its effect, because both change while the lock is held. */
    private synchronized ExecutionSnapshot snapshotOfLog() {
        return latest();
    }

    /** The snapshot, with what was emitted since counted in. The caller holds the lock. */
    private ExecutionSnapshot latest() {
        RecordedEvent newest = emitted;
        if (newest != null) {
            emitted = null;
            snapshot = new SnapshotDraft(snapshot, ClockReading.of(newest.time()), limits)
                    .seal(newest.epoch(), newest.seq(), newest.time());
        }
        return snapshot;
    }

    /** {@return whether the execution may be shown: it is stored, or it need not be} */
    boolean isShown() {
        Journal stored = journal;
        return stored == null || stored.isShown();
    }

    /**
     * Waits until the execution may be shown. Called with no lock held.
     *
     * @throws FlowScriptException why it never will be
     */
    void awaitShown() {
        Journal unstored = journal;
        if (unstored != null) {
            unstored.awaitShown();
        }
    }

    /** {@return the definition that the execution runs} */
    WorkflowDefinition definition() {
        return interpreter.program().definition();
    }

    // What the application does.

    /** Starts the execution, or continues a restored one. Must be called once. */
    void begin() {
        Journal unstored = journal;
        if (unstored != null && (isForked() || (snapshot.status() != ExecutionStatus.PENDING && !unstored.isShown()))) {
            recordRestored(unstored);
        }
        if (snapshot.status().isEnded()) {
            log.end();
            services.callbacks.ended(this);
            return;
        }
        if (snapshot.status() == ExecutionStatus.PENDING && journal != null) {
            // The caller waits until this is stored, so it must not wait for a thread of the nodes.
            callLater(carryOut(step(false, interpreter::begin)));
        } else if (snapshot.status() == ExecutionStatus.PENDING) {
            callLater(() -> nodes.call(carryOut(step(true, interpreter::begin))));
        } else {
            resume();
        }
    }

    /**
     * Goes on after the process that ran it is gone. A node that was working is called again. Has no effect when it is called here
     * already, or another process has the execution by then.
     */
    private void resume() {
        // The timers of a restored execution must not wait for a thread of the nodes.
        work(() -> callLater(carryOut(step(false, this::interrupted))));
    }

    /** The caller holds the lock. */
    private void interrupted(SnapshotDraft draft) {
        if (currentCall == null) {
            interpreter.restored(draft);
        }
    }

    /** Goes on if a node was working when the process that ran it was gone. Called with no lock held, after it has become active. */
    void resumeIfInterrupted() {
        if (Instant.EPOCH.equals(snapshot.dueAt())) {
            resume();
        }
    }

    /** A snapshot from elsewhere, or one with a new epoch, is stored as it is before the execution goes on. */
    private void recordRestored(Journal unstored) {
        synchronized (this) {
            unstored.record(List.of(), snapshot, null, () -> {});
        }
        unstored.flush();
    }

    /** Takes in what this execution does by itself. Gives null when nothing can happen any more, or when it happens in another process. */
    private @Nullable Decision step(boolean here, Consumer<SnapshotDraft> input) {
        return whenActive(services.callbacks::activateIfCurrent, () -> decide(here, input), () -> null);
    }

    /** What was decided, null for nothing, and when all that was decided until then is stored, null for at once. */
    private record Taken(
            @Nullable Decision decision, @Nullable CompletableFuture<@Nullable Void> stored) {}

    /**
     * Takes in what somebody has asked for.
     *
     * @throws FlowScriptException with code {@code shard_lost} when it is to be asked of another process
     */
    private Taken take(Supplier<@Nullable Decision> decides) {
        return whenActive(
                services.callbacks::activate,
                () -> {
                    Decision decision = decides.get();
                    return new Taken(decision, stored());
                },
                () -> {
                    throw RemoteCommands.shardLost();
                });
    }

    /**
     * Performs the decided actions with no lock held, and waits until they are stored.
     *
     * @throws FlowScriptException why they are not
     */
    private void carryOutAndWait(Taken taken) {
        carryOut(taken.decision());
        if (taken.stored() != null) {
            Journal.await(taken.stored());
        }
    }

    /**
     * Does something with the lock held, when this execution is active. One that has ended need not be.
     *
     * @param activation makes it active; false when it goes on in another process
     * @param elsewhere is done instead, without the lock, when the execution goes on in another process
     */
    private <T extends @Nullable Object> T whenActive(
            Predicate<WorkflowExecution> activation, Supplier<T> work, Supplier<T> elsewhere) {
        do {
            synchronized (this) {
                if ((!passive && activationsTold == activations) || isOver()) {
                    return work.get();
                }
            }
        } while (activation.test(this));
        return elsewhere.get();
    }

    @Override
    public boolean isStored() {
        return persistence != null;
    }

    @Override
    public boolean isLocal() {
        return fence != OwnShards.FOREIGN;
    }

    /** {@return the fence of the shard as of which this object is up to date} */
    long fence() {
        return fence;
    }

    /**
     * Stops this execution here, because it goes on elsewhere. It can still be read, and follows what happens there. Has no effect on
     * one that nobody was told of: its first commit fails, or it is found again.
     *
     * @return the end of its node's call and the wake-up of its readers, which is run with no lock held
     */
    Runnable detach() {
        List<NodeCall> calls;
        synchronized (this) {
            if (halted || journal == null || !journal.isShown()) {
                return () -> {};
            }
            fence = OwnShards.FOREIGN;
            calls = takeCalls();
            deadlines.stop();
            journal.abandon(RemoteCommands.shardLost());
            if (!passive) {
                forgotten();
            }
            snapshot = journal.visible();
            emitted = null;
            buffered = null;
            passive = true;
            log.rewind();
            log.dropStored();
            log.followed(true);
            log.passive(true);
            journal = newJournal(snapshot, null);
        }
        watchedChanged();
        return () -> {
            calls.forEach(call -> ends(call, false));
            log.wake();
        };
    }

    /** Takes the calls that are to end since this object stops, also those whose end was decided and not stored. The caller holds the lock. */
    private List<NodeCall> takeCalls() {
        List<NodeCall> calls = new ArrayList<>(ending);
        if (currentCall != null) {
            calls.add(currentCall);
        }
        ending = List.of();
        currentCall = null;
        return calls;
    }

    /**
     * Shows the events of a change that was made elsewhere and told to those who follow many executions.
     *
     * @param last the number of the last event
     * @return false when it cannot follow yet, since it is still active here
     */
    boolean showTold(long last) {
        boolean follows;
        synchronized (this) {
            follows = passive;
            if (follows && log.isTold()) {
                log.told(Math.min(last, snapshot.seq()), snapshot.lastEventAt());
                endLog();
            }
        }
        watchedChanged();
        log.wake();
        return follows;
    }

    /** Shows events that are in the store. The caller holds the lock. */
    private void show(long upTo) {
        log.follow(upTo, snapshot.lastEventAt());
        endLog();
    }

    private void endLog() {
        if (snapshot.status().isEnded() && log.latest() >= snapshot.seq()) {
            log.end();
        }
    }

    /**
     * Takes over what the store has of this execution, which is passive.
     *
     * @param read the execution as it was just read; it is used by nobody else
     * @param as the fence as of which it was read; {@link OwnShards#FOREIGN} when it goes on elsewhere
     * @return whether it has changed
     */
    boolean follow(WorkflowExecution read, long as) {
        ExecutionSnapshot now = read.snapshot();
        SharedFuture<ExecutionResult> awaited;
        boolean changed;
        synchronized (this) {
            if (!passive || halted || now.seq() < snapshot.seq() || !now.epoch().equals(log.epoch())) {
                return false;
            }
            changed = !now.equals(snapshot);
            fence = as;
            boolean goesOnHere = fence != OwnShards.FOREIGN;
            snapshot = now;
            journal = newJournal(now, null);
            if (interpreter != read.interpreter) {
                interpreter = read.interpreter;
                deadlines.movedTo(interpreter);
            }
            log.isStored(now.seq());
            if (goesOnHere || !log.isTold()) {
                show(now.seq());
            }
            // Last, since those who follow many may let go of it as soon as it does not follow another engine.
            log.followed(!goesOnHere);
            awaited = now.status().isEnded() ? result : null;
        }
        ExecutionResult end = now.result();
        if (end != null && awaited != null) {
            awaited.succeed(end);
        }
        watchedChanged();
        log.wake();
        return changed;
    }

    /**
     * Makes this execution passive, if it waits and nothing has happened since.
     *
     * @param asOf its {@link #decisions} by then
     * @return false when it stays as it is
     */
    synchronized boolean passivate(long asOf) {
        if (passive || halted || decisions != asOf || !isWaiting() || journal == null || !journal.isIdle()) {
            return false;
        }
        deadlines.stop();
        makePassive();
        log.passive(true);
        watchedChanged();
        return true;
    }

    /** Makes this execution, which has ended and is stored, passive. */
    synchronized void retire() {
        makePassive();
    }

    private void makePassive() {
        passive = true;
        buffered = null;
        log.dropStored();
        forgotten();
    }

    /**
     * Makes this execution active again; what is due in it happens. Has no effect on one that is active, and on one that is over, which
     * stays passive.
     *
     * @return false when it goes on elsewhere, which it may have done only just now; then it stays passive
     */
    synchronized boolean activate() {
        if (fence == OwnShards.FOREIGN) {
            return false;
        }
        if (passive && !isOver()) {
            passive = false;
            activations++;
            decisions++; // one who has waited for it to leave, before it has left otherwise, has no part in it
            log.passive(false);
            watchedChanged();
            services.memory.add(SnapshotWeight.of(snapshot));
            deadlines.begin(false, snapshot, snapshot, deadlines.read());
        }
        return true;
    }

    synchronized boolean isPassive() {
        return passive;
    }

    /** {@return the number of the newest activation, when those who follow many executions may not know of it; 0 when they do} */
    synchronized long untoldActivation() {
        return activationsTold < activations ? activations : 0;
    }

    /**
     * Those who follow many executions know of an activation, and of all before. Until then this execution decides nothing.
     *
     * @return whether nobody has said so before
     */
    synchronized boolean activationTold(long activation) {
        boolean isNews = activationsTold < activation;
        activationsTold = Math.max(activationsTold, activation);
        return isNews;
    }

    /** Whether nothing more happens here: it has ended, or was halted. The caller holds the lock. */
    private boolean isOver() {
        return halted || snapshot.status().isEnded();
    }

    /**
     * A passive execution that somebody waits for is kept: a cursor that waits, and who waits for the result, need not have the
     * execution.
     */
    @Override
    public synchronized void watchedChanged() {
        boolean waitsForEnd = result != null && !result.isDone();
        boolean isAwaited = mayGoOn() && (waitsForEnd || log.isWatched());
        // One whose changes are not all told yet would be told anew, if another object took its place.
        boolean isUntold = fence == OwnShards.FOREIGN && log.isToBeTold(snapshot.seq());
        services.callbacks.keep(this, passive && !halted && (isAwaited || isUntold));
    }

    /** Whether something can happen to this passive execution: it waits here, or has not ended elsewhere. The caller holds the lock. */
    private boolean mayGoOn() {
        return fence == OwnShards.FOREIGN ? !snapshot.status().isEnded() : isWaiting();
    }

    /** Whether nothing happens until a command comes or a time is over. The caller holds the lock. */
    private boolean isWaiting() {
        return currentCall == null && !snapshot.status().isEnded() && !Instant.EPOCH.equals(snapshot.dueAt());
    }

    private synchronized boolean couldLeave() {
        return journal != null && !passive && isWaiting();
    }

    @Override
    public synchronized CompletableFuture<ExecutionResult> result() {
        SharedFuture<ExecutionResult> end = result;
        if (end == null) {
            end = new SharedFuture<>(this);
            ExecutionResult known = snapshot().result();
            if (known != null) {
                end.succeed(known);
            } else if (halted) {
                end.fail(Engine.engineClosed());
            }
            result = end;
            if (passive) {
                watchedChanged();
            }
        }
        return end;
    }

    @Override
    public Subscription listen(EventListener listener, EventType... types) {
        ListenerPump pump = new ListenerPump(listener, services.threads.callbacks(), types);
        pump.add(log);
        return pump;
    }

    @Override
    public boolean cancel(@Nullable String reason, @Nullable Identity by, @Nullable CommandKey key) {
        return services.remote.cancel(this, reason, by, key);
    }

    /** Makes the effect of a command seen that another engine has carried out. Blocks. */
    void changedElsewhere() {
        services.callbacks.changedElsewhere(this);
    }

    /** Cancels this execution, which goes on here. */
    boolean cancelHere(@Nullable String reason, @Nullable Identity by, @Nullable CommandKey key) {
        checkStore();
        Taken taken = take(() -> decide(true, draft -> {
            interpreter.cancelled(draft, reason, by == null ? null : by.name());
            draft.remember(key, null);
        }));
        carryOutAndWait(taken);
        return taken.decision() != null;
    }

    /** {@return a future that completes when all that was decided until now is stored; null when nothing waits for a store} */
    @Nullable
    CompletableFuture<@Nullable Void> stored() {
        Journal unstored = journal;
        return unstored == null ? null : unstored.stored();
    }

    /**
     * Waits until all that was decided until now is stored. Called with no lock held.
     *
     * @throws FlowScriptException why it is not stored
     */
    void awaitStored() {
        CompletableFuture<@Nullable Void> stored = stored();
        if (stored != null) {
            Journal.await(stored);
        }
    }

    /** Answers the interaction of a token, and returns the receipt once it is stored. */
    CompletableFuture<Receipt> answer(PauseToken token, @Nullable Object answer, AnswerOptions options) {
        checkStore();
        services.memory.check(Json.weight(answer), "The answer");
        AnswerSubmission submission = new AnswerSubmission(token, answer, options);
        Taken taken;
        Receipt receipt;
        do {
            submission.check(snapshot, services.forms, limits);
            taken = take(() -> decide(submission));
            receipt = submission.receipt;
        } while (receipt == null);
        callLater(carryOut(taken.decision()));
        CompletableFuture<@Nullable Void> stored = taken.stored();
        Receipt given = receipt;
        if (stored == null) {
            resolve(submission, given);
            return CompletableFuture.completedFuture(given);
        }
        return stored.thenApply(nothing -> {
            resolve(submission, given);
            return given;
        });
    }

    private void resolve(AnswerSubmission submission, Receipt receipt) {
        resolve(submission.waiting, receipt instanceof Receipt.Accepted ? Value.of(submission.outcome) : null);
    }

    /** Decides what becomes of an answer, or leaves it undecided when something else is asked by now than what it was checked against. */
    private @Nullable Decision decide(AnswerSubmission submission) {
        Interaction interaction = Receipts.find(snapshot.open(), submission.token);
        if (interaction == null) {
            submission.receipt = Receipts.closed(snapshot, submission.token, submission.answer, submission.options);
            return null;
        }
        checkNotHalted();
        ClockReading now = deadlines.read();
        Reply reply = submission.decide(interaction, now);
        Receipt receipt = submission.receipt;
        if (receipt instanceof Receipt.Expired) {
            submission.waiting = stopWaiting(interaction);
            return decide(now, false, draft -> interpreter.fellDue(draft, interaction));
        }
        if (reply == null || !(receipt instanceof Receipt.Accepted accepted)) {
            return null;
        }
        if (!accepted.closes()) {
            return decide(now, false, draft -> draft.voted(interaction, reply));
        }
        submission.waiting = stopWaiting(interaction);
        return decide(now, false, draft -> interpreter.answered(draft, interaction, reply, submission.outcome));
    }

    /**
     * Changes an open interaction.
     *
     * @param key identifies the command that makes the change; null to remember none
     * @param input makes the change, or none, or throws when it may not be
     * @throws FlowScriptException with the code of the receipt when it is not open; and what the input throws
     */
    Interaction change(PauseToken token, @Nullable CommandKey key, BiConsumer<Interaction, SnapshotDraft> input) {
        checkStore();
        AtomicReference<@Nullable Interaction> changed = new AtomicReference<>();
        carryOutAndWait(take(() -> decide(token, key, input, changed)));
        return Objects.requireNonNull(changed.get(), "changed");
    }

    /** {@return what was decided; null when nothing is different} */
    private @Nullable Decision decide(
            PauseToken token,
            @Nullable CommandKey key,
            BiConsumer<Interaction, SnapshotDraft> input,
            AtomicReference<@Nullable Interaction> result) {
        Interaction interaction = Receipts.find(snapshot.open(), token);
        ClockReading now = deadlines.read();
        if (interaction == null) {
            throw InteractionRules.notOpen(Receipts.closed(snapshot, token, null, AnswerOptions.NONE));
        }
        checkNotHalted();
        if (now.isOver(Wait.deadline(interaction))) {
            throw InteractionRules.notOpen(new Receipt.Expired(token, now.time));
        }
        SnapshotDraft draft = new SnapshotDraft(latest(), now, limits);
        input.accept(draft.lapse(interaction), draft);
        Interaction changed = Objects.requireNonNull(Receipts.find(draft.open, token), "changed");
        result.set(changed);
        if (draft.events.isEmpty()) {
            return null;
        }
        draft.remember(key, changed);
        return commit(draft, true);
    }

    /** Records who has seen open interactions. Does not wait until it is stored. */
    CompletableFuture<@Nullable Void> markSeen(Set<String> tokenIds, String by) {
        Taken taken = take(() -> decideSeen(tokenIds, by));
        carryOut(taken.decision());
        CompletableFuture<@Nullable Void> stored = taken.stored();
        return stored == null ? CompletableFuture.completedFuture(null) : stored.copy();
    }

    private @Nullable Decision decideSeen(Set<String> tokenIds, String by) {
        SnapshotDraft draft = new SnapshotDraft(latest(), deadlines.read(), limits);
        for (Interaction interaction : snapshot.open()) {
            if (tokenIds.contains(interaction.token().tokenId())) {
                draft.seen(interaction, by);
            }
        }
        if (halted || !draft.hasChanges()) {
            return null;
        }
        Decision decision = commit(draft, true);
        decision.isStep = false;
        return decision;
    }

    /**
     * What an attempt to move an execution has come to.
     *
     * @param refusal why it was not moved, as a sentence for people; null when it was, or runs this version already
     * @param stored completes when it is stored; null for at once
     */
    record Move(@Nullable String refusal, @Nullable CompletableFuture<@Nullable Void> stored) {}

    /** Moves this execution to another version, if it waits. Does not wait until that is stored. */
    Move migrate(Interpreter version, Migration migration) {
        checkStore();
        AtomicReference<@Nullable String> refusal = new AtomicReference<>();
        Taken taken = whenActive(
                services.callbacks::activate,
                () -> new Taken(decideMigration(version, migration, refusal), stored()),
                () -> null);
        if (taken == null) {
            return new Move(MigrationRun.ELSEWHERE, null);
        }
        carryOut(taken.decision());
        return new Move(refusal.get(), taken.stored());
    }

    private @Nullable Decision decideMigration(
            Interpreter version, Migration migration, AtomicReference<@Nullable String> reason) {
        if (definition().hash().equals(version.program().definition().hash())) {
            return null;
        }
        if (halted || !isWaiting()) {
            reason.set("It does not wait: a node is working, or it has ended");
            return null;
        }
        if (!definition().secrets().equals(version.program().definition().secrets())) {
            reason.set("Its version and the registered one mark different secrets");
            return null;
        }
        StepMapping.Place place;
        try {
            place = new StepMapping(interpreter.program(), version.program(), migration).of(snapshot);
        } catch (StepMapping.NoPlace e) {
            reason.set(e.getMessage());
            return null;
        }
        SnapshotDraft draft = new SnapshotDraft(latest(), deadlines.read(), limits);
        draft.definitionHash = version.program().definition().hash();
        draft.movedTo(place, version.program().stepId(place.position()));
        interpreter = version;
        deadlines.movedTo(version);
        Decision decision = commit(draft, true);
        decision.isStep = false;
        return decision;
    }

    private void checkStore() {
        if (persistence != null) {
            Storage.checkAvailable(persistence.store(), limits);
        }
    }

    private void checkNotHalted() {
        if (halted) {
            throw Engine.engineClosed();
        }
    }

    /** Stops this object. The execution can continue elsewhere from its snapshot. */
    void halt() {
        boolean unused = halt(Engine.engineClosed());
    }

    /** The execution is not in the store any more. One that has ended elsewhere may be removed before its end was read here. */
    void removed() {
        boolean unused = halt(new FlowScriptException(
                "execution_not_found",
                "Execution \"" + id() + "\" has ended in another process and was removed from the store"));
        watchedChanged();
    }

    /** {@return whether it was not stopped before} */
    private boolean halt(FlowScriptException why) {
        List<NodeCall> calls;
        SharedFuture<ExecutionResult> awaited;
        synchronized (this) {
            if (halted) {
                return false;
            }
            halted = true;
            if (journal != null && !journal.isShown()) {
                journal.abandon(why);
            }
            calls = takeCalls();
            deadlines.stop();
            awaited = snapshot().status().isEnded() ? null : result;
        }
        for (NodeCall call : calls) {
            if (call.end(false)) {
                call.release();
            }
        }
        log.close();
        if (awaited != null) {
            awaited.fail(why);
        }
        return true;
    }

    // What a node does while it is called.

    void emit(NodeCall by, CustomEvent event) {
        if (Json.weight(event.payload()) > limits.maxEventBytes()) {
            throw new FlowScriptException(
                    "event_too_large",
                    "The payload of " + event.type() + " holds more than " + limits.maxEventBytes()
                            + " bytes, the limit; keep large things elsewhere and emit a reference to them");
        }
        Journal unstored = journal;
        if (unstored != null) {
            unstored.awaitRoom();
        }
        synchronized (this) {
            checkCurrent(by);
            unstored = journal;
            RecordedEvent recorded = log.append(event, now());
            emitted = recorded;
            if (unstored != null) {
                unstored.record(recorded, () -> emitted(event));
            }
        }
        if (unstored == null) {
            emitted(event);
        } else {
            unstored.flush();
        }
    }

    /** Tells of an event that a node has emitted, with no lock held. */
    private void emitted(CustomEvent event) {
        services.observer.appended(event);
        log.wake();
        services.callbacks.logGrown();
    }

    PauseToken pause(NodeCall by, @Nullable Question question) {
        if (question != null) {
            check(question);
        }
        Interaction interaction = newInteraction(by, question);
        PauseToken token = interaction.token();
        Taken taken;
        synchronized (this) {
            checkCurrent(by);
            if (snapshot.open().size() >= limits.maxOpenInteractions()) {
                throw new FlowScriptException(
                        "too_many_pauses",
                        "The execution has " + limits.maxOpenInteractions()
                                + " interactions open, the limit; wait until some are answered");
            }
            by.answerFutures().opened(token);
            Decision decision = decide(true, draft -> draft.open(interaction));
            taken = new Taken(decision, stored());
        }
        carryOutAndWait(taken);
        return token;
    }

    /** The node has nothing to do but to wait for an answer: the time that takes is not its own. */
    synchronized void awaitAnswer(NodeCall by, PauseToken token) {
        if (by == currentCall && Receipts.find(snapshot.open(), token) != null) {
            by.answerFutures().await(token);
            decide(true, draft -> {});
        }
    }

    /** {@return a question of a node, as it is when it is asked} */
    Interaction newInteraction(NodeCall by, @Nullable Question question) {
        PauseToken token = new PauseToken(id(), by.nodeId(), services.ids.get());
        return InteractionRules.opened(
                token, workflowId(), by.nodeName(), by.stepId(), question, now(), services.businessTime);
    }

    /** Checks what is asked, before it is. */
    void check(Question question) {
        services.forms.check(question.schema());
        PlainValues.checkSize(question.schema(), limits.maxStateBytes(), "The schema of the interaction");
        PlainValues.checkSize(question.uiHints(), limits.maxStateBytes(), "The hints of the interaction");
        checkShown(question.context());
        PlainValues.checkSize(question.defaults(), limits.maxStateBytes(), "The defaults of the interaction");
        services.memory.check(SnapshotWeight.of(question), "The interaction");
    }

    void checkShown(@Nullable Object context) {
        PlainValues.checkSize(context, limits.maxStateBytes(), "The data shown with the interaction");
    }

    private void checkCurrent(NodeCall by) {
        if (by != currentCall) {
            throw NodeCall.closed();
        }
    }

    /** Logs something that looks unintended. */
    void warn(String what) {
        LOGGER.log(Level.WARNING, what);
    }

    // What a node comes to.

    /**
     * Takes in what a call came to, unless it is over already.
     *
     * @param input what it came to; run with the lock held
     * @return the next call, if the calling thread goes on with it
     */
    @Nullable
    NodeCall take(NodeCall call, BiConsumer<Interpreter, SnapshotDraft> input) {
        Decision decision;
        synchronized (this) {
            if (call != currentCall) {
                return null;
            }
            decision = decide(true, draft -> input.accept(interpreter, draft));
        }
        return carryOut(decision);
    }

    // Time.

    /** On the clock's thread. Does one thing that is due; if there is more, the alarm that is set then rings at once. */
    @Override
    public void alarmRang(int which) {
        submit(services.threads.alarms(), () -> {
            Decision decision;
            CompletableFuture<Value> waiting = null;
            CompletableFuture<@Nullable Void> stored;
            synchronized (this) {
                if (!deadlines.rang(which)) {
                    return;
                }
                ClockReading now = deadlines.read();
                Interaction late = Deadlines.overdue(snapshot, now);
                Consumer<SnapshotDraft> due =
                        late == null ? deadlines.due(snapshot, now) : draft -> interpreter.fellDue(draft, late);
                if (due == null) {
                    deadlines.watch(snapshot, now);
                    return;
                }
                if (late != null && now.isOver(Wait.deadline(late))) {
                    waiting = stopWaiting(late);
                }
                decision = decide(now, false, due);
                stored = stored();
            }
            callLater(carryOut(decision));
            CompletableFuture<Value> expired = waiting;
            if (stored == null) {
                resolve(expired, null);
            } else {
                // When it fails, the execution is stopped, and with it the node that waits.
                CompletableFuture<Void> unused = stored.thenRun(() -> resolve(expired, null));
            }
        });
    }

    // Deciding, with the lock held; and doing, without it.

    private @Nullable Decision decide(boolean here, Consumer<SnapshotDraft> input) {
        return decide(deadlines.read(), here, input);
    }

    /**
     * Takes something in. The caller holds the lock.
     *
     * @param here whether the calling thread goes on with the next call itself, so that its time begins now
     * @return what is to be done; null when nothing can happen any more
     */
    private @Nullable Decision decide(ClockReading now, boolean here, Consumer<SnapshotDraft> input) {
        ExecutionSnapshot before = latest();
        if (halted || before.status().isEnded()) {
            return null;
        }
        return commit(draft(before, now, input), here);
    }

    /** Appends the events of a draft and makes its snapshot the newest one. The caller holds the lock. */
    private Decision commit(SnapshotDraft draft, boolean here) {
        ExecutionSnapshot before = snapshot;
        Instant lastEventAt = before.lastEventAt();
        String epoch = before.epoch();
        long seq = before.seq();
        List<RecordedEvent> news = journal == null ? List.of() : new ArrayList<>(draft.events.size());
        for (Event event : draft.events) {
            RecordedEvent recorded = log.append(event, draft.now);
            if (journal != null) {
                news.add(recorded);
            }
            epoch = recorded.epoch();
            seq = recorded.seq();
            lastEventAt = recorded.time();
        }
        ExecutionSnapshot next = draft.seal(epoch, seq, lastEventAt);
        NodeCall ended = draft.endsCall || draft.callsNode ? currentCall : null;
        if (ended != null) {
            currentCall = null;
        }
        if (draft.callsNode) {
            currentCall = new NodeCall(
                    this, interpreter.step(next), next, interpreter.bindings(next), before(next), services);
        }
        snapshot = next;
        decisions++;
        services.memory.add(SnapshotWeight.growth(before, next));
        Visit visit = next.visit();
        if (visit == null || visit.writes().isEmpty()) {
            buffered = null;
        }
        boolean goesOnHere = here && !callsWhenStored();
        boolean works =
                currentCall != null && !currentCall.answerFutures().isWaiting() && (goesOnHere || !draft.callsNode);
        deadlines.begin(works, before, next, draft.reading);
        Decision decision = new Decision(draft.events);
        decision.next = draft.callsNode ? currentCall : null;
        decision.ended = ended;
        decision.succeeded = draft.callSucceeded;
        decision.nanos = ended == null ? 0 : ended.nanosUntil(draft.reading);
        decision.result = next.result();
        decision.interactionsChanged = next.open() != before.open();
        if (journal != null && draft.hasChanges()) {
            decision.recorded = true;
            if (ended != null) {
                ending = ending.isEmpty()
                        ? List.of(ended)
                        : Stream.concat(ending.stream(), Stream.of(ended)).toList();
            }
            boolean moved = !next.definitionHash().equals(before.definitionHash());
            journal.record(news, next, moved ? definition() : null, () -> stored(decision));
        }
        return decision;
    }

    /** Keeps the writes of a call whose visit goes on later, so that they need not be applied again then. The caller holds the lock. */
    BufferedWrites keep(BufferedWrites writes) {
        buffered = writes;
        return writes;
    }

    /** {@return the writes of the earlier calls of this visit} They are applied again only after a restore. */
    private BufferedWrites before(ExecutionSnapshot at) {
        List<Write> writes = Objects.requireNonNull(at.visit()).writes();
        BufferedWrites kept = buffered;
        return kept != null && kept.list() == writes ? kept : BufferedState.replay(at.state(), writes);
    }

    /** Takes the memory of a new execution; false when there is too little left. */
    synchronized boolean reserveMemory() {
        return services.memory.tryReserve(SnapshotWeight.of(snapshot));
    }

    /** Gives the memory back of an execution that is removed: one that has ended, or that was never begun. */
    synchronized void forgotten() {
        services.memory.release(SnapshotWeight.of(snapshot));
    }

    private SnapshotDraft draft(ExecutionSnapshot before, ClockReading now, Consumer<SnapshotDraft> input) {
        SnapshotDraft draft = new SnapshotDraft(before, now, limits);
        try {
            input.accept(draft);
            return draft;
        } catch (Throwable e) {
            Guard.report(e, shown -> LOGGER.log(Level.ERROR, "Execution " + id() + " cannot go on", shown));
            SnapshotDraft end = new SnapshotDraft(before, now, limits);
            interpreter.abort(end, Failure.ofEngine(e));
            return end;
        }
    }

    /** Performs the decided actions with no lock held, and returns the node to call next. */
    private @Nullable NodeCall carryOut(@Nullable Decision decision) {
        if (decision == null) {
            return null;
        }
        if (decision.ended != null) {
            decision.ended.endSpan(decision.succeeded);
        }
        Journal unstored = journal;
        if (unstored != null && decision.recorded) {
            unstored.flush();
            return callsWhenStored() ? null : decision.next;
        }
        try {
            perform(decision);
            return decision.next;
        } catch (Throwable thrown) {
            breakOff(thrown);
            throw thrown;
        }
    }

    /** Performs the actions of a decision that is stored, and calls the next node if that had to wait. */
    private void stored(Decision decision) {
        try {
            perform(decision);
            if (callsWhenStored()) {
                callLater(decision.next);
            }
        } catch (Throwable thrown) {
            breakOff(thrown);
        }
    }

    /** Tells of this execution, which may be shown from now on. One that had ended when it was restored is not started again. */
    @Override
    public void created() {
        services.callbacks.created(this);
        if (!hadEnded) {
            services.observer.executionStarted(workflowId());
        }
    }

    @Override
    public CommitWatch committing(int events) {
        boolean observed = services.observer.isObserved();
        Traced traced = traced();
        if (!observed && traced == null) {
            return CommitWatch.NONE;
        }
        long since = observed ? services.clock.nanoTime() : 0;
        Span span = traced == null ? Span.NONE : services.tracer.committing(traced, events);
        return stored -> {
            span.end(stored ? "stored" : "refused", !stored);
            if (observed) {
                services.observer.committed(events, stored, Math.max(0, services.clock.nanoTime() - since));
            }
        };
    }

    @Override
    public void storedWhenLost(long after, long last) {
        services.callbacks.storedWhenLost(new ExecutionChange(id(), false, after, last));
    }

    @Override
    public void failed(FlowScriptException why) {
        if (RemoteCommands.isShardLost(why)) {
            services.callbacks.lost(this);
            if (isShown()) {
                return;
            }
        }
        // When the engine was closed meanwhile, it is in the store as it was then, and nothing is wrong.
        if (halt(why) && isShown()) {
            LOGGER.log(
                    Level.ERROR,
                    "Execution " + id() + " could not be stored and is stopped; it can go on from its last stored step",
                    why);
            services.callbacks.broken(this);
        }
    }

    private void perform(Decision decision) {
        decision.report(this, services);
        log.wake();
        NodeCall ended = decision.ended;
        if (ended != null) {
            ends(ended, decision.succeeded);
        }
        ExecutionResult end = decision.result;
        if (end != null) {
            if (Failure.UNHANDLED_EDGE.equals(end.code())) {
                LOGGER.log(Level.WARNING, "Execution {0} failed: {1}", id(), withCode(end));
            }
            settle(end);
        }
        if (decision.interactionsChanged) {
            services.callbacks.interactionsChanged(this);
        }
        if (decision.next == null && couldLeave()) {
            services.callbacks.waiting(this);
        }
        services.callbacks.logGrown();
    }

    private void ends(NodeCall call, boolean succeeded) {
        synchronized (this) {
            ending = ending.size() == 1 && ending.contains(call)
                    ? List.of()
                    : ending.stream().filter(other -> other != call).toList();
        }
        if (call.end(succeeded)) {
            callback(call::release);
        }
    }

    /** Tells the registry and the future of the end, once. When that fails, it can be called again. */
    private void settle(ExecutionResult end) {
        SharedFuture<ExecutionResult> awaited;
        synchronized (this) {
            if (settled) {
                return;
            }
            settled = true;
            awaited = result;
        }
        try {
            services.callbacks.ended(this);
            if (awaited != null) {
                awaited.succeed(end);
            }
        } catch (Throwable thrown) {
            synchronized (this) {
                settled = false;
            }
            throw thrown;
        }
    }

    private static String withCode(ExecutionResult failed) {
        WorkflowEvent.Cause cause = failed.cause();
        return failed.error() + (cause == null || cause.code() == null ? "" : " [" + cause.code() + "]");
    }

    /** The call waits for a thread, and the time of that does not count. */
    synchronized @Nullable NodeCall queued(@Nullable NodeCall next) {
        if (next != null && next == currentCall) {
            deadlines.queue();
        }
        return next;
    }

    /** Starts the call now, on this thread. */
    synchronized NodeCall entered(NodeCall next) {
        if (next == currentCall && !halted) {
            deadlines.enter(snapshot);
        }
        return next;
    }

    /** Calls a node, if there is one, on a thread for nodes. Its time begins when it has the thread. */
    void callLater(@Nullable NodeCall next) {
        if (next != null) {
            callLater(() -> nodes.call(entered(next)));
        }
    }

    /** Calls nodes on a thread for nodes. */
    void callLater(Runnable calls) {
        submit(services.threads::callNode, calls);
    }

    /** Does work of the engine, which does not block. */
    private void work(Runnable work) {
        submit(services.threads.work(), work);
    }

    /** Runs code of the application that is no node. */
    void callback(Runnable code) {
        submit(services.threads.callbacks(), code);
    }

    /** Submits a task to an executor. If the executor refuses it, the execution cannot continue. */
    private void submit(Executor executor, Runnable task) {
        Guarded guarded = new Guarded(task);
        try {
            executor.execute(guarded);
        } catch (Throwable e) {
            if (guarded.begun) {
                return; // an executor that runs tasks on the calling thread, and a task that has taken care of its
                // failure
            }
            Decision decision = step(
                    true,
                    draft -> interpreter.abort(
                            draft, new Failure("The executor of the engine takes no more work", "executor_rejected")));
            if (decision != null) {
                LOGGER.log(Level.WARNING, "Execution " + id() + " failed, since the executor takes no more work", e);
            }
            carryOut(decision);
        }
    }

    /** A task of this execution. Whatever it throws, the execution continues or ends. */
    private final class Guarded implements Runnable {

        private final Runnable task;

        /** Used by the thread that runs the task, and by one that submits it to an executor that runs it at once. */
        private boolean begun;

        Guarded(Runnable task) {
            this.task = task;
        }

        @Override
        public void run() {
            begun = true;
            try {
                task.run();
            } catch (Throwable thrown) {
                breakOff(thrown);
                throw thrown;
            }
        }
    }

    /**
     * Ends the execution, which nothing else would continue any more, or completes its end if that was interrupted. It tries
     * more than once, because memory that is used up now can be free a little later.
     */
    private void breakOff(Throwable thrown) {
        Journal stored = journal;
        if (stored != null) {
            // What is stored is whole, and what is in memory may not be.
            stored.fail(thrown);
            return;
        }
        for (int attempt = 1; attempt <= ATTEMPTS_TO_END; attempt++) {
            try {
                Decision end = step(false, draft -> interpreter.abort(draft, Failure.ofEngine(thrown)));
                ExecutionResult known = snapshot.result();
                if (end != null) {
                    perform(end);
                } else if (known != null) {
                    settle(known);
                }
                return;
            } catch (Throwable again) {
                LockSupport.parkNanos(PAUSE_NANOS);
            }
        }
        services.callbacks.broken(this);
    }

    /** The future of a node that waits for this interaction in its middle; null when none does. */
    private @Nullable CompletableFuture<Value> stopWaiting(Interaction interaction) {
        return currentCall == null ? null : currentCall.answerFutures().closed(interaction.token());
    }

    private void resolve(@Nullable CompletableFuture<Value> waiting, @Nullable Value answer) {
        if (waiting == null) {
            return;
        }
        callback(() -> {
            if (answer == null) {
                waiting.completeExceptionally(
                        new FlowScriptException("expired", "Nobody answered before the deadline"));
            } else {
                waiting.complete(answer);
            }
        });
    }
}
