package io.flowscript.store.jdbc;

import io.flowscript.core.FlowScriptException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.sqlite.SQLiteErrorCode;

/** A file of SQLite with troubles: it may not grow, like on a full disk, or the answer to a commit is lost. */
final class TroubledSqlite implements Database {

    private static final int DEFAULT_LIMIT = 1_073_741_823;

    private final Database file;
    private final AtomicInteger lostAnswers = new AtomicInteger();
    private volatile boolean limited;
    private volatile boolean full;

    TroubledSqlite(Path file) {
        this.file = SqliteDatabase.of(file, "limited");
    }

    boolean wasFull() {
        return full;
    }

    void limit(boolean on) {
        limited = on;
    }

    /** Lets the next commits fail after they were carried out. */
    void loseAnswers(int count) {
        lostAnswers.set(count);
    }

    /** {@return how many answers are still to be lost} */
    int answersToLose() {
        return Math.max(0, lostAnswers.get());
    }

    @Override
    public String name() {
        return file.name();
    }

    @Override
    public String scripts() {
        return file.scripts();
    }

    @Override
    public String schemaQuery() {
        return file.schemaQuery();
    }

    @Override
    public String eventsQuery() {
        return file.eventsQuery();
    }

    @Override
    public String eventsKey() {
        return file.eventsKey();
    }

    @Override
    public String valuesAggregate() {
        return file.valuesAggregate();
    }

    @Override
    public int maxBatch() {
        return file.maxBatch();
    }

    @Override
    public Connection open() throws SQLException {
        return file.open();
    }

    @Override
    public Connection reopen() throws SQLException {
        return file.reopen();
    }

    @Override
    public Connection openReader() throws SQLException {
        return file.openReader();
    }

    @Override
    public String beginReading() {
        return file.beginReading();
    }

    @Override
    public BatchTransaction transaction(Connection writer) throws SQLException {
        BatchTransaction transaction = file.transaction(writer);
        return new BatchTransaction() {
            @Override
            public boolean begin(long batch) throws SQLException {
                try (Statement statement = writer.createStatement()) {
                    statement.execute("PRAGMA max_page_count = " + (limited ? 1 : DEFAULT_LIMIT));
                }
                return transaction.begin(batch);
            }

            @Override
            public Map<String, FlowScriptException> write(List<Change> changes) throws SQLException {
                return transaction.write(changes);
            }

            @Override
            public void commit() throws SQLException {
                transaction.commit();
                if (lostAnswers.getAndDecrement() > 0) {
                    throw new SQLException("the answer is lost", "08006", SQLiteErrorCode.SQLITE_IOERR.code);
                }
            }

            @Override
            public void rollback() throws SQLException {
                transaction.rollback();
            }

            @Override
            public void close() throws SQLException {
                transaction.close();
            }
        };
    }

    @Override
    public void release(Connection writer) {
        file.release(writer);
    }

    @Override
    public boolean isUnavailable(SQLException failure) {
        full |= (failure.getErrorCode() & 0xff) == SQLiteErrorCode.SQLITE_FULL.code;
        return file.isUnavailable(failure);
    }

    @Override
    public void close() {
        file.close();
    }
}
