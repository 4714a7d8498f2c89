package io.flowscript.store.jdbc;

import io.flowscript.core.snapshot.ExecutionSnapshot;
import io.flowscript.core.snapshot.ExecutionStatus;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Writes the snapshots of plain steps to PostgreSQL. A plain step has events and a snapshot, and changes nothing else in the row of its
 * execution. Most steps are plain: a node has come to its end, and the next one begins. The statement finds the rows by their numbers, and
 * sets no column that stays as it is.
 *
 * <p>Whether a step is plain is known of executions whose row this connection has written last. For one thread.
 */
final class PostgresPlainSteps implements AutoCloseable {

    /** How many rows are remembered. Steps of other executions are not plain, and cost more. */
    private static final int LIMIT = 10_000;

    /** A row as this connection has written it. */
    private record Row(long number, ExecutionSnapshot snapshot) {}

    /** A step, and the number of the row of its execution. */
    private record Numbered(long number, Change.Step step, Change.Head head, Change.Events events) {}

    private final Connection connection;
    private final PreparedStatement update;

    /** The rows of executions that are running, which are in memory anyway; those that were written last come last. */
    private final Map<String, Row> rows = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Row> eldest) {
            return size() > LIMIT;
        }
    };

    /** What is known when the transaction is committed; null for a row that is forgotten. */
    private final Map<String, @Nullable Row> written = new HashMap<>();

    PostgresPlainSteps(Connection connection) throws SQLException {
        this.connection = connection;
        update = connection.prepareStatement("UPDATE flowscript_execution AS e"
                + " SET last_seq = v.last_seq, snapshot = v.snapshot, bytes = e.bytes + v.bytes"
                + " FROM unnest(?::bigint[], ?::bigint[], ?::bigint[], ?::bytea[], ?::bigint[])"
                + " AS v (number, before, last_seq, snapshot, bytes)"
                + " WHERE e.number = v.number AND e.last_seq = v.before RETURNING e.number");
    }

    /**
     * Writes the snapshots of those steps of a batch that are plain.
     *
     * @param numbers receives the numbers of the executions whose snapshots are written
     * @return the other steps
     */
    List<Change.Step> write(List<Change.Step> steps, Map<String, Long> numbers) throws SQLException {
        List<Change.Step> others = new ArrayList<>();
        Map<Long, Numbered> plain = new LinkedHashMap<>();
        for (Change.Step step : steps) {
            Numbered numbered = ifPlain(step);
            if (numbered == null) {
                others.add(step);
            } else {
                plain.put(numbered.number(), numbered);
            }
        }
        if (!plain.isEmpty()) {
            List<Numbered> all = List.copyOf(plain.values());
            longs(1, all, Numbered::number);
            longs(2, all, each -> each.events().firstSeq() - 1);
            longs(3, all, each -> each.events().lastSeq());
            bytes(4, all, each -> each.head().snapshot());
            longs(5, all, each -> each.step().bytes());
            try (ResultSet done = update.executeQuery()) {
                while (done.next()) {
                    Numbered each = Objects.requireNonNull(plain.get(done.getLong(1)), "step");
                    numbers.put(each.step().executionId(), each.number());
                }
            }
        }
        return others;
    }

    @SuppressWarnings("ReferenceEquality") // who has the same object has not read the execution since
    private @Nullable Numbered ifPlain(Change.Step step) {
        Change.Head head = step.head();
        Change.Events events = step.events();
        Row row = rows.get(step.executionId());
        if (head == null || events == null || row == null) {
            return null;
        }
        boolean isPlain = row.snapshot() == head.before()
                && step.definition() == null
                && head.changesNoOtherRow()
                && head.times() == null
                && head.status().equals(row.snapshot().status().name())
                && head.epoch().equals(row.snapshot().epoch());
        return isPlain ? new Numbered(row.number(), step, head, events) : null;
    }

    private void longs(int parameter, List<Numbered> all, Function<Numbered, Long> column) throws SQLException {
        Long[] values = all.stream().map(column).toArray(Long[]::new);
        update.setArray(parameter, connection.createArrayOf("int8", values));
    }

    private void bytes(int parameter, List<Numbered> all, Function<Numbered, byte[]> column) throws SQLException {
        byte[][] values = all.stream().map(column).toArray(byte[][]::new);
        update.setArray(parameter, connection.createArrayOf("bytea", values));
    }

    /**
     * Notes what a transaction has written, until it is committed.
     *
     * @param number the number of the row; null when the change is refused
     */
    void wrote(Change change, @Nullable Long number) {
        Change.Head head = change instanceof Change.Start start
                ? start.head()
                : change instanceof Change.Step step ? step.head() : null;
        if (number == null || change instanceof Change.Removal) {
            written.put(change.executionId(), null);
        } else if (head != null) {
            boolean isRunning = head.apart() == 0 && head.whole().status() == ExecutionStatus.RUNNING;
            written.put(change.executionId(), isRunning ? new Row(number, head.whole()) : null);
        }
    }

    /** What was written is committed. When it is not, this object is not used any more. */
    void committed() {
        written.forEach((executionId, row) -> {
            if (row == null) {
                rows.remove(executionId);
            } else {
                rows.put(executionId, row);
            }
        });
        written.clear();
    }

    @Override
    public void close() throws SQLException {
        update.close();
    }
}
