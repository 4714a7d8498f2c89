package io.flowscript.store.jdbc;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.function.LongFunction;

/**
 * Encrypts with the newest key what is encrypted with another one. A row is changed only if it is still what was read, so the
 * writer can go on meanwhile: what it writes has the newest key already.
 */
final class Reencryption {

    /** How many rows are changed in one transaction, so that the writer need not wait long. */
    private static final int ROWS = 64;

    /** The rows whose bytes begin neither as JSON nor with the newest key. */
    private static final String OTHER_KEYS = " WHERE substr(%1$s, 1, ?) <> ? AND substr(%1$s, 1, ?) <> ?";

    private final Database database;
    private final Envelope envelope;

    Reencryption(Database database, Envelope envelope) {
        this.database = database;
        this.envelope = envelope;
    }

    /**
     * A column with encrypted bytes.
     *
     * @param execution the column with the number of the execution
     * @param key the column that names the row among those of the execution
     * @param name the column with the bytes
     * @param first the number that a place is made from
     */
    private record Column(
            String table, String execution, String key, String name, String first, LongFunction<String> place) {

        String select() {
            return "SELECT e.id, v." + execution + ", v." + key + ", v." + name + ", " + first + " FROM " + table
                    + " AS v JOIN flowscript_execution AS e ON e.number = v." + execution
                    + OTHER_KEYS.formatted("v." + name);
        }

        String update() {
            return "UPDATE " + table + " SET " + name + " = ? WHERE " + execution + " = ? AND " + key + " = ? AND "
                    + name + " = ?";
        }
    }

    /** {@return how many rows were encrypted again} */
    long run() throws SQLException {
        List<Column> columns = List.of(
                new Column("flowscript_execution", "number", "id", "snapshot", "0", first -> Envelope.SNAPSHOT),
                new Column("flowscript_value", "execution", "name", "value", "0", first -> Envelope.VALUE),
                new Column(
                        "flowscript_events",
                        "execution",
                        database.eventsKey(),
                        "events",
                        "v.first_seq",
                        Envelope::events));
        try (Connection reader = database.openWorker();
                Connection writer = database.openWorker()) {
            // Without a transaction, the driver of PostgreSQL reads all rows before the first one is returned.
            reader.setAutoCommit(false);
            writer.setAutoCommit(false);
            try {
                long rows = 0;
                for (Column column : columns) {
                    rows += run(column, reader, writer);
                }
                return rows;
            } finally {
                writer.rollback();
                writer.setAutoCommit(true);
                reader.rollback();
                reader.setAutoCommit(true);
            }
        }
    }

    private long run(Column column, Connection reader, Connection writer) throws SQLException {
        long changed = 0;
        int unwritten = 0;
        try (PreparedStatement select = reader.prepareStatement(column.select());
                PreparedStatement update = writer.prepareStatement(column.update())) {
            select.setFetchSize(ROWS);
            int parameter = 0;
            for (byte[] beginning : envelope.beginnings()) {
                select.setInt(++parameter, beginning.length);
                select.setBytes(++parameter, beginning);
            }
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    String executionId = row.getString(1);
                    byte[] stored = row.getBytes(4);
                    if (!Envelope.isEncrypted(stored)) {
                        continue; // it is damaged, which reading reports
                    }
                    String place = column.place().apply(row.getLong(5));
                    update.setBytes(
                            1, envelope.encrypt(envelope.decrypt(stored, executionId, place), executionId, place));
                    update.setLong(2, row.getLong(2));
                    update.setObject(3, row.getObject(3));
                    update.setBytes(4, stored);
                    changed += update.executeUpdate();
                    if (++unwritten == ROWS) {
                        writer.commit();
                        unwritten = 0;
                    }
                }
            }
            writer.commit();
        }
        return changed;
    }
}
