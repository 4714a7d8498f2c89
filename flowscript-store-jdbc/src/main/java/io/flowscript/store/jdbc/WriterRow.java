package io.flowscript.store.jdbc;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/**
 * The row of a store in {@code flowscript_writer}, which is the only one unless the database is shared. Every transaction
 * changes it first. So it waits for the end of an earlier transaction whose connection was lost, and then sees whether that one
 * has written the batch. It also sees when another store has become the owner.
 */
final class WriterRow {

    private final String database;
    private final String owner;

    /**
     * Creates a view of the row.
     *
     * @param database what the database is called in messages
     * @param owner the name of this store, which no other one has
     */
    WriterRow(String database, String owner) {
        this.database = database;
        this.owner = owner;
    }

    /** {@return the name of this store} */
    String owner() {
        return owner;
    }

    /** Makes this store the only owner. */
    void claim(Connection connection) throws SQLException {
        try (Statement others = connection.createStatement()) {
            others.executeUpdate("DELETE FROM flowscript_writer");
        }
        join(connection);
    }

    /** Makes this store one of the owners. */
    void join(Connection connection) throws SQLException {
        insert(connection, 0);
    }

    private void insert(Connection connection, long batch) throws SQLException {
        try (PreparedStatement insert =
                connection.prepareStatement("INSERT INTO flowscript_writer (owner, batch) VALUES (?, ?)")) {
            insert.setString(1, owner);
            insert.setLong(2, batch);
            insert.executeUpdate();
        }
    }

    /** Throws when this store is not the owner any more. */
    void check(Connection connection) throws SQLException {
        if (!isThere(connection)) {
            throw StoreErrors.failed("Another store has taken over " + database + "; this one writes no more");
        }
    }

    private boolean isThere(Connection connection) throws SQLException {
        try (PreparedStatement select =
                connection.prepareStatement("SELECT 1 FROM flowscript_writer WHERE owner = ?")) {
            select.setString(1, owner);
            try (ResultSet row = select.executeQuery()) {
                return row.next();
            }
        }
    }

    /** {@return the statement for {@link #advance}} */
    PreparedStatement prepare(Connection connection) throws SQLException {
        return connection.prepareStatement("UPDATE flowscript_writer SET batch = ? WHERE owner = ? AND batch < ?");
    }

    /**
     * Writes the number of a batch.
     *
     * @param statement from {@link #prepare}
     * @param batch the number
     * @return false when the row has this number already
     */
    boolean advance(PreparedStatement statement, long batch) throws SQLException {
        if (update(statement, batch)) {
            return true;
        }
        check(statement.getConnection());
        return false;
    }

    /**
     * Writes the number of a batch in PostgreSQL, as one of several stores. Others delete the row when this store was away for
     * long. Then there is a new one, since the fences of the shards say what this store may write.
     *
     * @param statement from {@link #prepare}
     * @param batch the number
     * @return false when the row has this number already
     */
    boolean advanceOrJoin(PreparedStatement statement, long batch) throws SQLException {
        Connection connection = statement.getConnection();
        if (update(statement, batch)) {
            return true;
        }
        if (isThere(connection)) {
            return false;
        }
        waitForLost(connection);
        if (update(statement, batch)) {
            return true;
        }
        if (isThere(connection)) {
            return false;
        }
        insert(connection, batch);
        return true;
    }

    private boolean update(PreparedStatement statement, long batch) throws SQLException {
        statement.setLong(1, batch);
        statement.setString(2, owner);
        statement.setLong(3, batch);
        return statement.executeUpdate() == 1;
    }

    /** A transaction whose connection was lost may still be about to insert the row, for which an update does not wait. */
    private void waitForLost(Connection connection) throws SQLException {
        try (PreparedStatement lock = connection.prepareStatement("SELECT pg_advisory_xact_lock("
                + "hashtextextended('flowscript_writer.' || current_schema() || '.' || ?, 0))")) {
            lock.setString(1, owner);
            lock.executeQuery().close();
        }
    }
}
