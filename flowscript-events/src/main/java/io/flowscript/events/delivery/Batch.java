package io.flowscript.events.delivery;

import io.flowscript.core.bridge.ClientInfo.Framing;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Frames that are handed to a channel together and share a flush. It stays within its limits, except that the last
 * message may exceed the byte limit. For one thread.
 */
final class Batch {

    private final Framing framing;
    private final int maxBytes;
    private final int maxFrames;
    private final List<ByteBuffer> frames = new ArrayList<>();
    private int remainingBytes;
    private int events;
    private int filtered;
    private int conflated;
    private @Nullable Instant newestLive;

    Batch(Framing framing, int maxBytes, int maxFrames) {
        this.framing = framing;
        this.maxBytes = maxBytes;
        this.maxFrames = maxFrames;
        this.remainingBytes = maxBytes;
    }

    boolean isEmpty() {
        return frames.isEmpty();
    }

    boolean isFull() {
        return remainingBytes <= 0 || frames.size() >= maxFrames;
    }

    /** Returns the bytes in this batch. */
    int bytes() {
        return maxBytes - remainingBytes;
    }

    /** Returns how many events are in this batch. */
    int events() {
        return events;
    }

    /** Returns how many events a filter passed over while this batch was filled. */
    int filtered() {
        return filtered;
    }

    /** Returns how many events newer ones have replaced while this batch was filled. */
    int conflated() {
        return conflated;
    }

    /** Returns when the newest event in this batch was appended of those that are no replay; null when there is none. */
    @Nullable
    Instant newestLive() {
        return newestLive;
    }

    /** Counts events that were added, passed over by a filter, and replaced by newer ones. */
    void count(int sent, int byFilter, int byConflation) {
        events += sent;
        filtered += byFilter;
        conflated += byConflation;
    }

    /** Remembers the time of an event that was added and is no replay. */
    void live(Instant appendedAt) {
        newestLive = appendedAt;
    }

    /** Returns how many more bytes fit. */
    int remainingBytes() {
        return remainingBytes;
    }

    /** Returns how many more frames fit. */
    int remainingFrames() {
        return maxFrames - frames.size();
    }

    List<ByteBuffer> frames() {
        return frames;
    }

    /** Adds one message. */
    void add(byte[] message) {
        if (framing == Framing.LINES) {
            byte[] line = Arrays.copyOf(message, message.length + 1);
            line[message.length] = '\n';
            put(ByteBuffer.wrap(line).asReadOnlyBuffer());
        } else {
            put(ByteBuffer.wrap(message).asReadOnlyBuffer());
        }
    }

    /** Adds one encoded line in the form that the framing requires. */
    void add(EncodedLine line) {
        put(framing == Framing.LINES ? line.sliceThrough(line) : line.message());
    }

    /** Adds encoded lines. With {@link Framing#LINES}, lines that are adjacent in a segment become one frame. */
    void add(List<EncodedLine> lines) {
        if (framing == Framing.SINGLE) {
            lines.forEach(this::add);
        } else {
            EncodedLine.framesOf(lines).forEach(this::put);
        }
    }

    private void put(ByteBuffer frame) {
        frames.add(frame);
        remainingBytes -= frame.remaining();
    }
}
