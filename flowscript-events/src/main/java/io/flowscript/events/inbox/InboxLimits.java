package io.flowscript.events.inbox;

import io.flowscript.core.FlowScriptException;

/**
 * The bounds of an inbox. Begin with {@link #DEFAULTS} and change what has to be changed. Immutable.
 *
 * @param maxExamined how many interactions a page or a count looks at before it stops; from 1
 * @param maxSearched how many characters of one interaction are searched for a text; from 0
 * @param maxSubscriptions how many can follow the inbox; one more is refused with {@code too_many_subscriptions}; from 0
 * @param maxChanges how many interactions can have changed that one follower has not been told of; beyond it is {@link InboxChange.Missed}; from 1
 * @param maxSeenBy how many names are noted of those who have seen an open interaction, the first ones; from 1. One takes about 8 bytes.
 * @since 0.1.0
 */
public record InboxLimits(int maxExamined, int maxSearched, int maxSubscriptions, int maxChanges, int maxSeenBy) {

    /** 100,000 interactions looked at, 16,384 characters searched in each, 10,000 subscriptions, 10,000 changes, 20 who have seen one. */
    public static final InboxLimits DEFAULTS = new InboxLimits(100_000, 16_384, 10_000, 10_000, 20);

    /**
     * Checks.
     *
     * @throws FlowScriptException with code {@code invalid_setting}
     */
    public InboxLimits {
        atLeast(1, maxExamined, "maxExamined");
        atLeast(0, maxSearched, "maxSearched");
        atLeast(0, maxSubscriptions, "maxSubscriptions");
        atLeast(1, maxChanges, "maxChanges");
        atLeast(1, maxSeenBy, "maxSeenBy");
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
        return new InboxLimits(value, maxSearched, maxSubscriptions, maxChanges, maxSeenBy);
    }

    /**
     * How many characters of one interaction are searched for a text.
     *
     * @param value from 0
     * @return limits like these, with that one changed
     * @throws FlowScriptException with code {@code invalid_setting}
     */
    public InboxLimits maxSearched(int value) {
        return new InboxLimits(maxExamined, value, maxSubscriptions, maxChanges, maxSeenBy);
    }

    /**
     * How many can follow the inbox.
     *
     * @param value from 0
     * @return limits like these, with that one changed
     * @throws FlowScriptException with code {@code invalid_setting}
     */
    public InboxLimits maxSubscriptions(int value) {
        return new InboxLimits(maxExamined, maxSearched, value, maxChanges, maxSeenBy);
    }

    /**
     * How many interactions can have changed that one follower has not been told of.
     *
     * @param value from 1
     * @return limits like these, with that one changed
     * @throws FlowScriptException with code {@code invalid_setting}
     */
    public InboxLimits maxChanges(int value) {
        return new InboxLimits(maxExamined, maxSearched, maxSubscriptions, value, maxSeenBy);
    }

    /**
     * How many names are noted of those who have seen an open interaction.
     *
     * @param value from 1
     * @return limits like these, with that one changed
     * @throws FlowScriptException with code {@code invalid_setting}
     */
    public InboxLimits maxSeenBy(int value) {
        return new InboxLimits(maxExamined, maxSearched, maxSubscriptions, maxChanges, value);
    }

    private static void atLeast(int least, int value, String name) {
        if (value < least) {
            throw new FlowScriptException("invalid_setting", name + " must be at least " + least + ", not " + value);
        }
    }
}
