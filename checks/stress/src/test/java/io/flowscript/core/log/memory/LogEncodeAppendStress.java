package io.flowscript.core.log.memory;

import io.flowscript.core.event.EncodedEvent;
import io.flowscript.core.event.RecordedEvent;
import io.flowscript.core.log.Position;
import io.flowscript.core.log.Read;
import io.flowscript.json.EventCodec;
import java.util.List;
import java.util.Objects;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/**
 * Events are encoded while newer ones are appended, so that they are not among the newest any more: each is kept as bytes alone. There
 * are several, since the moment in which both are at the same event is short.
 */
@JCStressTest
@Outcome(id = "0, 0", expect = Expect.ACCEPTABLE, desc = "All are bytes alone, and are read.")
@Outcome(expect = Expect.FORBIDDEN, desc = "Nobody has let go of an object, or an event cannot be read.")
@State
public class LogEncodeAppendStress {
    private static final int EVENTS = 16;
    private static final List<EncodedEvent> BYTES = bytes();

    private final MemoryEventLog log = StressLogs.keeping(100);
    private final List<RecordedEvent> oldest;

    public LogEncodeAppendStress() {
        for (int i = 0; i < MemoryEventLog.NEWEST; i++) {
            StressLogs.append(log);
        }
        oldest = first(log);
    }

    private static List<EncodedEvent> bytes() {
        MemoryEventLog log = StressLogs.keeping(EVENTS);
        for (int i = 0; i < EVENTS; i++) {
            StressLogs.append(log);
        }
        List<RecordedEvent> events = first(log);
        byte[] unused = EventCodec.write(events);
        return events.stream()
                .map(event -> Objects.requireNonNull(event.encoded()))
                .toList();
    }

    private static List<RecordedEvent> first(MemoryEventLog log) {
        return ((Read.Events) log.cursor(Position.START).read(EVENTS)).events();
    }

    @Actor
    public void append() {
        for (int i = 0; i < EVENTS; i++) {
            StressLogs.append(log);
        }
    }

    @Actor
    public void encode() {
        for (int i = 0; i < EVENTS; i++) {
            oldest.get(i).encodedAs(BYTES.get(i));
            log.encoded(oldest.get(i));
        }
    }

    @Arbiter
    public void look(II_Result result) {
        for (RecordedEvent event : oldest) {
            result.r1 += event.hasObject() ? 1 : 0;
            result.r2 += StressLogs.isTick(event) ? 0 : 1;
        }
    }
}
