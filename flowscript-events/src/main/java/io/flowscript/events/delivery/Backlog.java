package io.flowscript.events.delivery;

import io.flowscript.core.log.EventLog;
import java.util.List;

/**
 * What a client has not got that takes nothing at the moment: where its cursors stand. So it can be asked later, by any thread, how many events
 * have come since. Immutable.
 *
 * @param places at most {@value #MAX_PLACES}
 */
record Backlog(List<Place> places) {

    static final int MAX_PLACES = 20;

    static final Backlog NONE = new Backlog(List.of());

    /**
     * Where a client stands in a log.
     *
     * @param log the log
     * @param seq the number of the last event that it got
     */
    record Place(EventLog log, long seq) {

        long events() {
            return Math.max(0, log.latest() - seq);
        }
    }

    long events() {
        return places.stream().mapToLong(Place::events).sum();
    }
}
