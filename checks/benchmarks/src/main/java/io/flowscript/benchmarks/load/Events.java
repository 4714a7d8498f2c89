package io.flowscript.benchmarks.load;

import io.flowscript.core.event.CustomEvent;
import io.flowscript.core.event.EventType;
import io.flowscript.core.event.RecordedEvent;
import io.flowscript.json.protocol.EventEncoder;
import io.flowscript.json.protocol.WireSettings;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

/** The events of all servers: about 270 bytes each as a message. */
public final class Events {

    /** The execution, room or channel of all events. */
    public static final String EXECUTION = "load-execution";

    /** The execution whose events come at a steady rate while something is done with others. */
    static final String LIVE_EXECUTION = "live-execution";

    /** A sign that each event has once, and no other message has. Clients count it. */
    static final char MARK = '~';

    /** What servers that are not FlowScript answer when a client has subscribed. */
    public static final String SUBSCRIBED = "{\"type\":\"execution_status\"}";

    /** The type of all events. */
    public static final String TYPE = "load:progress";

    private static final String TEXT = "the quick brown fox jumps over the lazy dog, ".repeat(2) + MARK;
    private static final EventEncoder ENCODER = new EventEncoder(WireSettings.DEFAULTS);

    private Events() {}

    /** Returns the data of an event that is due now. */
    static Map<String, Object> payload(int number) {
        return payload(number, System.nanoTime());
    }

    /**
     * Returns the data of an event.
     *
     * @param number its number, from 0
     * @param due when it is due, by {@link System#nanoTime}
     * @return the data
     */
    public static Map<String, Object> payload(int number, long due) {
        return Map.of("n", number, "at", due, "text", TEXT);
    }

    /**
     * Returns an event as a message of FlowScript's protocol, for a server that sends JSON.
     *
     * @param number its number, from 0
     * @param due when it is due, by {@link System#nanoTime}
     * @return the message
     */
    public static byte[] encoded(int number, long due) {
        return encoded(number + 1L, payload(number, due));
    }

    /**
     * Returns an event with the fields of such a message, for a server that encodes values.
     *
     * @param number its number, from 0
     * @param due when it is due, by {@link System#nanoTime}
     * @return the fields by name
     */
    public static Map<String, Object> fields(int number, long due) {
        Map<String, Object> data = new LinkedHashMap<>();
        data.put("executionId", EXECUTION);
        data.put("seq", number + 1L);
        data.put("timestamp", Instant.now().toString());
        data.put("nodeId", "load-1");
        data.put("nodeName", "load");
        data.put("payload", payload(number, due));
        return Map.of("type", TYPE, "data", data);
    }

    private static byte[] encoded(long seq, Map<String, Object> payload) {
        return ENCODER.encode(new RecordedEvent(
                EXECUTION,
                "load",
                "epoch",
                seq,
                Instant.now(),
                new CustomEvent(EventType.of(TYPE), "load-1", "load", payload, null)));
    }
}
