package io.flowscript.store.jdbc;

import io.flowscript.core.FlowScriptException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Writes to PostgreSQL: all changes of a batch with a few statements, whose parameters are arrays. */
final class PostgresTransaction implements BatchTransaction {

    private final WriterRow row;
    private final Connection connection;
    private final PreparedStatement advance;
    private final PreparedStatement insertDefinitions;
    private final PreparedStatement insertExecutions;
    private final PreparedStatement updateExecutions;
    private final PreparedStatement insertEvents;
    private final PreparedStatement deleteEvents;
    private final PreparedStatement deleteExecutions;
    private final PreparedStatement writeValues;
    private final PreparedStatement deleteSomeValues;
    private final PreparedStatement deleteAllValues;
    private final PreparedStatement removeValues;
    private final PreparedStatement writeInteractions;
    private final PreparedStatement deleteInteractions;
    private final PreparedStatement removeInteractions;

    private final PostgresPlainSteps plainSteps;
    private final @Nullable SharedWrites shared;
    private long batch;

    /**
     * Prepares the statements.
     *
     * @param shared what is written besides when other stores use the database too; null when none do
     */
    PostgresTransaction(Connection connection, WriterRow row, @Nullable SharedWrites shared) throws SQLException {
        this.row = row;
        this.shared = shared;
        this.connection = connection;
        plainSteps = new PostgresPlainSteps(connection);
        advance = row.prepare(connection);
        insertDefinitions = connection.prepareStatement("INSERT INTO flowscript_definition (hash, document)"
                + " SELECT * FROM unnest(?::text[], ?::bytea[]) ON CONFLICT DO NOTHING");
        insertExecutions = connection.prepareStatement("INSERT INTO flowscript_execution"
                + " (id, workflow_id, definition_hash, status, epoch, last_seq, snapshot, apart, started, bytes, due_at,"
                + " ended_at, ended_bytes)"
                + " SELECT id, workflow_id, definition_hash, status, epoch, last_seq, snapshot, apart, started, bytes,"
                + " due_at, ended_at, CASE WHEN ended_at IS NOT NULL THEN bytes END FROM unnest("
                + "?::text[], ?::text[], ?::text[], ?::text[], ?::text[], ?::bigint[], ?::bytea[], ?::bigint[],"
                + " ?::bigint[], ?::bigint[], ?::bigint[], ?::bigint[]) WITH ORDINALITY"
                + " AS v (id, workflow_id, definition_hash, status, epoch, last_seq, snapshot, apart, started, bytes,"
                + " due_at, ended_at, place)"
                + " ORDER BY place ON CONFLICT (id) DO NOTHING RETURNING id, number");
        updateExecutions = connection.prepareStatement("UPDATE flowscript_execution AS e SET"
                + " status = coalesce(v.status, e.status), epoch = coalesce(v.epoch, e.epoch),"
                + " last_seq = coalesce(v.last_seq, e.last_seq), snapshot = coalesce(v.snapshot, e.snapshot),"
                + " apart = coalesce(v.apart, e.apart), definition_hash = coalesce(v.definition_hash, e.definition_hash),"
                + " bytes = e.bytes + v.bytes,"
                + " due_at = CASE WHEN v.retimed THEN v.due_at ELSE e.due_at END,"
                + " ended_at = coalesce(v.ended_at, e.ended_at),"
                + " ended_bytes = CASE WHEN v.ended_at IS NULL THEN e.ended_bytes ELSE e.bytes + v.bytes END"
                + " FROM unnest(?::text[], ?::bigint[], ?::bigint[], ?::text[], ?::text[], ?::bytea[], ?::bigint[],"
                + " ?::bigint[], ?::bool[], ?::bigint[], ?::bigint[], ?::text[])"
                + " AS v (id, before, last_seq, status, epoch, snapshot, apart, bytes, retimed, due_at, ended_at,"
                + " definition_hash)"
                + " WHERE e.id = v.id AND (v.before IS NULL OR v.before = e.last_seq) RETURNING e.id, e.number");
        insertEvents =
                connection.prepareStatement("INSERT INTO flowscript_events (execution, first_seq, last_seq, events)"
                        + " SELECT * FROM unnest(?::bigint[], ?::bigint[], ?::bigint[], ?::bytea[])");
        deleteEvents = connection.prepareStatement("DELETE FROM flowscript_events AS v USING flowscript_execution AS e"
                + " WHERE v.execution = e.number AND e.id = ANY (?::text[])");
        deleteExecutions = connection.prepareStatement("DELETE FROM flowscript_execution WHERE id = ANY (?::text[])");
        writeValues = connection.prepareStatement("INSERT INTO flowscript_value (execution, name, value)"
                + " SELECT * FROM unnest(?::bigint[], ?::bytea[], ?::bytea[])"
                + " ON CONFLICT (execution, name) DO UPDATE SET value = excluded.value");
        deleteSomeValues = connection.prepareStatement("DELETE FROM flowscript_value AS v"
                + " USING unnest(?::bigint[], ?::bytea[]) AS d (execution, name)"
                + " WHERE v.execution = d.execution AND v.name = d.name");
        deleteAllValues =
                connection.prepareStatement("DELETE FROM flowscript_value WHERE execution = ANY (?::bigint[])");
        removeValues = connection.prepareStatement("DELETE FROM flowscript_value AS v USING flowscript_execution AS e"
                + " WHERE v.execution = e.number AND e.id = ANY (?::text[])");
        writeInteractions = connection.prepareStatement("INSERT INTO flowscript_interaction"
                + " (execution, key, requested, tie, deadline, status, unseen) SELECT * FROM unnest("
                + "?::bigint[], ?::bigint[], ?::bigint[], ?::bigint[], ?::bigint[], ?::smallint[], ?::smallint[])"
                + " ON CONFLICT (key, requested, tie, execution)"
                + " DO UPDATE SET deadline = excluded.deadline, status = excluded.status, unseen = excluded.unseen");
        deleteInteractions = connection.prepareStatement("DELETE FROM flowscript_interaction AS i"
                + " USING unnest(?::bigint[], ?::bigint[], ?::bigint[], ?::bigint[])"
                + " AS d (execution, key, requested, tie)"
                + " WHERE i.key = d.key AND i.requested = d.requested AND i.tie = d.tie AND i.execution = d.execution");
        removeInteractions = connection.prepareStatement("DELETE FROM flowscript_interaction AS i"
                + " USING flowscript_execution AS e WHERE i.execution = e.number AND e.id = ANY (?::text[])");
    }

    @Override
    public boolean begin(long number) throws SQLException {
        batch = number;
        return shared == null ? row.advance(advance, number) : row.advanceOrJoin(advance, number);
    }

    @Override
    public Map<String, FlowScriptException> write(List<Change> all) throws SQLException {
        Map<String, FlowScriptException> refused = new HashMap<>();
        List<Change> changes = shared == null ? all : shared.permitted(all, refused);
        List<Change.Start> starts = only(Change.Start.class, changes);
        List<Change.Step> steps = only(Change.Step.class, changes);
        Map<String, Long> numbers = new HashMap<>();
        definitions(changes);
        starts(starts, numbers);
        List<Change.Step> others = plainSteps.write(steps, numbers);
        steps(others, numbers);
        events(starts, steps, numbers);
        values(starts, others, numbers);
        interactions(starts, others, numbers);
        remove(only(Change.Removal.class, changes));

        for (Change.Start start : starts) {
            if (!numbers.containsKey(start.executionId())) {
                refused.put(start.executionId(), StoreErrors.exists(start.executionId()));
            }
        }
        for (Change.Step step : steps) {
            if (!numbers.containsKey(step.executionId())) {
                refused.put(step.executionId(), StoreErrors.doesNotFollow(step));
            }
        }
        changes.forEach(change -> plainSteps.wrote(change, numbers.get(change.executionId())));
        if (shared != null) {
            shared.announce(batch, changes, refused.keySet());
        }
        return refused;
    }

    private static <C extends Change> List<C> only(Class<C> type, List<Change> changes) {
        return changes.stream().filter(type::isInstance).map(type::cast).toList();
    }

    private void definitions(List<Change> changes) throws SQLException {
        Map<String, byte[]> documents = new LinkedHashMap<>();
        for (Change change : changes) {
            Change.Definition definition = change.definition();
            if (definition != null && definition.document() != null) {
                documents.put(definition.hash(), definition.document());
            }
        }
        if (!documents.isEmpty()) {
            List<Map.Entry<String, byte[]>> entries = List.copyOf(documents.entrySet());
            texts(insertDefinitions, 1, entries, Map.Entry::getKey);
            bytes(insertDefinitions, 2, entries, Map.Entry::getValue);
            insertDefinitions.executeUpdate();
        }
    }

    private void starts(List<Change.Start> starts, Map<String, Long> numbers) throws SQLException {
        if (starts.isEmpty()) {
            return;
        }
        texts(insertExecutions, 1, starts, Change.Start::executionId);
        texts(insertExecutions, 2, starts, start -> start.head().workflowId());
        texts(insertExecutions, 3, starts, start -> start.definition().hash());
        texts(insertExecutions, 4, starts, start -> start.head().status());
        texts(insertExecutions, 5, starts, start -> start.head().epoch());
        longs(insertExecutions, 6, starts, Change.Start::lastSeq);
        bytes(insertExecutions, 7, starts, start -> start.head().snapshot());
        longs(insertExecutions, 8, starts, start -> (long) start.head().apart());
        longs(insertExecutions, 9, starts, Change.Start::number);
        longs(insertExecutions, 10, starts, Change.Start::bytes);
        longs(insertExecutions, 11, starts, start -> dueAt(start.head()));
        longs(insertExecutions, 12, starts, start -> endedAt(start.head()));
        collect(insertExecutions, numbers);
    }

    private void steps(List<Change.Step> steps, Map<String, Long> numbers) throws SQLException {
        if (steps.isEmpty()) {
            return;
        }
        texts(updateExecutions, 1, steps, Change.Step::executionId);
        longs(
                updateExecutions,
                2,
                steps,
                step -> step.events() == null ? null : (Long) (step.events().firstSeq() - 1));
        longs(
                updateExecutions,
                3,
                steps,
                step -> step.events() == null ? null : (Long) step.events().lastSeq());
        texts(
                updateExecutions,
                4,
                steps,
                step -> step.head() == null ? null : step.head().status());
        texts(
                updateExecutions,
                5,
                steps,
                step -> step.head() == null ? null : step.head().epoch());
        bytes(
                updateExecutions,
                6,
                steps,
                step -> step.head() == null ? null : step.head().snapshot());
        longs(
                updateExecutions,
                7,
                steps,
                step -> step.head() == null ? null : (Long) (long) step.head().apart());
        longs(updateExecutions, 8, steps, Change.Step::bytes);
        array(
                updateExecutions,
                9,
                "bool",
                steps.stream()
                        .map(step -> step.head() != null && step.head().times() != null)
                        .toArray(Boolean[]::new));
        longs(updateExecutions, 10, steps, step -> dueAt(step.head()));
        longs(updateExecutions, 11, steps, step -> endedAt(step.head()));
        texts(
                updateExecutions,
                12,
                steps,
                step -> step.definition() == null ? null : step.definition().hash());
        collect(updateExecutions, numbers);
    }

    private static @Nullable Long dueAt(Change.@Nullable Head head) {
        return head == null || head.times() == null ? null : head.times().dueAt();
    }

    private static @Nullable Long endedAt(Change.@Nullable Head head) {
        return head == null || head.times() == null ? null : head.times().endedAt();
    }

    private static void collect(PreparedStatement statement, Map<String, Long> numbers) throws SQLException {
        try (ResultSet written = statement.executeQuery()) {
            while (written.next()) {
                numbers.put(written.getString(1), written.getLong(2));
            }
        }
    }

    /** The events of one change, for the execution with a number. */
    private record Chunk(long execution, Change.Events events) {}

    private void events(List<Change.Start> starts, List<Change.Step> steps, Map<String, Long> numbers)
            throws SQLException {
        List<Chunk> chunks = new ArrayList<>();
        for (Change.Start start : starts) {
            add(chunks, numbers.get(start.executionId()), start.events());
        }
        for (Change.Step step : steps) {
            add(chunks, numbers.get(step.executionId()), step.events());
        }
        if (!chunks.isEmpty()) {
            longs(insertEvents, 1, chunks, Chunk::execution);
            longs(insertEvents, 2, chunks, chunk -> chunk.events().firstSeq());
            longs(insertEvents, 3, chunks, chunk -> chunk.events().lastSeq());
            bytes(insertEvents, 4, chunks, chunk -> chunk.events().bytes());
            insertEvents.executeUpdate();
        }
    }

    private static void add(List<Chunk> chunks, @Nullable Long number, Change.@Nullable Events events) {
        if (number != null && events != null) {
            chunks.add(new Chunk(number, events));
        }
    }

    /** A value of the execution with a number. The bytes are null for one that is deleted. Not compared. */
    @SuppressWarnings("ArrayRecordComponent")
    private record ValueRow(long execution, byte[] name, byte @Nullable [] bytes) {}

    private void values(List<Change.Start> starts, List<Change.Step> steps, Map<String, Long> numbers)
            throws SQLException {
        List<Long> anew = new ArrayList<>();
        List<ValueRow> deleted = new ArrayList<>();
        List<ValueRow> written = new ArrayList<>();
        BiConsumer<@Nullable Long, Change.Values> add = (number, values) -> {
            if (number != null) {
                if (values.anew()) {
                    anew.add(number);
                }
                values.deleted().forEach(name -> deleted.add(new ValueRow(number, name, null)));
                values.written().forEach(value -> written.add(new ValueRow(number, value.name(), value.bytes())));
            }
        };
        starts.forEach(start ->
                add.accept(numbers.get(start.executionId()), start.head().values()));
        for (Change.Step step : steps) {
            if (step.head() != null) {
                add.accept(numbers.get(step.executionId()), step.head().values());
            }
        }
        if (!anew.isEmpty()) {
            longs(deleteAllValues, 1, anew, number -> number);
            deleteAllValues.executeUpdate();
        }
        if (!deleted.isEmpty()) {
            longs(deleteSomeValues, 1, deleted, ValueRow::execution);
            bytes(deleteSomeValues, 2, deleted, ValueRow::name);
            deleteSomeValues.executeUpdate();
        }
        if (!written.isEmpty()) {
            longs(writeValues, 1, written, ValueRow::execution);
            bytes(writeValues, 2, written, ValueRow::name);
            bytes(writeValues, 3, written, ValueRow::bytes);
            writeValues.executeUpdate();
        }
    }

    /** What names a row of an interaction of the execution with a number. */
    private record InteractionKey(long execution, InteractionRows.Row.Key key) {}

    /** A row of an interaction of the execution with a number. */
    private record InteractionRow(long execution, InteractionRows.Row row) {}

    private void interactions(List<Change.Start> starts, List<Change.Step> steps, Map<String, Long> numbers)
            throws SQLException {
        List<InteractionKey> deleted = new ArrayList<>();
        List<InteractionRow> written = new ArrayList<>();
        BiConsumer<@Nullable Long, InteractionRows> add = (number, rows) -> {
            if (number != null) {
                rows.deleted().forEach(key -> deleted.add(new InteractionKey(number, key)));
                rows.written().forEach(row -> written.add(new InteractionRow(number, row)));
            }
        };
        starts.forEach(start ->
                add.accept(numbers.get(start.executionId()), start.head().interactions()));
        for (Change.Step step : steps) {
            if (step.head() != null) {
                add.accept(numbers.get(step.executionId()), step.head().interactions());
            }
        }
        if (!deleted.isEmpty()) {
            longs(deleteInteractions, 1, deleted, InteractionKey::execution);
            longs(deleteInteractions, 2, deleted, row -> row.key().key());
            longs(deleteInteractions, 3, deleted, row -> row.key().requested());
            longs(deleteInteractions, 4, deleted, row -> row.key().tieBreak());
            deleteInteractions.executeUpdate();
        }
        if (!written.isEmpty()) {
            longs(writeInteractions, 1, written, InteractionRow::execution);
            longs(writeInteractions, 2, written, row -> row.row().key().key());
            longs(writeInteractions, 3, written, row -> row.row().key().requested());
            longs(writeInteractions, 4, written, row -> row.row().key().tieBreak());
            longs(writeInteractions, 5, written, row -> row.row().deadline());
            longs(writeInteractions, 6, written, row -> (long) row.row().status());
            longs(writeInteractions, 7, written, row -> row.row().unseen() ? 1L : 0L);
            writeInteractions.executeUpdate();
        }
    }

    private void remove(List<Change.Removal> removals) throws SQLException {
        if (!removals.isEmpty()) {
            texts(deleteEvents, 1, removals, Change.Removal::executionId);
            deleteEvents.executeUpdate();
            texts(removeValues, 1, removals, Change.Removal::executionId);
            removeValues.executeUpdate();
            texts(removeInteractions, 1, removals, Change.Removal::executionId);
            removeInteractions.executeUpdate();
            texts(deleteExecutions, 1, removals, Change.Removal::executionId);
            deleteExecutions.executeUpdate();
        }
    }

    private <T> void texts(
            PreparedStatement statement, int parameter, List<T> rows, Function<T, @Nullable String> column)
            throws SQLException {
        array(statement, parameter, "text", rows.stream().map(column).toArray(String[]::new));
    }

    private <T> void longs(PreparedStatement statement, int parameter, List<T> rows, Function<T, @Nullable Long> column)
            throws SQLException {
        array(statement, parameter, "int8", rows.stream().map(column).toArray(Long[]::new));
    }

    private <T> void bytes(
            PreparedStatement statement, int parameter, List<T> rows, Function<T, byte @Nullable []> column)
            throws SQLException {
        array(statement, parameter, "bytea", rows.stream().map(column).toArray(byte[][]::new));
    }

    private void array(PreparedStatement statement, int parameter, String type, @Nullable Object[] values)
            throws SQLException {
        statement.setArray(parameter, connection.createArrayOf(type, values));
    }

    @Override
    public void commit() throws SQLException {
        connection.commit();
        plainSteps.committed();
    }

    @Override
    public void rollback() throws SQLException {
        connection.rollback();
    }

    @Override
    public void close() throws SQLException {
        plainSteps.close();
        if (shared != null) {
            shared.close();
        }
        for (Statement statement : List.of(
                advance,
                insertDefinitions,
                insertExecutions,
                updateExecutions,
                insertEvents,
                deleteEvents,
                deleteExecutions,
                writeValues,
                deleteSomeValues,
                deleteAllValues,
                removeValues,
                writeInteractions,
                deleteInteractions,
                removeInteractions)) {
            statement.close();
        }
    }
}
