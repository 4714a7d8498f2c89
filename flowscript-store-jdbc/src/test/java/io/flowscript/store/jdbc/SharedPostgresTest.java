package io.flowscript.store.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.flowscript.core.FlowScriptException;
import io.flowscript.core.event.RecordedEvent;
import io.flowscript.core.interaction.AnswerOptions;
import io.flowscript.core.interaction.Receipt;
import io.flowscript.core.json.Value;
import io.flowscript.core.log.Position;
import io.flowscript.core.runtime.Edge;
import io.flowscript.core.runtime.Question;
import io.flowscript.core.snapshot.ExecutionSnapshot;
import io.flowscript.core.snapshot.ExecutionStatus;
import io.flowscript.core.store.Commit;
import io.flowscript.core.store.ExecutionChange;
import io.flowscript.core.store.RemoteCommand;
import io.flowscript.core.store.SharedStore;
import io.flowscript.core.workflow.WorkflowDefinition;
import io.flowscript.engine.Execution;
import io.flowscript.engine.FlowScript;
import io.flowscript.testsupport.LogCapture;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Several stores that share one database of PostgreSQL. */
@Tag("integration")
class SharedPostgresTest {

    /** No pause of this process is as long. */
    private static final Duration LEASE = Duration.ofHours(1);

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    /** For engines, which look after each other in a part of it. */
    private static final Duration SHORT_LEASE = Duration.ofSeconds(2);

    private final String database = newDatabase();
    private final List<AutoCloseable> opened = new ArrayList<>();

    private static String newDatabase() {
        try {
            return PostgresServer.newDatabase();
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private SharedStore store() {
        SharedStore store = JdbcStore.openShared(PostgresServer.source(database), LEASE);
        opened.add(store);
        return store;
    }

    private FlowScript engine() {
        FlowScript engine = FlowScript.builder()
                .store(JdbcStore.openShared(PostgresServer.url(database), SHORT_LEASE))
                .node(
                        "ask",
                        context -> context.answer() == null
                                ? Question.open().ask("?")
                                : Edge.of("ok", context.answer().data()))
                .workflow(WorkflowDefinition.of(Map.of("id", "w", "nodes", List.of("ask", "ask"))))
                .build();
        opened.add(engine);
        return engine;
    }

    @AfterEach
    void close() throws Exception {
        for (AutoCloseable each : opened) {
            each.close();
        }
    }

    private static List<Long> numbers(Execution execution) {
        return execution.events().read(Position.START, 1_000).stream()
                .map(RecordedEvent::seq)
                .toList();
    }

    @Test
    @DisplayName("shards are shared out, and each has one owner at a time; a new owner has a greater fence")
    void shards() {
        SharedStore one = store();
        Map<Integer, Long> all = one.renew().fences();
        assertThat(all).hasSize(SharedStore.SHARDS).containsValue(1L);
        SharedStore two = store();
        assertThat(two.renew().fences()).isEmpty();
        Set<Integer> surplus = one.renew().surplus();
        assertThat(surplus).hasSize(SharedStore.SHARDS / 2);
        one.release(surplus);
        Map<Integer, Long> half = two.renew().fences();
        assertThat(half.keySet()).isEqualTo(surplus);
        assertThat(half.values()).containsOnly(2L);
        Set<Integer> together = new HashSet<>(one.renew().fences().keySet());
        together.addAll(half.keySet());
        assertThat(together).hasSize(SharedStore.SHARDS);

        two.close();
        assertThat(one.renew().fences()).hasSize(SharedStore.SHARDS);
    }

    @Test
    @DisplayName(
            "when a member does not renew for a lease, another one gets its shards, and it can write nothing in them")
    void expired() throws SQLException {
        SharedStore one = store();
        long before = one.renew().fences().get(SharedStore.shardOf("x"));
        SharedStore two = store();
        assertThat(two.renew().fences()).isEmpty();
        Commit first = start("x", before);
        assertThat(one.commit(start("y", one.renew().fences().get(SharedStore.shardOf("y")))))
                .succeedsWithin(Duration.ofSeconds(10));
        // Leases end by the clock of the database. It is as if the members had renewed so much earlier.
        PostgresServer.sql(
                database,
                "UPDATE flowscript_member SET alive_until = alive_until - interval '"
                        + LEASE.plusSeconds(1).toSeconds() + " seconds'");
        assertThat(two.renew().fences()).hasSize(SharedStore.SHARDS);
        long after = two.renew().fences().get(SharedStore.shardOf("x"));
        assertThat(after).isGreaterThan(before);
        assertThat(one.renew().fences()).isEmpty();

        assertRefused(one.commit(first));
        assertRefused(two.commit(first));
        assertThat(two.find("x", 1)).isEmpty();
        assertThat(two.commit(start("x", after))).succeedsWithin(Duration.ofSeconds(10));
        assertThat(two.find("x", 1)).isPresent();
    }

    @Test
    @DisplayName("a member that was away until the others have deleted its rows comes back and writes")
    void awayForLong() throws SQLException {
        SharedStore one = store();
        one.renew();
        awayFor(Duration.ofDays(2));
        assertThat(one.commit(start("x", fence(one, "x")))).succeedsWithin(PATIENCE);
        assertThat(one.commit(start("y", fence(one, "y")))).succeedsWithin(PATIENCE);

        awayFor(Duration.ofDays(2));
        long fence = fence(one, "z");
        PostgresServer.endSessions(database);
        assertThat(one.commit(start("z", fence))).succeedsWithin(PATIENCE);
        assertThat(readAll("SELECT batch FROM flowscript_writer").lines()).containsExactly("3");
    }

    /** It is as if all members had gone so long ago, and another one had come since, and has cleaned up and gone. */
    private void awayFor(Duration time) throws SQLException {
        PostgresServer.sql(
                database,
                "UPDATE flowscript_member SET alive_until = now() - interval '" + time.toSeconds() + " seconds'");
        SharedStore other = store();
        assertThat(other.renew().fences()).hasSize(SharedStore.SHARDS);
        other.close();
    }

    @Test
    @DisplayName("a member that was away for less than a day still has the number of its last batch")
    void awayForAWhile() throws SQLException {
        SharedStore one = store();
        assertThat(one.commit(start("x", fence(one, "x")))).succeedsWithin(PATIENCE);
        awayFor(Duration.ofHours(23));
        assertThat(readAll("SELECT batch FROM flowscript_writer").lines()).containsExactly("1");
    }

    @Test
    @DisplayName("what a member had before another store had the database alone, it cannot write with; it gets it anew")
    void aloneInBetween() throws SQLException {
        SharedStore one = store();
        long before = fence(one, "x");
        PostgresServer.endSessions(database);
        JdbcStore.open(PostgresServer.source(database)).close();
        assertRefused(one.commit(start("x", before)));

        SharedStore two = store();
        assertThat(two.find("x", 1)).isEmpty();
        two.close();
        assertThatThrownBy(one::renew).as("its other connection was ended too").isInstanceOf(FlowScriptException.class);
        long after = fence(one, "x");
        assertThat(after).isGreaterThan(before);
        assertThat(one.commit(start("x", after))).succeedsWithin(PATIENCE);
    }

    private static long fence(SharedStore store, String executionId) {
        Map<Integer, Long> all = store.renew().fences();
        assertThat(all).hasSize(SharedStore.SHARDS);
        return all.get(SharedStore.shardOf(executionId));
    }

    private static void assertRefused(CompletionStage<?> commit) {
        assertThatThrownBy(() -> commit.toCompletableFuture().join())
                .cause()
                .isInstanceOfSatisfying(
                        FlowScriptException.class, e -> assertThat(e.code()).isEqualTo("shard_lost"));
    }

    private static Commit start(String id, long fence) {
        WorkflowDefinition definition = WorkflowDefinition.of(Map.of("id", "w", "nodes", List.of("ask")));
        ExecutionSnapshot snapshot = ExecutionSnapshot.builder()
                .executionId(id)
                .workflowId("w")
                .definitionHash(definition.hash())
                .createdAt(Instant.EPOCH)
                .epoch("e")
                .lastEventAt(Instant.EPOCH)
                .build();
        return new Commit(id, List.of(), snapshot, null, definition, 1, fence);
    }

    @Test
    @DisplayName("a command goes to the owner once, its reply to the sender once, and secrets in both are encrypted")
    void commands() throws Exception {
        SharedStore one = JdbcStore.openShared(PostgresServer.source(database), LEASE, TestKeys.cipher("k1"));
        SharedStore two = JdbcStore.openShared(PostgresServer.source(database), LEASE, TestKeys.cipher("k1"));
        opened.addAll(List.of(one, two));
        assertThat(one.renew().fences()).hasSize(SharedStore.SHARDS);
        assertThat(two.renew().fences()).isEmpty();
        Map<Integer, Long> all = one.renew().fences();
        one.exchange(all);
        two.exchange(Map.of());
        RemoteCommand command = new RemoteCommand("c1", "run-1", Value.of(Map.of("secret", "card 4111")));
        two.send(command);
        assertThat(one.exchange(all).commands()).containsExactly(command);
        assertThat(one.exchange(all).commands()).isEmpty();
        assertThat(two.exchange(Map.of()).replies()).isEmpty();
        assertThat(readAll("SELECT encode(content, 'escape') FROM flowscript_command"))
                .doesNotContain("4111");
        one.reply("c1", Value.of(Map.of("done", true))).toCompletableFuture().join();
        assertThat(two.exchange(Map.of()).replies()).containsEntry("c1", Value.of(Map.of("done", true)));
        assertThat(two.exchange(Map.of()).replies()).isEmpty();

        two.send(new RemoteCommand("c2", "run-1", Value.of("x")));
        two.withdraw("c2");
        assertThat(one.exchange(all).commands()).isEmpty();
        two.send(new RemoteCommand("c3", "run-1", Value.of("x")));
        assertThat(one.exchange(all).commands()).hasSize(1);
        one.close();
        assertThat(two.renew().fences()).hasSize(SharedStore.SHARDS);
        assertThat(two.exchange(two.renew().fences()).commands())
                .as("the new owner gets what has no reply")
                .hasSize(1);
    }

    @Test
    @DisplayName(
            "commands and replies that a process has no key for keep nothing else from it, and are told in the log once")
    void unreadable() throws Exception {
        SharedStore one = JdbcStore.openShared(PostgresServer.source(database), LEASE, TestKeys.cipher("k1"));
        SharedStore two = JdbcStore.openShared(PostgresServer.source(database), LEASE, TestKeys.cipher("k2", "k1"));
        opened.addAll(List.of(one, two));
        Map<Integer, Long> all = one.renew().fences();
        two.renew();
        Set<Integer> surplus = one.renew().surplus();
        one.release(surplus);
        Map<Integer, Long> ofTwo = two.renew().fences();
        Map<Integer, Long> ofOne = new HashMap<>(all);
        ofOne.keySet().removeAll(surplus);
        String here = idIn(ofOne);
        String there = idIn(ofTwo);
        one.exchange(ofOne);
        two.exchange(ofTwo);

        RemoteCommand readable = new RemoteCommand("c0", there, Value.of("x"));
        one.send(readable);
        two.send(new RemoteCommand("c1", here, Value.of("x")));
        assertThat(two.exchange(ofTwo).commands()).containsExactly(readable);
        two.reply("c0", Value.of("done")).toCompletableFuture().join();
        assertThat(two.commit(start(there, ofTwo.get(SharedStore.shardOf(there)))))
                .succeedsWithin(PATIENCE);
        try (LogCapture log = new LogCapture(CommandContents.class)) {
            SharedStore.News news = one.exchange(ofOne);
            assertThat(news.changes()).extracting(ExecutionChange::executionId).containsExactly(there);
            assertThat(news.commands()).isEmpty();
            assertThat(news.replies()).isEmpty();
            assertThat(one.exchange(ofOne).commands()).isEmpty();
            assertThat(log.records())
                    .hasSize(2)
                    .anySatisfy(record -> assertThat(record.getMessage()).contains("command of", here))
                    .anySatisfy(record -> assertThat(record.getMessage()).contains("reply of", there))
                    .allSatisfy(record -> assertThat(record.getThrown())
                            .isInstanceOfSatisfying(
                                    FlowScriptException.class,
                                    e -> assertThat(e.code()).isEqualTo("no_cipher_key")));
        }
    }

    private static String idIn(Map<Integer, Long> shards) {
        for (int i = 0; ; i++) {
            if (shards.containsKey(SharedStore.shardOf("run-" + i))) {
                return "run-" + i;
            }
        }
    }

    /** Counts statements, with the beginning and the end of each transaction. */
    private static <T> T counting(Class<T> type, Object target, AtomicInteger statements) {
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, (proxy, method, args) -> {
            if (method.getName().startsWith("execute")) {
                statements.incrementAndGet();
            } else if (method.getName().equals("commit")) {
                statements.addAndGet(2);
            }
            Object result;
            try {
                result = method.invoke(target, args);
            } catch (InvocationTargetException e) {
                throw e.getCause();
            }
            if (result instanceof PreparedStatement) {
                return counting(PreparedStatement.class, result, statements);
            }
            return result instanceof Statement ? counting(Statement.class, result, statements) : result;
        }));
    }

    @Test
    @DisplayName("an idle process costs the database less than five statements a second")
    void idle() throws Exception {
        store();
        AtomicInteger statements = new AtomicInteger();
        Duration lease = Duration.ofSeconds(10);
        try (Members members = new Members(
                () -> counting(Connection.class, PostgresServer.source(database).getConnection(), statements),
                "me",
                lease,
                new Envelope(null))) {
            members.renew();
            members.exchange(Map.of());
            statements.set(0);
            // What an engine does in one lease.
            for (int i = 0; i < 3; i++) {
                members.renew();
            }
            for (int i = 0; i < 5; i++) {
                assertThat(members.exchange(Map.of()).hasMore()).isFalse();
            }
            assertThat(statements.get()).isBetween(1, (int) (5 * lease.toSeconds()) - 1);
        }
    }

    /** Connections of which one tells what it has been told about the network. */
    private final class Watched implements PostgresDatabase.Connections {

        final List<Connection> opened = new CopyOnWriteArrayList<>();
        final List<Integer> closedWith = new CopyOnWriteArrayList<>();

        /** Whether the server answers when a connection is looked at. */
        volatile boolean answers = true;

        @Override
        public Connection open() throws SQLException {
            Connection connection = PostgresServer.source(database).getConnection();
            opened.add(connection);
            return (Connection) Proxy.newProxyInstance(
                    Connection.class.getClassLoader(), new Class<?>[] {Connection.class}, (proxy, method, args) -> {
                        if (method.getName().equals("close") && !connection.isClosed()) {
                            closedWith.add(connection.getNetworkTimeout());
                        }
                        if (method.getName().equals("isValid") && !answers) {
                            return false;
                        }
                        try {
                            return method.invoke(connection, args);
                        } catch (InvocationTargetException e) {
                            throw e.getCause();
                        }
                    });
        }

        int networkTimeout() throws SQLException {
            return opened.get(opened.size() - 1).getNetworkTimeout();
        }
    }

    @Test
    @DisplayName("no connection waits for a lost server for more than 30 seconds, and it goes back to a pool as it was")
    void networkTimeouts() throws Exception {
        store();
        Watched connections = new Watched();
        Members members = new Members(connections, "me", LEASE, new Envelope(null));
        members.renew();
        assertThat(connections.networkTimeout()).isEqualTo(30_000);
        members.close();
        assertThat(connections.closedWith).containsExactly(0);

        PostgresDatabase reading = PostgresDatabase.of(connections, "me", LEASE);
        Connection reader = reading.openReader();
        assertThat(connections.networkTimeout()).isEqualTo(30_000);
        reading.releaseReader(reader);
        try (Connection worker = reading.openWorker()) {
            assertThat(worker.getNetworkTimeout())
                    .as("goes through whole tables")
                    .isZero();
        }
        assertThat(connections.closedWith).containsOnly(0);
    }

    @Test
    @DisplayName("a listener whose connection was lost without a word connects again")
    void silentServer() {
        Watched connections = new Watched();
        AtomicInteger signals = new AtomicInteger();
        try (NewsListener listener = new NewsListener(connections, 50)) {
            listener.onNews(signals::incrementAndGet);
            listener.start();
            await().until(() -> signals.get() == 1);
            connections.answers = false;
            await().until(() -> signals.get() > 1);
            connections.answers = true;
            assertThat(connections.opened).hasSizeGreaterThan(1);
        }
    }

    private String readAll(String query) throws SQLException {
        try (var connection = PostgresServer.source(database).getConnection();
                var statement = connection.createStatement();
                var rows = statement.executeQuery(query)) {
            StringBuilder all = new StringBuilder();
            while (rows.next()) {
                all.append(rows.getString(1)).append('\n');
            }
            return all.toString();
        }
    }

    @Test
    @DisplayName("a store that has the database alone and stores that share it keep each other away")
    void alone() {
        store();
        assertThatThrownBy(() -> JdbcStore.open(PostgresServer.source(database)))
                .isInstanceOfSatisfying(
                        FlowScriptException.class, e -> assertThat(e.code()).isEqualTo("store_in_use"));
        opened.forEach(each -> ((SharedStore) each).close());
        JdbcStore single = JdbcStore.open(PostgresServer.source(database));
        opened.add(single);
        assertThatThrownBy(this::store)
                .isInstanceOfSatisfying(
                        FlowScriptException.class, e -> assertThat(e.code()).isEqualTo("store_in_use"));
    }

    @Test
    @DisplayName(
            "three engines: each hears all events of all executions in order and once, and answers those of the others")
    void threeEngines() {
        List<FlowScript> engines = List.of(engine(), engine(), engine());
        await().atMost(Duration.ofSeconds(30)).until(() -> {
            String shares = readAll("SELECT count(*) FROM flowscript_shard WHERE owner IS NOT NULL GROUP BY owner");
            return shares.lines().count() == 3;
        });
        List<Map<String, List<Long>>> heard = new ArrayList<>();
        for (FlowScript engine : engines) {
            Map<String, List<Long>> mine = new ConcurrentHashMap<>();
            heard.add(mine);
            engine.executions()
                    .listen(event -> mine.computeIfAbsent(event.executionId(), id -> new CopyOnWriteArrayList<>())
                            .add(event.seq()));
        }
        List<String> runs = new ArrayList<>();
        for (int i = 0; i < 60; i++) {
            runs.add(engines.get(i % 3).start("w", Map.of()).id());
        }
        for (int round = 0; round < 2; round++) {
            int closed = round;
            for (int i = 0; i < runs.size(); i++) {
                FlowScript other = engines.get((i + 1 + round) % 3);
                String id = runs.get(i);
                await().pollInterval(Duration.ofMillis(5)).until(() -> {
                    Execution now = other.executions().find(id).orElseThrow();
                    return now.status() == ExecutionStatus.PAUSED
                            && now.snapshot().closed().size() == closed;
                });
                Execution asked = other.executions().find(id).orElseThrow();
                Receipt receipt =
                        other.interactions().answer(asked.interactions().get(0).token(), i, AnswerOptions.NONE);
                assertThat(receipt).isInstanceOf(Receipt.Accepted.class);
            }
        }
        Map<String, List<Long>> all = new HashMap<>();
        for (String run : runs) {
            await().until(() ->
                    engines.get(0).executions().find(run).orElseThrow().status() == ExecutionStatus.COMPLETED);
            all.put(run, numbers(engines.get(0).executions().find(run).orElseThrow()));
        }
        for (Map<String, List<Long>> mine : heard) {
            await().untilAsserted(() -> assertThat(mine).isEqualTo(all));
        }
        assertThat(new ExecutionChange("x", true, 3, 5).then(new ExecutionChange("x", false, 5, 7)))
                .isEqualTo(new ExecutionChange("x", true, 3, 7));
    }
}
