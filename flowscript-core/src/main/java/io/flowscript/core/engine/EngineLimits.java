package io.flowscript.core.engine;

import io.flowscript.core.FlowScriptException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The bounds of an engine. Begin with {@link #defaults} and change what has to be changed.
 *
 * <p>Immutable; each setting returns another one.
 *
 * @since 0.1.0
 */
public final class EngineLimits {

    /** Any number of steps. */
    public static final long NO_LIMIT = Long.MAX_VALUE;

    private static final EngineLimits DEFAULTS = new EngineLimits();
    private static final Duration LONGEST = Duration.ofDays(36_525);

    private long maxSteps = 1_000_000;
    private @Nullable Duration executionTimeout = Duration.ofHours(1);
    private @Nullable Duration nodeTimeout = null;
    private int maxExecutions = 200_000;
    private int maxFinished = 10_000;
    private int maxWorkflows = 10_000;
    private long maxStateBytes = 16L << 20;
    private long maxEventBytes = 1L << 20;
    private int maxOpenInteractions = 100;
    private int rememberedInteractions = 64;
    private long logBytes = 256L << 20;

    private EngineLimits() {}

    private EngineLimits(EngineLimits other) {
        maxSteps = other.maxSteps;
        executionTimeout = other.executionTimeout;
        nodeTimeout = other.nodeTimeout;
        maxExecutions = other.maxExecutions;
        maxFinished = other.maxFinished;
        maxWorkflows = other.maxWorkflows;
        maxStateBytes = other.maxStateBytes;
        maxEventBytes = other.maxEventBytes;
        maxOpenInteractions = other.maxOpenInteractions;
        rememberedInteractions = other.rememberedInteractions;
        logBytes = other.logBytes;
    }

    /**
     * 1,000,000 steps, an hour of work, no limit of its own for a node, 200,000 executions, of them 10,000 finished, 10,000 workflows, 16 MiB of
     * state, 1 MiB an event, 100 open and 64 remembered interactions, 256 MiB for all logs.
     *
     * @return the limits
     */
    public static EngineLimits defaults() {
        return DEFAULTS;
    }

    /**
     * How many steps one execution may take, then it fails with {@code step_limit}; {@link #NO_LIMIT} for any
     * number.
     *
     * @param value from 1, or {@link #NO_LIMIT}
     * @return limits like these, with that one changed
     * @throws FlowScriptException with code {@code invalid_setting}
     */
    public EngineLimits maxSteps(long value) {
        EngineLimits changed = new EngineLimits(this);
        changed.maxSteps = atLeast(1, value, "maxSteps");
        return changed;
    }

    /** {@return the setting of {@link #maxSteps(long)}} */
    public long maxSteps() {
        return maxSteps;
    }

    /**
     * How long the nodes of one execution may work in all, then it fails with {@code execution_timeout}; the time
     * that people take, sleeps and the delays between attempts do not count; null for no limit.
     *
     * @param value more than zero and at most 100 years, or null for no limit
     * @return limits like these, with that one changed
     * @throws FlowScriptException with code {@code invalid_setting}
     */
    public EngineLimits executionTimeout(@Nullable Duration value) {
        EngineLimits changed = new EngineLimits(this);
        changed.executionTimeout = positive(value, "executionTimeout");
        return changed;
    }

    /** {@return the setting of {@link #executionTimeout(Duration)}} */
    public @Nullable Duration executionTimeout() {
        return executionTimeout;
    }

    /**
     * How long one attempt of a node may work when the node does not say itself; null for no limit.
     *
     * @param value more than zero and at most 100 years, or null for no limit
     * @return limits like these, with that one changed
     * @throws FlowScriptException with code {@code invalid_setting}
     */
    public EngineLimits nodeTimeout(@Nullable Duration value) {
        EngineLimits changed = new EngineLimits(this);
        changed.nodeTimeout = positive(value, "nodeTimeout");
        return changed;
    }

    /** {@return the setting of {@link #nodeTimeout(Duration)}} */
    public @Nullable Duration nodeTimeout() {
        return nodeTimeout;
    }

    /**
     * How many executions the engine knows at the most. When there are as many, the oldest finished one is
     * forgotten; when none has finished, starting fails with {@code too_many_executions}.
     *
     * @param value from 1
     * @return limits like these, with that one changed
     * @throws FlowScriptException with code {@code invalid_setting}
     */
    public EngineLimits maxExecutions(int value) {
        EngineLimits changed = new EngineLimits(this);
        changed.maxExecutions = (int) atLeast(1, value, "maxExecutions");
        return changed;
    }

    /** {@return the setting of {@link #maxExecutions(int)}} */
    public int maxExecutions() {
        return maxExecutions;
    }

    /**
     * How many finished executions are kept at the most, the newest ones; 0 or more.
     *
     * @param value 0 or more
     * @return limits like these, with that one changed
     * @throws FlowScriptException with code {@code invalid_setting}
     */
    public EngineLimits maxFinished(int value) {
        EngineLimits changed = new EngineLimits(this);
        changed.maxFinished = (int) atLeast(0, value, "maxFinished");
        return changed;
    }

    /** {@return the setting of {@link #maxFinished(int)}} */
    public int maxFinished() {
        return maxFinished;
    }

    /**
     * How many workflows can be registered.
     *
     * @param value from 1
     * @return limits like these, with that one changed
     * @throws FlowScriptException with code {@code invalid_setting}
     */
    public EngineLimits maxWorkflows(int value) {
        EngineLimits changed = new EngineLimits(this);
        changed.maxWorkflows = (int) atLeast(1, value, "maxWorkflows");
        return changed;
    }

    /** {@return the setting of {@link #maxWorkflows(int)}} */
    public int maxWorkflows() {
        return maxWorkflows;
    }

    /**
     * How much memory the state of one execution may hold, estimated, in bytes; a write beyond it fails with
     * {@code state_too_large}.
     *
     * @param value from 1
     * @return limits like these, with that one changed
     * @throws FlowScriptException with code {@code invalid_setting}
     */
    public EngineLimits maxStateBytes(long value) {
        EngineLimits changed = new EngineLimits(this);
        changed.maxStateBytes = atLeast(1, value, "maxStateBytes");
        return changed;
    }

    /** {@return the setting of {@link #maxStateBytes(long)}} */
    public long maxStateBytes() {
        return maxStateBytes;
    }

    /**
     * How much memory the payload of one event that a node emits may hold, estimated, in bytes; one beyond it is
     * refused with {@code event_too_large}.
     *
     * @param value from 1
     * @return limits like these, with that one changed
     * @throws FlowScriptException with code {@code invalid_setting}
     */
    public EngineLimits maxEventBytes(long value) {
        EngineLimits changed = new EngineLimits(this);
        changed.maxEventBytes = atLeast(1, value, "maxEventBytes");
        return changed;
    }

    /** {@return the setting of {@link #maxEventBytes(long)}} */
    public long maxEventBytes() {
        return maxEventBytes;
    }

    /**
     * How many interactions one execution may have open at a time; asking for one more fails with {@code too_many_pauses}.
     *
     * @param value from 1
     * @return limits like these, with that one changed
     * @throws FlowScriptException with code {@code invalid_setting}
     */
    public EngineLimits maxOpenInteractions(int value) {
        EngineLimits changed = new EngineLimits(this);
        changed.maxOpenInteractions = (int) atLeast(1, value, "maxOpenInteractions");
        return changed;
    }

    /** {@return the setting of {@link #maxOpenInteractions(int)}} */
    public int maxOpenInteractions() {
        return maxOpenInteractions;
    }

    /**
     * How many closed interactions one execution remembers, to tell a late caller what became of them; 0 or more.
     *
     * @param value 0 or more
     * @return limits like these, with that one changed
     * @throws FlowScriptException with code {@code invalid_setting}
     */
    public EngineLimits rememberedInteractions(int value) {
        EngineLimits changed = new EngineLimits(this);
        changed.rememberedInteractions = (int) atLeast(0, value, "rememberedInteractions");
        return changed;
    }

    /** {@return the setting of {@link #rememberedInteractions(int)}} */
    public int rememberedInteractions() {
        return rememberedInteractions;
    }

    /**
     * How much memory the logs of all executions may hold together, estimated, in bytes. When it is exceeded, the
     * oldest finished executions are forgotten, then the logs that grow drop their oldest events.
     *
     * @param value from 1
     * @return limits like these, with that one changed
     * @throws FlowScriptException with code {@code invalid_setting}
     */
    public EngineLimits logBytes(long value) {
        EngineLimits changed = new EngineLimits(this);
        changed.logBytes = atLeast(1, value, "logBytes");
        return changed;
    }

    /** {@return the setting of {@link #logBytes(long)}} */
    public long logBytes() {
        return logBytes;
    }

    private static long atLeast(long least, long value, String name) {
        if (value < least) {
            throw new FlowScriptException("invalid_setting", name + " must be at least " + least + ", not " + value);
        }
        return value;
    }

    private static @Nullable Duration positive(@Nullable Duration value, String name) {
        if (value != null && (value.isNegative() || value.isZero() || value.compareTo(LONGEST) > 0)) {
            throw new FlowScriptException(
                    "invalid_setting",
                    name + " must be more than zero and at most 100 years, or null for no limit, not " + value);
        }
        return value;
    }
}
