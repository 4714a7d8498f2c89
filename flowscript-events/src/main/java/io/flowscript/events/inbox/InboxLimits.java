package io.flowscript.events.inbox;

import io.flowscript.core.FlowScriptException;

/**
 * The limits of an inbox. Start from {@link #DEFAULTS} and change single values. Immutable.
 *
 * @param maxExamined how many interactions one page or one count examines before it stops; at least 1
 * @param maxSearched how many characters of one interaction a text search reads; at least 0
 * @param maxSubscriptions how many subscriptions an inbox has: separately for changes and for unseen interactions. One
 *     more is refused with {@code too_many_subscriptions}. At least 0.
 * @param maxChanges how many changed interactions wait for one follower; when there are more, the follower gets
 *     {@link InboxChange.Missed}. At least 1.
 * @param maxSeenBy how many names of people who have seen an open interaction are kept, the first ones; at least 1. One
 *     name takes about 8 bytes.
 * @since 0.1.0
 */
public record InboxLimits(int maxExamined, int maxSearched, int maxSubscriptions, int maxChanges, int maxSeenBy) {

    /**
     * The default limits: 100,000 interactions examined, 16,384 characters searched in each, 10,000 subscriptions,
     * 10,000 changes, 20 names of people who have seen an interaction.
     */
    public static final InboxLimits DEFAULTS = new InboxLimits(100_000, 16_384, 10_000, 10_000, 20);

    /**
     * Checks the limits.
     *
     * @throws FlowScriptException with code {@code invalid_setting} when a value is too small
     */
    public InboxLimits {
        atLeast(1, maxExamined, "maxExamined");
        atLeast(0, maxSearched, "maxSearched");
        atLeast(0, maxSubscriptions, "maxSubscriptions");
        atLeast(1, maxChanges, "maxChanges");
        atLeast(1, maxSeenBy, "maxSeenBy");
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
        return new InboxLimits(value, maxSearched, maxSubscriptions, maxChanges, maxSeenBy);
    }

    /**
     * Sets how many characters of one interaction a text search reads.
     *
     * @param value at least 0
     * @return a copy of these limits with the new value
     * @throws FlowScriptException with code {@code invalid_setting} when the value is too small
     */
    public InboxLimits maxSearched(int value) {
        return new InboxLimits(maxExamined, value, maxSubscriptions, maxChanges, maxSeenBy);
    }

    /**
     * Sets how many subscriptions the inbox has.
     *
     * @param value at least 0
     * @return a copy of these limits with the new value
     * @throws FlowScriptException with code {@code invalid_setting} when the value is too small
     */
    public InboxLimits maxSubscriptions(int value) {
        return new InboxLimits(maxExamined, maxSearched, value, maxChanges, maxSeenBy);
    }

    /**
     * Sets how many changed interactions wait for one follower.
     *
     * @param value at least 1
     * @return a copy of these limits with the new value
     * @throws FlowScriptException with code {@code invalid_setting} when the value is too small
     */
    public InboxLimits maxChanges(int value) {
        return new InboxLimits(maxExamined, maxSearched, maxSubscriptions, value, maxSeenBy);
    }

    /**
     * Sets how many names of people who have seen an open interaction are kept.
     *
     * @param value at least 1
     * @return a copy of these limits with the new value
     * @throws FlowScriptException with code {@code invalid_setting} when the value is too small
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
