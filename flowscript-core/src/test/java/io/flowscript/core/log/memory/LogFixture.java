package io.flowscript.core.log.memory;

import io.flowscript.core.concurrent.MemoryBudget;
import io.flowscript.core.event.CustomEvent;
import io.flowscript.core.event.Event;
import io.flowscript.core.event.EventType;
import io.flowscript.core.event.RecordedEvent;
import io.flowscript.core.event.WorkflowEvent;
import io.flowscript.core.log.Cursor;
import io.flowscript.core.log.Position;
import io.flowscript.core.log.Read;
import io.flowscript.core.log.Retention;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;

/** What tests of the log begin with: a log, some events, and a reader. */
public final class LogFixture {

    public static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
    public static final String EPOCH = "epoch-1";

    private static final EventType TICK = EventType.of("test:tick");

    private LogFixture() {}

    public static MemoryEventLog log(Executor executor) {
        return log(Retention.defaults(), new MemoryBudget(1L << 40), executor);
    }

    public static MemoryEventLog log(Retention retention, MemoryBudget budget, Executor executor) {
        return new MemoryEventLog(
                "run-1", "flow", EPOCH, Position.START, Instant.EPOCH, retention, budget, executor, true);
    }

    public static Retention keeping(int events) {
        return new Retention(events, Long.MAX_VALUE, Duration.ZERO);
    }

    public static Event tick(Object payload) {
        return new CustomEvent(TICK, null, null, payload, null);
    }

    public static Event last() {
        return new WorkflowEvent.Cancelled(null, null);
    }

    public static void append(MemoryEventLog log, int count) {
        for (int i = 0; i < count; i++) {
            log.append(tick(null), NOW);
        }
    }

    /**
     * Reads until there is nothing more.
     * {@return what came, in its order: a number for an event, {@code "from..to"} for a hole, {@code "end"} for the end}
     */
    public static List<Object> drain(Cursor cursor, int batch) {
        List<Object> seen = new ArrayList<>();
        while (true) {
            Read read = cursor.read(batch);
            if (read instanceof Read.Events found) {
                for (RecordedEvent event : found.events()) {
                    seen.add(event.seq());
                }
            } else if (read instanceof Read.Missed missed) {
                seen.add(missed.from() + ".." + missed.to());
            } else {
                if (read instanceof Read.Ended) {
                    seen.add("end");
                }
                return seen;
            }
        }
    }
}
