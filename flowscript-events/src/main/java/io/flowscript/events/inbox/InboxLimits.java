package io.flowscript.events.inbox;

import io.flowscript.core.FlowScriptException;
import io.flowscript.core.settings.Range;
import io.flowscript.core.settings.SettingValues;
import java.util.function.Consumer;

/**
 * The limits of an inbox. Start from {@link #DEFAULTS} and change single values.
 *
 * <p>Immutable; each setting returns another one.
 *
 * @since 0.1.0
 */
public final class InboxLimits {

    /**
     * The default limits: 100,000 interactions examined, 16,384 characters searched in each, 10,000 subscriptions,
     * 10,000 changes.
     */
    public static final InboxLimits DEFAULTS = new InboxLimits(new Values());

    private static final class Values extends SettingValues<Values> {
        int maxExamined = 100_000;
        int maxSearched = 16_384;
        int maxSubscriptions = 10_000;
        int maxChanges = 10_000;
    }

    private final Values values;

    private InboxLimits(Values values) {
        this.values = values;
    }

    /**
     * Sets how many interactions one page or one count examines before it stops. Characters that a text search reads
     * count too: 64 of them as much as one interaction.
     *
     * @param value at least 1
     * @return a copy of these limits with the new value
     * @throws FlowScriptException with code {@code invalid_setting} when the value is too small
     */
    public InboxLimits maxExamined(int value) {
        return with(changed -> changed.maxExamined = Range.atLeast(1, value, "maxExamined"));
    }

    /** {@return the setting of {@link #maxExamined(int)}} */
    public int maxExamined() {
        return values.maxExamined;
    }

    /**
     * Sets how many characters of one interaction a text search reads.
     *
     * @param value at least 0
     * @return a copy of these limits with the new value
     * @throws FlowScriptException with code {@code invalid_setting} when the value is too small
     */
    public InboxLimits maxSearched(int value) {
        return with(changed -> changed.maxSearched = Range.atLeast(0, value, "maxSearched"));
    }

    /** {@return the setting of {@link #maxSearched(int)}} */
    public int maxSearched() {
        return values.maxSearched;
    }

    /**
     * Sets how many subscriptions the inbox has: separately for changes and for unseen interactions. One more is refused
     * with {@code too_many_subscriptions}.
     *
     * @param value at least 0
     * @return a copy of these limits with the new value
     * @throws FlowScriptException with code {@code invalid_setting} when the value is too small
     */
    public InboxLimits maxSubscriptions(int value) {
        return with(changed -> changed.maxSubscriptions = Range.atLeast(0, value, "maxSubscriptions"));
    }

    /** {@return the setting of {@link #maxSubscriptions(int)}} */
    public int maxSubscriptions() {
        return values.maxSubscriptions;
    }

    /**
     * Sets how many changed interactions wait for one follower. When there are more, the follower gets
     * {@link InboxChange.Missed}.
     *
     * @param value at least 1
     * @return a copy of these limits with the new value
     * @throws FlowScriptException with code {@code invalid_setting} when the value is too small
     */
    public InboxLimits maxChanges(int value) {
        return with(changed -> changed.maxChanges = Range.atLeast(1, value, "maxChanges"));
    }

    /** {@return the setting of {@link #maxChanges(int)}} */
    public int maxChanges() {
        return values.maxChanges;
    }

    private InboxLimits with(Consumer<Values> change) {
        return new InboxLimits(values.with(change));
    }
}
