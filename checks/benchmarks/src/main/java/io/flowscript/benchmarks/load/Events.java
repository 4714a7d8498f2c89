package io.flowscript.benchmarks.load;

import io.flowscript.core.event.CustomEvent;
import io.flowscript.core.event.EventType;
import io.flowscript.core.event.RecordedEvent;
import io.flowscript.json.protocol.EventEncoder;
import io.flowscript.json.protocol.WireSettings;
import java.time.Instant;
import java.util.Map;

/** The events that are sent: about 270 bytes each as a message, whoever sends them. */
final class Events {

    static final String EXECUTION = "load-execution";
    static final String TYPE = "load:progress";
    private static final String TEXT = "the quick brown fox jumps over the lazy dog, ".repeat(2);
    private static final EventEncoder ENCODER = new EventEncoder(WireSettings.DEFAULTS);

    private Events() {}

    /** The data of one, with the moment of its making. */
    static Map<String, Object> payload(int number) {
        return Map.of("n", number, "at", System.nanoTime(), "text", TEXT);
    }

    /** One as FlowScript's protocol has it, ready to be sent. */
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
