package io.flowscript.events.delivery;

import java.nio.ByteBuffer;

/** Bytes in which lines lie one after the other. What was written is not changed, so it is shared by all who send it. */
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

    /** Writes where nothing was written yet. {@return where that ends} */
    int write(byte[] from, int at) {
        System.arraycopy(from, 0, bytes, at, from.length);
        return at + from.length;
    }

    int write(byte from, int at) {
        bytes[at] = from;
        return at + 1;
    }

    /** Writes a part of another segment. */
    void write(Segment from, int begin, int length, int at) {
        System.arraycopy(from.bytes, begin, bytes, at, length);
    }

    /** A part of it, read-only. */
    ByteBuffer slice(int from, int to) {
        return view.slice(from, to - from);
    }
}
