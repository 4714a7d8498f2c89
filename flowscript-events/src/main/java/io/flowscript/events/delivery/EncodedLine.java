package io.flowscript.events.delivery;

import io.flowscript.core.event.RecordedEvent;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** One message of UTF-8 JSON and the newline that ends it, in a shared segment. Immutable. */
class EncodedLine {

    private final Segment segment;
    private final int from;
    private final int to;

    /**
     * Creates a line.
     *
     * @param segment the segment that contains the line
     * @param from the index of its first byte
     * @param to the index after its newline
     */
    EncodedLine(Segment segment, int from, int to) {
        this.segment = segment;
        this.from = from;
        this.to = to;
    }

    /** Whether the line has its own segment, outside of the order of the log. */
    final boolean isStandalone() {
        return this instanceof Standalone;
    }

    /** Whether the line is outside of the order of the log, and its message has all values of its event. */
    final boolean isKept() {
        return this instanceof Standalone standalone && standalone.whole;
    }

    final int length() {
        return to - from;
    }

    /** Whether another line directly follows this one in the same segment. */
    final boolean isFollowedBy(EncodedLine next) {
        return segment == next.segment && to == next.from;
    }

    /** Returns the bytes from this line to another one in the same segment, with all newlines. */
    final ByteBuffer sliceThrough(EncodedLine last) {
        return segment.slice(from, last.to);
    }

    /** Returns the message without its newline. */
    final ByteBuffer message() {
        return segment.slice(from, to - 1);
    }

    /** Returns the frames of lines: those that are adjacent in a segment become one frame. There must be one line or more. */
    static List<ByteBuffer> framesOf(List<EncodedLine> lines) {
        List<ByteBuffer> frames = new ArrayList<>(1);
        EncodedLine first = lines.get(0);
        EncodedLine last = first;
        for (EncodedLine line : lines.subList(1, lines.size())) {
            if (!last.isFollowedBy(line)) {
                frames.add(first.sliceThrough(last));
                first = line;
            }
            last = line;
        }
        frames.add(first.sliceThrough(last));
        return frames;
    }

    /** Keeps the message as the bytes of its event, so that it is in memory once. */
    final void keep(RecordedEvent event) {
        segment.keep(event, from, to - 1);
    }

    /** Copies the line into another segment. */
    final void copyTo(Segment target, int at) {
        target.write(segment, from, length(), at);
    }

    /** A line with its own segment. It is a subclass, because a field would make every line larger. */
    static final class Standalone extends EncodedLine {

        private final boolean whole;

        /**
         * Creates a line.
         *
         * @param line the message and its newline
         * @param whole whether the message has all values of its event
         */
        Standalone(byte[] line, boolean whole) {
            super(new Segment(line), 0, line.length);
            this.whole = whole;
        }
    }
}
