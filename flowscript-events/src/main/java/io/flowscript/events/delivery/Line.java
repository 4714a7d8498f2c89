package io.flowscript.events.delivery;

import java.nio.ByteBuffer;

/** One message of UTF-8 JSON and the newline that ends it, in a segment that is shared and never changed. */
final class Line {

    private final byte[] segment;
    private final int from;
    private final int to;
    private final boolean loose;

    /**
     * Makes a line.
     *
     * @param segment where it lies
     * @param from where it begins
     * @param to after its newline
     * @param loose whether it lies there alone, out of the log's order
     */
    Line(byte[] segment, int from, int to, boolean loose) {
        this.segment = segment;
        this.from = from;
        this.to = to;
        this.loose = loose;
    }

    boolean isLoose() {
        return loose;
    }

    int length() {
        return to - from;
    }

    /** Whether another line lies right after this one, so that both are one slice. */
    boolean isFollowedBy(Line next) {
        return segment == next.segment && to == next.from;
    }

    /** This line and all up to another one in the same segment, with their newlines. */
    ByteBuffer through(Line last) {
        return view(last.to);
    }

    /** The message alone, without its newline. */
    ByteBuffer message() {
        return view(to - 1);
    }

    /** Puts it into another segment. */
    void copyTo(byte[] target, int at) {
        System.arraycopy(segment, from, target, at, length());
    }

    private ByteBuffer view(int end) {
        return ByteBuffer.wrap(segment, from, end - from).slice().asReadOnlyBuffer();
    }
}
