package io.flowscript.core.engine;

import io.flowscript.core.FlowScriptException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The bounds of an engine. Begin with {@link #DEFAULT} and change what has to be changed.
 *
 * @param maxSteps how many steps one execution may take, then it fails with {@code step_limit}; {@link #NO_LIMIT} for any number
 * @param executionTimeout how long the nodes of one execution may work in all, then it fails with {@code execution_timeout};
 *     the time that people take, sleeps and the pauses between attempts do not count; null for no limit
 * @param nodeTimeout how long one attempt of a node may work when the node does not say itself; null for no limit
 * @param maxExecutions how many executions the engine knows at the most. When there are as many, the oldest finished one is
 *     forgotten; when none has finished, starting fails with {@code too_many_executions}
 * @param maxFinished how many finished executions are kept at the most, the newest ones; 0 or more
 * @param maxWorkflows how many workflows can be registered
 * @param maxStateBytes how much memory the state of one execution may hold, estimated, in bytes; a write beyond it fails
 *     with {@code state_too_large}
 * @param maxEventBytes how much memory the payload of one event that a node emits may hold, estimated, in bytes; one beyond
 *     it is refused with {@code event_too_large}
 * @param maxOpenPauses how many questions one execution may have open at a time, then asking fails with
 *     {@code too_many_pauses}
 * @param rememberedAnswers how many closed questions one execution remembers, to tell a late caller what became of them; 0 or more
 * @param logBytes how much memory the logs of all executions may hold together, estimated, in bytes. When it is exceeded,
 *     the oldest finished executions are forgotten, then the logs that grow drop their oldest events
 * @since 0.1.0
 */
public record EngineLimits(
        long maxSteps,
        @Nullable Duration executionTimeout,
        @Nullable Duration nodeTimeout,
        int maxExecutions,
        int maxFinished,
        int maxWorkflows,
        long maxStateBytes,
        long maxEventBytes,
        int maxOpenPauses,
        int rememberedAnswers,
        long logBytes) {

    /** Any number of steps. */
    public static final long NO_LIMIT = Long.MAX_VALUE;

    private static final Duration LONGEST = Duration.ofDays(36_525);

    /**
     * 1,000,000 steps, an hour of work, no limit of its own for a node, 200,000 executions, of them 10,000 finished, 10,000 workflows, 16 MiB of
     * state, 1 MiB an event, 100 open and 64 remembered questions, 256 MiB for all logs.
     */
    public static final EngineLimits DEFAULT = new EngineLimits(
            1_000_000, Duration.ofHours(1), null, 200_000, 10_000, 10_000, 16L << 20, 1L << 20, 100, 64, 256L << 20);

    /**
     * Checks the bounds.
     *
     * @param maxSteps from 1
     * @param executionTimeout more than zero and at most 100 years, or null
     * @param nodeTimeout more than zero and at most 100 years, or null
     * @param maxExecutions from 1
     * @param maxFinished 0 or more
     * @param maxWorkflows from 1
     * @param maxStateBytes from 1
     * @param maxEventBytes from 1
     * @param maxOpenPauses from 1
     * @param rememberedAnswers 0 or more
     * @param logBytes from 1
     * @throws FlowScriptException with code {@code invalid_setting}
     */
    public EngineLimits {
        atLeast(1, maxSteps, "maxSteps");
        positive(executionTimeout, "executionTimeout");
        positive(nodeTimeout, "nodeTimeout");
        atLeast(1, maxExecutions, "maxExecutions");
        atLeast(0, maxFinished, "maxFinished");
        atLeast(1, maxWorkflows, "maxWorkflows");
        atLeast(1, maxStateBytes, "maxStateBytes");
        atLeast(1, maxEventBytes, "maxEventBytes");
        atLeast(1, maxOpenPauses, "maxOpenPauses");
        atLeast(0, rememberedAnswers, "rememberedAnswers");
        atLeast(1, logBytes, "logBytes");
    }

    /**
     * The same with another {@code maxSteps}: steps one execution may take.
     *
     * @param value from 1, or {@link #NO_LIMIT}
     * @return the limits
     */
    public EngineLimits maxSteps(long value) {
        return new EngineLimits(
                value,
                executionTimeout,
                nodeTimeout,
                maxExecutions,
                maxFinished,
                maxWorkflows,
                maxStateBytes,
                maxEventBytes,
                maxOpenPauses,
                rememberedAnswers,
                logBytes);
    }

    /**
     * The same with another {@code executionTimeout}: how long the nodes of one execution may work in all.
     *
     * @param value more than zero and at most 100 years, or null for no limit
     * @return the limits
     */
    public EngineLimits executionTimeout(@Nullable Duration value) {
        return new EngineLimits(
                maxSteps,
                value,
                nodeTimeout,
                maxExecutions,
                maxFinished,
                maxWorkflows,
                maxStateBytes,
                maxEventBytes,
                maxOpenPauses,
                rememberedAnswers,
                logBytes);
    }

    /**
     * The same with another {@code nodeTimeout}: how long one attempt of a node may work when it does not say itself.
     *
     * @param value more than zero and at most 100 years, or null for no limit
     * @return the limits
     */
    public EngineLimits nodeTimeout(@Nullable Duration value) {
        return new EngineLimits(
                maxSteps,
                executionTimeout,
                value,
                maxExecutions,
                maxFinished,
                maxWorkflows,
                maxStateBytes,
                maxEventBytes,
                maxOpenPauses,
                rememberedAnswers,
                logBytes);
    }

    /**
     * The same with another {@code maxExecutions}: how many executions are known at the most.
     *
     * @param value from 1
     * @return the limits
     */
    public EngineLimits maxExecutions(int value) {
        return new EngineLimits(
                maxSteps,
                executionTimeout,
                nodeTimeout,
                value,
                maxFinished,
                maxWorkflows,
                maxStateBytes,
                maxEventBytes,
                maxOpenPauses,
                rememberedAnswers,
                logBytes);
    }

    /**
     * The same with another {@code maxFinished}: how many finished executions are kept at the most.
     *
     * @param value 0 or more
     * @return the limits
     */
    public EngineLimits maxFinished(int value) {
        return new EngineLimits(
                maxSteps,
                executionTimeout,
                nodeTimeout,
                maxExecutions,
                value,
                maxWorkflows,
                maxStateBytes,
                maxEventBytes,
                maxOpenPauses,
                rememberedAnswers,
                logBytes);
    }

    /**
     * The same with another {@code maxWorkflows}: how many workflows can be registered.
     *
     * @param value from 1
     * @return the limits
     */
    public EngineLimits maxWorkflows(int value) {
        return new EngineLimits(
                maxSteps,
                executionTimeout,
                nodeTimeout,
                maxExecutions,
                maxFinished,
                value,
                maxStateBytes,
                maxEventBytes,
                maxOpenPauses,
                rememberedAnswers,
                logBytes);
    }

    /**
     * The same with another {@code maxStateBytes}: how much memory the state of one execution may hold.
     *
     * @param value from 1
     * @return the limits
     */
    public EngineLimits maxStateBytes(long value) {
        return new EngineLimits(
                maxSteps,
                executionTimeout,
                nodeTimeout,
                maxExecutions,
                maxFinished,
                maxWorkflows,
                value,
                maxEventBytes,
                maxOpenPauses,
                rememberedAnswers,
                logBytes);
    }

    /**
     * The same with another {@code maxEventBytes}: how much memory the payload of one emitted event may hold.
     *
     * @param value from 1
     * @return the limits
     */
    public EngineLimits maxEventBytes(long value) {
        return new EngineLimits(
                maxSteps,
                executionTimeout,
                nodeTimeout,
                maxExecutions,
                maxFinished,
                maxWorkflows,
                maxStateBytes,
                value,
                maxOpenPauses,
                rememberedAnswers,
                logBytes);
    }

    /**
     * The same with another {@code maxOpenPauses}: how many questions one execution may have open at a time.
     *
     * @param value from 1
     * @return the limits
     */
    public EngineLimits maxOpenPauses(int value) {
        return new EngineLimits(
                maxSteps,
                executionTimeout,
                nodeTimeout,
                maxExecutions,
                maxFinished,
                maxWorkflows,
                maxStateBytes,
                maxEventBytes,
                value,
                rememberedAnswers,
                logBytes);
    }

    /**
     * The same with another {@code rememberedAnswers}: how many closed questions one execution remembers.
     *
     * @param value 0 or more
     * @return the limits
     */
    public EngineLimits rememberedAnswers(int value) {
        return new EngineLimits(
                maxSteps,
                executionTimeout,
                nodeTimeout,
                maxExecutions,
                maxFinished,
                maxWorkflows,
                maxStateBytes,
                maxEventBytes,
                maxOpenPauses,
                value,
                logBytes);
    }

    /**
     * The same with another {@code logBytes}: how much memory all logs may hold together.
     *
     * @param value from 1
     * @return the limits
     */
    public EngineLimits logBytes(long value) {
        return new EngineLimits(
                maxSteps,
                executionTimeout,
                nodeTimeout,
                maxExecutions,
                maxFinished,
                maxWorkflows,
                maxStateBytes,
                maxEventBytes,
                maxOpenPauses,
                rememberedAnswers,
                value);
    }

    private static void atLeast(long least, long value, String name) {
        if (value < least) {
            throw new FlowScriptException("invalid_setting", name + " must be at least " + least + ", not " + value);
        }
    }

    private static void positive(@Nullable Duration value, String name) {
        if (value != null && (value.isNegative() || value.isZero() || value.compareTo(LONGEST) > 0)) {
            throw new FlowScriptException(
                    "invalid_setting",
                    name + " must be more than zero and at most 100 years, or null for no limit, not " + value);
        }
    }
}
