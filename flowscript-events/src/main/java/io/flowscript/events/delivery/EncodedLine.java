package io.flowscript.events.delivery;

import java.nio.ByteBuffer;

/** One message of UTF-8 JSON and the newline that ends it, in a segment that is shared and never changed. */
class EncodedLine {

    private final Segment segment;
    private final int from;
    private final int to;

    /**
     * Makes a line.
     *
     * @param segment where it lies
     * @param from where it begins
     * @param to after its newline
     */
    EncodedLine(Segment segment, int from, int to) {
        this.segment = segment;
        this.from = from;
        this.to = to;
    }

    /** Whether it lies alone, out of the log's order. */
    final boolean isLoose() {
        return this instanceof Loose;
    }

    final int length() {
        return to - from;
    }

    /** Whether another line lies right after this one, so that both are one slice. */
    final boolean isFollowedBy(EncodedLine next) {
        return segment == next.segment && to == next.from;
    }

    /** This line and all up to another one in the same segment, with their newlines. */
    final ByteBuffer through(EncodedLine last) {
        return segment.slice(from, last.to);
    }

    /** The message alone, without its newline. */
    final ByteBuffer message() {
        return segment.slice(from, to - 1);
    }

    /** Puts it into another segment. */
    final void copyTo(Segment target, int at) {
        target.write(segment, from, length(), at);
    }

    /** A line of its own: a type, since a field would make every line larger. */
    static final class Loose extends EncodedLine {

        Loose(byte[] line) {
            super(new Segment(line), 0, line.length);
        }
    }
}
