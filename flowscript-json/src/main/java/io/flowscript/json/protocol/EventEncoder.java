package io.flowscript.json.protocol;

import io.flowscript.core.event.RecordedEvent;
import java.io.ByteArrayOutputStream;
import java.io.OutputStream;

/**
 * Writes a recorded event as one message (protocol, section 1), with all of its data. The same event always gives the
 * same bytes. Immutable; safe for use by any thread.
 *
 * @since 0.1.0
 */
public final class EventEncoder {

    private static final int USUAL_BYTES = 512;

    private final WireSettings settings;
    private final boolean firstVersion;

    /**
     * Creates an encoder.
     *
     * @param settings which data clients receive
     */
    public EventEncoder(WireSettings settings) {
        this(settings, false);
    }

    private EventEncoder(WireSettings settings, boolean firstVersion) {
        this.settings = settings;
        this.firstVersion = firstVersion;
    }

    /** {@return an encoder like this one, for clients of the first version of the protocol (section 3)} */
    public EventEncoder forFirstVersion() {
        return new EventEncoder(settings, true);
    }

    /**
     * Encodes an event.
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
     * Encodes an event and writes it to a stream.
     *
     * @param recorded the event
     * @param out receives one JSON object in UTF-8, without a newline in or after it. All bytes have been written to
     *     the stream when this returns. The stream is not closed.
     */
    public void encode(RecordedEvent recorded, OutputStream out) {
        try (MessageWriter message =
                firstVersion ? new FirstVersionWriter(out, settings) : new MessageWriter(out, settings)) {
            message.begin(recorded.type().wireName(), recorded.time())
                    .seq(recorded.seq())
                    .data()
                    .text("executionId", recorded.executionId());
            recorded.event().describe(message);
            message.finish();
        }
    }
}
