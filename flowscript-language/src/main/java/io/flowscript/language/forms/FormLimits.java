package io.flowscript.language.forms;

import io.flowscript.core.FlowScriptException;
import io.flowscript.core.settings.Range;
import io.flowscript.core.settings.SettingValues;
import java.time.Duration;
import java.util.Objects;
import java.util.function.Consumer;

/**
 * The limits of checking one answer against its form, or of checking a schema when its form is compiled. Start with
 * {@link #defaults} and change the limits that you need to change. An answer that exceeds a limit is refused with a
 * violation whose keyword is {@code limit}.
 *
 * <p>Immutable; each setter returns a changed copy.
 *
 * @since 0.1.0
 */
public final class FormLimits {

    private static final FormLimits DEFAULTS = new FormLimits(new Values());
    private static final Duration LONGEST = Duration.ofHours(1);

    private static final class Values extends SettingValues<Values> {
        long maxSteps = 2_000_000;
        long maxPatternSteps = 10_000_000;
        Duration timeout = Duration.ofSeconds(10);
        int maxViolations = 100;
    }

    private final Values values;

    private FormLimits(Values values) {
        this.values = values;
    }

    /**
     * Returns the default limits: 2,000,000 steps, 10,000,000 characters read by patterns, 10 seconds, 100
     * violations.
     *
     * @return the limits
     */
    public static FormLimits defaults() {
        return DEFAULTS;
    }

    /**
     * Sets how many keywords of the schema may be evaluated in one check. An answer of ten thousand items against a
     * form of ten keywords takes about a hundred thousand steps.
     *
     * @param value from 1
     * @return a copy with this limit changed
     * @throws FlowScriptException with code {@code invalid_setting} if the value is out of range
     */
    public FormLimits maxSteps(long value) {
        return with(changed -> changed.maxSteps = Range.atLeast(1, value, "maxSteps"));
    }

    /** {@return the setting of {@link #maxSteps(long)}} */
    public long maxSteps() {
        return values.maxSteps;
    }

    /**
     * Sets how many characters all regular expressions of one check may read in total. A character counts each time
     * it is read.
     *
     * @param value from 1
     * @return a copy with this limit changed
     * @throws FlowScriptException with code {@code invalid_setting} if the value is out of range
     */
    public FormLimits maxPatternSteps(long value) {
        return with(changed -> changed.maxPatternSteps = Range.atLeast(1, value, "maxPatternSteps"));
    }

    /** {@return the setting of {@link #maxPatternSteps(long)}} */
    public long maxPatternSteps() {
        return values.maxPatternSteps;
    }

    /**
     * Sets how long one check may take, in wall-clock time. The step limits are reached first unless the machine is
     * very busy.
     *
     * @param value from 1 ns to 1 hour
     * @return a copy with this limit changed
     * @throws FlowScriptException with code {@code invalid_setting} if the value is out of range
     */
    public FormLimits timeout(Duration value) {
        if (Objects.requireNonNull(value, "timeout").isNegative() || value.isZero() || value.compareTo(LONGEST) > 0) {
            throw new FlowScriptException("invalid_setting", "timeout must be from 1 ns to 1 hour, not " + value);
        }
        return with(changed -> changed.timeout = value);
    }

    /** {@return the setting of {@link #timeout(Duration)}} */
    public Duration timeout() {
        return values.timeout;
    }

    /**
     * Sets how many violations of one answer are reported. If there are more, an additional violation with the
     * keyword {@code limit} says so.
     *
     * @param value from 1
     * @return a copy with this limit changed
     * @throws FlowScriptException with code {@code invalid_setting} if the value is out of range
     */
    public FormLimits maxViolations(int value) {
        return with(changed -> changed.maxViolations = Range.atLeast(1, value, "maxViolations"));
    }

    /** {@return the setting of {@link #maxViolations(int)}} */
    public int maxViolations() {
        return values.maxViolations;
    }

    private FormLimits with(Consumer<Values> change) {
        return new FormLimits(values.with(change));
    }
}
