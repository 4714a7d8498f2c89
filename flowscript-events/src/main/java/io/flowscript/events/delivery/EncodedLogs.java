package io.flowscript.events.delivery;

import io.flowscript.core.event.RecordedEvent;
import io.flowscript.core.log.EventLog;
import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiPredicate;
import org.jspecify.annotations.Nullable;

/**
 * The encoded logs of all executions that clients follow, within one budget of bytes. When the budget is exceeded, the
 * oldest chunks are dropped.
 *
 * <p>An encoded log refers to its event log weakly. When the event log was garbage-collected, the encoded log is
 * dropped too.
 *
 * <p>Pumps call this class on any thread. One lock guards the order of the chunks and the sum of their sizes; no other
 * code is called while it is held.
 */
final class EncodedLogs {

    private final BiPredicate<RecordedEvent, ? super LineBuffer> encoder;
    private final long maxBytes;
    private final Map<String, Entry> logs = new ConcurrentHashMap<>();
    private final ReferenceQueue<EventLog> collected = new ReferenceQueue<>();
    private final Object lock = new Object();
    private final LinkedHashMap<EncodedLog.Chunk, Long> chunkSizes = new LinkedHashMap<>();
    private long bytes;

    EncodedLogs(BiPredicate<RecordedEvent, ? super LineBuffer> encoder, long maxBytes) {
        this.encoder = encoder;
        this.maxBytes = maxBytes;
    }

    /** Returns the encoded log of an event log; creates it if necessary. */
    EncodedLog of(EventLog log) {
        dropCollected();
        Entry entry = logs.compute(
                log.executionId(),
                (id, known) ->
                        known != null && known.refersTo(log) ? known : new Entry(log, collected, new EncodedLog(this)));
        return entry.encoded;
    }

    /** Encodes an event into a buffer, whose content it replaces. {@return whether the message has all values of the event} */
    boolean encode(RecordedEvent event, LineBuffer buffer) {
        buffer.reset();
        return encoder.test(event, buffer);
    }

    /** {@return the message of an event that has no place in an encoded log} */
    byte[] encode(RecordedEvent event) {
        LineBuffer buffer = new LineBuffer();
        boolean unused = encode(event, buffer);
        return buffer.toByteArray();
    }

    /** Adds a new chunk to the budget. */
    void register(EncodedLog.Chunk chunk) {
        synchronized (lock) {
            chunkSizes.put(chunk, EncodedLog.Chunk.TABLE_BYTES);
            bytes += EncodedLog.Chunk.TABLE_BYTES;
        }
    }

    /** Records that a chunk has grown or, with a negative number, shrunk. */
    void resized(EncodedLog.Chunk chunk, int by) {
        synchronized (lock) {
            if (chunkSizes.computeIfPresent(chunk, (same, size) -> size + by) != null) {
                bytes += by;
            }
        }
    }

    /** Removes a chunk from the budget and from its log. */
    void drop(EncodedLog.Chunk chunk) {
        synchronized (lock) {
            Long size = chunkSizes.remove(chunk);
            bytes -= size == null ? 0 : size;
        }
        chunk.log().remove(chunk);
    }

    /** Drops the oldest chunks until the sum is within the budget. */
    void trim() {
        EncodedLog.Chunk oldest = oldestOverBudget();
        while (oldest != null) {
            drop(oldest);
            oldest = oldestOverBudget();
        }
    }

    /** Returns the size of all chunks in bytes, with their tables of lines. */
    long bytes() {
        dropCollected();
        synchronized (lock) {
            return bytes;
        }
    }

    private EncodedLog.@Nullable Chunk oldestOverBudget() {
        synchronized (lock) {
            Iterator<EncodedLog.Chunk> oldest = chunkSizes.keySet().iterator();
            return bytes > maxBytes && oldest.hasNext() ? oldest.next() : null;
        }
    }

    private void dropCollected() {
        for (Object reference = collected.poll(); reference != null; reference = collected.poll()) {
            Entry entry = (Entry) reference;
            logs.remove(entry.executionId, entry);
            entry.encoded.clear();
        }
    }

    /** An encoded log with a weak reference to its event log. */
    private static final class Entry extends WeakReference<EventLog> {

        private final String executionId;
        private final EncodedLog encoded;

        Entry(EventLog log, ReferenceQueue<EventLog> collected, EncodedLog encoded) {
            super(log, collected);
            this.executionId = log.executionId();
            this.encoded = encoded;
        }
    }
}
