package io.flowscript.json.protocol;

import io.flowscript.core.bridge.Redaction;
import io.flowscript.core.event.EncodedEvent;
import io.flowscript.core.event.EventType;
import io.flowscript.core.event.RecordedEvent;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Writes a recorded event as one message (protocol, section 1), with all of its data. The same event always gives the
 * same bytes. Safe for use by any thread.
 *
 * @since 0.1.0
 */
public final class EventEncoder {

    private static final int USUAL_BYTES = 512;
    private static final OutputStream NOWHERE = OutputStream.nullOutputStream();

    private final WireSettings settings;
    private final boolean firstVersion;

    /** A writer that no thread uses now. To make one costs as much as to encode an event. */
    private final AtomicReference<@Nullable Writer> spare = new AtomicReference<>();

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
     * Encodes an event and writes it to a stream. The bytes that the event has already are written as they are, if clients get all
     * of its values.
     *
     * @param recorded the event
     * @param out receives one JSON object in UTF-8, without a newline in or after it. All bytes have been written to
     *     the stream when this returns. The stream is not closed.
     * @return whether the message is one for the second version with all values, so that it can be
     *     {@linkplain RecordedEvent#encodedAs kept} as the bytes of the event
     */
    public boolean encode(RecordedEvent recorded, OutputStream out) {
        return encode(recorded, Redaction.NONE, out);
    }

    /**
     * Encodes what is shown of an event, as {@link #encode(RecordedEvent, OutputStream)}.
     *
     * @param recorded the event
     * @param redaction what is hidden
     * @param out receives one JSON object in UTF-8
     * @return whether the message is one for the second version with all values; false when a redaction hides anything
     */
    public boolean encode(RecordedEvent recorded, Redaction redaction, OutputStream out) {
        EncodedEvent known = recorded.encoded();
        if (known != null && redaction.isNone() && sendsWhole(recorded, known)) {
            try {
                known.writeTo(out);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            return true;
        }
        Writer taken = spare.getAndSet(null);
        Writer writer = taken == null ? new Writer() : taken;
        boolean done = false;
        try {
            boolean whole = writer.write(recorded, redaction, out);
            done = true;
            return whole;
        } finally {
            if (done) {
                spare.set(writer);
            } else {
                writer.discard();
            }
        }
    }

    /** Whether clients get all values of an event; false also when that would have to be looked for. */
    private boolean sendsWhole(RecordedEvent event, EncodedEvent message) {
        return !firstVersion
                && message.length() <= settings.maxValueBytes()
                && (settings.state() || !hasState(event.type()));
    }

    private static boolean hasState(EventType type) {
        return type.equals(EventType.STATE_UPDATED)
                || type.equals(EventType.WORKFLOW_STARTED)
                || type.equals(EventType.WORKFLOW_COMPLETED);
    }

    /** Writes one event after the other, each to another stream. For one thread at a time. */
    private final class Writer {

        private final Outlet outlet = new Outlet();
        private final MessageWriter message =
                firstVersion ? new FirstVersionWriter(outlet, settings) : new MessageWriter(outlet, settings);

        boolean write(RecordedEvent recorded, Redaction redaction, OutputStream out) {
            outlet.to = out;
            message.begin(recorded.type().wireName(), recorded.time())
                    .redacting(redaction)
                    .seq(recorded.seq())
                    .data()
                    .text("executionId", recorded.executionId());
            recorded.event().describe(message);
            boolean whole = message.finish() && !firstVersion && redaction.isNone();
            message.flush();
            outlet.to = NOWHERE;
            return whole;
        }

        /** Releases the buffers after an exception. */
        void discard() {
            outlet.to = NOWHERE;
            message.close();
        }
    }

    /** The stream that a writer writes to: one after the other. */
    private static final class Outlet extends OutputStream {

        private OutputStream to = NOWHERE;

        @Override
        public void write(int b) throws IOException {
            to.write(b);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            to.write(bytes, offset, length);
        }
    }
}
