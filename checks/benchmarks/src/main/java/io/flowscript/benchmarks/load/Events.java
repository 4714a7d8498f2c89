package io.flowscript.benchmarks.load;

import io.flowscript.core.event.CustomEvent;
import io.flowscript.core.event.EventType;
import io.flowscript.core.event.RecordedEvent;
import io.flowscript.json.protocol.EventEncoder;
import io.flowscript.json.protocol.WireSettings;
import java.time.Instant;
import java.util.Map;

/** The events of all servers: about 270 bytes each as a message. */
final class Events {

    static final String EXECUTION = "load-execution";

    /** The execution whose events come at a steady rate while something is done with the other one. */
    static final String LIVE_EXECUTION = "live-execution";

    static final String TYPE = "load:progress";
    private static final String TEXT = "the quick brown fox jumps over the lazy dog, ".repeat(2);
    private static final EventEncoder ENCODER = new EventEncoder(WireSettings.DEFAULTS);

    private Events() {}

    /** Returns the id of an execution that waits. */
    static String waiting(int number) {
        return "waiting-execution-" + number;
    }

    /** Returns the data of an event, with its creation time. */
    static Map<String, Object> payload(int number) {
        return Map.of("n", number, "at", System.nanoTime(), "text", TEXT);
    }

    /** Returns an event as a message of FlowScript's protocol. */
    static byte[] encoded(long seq, Map<String, Object> payload) {
        return ENCODER.encode(new RecordedEvent(
                EXECUTION,
                "load",
                "epoch",
                seq,
                Instant.now(),
                new CustomEvent(EventType.of(TYPE), "load-1", "load", payload, null)));
    }
}
