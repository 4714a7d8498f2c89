package io.flowscript.testkit;

import io.flowscript.core.event.RecordedEvent;
import io.flowscript.core.log.Cursor;
import io.flowscript.core.log.EventLog;
import io.flowscript.core.log.Position;
import io.flowscript.core.log.Read;
import java.util.ArrayList;
import java.util.List;

/** Reads the events of a log. Stateless. */
final class Events {

    private static final int BATCH = 1_000;

    private Events() {}

    /** {@return every event that the log keeps, oldest first} */
    static List<RecordedEvent> of(EventLog log) {
        List<RecordedEvent> events = new ArrayList<>();
        try (Cursor cursor = log.cursor(Position.after(log.oldest() - 1))) {
            Read read = cursor.read(BATCH);
            while (read instanceof Read.Events || read instanceof Read.Missed) {
                if (read instanceof Read.Events found) {
                    events.addAll(found.events());
                }
                read = cursor.read(BATCH);
            }
        }
        return events;
    }
}
