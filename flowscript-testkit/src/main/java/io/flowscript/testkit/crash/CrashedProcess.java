package io.flowscript.testkit.crash;

import io.flowscript.core.event.RecordedEvent;
import io.flowscript.core.log.Cursor;
import io.flowscript.core.log.Position;
import io.flowscript.core.log.Read;
import io.flowscript.core.log.Retention;
import io.flowscript.core.store.Commit;
import io.flowscript.core.store.Durability;
import io.flowscript.core.store.StoreRetention;
import io.flowscript.core.testing.ManualClock;
import io.flowscript.core.testing.ManualExecutor;
import io.flowscript.engine.Execution;
import io.flowscript.engine.FlowScript;
import io.flowscript.testkit.crash.PlannedCrash.Moment;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A process of a schedule: an engine with its own clock and executor, and subscribers that go on where they were. When it is
 * killed, its tasks and timers are forgotten, and nothing more is observed of it. For use by one thread.
 */
final class CrashedProcess implements CrashingStore.Host, CrashWorkflows.Watch {

    /** More executions than a schedule has. */
    private static final int MOST = 100;

    private static final Duration KEPT = Duration.ofDays(36_525);

    /** So few events are in memory sometimes, so that a subscriber that comes back reads from the store. */
    private static final int FEW_EVENTS = 20;

    private static final int READ = 50;

    private final CrashSchedule schedule;
    private final ManualClock clock;
    private final ManualExecutor executor;
    private final CrashingStore store;
    private final List<String> subscribers;
    private final Set<String> followed = new HashSet<>();
    private @Nullable FlowScript flows;
    private boolean alive = true;

    /**
     * Opens the store of a subject and begins.
     *
     * @param now the time at which it begins
     * @param pace of the workflows
     * @param subscribers who follows every execution
     */
    CrashedProcess(
            CrashSchedule schedule,
            CrashSubject subject,
            Durability durability,
            Instant now,
            Duration pace,
            List<String> subscribers,
            Random random)
            throws Exception {
        this.schedule = schedule;
        this.subscribers = subscribers;
        clock = new ManualClock(now);
        executor = new ManualExecutor(random.nextLong());
        store = new CrashingStore(subject, subject.open(), random, this);
        FlowScript opened = new CrashWorkflows(this, pace, executor)
                .addTo(FlowScript.builder())
                .clock(clock)
                .executor(executor)
                .engineExecutor(executor)
                .ids(schedule::nextId)
                .retention(new Retention(random.nextInt(4) == 0 ? FEW_EVENTS : 100_000, 64L << 20, KEPT))
                .storeRetention(new StoreRetention(KEPT, Long.MAX_VALUE, Long.MAX_VALUE))
                .durability(durability)
                .store(store)
                .build();
        flows = opened;
        opened.executions().onCreated(this::follow);
        opened.executions().list(null, null, null, MOST).forEach(this::follow);
    }

    boolean isAlive() {
        return alive;
    }

    FlowScript flows() {
        if (flows == null) {
            throw new IllegalStateException("The engine is being built");
        }
        return flows;
    }

    Instant now() {
        return clock.instant();
    }

    /** Runs some tasks. */
    void run(int tasks) {
        for (int i = 0; i < tasks && alive && executor.runOne(); i++) {
            schedule.throwFailure();
        }
    }

    boolean isIdle() {
        return executor.pending() == 0;
    }

    /** Lets time pass. */
    void pass(Duration time) {
        clock.advance(time);
    }

    /** Lets time pass until something falls due; false if nothing will. */
    boolean passToNext() {
        Instant next = clock.next();
        if (next == null || Duration.between(clock.instant(), next).compareTo(KEPT.dividedBy(2)) > 0) {
            return false;
        }
        Duration until = Duration.between(clock.instant(), next);
        clock.advance(until.isNegative() ? Duration.ZERO : until);
        return true;
    }

    void kill() {
        store.kill();
    }

    /** Ends the process in order. */
    void close() {
        alive = false;
        flows().close();
    }

    /**
     * Makes a call that waits for the store. What it returns counts as observed, even if the process was killed meanwhile: a
     * result that did not wait for the store could have reached the caller before.
     *
     * @return the result; null if the process was killed and there is none
     */
    <T> @Nullable T call(String executionId, Supplier<T> call) {
        try {
            return store.atOnce(executionId, call);
        } catch (RuntimeException e) {
            if (alive) {
                throw e;
            }
            return null;
        }
    }

    /** Kills the process if that was due at the end of the last {@link #call}. */
    void afterCall() {
        store.killIfDue();
    }

    // What a node does.

    @Override
    public void called(Observation.Called call) {
        note(call);
    }

    @Override
    public <T> T blocking(String executionId, Supplier<T> call) {
        T result = store.atOnce(executionId, call);
        store.killIfDue();
        return result;
    }

    private void note(Observation observation) {
        if (alive) {
            schedule.note(observation);
        }
    }

    // What subscribers see.

    private void follow(Execution execution) {
        if (followed.add(execution.id())) {
            for (String subscriber : subscribers) {
                Position last = schedule.position(subscriber, execution.id());
                Cursor cursor = execution.events().cursor(last);
                executor.execute(() -> read(subscriber, cursor));
            }
            var unused =
                    execution.result().thenAccept(end -> note(new Observation.Ended(execution.id(), end.status())));
        }
    }

    private void read(String subscriber, Cursor cursor) {
        if (!alive) {
            return;
        }
        Read next = cursor.read(1 + Math.floorMod(cursor.position().seq(), READ));
        if (next instanceof Read.Events some) {
            for (RecordedEvent event : some.events()) {
                schedule.note(Observation.Seen.of(subscriber, event));
                schedule.reached(subscriber, event);
            }
            executor.execute(() -> read(subscriber, cursor));
        } else if (next instanceof Read.Missed missed) {
            schedule.note(new Observation.Missed(cursor.log().executionId(), subscriber, missed.toString()));
            executor.execute(() -> read(subscriber, cursor));
        } else if (next instanceof Read.Nothing) {
            cursor.wakeWhenReadable(() -> executor.execute(() -> read(subscriber, cursor)));
        }
    }

    // What the store says.

    @Override
    public void execute(Runnable task) {
        executor.execute(task);
    }

    @Override
    public @Nullable Moment writes(List<Commit> commits) {
        return schedule.writes(commits);
    }

    @Override
    public void killed() {
        alive = false;
        if (flows != null) {
            flows.close();
        }
    }

    @Override
    public void failed(AssertionError wrong) {
        schedule.fail(wrong);
    }
}
