package io.flowscript.events.delivery;

import io.flowscript.core.bridge.Redaction;
import io.flowscript.core.event.RecordedEvent;
import io.flowscript.core.log.EventLog;
import io.flowscript.json.protocol.Scope;
import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The encoded logs of all executions that clients follow, within one budget of bytes. When the budget is exceeded, the
 * oldest chunks are dropped.
 *
 * <p>An encoded log refers to its event log weakly. When the event log was garbage-collected, the encoded log is
 * dropped too.
 *
 * <p>Clients from whom something is hidden have encoded logs of their own, one for each redaction of an event log. Such an encoded log stays as long as a
 * client uses it or a chunk of it is within the budget.
 *
 * <p>Pumps call this class on any thread. One lock guards the order of the chunks and the sum of their sizes; no other
 * code is called while it is held.
 */
final class EncodedLogs {

    private final LineEncoder encoder;
    private final long maxBytes;
    private final Map<String, Entry> logs = new ConcurrentHashMap<>();
    private final ReferenceQueue<Object> collected = new ReferenceQueue<>();
    private final Object lock = new Object();
    private final LinkedHashMap<EncodedLog.Chunk, Long> chunkSizes = new LinkedHashMap<>();
    private long bytes;

    EncodedLogs(LineEncoder encoder, long maxBytes) {
        this.encoder = encoder;
        this.maxBytes = maxBytes;
    }

    /** Returns the encoded log of an event log for clients that see all of it; creates it if necessary. */
    EncodedLog of(EventLog log) {
        return of(log, Redaction.NONE);
    }

    /** Returns the encoded log of an event log for clients from whom the same is hidden; creates it if necessary. */
    EncodedLog of(EventLog log, Redaction redaction) {
        dropCollected();
        Entry entry = logs.compute(
                log.executionId(), (id, known) -> known != null && known.refersTo(log) ? known : new Entry(log));
        return entry.encoded(redaction);
    }

    /** {@return an equal scope, which clients that follow the execution share; the same one when none does yet} */
    Scope.OneExecution shared(Scope.OneExecution scope) {
        Entry known = logs.get(scope.executionId());
        return known == null ? scope : known.scope;
    }

    /** Encodes an event into a buffer, whose content it replaces. {@return whether the message has all values of the event} */
    boolean encode(RecordedEvent event, Redaction redaction, LineBuffer buffer) {
        buffer.reset();
        return encoder.encode(event, redaction, buffer);
    }

    /** {@return the message of an event that has no place in an encoded log} */
    byte[] encode(RecordedEvent event, Redaction redaction) {
        LineBuffer buffer = new LineBuffer();
        boolean unused = encode(event, redaction, buffer);
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
            if (reference instanceof Entry entry) {
                logs.remove(entry.scope.executionId(), entry);
                entry.drop();
            } else if (reference instanceof Redacted unused) {
                unused.entry.redacted.remove(unused.redaction, unused);
            }
        }
    }

    /** The encoded logs of an event log, with a weak reference to it. */
    private final class Entry extends WeakReference<EventLog> {

        private final Scope.OneExecution scope;
        private final EncodedLog encoded = new EncodedLog(EncodedLogs.this, Redaction.NONE);
        private final Map<Redaction, Redacted> redacted = new ConcurrentHashMap<>(1);

        Entry(EventLog log) {
            super(log, collected);
            this.scope = new Scope.OneExecution(log.executionId());
        }

        EncodedLog encoded(Redaction redaction) {
            Redacted known = redacted.get(redaction);
            EncodedLog found = redaction.isNone() ? encoded : known == null ? null : known.get();
            while (found == null) {
                // The new one is held here while it is not in the map yet.
                EncodedLog created = new EncodedLog(EncodedLogs.this, redaction);
                Redacted added = new Redacted(this, redaction, created);
                found = redacted.merge(redaction, added, (now, other) -> now.refersTo(null) ? other : now)
                        .get();
            }
            return found;
        }

        void drop() {
            encoded.clear();
            redacted.values().forEach(Redacted::drop);
        }
    }

    /** An encoded log of which something is hidden; it refers to it weakly. */
    private final class Redacted extends WeakReference<EncodedLog> {

        private final Entry entry;
        private final Redaction redaction;

        Redacted(Entry entry, Redaction redaction, EncodedLog encoded) {
            super(encoded, collected);
            this.entry = entry;
            this.redaction = redaction;
        }

        void drop() {
            EncodedLog encoded = get();
            if (encoded != null) {
                encoded.clear();
            }
        }
    }
}
