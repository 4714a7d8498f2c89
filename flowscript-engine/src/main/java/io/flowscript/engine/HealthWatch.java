package io.flowscript.engine;

import io.flowscript.core.runtime.EngineClock;
import io.flowscript.core.store.ExecutionStore;
import io.flowscript.engine.EngineHealth.Problem;
import io.flowscript.engine.EngineHealth.Shards;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Notices what shows only over time: a clock that jumps, and calls of nodes that do not get on. It looks when it is asked, so what
 * works pays nothing for it. Safe for use by any thread.
 */
final class HealthWatch {

    /** How far the time of day may move against the monotonic time. */
    static final Duration MAX_JUMP = Duration.ofMinutes(1);

    /** How long a jump is remembered. A slower drift than {@link #MAX_JUMP} in this time is no jump. */
    static final Duration REMEMBERED = Duration.ofHours(1);

    private final EngineClock clock;
    private final EngineThreads threads;
    private final EngineLimits limits;
    private final @Nullable ExecutionStore store;
    private final @Nullable Cluster cluster;
    private final RemoteCommands remote;
    private final IntSupplier broken;

    /** The time of day at the zero of the monotonic time, as it was last compared. */
    private Duration zero;

    private long comparedAt;
    private Duration jump = Duration.ZERO;
    private long jumpedAt;

    /** When calls were first seen to wait since the last one has begun; null before any was. Calls that wait no more have begun. */
    private @Nullable Long stalledSince;

    private long begun;

    HealthWatch(
            EngineClock clock,
            EngineThreads threads,
            EngineLimits limits,
            @Nullable ExecutionStore store,
            @Nullable Cluster cluster,
            RemoteCommands remote,
            IntSupplier broken) {
        this.clock = clock;
        this.threads = threads;
        this.limits = limits;
        this.store = store;
        this.cluster = cluster;
        this.remote = remote;
        this.broken = broken;
        this.comparedAt = clock.nanoTime();
        this.zero = zero(clock.instant(), comparedAt);
    }

    /** {@return how the engine is now} Does not block. */
    EngineHealth look() {
        List<Problem> problems = new ArrayList<>();
        int lost = broken.getAsInt();
        if (lost > 0) {
            problems.add(Problem.BROKEN);
        }
        if (store != null && !Storage.isAvailable(store, limits)) {
            problems.add(Problem.STORE_UNAVAILABLE);
        }
        Shards shards = cluster == null ? null : cluster.health();
        if (shards != null) {
            addLease(shards, problems);
        }
        Duration stalled = nodesStalled();
        Duration most = limits.maxNodeStall();
        if (most != null && stalled.compareTo(most) > 0) {
            problems.add(Problem.NODES_STALLED);
        }
        Duration jumped = jump();
        if (!jumped.isZero()) {
            problems.add(Problem.CLOCK_JUMPED);
        }
        return new EngineHealth(
                problems,
                store == null ? Duration.ZERO : store.stalled(),
                shards,
                jumped,
                stalled,
                threads.waitingNodes(),
                remote.waiting(),
                lost);
    }

    private static void addLease(Shards shards, List<Problem> problems) {
        Duration since = shards.sinceRenewal();
        if (since.compareTo(shards.lease()) > 0) {
            problems.add(Problem.LEASE_OVER);
        } else if (since.multipliedBy(3).compareTo(shards.lease().multipliedBy(2)) > 0) {
            problems.add(Problem.LEASE_IN_DANGER);
        }
    }

    /** {@return how far the time of day has jumped lately; zero when it has not} */
    private Duration jump() {
        Instant time = clock.instant();
        return jump(time, clock.nanoTime());
    }

    private synchronized Duration jump(Instant time, long nanos) {
        Duration now = zero(time, nanos);
        Duration moved = now.minus(zero);
        if (moved.abs().compareTo(MAX_JUMP) >= 0) {
            jump = moved;
            jumpedAt = nanos;
            zero = now;
            comparedAt = nanos;
            return jump;
        }
        if (nanos - jumpedAt > REMEMBERED.toNanos()) {
            jump = Duration.ZERO;
        }
        if (nanos - comparedAt > REMEMBERED.toNanos()) {
            zero = now;
            comparedAt = nanos;
        }
        return jump;
    }

    private static Duration zero(Instant time, long nanos) {
        return Duration.between(Instant.EPOCH, time).minusNanos(nanos);
    }

    /** {@return for how long calls of nodes have waited and none has got a thread, as far as this was asked meanwhile} */
    private Duration nodesStalled() {
        long nanos = clock.nanoTime();
        return nodesStalled(nanos, threads.waitingNodes(), threads.begunNodes());
    }

    private synchronized Duration nodesStalled(long nanos, int waiting, long begunNow) {
        if (waiting == 0) {
            return Duration.ZERO;
        }
        Long since = stalledSince;
        if (since == null || begunNow != begun) {
            stalledSince = nanos;
            begun = begunNow;
            return Duration.ZERO;
        }
        return Duration.ofNanos(Math.max(0, nanos - since));
    }
}
