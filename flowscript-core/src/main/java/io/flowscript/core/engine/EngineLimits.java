package io.flowscript.core.engine;

import io.flowscript.core.FlowScriptException;
import io.flowscript.core.settings.Range;
import io.flowscript.core.settings.SettingValues;
import java.time.Duration;
import java.util.function.Consumer;
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

    private static final EngineLimits DEFAULTS = new EngineLimits(new Values());

    private static final class Values extends SettingValues<Values> {
        long maxSteps = 1_000_000;

        @Nullable
        Duration executionTimeout = Duration.ofHours(1);

        @Nullable
        Duration nodeTimeout;

        int maxExecutions = 200_000;
        int maxFinished = 10_000;
        int maxWorkflows = 10_000;
        long maxStateBytes = 16L << 20;
        long maxEventBytes = 1L << 20;
        int maxOpenInteractions = 100;
        int rememberedInteractions = 64;
        long logBytes = 256L << 20;
    }

    private final Values values;

    private EngineLimits(Values values) {
        this.values = values;
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
        return with(changed -> changed.maxSteps = Range.atLeast(1, value, "maxSteps"));
    }

    /** {@return the setting of {@link #maxSteps(long)}} */
    public long maxSteps() {
        return values.maxSteps;
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
        return with(changed -> changed.executionTimeout = Range.positive(value, "executionTimeout"));
    }

    /** {@return the setting of {@link #executionTimeout(Duration)}} */
    public @Nullable Duration executionTimeout() {
        return values.executionTimeout;
    }

    /**
     * How long one attempt of a node may work when the node does not say itself; null for no limit.
     *
     * @param value more than zero and at most 100 years, or null for no limit
     * @return limits like these, with that one changed
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
     * How many executions the engine knows at the most. When there are as many, the oldest finished one is
     * forgotten; when none has finished, starting fails with {@code too_many_executions}.
     *
     * @param value from 1
     * @return limits like these, with that one changed
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
     * How many finished executions are kept at the most, the newest ones; 0 or more.
     *
     * @param value 0 or more
     * @return limits like these, with that one changed
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
     * How many workflows can be registered.
     *
     * @param value from 1
     * @return limits like these, with that one changed
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
     * How much memory the state of one execution may hold, estimated, in bytes; a write beyond it fails with
     * {@code state_too_large}.
     *
     * @param value from 1
     * @return limits like these, with that one changed
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
     * How much memory the payload of one event that a node emits may hold, estimated, in bytes; one beyond it is
     * refused with {@code event_too_large}.
     *
     * @param value from 1
     * @return limits like these, with that one changed
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
     * How many interactions one execution may have open at a time; asking for one more fails with {@code too_many_pauses}.
     *
     * @param value from 1
     * @return limits like these, with that one changed
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
     * How many closed interactions one execution remembers, to tell a late caller what became of them; 0 or more.
     *
     * @param value 0 or more
     * @return limits like these, with that one changed
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
     * How much memory the logs of all executions may hold together, estimated, in bytes. When it is exceeded, the
     * oldest finished executions are forgotten, then the logs that grow drop their oldest events.
     *
     * @param value from 1
     * @return limits like these, with that one changed
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
