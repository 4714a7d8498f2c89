package io.flowscript.events.delivery;

import java.io.ByteArrayOutputStream;

/** One message while it is encoded, before it has its place in a segment. For one thread. */
final class LineBuffer extends ByteArrayOutputStream {

    private static final int USUAL_BYTES = 512;

    LineBuffer() {
        super(USUAL_BYTES);
    }

    /** Writes the message to a part of a segment that is still empty. {@return the index after it} */
    int copyTo(Segment segment, int at) {
        return segment.write(buf, count, at);
    }

    /** {@return the message and a newline} */
    byte[] toLine() {
        write('\n');
        return toByteArray();
    }
}
