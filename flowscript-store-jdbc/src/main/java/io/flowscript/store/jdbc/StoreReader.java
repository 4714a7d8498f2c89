package io.flowscript.store.jdbc;

import io.flowscript.core.FlowScriptException;
import io.flowscript.core.event.RecordedEvent;
import io.flowscript.core.snapshot.ExecutionSnapshot;
import io.flowscript.core.store.ExecutionStore;
import io.flowscript.core.store.StoredExecution;
import io.flowscript.core.workflow.WorkflowDefinition;
import io.flowscript.json.EventCodec;
import io.flowscript.json.SnapshotCodec;
import io.flowscript.json.Workflows;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads executions, each call over a connection of its own. */
final class StoreReader {

    /** How many executions are read at a time, and how many bytes of snapshots, unless one alone has more. */
    private static final int PAGE_ROWS = 64;

    private static final long PAGE_BYTES = 4 << 20;

    /** The values that are kept apart are read by the same statement as the snapshot, so that both are of one commit. */
    private static final String COLUMNS =
            "SELECT e.number, e.id, e.workflow_id, e.definition_hash, e.last_seq, e.snapshot,"
                    + " e.apart, CASE WHEN e.apart > 0 THEN (SELECT %s FROM flowscript_value AS v WHERE v.execution = e.number) END"
                    + " FROM flowscript_execution AS e ";

    /** The sizes of the next snapshots with their values, added up, decide how many of them make a page. */
    private static final String PAGE = COLUMNS
            + "WHERE e.number IN (SELECT number FROM ("
            + "SELECT number, size, sum(size) OVER (ORDER BY number) AS total FROM ("
            + "SELECT number, length(snapshot) + CASE WHEN apart > 0 THEN"
            + " (SELECT sum(length(v.value)) FROM flowscript_value AS v WHERE v.execution = x.number) ELSE 0 END AS size"
            + " FROM flowscript_execution AS x WHERE number > ? ORDER BY number LIMIT " + PAGE_ROWS
            + ") AS sizes) AS totals"
            + " WHERE total - size < " + PAGE_BYTES + ") ORDER BY e.number";

    private static final String ONE = COLUMNS + "WHERE e.id = ?";

    private static final String LOG = "SELECT number, workflow_id, last_seq FROM flowscript_execution WHERE id = ?";

    /** So many bytes of events are read at a time, and the row in which that is reached. */
    private static final long EVENTS_BYTES = 1 << 20;

    private static final String DEFINITION = "SELECT document FROM flowscript_definition WHERE hash = ?";

    private final Database database;
    private final Envelope envelope;
    private final String page;
    private final String one;

    StoreReader(Database database, Envelope envelope) {
        this.database = database;
        this.envelope = envelope;
        this.page = PAGE.replace("%s", database.valuesAggregate());
        this.one = ONE.replace("%s", database.valuesAggregate());
    }

    /** A row of the table of executions. Rows are not compared. */
    @SuppressWarnings("ArrayRecordComponent")
    private record Row(
            long number,
            String id,
            String workflowId,
            String definitionHash,
            long lastSeq,
            byte[] snapshot,
            int apart,
            byte @Nullable [] values) {

        static Row of(ResultSet row) throws SQLException {
            return new Row(
                    row.getLong(1),
                    row.getString(2),
                    row.getString(3),
                    row.getString(4),
                    row.getLong(5),
                    row.getBytes(6),
                    row.getInt(7),
                    row.getBytes(8));
        }

        ExecutionSnapshot whole(Envelope envelope) {
            return ApartValues.putBack(
                    SnapshotCodec.read(envelope.decrypt(snapshot, id, Envelope.SNAPSHOT)),
                    apart,
                    values,
                    value -> envelope.decrypt(value, id, Envelope.VALUE));
        }
    }

    /** Where the events of an execution are. */
    private record Log(long number, String id, String workflowId, long lastSeq) {}

    /** See {@link JdbcStore#loadAll}. */
    void loadAll(int maxEvents, ExecutionStore.Receiver each) {
        try (Reading reading = new Reading(maxEvents)) {
            for (List<Row> page = reading.page(0);
                    !page.isEmpty();
                    page = reading.page(page.get(page.size() - 1).number())) {
                for (Row row : page) {
                    read(row, reading, each);
                }
            }
        }
    }

    private static void read(Row row, Reading reading, ExecutionStore.Receiver each) {
        StoredExecution execution;
        try {
            execution = reading.execution(row);
        } catch (FlowScriptException e) {
            if (!Envelope.isUndecryptable(e)) {
                throw e;
            }
            each.undecryptable(row.id(), e);
            return;
        }
        if (execution != null) {
            each.accept(execution);
        }
    }

    /** See {@link JdbcStore#find}. */
    Optional<StoredExecution> find(String executionId, int maxEvents) {
        try (Reading reading = new Reading(maxEvents)) {
            Row row = reading.row(executionId);
            return Optional.ofNullable(row == null ? null : reading.execution(row));
        }
    }

    /** See {@link JdbcStore#events}. */
    List<RecordedEvent> events(String executionId, long after, int max) {
        try (Reading reading = new Reading(0)) {
            return reading.events(executionId, after, max);
        }
    }

    private FlowScriptException failed(String executionId, FlowScriptException failure) {
        if (Envelope.isUndecryptable(failure)) {
            return StoreErrors.undecryptable(executionId, failure);
        }
        return failure.code().equals("store_failed")
                ? failure
                : StoreErrors.failed("Execution " + executionId + " cannot be read from " + database.name(), failure);
    }

    private FlowScriptException failed(Exception failure) {
        return StoreErrors.failed("Executions cannot be read from " + database.name(), failure);
    }

    /** One connection, for one call. The consumer runs between its methods, so what it throws is not caught here. */
    private final class Reading implements AutoCloseable {

        private static final int DEFINITIONS = 256;

        private final int maxEvents;
        private final Connection connection;

        /** The definitions that were read last: executions of one workflow share one. */
        private final Map<String, WorkflowDefinition> definitions = new LinkedHashMap<>(16, 0.75f, true) {

            private static final long serialVersionUID = 1L;

            @Override
            protected boolean removeEldestEntry(Map.Entry<String, WorkflowDefinition> eldest) {
                return size() > DEFINITIONS;
            }
        };

        Reading(int maxEvents) {
            if (maxEvents < 0) {
                throw new IllegalArgumentException("maxEvents is " + maxEvents + "; it is 0 or more");
            }
            this.maxEvents = maxEvents;
            try {
                connection = database.openReader();
            } catch (SQLException e) {
                throw failed(e);
            }
        }

        List<Row> page(long after) {
            try (PreparedStatement query = connection.prepareStatement(page)) {
                query.setLong(1, after);
                List<Row> rows = new ArrayList<>();
                try (ResultSet result = query.executeQuery()) {
                    while (result.next()) {
                        rows.add(Row.of(result));
                    }
                }
                return rows;
            } catch (SQLException e) {
                throw failed(e);
            }
        }

        @Nullable
        Row row(String executionId) {
            try (PreparedStatement query = connection.prepareStatement(one)) {
                query.setString(1, executionId);
                try (ResultSet result = query.executeQuery()) {
                    return result.next() ? Row.of(result) : null;
                }
            } catch (SQLException e) {
                throw failed(e);
            }
        }

        /** {@return the execution of a row; null when it was removed after the row was read} */
        @Nullable
        StoredExecution execution(Row row) {
            try {
                List<RecordedEvent> events = events(row);
                if (events.isEmpty() && maxEvents > 0 && row(row.id()) == null) {
                    return null;
                }
                WorkflowDefinition definition = definition(row.definitionHash());
                if (!definition.secrets().isEmpty() && !Envelope.isEncrypted(row.snapshot())) {
                    throw StoreErrors.notEncrypted(row.id());
                }
                return new StoredExecution(row.whole(envelope), definition, row.lastSeq(), events);
            } catch (FlowScriptException e) {
                throw failed(row.id(), e);
            } catch (SQLException e) {
                throw failed(e);
            }
        }

        /** The newest events. What was committed up to a number does not change, so they fit to the row that was read before. */
        private List<RecordedEvent> events(Row row) throws SQLException {
            Log log = new Log(row.number(), row.id(), row.workflowId(), row.lastSeq());
            return maxEvents == 0 ? List.of() : events(log, row.lastSeq() - maxEvents, row.lastSeq(), Long.MAX_VALUE);
        }

        /** Events after a number and up to another one. When they have more bytes than is given, those at the end are left out. */
        private List<RecordedEvent> events(Log log, long after, long upTo, long maxBytes) throws SQLException {
            List<RecordedEvent> events = new ArrayList<>();
            long bytes = 0;
            try (PreparedStatement query = connection.prepareStatement(database.eventsQuery())) {
                query.setLong(1, after);
                query.setLong(2, upTo);
                query.setLong(3, log.number());
                try (ResultSet result = query.executeQuery()) {
                    while (bytes < maxBytes && result.next()) {
                        byte[] encoded = result.getBytes(1);
                        bytes += encoded.length;
                        byte[] json = envelope.decrypt(encoded, log.id(), Envelope.events(result.getLong(2)));
                        for (RecordedEvent event : EventCodec.read(log.id(), log.workflowId(), json)) {
                            if (event.seq() > after && event.seq() <= upTo) {
                                events.add(event);
                            }
                        }
                    }
                }
            }
            return events;
        }

        List<RecordedEvent> events(String executionId, long after, int max) {
            try (PreparedStatement query = connection.prepareStatement(LOG)) {
                query.setString(1, executionId);
                Log log;
                try (ResultSet result = query.executeQuery()) {
                    log = result.next()
                            ? new Log(result.getLong(1), executionId, result.getString(2), result.getLong(3))
                            : null;
                }
                return log == null || after >= log.lastSeq()
                        ? List.of()
                        : events(log, after, Math.min(log.lastSeq(), after + max), EVENTS_BYTES);
            } catch (FlowScriptException e) {
                throw failed(executionId, e);
            } catch (SQLException e) {
                throw failed(e);
            }
        }

        private WorkflowDefinition definition(String hash) throws SQLException {
            WorkflowDefinition known = definitions.get(hash);
            if (known != null) {
                return known;
            }
            try (PreparedStatement query = connection.prepareStatement(DEFINITION)) {
                query.setString(1, hash);
                try (ResultSet result = query.executeQuery()) {
                    if (!result.next()) {
                        throw StoreErrors.failed("The definition " + hash + " is missing in " + database.name());
                    }
                    WorkflowDefinition definition = Workflows.read(result.getBytes(1));
                    definitions.put(hash, definition);
                    return definition;
                }
            }
        }

        @Override
        public void close() {
            try {
                connection.close();
            } catch (SQLException e) {
                // What was read stays read.
            }
        }
    }
}
