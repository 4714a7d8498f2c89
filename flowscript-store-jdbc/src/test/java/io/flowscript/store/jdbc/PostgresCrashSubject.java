package io.flowscript.store.jdbc;

import static org.awaitility.Awaitility.await;

import io.flowscript.core.FlowScriptException;
import io.flowscript.core.store.Commit;
import io.flowscript.core.store.ExecutionStore;
import io.flowscript.store.jdbc.CuttingSockets.Cut;
import io.flowscript.testkit.crash.CrashSubject;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * A database of PostgreSQL. The connections of a killed process are cut, and it opens no other one. When it is killed or
 * disturbed while it writes, a connection is cut, or a process of the server is ended, at a commit.
 */
final class PostgresCrashSubject implements CrashSubject {

    private static final String EMPTY =
            "TRUNCATE flowscript_execution, flowscript_events, flowscript_value, flowscript_definition";

    private static final String END_WRITER =
            "SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory'"
                    + " AND granted AND database = (SELECT oid FROM pg_database WHERE datname = current_database())";

    private static final List<Cut> CUTS = List.of(Cut.values());

    private final Queue<String> unused;
    private final String database;
    private final CuttingSockets.Line line;
    private Client running;

    /**
     * Creates a place.
     *
     * @param unused the names of databases that were used and are empty; the place takes one and gives it back
     * @param cuts counts what happened to commits
     */
    PostgresCrashSubject(Queue<String> unused, Map<Cut, Integer> cuts) throws SQLException {
        this.unused = unused;
        String known = unused.poll();
        database = known == null ? PostgresServer.newDatabase() : known;
        line = new CuttingSockets.Line(database, this::endWriter, cuts);
    }

    /** The session of the writer has the lock. */
    private void endWriter() {
        try {
            PostgresServer.sql(database, END_WRITER);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public ExecutionStore open() {
        line.takeBack();
        Client client = new Client(PostgresServer.url(database) + "&" + line.parameters());
        running = client;
        // The server may not know yet that the process before is gone.
        return await().atMost(Duration.ofSeconds(PATIENCE_SECONDS))
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(5))
                .ignoreExceptionsMatching(thrown ->
                        thrown instanceof FlowScriptException e && e.code().equals("store_in_use"))
                .until(
                        () -> new JdbcStore(
                                PostgresDatabase.of(
                                        client::connect, UUID.randomUUID().toString(), null),
                                null),
                        store -> true);
    }

    /** The connections of a process: a pool without a limit, which is empty for good when the process was killed. */
    private static final class Client {

        private final String url;
        private final Queue<Connection> idle = new ConcurrentLinkedQueue<>();
        private volatile boolean killed;

        Client(String url) {
            this.url = url;
        }

        void kill() {
            killed = true;
        }

        Connection connect() throws SQLException {
            if (killed) {
                throw new IllegalStateException("The process was killed");
            }
            Connection pooled = idle.poll();
            Connection connection = pooled == null ? DriverManager.getConnection(url) : pooled;
            return (Connection) Proxy.newProxyInstance(
                    Connection.class.getClassLoader(),
                    new Class<?>[] {Connection.class},
                    (proxy, method, arguments) -> {
                        if (method.getName().equals("close")) {
                            if (!connection.isClosed()) {
                                idle.add(connection);
                            }
                            return null;
                        }
                        try {
                            return method.invoke(connection, arguments);
                        } catch (InvocationTargetException e) {
                            throw e.getCause();
                        }
                    });
        }
    }

    @Override
    public void kill(ExecutionStore store) {
        running.kill();
        line.cutAll();
        store.close();
    }

    @Override
    public void killWhileWriting(ExecutionStore store, List<Commit> commits, Random random) {
        cutNext(random, running::kill);
        List<? extends CompletableFuture<?>> stages = commits.stream()
                .map(store::commit)
                .map(CompletionStage::toCompletableFuture)
                .toList();
        // All of them end: those that were written, and those for which there is no connection any more.
        CompletableFuture.allOf(stages.toArray(CompletableFuture[]::new))
                .exceptionally(thrown -> null)
                .join();
        line.takeBack();
        kill(store);
    }

    @Override
    public void disturb(ExecutionStore store, Random random) {
        cutNext(random, () -> {});
    }

    private void cutNext(Random random, Runnable before) {
        line.cutNext(CUTS.get(random.nextInt(CUTS.size())), before);
    }

    @Override
    public void close() {
        try {
            line.close();
            PostgresServer.sql(database, EMPTY);
            unused.add(database);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }
}
