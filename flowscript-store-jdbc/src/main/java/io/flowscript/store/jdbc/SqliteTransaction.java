package io.flowscript.store.jdbc;

import io.flowscript.core.FlowScriptException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Writes to SQLite: each change with statements of its own, since a statement is a call within the process. It is the only one
 * that writes, so it knows where the rows of the last executions are, and which number the next row of events has.
 */
final class SqliteTransaction implements BatchTransaction {

    /** Of so many events of an execution, one is marked. */
    private static final int MARKED = 256;

    /** Of so many executions, the rows are known. */
    static final int KNOWN = 10_000;

    private final WriterRow row;
    private final Connection connection;
    private final Statement control;
    private final PreparedStatement advance;
    private final PreparedStatement findExecution;
    private final PreparedStatement lastEvents;
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

    /** By the ids of executions, the one that was written last at the end. */
    private final Map<String, ExecutionRow> known = new LinkedHashMap<>(16, 0.75f, true) {

        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, ExecutionRow> eldest) {
            return size() > KNOWN;
        }
    };

    /** The number of the last row of events; negative when it is not known. */
    private long eventsNumber = -1;

    /**
     * Where an execution is.
     *
     * @param number the number of its row
     * @param lastEvents the number of its last row of events; null when it has none
     */
    private record ExecutionRow(long number, @Nullable Long lastEvents) {}

    SqliteTransaction(Connection connection, WriterRow row) throws SQLException {
        this.row = row;
        this.connection = connection;
        control = connection.createStatement();
        advance = row.prepare(connection);
        findExecution =
                connection.prepareStatement("SELECT number, last_events FROM flowscript_execution WHERE id = ?");
        lastEvents = connection.prepareStatement("SELECT coalesce(max(number), 0) FROM flowscript_events");
        insertDefinition = connection.prepareStatement(
                "INSERT INTO flowscript_definition (hash, document) VALUES (?, ?) ON CONFLICT DO NOTHING");
        insertExecution = connection.prepareStatement("INSERT INTO flowscript_execution"
                + " (id, workflow_id, definition_hash, status, epoch, last_seq, snapshot, apart, started, bytes, last_events)"
                + " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO NOTHING");
        insertEvents = connection.prepareStatement("INSERT INTO flowscript_events"
                + " (number, execution, previous, first_seq, last_seq, events) VALUES (?, ?, ?, ?, ?, ?)");
        insertMark = connection.prepareStatement(
                "INSERT INTO flowscript_events_mark (number, execution, last_seq) VALUES (?, ?, ?)");
        updateHead = connection.prepareStatement("UPDATE flowscript_execution SET"
                + " status = ?, epoch = ?, snapshot = ?, apart = ?, bytes = bytes + ? WHERE number = ?");
        updateEvents = connection.prepareStatement("UPDATE flowscript_execution SET"
                + " bytes = bytes + ?, last_seq = ?, last_events = ? WHERE number = ? AND last_seq = ?");
        updateBoth = connection.prepareStatement("UPDATE flowscript_execution SET"
                + " status = ?, epoch = ?, snapshot = ?, apart = ?, bytes = bytes + ?, last_seq = ?, last_events = ?"
                + " WHERE number = ? AND last_seq = ?");
        updateTimes = connection.prepareStatement("UPDATE flowscript_execution SET due_at = ?, ended_at = ?,"
                + " ended_bytes = CASE WHEN ? THEN bytes END WHERE number = ?");
        updateDefinition =
                connection.prepareStatement("UPDATE flowscript_execution SET definition_hash = ? WHERE number = ?");
        deleteEvents = connection.prepareStatement("DELETE FROM flowscript_events WHERE number IN ("
                + "WITH RECURSIVE chain (number) AS (SELECT ?"
                + " UNION ALL SELECT e.previous FROM chain CROSS JOIN flowscript_events AS e USING (number)"
                + " WHERE e.previous < e.number)"
                + " SELECT number FROM chain)");
        deleteMarks = connection.prepareStatement("DELETE FROM flowscript_events_mark WHERE execution = ?");
        deleteExecution = connection.prepareStatement("DELETE FROM flowscript_execution WHERE number = ?");
        writeValue = connection.prepareStatement("INSERT INTO flowscript_value (execution, name, value)"
                + " VALUES (?, ?, ?) ON CONFLICT (execution, name) DO UPDATE SET value = excluded.value");
        deleteValue = connection.prepareStatement("DELETE FROM flowscript_value WHERE execution = ? AND name = ?");
        deleteValues = connection.prepareStatement("DELETE FROM flowscript_value WHERE execution = ?");
        writeInteraction = connection.prepareStatement("INSERT INTO flowscript_interaction"
                + " (key, requested, tie, execution, deadline, status, unseen) VALUES (?, ?, ?, ?, ?, ?, ?)"
                + " ON CONFLICT (key, requested, tie, execution)"
                + " DO UPDATE SET deadline = excluded.deadline, status = excluded.status, unseen = excluded.unseen");
        deleteInteraction = connection.prepareStatement("DELETE FROM flowscript_interaction"
                + " WHERE key = ? AND requested = ? AND tie = ? AND execution = ?");
        deleteInteractions = connection.prepareStatement("DELETE FROM flowscript_interaction WHERE execution = ?");
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
        Change.Events events = start.events();
        Long eventsRow = events == null ? null : nextEventsNumber();
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
        insertExecution.setObject(11, eventsRow);
        if (insertExecution.executeUpdate() == 0) {
            return false;
        }
        document(start.definition());
        ExecutionRow written = Objects.requireNonNull(find(start.executionId()), "the row that was inserted");
        if (events != null && eventsRow != null) {
            insertEvents(events, eventsRow, written.number(), null);
        }
        values(written.number(), start.head().values());
        interactions(written.number(), start.head().interactions());
        times(written.number(), start.head().times());
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
        ExecutionRow at = find(step.executionId());
        if (at == null || !headAndEvents(step, at)) {
            return false;
        }
        Change.Definition definition = step.definition();
        if (definition != null) {
            document(definition);
            updateDefinition.setString(1, definition.hash());
            updateDefinition.setLong(2, at.number());
            updateDefinition.executeUpdate();
        }
        return true;
    }

    private boolean headAndEvents(Change.Step step, ExecutionRow at) throws SQLException {
        Change.Head head = step.head();
        Change.Events events = step.events();
        if (events != null) {
            long number = nextEventsNumber();
            PreparedStatement update = head == null ? updateEvents : updateBoth;
            int next = head == null ? 1 : head(update, head);
            update.setLong(next++, step.bytes());
            update.setLong(next++, events.lastSeq());
            update.setLong(next++, number);
            update.setLong(next++, at.number());
            update.setLong(next, events.firstSeq() - 1);
            if (update.executeUpdate() == 0) {
                return false;
            }
            insertEvents(events, number, at.number(), at.lastEvents());
            known.put(step.executionId(), new ExecutionRow(at.number(), number));
        } else if (head != null) {
            int next = head(updateHead, head);
            updateHead.setLong(next++, step.bytes());
            updateHead.setLong(next, at.number());
            updateHead.executeUpdate();
        }
        if (head != null) {
            values(at.number(), head.values());
            interactions(at.number(), head.interactions());
            times(at.number(), head.times());
        }
        return true;
    }

    /** Sets the first parameters of a statement that writes a snapshot. {@return the next parameter} */
    private static int head(PreparedStatement update, Change.Head head) throws SQLException {
        update.setString(1, head.status());
        update.setString(2, head.epoch());
        update.setBytes(3, head.snapshot());
        update.setInt(4, head.apart());
        return 5;
    }

    /** SQLite writes an index anew for each column that a statement sets, so this is a statement of its own. */
    private void times(long execution, Change.@Nullable Times times) throws SQLException {
        if (times != null) {
            updateTimes.setObject(1, times.dueAt());
            updateTimes.setObject(2, times.endedAt());
            updateTimes.setBoolean(3, times.endedAt() != null);
            updateTimes.setLong(4, execution);
            updateTimes.executeUpdate();
        }
    }

    private void values(long execution, Change.Values values) throws SQLException {
        if (values.anew()) {
            delete(deleteValues, execution);
        }
        for (byte[] name : values.deleted()) {
            deleteValue.setLong(1, execution);
            deleteValue.setBytes(2, name);
            deleteValue.executeUpdate();
        }
        for (Change.Value value : values.written()) {
            writeValue.setLong(1, execution);
            writeValue.setBytes(2, value.name());
            writeValue.setBytes(3, value.bytes());
            writeValue.executeUpdate();
        }
    }

    private void interactions(long execution, InteractionRows rows) throws SQLException {
        for (InteractionRows.Row.Key key : rows.deleted()) {
            key(deleteInteraction, key, execution);
            deleteInteraction.executeUpdate();
        }
        for (InteractionRows.Row row : rows.written()) {
            key(writeInteraction, row.key(), execution);
            writeInteraction.setLong(5, row.deadline());
            writeInteraction.setInt(6, row.status());
            writeInteraction.setInt(7, row.unseen() ? 1 : 0);
            writeInteraction.executeUpdate();
        }
    }

    private static void key(PreparedStatement statement, InteractionRows.Row.Key key, long execution)
            throws SQLException {
        statement.setLong(1, key.key());
        statement.setLong(2, key.requested());
        statement.setLong(3, key.tieBreak());
        statement.setLong(4, execution);
    }

    private void insertEvents(Change.Events events, long number, long execution, @Nullable Long previous)
            throws SQLException {
        insertEvents.setLong(1, number);
        insertEvents.setLong(2, execution);
        insertEvents.setObject(3, previous);
        insertEvents.setLong(4, events.firstSeq());
        insertEvents.setLong(5, events.lastSeq());
        insertEvents.setBytes(6, events.bytes());
        insertEvents.executeUpdate();
        if (events.lastSeq() / MARKED > (events.firstSeq() - 1) / MARKED) {
            insertMark.setLong(1, number);
            insertMark.setLong(2, execution);
            insertMark.setLong(3, events.lastSeq());
            insertMark.executeUpdate();
        }
    }

    private void remove(String executionId) throws SQLException {
        ExecutionRow at = find(executionId);
        if (at == null) {
            return;
        }
        known.remove(executionId);
        deleteEvents.setObject(1, at.lastEvents());
        deleteEvents.executeUpdate();
        for (PreparedStatement delete : List.of(deleteMarks, deleteValues, deleteInteractions, deleteExecution)) {
            delete(delete, at.number());
        }
    }

    private static void delete(PreparedStatement statement, long execution) throws SQLException {
        statement.setLong(1, execution);
        statement.executeUpdate();
    }

    /** {@return where an execution is; null when it is not there} */
    private @Nullable ExecutionRow find(String executionId) throws SQLException {
        ExecutionRow found = known.get(executionId);
        if (found == null) {
            findExecution.setString(1, executionId);
            try (ResultSet rows = findExecution.executeQuery()) {
                if (rows.next()) {
                    long number = rows.getLong(1);
                    long events = rows.getLong(2);
                    found = new ExecutionRow(number, rows.wasNull() ? null : (Long) events);
                    known.put(executionId, found);
                }
            }
        }
        return found;
    }

    private long nextEventsNumber() throws SQLException {
        if (eventsNumber < 0) {
            try (ResultSet rows = lastEvents.executeQuery()) {
                rows.next();
                eventsNumber = rows.getLong(1);
            }
        }
        return ++eventsNumber;
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
                findExecution,
                lastEvents,
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
