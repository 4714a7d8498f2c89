package io.flowscript.store.jdbc;

import io.flowscript.core.FlowScriptException;
import io.flowscript.core.store.SharedStore;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What a store writes in each transaction when others use the database too. First it locks the shards that it writes to against
 * another owner and compares their fences. Last it says which executions have changed, in one row and one notification. For use
 * by one thread.
 */
final class SharedWrites implements AutoCloseable {

    /** The channel of notifications. A payload is the schema of the tables and a letter for what is new. */
    static final String CHANNEL = "flowscript";

    private final Connection connection;
    private final String owner;
    private final PreparedStatement fences;
    private final PreparedStatement announce;

    SharedWrites(Connection connection, String owner) throws SQLException {
        this.connection = connection;
        this.owner = owner;
        fences = connection.prepareStatement("SELECT shard, fence FROM flowscript_shard"
                + " WHERE shard = ANY (?::integer[]) AND owner = ? ORDER BY shard FOR SHARE");
        announce = connection.prepareStatement("WITH row AS (INSERT INTO flowscript_change"
                + " (owner, batch, ids, afters, lasts, starts)"
                + " VALUES (?, ?, ?::text[], ?::bigint[], ?::bigint[], ?::bool[]) RETURNING 1)"
                + " SELECT pg_notify('" + CHANNEL + "', current_schema() || '.' || 'c') FROM row");
    }

    /**
     * Locks the shards of some changes until the end of the transaction.
     *
     * @param refused receives why changes are not permitted, by the ids of their executions
     * @return the changes whose fences are still those of their shards
     */
    List<Change> permitted(List<Change> changes, Map<String, FlowScriptException> refused) throws SQLException {
        Integer[] shards = changes.stream()
                .map(change -> SharedStore.shardOf(change.executionId()))
                .distinct()
                .sorted()
                .toArray(Integer[]::new);
        fences.setArray(1, connection.createArrayOf("int4", shards));
        fences.setString(2, owner);
        Map<Integer, Long> mine = new HashMap<>();
        try (ResultSet rows = fences.executeQuery()) {
            while (rows.next()) {
                mine.put(rows.getInt(1), rows.getLong(2));
            }
        }
        List<Change> permitted = new ArrayList<>(changes.size());
        for (Change change : changes) {
            Long fence = mine.get(SharedStore.shardOf(change.executionId()));
            if (change instanceof Change.Removal || (fence != null && fence == change.fence())) {
                permitted.add(change);
            } else {
                refused.put(change.executionId(), StoreErrors.shardLost(change.executionId()));
            }
        }
        return permitted;
    }

    /** Says that executions have changed. */
    void announce(long batch, List<Change> changes, Set<String> refused) throws SQLException {
        List<String> ids = new ArrayList<>();
        List<Long> afters = new ArrayList<>();
        List<Long> lasts = new ArrayList<>();
        List<Boolean> starts = new ArrayList<>();
        for (Change change : changes) {
            Change.Events events = change instanceof Change.Start start
                    ? start.events()
                    : change instanceof Change.Step step ? step.events() : null;
            if (!(change instanceof Change.Removal) && !refused.contains(change.executionId())) {
                ids.add(change.executionId());
                afters.add(events == null ? Long.MAX_VALUE : events.firstSeq() - 1);
                lasts.add(events == null ? 0 : events.lastSeq());
                starts.add(change instanceof Change.Start);
            }
        }
        if (ids.isEmpty()) {
            return;
        }
        announce.setString(1, owner);
        announce.setLong(2, batch);
        announce.setArray(3, connection.createArrayOf("text", ids.toArray()));
        announce.setArray(4, connection.createArrayOf("int8", afters.toArray()));
        announce.setArray(5, connection.createArrayOf("int8", lasts.toArray()));
        announce.setArray(6, connection.createArrayOf("bool", starts.toArray()));
        announce.executeQuery().close();
    }

    @Override
    public void close() throws SQLException {
        for (Statement statement : List.of(fences, announce)) {
            statement.close();
        }
    }
}
