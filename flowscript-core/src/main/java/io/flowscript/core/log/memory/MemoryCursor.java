package io.flowscript.core.log.memory;

import io.flowscript.core.event.RecordedEvent;
import io.flowscript.core.log.Cursor;
import io.flowscript.core.log.EventLog;
import io.flowscript.core.log.Position;
import io.flowscript.core.log.Read;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A cursor of a {@link MemoryEventLog}: the number of the last event read, and the gap that it reports first, if any. */
final class MemoryCursor implements Cursor {

    private static final Read NOTHING = new Read.Nothing();
    private static final Read ENDED = new Read.Ended();

    private final MemoryEventLog log;
    private final Waiters.Waiter waiter = new Waiters.Waiter();

    /** The number of the last event read or missed. Only the reading thread writes it. */
    private volatile long seq;

    /** The events after the first position that the log does not have; null once reported. Only the reading thread writes it. */
    private volatile Read.@Nullable Missed hole;

    /** The events that were loaded last, or are being loaded; null while the next event is in memory. Only the reading thread writes it. */
    private volatile @Nullable OlderPage page;

    private volatile boolean closed;

    MemoryCursor(MemoryEventLog log, long seq, Read.@Nullable Missed hole) {
        this.log = log;
        this.seq = seq;
        this.hole = hole;
    }

    @Override
    public EventLog log() {
        return log;
    }

    @Override
    public Position position() {
        Read.Missed unread = hole;
        if (unread == null) {
            return new Position(log.epoch(), seq);
        }
        Long to = unread.to();
        return new Position(unread.epoch(), to == null ? unread.from() - 1 : to);
    }

    @Override
    public Read read(int max) {
        checkMax(max);
        if (closed) {
            return ENDED;
        }
        Read.Missed unread = hole;
        if (unread != null) {
            hole = null;
            return unread;
        }
        // Read isEnded() before latest(): a reader that sees the end then sees the last event too.
        boolean ended = log.isEnded();
        long next = seq + 1;
        long latest = log.latest();
        if (next > latest) {
            return ended ? ENDED : NOTHING;
        }
        List<RecordedEvent> events =
                next < log.oldestInMemory() ? List.of() : log.copy(next, (int) Math.min(max, latest - seq));
        if (events.isEmpty()) {
            return readOlder(next, max, latest);
        }
        page = null;
        seq = next - 1 + events.size();
        return new Read.Events(events);
    }

    static void checkMax(int max) {
        if (max < 1) {
            throw new IllegalArgumentException("At least one event is to be read, not " + max);
        }
    }

    /** Reads events that are not in memory, from the page that was loaded last. Loads another one when that is over. */
    private Read readOlder(long next, int max, long latest) {
        OlderEvents older = log.older();
        if (older == null) {
            return missed(next, log.oldestInMemory() - 1);
        }
        if (next < log.oldest()) {
            return missed(next, log.oldest() - 1);
        }
        OlderPage loaded = page;
        if (loaded == null || !loaded.covers(next)) {
            loaded = new OlderPage(next);
            page = loaded;
            loaded.load(older, this::wake);
        }
        if (!loaded.isDone()) {
            return NOTHING;
        }
        List<RecordedEvent> events = loaded.from(next, max, latest);
        if (events == null) {
            page = null; // its memory was needed; the next read loads it again
            return NOTHING;
        }
        if (events.isEmpty()) {
            page = null;
            return missed(next, Math.max(next, log.oldestInMemory() - 1));
        }
        long first = events.get(0).seq();
        if (first > next) {
            return missed(next, first - 1);
        }
        seq = next - 1 + events.size();
        return new Read.Events(events);
    }

    private Read missed(long from, long to) {
        seq = to;
        return new Read.Missed(log.epoch(), from, to);
    }

    private void wake() {
        Runnable mine = log.removeWaiter(waiter);
        if (mine != null) {
            mine.run();
        }
    }

    @Override
    public void wakeWhenReadable(Runnable wake) {
        log.waiters().add(waiter, wake);
        log.watchedChanged();
        // Check again, since an append before the line above did not see this waiter; each later one does.
        if (isReadable()) {
            wake();
        }
    }

    private boolean isReadable() {
        if (closed || hole != null) {
            return true;
        }
        OlderPage loading = page;
        boolean isLoading = loading != null && !loading.isDone();
        return !isLoading && (log.isEnded() || log.latest() > seq);
    }

    @Override
    public void close() {
        closed = true;
        log.removeWaiter(waiter);
        log.watchedChanged();
    }
}
