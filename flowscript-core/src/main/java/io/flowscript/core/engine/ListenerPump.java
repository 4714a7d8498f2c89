package io.flowscript.core.engine;

import io.flowscript.core.concurrent.Guard;
import io.flowscript.core.concurrent.SerialTask;
import io.flowscript.core.event.EventListener;
import io.flowscript.core.event.EventType;
import io.flowscript.core.event.RecordedEvent;
import io.flowscript.core.log.Cursor;
import io.flowscript.core.log.EventLog;
import io.flowscript.core.log.Position;
import io.flowscript.core.log.Read;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.Arrays;
import java.util.Objects;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Delivers the events of one or many logs to one listener, on the executor, one call at a time. Safe for use by any
 * thread.
 *
 * <p>Each log has a cursor. A cursor either waits at the end of its log or is in the ready queue once. A turn takes
 * cursors from the front of the queue, passes a few events of each to the listener and puts the cursor back at the
 * end, so a log with many events does not delay the others. After a bounded number of events the turn ends, and the
 * executor can run other tasks. The cursor of a log that has ended is removed when the log was read to its end.
 */
final class ListenerPump implements Subscription {

    /** The maximum number of events of one log before the next log's turn. */
    static final int EVENTS_PER_LOG = 16;

    /** The maximum number of reads in one turn on the executor. */
    static final int READS_PER_TURN = 16;

    private static final Logger LOGGER = System.getLogger(ListenerPump.class.getName());

    private final EventListener listener;

    /** Empty for all. */
    private final Set<EventType> types;

    private final SerialTask task;
    private final Set<Source> sources = ConcurrentHashMap.newKeySet();
    private final Queue<Source> ready = new ConcurrentLinkedQueue<>();
    private volatile boolean closed;

    ListenerPump(EventListener listener, Executor executor, EventType... types) {
        this.listener = Objects.requireNonNull(listener, "listener");
        this.types = Set.copyOf(Arrays.asList(types));
        this.task = new SerialTask(executor, this::turn);
    }

    /** Adds a log, which is delivered from its first to its last event. */
    void add(EventLog log) {
        Source source = new Source(log.cursor(Position.START));
        sources.add(source);
        if (closed) {
            drop(source);
        } else {
            source.cursor.wakeWhenReadable(source);
        }
    }

    /** {@return the number of logs} */
    int size() {
        return sources.size();
    }

    @Override
    public void close() {
        closed = true;
        task.stop();
        sources.forEach(this::drop);
        ready.clear();
    }

    private void turn() {
        for (int i = 0; i < READS_PER_TURN && !closed; i++) {
            Source source = ready.poll();
            if (source == null) {
                return;
            }
            advance(source);
        }
        if (!ready.isEmpty()) {
            task.signal();
        }
    }

    private void advance(Source source) {
        Read read = source.cursor.read(EVENTS_PER_LOG);
        if (read instanceof Read.Nothing) {
            source.sleep();
        } else if (read instanceof Read.Ended) {
            drop(source);
        } else {
            if (read instanceof Read.Events found) {
                found.events().forEach(this::tell);
            } else if (read instanceof Read.Missed missed) {
                tellMissed(source.cursor.log().executionId(), missed);
            }
            ready.add(source);
        }
    }

    private void tell(RecordedEvent event) {
        if (closed || !(types.isEmpty() || types.contains(event.type()))) {
            return;
        }
        Guard.run(
                () -> listener.onEvent(event),
                thrown -> LOGGER.log(
                        Level.ERROR,
                        "A listener failed on event " + event.seq() + ", " + event.type() + ", of execution "
                                + event.executionId() + "; it goes on with the next event",
                        thrown));
    }

    private void tellMissed(String executionId, Read.Missed missed) {
        // A cursor from the start uses the current epoch, so the end of the gap is known.
        long to = Objects.requireNonNull(missed.to());
        Guard.run(
                () -> listener.onMissed(executionId, missed.from(), to),
                thrown -> LOGGER.log(
                        Level.ERROR,
                        "A listener failed on being told that it missed events " + missed.from() + " to " + to
                                + " of execution " + executionId + "; it goes on with the next event",
                        thrown));
    }

    private void drop(Source source) {
        sources.remove(source);
        source.cursor.close();
    }

    /** A log's cursor, and the wake-up by which it gets into the ready queue. */
    private final class Source implements Runnable {

        private final Cursor cursor;
        private final AtomicBoolean awake = new AtomicBoolean();

        private Source(Cursor cursor) {
            this.cursor = cursor;
        }

        @Override
        public void run() {
            if (awake.compareAndSet(false, true)) {
                ready.add(this);
                task.signal();
            }
        }

        private void sleep() {
            awake.set(false);
            cursor.wakeWhenReadable(this);
        }
    }
}
