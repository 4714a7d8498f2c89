package io.flowscript.json.protocol;

import io.flowscript.core.event.RecordedEvent;
import java.io.ByteArrayOutputStream;
import java.io.OutputStream;

/**
 * Writes a recorded event as one message (protocol, section 1), with all of its data. Immutable; safe for use by any
 * thread. The same event gives the same bytes.
 *
 * @since 0.1.0
 */
public final class EventEncoder {

    private static final int USUAL_BYTES = 512;

    private final WireSettings settings;

    /**
     * Makes an encoder.
     *
     * @param settings what goes out
     */
    public EventEncoder(WireSettings settings) {
        this.settings = settings;
    }

    /**
     * The message of an event.
     *
     * @param event the event
     * @return one JSON object in UTF-8, without a newline in or after it
     */
    public byte[] encode(RecordedEvent event) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(USUAL_BYTES);
        encode(event, out);
        return out.toByteArray();
    }

    /**
     * Writes the message of an event.
     *
     * @param recorded the event
     * @param out where to: one JSON object in UTF-8, without a newline in or after it; not closed. Nothing is left to be
     *     flushed when this returns, other than by the stream itself.
     */
    public void encode(RecordedEvent recorded, OutputStream out) {
        try (MessageWriter message = new MessageWriter(out, settings)) {
            message.begin(recorded.type().wireName(), recorded.time())
                    .seq(recorded.seq())
                    .data()
                    .text("executionId", recorded.executionId());
            recorded.event().describe(message);
            message.finish();
        }
    }
}
