package io.flowscript.store.jdbc;

import io.flowscript.core.json.Value;
import io.flowscript.core.store.ExecutionChange;
import io.flowscript.core.store.RemoteCommand;
import io.flowscript.core.store.SharedStore;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One process among those that share a database: its shards, its commands, and what it has read of the changes of the others.
 * All over one connection, which is opened again when it is lost. Times are those of the database. Safe for use by any thread;
 * one call runs at a time.
 *
 * <p>The connection does not wait until its commits are on disk: what a crash of the server may lose of them is a command, whose
 * sender gets no reply, or the claim of a shard, under which nothing durable was written then.
 */
final class Members implements AutoCloseable {

    /** For how long changes are kept for other processes, and commands for a reply. */
    private static final Duration KEPT = Duration.ofMinutes(10);

    /**
     * For how long a process may be away before its rows are deleted. By the row of its writer it sees, when it comes back, whether
     * its last batch was written.
     */
    private static final Duration AWAY = Duration.ofDays(1);

    private static final int MAX_COMMANDS = 256;
    private static final int MAX_BATCHES = 500;
    private static final int RENEWALS_PER_CLEANUP = 32;

    /**
     * Takes shards that nobody has. The rows of those who are not alive are locked first: who renews at the same time either comes
     * first and keeps its shards, or waits and then sees that it has lost them.
     */
    private static final String CLAIM = "WITH gone AS (SELECT owner FROM flowscript_member WHERE alive_until <= now()"
            + " FOR UPDATE SKIP LOCKED)"
            + " UPDATE flowscript_shard SET owner = ?, fence = fence + 1 WHERE shard IN ("
            + "SELECT shard FROM flowscript_shard AS s WHERE owner IS NULL OR owner IN (SELECT owner FROM gone)"
            + " OR NOT EXISTS (SELECT 1 FROM flowscript_member AS m WHERE m.owner = s.owner)"
            + " ORDER BY shard LIMIT ? FOR UPDATE OF s SKIP LOCKED) RETURNING shard, fence";

    private static final Logger LOGGER = System.getLogger(Members.class.getName());

    private final PostgresDatabase.Connections connections;
    private final String owner;
    private final Duration lease;
    private final CommandContents contents;

    /** The number of the last batch that was read of each other process; null before the first exchange, and after a long time. */
    private @Nullable Map<String, Long> read;

    /** When the changes were read last, by {@link System#nanoTime}. */
    private long readAt;

    /** The commands for this process that were returned and have no reply yet. */
    private final Map<String, Taken> taken = new HashMap<>();

    private final Set<String> sent = new HashSet<>();
    private @Nullable Connection connection;
    private boolean closed;
    private int renewals;
    private long freed;

    /** When a command was returned, by {@link System#nanoTime}, and the fence of its shard by then. */
    private record Taken(int shard, long fence, long at) {}

    /** Something that has a result. */
    @FunctionalInterface
    interface Work<T extends @Nullable Object> {
        T run() throws SQLException;
    }

    /** Something that has none. */
    @FunctionalInterface
    interface Action {
        void run() throws SQLException;
    }

    Members(PostgresDatabase.Connections connections, String owner, Duration lease, Envelope envelope) {
        this.connections = connections;
        this.owner = owner;
        this.lease = lease;
        this.contents = new CommandContents(envelope);
    }

    /** See {@link SharedStore#renew}. */
    synchronized SharedStore.Ownership renew() throws SQLException {
        return transaction(current -> {
            long alive = alive(current);
            int share = (int) ((SharedStore.SHARDS + alive - 1) / alive);
            Map<Integer, Long> mine = shards(
                    current, "SELECT shard, fence FROM flowscript_shard WHERE owner = ? ORDER BY shard", owner, null);
            if (mine.size() < share) {
                mine.putAll(shards(current, CLAIM, owner, share - mine.size()));
            }
            if (renewals++ % RENEWALS_PER_CLEANUP == 0) {
                cleanUp(current);
            }
            Set<Integer> surplus = new HashSet<>();
            mine.keySet().stream().skip(share).forEach(surplus::add);
            return new SharedStore.Ownership(mine, surplus);
        });
    }

    /** Says that this process is alive. {@return how many are} */
    private long alive(Connection current) throws SQLException {
        try (PreparedStatement statement = current.prepareStatement("WITH me AS (INSERT INTO flowscript_member"
                + " (owner, alive_until) VALUES (?, now() + ? * interval '1 millisecond') ON CONFLICT (owner)"
                + " DO UPDATE SET alive_until = excluded.alive_until RETURNING 1)"
                + " SELECT (SELECT count(*) FROM me) + (SELECT count(*) FROM flowscript_member"
                + " WHERE owner <> ? AND alive_until > now())")) {
            statement.setString(1, owner);
            statement.setLong(2, lease.toMillis());
            statement.setString(3, owner);
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                return row.getLong(1);
            }
        }
    }

    private static Map<Integer, Long> shards(Connection current, String sql, String owner, @Nullable Integer limit)
            throws SQLException {
        try (PreparedStatement statement = current.prepareStatement(sql)) {
            statement.setString(1, owner);
            if (limit != null) {
                statement.setInt(2, limit);
            }
            Map<Integer, Long> shards = new LinkedHashMap<>();
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    shards.put(rows.getInt(1), rows.getLong(2));
                }
            }
            return shards;
        }
    }

    /** Deletes what dead processes have left, and what nobody reads any more. */
    private static void cleanUp(Connection current) throws SQLException {
        try (Statement statement = current.createStatement()) {
            String old = before(KEPT);
            String gone = before(AWAY);
            statement.executeUpdate("DELETE FROM flowscript_change WHERE at < " + old);
            statement.executeUpdate("DELETE FROM flowscript_command WHERE at < " + old);
            statement.executeUpdate("DELETE FROM flowscript_writer AS w USING flowscript_member AS m"
                    + " WHERE m.owner = w.owner AND m.alive_until < " + gone);
            statement.executeUpdate("DELETE FROM flowscript_member WHERE alive_until < " + gone);
        }
    }

    private static String before(Duration time) {
        return "now() - interval '" + time.toSeconds() + " seconds'";
    }

    /** See {@link SharedStore#release}. */
    synchronized void release(Collection<Integer> shards) throws SQLException {
        transaction(current -> {
            try (PreparedStatement statement = current.prepareStatement(
                    "WITH freed AS (UPDATE flowscript_shard SET owner = NULL WHERE owner = ? AND shard = ANY (?::integer[])"
                            + " RETURNING 1) SELECT pg_notify('" + SharedWrites.CHANNEL
                            + "', current_schema() || '.f') FROM freed LIMIT 1")) {
                statement.setString(1, owner);
                statement.setArray(2, current.createArrayOf("int4", shards.toArray()));
                statement.executeQuery().close();
            }
            return null;
        });
    }

    /** See {@link SharedStore#send}. */
    synchronized void send(RemoteCommand command) throws SQLException {
        byte[] content = contents.write(command.content(), command.executionId());
        transaction(current -> {
            try (PreparedStatement statement = current.prepareStatement("WITH row AS (INSERT INTO flowscript_command"
                    + " (id, sender, shard, execution_id, content) VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING RETURNING 1)"
                    + " SELECT pg_notify('" + SharedWrites.CHANNEL + "', current_schema() || '.s') FROM row")) {
                statement.setString(1, command.id());
                statement.setString(2, owner);
                statement.setInt(3, SharedStore.shardOf(command.executionId()));
                statement.setString(4, command.executionId());
                statement.setBytes(5, content);
                statement.executeQuery().close();
            }
            return null;
        });
        sent.add(command.id());
    }

    /** See {@link SharedStore#reply}. */
    synchronized void reply(String commandId, Value reply) throws SQLException {
        transaction(current -> {
            try (PreparedStatement statement = current.prepareStatement(
                    "WITH row AS (UPDATE flowscript_command SET reply = ? WHERE id = ? RETURNING 1)"
                            + " SELECT pg_notify('" + SharedWrites.CHANNEL + "', current_schema() || '.r') FROM row")) {
                statement.setBytes(1, contents.write(reply, commandId));
                statement.setString(2, commandId);
                statement.executeQuery().close();
            }
            return null;
        });
        taken.remove(commandId);
    }

    /** See {@link SharedStore#withdraw}. */
    synchronized void withdraw(String commandId) throws SQLException {
        sent.remove(commandId);
        transaction(current -> {
            try (PreparedStatement statement =
                    current.prepareStatement("DELETE FROM flowscript_command WHERE id = ? AND sender = ?")) {
                statement.setString(1, commandId);
                statement.setString(2, owner);
                statement.executeUpdate();
            }
            return null;
        });
    }

    /**
     * See {@link SharedStore#exchange}. What was read counts as read when the transaction is committed, also what cannot be decoded
     * then: the sender of such a command or reply waits in vain, and another owner of the shard may be able to read the command.
     */
    synchronized SharedStore.News exchange(Map<Integer, Long> shards) throws SQLException {
        long now = System.nanoTime();
        // Who gets a shard again gets its commands again.
        taken.values()
                .removeIf(each ->
                        !Objects.equals(each.fence(), shards.get(each.shard())) || now - each.at() > KEPT.toNanos());
        Map<String, Long> known = read;
        boolean isLate = known != null && now - readAt > KEPT.dividedBy(2).toNanos();
        Exchanged found = transaction(current -> new Exchanged(
                known == null || isLate ? new Changes(Map.of(), batches(current), false) : changes(current, known),
                commands(current, shards.keySet()),
                sent.isEmpty() ? List.of() : replies(current),
                freeShards(current)));
        read = found.changes().read();
        readAt = now;
        for (Stored reply : found.replies()) {
            sent.remove(reply.id());
        }
        for (Stored command : found.commands()) {
            int shard = SharedStore.shardOf(command.executionId());
            taken.put(command.id(), new Taken(shard, Objects.requireNonNull(shards.get(shard)), now));
        }
        boolean isFree = found.free() > 0 && found.free() != freed;
        freed = found.free();
        return new SharedStore.News(
                readCommands(found.commands()),
                readReplies(found.replies()),
                List.copyOf(found.changes().all().values()),
                !isLate,
                isFree,
                found.changes().hasMore() || found.commands().size() == MAX_COMMANDS);
    }

    /** What one transaction has found. */
    private record Exchanged(Changes changes, List<Stored> commands, List<Stored> replies, long free) {}

    /** A command or the reply to one, as it is stored. Not compared. */
    @SuppressWarnings("ArrayRecordComponent")
    private record Stored(String id, String executionId, byte[] content) {}

    private List<RemoteCommand> readCommands(List<Stored> stored) {
        List<RemoteCommand> commands = new ArrayList<>();
        for (Stored each : stored) {
            Value content = contents.read(
                    each.content(),
                    each.executionId(),
                    "A command of another process for execution " + each.executionId());
            if (content != null) {
                commands.add(new RemoteCommand(each.id(), each.executionId(), content));
            }
        }
        return commands;
    }

    private Map<String, Value> readReplies(List<Stored> stored) {
        Map<String, Value> replies = new HashMap<>();
        for (Stored each : stored) {
            Value reply = contents.read(
                    each.content(),
                    each.id(),
                    "The reply of another process to a command for execution " + each.executionId());
            if (reply != null) {
                replies.put(each.id(), reply);
            }
        }
        return replies;
    }

    /** What others have changed, and the last batch that was read of each. */
    private record Changes(Map<String, ExecutionChange> all, Map<String, Long> read, boolean hasMore) {}

    private Changes changes(Connection current, Map<String, Long> known) throws SQLException {
        Map<String, ExecutionChange> all = new LinkedHashMap<>();
        int rows = 0;
        Map<String, Long> now = new HashMap<>(known);
        try (PreparedStatement statement = current.prepareStatement(
                "SELECT c.owner, c.batch, c.ids, c.afters, c.lasts, c.starts FROM flowscript_change AS c"
                        + " LEFT JOIN unnest(?::text[], ?::bigint[]) AS p (owner, batch) ON p.owner = c.owner"
                        + " WHERE c.owner <> ? AND c.batch > coalesce(p.batch, 0) ORDER BY c.number LIMIT "
                        + MAX_BATCHES)) {
            List<Map.Entry<String, Long>> entries = List.copyOf(known.entrySet());
            statement.setArray(
                    1,
                    current.createArrayOf(
                            "text", entries.stream().map(Map.Entry::getKey).toArray()));
            statement.setArray(
                    2,
                    current.createArrayOf(
                            "int8", entries.stream().map(Map.Entry::getValue).toArray()));
            statement.setString(3, owner);
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    rows++;
                    now.put(row.getString(1), row.getLong(2));
                    String[] ids = (String[]) row.getArray(3).getArray();
                    Long[] afters = (Long[]) row.getArray(4).getArray();
                    Long[] lasts = (Long[]) row.getArray(5).getArray();
                    Boolean[] starts = (Boolean[]) row.getArray(6).getArray();
                    for (int i = 0; i < ids.length; i++) {
                        all.merge(
                                ids[i],
                                new ExecutionChange(ids[i], starts[i], afters[i], lasts[i]),
                                ExecutionChange::then);
                    }
                }
            }
        }
        return new Changes(all, now, rows == MAX_BATCHES);
    }

    /** {@return the number of the last batch of each process} */
    private static Map<String, Long> batches(Connection current) throws SQLException {
        Map<String, Long> batches = new HashMap<>();
        try (Statement statement = current.createStatement();
                ResultSet rows = statement.executeQuery(
                        "SELECT owner, max(batch) FROM (SELECT owner, batch FROM flowscript_change"
                                + " UNION ALL SELECT owner, batch FROM flowscript_writer) AS all_batches GROUP BY owner")) {
            while (rows.next()) {
                batches.put(rows.getString(1), rows.getLong(2));
            }
        }
        return batches;
    }

    private List<Stored> commands(Connection current, Set<Integer> shards) throws SQLException {
        if (shards.isEmpty()) {
            return List.of();
        }
        try (PreparedStatement statement =
                current.prepareStatement("SELECT id, execution_id, content FROM flowscript_command WHERE reply IS NULL"
                        + " AND shard = ANY (?::integer[]) AND NOT id = ANY (?::text[]) ORDER BY number LIMIT "
                        + MAX_COMMANDS)) {
            statement.setArray(1, current.createArrayOf("int4", shards.toArray()));
            statement.setArray(2, current.createArrayOf("text", taken.keySet().toArray()));
            return stored(statement);
        }
    }

    private List<Stored> replies(Connection current) throws SQLException {
        try (PreparedStatement statement = current.prepareStatement(
                "DELETE FROM flowscript_command WHERE sender = ? AND reply IS NOT NULL RETURNING id, execution_id, reply")) {
            statement.setString(1, owner);
            return stored(statement);
        }
    }

    private static List<Stored> stored(PreparedStatement statement) throws SQLException {
        List<Stored> stored = new ArrayList<>();
        try (ResultSet rows = statement.executeQuery()) {
            while (rows.next()) {
                stored.add(new Stored(rows.getString(1), rows.getString(2), rows.getBytes(3)));
            }
        }
        return stored;
    }

    private static long freeShards(Connection current) throws SQLException {
        try (Statement statement = current.createStatement();
                ResultSet row = statement.executeQuery("SELECT count(*) FROM flowscript_shard WHERE owner IS NULL")) {
            row.next();
            return row.getLong(1);
        }
    }

    /** Work in a transaction. */
    @FunctionalInterface
    private interface Transaction<T extends @Nullable Object> {
        T run(Connection current) throws SQLException;
    }

    private <T extends @Nullable Object> T transaction(Transaction<T> work) throws SQLException {
        if (closed) {
            throw new SQLException("The connection is closed");
        }
        Connection current = connection;
        if (current == null) {
            current = open();
            connection = current;
        }
        try {
            T result = work.run(current);
            current.commit();
            return result;
        } catch (SQLException | RuntimeException | Error e) {
            connection = null;
            close(current);
            throw e;
        }
    }

    private Connection open() throws SQLException {
        Connection opened = connections.open();
        try (Statement statement = opened.createStatement()) {
            opened.setAutoCommit(false);
            NetworkTimeout.set(opened);
            opened.setTransactionIsolation(Connection.TRANSACTION_READ_COMMITTED);
            statement.execute("SET synchronous_commit = off");
            // A process that is stopped in the middle of a transaction must not keep its row locked, or else its shards
            // stay with it.
            statement.execute("SET idle_in_transaction_session_timeout = " + lease.toMillis());
            opened.commit();
            return opened;
        } catch (SQLException e) {
            close(opened);
            throw e;
        }
    }

    private static void close(Connection broken) {
        try (broken) {
            broken.rollback();
            broken.setAutoCommit(true);
            try (Statement statement = broken.createStatement()) {
                statement.execute("RESET synchronous_commit");
                statement.execute("RESET idle_in_transaction_session_timeout");
            }
            NetworkTimeout.reset(broken);
        } catch (SQLException e) {
            LOGGER.log(Level.DEBUG, "A connection is lost", e);
        }
    }

    /** Gives all shards back. When the database is away, they are free when the lease is over. */
    @Override
    public synchronized void close() {
        if (closed) {
            return;
        }
        try {
            transaction(current -> {
                for (String sql : List.of(
                        "UPDATE flowscript_shard SET owner = NULL WHERE owner = ?",
                        "DELETE FROM flowscript_member WHERE owner = ?",
                        "DELETE FROM flowscript_writer WHERE owner = ?")) {
                    try (PreparedStatement statement = current.prepareStatement(sql)) {
                        statement.setString(1, owner);
                        statement.executeUpdate();
                    }
                }
                try (Statement statement = current.createStatement()) {
                    statement.execute("SELECT pg_notify('" + SharedWrites.CHANNEL + "', current_schema() || '.f')");
                }
                return null;
            });
        } catch (SQLException e) {
            LOGGER.log(
                    Level.WARNING,
                    "The shards of this process cannot be given back; others take them over after the lease",
                    e);
        }
        closed = true;
        Connection last = connection;
        connection = null;
        if (last != null) {
            close(last);
        }
    }
}
