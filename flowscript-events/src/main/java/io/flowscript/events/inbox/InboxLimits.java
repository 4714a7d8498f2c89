package io.flowscript.events.inbox;

import io.flowscript.core.FlowScriptException;
import io.flowscript.core.settings.Range;
import io.flowscript.core.settings.SettingValues;
import java.util.function.Consumer;

/**
 * The bounds of an inbox. Begin with {@link #DEFAULTS} and change what has to be changed.
 *
 * <p>Immutable; each setting returns another one.
 *
 * @since 0.1.0
 */
public final class InboxLimits {

    /** 100,000 interactions looked at, 16,384 characters searched in each, 10,000 subscriptions, 10,000 changes, 20 who have seen one. */
    public static final InboxLimits DEFAULTS = new InboxLimits(new Values());

    private static final class Values extends SettingValues<Values> {
        int maxExamined = 100_000;
        int maxSearched = 16_384;
        int maxSubscriptions = 10_000;
        int maxChanges = 10_000;
        int maxSeenBy = 20;
    }

    private final Values values;

    private InboxLimits(Values values) {
        this.values = values;
    }

    /**
     * How many interactions a page or a count looks at before it stops. Looking for a text, a search through so many characters that they would be as
     * many stops it too.
     *
     * @param value from 1
     * @return limits like these, with that one changed
     * @throws FlowScriptException with code {@code invalid_setting}
     */
    public InboxLimits maxExamined(int value) {
        return with(changed -> changed.maxExamined = Range.atLeast(1, value, "maxExamined"));
    }

    /** {@return the setting of {@link #maxExamined(int)}} */
    public int maxExamined() {
        return values.maxExamined;
    }

    /**
     * How many characters of one interaction are searched for a text.
     *
     * @param value from 0
     * @return limits like these, with that one changed
     * @throws FlowScriptException with code {@code invalid_setting}
     */
    public InboxLimits maxSearched(int value) {
        return with(changed -> changed.maxSearched = Range.atLeast(0, value, "maxSearched"));
    }

    /** {@return the setting of {@link #maxSearched(int)}} */
    public int maxSearched() {
        return values.maxSearched;
    }

    /**
     * How many can follow the inbox; one more is refused with {@code too_many_subscriptions}.
     *
     * @param value from 0
     * @return limits like these, with that one changed
     * @throws FlowScriptException with code {@code invalid_setting}
     */
    public InboxLimits maxSubscriptions(int value) {
        return with(changed -> changed.maxSubscriptions = Range.atLeast(0, value, "maxSubscriptions"));
    }

    /** {@return the setting of {@link #maxSubscriptions(int)}} */
    public int maxSubscriptions() {
        return values.maxSubscriptions;
    }

    /**
     * How many interactions can have changed that one follower has not been told of; beyond it is {@link InboxChange.Missed}.
     *
     * @param value from 1
     * @return limits like these, with that one changed
     * @throws FlowScriptException with code {@code invalid_setting}
     */
    public InboxLimits maxChanges(int value) {
        return with(changed -> changed.maxChanges = Range.atLeast(1, value, "maxChanges"));
    }

    /** {@return the setting of {@link #maxChanges(int)}} */
    public int maxChanges() {
        return values.maxChanges;
    }

    /**
     * How many names are noted of those who have seen an open interaction, the first ones. One takes about 8 bytes.
     *
     * @param value from 1
     * @return limits like these, with that one changed
     * @throws FlowScriptException with code {@code invalid_setting}
     */
    public InboxLimits maxSeenBy(int value) {
        return with(changed -> changed.maxSeenBy = Range.atLeast(1, value, "maxSeenBy"));
    }

    /** {@return the setting of {@link #maxSeenBy(int)}} */
    public int maxSeenBy() {
        return values.maxSeenBy;
    }

    private InboxLimits with(Consumer<Values> change) {
        return new InboxLimits(values.with(change));
    }
}
