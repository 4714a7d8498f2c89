package io.flowscript.core.log.memory;

/**
 * What was told of the changes of an execution that goes on in another engine. Those who follow many executions are told of each
 * change, and join the log of the execution if they have not yet, or not any more. The log shows no more than was told, so that
 * nobody reads an event before the change with it.
 *
 * @param from the number of the last event that was shown when the first change was told
 * @param joinAfter the number of the event after which one begins that follows many executions
 * @param to the number of the last event that was told; negative while none was
 */
record ToldChanges(long from, long joinAfter, long to) {

    /** Nothing was told yet, and events are shown up to one. */
    static ToldChanges none(long shown) {
        return new ToldChanges(shown, shown, -1);
    }

    /**
     * The first change is told.
     *
     * @param shown the number of the last event that is shown. It can be later than the change: what is more is read by those who join
     *     now, and is not told again.
     * @param after the number of the last event before the change
     */
    static ToldChanges first(long shown, long after) {
        return new ToldChanges(shown, after, -1);
    }

    /**
     * Another change is told, or the first one once more because telling it has failed. Who has heard of all that was told, and of
     * the end, may join once more.
     *
     * @param after the number of the last event before the change
     */
    ToldChanges next(long after) {
        boolean isFirst = to < 0 && joinAfter < from;
        return new ToldChanges(from, isFirst ? Math.min(joinAfter, after) : Math.max(after, Math.max(from, to)), to);
    }

    /** Changes were told up to an event, which is shown now. */
    ToldChanges upTo(long seq) {
        return new ToldChanges(from, joinAfter, Math.max(to, seq));
    }

    /** {@return whether changes are still to be told up to an event} */
    boolean isBefore(long last) {
        return to < last;
    }
}
