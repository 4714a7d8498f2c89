package io.flowscript.events.delivery;

import io.flowscript.core.bridge.ClientInfo.Framing;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Frames that are handed to a channel together and share a flush. Never more than its bounds, but for the last message put in. */
final class Batch {

    private final Framing framing;
    private final int maxBytes;
    private final int maxFrames;
    private final List<ByteBuffer> frames = new ArrayList<>();
    private int room;
    private int events;
    private int heldBack;

    Batch(Framing framing, int maxBytes, int maxFrames) {
        this.framing = framing;
        this.maxBytes = maxBytes;
        this.maxFrames = maxFrames;
        this.room = maxBytes;
    }

    boolean isEmpty() {
        return frames.isEmpty();
    }

    boolean isFull() {
        return room <= 0 || frames.size() >= maxFrames;
    }

    /** How many bytes are in it. */
    int bytes() {
        return maxBytes - room;
    }

    /** How many events are in it. */
    int events() {
        return events;
    }

    /** How many events were passed over while it was filled. */
    int heldBack() {
        return heldBack;
    }

    /** Counts events that were put in, and events that were passed over. */
    void count(int sent, int passedOver) {
        events += sent;
        heldBack += passedOver;
    }

    /** How many bytes it still takes. */
    int room() {
        return room;
    }

    /** How many frames it still takes. */
    int frameRoom() {
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

    /** Adds one line as the framing wants it. */
    void add(EncodedLine line) {
        put(framing == Framing.LINES ? line.through(line) : line.message());
    }

    /** Adds lines; those that lie one after the other go as one frame where the framing has such frames. */
    void add(List<EncodedLine> lines) {
        if (framing == Framing.SINGLE) {
            lines.forEach(this::add);
            return;
        }
        EncodedLine first = lines.get(0);
        EncodedLine last = first;
        for (EncodedLine line : lines.subList(1, lines.size())) {
            if (!last.isFollowedBy(line)) {
                put(first.through(last));
                first = line;
            }
            last = line;
        }
        put(first.through(last));
    }

    private void put(ByteBuffer frame) {
        frames.add(frame);
        room -= frame.remaining();
    }
}
