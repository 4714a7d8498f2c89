package io.flowscript.testkit.fault;

import io.flowscript.core.event.RecordedEvent;
import io.flowscript.core.log.EventLog;
import io.flowscript.core.log.Position;
import java.util.ArrayList;
import java.util.List;

/**
 * What truly happened in one execution: every event, kept whatever its log drops. It is to be {@link #record recorded} before the log drops any, so by
 * the one who makes the events happen. Safe for use by any thread.
 *
 * @since 0.1.0
 */
public final class ExpectedEvents {

    private static final int PAGE = 1_000;

    private final EventLog log;
    private final List<RecordedEvent> events = new ArrayList<>();

    /**
     * Begins with nothing recorded.
     *
     * @param log the execution's
     */
    public ExpectedEvents(EventLog log) {
        this.log = log;
    }

    /**
     * Takes in what has happened since.
     *
     * @throws IllegalStateException when the log has dropped events before they were recorded
     */
    public void record() {
        synchronized (events) {
            while (log.latest() > events.size()) {
                List<RecordedEvent> more = log.read(Position.after(events.size()), PAGE);
                if (more.isEmpty() || more.get(0).seq() != events.size() + 1) {
                    throw new IllegalStateException("Events after " + events.size() + " of " + executionId()
                            + " were dropped before they were recorded; record more often, or keep more");
                }
                events.addAll(more);
            }
        }
    }

    /** {@return the execution} */
    public String executionId() {
        return log.executionId();
    }

    /** {@return the epoch that the numbers belong to} */
    public String epoch() {
        return log.epoch();
    }

    /** {@return the number of the oldest event that the log still has} */
    public long oldest() {
        return log.oldest();
    }

    /** {@return the number of the newest event recorded, 0 for none} */
    public long latest() {
        synchronized (events) {
            return events.size();
        }
    }

    /** {@return whether the last event was recorded} */
    public boolean isEnded() {
        synchronized (events) {
            return !events.isEmpty() && events.get(events.size() - 1).event().isTerminal();
        }
    }

    /**
     * One event.
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
