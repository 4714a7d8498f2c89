package io.flowscript.events.delivery;

import io.flowscript.core.bridge.Redaction;
import io.flowscript.core.event.RecordedEvent;
import io.flowscript.core.log.EventLog;
import io.flowscript.core.log.Position;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * The encoded events of one execution, beside its log. Each event is encoded once, by the first pump that needs it, and
 * shared by all clients. It is a cache: what is missing is encoded again from the log. With a store, the lines of events
 * that have left memory stay as long as the budget has room.
 *
 * <p>It holds chunks. A chunk covers {@value #EVENTS_PER_CHUNK} consecutive event numbers and has a table of lines and
 * the segments that contain them. Lines that were encoded one after the other are adjacent in a segment, so a run of
 * events is one slice.
 *
 * <p>A pump that needs missing lines claims the log and encodes a bounded number of events. Other pumps do not wait for
 * it: they register a callback, which runs when the claim is released. Only the holder of the claim writes; reading
 * takes no lock.
 *
 * <p>A message that has all values of its event becomes the bytes of the event itself ({@link RecordedEvent#encodedAs}), so the log
 * keeps older events as parts of these segments. An event that a store or another bridge has encoded before is copied.
 *
 * <p>A client with a filter needs single events out of order. Such an event is encoded as a standalone line. When a run
 * that includes it is needed later, the line is copied to its place in a segment. Thus it is not encoded twice, and the
 * runs of other clients stay contiguous.
 */
final class EncodedLog {

    /** The largest number of events in one run, and so in one frame. */
    static final int EVENTS_PER_CHUNK = 256;

    private static final int EVENTS_PER_CLAIM = 256;
    private static final int BYTES_PER_CLAIM = 64 << 10;
    private static final int FIRST_SEGMENT = 1 << 10;
    private static final int LARGEST_SEGMENT = 128 << 10;

    private final EncodedLogs owner;
    private final Redaction redaction;
    private final ConcurrentSkipListMap<Long, Chunk> chunks = new ConcurrentSkipListMap<>();
    private final AtomicBoolean claimed = new AtomicBoolean();
    private final Set<Runnable> waiters = ConcurrentHashMap.newKeySet();

    /** The size of the first segment of the next chunk: the size that the last chunk reached. Used by the holder of the claim. */
    private int nextSegmentSize = FIRST_SEGMENT;

    /**
     * Creates a cache without a line.
     *
     * @param redaction what is hidden in all lines
     */
    EncodedLog(EncodedLogs owner, Redaction redaction) {
        this.owner = owner;
        this.redaction = redaction;
    }

    /**
     * Returns the lines that follow a number. Missing ones are encoded.
     *
     * @param log the log that this cache belongs to
     * @param after the number of the last event seen
     * @param max the largest number of lines
     * @param maxBytes the largest number of bytes; the first line is returned whatever its size
     * @param whenFree runs when another pump that is encoding has finished
     * @return the lines without a gap; empty when the log has no event there; null when another pump is encoding
     */
    @Nullable
    List<EncodedLine> lines(EventLog log, long after, int max, int maxBytes, Runnable whenFree) {
        if (log.latest() <= after) {
            return List.of();
        }
        List<EncodedLine> lines = cachedRun(after, max, maxBytes, false);
        if (!lines.isEmpty()) {
            return lines;
        }
        if (!claim(whenFree)) {
            return null;
        }
        try {
            lines = cachedRun(after, max, maxBytes, false);
            return lines.isEmpty() ? encode(log, after, max, maxBytes) : lines;
        } finally {
            releaseClaim();
        }
    }

    /**
     * Returns the line of one event. If it is missing, only this event is encoded.
     *
     * @param log the log that this cache belongs to
     * @param event an event of the log
     * @param whenFree runs when another pump that is encoding has finished
     * @return the line; null when another pump is encoding
     */
    @Nullable
    EncodedLine line(EventLog log, RecordedEvent event, Runnable whenFree) {
        EncodedLine cachedLine = cachedLine(event.seq());
        if (cachedLine != null) {
            return cachedLine;
        }
        if (!claim(whenFree)) {
            return null;
        }
        try {
            cachedLine = cachedLine(event.seq());
            return cachedLine == null ? encodeStandalone(log, event) : cachedLine;
        } finally {
            releaseClaim();
        }
    }

    /** {@return whether there is a line of each event after one number and up to another one} */
    boolean hasAll(long after, long upTo) {
        for (long seq = after + 1; seq <= upTo; seq++) {
            if (cachedLine(seq) == null) {
                return false;
            }
        }
        return true;
    }

    /**
     * Returns the lines that follow a number, as far as they are here. Nothing is encoded, so the log need not have the
     * events in memory.
     *
     * @param after the number of the last event seen
     * @param max the largest number of lines
     * @param maxBytes the largest number of bytes; the first line is returned whatever its size
     * @return the lines of one chunk, without a gap; empty when the first one is not here
     */
    List<EncodedLine> linesHere(long after, int max, int maxBytes) {
        return cachedRun(after, max, maxBytes, true);
    }

    /** Drops all chunks. Lines that were returned before stay valid. */
    void clear() {
        chunks.values().forEach(owner::drop);
    }

    void remove(Chunk chunk) {
        chunks.remove(chunk.index, chunk);
    }

    private boolean claim(Runnable whenFree) {
        while (!claimed.compareAndSet(false, true)) {
            waiters.add(whenFree);
            if (claimed.get()) {
                return false;
            }
            waiters.remove(whenFree);
        }
        return true;
    }

    private void releaseClaim() {
        claimed.set(false);
        wakeWaiters();
    }

    private @Nullable EncodedLine cachedLine(long seq) {
        Chunk chunk = chunks.get(index(seq));
        return chunk == null ? null : chunk.line(seq);
    }

    /** Returns the cached lines of one chunk, up to the first one that is missing or, unless these are wanted too, standalone. */
    private List<EncodedLine> cachedRun(long after, int max, int maxBytes, boolean standalone) {
        Chunk chunk = chunks.get(index(after + 1));
        if (chunk == null) {
            return List.of();
        }
        List<EncodedLine> lines = new ArrayList<>();
        int remaining = maxBytes;
        for (long seq = after + 1; lines.size() < max && index(seq) == chunk.index; seq++) {
            EncodedLine line = chunk.line(seq);
            if (line == null
                    || (line.isStandalone() && !standalone)
                    || (line.length() > remaining && !lines.isEmpty())) {
                break;
            }
            lines.add(line);
            remaining -= line.length();
        }
        return lines;
    }

    private void wakeWaiters() {
        if (waiters.isEmpty()) {
            return;
        }
        for (Runnable wake : List.copyOf(waiters)) {
            if (waiters.remove(wake)) {
                wake.run();
            }
        }
    }

    /**
     * Encodes events; for the holder of the claim. The lines are collected while they are made, because trimming may
     * drop them at once.
     */
    private List<EncodedLine> encode(EventLog log, long after, int max, int maxBytes) {
        List<EncodedLine> lines = new ArrayList<>();
        int remaining = maxBytes;
        int encoded = 0;
        boolean full = false;
        LineBuffer buffer = new LineBuffer();
        Chunk chunk = null;
        for (RecordedEvent event : log.readFromMemory(Position.after(log.epoch(), after), EVENTS_PER_CLAIM)) {
            if (chunk == null || chunk.index != index(event.seq())) {
                chunk = chunk(event.seq());
            }
            EncodedLine line = chunk.line(event.seq());
            if (line == null) {
                boolean whole = owner.encode(event, redaction, buffer);
                line = chunk.add(event.seq(), buffer);
                keep(log, event, line, whole);
                encoded += line.length();
            } else if (line.isStandalone()) {
                EncodedLine moved = chunk.moveToSegment(event.seq(), line);
                keep(log, event, moved, line.isKept());
                line = moved;
            }
            full |= lines.size() >= max || (line.length() > remaining && !lines.isEmpty());
            if (!full) {
                lines.add(line);
                remaining -= line.length();
            }
            if (encoded >= BYTES_PER_CLAIM) {
                break;
            }
        }
        dropBefore(log.oldest());
        owner.trim();
        return lines;
    }

    /** Encodes one event; for the holder of the claim. */
    private EncodedLine encodeStandalone(EventLog log, RecordedEvent event) {
        LineBuffer buffer = new LineBuffer();
        boolean whole = owner.encode(event, redaction, buffer);
        EncodedLine line = chunk(event.seq()).addStandalone(event.seq(), buffer.toLine(), whole);
        keep(log, event, line, whole);
        dropBefore(log.oldest());
        owner.trim();
        return line;
    }

    /** The log and all bridges share the bytes of an event, unless this bridge leaves something out of it. */
    private static void keep(EventLog log, RecordedEvent event, EncodedLine line, boolean whole) {
        if (whole) {
            line.keep(event);
            log.encoded(event);
        }
    }

    private void dropBefore(long oldest) {
        Map.Entry<Long, Chunk> first = chunks.firstEntry();
        while (first != null && first.getKey() < index(oldest)) {
            owner.drop(first.getValue());
            first = chunks.firstEntry();
        }
    }

    private Chunk chunk(long seq) {
        Chunk chunk = chunks.get(index(seq));
        if (chunk == null) {
            chunk = new Chunk(this, index(seq));
            chunks.put(chunk.index, chunk);
            owner.register(chunk);
        }
        return chunk;
    }

    private static long index(long seq) {
        return (seq - 1) / EVENTS_PER_CHUNK;
    }

    /**
     * The lines of a fixed range of event numbers, and the segments that contain them. Written by the holder of the
     * claim, read by any thread.
     */
    final class Chunk {

        /** The size of the table of lines. It counts, because a small execution has little else. */
        static final long TABLE_BYTES = 4L * EVENTS_PER_CHUNK;

        private final EncodedLog log;
        private final long index;
        private final AtomicReferenceArray<@Nullable EncodedLine> lines = new AtomicReferenceArray<>(EVENTS_PER_CHUNK);
        private Segment segment = new Segment(new byte[0]);
        private int used;
        private int written;

        Chunk(EncodedLog log, long index) {
            this.log = log;
            this.index = index;
        }

        EncodedLog log() {
            return log;
        }

        @Nullable
        EncodedLine line(long seq) {
            return lines.get((int) ((seq - 1) % EVENTS_PER_CHUNK));
        }

        private EncodedLine add(long seq, LineBuffer message) {
            int at = reserve(message.size() + 1);
            segment.write((byte) '\n', message.copyTo(segment, at));
            return put(seq, new EncodedLine(segment, at, used));
        }

        private EncodedLine addStandalone(long seq, byte[] line, boolean whole) {
            owner.resized(this, line.length);
            return put(seq, new EncodedLine.Standalone(line, whole));
        }

        /** Copies a standalone line to its place in a segment. */
        private EncodedLine moveToSegment(long seq, EncodedLine standalone) {
            int at = reserve(standalone.length());
            standalone.copyTo(segment, at);
            owner.resized(this, -standalone.length());
            return put(seq, new EncodedLine(segment, at, used));
        }

        private EncodedLine put(long seq, EncodedLine line) {
            lines.set((int) ((seq - 1) % EVENTS_PER_CHUNK), line);
            return line;
        }

        /** Reserves space for a line, in a new segment if necessary. {@return the index of its first byte} */
        private int reserve(int length) {
            if (segment.size() - used < length) {
                int size = Math.min(LARGEST_SEGMENT, Math.max(nextSegmentSize, 2 * segment.size()));
                segment = new Segment(new byte[Math.max(length, size)]);
                used = 0;
                owner.resized(this, segment.size());
            }
            written += length;
            nextSegmentSize = Math.max(nextSegmentSize, Math.min(LARGEST_SEGMENT, written));
            int at = used;
            used += length;
            return at;
        }
    }
}
