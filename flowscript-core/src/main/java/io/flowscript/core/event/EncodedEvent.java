package io.flowscript.core.event;

import java.io.IOException;
import java.io.OutputStream;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * An event as bytes: its message to clients, with all values, and beside it what is to be known and the message does not say, such
 * as the types of numbers. The message is a part of an array that other events can share. Immutable; safe for use by any thread.
 *
 * <p>A codec extends this class. It can decode what it has encoded.
 *
 * @since 0.1.0
 */
public abstract class EncodedEvent {

    private final byte[] bytes;
    private final int from;
    private final int to;
    private final byte @Nullable [] rest;

    private final @Nullable EventType type;
    private final @Nullable String nodeName;
    private final @Nullable String conflationKey;

    /**
     * Makes the bytes of an event.
     *
     * @param bytes an array with the message; that part of it does not change any more
     * @param from the index of the message's first byte
     * @param to the index after its last byte
     * @param rest what the message does not say; null for nothing
     * @param event the event, whose type, node and key of conflation are kept; null when it is not decoded yet
     */
    protected EncodedEvent(byte[] bytes, int from, int to, byte @Nullable [] rest, @Nullable Event event) {
        this.bytes = bytes;
        this.from = from;
        this.to = to;
        this.rest = rest;
        this.type = event == null ? null : event.type();
        this.nodeName = event == null ? null : event.nodeName();
        this.conflationKey = event == null ? null : event.conflationKey();
    }

    /**
     * Makes the same bytes at another place.
     *
     * @param same the bytes
     * @param bytes an array with an equal message
     * @param from the index of the message's first byte
     */
    protected EncodedEvent(EncodedEvent same, byte[] bytes, int from) {
        this.bytes = bytes;
        this.from = from;
        this.to = from + same.length();
        this.rest = same.rest;
        this.type = same.type;
        this.nodeName = same.nodeName;
        this.conflationKey = same.conflationKey;
    }

    /**
     * Returns the same event whose message is at another place, so that memory can be shared.
     *
     * @param bytes an array with an equal message; that part of it does not change any more
     * @param from the index of the message's first byte
     * @return the event
     */
    public abstract EncodedEvent movedTo(byte[] bytes, int from);

    /**
     * Decodes the event.
     *
     * @param recorded the recorded event that it is of, for messages of errors
     * @return the event, equal to the one that was encoded
     * @throws io.flowscript.core.FlowScriptException with code {@code invalid_events} when the bytes are no event
     */
    protected abstract Event decode(RecordedEvent recorded);

    /** {@return the number of bytes of the message} */
    public final int length() {
        return to - from;
    }

    /**
     * Writes the message, in UTF-8 and without a newline.
     *
     * @param out receives the bytes
     * @throws IOException what the stream throws
     */
    public final void writeTo(OutputStream out) throws IOException {
        out.write(bytes, from, to - from);
    }

    /** {@return a copy of the message, in UTF-8 and without a newline} */
    public final byte[] message() {
        return Arrays.copyOfRange(bytes, from, to);
    }

    /** {@return the array with the message} */
    protected final byte[] bytes() {
        return bytes;
    }

    /** {@return the index of the message's first byte} */
    protected final int from() {
        return from;
    }

    /** {@return what the message does not say; null for nothing} */
    protected final byte @Nullable [] rest() {
        return rest;
    }

    /** {@return whether type, node and key are known without decoding} */
    final boolean hasHead() {
        return type != null;
    }

    /** {@return the type; null when it is known only after decoding} */
    final @Nullable EventType type() {
        return type;
    }

    final @Nullable String nodeName() {
        return nodeName;
    }

    final @Nullable String conflationKey() {
        return conflationKey;
    }
}
