package io.flowscript.store.jdbc;

import io.flowscript.core.FlowScriptException;
import io.flowscript.core.event.RecordedEvent;
import io.flowscript.core.interaction.Interaction;
import io.flowscript.core.interaction.InteractionOrder;
import io.flowscript.core.interaction.InteractionPage;
import io.flowscript.core.interaction.InteractionPlace;
import io.flowscript.core.interaction.InteractionQuery;
import io.flowscript.core.snapshot.ExecutionSnapshot;
import io.flowscript.core.snapshot.ExecutionStatus;
import io.flowscript.core.store.ExecutionCount;
import io.flowscript.core.store.ExecutionQuery;
import io.flowscript.core.store.StoreUsage;
import io.flowscript.core.store.StoredExecution;
import io.flowscript.core.workflow.WorkflowDefinition;
import io.flowscript.json.EventCodec;
import io.flowscript.json.SnapshotCodec;
import io.flowscript.json.Workflows;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** Reads executions, each call over a connection of its own. */
final class StoreReader {

    /** How many executions are read at a time, and how many bytes of snapshots, unless one alone has more. */
    private static final int PAGE_ROWS = 256;

    private static final long PAGE_BYTES = 4 << 20;

    /** How many interactions are read at a time. */
    private static final int PAGE_INTERACTIONS = 1_001;

    /** The values that are kept apart are read by the same statement as the snapshot, so that both are of one commit. */
    private static final String COLUMNS =
            "SELECT e.number, e.id, e.workflow_id, e.definition_hash, e.last_seq, e.snapshot, e.apart, e.started,"
                    + " CASE WHEN e.apart > 0 THEN (SELECT %s FROM flowscript_value AS v WHERE v.execution = e.number) END"
                    + " FROM flowscript_execution AS e ";

    /** The sizes of the next snapshots with their values, added up, decide how many of them make a page. */
    private static final String PAGE = COLUMNS
            + "WHERE e.number IN (SELECT number FROM ("
            + "SELECT number, size, sum(size) OVER (ORDER BY #order) AS total FROM ("
            + "SELECT number, started, due_at, ended_at, length(snapshot) + CASE WHEN apart > 0 THEN"
            + " (SELECT sum(length(v.value)) FROM flowscript_value AS v WHERE v.execution = x.number) ELSE 0 END AS size"
            + " FROM flowscript_execution AS x WHERE #condition ORDER BY #order LIMIT ? OFFSET ?"
            + ") AS sizes) AS totals"
            + " WHERE total - size < " + PAGE_BYTES + ") ORDER BY #order";

    /** Executions without the values that are kept apart, which interactions do not need. */
    private static final String BY_NUMBERS = "SELECT number, id, workflow_id, definition_hash, last_seq, snapshot, 0,"
            + " started, NULL FROM flowscript_execution WHERE number IN (";

    /** So many executions are read at a time when their interactions are wanted. */
    private static final int WITH_INTERACTIONS = 16;

    private static final String ONE = COLUMNS + "WHERE e.id = ?";

    private static final String LOG = "SELECT number, workflow_id, last_seq FROM flowscript_execution WHERE id = ?";

    /** So many bytes of events are read at a time, and the row in which that is reached. */
    private static final long EVENTS_BYTES = 1 << 20;

    private static final String USAGE =
            "SELECT count(*), coalesce(sum(ended_bytes), 0) FROM flowscript_execution WHERE ended_at IS NOT NULL";

    private static final String COUNT = "SELECT workflow_id, status, count(*) FROM"
            + " (SELECT workflow_id, status FROM flowscript_execution LIMIT ?) AS counted GROUP BY workflow_id, status";

    private static final String DEFINITION = "SELECT document FROM flowscript_definition WHERE hash = ?";

    private static final Logger LOGGER = System.getLogger(StoreReader.class.getName());

    /** So many executions that cannot be decrypted are logged, each once. */
    private static final int MAX_LOGGED = 1_000;

    private final Set<String> logged = ConcurrentHashMap.newKeySet();
    private final Database database;
    private final Envelope envelope;
    private final String one;

    StoreReader(Database database, Envelope envelope) {
        this.database = database;
        this.envelope = envelope;
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
            long started,
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
                    row.getLong(8),
                    row.getBytes(9));
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

    /** A condition with its parameters, and an order. */
    private record Selection(String condition, List<Object> parameters, String order) {

        static Selection of(ExecutionQuery query) {
            if (query instanceof ExecutionQuery.Newest newest) {
                return of(newest);
            }
            if (query instanceof ExecutionQuery.Due due) {
                long after = millis(due.after());
                return new Selection(
                        "due_at <= ? AND due_at >= ? AND (due_at > ? OR started > ?)",
                        List.of(millis(due.upTo()), after, after, due.afterNumber()),
                        "due_at, started, number");
            }
            ExecutionQuery.Ended ended = (ExecutionQuery.Ended) query;
            return new Selection("ended_at <= ?", List.of(millis(ended.upTo())), "ended_at, started, number");
        }

        private static Selection of(ExecutionQuery.Newest query) {
            StringBuilder condition = new StringBuilder("started < ?");
            List<Object> parameters = new ArrayList<>(List.of(query.before()));
            if (query.workflowId() != null) {
                condition.append(" AND workflow_id = ?");
                parameters.add(query.workflowId());
            }
            if (query.status() != null) {
                condition.append(query.status().isEnded() ? " AND status = ?" : " AND ended_at IS NULL AND status = ?");
                parameters.add(query.status().name());
            }
            return new Selection(condition.toString(), parameters, "started DESC, number DESC");
        }

        private static long millis(Instant time) {
            return Objects.requireNonNull(Change.Times.millis(time));
        }
    }

    /** See {@link JdbcStore#list}. */
    List<StoredExecution> list(ExecutionQuery query) {
        Selection selection = Selection.of(query);
        int limit = Math.min(query.limit(), PAGE_ROWS);
        List<StoredExecution> found = new ArrayList<>();
        try (Reading reading = new Reading(0)) {
            int skipped = 0;
            List<Row> page;
            do {
                page = reading.page(selection, limit, skipped);
                for (Row row : page) {
                    StoredExecution execution = readable(row, reading);
                    if (execution != null) {
                        found.add(execution);
                    }
                }
                skipped += page.size();
            } while (found.isEmpty() && !page.isEmpty());
        }
        return found;
    }

    /** {@return the execution of a row; null when it was removed or cannot be decrypted} */
    private @Nullable StoredExecution readable(Row row, Reading reading) {
        try {
            return reading.execution(row);
        } catch (FlowScriptException e) {
            if (!Envelope.isUndecryptable(e)) {
                throw e;
            }
            if (logged.size() < MAX_LOGGED && logged.add(row.id())) {
                LOGGER.log(Level.ERROR, "Execution " + row.id() + " cannot go on; it stays in the store", e);
            }
            return null;
        }
    }

    /** See {@link JdbcStore#interactions}. */
    InteractionPage interactions(
            InteractionQuery query, InteractionOrder order, @Nullable InteractionPlace after, int limit) {
        try (Reading reading = new Reading(0)) {
            return reading.interactions(query, order, after, limit);
        }
    }

    /** See {@link JdbcStore#countInteractions}. */
    long countInteractions(InteractionQuery query, long most) {
        try (Reading reading = new Reading(0)) {
            return reading.countInteractions(query, most);
        }
    }

    /** See {@link JdbcStore#count}. */
    List<ExecutionCount> count(int most) {
        try (Reading reading = new Reading(0)) {
            return reading.count(most);
        }
    }

    /** See {@link JdbcStore#usage}. */
    StoreUsage usage() {
        try (Reading reading = new Reading(0)) {
            return reading.usage();
        }
    }

    /** See {@link JdbcStore#find}. */
    Optional<StoredExecution> find(String executionId, int maxEvents) {
        try (Reading reading = new Reading(maxEvents)) {
            Row row = reading.row(executionId);
            return Optional.ofNullable(row == null ? null : reading.execution(row));
        }
    }

    /** See {@link JdbcStore#definition}. */
    Optional<WorkflowDefinition> definition(String hash) {
        try (Reading reading = new Reading(0)) {
            return Optional.ofNullable(reading.definitionOrNull(hash));
        } catch (FlowScriptException | SQLException e) {
            throw StoreErrors.failed("A definition cannot be read from " + database.name(), e);
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
        private boolean begun;

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

        List<Row> page(Selection selection, int limit, int skipped) {
            String sql = PAGE.replace("#order", selection.order())
                    .replace("#condition", selection.condition())
                    .replace("%s", database.valuesAggregate());
            try (PreparedStatement query = connection.prepareStatement(sql)) {
                int parameter = 1;
                for (Object value : selection.parameters()) {
                    query.setObject(parameter++, value);
                }
                query.setInt(parameter, limit);
                query.setInt(parameter + 1, skipped);
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

        /** The rows and the snapshots are read in one transaction, so that they fit together. */
        InteractionPage interactions(
                InteractionQuery query, InteractionOrder order, @Nullable InteractionPlace after, int limit) {
            try {
                begin();
                int max = Math.min(limit, PAGE_INTERACTIONS);
                Set<InteractionSelect.Found> rows = new HashSet<>();
                for (InteractionSelect select : InteractionSelect.of(connection, query)) {
                    select.find(order, after, max + 1, rows);
                }
                List<InteractionSelect.Found> found = rows.stream()
                        .sorted(Comparator.comparing(InteractionSelect.Found::place, order.places()))
                        .limit(max + 1L)
                        .toList();
                return page(query, found, max);
            } catch (SQLException e) {
                throw failed(e);
            }
        }

        /** Reads the snapshots until they have enough bytes. */
        private InteractionPage page(InteractionQuery query, List<InteractionSelect.Found> found, int max)
                throws SQLException {
            List<Interaction> interactions = new ArrayList<>();
            Map<Long, Map<Long, Interaction>> known = new HashMap<>();
            long bytes = 0;
            int end = Math.min(max, found.size());
            int read = 0;
            while (read < end && bytes < PAGE_BYTES) {
                List<InteractionSelect.Found> some = found.subList(read, Math.min(end, read + WITH_INTERACTIONS));
                bytes += read(some, known);
                for (InteractionSelect.Found each : some) {
                    Interaction interaction = known.getOrDefault(each.execution(), Map.of())
                            .get(each.place().tieBreak());
                    if (interaction != null && query.matches(interaction)) {
                        interactions.add(interaction);
                    }
                }
                read += some.size();
            }
            return new InteractionPage(
                    interactions,
                    read == found.size() ? null : found.get(read - 1).place());
        }

        /**
         * Reads the interactions of executions that are not known yet.
         *
         * @param known the interactions by the number of their execution and by their hash
         * @return how many bytes were read
         */
        private long read(List<InteractionSelect.Found> some, Map<Long, Map<Long, Interaction>> known)
                throws SQLException {
            List<Long> numbers = some.stream()
                    .map(InteractionSelect.Found::execution)
                    .distinct()
                    .filter(number -> !known.containsKey(number))
                    .toList();
            if (numbers.isEmpty()) {
                return 0;
            }
            numbers.forEach(number -> known.put(number, Map.of()));
            long bytes = 0;
            String sql = BY_NUMBERS + String.join(", ", Collections.nCopies(numbers.size(), "?")) + ")";
            List<Row> rows = new ArrayList<>();
            try (PreparedStatement select = connection.prepareStatement(sql)) {
                for (int i = 0; i < numbers.size(); i++) {
                    select.setLong(i + 1, numbers.get(i));
                }
                try (ResultSet result = select.executeQuery()) {
                    while (result.next()) {
                        rows.add(Row.of(result));
                    }
                }
            }
            for (Row row : rows) {
                bytes += row.snapshot().length;
                StoredExecution execution = readable(row, this);
                if (execution != null) {
                    known.put(row.number(), byHash(execution.snapshot()));
                }
            }
            return bytes;
        }

        private static Map<Long, Interaction> byHash(ExecutionSnapshot snapshot) {
            Map<Long, Interaction> all = new HashMap<>();
            snapshot.closed().forEach(each -> all.put(InteractionPlace.of(each).tieBreak(), each));
            snapshot.open().forEach(each -> all.put(InteractionPlace.of(each).tieBreak(), each));
            return all;
        }

        long countInteractions(InteractionQuery query, long most) {
            try {
                begin();
                long count = 0;
                for (InteractionSelect select : InteractionSelect.of(connection, query)) {
                    if (count < most) {
                        count += select.count(most - count);
                    }
                }
                return count;
            } catch (SQLException e) {
                throw failed(e);
            }
        }

        private void begin() throws SQLException {
            try (Statement statement = connection.createStatement()) {
                statement.execute(database.beginReading());
                begun = true;
            }
        }

        List<ExecutionCount> count(int most) {
            try (PreparedStatement query = connection.prepareStatement(COUNT)) {
                query.setInt(1, most);
                List<ExecutionCount> counts = new ArrayList<>();
                try (ResultSet result = query.executeQuery()) {
                    while (result.next()) {
                        counts.add(new ExecutionCount(
                                result.getString(1), ExecutionStatus.valueOf(result.getString(2)), result.getLong(3)));
                    }
                }
                return counts;
            } catch (SQLException e) {
                throw failed(e);
            }
        }

        StoreUsage usage() {
            try (PreparedStatement query = connection.prepareStatement(USAGE);
                    ResultSet result = query.executeQuery()) {
                result.next();
                return new StoreUsage(result.getLong(1), result.getLong(2));
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
                return new StoredExecution(row.whole(envelope), row.started(), definition, row.lastSeq(), events);
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
            WorkflowDefinition definition = definitionOrNull(hash);
            if (definition == null) {
                throw StoreErrors.failed("The definition " + hash + " is missing in " + database.name());
            }
            return definition;
        }

        @Nullable
        WorkflowDefinition definitionOrNull(String hash) throws SQLException {
            WorkflowDefinition known = definitions.get(hash);
            if (known != null) {
                return known;
            }
            try (PreparedStatement query = connection.prepareStatement(DEFINITION)) {
                query.setString(1, hash);
                try (ResultSet result = query.executeQuery()) {
                    if (!result.next()) {
                        return null;
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
                try {
                    rollback();
                } finally {
                    database.releaseReader(connection);
                }
            } catch (SQLException e) {
                // What was read stays read.
            }
        }

        private void rollback() throws SQLException {
            if (begun) {
                try (Statement statement = connection.createStatement()) {
                    statement.execute("ROLLBACK");
                }
            }
        }
    }
}
