package io.flowscript.store.jdbc;

import io.flowscript.core.FlowScriptException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * The thread that writes: many changes in one transaction. While the database cannot be reached it tries again. Each batch
 * has a number that is written with it, so a batch is not written twice when the connection was lost during a commit.
 */
final class BatchWriter {

    /** How long the writer tries to reach the database after the store was closed. */
    private static final Duration LAST_TRIES = Duration.ofSeconds(10);

    /** How long a connection may take to tell whether it still works. */
    private static final int VALIDATION_SECONDS = 5;

    private static final Logger LOGGER = System.getLogger(BatchWriter.class.getName());

    private final Database database;
    private final KnownDefinitions definitions;
    private final KnownSnapshots snapshots;
    private final ChangeQueue queue;
    private final Completions completions;
    private final Thread thread = new Thread(this::run, "flowscript-store-writer");

    /** The time of {@link System#nanoTime} at which the tries end; 0 while the store is open. */
    private final AtomicLong lastTry = new AtomicLong();

    /** The time of {@link System#nanoTime} at which the batch that is being written was taken; 0 when there is none. */
    private volatile long writingSince;

    private @Nullable Connection connection;
    private @Nullable BatchTransaction transaction;
    private long batches;

    /**
     * Creates a writer.
     *
     * @param connection the connection that {@code database} has opened
     */
    BatchWriter(
            Database database,
            Connection connection,
            KnownDefinitions definitions,
            KnownSnapshots snapshots,
            ChangeQueue queue,
            Completions completions) {
        this.database = database;
        this.connection = connection;
        this.definitions = definitions;
        this.snapshots = snapshots;
        this.queue = queue;
        this.completions = completions;
    }

    void start() {
        thread.setDaemon(true);
        thread.start();
    }

    /** Ends the thread when it has written what was handed in. Waits for it. */
    void close() {
        lastTry.compareAndSet(0, (System.nanoTime() + LAST_TRIES.toNanos()) | 1);
        queue.close();
        Threads.join(thread);
    }

    /** {@return for how long the changes of one batch are being written by now} */
    Duration writing() {
        long since = writingSince;
        return since == 0 ? Duration.ZERO : Duration.ofNanos(System.nanoTime() - since);
    }

    private void run() {
        for (List<Change> batch = queue.take(database.maxBatch());
                !batch.isEmpty();
                batch = queue.take(database.maxBatch())) {
            writingSince = System.nanoTime() | 1;
            write(batch);
            writingSince = 0;
        }
        if (connection != null) {
            database.release(connection);
        }
    }

    /** Writes a batch, or its changes one by one when the batch as a whole fails. Completes all of them. */
    private void write(List<Change> batch) {
        try {
            Map<String, FlowScriptException> refused = writeWhole(batch);
            List<Change> written = new ArrayList<>(batch.size());
            for (Change change : batch) {
                FlowScriptException why = refused.get(change.executionId());
                if (why == null) {
                    definitions.written(change);
                    snapshots.written(change);
                    written.add(change);
                } else {
                    fail(change, why);
                }
            }
            completions.written(written);
        } catch (Throwable failure) { // also of a driver and of an exhausted heap: the writer goes on
            if (batch.size() > 1 && !isOver()) {
                batch.forEach(change -> write(List.of(change)));
            } else {
                batch.forEach(change -> fail(change, asStoreFailure(failure)));
            }
        }
    }

    private void fail(Change change, FlowScriptException why) {
        snapshots.failed(change);
        completions.failed(change, why);
    }

    private FlowScriptException asStoreFailure(Throwable failure) {
        return failure instanceof FlowScriptException known
                ? known
                : StoreErrors.failed("The change cannot be written to " + database.name(), failure);
    }

    /**
     * Writes a batch in one transaction, and tries again while the database cannot be reached.
     *
     * @return why changes are refused, by the ids of their executions; the others are written
     * @throws SQLException when nothing of the batch is written and it makes no sense to try again
     */
    private Map<String, FlowScriptException> writeWhole(List<Change> batch) throws SQLException {
        long number = ++batches;
        Map<String, FlowScriptException> refused = Map.of();
        Backoff backoff = new Backoff();
        boolean lookedUp = false;
        for (int tries = 1; ; tries++) {
            boolean committing = false;
            try {
                BatchTransaction current = connected();
                if (current.begin(number)) {
                    refused = current.write(batch);
                    committing = true;
                }
                current.commit();
                if (tries > 1) {
                    LOGGER.log(Level.INFO, "{0} can be written again", database.name());
                }
                return refused;
            } catch (SQLException e) {
                abandon(e);
                // What a failed commit has done is seen by the next try.
                boolean mayRetry = database.isUnavailable(e) || connection == null || (committing && !lookedUp);
                lookedUp |= committing;
                if (!mayRetry || isOver()) {
                    throw e;
                }
                if (tries == 1) {
                    LOGGER.log(
                            Level.WARNING,
                            () -> database.name() + " cannot be written at the moment; it is tried again",
                            e);
                }
                queue.pause(backoff.next(), lastTry.get() == 0);
            } catch (RuntimeException | Error e) {
                abandon(e);
                throw e;
            }
        }
    }

    private boolean isOver() {
        long end = lastTry.get();
        return end != 0 && System.nanoTime() - end > 0;
    }

    private BatchTransaction connected() throws SQLException {
        if (transaction == null) {
            if (connection == null) {
                connection = database.reopen();
            }
            transaction = database.transaction(connection);
        }
        return transaction;
    }

    /** Rolls back, and gives the connection up when it is broken. */
    private void abandon(Throwable cause) {
        BatchTransaction failed = transaction;
        transaction = null;
        Connection current = connection;
        if (current == null) {
            return;
        }
        try {
            if (failed != null) {
                failed.rollback();
                failed.close();
            }
            if (current.isValid(VALIDATION_SECONDS)) {
                return;
            }
        } catch (SQLException | RuntimeException e) {
            cause.addSuppressed(e);
        }
        connection = null;
        database.release(current);
    }
}
