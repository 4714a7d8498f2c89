package io.flowscript.store.jdbc;

import io.flowscript.core.FlowScriptException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Writes to SQLite: each change with statements of its own, since a statement is a call within the process. */
final class SqliteTransaction implements BatchTransaction {

    /** Of so many events of an execution, one is marked. */
    private static final int MARKED = 256;

    private final WriterRow row;
    private final Connection connection;
    private final Statement control;
    private final PreparedStatement advance;
    private final PreparedStatement insertDefinition;
    private final PreparedStatement insertExecution;
    private final PreparedStatement insertEvents;
    private final PreparedStatement insertMark;
    private final PreparedStatement updateHead;
    private final PreparedStatement updateEvents;
    private final PreparedStatement updateBoth;
    private final PreparedStatement updateTimes;
    private final PreparedStatement updateDefinition;
    private final PreparedStatement deleteEvents;
    private final PreparedStatement deleteMarks;
    private final PreparedStatement deleteExecution;
    private final PreparedStatement writeValue;
    private final PreparedStatement deleteValue;
    private final PreparedStatement deleteValues;
    private final PreparedStatement writeInteraction;
    private final PreparedStatement deleteInteraction;
    private final PreparedStatement deleteInteractions;

    SqliteTransaction(Connection connection, WriterRow row) throws SQLException {
        this.row = row;
        this.connection = connection;
        control = connection.createStatement();
        advance = row.prepare(connection);
        insertDefinition = connection.prepareStatement(
                "INSERT INTO flowscript_definition (hash, document) VALUES (?, ?) ON CONFLICT DO NOTHING");
        insertExecution = connection.prepareStatement("INSERT INTO flowscript_execution"
                + " (id, workflow_id, definition_hash, status, epoch, last_seq, snapshot, apart, started, bytes)"
                + " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO NOTHING");
        insertEvents = connection.prepareStatement("INSERT INTO flowscript_events"
                + " (execution, previous, first_seq, last_seq, events)"
                + " SELECT number, last_events, ?, ?, ? FROM flowscript_execution WHERE id = ? AND last_seq = ?");
        insertMark = connection.prepareStatement("INSERT INTO flowscript_events_mark (execution, last_seq, number)"
                + " SELECT execution, last_seq, number FROM flowscript_events WHERE number = last_insert_rowid()");
        updateHead = connection.prepareStatement(
                "UPDATE flowscript_execution SET status = ?, epoch = ?, snapshot = ?, apart = ?, bytes = bytes + ? WHERE id = ?");
        updateEvents = connection.prepareStatement(
                "UPDATE flowscript_execution SET last_seq = ?, last_events = last_insert_rowid(), bytes = bytes + ?"
                        + " WHERE id = ?");
        updateBoth = connection.prepareStatement("UPDATE flowscript_execution SET status = ?, epoch = ?, snapshot = ?,"
                + " apart = ?, bytes = bytes + ?, last_seq = ?, last_events = last_insert_rowid() WHERE id = ?");
        updateTimes = connection.prepareStatement("UPDATE flowscript_execution SET due_at = ?, ended_at = ?,"
                + " ended_bytes = CASE WHEN ? THEN bytes END WHERE id = ?");
        updateDefinition =
                connection.prepareStatement("UPDATE flowscript_execution SET definition_hash = ? WHERE id = ?");
        deleteEvents = connection.prepareStatement("DELETE FROM flowscript_events WHERE number IN ("
                + "WITH RECURSIVE chain (number) AS (SELECT last_events FROM flowscript_execution WHERE id = ?"
                + " UNION ALL SELECT e.previous FROM chain CROSS JOIN flowscript_events AS e USING (number))"
                + " SELECT number FROM chain)");
        deleteMarks = connection.prepareStatement("DELETE FROM flowscript_events_mark"
                + " WHERE execution = (SELECT number FROM flowscript_execution WHERE id = ?)");
        deleteExecution = connection.prepareStatement("DELETE FROM flowscript_execution WHERE id = ?");
        writeValue = connection.prepareStatement("INSERT INTO flowscript_value (value, execution, name)"
                + " SELECT ?, number, ? FROM flowscript_execution WHERE id = ?"
                + " ON CONFLICT (execution, name) DO UPDATE SET value = excluded.value");
        deleteValue = connection.prepareStatement("DELETE FROM flowscript_value"
                + " WHERE execution = (SELECT number FROM flowscript_execution WHERE id = ?) AND name = ?");
        deleteValues = connection.prepareStatement("DELETE FROM flowscript_value"
                + " WHERE execution = (SELECT number FROM flowscript_execution WHERE id = ?)");
        writeInteraction = connection.prepareStatement("INSERT INTO flowscript_interaction"
                + " (key, requested, tie, deadline, status, unseen, execution)"
                + " SELECT ?, ?, ?, ?, ?, ?, number FROM flowscript_execution WHERE id = ?"
                + " ON CONFLICT (key, requested, tie, execution)"
                + " DO UPDATE SET deadline = excluded.deadline, status = excluded.status, unseen = excluded.unseen");
        deleteInteraction = connection.prepareStatement("DELETE FROM flowscript_interaction"
                + " WHERE key = ? AND requested = ? AND tie = ?"
                + " AND execution = (SELECT number FROM flowscript_execution WHERE id = ?)");
        deleteInteractions = connection.prepareStatement("DELETE FROM flowscript_interaction"
                + " WHERE execution = (SELECT number FROM flowscript_execution WHERE id = ?)");
    }

    @Override
    public boolean begin(long batch) throws SQLException {
        control.execute("BEGIN IMMEDIATE");
        return row.advance(advance, batch);
    }

    @Override
    public Map<String, FlowScriptException> write(List<Change> changes) throws SQLException {
        Map<String, FlowScriptException> refused = new HashMap<>();
        for (Change change : changes) {
            FlowScriptException why = write(change);
            if (why != null) {
                refused.put(change.executionId(), why);
            }
        }
        return refused;
    }

    /** Writes a change; its first statement decides whether it is refused. */
    private @Nullable FlowScriptException write(Change change) throws SQLException {
        if (change instanceof Change.Start start) {
            return start(start) ? null : StoreErrors.exists(start.executionId());
        }
        if (change instanceof Change.Step step) {
            return step(step) ? null : StoreErrors.doesNotFollow(step);
        }
        remove(change.executionId());
        return null;
    }

    private boolean start(Change.Start start) throws SQLException {
        insertExecution.setString(1, start.executionId());
        insertExecution.setString(2, start.head().workflowId());
        insertExecution.setString(3, start.definition().hash());
        insertExecution.setString(4, start.head().status());
        insertExecution.setString(5, start.head().epoch());
        insertExecution.setLong(6, start.lastSeq());
        insertExecution.setBytes(7, start.head().snapshot());
        insertExecution.setInt(8, start.head().apart());
        insertExecution.setLong(9, start.number());
        insertExecution.setLong(10, start.bytes());
        if (insertExecution.executeUpdate() == 0) {
            return false;
        }
        document(start.definition());
        if (start.events() != null) {
            events(start.executionId(), start.events(), start.lastSeq());
            eventsWritten(start.executionId(), start.events(), 0);
        }
        values(start.executionId(), start.head().values());
        interactions(start.executionId(), start.head().interactions());
        times(start.executionId(), start.head().times());
        return true;
    }

    private void document(Change.Definition definition) throws SQLException {
        if (definition.document() != null) {
            insertDefinition.setString(1, definition.hash());
            insertDefinition.setBytes(2, definition.document());
            insertDefinition.executeUpdate();
        }
    }

    private boolean step(Change.Step step) throws SQLException {
        if (!headAndEvents(step)) {
            return false;
        }
        Change.Definition definition = step.definition();
        if (definition != null) {
            document(definition);
            updateDefinition.setString(1, definition.hash());
            updateDefinition.setString(2, step.executionId());
            updateDefinition.executeUpdate();
        }
        return true;
    }

    private boolean headAndEvents(Change.Step step) throws SQLException {
        String id = step.executionId();
        Change.Head head = step.head();
        Change.Events events = step.events();
        if (events == null) {
            return head == null || head(updateHead, head, step.bytes(), 6, id);
        }
        if (!events(id, events, events.firstSeq() - 1)) {
            return false;
        }
        if (head == null) {
            eventsWritten(id, events, step.bytes());
        } else {
            updateBoth.setLong(6, events.lastSeq());
            head(updateBoth, head, step.bytes(), 7, id);
        }
        return true;
    }

    private boolean head(PreparedStatement update, Change.Head head, long bytes, int idParameter, String id)
            throws SQLException {
        update.setString(1, head.status());
        update.setString(2, head.epoch());
        update.setBytes(3, head.snapshot());
        update.setInt(4, head.apart());
        update.setLong(5, bytes);
        update.setString(idParameter, id);
        if (update.executeUpdate() == 0) {
            return false;
        }
        values(id, head.values());
        interactions(id, head.interactions());
        times(id, head.times());
        return true;
    }

    /** SQLite writes an index anew for each column that a statement sets, so this is a statement of its own. */
    private void times(String executionId, Change.@Nullable Times times) throws SQLException {
        if (times != null) {
            updateTimes.setObject(1, times.dueAt());
            updateTimes.setObject(2, times.endedAt());
            updateTimes.setBoolean(3, times.endedAt() != null);
            updateTimes.setString(4, executionId);
            updateTimes.executeUpdate();
        }
    }

    private void values(String executionId, Change.Values values) throws SQLException {
        if (values.anew()) {
            deleteValues.setString(1, executionId);
            deleteValues.executeUpdate();
        }
        for (byte[] name : values.deleted()) {
            deleteValue.setString(1, executionId);
            deleteValue.setBytes(2, name);
            deleteValue.executeUpdate();
        }
        for (Change.Value value : values.written()) {
            writeValue.setBytes(1, value.bytes());
            writeValue.setBytes(2, value.name());
            writeValue.setString(3, executionId);
            writeValue.executeUpdate();
        }
    }

    private void interactions(String executionId, InteractionRows rows) throws SQLException {
        for (InteractionRows.Row.Key key : rows.deleted()) {
            key(deleteInteraction, key);
            deleteInteraction.setString(4, executionId);
            deleteInteraction.executeUpdate();
        }
        for (InteractionRows.Row row : rows.written()) {
            key(writeInteraction, row.key());
            writeInteraction.setLong(4, row.deadline());
            writeInteraction.setInt(5, row.status());
            writeInteraction.setInt(6, row.unseen() ? 1 : 0);
            writeInteraction.setString(7, executionId);
            writeInteraction.executeUpdate();
        }
    }

    private static void key(PreparedStatement statement, InteractionRows.Row.Key key) throws SQLException {
        statement.setLong(1, key.key());
        statement.setLong(2, key.requested());
        statement.setLong(3, key.tieBreak());
    }

    /** Notes the events that the last statement has inserted. */
    private void eventsWritten(String executionId, Change.Events events, long bytes) throws SQLException {
        updateEvents.setLong(1, events.lastSeq());
        updateEvents.setLong(2, bytes);
        updateEvents.setString(3, executionId);
        updateEvents.executeUpdate();
    }

    /** Writes events, when the last number of the execution is the one that is given. */
    private boolean events(String executionId, Change.Events events, long lastSeq) throws SQLException {
        insertEvents.setLong(1, events.firstSeq());
        insertEvents.setLong(2, events.lastSeq());
        insertEvents.setBytes(3, events.bytes());
        insertEvents.setString(4, executionId);
        insertEvents.setLong(5, lastSeq);
        if (insertEvents.executeUpdate() == 0) {
            return false;
        }
        // The table of marks has no row ids, so the row that was inserted last stays the one with the events.
        if (events.lastSeq() / MARKED > (events.firstSeq() - 1) / MARKED) {
            insertMark.executeUpdate();
        }
        return true;
    }

    private void remove(String executionId) throws SQLException {
        deleteEvents.setString(1, executionId);
        deleteEvents.executeUpdate();
        deleteMarks.setString(1, executionId);
        deleteMarks.executeUpdate();
        deleteValues.setString(1, executionId);
        deleteValues.executeUpdate();
        deleteInteractions.setString(1, executionId);
        deleteInteractions.executeUpdate();
        deleteExecution.setString(1, executionId);
        deleteExecution.executeUpdate();
    }

    @Override
    public void commit() throws SQLException {
        control.execute("COMMIT");
    }

    /** SQLite itself ends a transaction after some errors, and then there is none to roll back. */
    @Override
    public void rollback() throws SQLException {
        try {
            control.execute("ROLLBACK");
        } catch (SQLException e) {
            if (!connection.isValid(0)) {
                throw e;
            }
        }
    }

    @Override
    public void close() throws SQLException {
        for (Statement statement : List.of(
                control,
                advance,
                insertDefinition,
                insertExecution,
                insertEvents,
                insertMark,
                updateHead,
                updateEvents,
                updateBoth,
                updateTimes,
                updateDefinition,
                deleteEvents,
                deleteMarks,
                deleteExecution,
                writeValue,
                deleteValue,
                deleteValues,
                writeInteraction,
                deleteInteraction,
                deleteInteractions)) {
            statement.close();
        }
    }
}
