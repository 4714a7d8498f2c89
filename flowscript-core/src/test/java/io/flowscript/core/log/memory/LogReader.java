package io.flowscript.core.log.memory;

import io.flowscript.core.concurrent.SerialTask;
import io.flowscript.core.event.RecordedEvent;
import io.flowscript.core.log.Cursor;
import io.flowscript.core.log.Read;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;

/**
 * Reads a cursor to its end whenever it is woken, as a pump does, and holds the log to its promise on the way: contiguous, in
 * order, nothing twice, nothing left out but what is announced.
 */
final class LogReader {

    private final Cursor cursor;
    private final int batch;
    private final SerialTask task;
    private final CompletableFuture<LogReader> done = new CompletableFuture<>();
    private long next;
    private long events;

    LogReader(Cursor cursor, int batch, Executor executor) {
        this.cursor = cursor;
        this.batch = batch;
        this.task = new SerialTask(executor, this::turn);
        this.next = cursor.position().seq() + 1;
        task.signal();
    }

    /** {@return completes at the end of the log, fails at the first promise that is broken} */
    CompletableFuture<LogReader> done() {
        return done;
    }

    /** {@return the number of the next event that it has to get} */
    long next() {
        return next;
    }

    /** {@return how many events it got, holes not counted} */
    long events() {
        return events;
    }

    private void turn() {
        try {
            Read read = cursor.read(batch);
            if (read instanceof Read.Events found) {
                found.events().forEach(this::check);
                task.signal();
            } else if (read instanceof Read.Missed missed) {
                expect(missed.from());
                next = missed.to() + 1;
                task.signal();
            } else if (read instanceof Read.Nothing) {
                cursor.wakeWhenReadable(task::signal);
            } else {
                done.complete(this);
            }
        } catch (RuntimeException | Error e) {
            done.completeExceptionally(e);
        }
    }

    private void check(RecordedEvent event) {
        expect(event.seq());
        next++;
        events++;
    }

    private void expect(long seq) {
        if (seq != next) {
            throw new AssertionError("Event " + next + " was to come, but " + seq + " came");
        }
    }
}
