package io.flowscript.core.log.memory;

import io.flowscript.core.concurrent.MemoryBudget;
import io.flowscript.core.event.CustomEvent;
import io.flowscript.core.event.EventType;
import io.flowscript.core.event.RecordedEvent;
import io.flowscript.core.log.Cursor;
import io.flowscript.core.log.Position;
import io.flowscript.core.log.Read;
import io.flowscript.core.log.Retention;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** Logs and events to race with. */
final class StressLogs {

    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
    private static final EventType TICK = EventType.of("test:tick");

    private StressLogs() {}

    static MemoryEventLog keeping(int events) {
        return new MemoryEventLog(
                "run-1",
                "flow",
                "epoch-1",
                Position.START,
                Instant.EPOCH,
                new Retention(events, Long.MAX_VALUE, Duration.ZERO),
                new MemoryBudget(1L << 40),
                Runnable::run,
                true);
    }

    /** Appends an event that carries its own number, so that a reader can tell a complete one. */
    static void append(MemoryEventLog log) {
        log.append(new CustomEvent(TICK, null, null, log.latest() + 1, null), NOW);
    }

    /** {@return how many events the cursor gives from a number on, each complete and in its place; -1 for a hole, -2 for a wrong event} */
    static int read(Cursor cursor, long from) {
        Read read = cursor.read(100);
        if (read instanceof Read.Missed) {
            return -1;
        }
        if (!(read instanceof Read.Events found)) {
            return 0;
        }
        List<RecordedEvent> events = found.events();
        for (int i = 0; i < events.size(); i++) {
            RecordedEvent event = events.get(i);
            if (event.seq() != from + i || !isTick(event)) {
                return -2;
            }
        }
        return events.size();
    }

    /** {@return whether an event is complete} */
    static boolean isTick(RecordedEvent event) {
        return event.type().equals(TICK)
                && event.event() instanceof CustomEvent tick
                && Long.valueOf(event.seq()).equals(tick.payload());
    }
}
