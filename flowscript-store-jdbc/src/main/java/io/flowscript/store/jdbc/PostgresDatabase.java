package io.flowscript.store.jdbc;

import io.flowscript.core.FlowScriptException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLNonTransientException;
import java.sql.SQLTransientException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * PostgreSQL. The session of the writer holds an advisory lock. The server may take a while to notice that a lost session is
 * gone, so a new session ends the old one first.
 */
final class PostgresDatabase implements Database {

    /** Opens connections: a data source, or a pool. */
    @FunctionalInterface
    interface Connections {

        /** {@return a new connection, or one of a pool} */
        Connection open() throws SQLException;

        /** Ends what belongs to the store. The data source of an application does not. */
        default void close() {}
    }

    private static final int OLDEST = 13;

    /** How long the lock is waited for, since the session of a process that was just killed may still be ending. */
    private static final String LOCK_TIMEOUT = "SET LOCAL lock_timeout = '2s'";

    private static final String KEY = "hashtextextended('flowscript_store.' || current_schema(), 0)";
    private static final String SCHEMA_KEY = "hashtextextended('flowscript_schema.' || current_schema(), 0)";
    private static final String LOCK_NOT_AVAILABLE = "55P03";

    /** With what the name of a store begins in its row when it has the database alone. */
    private static final String ALONE = "alone ";

    /** Classes and codes of SQL states that tell of the server, not of the data. */
    private static final Set<String> UNAVAILABLE_CLASSES = Set.of("08", "53", "57", "58");

    private static final Set<String> UNAVAILABLE = Set.of(
            "25006", // the server is a standby
            "25P03", // the transaction was idle for too long
            "40001",
            "40P01", // a deadlock
            LOCK_NOT_AVAILABLE);

    private final Connections connections;
    private final String name;
    private final WriterRow row;

    /** The session of the writer: its process and when that began. Null before the first one. */
    private @Nullable Session session;

    /** For how long the database may wait for a transaction to go on; null when this store has the database alone. */
    private final @Nullable Duration lease;

    private PostgresDatabase(Connections connections, String name, String owner, @Nullable Duration lease) {
        this.connections = connections;
        this.lease = lease;
        this.name = name;
        this.row = new WriterRow(name, lease == null ? ALONE + owner : owner);
    }

    private record Session(int process, String startedAt) {}

    /**
     * Looks what a database is.
     *
     * @param connections opens connections
     * @param owner the name of this store, which no other one has
     * @param lease how long a store that shares the database keeps its shards; null when it has the database alone
     * @return the database
     * @throws FlowScriptException with code {@code store_failed} when it cannot be reached or is no PostgreSQL 13 or later
     */
    static PostgresDatabase of(Connections connections, String owner, @Nullable Duration lease) {
        try (Connection connection = connections.open()) {
            String product = connection.getMetaData().getDatabaseProductName();
            int version = connection.getMetaData().getDatabaseMajorVersion();
            if (!product.equals("PostgreSQL") || version < OLDEST) {
                throw StoreErrors.failed("The database is " + product + " " + version + "; a store needs PostgreSQL "
                        + OLDEST + " or later, or a file for SQLite");
            }
            return new PostgresDatabase(connections, "PostgreSQL database " + connection.getCatalog(), owner, lease);
        } catch (SQLException e) {
            throw StoreErrors.failed("The database cannot be reached", e);
        }
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public String scripts() {
        return "postgresql";
    }

    @Override
    public String schemaQuery() {
        return "SELECT 1 WHERE to_regclass('flowscript_schema') IS NOT NULL";
    }

    @Override
    public String eventsQuery() {
        // The row with the first event that is wanted may begin before it.
        return "WITH wanted (after, upto, execution) AS (SELECT ?::bigint, ?::bigint, ?::bigint)"
                + " SELECT e.events, e.first_seq FROM wanted JOIN flowscript_events AS e USING (execution)"
                + " WHERE e.first_seq <= wanted.upto AND e.first_seq >= coalesce((SELECT max(b.first_seq)"
                + " FROM flowscript_events AS b WHERE b.execution = wanted.execution AND b.first_seq <= wanted.after + 1), 0)"
                + " ORDER BY e.first_seq";
    }

    @Override
    public String eventsKey() {
        return "first_seq";
    }

    @Override
    public String valuesAggregate() {
        return "string_agg(v.value, decode('0a', 'hex'))";
    }

    @Override
    public int maxBatch() {
        return 1_024;
    }

    @Override
    public Connection open() throws SQLException {
        Connection connection = connections.open();
        try (Statement statement = connection.createStatement()) {
            prepare(connection);
            lock(statement);
            statement.execute("SELECT pg_advisory_xact_lock(" + SCHEMA_KEY + ")");
            new Schema(this).migrate(connection);
            if (lease == null) {
                row.claim(connection);
            } else {
                succeedOneAlone(statement);
                row.join(connection);
            }
            session = session(statement);
            connection.commit();
            return connection;
        } catch (SQLException e) {
            release(connection);
            if (LOCK_NOT_AVAILABLE.equals(e.getSQLState())) {
                throw StoreErrors.inUse(name);
            }
            throw e;
        } catch (RuntimeException e) {
            release(connection);
            throw e;
        }
    }

    @Override
    public Connection reopen() throws SQLException {
        Connection connection = connections.open();
        try (Statement statement = connection.createStatement()) {
            prepare(connection);
            if (lease == null) {
                row.check(connection);
            }
            endSession(connection);
            lock(statement);
            if (lease != null) {
                succeedOneAlone(statement);
            }
            session = session(statement);
            connection.commit();
            return connection;
        } catch (SQLException | RuntimeException e) {
            release(connection);
            throw e;
        }
    }

    private static void prepare(Connection connection) throws SQLException {
        connection.setAutoCommit(false);
        connection.setTransactionIsolation(Connection.TRANSACTION_READ_COMMITTED);
        NetworkTimeout.set(connection);
    }

    /** A store that has the database alone keeps all others away, and those that share it keep that one away. */
    private void lock(Statement statement) throws SQLException {
        statement.execute(LOCK_TIMEOUT);
        if (lease == null) {
            statement.execute("SELECT pg_advisory_lock(" + KEY + ")");
        } else {
            statement.execute("SELECT pg_advisory_lock_shared(" + KEY + ")");
            // A process that is stopped in the middle of a transaction must not keep its shards locked.
            statement.execute("SET idle_in_transaction_session_timeout = " + lease.toMillis());
        }
    }

    /**
     * A store that has had the database alone has changed executions without the fences of their shards. So nobody writes with a
     * fence that is from before its end. It is over, since it and this store keep each other away.
     */
    private static void succeedOneAlone(Statement statement) throws SQLException {
        statement.executeUpdate("WITH alone AS (DELETE FROM flowscript_writer WHERE owner LIKE '" + ALONE
                + "%' RETURNING 1)" + " UPDATE flowscript_shard SET owner = NULL WHERE EXISTS (SELECT 1 FROM alone)");
    }

    private static Session session(Statement statement) throws SQLException {
        try (ResultSet own = statement.executeQuery(
                "SELECT pid, backend_start::text FROM pg_stat_activity WHERE pid = pg_backend_pid()")) {
            own.next();
            return new Session(own.getInt(1), own.getString(2));
        }
    }

    /** Ends the lost session of this store, if the server still has it. */
    private void endSession(Connection connection) throws SQLException {
        Session lost = session;
        if (lost == null) {
            return;
        }
        try (PreparedStatement end =
                connection.prepareStatement("SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                        + " WHERE pid = ? AND backend_start::text = ? AND pid <> pg_backend_pid()")) {
            end.setInt(1, lost.process());
            end.setString(2, lost.startedAt());
            end.execute();
        }
    }

    @Override
    public Connection openReader() throws SQLException {
        Connection connection = openWorker();
        try {
            NetworkTimeout.set(connection);
            return connection;
        } catch (SQLException e) {
            connection.close();
            throw e;
        }
    }

    @Override
    public void releaseReader(Connection reader) throws SQLException {
        try (reader) {
            NetworkTimeout.reset(reader);
        }
    }

    @Override
    public Connection openWorker() throws SQLException {
        Connection connection = connections.open();
        connection.setAutoCommit(true);
        return connection;
    }

    /** Without statistics of the tables, the planner would sort all rows of a key to get the first ones, which an index has in order. */
    @Override
    public String beginReading() {
        return "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; SET LOCAL enable_sort = off;"
                + " SET LOCAL enable_incremental_sort = off";
    }

    @Override
    public BatchTransaction transaction(Connection writer) throws SQLException {
        return new PostgresTransaction(writer, row, lease == null ? null : new SharedWrites(writer, row.owner()));
    }

    /** The connection may go back to a pool, so the lock is given up. A broken connection is aborted, and the pool drops it. */
    @Override
    public void release(Connection writer) {
        try (writer) {
            try (Statement statement = writer.createStatement()) {
                writer.rollback();
                if (lease != null) {
                    statement.execute("RESET idle_in_transaction_session_timeout");
                }
                statement.execute(
                        lease == null
                                ? "SELECT pg_advisory_unlock(" + KEY + ")"
                                : "SELECT pg_advisory_unlock_shared(" + KEY + ")");
                writer.commit();
                writer.setAutoCommit(true);
                NetworkTimeout.reset(writer);
            } catch (SQLException e) {
                writer.abort(Runnable::run);
            }
        } catch (SQLException e) {
            // It is lost already.
        }
    }

    @Override
    public boolean isUnavailable(SQLException failure) {
        String state = failure.getSQLState();
        if (state == null || state.length() != 5) {
            return failure instanceof SQLTransientException || !(failure instanceof SQLNonTransientException);
        }
        return UNAVAILABLE_CLASSES.contains(state.substring(0, 2)) || UNAVAILABLE.contains(state);
    }

    @Override
    public void close() {
        // The lock has ended with the session of the writer. A store that shares the database still gives its shards
        // back.
        if (lease == null) {
            connections.close();
        }
    }
}
