package io.flowscript.events.delivery;

import io.flowscript.core.event.RecordedEvent;
import io.flowscript.core.log.EventLog;
import io.flowscript.core.log.Position;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * One execution's events as bytes, beside its log: each encoded once, by whichever pump needs it first, and shared by all clients.
 *
 * <p>Lines that were encoded one after the other lie one after the other in a segment, so a run of them is one slice of it. One pump
 * encodes at a time, a bounded number of events; the others do not wait for it but are woken when it is done. Readers take no
 * lock. It is a cache: whatever is not in it is encoded again from the log, and it keeps no log alive.
 *
 * <p>A client with a filter needs single events out of their order. Those are encoded into loose lines, which are copied into their
 * place in a segment when a run of events is wanted: so they neither are encoded twice nor break the runs of others.
 */
final class EncodedLog {

    /** As many lie one after the other at the most, and go as one frame. */
    static final int EVENTS_PER_CHUNK = 256;

    private static final int EVENTS_PER_CLAIM = 256;
    private static final int BYTES_PER_CLAIM = 64 << 10;
    private static final int FIRST_SEGMENT = 1 << 10;
    private static final int LARGEST_SEGMENT = 128 << 10;

    private final EncodedLogs owner;
    private final ConcurrentSkipListMap<Long, Chunk> chunks = new ConcurrentSkipListMap<>();
    private final AtomicBoolean claimed = new AtomicBoolean();
    private final Set<Runnable> waiting = ConcurrentHashMap.newKeySet();

    /** How large the first segment of the next chunk is to be: as large as the last chunk came to. For the holder of the claim. */
    private int expected = FIRST_SEGMENT;

    EncodedLog(EncodedLogs owner) {
        this.owner = owner;
    }

    /**
     * The lines that follow a number, encoded if they have to be.
     *
     * @param log the log that this belongs to
     * @param after the number of the last event seen
     * @param max how many at the most
     * @param maxBytes how many bytes; the first line is given whatever its size
     * @param whenFree to be run when another pump that is encoding is done
     * @return the lines, without a hole; empty when the log has nothing to read there; null when another pump is encoding
     */
    @Nullable
    List<EncodedLine> lines(EventLog log, long after, int max, int maxBytes, Runnable whenFree) {
        if (log.latest() <= after) {
            return List.of();
        }
        List<EncodedLine> lines = cached(after, max, maxBytes);
        if (!lines.isEmpty()) {
            return lines;
        }
        if (!claim(whenFree)) {
            return null;
        }
        try {
            lines = cached(after, max, maxBytes);
            return lines.isEmpty() ? encode(log, after, max, maxBytes) : lines;
        } finally {
            giveBack();
        }
    }

    /**
     * The line of one event, encoded if it has to be, and no other.
     *
     * @param log the log that this belongs to
     * @param event an event of it
     * @param whenFree to be run when another pump that is encoding is done
     * @return the line; null when another pump is encoding
     */
    @Nullable
    EncodedLine line(EventLog log, RecordedEvent event, Runnable whenFree) {
        EncodedLine known = known(event.seq());
        if (known != null) {
            return known;
        }
        if (!claim(whenFree)) {
            return null;
        }
        try {
            known = known(event.seq());
            return known == null ? encodeAlone(log, event) : known;
        } finally {
            giveBack();
        }
    }

    /** Forgets everything; whoever holds lines may go on using them. */
    void clear() {
        chunks.values().forEach(owner::drop);
    }

    void remove(Chunk chunk) {
        chunks.remove(chunk.index, chunk);
    }

    private boolean claim(Runnable whenFree) {
        while (!claimed.compareAndSet(false, true)) {
            waiting.add(whenFree);
            if (claimed.get()) {
                return false;
            }
            waiting.remove(whenFree);
        }
        return true;
    }

    private void giveBack() {
        claimed.set(false);
        wakeWaiting();
    }

    private @Nullable EncodedLine known(long seq) {
        Chunk chunk = chunks.get(index(seq));
        return chunk == null ? null : chunk.line(seq);
    }

    /** What is there of one chunk, so that a run is one slice where it can be. */
    private List<EncodedLine> cached(long after, int max, int maxBytes) {
        Chunk chunk = chunks.get(index(after + 1));
        if (chunk == null) {
            return List.of();
        }
        List<EncodedLine> lines = new ArrayList<>();
        int room = maxBytes;
        for (long seq = after + 1; lines.size() < max && index(seq) == chunk.index; seq++) {
            EncodedLine line = chunk.line(seq);
            if (line == null || line.isLoose() || (line.length() > room && !lines.isEmpty())) {
                break;
            }
            lines.add(line);
            room -= line.length();
        }
        return lines;
    }

    private void wakeWaiting() {
        if (waiting.isEmpty()) {
            return;
        }
        for (Runnable wake : List.copyOf(waiting)) {
            if (waiting.remove(wake)) {
                wake.run();
            }
        }
    }

    /** By the one that holds the claim. The lines are gathered as they are made: trimming may take them out again at once. */
    private List<EncodedLine> encode(EventLog log, long after, int max, int maxBytes) {
        List<EncodedLine> lines = new ArrayList<>();
        int room = maxBytes;
        int encoded = 0;
        boolean full = false;
        for (RecordedEvent event : log.read(Position.after(log.epoch(), after), EVENTS_PER_CLAIM)) {
            Chunk chunk = chunk(event.seq());
            EncodedLine line = chunk.line(event.seq());
            if (line == null) {
                line = chunk.add(event.seq(), owner.encode(event));
                encoded += line.length();
            } else if (line.isLoose()) {
                line = chunk.takeIn(event.seq(), line);
            }
            full |= lines.size() >= max || (line.length() > room && !lines.isEmpty());
            if (!full) {
                lines.add(line);
                room -= line.length();
            }
            if (encoded >= BYTES_PER_CLAIM) {
                break;
            }
        }
        forgetBefore(log.oldest());
        owner.trim();
        return lines;
    }

    /** By the one that holds the claim. */
    private EncodedLine encodeAlone(EventLog log, RecordedEvent event) {
        EncodedLine line = chunk(event.seq()).addLoose(event.seq(), owner.encode(event));
        forgetBefore(log.oldest());
        owner.trim();
        return line;
    }

    private void forgetBefore(long oldest) {
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
            owner.keep(chunk);
        }
        return chunk;
    }

    private static long index(long seq) {
        return (seq - 1) / EVENTS_PER_CHUNK;
    }

    /** The lines of a fixed range of numbers, and the segments that they lie in. Filled by the holder of the claim, read by all. */
    final class Chunk {

        /** What its table of lines takes, however few there are: a small execution has little else. */
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

        private EncodedLine add(long seq, byte[] message) {
            int at = room(message.length + 1);
            segment.write((byte) '\n', segment.write(message, at));
            return put(seq, new EncodedLine(segment, at, used));
        }

        private EncodedLine addLoose(long seq, byte[] message) {
            byte[] alone = Arrays.copyOf(message, message.length + 1);
            alone[message.length] = '\n';
            owner.grown(this, alone.length);
            return put(seq, new EncodedLine.Loose(alone));
        }

        /** A loose line gets its place. */
        private EncodedLine takeIn(long seq, EncodedLine loose) {
            int at = room(loose.length());
            loose.copyTo(segment, at);
            owner.grown(this, -loose.length());
            return put(seq, new EncodedLine(segment, at, used));
        }

        private EncodedLine put(long seq, EncodedLine line) {
            lines.set((int) ((seq - 1) % EVENTS_PER_CHUNK), line);
            return line;
        }

        /** Room for a line. {@return where it begins} */
        private int room(int length) {
            if (segment.size() - used < length) {
                int size = Math.min(LARGEST_SEGMENT, Math.max(expected, 2 * segment.size()));
                segment = new Segment(new byte[Math.max(length, size)]);
                used = 0;
                owner.grown(this, segment.size());
            }
            written += length;
            expected = Math.max(expected, Math.min(LARGEST_SEGMENT, written));
            int at = used;
            used += length;
            return at;
        }
    }
}
