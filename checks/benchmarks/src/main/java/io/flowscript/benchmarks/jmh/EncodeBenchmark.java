package io.flowscript.benchmarks.jmh;

import io.flowscript.core.event.CustomEvent;
import io.flowscript.core.event.Event;
import io.flowscript.core.event.EventType;
import io.flowscript.core.event.NodeEvent;
import io.flowscript.core.event.RecordedEvent;
import io.flowscript.json.protocol.EventEncoder;
import io.flowscript.json.protocol.WireSettings;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** The cost of encoding an event as a message. It is encoded once, however many clients receive it. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 4, time = 1)
@Measurement(iterations = 6, time = 1)
@Fork(2)
public class EncodeBenchmark {

    private final EventEncoder encoder = new EventEncoder(WireSettings.DEFAULTS);
    private final RecordedEvent custom = recorded(new CustomEvent(
            EventType.of("load:progress"),
            "load-1",
            "load",
            Map.of("n", 7, "at", 1_234_567_890_123L, "text", "the quick brown fox jumps over the lazy dog, ".repeat(2)),
            null));
    private final RecordedEvent started = recorded(new NodeEvent.Executing("load-1", "load", "action", 1, "s0"));

    /** Called by JMH. */
    public EncodeBenchmark() {}

    /**
     * Encodes an application's event of about 270 bytes.
     *
     * @return the message
     */
    @Benchmark
    public byte[] custom() {
        return encoder.encode(custom);
    }

    /**
     * Encodes an event of the engine.
     *
     * @return the message
     */
    @Benchmark
    public byte[] nodeStarted() {
        return encoder.encode(started);
    }

    private static RecordedEvent recorded(Event event) {
        return new RecordedEvent(
                "load-execution", "load", "epoch", 12_345, Instant.ofEpochMilli(1_764_000_000_000L), event);
    }
}
