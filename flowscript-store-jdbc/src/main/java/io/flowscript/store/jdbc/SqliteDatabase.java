package io.flowscript.store.jdbc;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Set;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteConfig.JournalMode;
import org.sqlite.SQLiteConfig.SynchronousMode;
import org.sqlite.SQLiteErrorCode;

/** A file of SQLite: a write-ahead log that is synchronised with the disk at each commit, and a lock file beside it. */
final class SqliteDatabase implements Database {

    private static final int BUSY_MILLIS = 5_000;

    /** The pages of the log after which SQLite copies them into the file: 16 MiB. */
    private static final int CHECKPOINT_PAGES = 4_000;

    /** The memory of the connection that writes for pages that were read or written before, in KiB. */
    private static final int CACHE_KIB = 16 << 10;

    /** Primary result codes that tell of the surroundings, not of the data. */
    private static final Set<Integer> UNAVAILABLE = Set.of(
            SQLiteErrorCode.SQLITE_BUSY.code,
            SQLiteErrorCode.SQLITE_LOCKED.code,
            SQLiteErrorCode.SQLITE_NOMEM.code,
            SQLiteErrorCode.SQLITE_READONLY.code,
            SQLiteErrorCode.SQLITE_IOERR.code,
            SQLiteErrorCode.SQLITE_FULL.code,
            SQLiteErrorCode.SQLITE_CANTOPEN.code,
            SQLiteErrorCode.SQLITE_PROTOCOL.code);

    private final Path file;
    private final LockFile lock;
    private final WriterRow row;

    private SqliteDatabase(Path file, LockFile lock, String owner) {
        this.file = file;
        this.lock = lock;
        this.row = new WriterRow(name(), owner);
    }

    /**
     * Locks a file.
     *
     * @param file the file; it and its parent directory are created when they do not exist
     * @param owner the name of this store, which no other one has
     * @return the database
     * @throws io.flowscript.core.FlowScriptException with code {@code store_in_use} or {@code store_failed}
     */
    static SqliteDatabase of(Path file, String owner) {
        if (file.getFileName() == null || file.toString().contains("?")) {
            throw StoreErrors.failed("A store cannot be in " + file + "; name a file, without a question mark");
        }
        try {
            Path real = real(file.toAbsolutePath());
            return new SqliteDatabase(
                    real, LockFile.lock(real.resolveSibling(real.getFileName() + ".lock"), "The file " + real), owner);
        } catch (IOException e) {
            throw StoreErrors.failed("The directory of " + file + " cannot be created", e);
        }
    }

    private static Path real(Path file) throws IOException {
        if (Files.exists(file)) {
            return file.toRealPath();
        }
        Path directory = file.getParent();
        if (directory == null) {
            return file;
        }
        Files.createDirectories(directory);
        return directory.toRealPath().resolve(file.getFileName());
    }

    @Override
    public String name() {
        return "The file " + file;
    }

    @Override
    public String scripts() {
        return "sqlite";
    }

    @Override
    public String schemaQuery() {
        return "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'flowscript_schema'";
    }

    /** Follows the rows from the last one backwards, so also a damaged table has an end. */
    @Override
    public String eventsQuery() {
        return "WITH RECURSIVE wanted (after, upto, execution) AS (SELECT ?, ?, ?), chain (number) AS ("
                + "SELECT coalesce((SELECT m.number FROM flowscript_events_mark AS m WHERE m.execution = wanted.execution"
                + " AND m.last_seq >= wanted.upto ORDER BY m.last_seq LIMIT 1), x.last_events)"
                + " FROM wanted CROSS JOIN flowscript_execution AS x ON x.number = wanted.execution"
                + " UNION ALL SELECT e.previous FROM chain CROSS JOIN flowscript_events AS e USING (number), wanted"
                + " WHERE e.first_seq > wanted.after + 1 AND e.previous < e.number)"
                + " SELECT e.events, e.first_seq FROM chain CROSS JOIN flowscript_events AS e USING (number), wanted"
                + " WHERE e.last_seq > wanted.after AND e.first_seq <= wanted.upto ORDER BY e.first_seq";
    }

    @Override
    public String eventsKey() {
        return "number";
    }

    /** The values are ASCII, so they are the same as text. */
    @Override
    public String valuesAggregate() {
        return "CAST(group_concat(CAST(v.value AS TEXT), char(10)) AS BLOB)";
    }

    @Override
    public int maxBatch() {
        return 256;
    }

    @Override
    public Connection open() throws SQLException {
        Connection connection = reopen();
        try (Statement statement = connection.createStatement()) {
            statement.execute("BEGIN IMMEDIATE");
            new Schema(this).migrate(connection);
            row.claim(connection);
            statement.execute("COMMIT");
            return connection;
        } catch (SQLException | RuntimeException e) {
            release(connection);
            throw e;
        }
    }

    @Override
    public Connection reopen() throws SQLException {
        SQLiteConfig config = new SQLiteConfig();
        config.setJournalMode(JournalMode.WAL);
        config.setSynchronous(SynchronousMode.FULL);
        // The driver would read the number of the last row after each statement, though nobody asks for it.
        config.setGetGeneratedKeys(false);
        config.setBusyTimeout(BUSY_MILLIS);
        Connection connection = config.createConnection(url());
        try (Statement statement = connection.createStatement()) {
            statement.execute("PRAGMA wal_autocheckpoint = " + CHECKPOINT_PAGES);
            statement.execute("PRAGMA cache_size = -" + CACHE_KIB);
            return connection;
        } catch (SQLException | RuntimeException e) {
            release(connection);
            throw e;
        }
    }

    @Override
    public Connection openReader() throws SQLException {
        SQLiteConfig config = new SQLiteConfig();
        config.setBusyTimeout(BUSY_MILLIS);
        return config.createConnection(url());
    }

    @Override
    public String beginReading() {
        return "BEGIN";
    }

    private String url() {
        return "jdbc:sqlite:" + file;
    }

    @Override
    public BatchTransaction transaction(Connection writer) throws SQLException {
        return new SqliteTransaction(writer, row);
    }

    @Override
    public void release(Connection writer) {
        try {
            writer.close();
        } catch (SQLException e) {
            // Nothing is lost: what was committed is in the log.
        }
    }

    @Override
    public boolean isUnavailable(SQLException failure) {
        return UNAVAILABLE.contains(failure.getErrorCode() & 0xff);
    }

    @Override
    public void close() {
        lock.close();
    }
}
