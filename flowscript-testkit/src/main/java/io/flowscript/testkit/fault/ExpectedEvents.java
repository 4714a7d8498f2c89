package io.flowscript.testkit.fault;

import io.flowscript.core.event.RecordedEvent;
import io.flowscript.core.log.EventLog;
import io.flowscript.core.log.Position;
import java.util.ArrayList;
import java.util.List;

/**
 * The events that really happened in one execution, kept even if its log drops them. Call {@link #record} before the
 * log drops events, from the thread that causes the events. Safe for use by any thread.
 *
 * @since 0.1.0
 */
public final class ExpectedEvents {

    private static final int PAGE = 1_000;

    private final EventLog log;
    private final List<RecordedEvent> events = new ArrayList<>();

    /**
     * Creates an empty record.
     *
     * @param log the execution's log
     */
    public ExpectedEvents(EventLog log) {
        this.log = log;
    }

    /**
     * Records the events added since the last call.
     *
     * @throws IllegalStateException if the log has dropped events before they were recorded
     */
    public void record() {
        synchronized (events) {
            while (log.latest() > events.size()) {
                List<RecordedEvent> more = log.read(Position.after(events.size()), PAGE);
                if (more.isEmpty() || more.get(0).seq() != events.size() + 1) {
                    throw new IllegalStateException("Events after " + events.size() + " of " + executionId()
                            + " were dropped before they were recorded; record more often, or let the log keep more");
                }
                events.addAll(more);
            }
        }
    }

    /** {@return the id of the execution} */
    public String executionId() {
        return log.executionId();
    }

    /** {@return the epoch of the event numbers} */
    public String epoch() {
        return log.epoch();
    }

    /** {@return the number of the oldest event that the log still has} */
    public long oldest() {
        return log.oldest();
    }

    /** {@return the number of the newest event recorded; 0 if there is none} */
    public long latest() {
        synchronized (events) {
            return events.size();
        }
    }

    /** {@return whether the execution's last event was recorded} */
    public boolean isEnded() {
        synchronized (events) {
            return !events.isEmpty() && events.get(events.size() - 1).event().isTerminal();
        }
    }

    /**
     * Returns one event.
     *
     * @param seq its number, from 1 to {@link #latest}
     * @return the event
     */
    public RecordedEvent event(long seq) {
        synchronized (events) {
            return events.get((int) seq - 1);
        }
    }
}
