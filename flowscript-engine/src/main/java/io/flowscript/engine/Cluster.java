package io.flowscript.engine;

import io.flowscript.core.concurrent.Guard;
import io.flowscript.core.concurrent.SerialTask;
import io.flowscript.core.runtime.EngineClock;
import io.flowscript.core.store.ExecutionChange;
import io.flowscript.core.store.RemoteCommand;
import io.flowscript.core.store.SharedStore;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * One engine among those that share a store. It renews its shards in time, gives up those that others should have, and
 * exchanges commands and changes with the others. Safe for use by any thread.
 */
final class Cluster {

    /** Shards are renewed three times in a lease, so that two failures in a row cost none. */
    private static final int RENEWALS = 3;

    /** How often news are looked for in a lease, when no signal comes. */
    private static final int LOOKS = 5;

    /** How many changes can wait to be told, until no more are read. */
    private static final int MAX_UNTOLD = 10_000;

    private static final Logger LOGGER = System.getLogger(FlowScript.class.getName());

    private final SharedStore store;
    private final OwnShards shards;
    private final EngineClock clock;
    private final Member member;
    private final RemoteCommands commands;
    private final Pulse renewal;
    private final Pulse exchange;
    private final Pulse takeover;

    /** Shards whose executions are still to be continued. */
    private final Set<Integer> gained = ConcurrentHashMap.newKeySet();

    /** Shards that the store has given to this engine, with their fences. They are taken when all older changes were read. */
    private final AtomicReference<Map<Integer, Long>> pending = new AtomicReference<>(Map.of());

    /** What others have changed and was not told yet, by the ids of the executions. Used by one exchange at a time. */
    private final Map<String, ExecutionChange> untold = new LinkedHashMap<>();

    /** What this engine itself has changed in shards that it had lost by then. */
    private final Queue<ExecutionChange> storedWhenLost = new ConcurrentLinkedQueue<>();

    /** Whether more may have changed. Used by one exchange at a time. */
    private boolean moreUntold;

    private volatile boolean started;
    private volatile boolean closed;

    /** The monotonic time at which the last renewal began that has succeeded. */
    private volatile long renewedAt;

    /** How many renewals were begun. Changed by one at a time. */
    private volatile long renewalsBegun;

    /** What the engine does when something has changed among its members. All methods can block. */
    interface Member {

        /** Some executions do not belong to this engine any more. */
        void lost();

        /** Shards belong to this engine from now on. */
        void gained(Set<Integer> shards);

        /**
         * An execution has changed that another engine advances.
         *
         * @return false when this is to be told again later
         */
        boolean changed(ExecutionChange change);

        /** More may have changed than was said. */
        void changedMore();

        /** Carries out a command that another engine has sent, and replies to it later. Does not block. */
        void carryOut(RemoteCommand command);
    }

    /**
     * Creates an engine that owns nothing yet.
     *
     * @param threads run what blocks
     */
    Cluster(
            SharedStore store,
            OwnShards shards,
            EngineClock clock,
            EngineThreads threads,
            RemoteCommands commands,
            Member member) {
        this.store = store;
        this.shards = shards;
        this.clock = clock;
        this.member = member;
        this.commands = commands;
        this.renewal = new Pulse(threads.lease(), this::renew, store.lease().dividedBy(RENEWALS));
        this.exchange =
                new Pulse(threads.storeReaders(), this::exchange, store.lease().dividedBy(LOOKS));
        this.takeover = new Pulse(threads.storeReaders(), this::takeOver, store.lease());
    }

    /** Gets the first shards. Blocks. Called once. */
    void start() {
        renew();
        exchange();
        takeOver();
        started = true;
        store.onNews(exchange::signal);
        renewal.signal();
        exchange.signal();
    }

    void close() {
        closed = true;
        renewal.stop();
        exchange.stop();
        takeover.stop();
    }

    /**
     * Renews the shards at once if the lease may be over. When the store is away, what is in memory is read.
     *
     * @return whether the lease is not over
     */
    boolean renewIfLate() {
        if (isLate()) {
            renewLate();
            return !isLate();
        }
        return true;
    }

    private void renewLate() {
        long begunBefore = renewalsBegun;
        if (!closed) {
            Guard.run(
                    () -> {
                        Set<Integer> back = renewedUnlessBegun(begunBefore);
                        if (back != null) {
                            afterRenewal(back);
                        }
                    },
                    renewal::failed);
        }
    }

    /** Renews, unless a renewal was begun since: who has waited for that one need not wait for another. {@return as {@link #renewed}} */
    private synchronized @Nullable Set<Integer> renewedUnlessBegun(long before) {
        return renewalsBegun > before ? null : renewed();
    }

    /** {@return whether the lease may be over} Does not block. */
    boolean isLate() {
        return sinceRenewal().compareTo(store.lease()) > 0;
    }

    /** {@return for how long the shards were not renewed} */
    Duration sinceRenewal() {
        return Duration.ofNanos(Math.max(0, clock.nanoTime() - renewedAt));
    }

    /** {@return the shards as they are now} */
    EngineHealth.Shards health() {
        return new EngineHealth.Shards(shards.count(), SharedStore.SHARDS, sinceRenewal(), store.lease());
    }

    /** A commit of this engine was stored that was under way when it lost the shard. Any thread; does not block. */
    void storedWhenLost(ExecutionChange change) {
        storedWhenLost.add(change);
        signal(exchange);
    }

    private void renew() {
        afterRenewal(renewed());
    }

    private void afterRenewal(Set<Integer> back) {
        member.lost();
        if (!back.isEmpty()) {
            store.release(back);
        }
        signal(exchange);
    }

    /**
     * Renews the shards and gives up those that are lost or surplus. One renewal at a time. A shard that counts as lost here, although the
     * store has it as this engine's, would be nobody's: it goes back to the store, which gives it anew. That is so when giving it back has failed before.
     *
     * @return those that go back
     */
    private synchronized Set<Integer> renewed() {
        renewalsBegun++;
        long now = clock.nanoTime();
        SharedStore.Ownership ownership = store.renew();
        Map<Integer, Long> kept = new HashMap<>(ownership.fences());
        Set<Integer> back = new HashSet<>(ownership.surplus());
        ownership.fences().forEach((shard, fence) -> {
            if (shards.isLost(shard, fence)) {
                back.add(shard);
            }
        });
        kept.keySet().removeAll(back);
        shards.retain(kept);
        pending.set(kept);
        renewedAt = now;
        return back;
    }

    /**
     * Takes the shards that were given to this engine. What others have changed in them has been read by then, so that who
     * follows it here has heard of it.
     */
    private void take(Map<Integer, Long> mine) {
        Set<Integer> taken = shards.add(mine);
        gained.addAll(taken);
        if (!gained.isEmpty()) {
            signal(takeover);
        }
        if (!taken.isEmpty()) {
            signal(exchange); // for the commands in them
        }
    }

    /** Lets work run later, unless {@link #start} still does it itself. */
    private void signal(Pulse work) {
        if (started) {
            work.signal();
        }
    }

    /** Continues the executions of new shards. This takes its time, so the renewals do not wait for it. */
    private void takeOver() {
        Set<Integer> taken = Set.copyOf(gained);
        if (!taken.isEmpty()) {
            gained.removeAll(taken);
            try {
                member.gained(taken);
            } catch (RuntimeException | Error e) {
                gained.addAll(taken);
                throw e;
            }
        }
    }

    private void exchange() {
        RuntimeException failure = untold.size() > MAX_UNTOLD ? tell() : null;
        if (failure != null && untold.size() > MAX_UNTOLD) {
            throw failure; // no news are read until there is room for them
        }
        Map<Integer, Long> mine = new HashMap<>(pending.getAndSet(Map.of()));
        try {
            SharedStore.News news = store.exchange(shards.owned());
            // Before anything that can fail, since they are read once. Own ones first: the new owner has changed the
            // executions later.
            for (ExecutionChange change = storedWhenLost.poll(); change != null; change = storedWhenLost.poll()) {
                untold.merge(change.executionId(), change, ExecutionChange::then);
            }
            news.changes().forEach(change -> untold.merge(change.executionId(), change, ExecutionChange::then));
            moreUntold |= !news.isWhole();
            commands.replied(news.replies());
            news.commands().forEach(member::carryOut);
            if (news.shardsFree()) {
                renewal.signal();
            }
            if (news.hasMore()) {
                exchange.signal();
            }
            failure = tell();
            if (!news.hasMore()) {
                Map<Integer, Long> ready = new HashMap<>(mine);
                untold.keySet().forEach(id -> ready.remove(SharedStore.shardOf(id)));
                take(ready);
                mine.keySet().removeAll(ready.keySet());
            }
        } finally {
            pending.compareAndSet(Map.of(), mine);
        }
        if (failure != null) {
            throw failure;
        }
    }

    /**
     * Tells what others have changed. A change that cannot be told yet, for example because the store cannot be read, is told by a later
     * exchange, and the others are told nevertheless.
     *
     * @return the first failure; null when all is told
     */
    private @Nullable RuntimeException tell() {
        RuntimeException failure = null;
        for (ExecutionChange change : List.copyOf(untold.values())) {
            try {
                if (member.changed(change)) {
                    untold.remove(change.executionId());
                }
            } catch (RuntimeException e) {
                failure = failure == null ? e : failure;
            }
        }
        if (moreUntold && failure == null) {
            member.changedMore();
            moreUntold = false;
        }
        return failure;
    }

    /** Work that is done after each signal, and when some time has passed since the last run. One timer is set at a time. */
    private final class Pulse {

        private final SerialTask task;
        private final Duration pause;
        private final AtomicBoolean timed = new AtomicBoolean();

        /** Whether the last run has failed, so that a failure is logged once. */
        private final AtomicBoolean failing = new AtomicBoolean();

        Pulse(Executor executor, Runnable work, Duration pause) {
            this.task = new SerialTask(executor, () -> run(work));
            this.pause = pause;
        }

        void signal() {
            task.signal();
        }

        void stop() {
            task.stop();
        }

        private void run(Runnable work) {
            try {
                work.run();
                failing.set(false);
            } catch (Throwable thrown) { // also when memory is used up: otherwise the shards would be lost
                Guard.report(thrown, this::failed);
            }
            if (!closed && timed.compareAndSet(false, true)) {
                clock.schedule(pause, this::ring);
            }
        }

        private void failed(Throwable thrown) {
            if (!closed && failing.compareAndSet(false, true)) {
                LOGGER.log(
                        Level.WARNING,
                        "The store that other processes share cannot be reached; it is tried again",
                        thrown);
            }
        }

        private void ring() {
            timed.set(false);
            task.signal();
        }
    }
}
