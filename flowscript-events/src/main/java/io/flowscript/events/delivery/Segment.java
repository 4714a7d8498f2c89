package io.flowscript.events.delivery;

import io.flowscript.core.event.RecordedEvent;
import io.flowscript.json.EventCodec;
import java.nio.ByteBuffer;

/**
 * A byte array that holds lines one after the other. Written bytes never change, so all clients share slices of it
 * without copying.
 */
final class Segment {

    private final byte[] bytes;
    private final ByteBuffer view;

    /** Takes ownership of the bytes. */
    Segment(byte[] bytes) {
        this.bytes = bytes;
        this.view = ByteBuffer.wrap(bytes).asReadOnlyBuffer();
    }

    int size() {
        return bytes.length;
    }

    /** Writes the first bytes of an array to a part that is still empty. {@return the index after them} */
    int write(byte[] from, int length, int at) {
        System.arraycopy(from, 0, bytes, at, length);
        return at + length;
    }

    /** Writes one byte to a part that is still empty. {@return the index after it} */
    int write(byte from, int at) {
        bytes[at] = from;
        return at + 1;
    }

    /** Copies a part of another segment to a part that is still empty. */
    void write(Segment from, int begin, int length, int at) {
        System.arraycopy(from.bytes, begin, bytes, at, length);
    }

    /** Keeps a part, which is a message, as the bytes of an event. */
    void keep(RecordedEvent event, int from, int to) {
        EventCodec.keep(event, bytes, from, to);
    }

    /** Returns a part as a read-only buffer. */
    ByteBuffer slice(int from, int to) {
        return view.slice(from, to - from);
    }
}
