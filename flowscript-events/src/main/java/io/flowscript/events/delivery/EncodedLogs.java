package io.flowscript.events.delivery;

import io.flowscript.core.event.RecordedEvent;
import io.flowscript.core.log.EventLog;
import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The encoded logs of all executions that clients look at, within one budget of bytes: when it is exceeded, the chunks that
 * were begun first go. An encoded log lives no longer than the log that it belongs to, and does not keep that alive.
 *
 * <p>The one lock guards the order and the sum of the chunks; nothing is called with it held.
 */
final class EncodedLogs {

    private final Function<RecordedEvent, byte[]> encoder;
    private final long maxBytes;
    private final Map<String, Entry> logs = new ConcurrentHashMap<>();
    private final ReferenceQueue<EventLog> gone = new ReferenceQueue<>();
    private final Object lock = new Object();
    private final LinkedHashMap<EncodedLog.Chunk, Long> kept = new LinkedHashMap<>();
    private long bytes;

    EncodedLogs(Function<RecordedEvent, byte[]> encoder, long maxBytes) {
        this.encoder = encoder;
        this.maxBytes = maxBytes;
    }

    /** The encoded log beside a log. */
    EncodedLog of(EventLog log) {
        forgetGone();
        Entry entry = logs.compute(
                log.executionId(),
                (id, known) ->
                        known != null && known.refersTo(log) ? known : new Entry(log, gone, new EncodedLog(this)));
        return entry.encoded;
    }

    byte[] encode(RecordedEvent event) {
        return encoder.apply(event);
    }

    void keep(EncodedLog.Chunk chunk) {
        synchronized (lock) {
            kept.put(chunk, EncodedLog.Chunk.TABLE_BYTES);
            bytes += EncodedLog.Chunk.TABLE_BYTES;
        }
    }

    void grown(EncodedLog.Chunk chunk, int by) {
        synchronized (lock) {
            if (kept.computeIfPresent(chunk, (same, size) -> size + by) != null) {
                bytes += by;
            }
        }
    }

    void drop(EncodedLog.Chunk chunk) {
        synchronized (lock) {
            Long size = kept.remove(chunk);
            bytes -= size == null ? 0 : size;
        }
        chunk.log().remove(chunk);
    }

    /** Drops the oldest chunks until the budget is kept. */
    void trim() {
        EncodedLog.Chunk oldest = oldestOverBudget();
        while (oldest != null) {
            drop(oldest);
            oldest = oldestOverBudget();
        }
    }

    /** How many bytes the chunks hold, with their tables of lines. */
    long bytes() {
        forgetGone();
        synchronized (lock) {
            return bytes;
        }
    }

    private EncodedLog.@Nullable Chunk oldestOverBudget() {
        synchronized (lock) {
            Iterator<EncodedLog.Chunk> oldest = kept.keySet().iterator();
            return bytes > maxBytes && oldest.hasNext() ? oldest.next() : null;
        }
    }

    private void forgetGone() {
        for (Object reference = gone.poll(); reference != null; reference = gone.poll()) {
            Entry entry = (Entry) reference;
            logs.remove(entry.executionId, entry);
            entry.encoded.clear();
        }
    }

    /** Notices when nobody holds the log any more: its execution is forgotten and no client reads it. */
    private static final class Entry extends WeakReference<EventLog> {

        private final String executionId;
        private final EncodedLog encoded;

        Entry(EventLog log, ReferenceQueue<EventLog> gone, EncodedLog encoded) {
            super(log, gone);
            this.executionId = log.executionId();
            this.encoded = encoded;
        }
    }
}
