package io.flowscript.testkit.crash;

import io.flowscript.core.FlowScriptException;
import io.flowscript.core.event.RecordedEvent;
import io.flowscript.core.interaction.InteractionOrder;
import io.flowscript.core.interaction.InteractionPage;
import io.flowscript.core.interaction.InteractionPlace;
import io.flowscript.core.interaction.InteractionQuery;
import io.flowscript.core.store.Commit;
import io.flowscript.core.store.ExecutionCount;
import io.flowscript.core.store.ExecutionQuery;
import io.flowscript.core.store.ExecutionStore;
import io.flowscript.core.store.StoreUsage;
import io.flowscript.core.store.StoredExecution;
import io.flowscript.core.workflow.WorkflowDefinition;
import io.flowscript.testkit.crash.PlannedCrash.Moment;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The store of a process that is to be killed. Commits wait until a task of the executor hands some of them to the real store,
 * and other tasks complete their stages, so the seed decides what happens in between. After the kill nothing reaches the real
 * store any more. For use by one thread.
 */
final class CrashingStore implements ExecutionStore {

    /** One batch in so many is disturbed. */
    private static final int DISTURBED = 150;

    private final CrashSubject subject;
    private final ExecutionStore store;
    private final Random random;
    private final Host host;
    private final List<Waiting> waiting = new ArrayList<>();

    /** What is durable, and is to be acknowledged by tasks of the executor. */
    private final List<Waiting> written = new ArrayList<>();

    private @Nullable String writtenAtOnce;
    private boolean killedAfterCall;
    private boolean closed;

    /** The process that uses the store. */
    interface Host {

        /** Runs a task later. */
        void execute(Runnable task);

        /** Some commits are about to be written. Returns when the process is to be killed; null if it is to live. */
        @Nullable
        Moment writes(List<Commit> commits);

        /** The process has been killed; the store is killed as well. */
        void killed();

        /** Something is wrong that the engine must not swallow. */
        void failed(AssertionError wrong);
    }

    /** A commit and the stage that its caller has. No two are equal, since no two stages are. */
    private record Waiting(Commit commit, CompletableFuture<@Nullable Void> stage) {}

    CrashingStore(CrashSubject subject, ExecutionStore store, Random random, Host host) {
        this.subject = subject;
        this.store = store;
        this.random = random;
        this.host = host;
    }

    @Override
    @SuppressWarnings("NullAway") // the nullness of type arguments is not in the class files that JDK 17 reads
    public CompletionStage<@Nullable Void> commit(Commit commit) {
        if (closed) {
            return CompletableFuture.failedFuture(closed());
        }
        CompletableFuture<@Nullable Void> stage = new CompletableFuture<>();
        waiting.add(new Waiting(commit, stage));
        if (commit.executionId().equals(writtenAtOnce)) {
            writeNow(commit.executionId());
        } else {
            host.execute(this::writeSome);
        }
        return stage;
    }

    /** Makes a call of the engine that waits until an execution is stored. Its commits are written before the call goes on. */
    <T> T atOnce(String executionId, Supplier<T> call) {
        acknowledge(executionId);
        writeNow(executionId);
        if (closed) {
            throw closed();
        }
        writtenAtOnce = executionId;
        try {
            return call.get();
        } finally {
            writtenAtOnce = null;
        }
    }

    /** Kills the process if that was due in the last call of {@link #atOnce}, whose caller has noted the result by now. */
    void killIfDue() {
        if (killedAfterCall) {
            kill();
        }
    }

    /** Kills the process while nothing is written. */
    void kill() {
        if (!closed) {
            end();
            try {
                subject.kill(store);
            } catch (Exception e) {
                host.failed(new AssertionError("The store could not be killed", e));
            }
            fail();
        }
    }

    private void writeSome() {
        if (waiting.isEmpty() || closed) {
            return;
        }
        List<Waiting> batch = new ArrayList<>();
        for (Iterator<Waiting> each = waiting.iterator(); each.hasNext(); ) {
            Waiting next = each.next();
            if (batch.isEmpty() || random.nextInt(4) > 0) {
                batch.add(next);
                each.remove();
            }
        }
        Moment moment = write(batch);
        if (moment == Moment.AFTER) {
            batch.forEach(each -> each.stage().complete(null));
            kill();
        } else if (!closed) {
            written.addAll(batch);
            batch.forEach(each -> host.execute(() -> acknowledge(each)));
        }
    }

    private void acknowledge(Waiting durable) {
        if (written.remove(durable)) {
            durable.stage().complete(null);
        }
    }

    private void acknowledge(String executionId) {
        written.stream()
                .filter(each -> each.commit().executionId().equals(executionId))
                .toList()
                .forEach(this::acknowledge);
    }

    /** Writes and acknowledges the commits of one execution on this thread. */
    private void writeNow(String executionId) {
        for (Waiting next = take(executionId); next != null && !closed; next = take(executionId)) {
            Moment moment = write(List.of(next));
            if (!closed) {
                killedAfterCall |= moment == Moment.AFTER;
                next.stage().complete(null);
            }
        }
    }

    private @Nullable Waiting take(String executionId) {
        for (Waiting next : waiting) {
            if (next.commit().executionId().equals(executionId)) {
                waiting.remove(next);
                return next;
            }
        }
        return null;
    }

    private @Nullable Moment write(List<Waiting> batch) {
        List<Commit> commits = batch.stream().map(Waiting::commit).toList();
        Moment moment = host.writes(commits);
        try {
            if (moment == Moment.BEFORE) {
                end();
                subject.kill(store);
            } else if (moment == Moment.WITHIN) {
                end();
                subject.killWhileWriting(store, commits, random);
            } else {
                if (random.nextInt(DISTURBED) == 0) {
                    subject.disturb(store, random);
                }
                CrashSubject.write(store, commits);
            }
        } catch (AssertionError wrong) {
            host.failed(wrong);
        } catch (Exception e) {
            host.failed(new AssertionError("The store could not be killed or disturbed", e));
        }
        if (closed) {
            batch.forEach(killed -> killed.stage().completeExceptionally(closed()));
            fail();
        }
        return moment;
    }

    /** The engine is stopped first, so that it does not report that nothing is written any more. */
    private void end() {
        closed = true;
        boolean interrupted = Thread.interrupted();
        host.killed();
        // The engine interrupts a node that it stops, which may be running on this thread.
        boolean unused = Thread.interrupted();
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** Calls that wait in the dead process end. */
    private void fail() {
        List<Waiting> lost = new ArrayList<>(waiting);
        lost.addAll(written);
        waiting.clear();
        written.clear();
        lost.forEach(killed -> killed.stage().completeExceptionally(closed()));
    }

    private void checkAlive() {
        if (closed) {
            throw closed();
        }
    }

    private static FlowScriptException closed() {
        return new FlowScriptException("store_closed", "The process was killed");
    }

    @Override
    @SuppressWarnings("NullAway") // the nullness of type arguments is not in the class files that JDK 17 reads
    public CompletionStage<@Nullable Void> remove(String executionId) {
        return closed ? CompletableFuture.failedFuture(closed()) : store.remove(executionId);
    }

    @Override
    public List<StoredExecution> list(ExecutionQuery query) {
        checkAlive();
        return store.list(query);
    }

    @Override
    public InteractionPage interactions(
            InteractionQuery query, InteractionOrder order, @Nullable InteractionPlace after, int limit) {
        checkAlive();
        return store.interactions(query, order, after, limit);
    }

    @Override
    public List<ExecutionCount> count(int most) {
        checkAlive();
        return store.count(most);
    }

    @Override
    public long countInteractions(InteractionQuery query, long most) {
        checkAlive();
        return store.countInteractions(query, most);
    }

    @Override
    public StoreUsage usage() {
        checkAlive();
        return store.usage();
    }

    @Override
    public Optional<StoredExecution> find(String executionId, int maxEvents) {
        checkAlive();
        return store.find(executionId, maxEvents);
    }

    @Override
    public Optional<WorkflowDefinition> definition(String hash) {
        checkAlive();
        return store.definition(hash);
    }

    @Override
    public List<RecordedEvent> events(String executionId, long after, int max) {
        checkAlive();
        return store.events(executionId, after, max);
    }

    @Override
    public Duration stalled() {
        return store.stalled();
    }

    /** The engine closes it: what was handed in is written. When the process was killed, this has no effect. */
    @Override
    public void close() {
        if (!closed) {
            closed = true;
            CrashSubject.write(store, waiting.stream().map(Waiting::commit).toList());
            written.addAll(waiting);
            waiting.clear();
            List.copyOf(written).forEach(this::acknowledge);
            store.close();
        }
    }
}
