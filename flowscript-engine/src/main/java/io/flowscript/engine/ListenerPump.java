package io.flowscript.engine;

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
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Delivers the events of one or many logs to one listener, on the executor, one call at a time. Safe for use by any
 * thread.
 *
 * <p>Each log has a cursor. A cursor either waits at the end of its log or is in the ready queue once. A turn takes
 * cursors from the front of the queue, passes a few events of each to the listener and puts the cursor back at the
 * end, so a log with many events does not delay the others. After a bounded number of events the turn ends, and the
 * executor can run other tasks. The cursor of a log that has ended is removed when the log was read to its end. The same
 * holds for an execution that has left memory, if it is added again when it comes back.
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
    /** One source for each log; a log is the same only as the same object. */
    private final ConcurrentMap<EventLog, Source> sources = new ConcurrentHashMap<>();

    private final Queue<Source> ready = new ConcurrentLinkedQueue<>();
    private volatile boolean closed;

    ListenerPump(EventListener listener, Executor executor, EventType... types) {
        this.listener = Objects.requireNonNull(listener, "listener");
        this.types = Set.copyOf(Arrays.asList(types));
        this.task = new SerialTask(executor, this::turn);
    }

    /** Adds a log, which is delivered from its first to its last event. */
    void add(EventLog log) {
        add(log, Position.START, false);
    }

    /** Adds a log, which is delivered from its first event. When its execution leaves memory and all is delivered, it is removed. */
    void addUntilPassive(EventLog log) {
        add(log, Position.START, true);
    }

    /** Adds the log of an execution that has come back into memory, unless it is still here. */
    void addReturned(EventLog log) {
        add(log, log.joinPosition(), true);
    }

    private void add(EventLog log, Position after, boolean untilPassive) {
        Source added = new Source(log, log.cursor(after), untilPassive);
        Source known = sources.putIfAbsent(log, added);
        if (known != null) {
            added.cursor.close();
        } else if (closed) {
            drop(added);
        } else {
            added.cursor.wakeWhenReadable(added);
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
        sources.values().forEach(this::drop);
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
            if (!source.untilPassive || !dropIfPassive(source)) {
                source.sleep();
            }
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
        sources.remove(source.log, source);
        source.cursor.close();
    }

    /** When the execution comes back in the meantime, its log is either still here then, or it is added again. */
    private boolean dropIfPassive(Source source) {
        boolean dropped =
                sources.computeIfPresent(source.log, (log, same) -> isDelivered(source) ? null : same) == null;
        if (dropped) {
            source.cursor.close();
        }
        return dropped;
    }

    /** Whether the execution has left memory and all its events were read. */
    private static boolean isDelivered(Source source) {
        return source.log.isPassive() && source.cursor.position().seq() >= source.log.latest();
    }

    /** A log's cursor, and the wake-up by which it gets into the ready queue. */
    private final class Source implements Runnable {

        private final EventLog log;
        private final Cursor cursor;
        private final boolean untilPassive;
        private final AtomicBoolean awake = new AtomicBoolean();

        private Source(EventLog log, Cursor cursor, boolean untilPassive) {
            this.log = log;
            this.cursor = cursor;
            this.untilPassive = untilPassive;
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
            if (untilPassive && log.isPassive()) {
                run(); // it has left memory in the meantime, and nothing else would wake this
            }
        }
    }
}
