package io.flowscript.engine;

import io.flowscript.core.runtime.EngineClock;
import io.flowscript.core.store.ExecutionStore;
import io.flowscript.engine.EngineHealth.Problem;
import io.flowscript.engine.EngineHealth.Shards;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/** Tells how the engine is. It looks when it is asked, so what works pays nothing for it. Safe for use by any thread. */
final class HealthCheck {

    private final ClockJumps clockJumps;
    private final NodeStalls nodeStalls;
    private final EngineThreads threads;
    private final EngineLimits limits;
    private final @Nullable ExecutionStore store;
    private final @Nullable Cluster cluster;
    private final RemoteCommands remote;
    private final IntSupplier broken;

    HealthCheck(
            EngineClock clock,
            EngineThreads threads,
            EngineLimits limits,
            @Nullable ExecutionStore store,
            @Nullable Cluster cluster,
            RemoteCommands remote,
            IntSupplier broken) {
        this.clockJumps = new ClockJumps(clock);
        this.nodeStalls = new NodeStalls(clock, threads);
        this.threads = threads;
        this.limits = limits;
        this.store = store;
        this.cluster = cluster;
        this.remote = remote;
        this.broken = broken;
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
        Duration stalled = nodeStalls.last();
        Duration most = limits.maxNodeStall();
        if (most != null && stalled.compareTo(most) > 0) {
            problems.add(Problem.NODES_STALLED);
        }
        Duration jumped = clockJumps.last();
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
}
