package io.flowscript.engine;

import io.flowscript.core.FlowScriptException;
import io.flowscript.core.settings.Range;
import io.flowscript.core.settings.SettingValues;
import java.time.Duration;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The limits of an engine. Start with {@link #defaults} and change single limits.
 *
 * <p>Immutable and safe for use by any thread. Each setting returns a new object.
 *
 * @since 0.1.0
 */
public final class EngineLimits {

    /** The value of {@link #maxSteps(long)} for an unlimited number of steps. */
    public static final long NO_LIMIT = Long.MAX_VALUE;

    private static final EngineLimits DEFAULTS = new EngineLimits(new Values());

    private static final class Values extends SettingValues<Values> {
        long maxSteps = 1_000_000;

        @Nullable
        Duration executionTimeout = Duration.ofHours(1);

        @Nullable
        Duration nodeTimeout;

        int maxExecutions = 200_000;
        int maxFinished = 10_000;
        int maxWaiting = 10_000;
        Duration passivateAfter = Duration.ofMinutes(10);
        int maxWorkflows = 10_000;
        long maxStateBytes = 16L << 20;
        long maxEventBytes = 1L << 20;
        int maxNodeThreads = 256;
        int maxOpenInteractions = 100;
        int rememberedInteractions = 64;
        int rememberedCommands = 32;
        int maxSeenBy = 20;

        @Nullable
        Duration maxStoreStall = Duration.ofSeconds(10);

        @Nullable
        Duration maxNodeStall = Duration.ofSeconds(10);

        long stateBytes = Math.max(32L << 20, Runtime.getRuntime().maxMemory() / 4);
        long logBytes =
                Math.min(256L << 20, Math.max(16L << 20, Runtime.getRuntime().maxMemory() / 8));
    }

    private final Values values;

    private EngineLimits(Values values) {
        this.values = values;
    }

    /**
     * Returns the default limits: 1,000,000 steps and one hour of work for each execution, no timeout for a node,
     * 200,000 executions of which at most 10,000 finished and 10,000 waiting ones that are in a store and leave memory after ten minutes, 10,000 workflows, 16 MiB of state for each execution, 1
     * MiB for each event, 256 threads for nodes, 100 open and 64 remembered interactions and 32 remembered commands for each
     * execution, 20 names of those who have seen an interaction, ten seconds without a store and ten in which no waiting node gets a thread, a quarter of the maximum heap for all executions together (at least 32 MiB), and an eighth of it for all event logs together
     * (from 16 to 256 MiB).
     *
     * @return the limits
     */
    public static EngineLimits defaults() {
        return DEFAULTS;
    }

    /**
     * Sets the maximum number of steps of one execution. An execution that needs more fails with {@code step_limit}.
     *
     * @param value 1 or more, or {@link #NO_LIMIT}
     * @return a copy of these limits with the new value
     * @throws FlowScriptException with code {@code invalid_setting}
     */
    public EngineLimits maxSteps(long value) {
        return with(changed -> changed.maxSteps = Range.atLeast(1, value, "maxSteps"));
    }

    /** {@return the setting of {@link #maxSteps(long)}} */
    public long maxSteps() {
        return values.maxSteps;
    }

    /**
     * Sets how long all nodes of one execution together may work. An execution that works longer fails with
     * {@code execution_timeout}. Waiting for people, sleeps and the delays between attempts do not count.
     *
     * @param value more than zero and at most 100 years, or null for no limit
     * @return a copy of these limits with the new value
     * @throws FlowScriptException with code {@code invalid_setting}
     */
    public EngineLimits executionTimeout(@Nullable Duration value) {
        return with(changed -> changed.executionTimeout = Range.positive(value, "executionTimeout"));
    }

    /** {@return the setting of {@link #executionTimeout(Duration)}} */
    public @Nullable Duration executionTimeout() {
        return values.executionTimeout;
    }

    /**
     * Sets how long one attempt of a node may work, for nodes without a timeout of their own.
     *
     * @param value more than zero and at most 100 years, or null for no limit
     * @return a copy of these limits with the new value
     * @throws FlowScriptException with code {@code invalid_setting}
     */
    public EngineLimits nodeTimeout(@Nullable Duration value) {
        return with(changed -> changed.nodeTimeout = Range.positive(value, "nodeTimeout"));
    }

    /** {@return the setting of {@link #nodeTimeout(Duration)}} */
    public @Nullable Duration nodeTimeout() {
        return values.nodeTimeout;
    }

    /**
     * Sets the maximum number of executions in memory, finished ones included. At the maximum, a new execution
     * replaces the oldest finished one. If none has finished, starting fails with {@code too_many_executions}.
     *
     * @param value 1 or more
     * @return a copy of these limits with the new value
     * @throws FlowScriptException with code {@code invalid_setting}
     */
    public EngineLimits maxExecutions(int value) {
        return with(changed -> changed.maxExecutions = Range.atLeast(1, value, "maxExecutions"));
    }

    /** {@return the setting of {@link #maxExecutions(int)}} */
    public int maxExecutions() {
        return values.maxExecutions;
    }

    /**
     * Sets the maximum number of finished executions that are kept in memory. Beyond it, the oldest leave it.
     *
     * @param value 0 or more
     * @return a copy of these limits with the new value
     * @throws FlowScriptException with code {@code invalid_setting}
     */
    public EngineLimits maxFinished(int value) {
        return with(changed -> changed.maxFinished = Range.atLeast(0, value, "maxFinished"));
    }

    /** {@return the setting of {@link #maxFinished(int)}} */
    public int maxFinished() {
        return values.maxFinished;
    }

    /**
     * Sets the maximum number of executions in memory that wait for a person or a time, and could be read from the store
     * again. Beyond it, those leave memory that wait longest. Without a store, all stay in memory.
     *
     * @param value 1 or more
     * @return a copy of these limits with the new value
     * @throws FlowScriptException with code {@code invalid_setting}
     */
    public EngineLimits maxWaiting(int value) {
        return with(changed -> changed.maxWaiting = Range.atLeast(1, value, "maxWaiting"));
    }

    /** {@return the setting of {@link #maxWaiting(int)}} */
    public int maxWaiting() {
        return values.maxWaiting;
    }

    /**
     * Sets after which time a waiting execution leaves memory, when it is in a store. It comes back when it is needed: for a
     * command, for a reader, or a minute before something is due in it.
     *
     * @param value more than zero and at most 100 years
     * @return a copy of these limits with the new value
     * @throws FlowScriptException with code {@code invalid_setting}
     */
    public EngineLimits passivateAfter(Duration value) {
        return with(changed -> changed.passivateAfter =
                Objects.requireNonNull(Range.positive(Objects.requireNonNull(value, "value"), "passivateAfter")));
    }

    /** {@return the setting of {@link #passivateAfter(Duration)}} */
    public Duration passivateAfter() {
        return values.passivateAfter;
    }

    /**
     * Sets the maximum number of registered workflows.
     *
     * @param value 1 or more
     * @return a copy of these limits with the new value
     * @throws FlowScriptException with code {@code invalid_setting}
     */
    public EngineLimits maxWorkflows(int value) {
        return with(changed -> changed.maxWorkflows = Range.atLeast(1, value, "maxWorkflows"));
    }

    /** {@return the setting of {@link #maxWorkflows(int)}} */
    public int maxWorkflows() {
        return values.maxWorkflows;
    }

    /**
     * Sets the maximum size of the state of one execution, as an estimate of its memory in bytes. A write beyond it
     * fails with {@code state_too_large}.
     *
     * @param value 1 or more
     * @return a copy of these limits with the new value
     * @throws FlowScriptException with code {@code invalid_setting}
     */
    public EngineLimits maxStateBytes(long value) {
        return with(changed -> changed.maxStateBytes = Range.atLeast(1, value, "maxStateBytes"));
    }

    /** {@return the setting of {@link #maxStateBytes(long)}} */
    public long maxStateBytes() {
        return values.maxStateBytes;
    }

    /**
     * Sets the maximum size of the payload of an event that a node emits, as an estimate of its memory in bytes. A
     * larger event is refused with {@code event_too_large}.
     *
     * @param value 1 or more
     * @return a copy of these limits with the new value
     * @throws FlowScriptException with code {@code invalid_setting}
     */
    public EngineLimits maxEventBytes(long value) {
        return with(changed -> changed.maxEventBytes = Range.atLeast(1, value, "maxEventBytes"));
    }

    /** {@return the setting of {@link #maxEventBytes(long)}} */
    public long maxEventBytes() {
        return values.maxEventBytes;
    }

    /**
     * Sets the maximum number of threads that run nodes, and separately of threads that run listeners. Further calls of
     * nodes wait in a queue, at most one of each execution. With an executor of the application, the setting has no effect
     * on nodes.
     *
     * @param value 1 or more
     * @return a copy of these limits with the new value
     * @throws FlowScriptException with code {@code invalid_setting}
     */
    public EngineLimits maxNodeThreads(int value) {
        return with(changed -> changed.maxNodeThreads = Range.atLeast(1, value, "maxNodeThreads"));
    }

    /** {@return the setting of {@link #maxNodeThreads(int)}} */
    public int maxNodeThreads() {
        return values.maxNodeThreads;
    }

    /**
     * Sets the maximum number of open interactions of one execution. Opening one more fails with
     * {@code too_many_pauses}.
     *
     * @param value 1 or more
     * @return a copy of these limits with the new value
     * @throws FlowScriptException with code {@code invalid_setting}
     */
    public EngineLimits maxOpenInteractions(int value) {
        return with(changed -> changed.maxOpenInteractions = Range.atLeast(1, value, "maxOpenInteractions"));
    }

    /** {@return the setting of {@link #maxOpenInteractions(int)}} */
    public int maxOpenInteractions() {
        return values.maxOpenInteractions;
    }

    /**
     * Sets how many closed interactions one execution remembers. A late answer to a remembered interaction gets a
     * receipt that tells how the interaction was closed.
     *
     * @param value 0 or more
     * @return a copy of these limits with the new value
     * @throws FlowScriptException with code {@code invalid_setting}
     */
    public EngineLimits rememberedInteractions(int value) {
        return with(changed -> changed.rememberedInteractions = Range.atLeast(0, value, "rememberedInteractions"));
    }

    /** {@return the setting of {@link #rememberedInteractions(int)}} */
    public int rememberedInteractions() {
        return values.rememberedInteractions;
    }

    /**
     * Sets how many commands with a key each execution remembers. The oldest is forgotten first; the one that has started the
     * execution is never forgotten. When the engine starts again, a command that is not remembered is treated as a new one.
     *
     * @param value 0 or more
     * @return a copy of these limits with the new value
     * @throws FlowScriptException with code {@code invalid_setting}
     */
    public EngineLimits rememberedCommands(int value) {
        return with(changed -> changed.rememberedCommands = Range.atLeast(0, value, "rememberedCommands"));
    }

    /** {@return the setting of {@link #rememberedCommands(int)}} */
    public int rememberedCommands() {
        return values.rememberedCommands;
    }

    /**
     * Sets how many names of people who have seen an open interaction are kept, the first ones. Nobody else is recorded
     * then.
     *
     * @param value 1 or more
     * @return a copy of these limits with the new value
     * @throws FlowScriptException with code {@code invalid_setting}
     */
    public EngineLimits maxSeenBy(int value) {
        return with(changed -> changed.maxSeenBy = Range.atLeast(1, value, "maxSeenBy"));
    }

    /** {@return the setting of {@link #maxSeenBy(int)}} */
    public int maxSeenBy() {
        return values.maxSeenBy;
    }

    /**
     * Sets for how long the store may be unable to write until the engine refuses what it cannot store: starting, answering,
     * claiming, releasing, revising and cancelling then fail at once with {@code store_unavailable}, and nothing of them has
     * happened. Running executions wait for the store. All of it goes on when the store writes again.
     *
     * @param value more than zero and at most 100 years, or null to refuse nothing
     * @return a copy of these limits with the new value
     * @throws FlowScriptException with code {@code invalid_setting}
     */
    public EngineLimits maxStoreStall(@Nullable Duration value) {
        return with(changed -> changed.maxStoreStall = Range.positive(value, "maxStoreStall"));
    }

    /** {@return the setting of {@link #maxStoreStall(Duration)}} */
    public @Nullable Duration maxStoreStall() {
        return values.maxStoreStall;
    }

    /**
     * Sets for how long calls of nodes may wait without one of them getting a thread, until the {@linkplain FlowScript#health health} warns of it.
     *
     * @param value more than zero and at most 100 years, or null to warn never
     * @return a copy of these limits with the new value
     * @throws FlowScriptException with code {@code invalid_setting}
     */
    public EngineLimits maxNodeStall(@Nullable Duration value) {
        return with(changed -> changed.maxNodeStall = Range.positive(value, "maxNodeStall"));
    }

    /** {@return the setting of {@link #maxNodeStall(Duration)}} */
    public @Nullable Duration maxNodeStall() {
        return values.maxNodeStall;
    }

    /**
     * Sets the maximum size of all executions together, without their event logs, as an estimate of their memory in
     * bytes: their states, what their nodes have written and not committed, and their interactions. Forms of less than
     * 16 KiB do not count, since the executions of a workflow share them. Beyond the limit, the oldest finished
     * executions are removed first; then {@code memory_limit} refuses what would need more: a new execution, a write, an
     * interaction, an answer.
     *
     * @param value 1 or more
     * @return a copy of these limits with the new value
     * @throws FlowScriptException with code {@code invalid_setting}
     */
    public EngineLimits stateBytes(long value) {
        return with(changed -> changed.stateBytes = Range.atLeast(1, value, "stateBytes"));
    }

    /** {@return the setting of {@link #stateBytes(long)}} */
    public long stateBytes() {
        return values.stateBytes;
    }

    /**
     * Sets the maximum size of the event logs of all executions together, as an estimate of their memory in bytes.
     * Beyond it, the oldest finished executions are removed first; then growing logs drop their oldest events.
     *
     * @param value 1 or more
     * @return a copy of these limits with the new value
     * @throws FlowScriptException with code {@code invalid_setting}
     */
    public EngineLimits logBytes(long value) {
        return with(changed -> changed.logBytes = Range.atLeast(1, value, "logBytes"));
    }

    /** {@return the setting of {@link #logBytes(long)}} */
    public long logBytes() {
        return values.logBytes;
    }

    private EngineLimits with(Consumer<Values> change) {
        return new EngineLimits(values.with(change));
    }
}
