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
        if (max < 1) {
            throw new IllegalArgumentException("At least one event is to be read, not " + max);
        }
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
        if (next < log.oldest()) {
            return missed(next);
        }
        List<RecordedEvent> events = log.copy(next, (int) Math.min(max, latest - seq));
        if (events.isEmpty()) {
            return missed(next);
        }
        seq = next - 1 + events.size();
        return new Read.Events(events);
    }

    private Read missed(long from) {
        long to = log.oldest() - 1;
        seq = to;
        return new Read.Missed(log.epoch(), from, to);
    }

    @Override
    public void wakeWhenReadable(Runnable wake) {
        log.waiters().add(waiter, wake);
        // Check again, since an append before the line above did not see this waiter; each later one does.
        if (isReadable()) {
            Runnable mine = log.waiters().remove(waiter);
            if (mine != null) {
                mine.run();
            }
        }
    }

    private boolean isReadable() {
        return closed || hole != null || log.isEnded() || log.latest() > seq;
    }

    @Override
    public void close() {
        closed = true;
        log.waiters().remove(waiter);
    }
}
