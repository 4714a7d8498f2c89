package io.flowscript.engine;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How an engine is, for monitoring.
 *
 * @param problems what is wrong, in the order of {@link Problem}; empty when all is well
 * @param storeStalled for how long the store has been trying to write the same changes; zero when it writes, and without a store
 * @param shards the shards of a store that several engines share; null when it is not shared
 * @param clockJump how far the time of day has last jumped forward, or back if it is negative, in the last hour; zero when it has not
 *     jumped by a minute or more
 * @param nodesStalled for how long calls of nodes have waited without one of them getting a thread, as far as the health was asked for meanwhile;
 *     zero when none waits
 * @param waitingNodes the calls of nodes that wait for a thread
 * @param waitingCommands the commands of this engine that wait for a reply of an engine that shares the store
 * @param broken the executions that could neither continue nor be ended
 * @since 0.1.0
 */
public record EngineHealth(
        List<Problem> problems,
        Duration storeStalled,
        @Nullable Shards shards,
        Duration clockJump,
        Duration nodesStalled,
        int waitingNodes,
        int waitingCommands,
        int broken) {

    /**
     * What can be wrong.
     *
     * @since 0.1.0
     */
    public enum Problem {

        /** Executions could neither continue nor be ended. A restart of the process mends it. */
        BROKEN(true),

        /** The store takes nothing, for longer than {@link EngineLimits#maxStoreStall(Duration)}. */
        STORE_UNAVAILABLE(true),

        /** The lease of the shards is over: the store was not reached for so long, and other engines may have taken them. */
        LEASE_OVER(true),

        /** The shards were not renewed for two thirds of their lease. */
        LEASE_IN_DANGER(false),

        /** Calls of nodes wait, and none has got a thread for longer than {@link EngineLimits#maxNodeStall(Duration)}. */
        NODES_STALLED(false),

        /** The time of day has jumped by a minute or more in the last hour. Deadlines of a day or more have moved with it. */
        CLOCK_JUMPED(false);

        private final boolean serious;

        Problem(boolean serious) {
            this.serious = serious;
        }

        /** {@return whether an engine with this problem is not to get work. Other problems are warnings} */
        public boolean isSerious() {
            return serious;
        }
    }

    /**
     * The shards that an engine has of a shared store.
     *
     * @param owned how many it owns
     * @param all how many there are
     * @param sinceRenewal for how long they were not renewed
     * @param lease how long it owns them without a renewal
     * @since 0.1.0
     */
    public record Shards(int owned, int all, Duration sinceRenewal, Duration lease) {}

    /** Copies the problems. */
    public EngineHealth {
        problems = List.copyOf(problems);
    }

    /** {@return whether the engine can work: it has no serious problem} */
    public boolean isUp() {
        return problems.stream().noneMatch(Problem::isSerious);
    }
}
