package io.flowscript.store.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flowscript.core.FlowScriptException;
import io.flowscript.core.store.ExecutionStore;
import io.flowscript.testkit.store.StoreContract;
import io.flowscript.testkit.store.StoredRun;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("integration")
class PostgresStoreTest extends StoreContract {

    private final String database = newDatabase();

    private static String newDatabase() {
        try {
            return PostgresServer.newDatabase();
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    protected ExecutionStore open() {
        return JdbcStore.open(PostgresServer.url(database), TestKeys.cipher("k1"));
    }

    @Override
    protected boolean isForeign(Thread thread) {
        return super.isForeign(thread) || thread.getName().startsWith("PostgreSQL-JDBC-");
    }

    private static void assertRefused(String code, ThrowingCallable opening) {
        assertThatThrownBy(opening)
                .isInstanceOfSatisfying(
                        FlowScriptException.class, e -> assertThat(e.code()).isEqualTo(code));
    }

    private void sql(String command) throws SQLException {
        try (Connection connection = PostgresServer.source(database).getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(command);
        }
    }

    private long number(String query) throws SQLException {
        try (Connection connection = PostgresServer.source(database).getConnection();
                Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery(query)) {
            result.next();
            return result.getLong(1);
        }
    }

    @Test
    @DisplayName("A store is opened at a URL")
    void url() throws Exception {
        StoredRun run = new StoredRun("one");
        commit(run, 1);
        store().close();
        use(JdbcStore.open(PostgresServer.url(database)));
        commit(run, 1);
        assertStored(run);
    }

    @Test
    @DisplayName("When close returns, the threads of the store have ended")
    void threadsHaveEnded() {
        commit(new StoredRun("one"), 1);
        store().close();

        assertThat(Thread.getAllStackTraces().keySet())
                .filteredOn(Thread::isAlive)
                .extracting(Thread::getName)
                .noneMatch(name -> name.startsWith("flowscript-store-"));
    }

    @Test
    @DisplayName("A second store on the same tables is refused until the first one is closed")
    void secondStore() throws Exception {
        assertRefused("store_in_use", this::open);
        reopen();
    }

    @Test
    @DisplayName("Stores in different schemas of one database do not meet")
    void schemas() throws Exception {
        sql("CREATE SCHEMA other");
        try (ExecutionStore other = JdbcStore.open(PostgresServer.url(database) + "&currentSchema=other")) {
            StoredRun run = new StoredRun("one");
            await(other.commit(run.step()));
            assertThat(store().find("one", 0)).isEmpty();
        }
    }

    @Test
    @DisplayName("Tables of a later version are refused and stay as they are")
    void laterVersion() throws Exception {
        StoredRun run = new StoredRun("one");
        commit(run, 1);
        store().close();
        sql("UPDATE flowscript_schema SET version = " + (Schema.VERSION + 1));

        assertRefused("store_schema_newer", this::open);
        sql("UPDATE flowscript_schema SET version = " + Schema.VERSION);
        use(open());
        assertStored(run);
    }

    @Test
    @DisplayName("The store leaves a connection of a pool as it was: without a lock and in auto-commit mode")
    void locksEnd() throws Exception {
        commit(new StoredRun("one"), 1);
        assertThat(number("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'"))
                .isEqualTo(1);
        store().close();
        Awaitility.await()
                .untilAsserted(() -> assertThat(number("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'"))
                        .isZero());
    }

    @Test
    @DisplayName("A constraint that one change breaks fails that change alone, with store_failed")
    void constraint() throws Exception {
        sql("ALTER TABLE flowscript_execution ADD CHECK (id NOT LIKE 'bad%')");
        List<CompletionStage<?>> good = new ArrayList<>();
        List<CompletionStage<?>> bad = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            good.add(store().commit(new StoredRun("good-" + i).step()));
            bad.add(store().commit(new StoredRun("bad-" + i).step()));
        }
        for (CompletionStage<?> stage : good) {
            await(stage);
        }
        assertThat(bad).allSatisfy(stage -> assertThat(failure(stage)).isEqualTo("store_failed"));
        assertThat(all()).hasSize(50);
    }

    @Test
    @DisplayName("Sessions that are ended under load lose nothing, double nothing and fail nothing")
    void sessionsEnd() throws Exception {
        int rounds = 10;
        Random random = new Random(20_261_129);
        List<StoredRun> runs =
                IntStream.range(0, 50).mapToObj(i -> new StoredRun("run-" + i)).toList();
        List<Throwable> failures = new ArrayList<>();
        CountDownLatch ended = new CountDownLatch(runs.size());
        Load load = new Load(runs, ended, failures);
        load.start();
        for (int round = 0; round < rounds; round++) {
            long goal = load.stored() + 100 + random.nextInt(1_000);
            Awaitility.await().atMost(60, TimeUnit.SECONDS).until(() -> load.stored() >= goal);
            PostgresServer.endSessions(database);
        }
        long goal = load.stored() + 500;
        Awaitility.await().atMost(60, TimeUnit.SECONDS).until(() -> load.stored() >= goal);
        load.stop();
        assertThat(ended.await(60, TimeUnit.SECONDS)).isTrue();

        assertThat(failures).isEmpty();
        runs.forEach(this::assertStored);
        assertThat(number("SELECT count(*) FROM flowscript_execution")).isEqualTo(runs.size());
        assertThat(number("SELECT sum(last_seq - first_seq + 1) FROM flowscript_events"))
                .isEqualTo(runs.stream().mapToLong(run -> run.events().size()).sum());
    }

    /** Commits one step of each execution after the other. The completion thread of the store runs it. */
    private final class Load {

        private final List<StoredRun> runs;
        private final CountDownLatch ended;
        private final List<Throwable> failures;
        private volatile long stored;
        private volatile boolean stopped;

        Load(List<StoredRun> runs, CountDownLatch ended, List<Throwable> failures) {
            this.runs = runs;
            this.ended = ended;
            this.failures = failures;
        }

        void start() {
            runs.forEach(this::next);
        }

        private void next(StoredRun run) {
            if (stopped) {
                ended.countDown();
                return;
            }
            var unused = store().commit(run.step()).whenComplete((nothing, failure) -> {
                if (failure == null) {
                    count();
                    next(run);
                } else {
                    synchronized (failures) {
                        failures.add(failure);
                    }
                    ended.countDown();
                }
            });
        }

        private synchronized void count() {
            stored++;
        }

        synchronized long stored() {
            return stored;
        }

        void stop() {
            stopped = true;
        }
    }

    @Test
    @DisplayName("A store whose tables another one has taken over fails each commit and writes nothing")
    void takenOver() throws Exception {
        StoredRun run = new StoredRun("one");
        commit(run, 1);
        sql("UPDATE flowscript_writer SET owner = 'another'");
        StoredRun other = new StoredRun("two");
        assertThat(failure(store().commit(other.step()))).isEqualTo("store_failed");
        PostgresServer.endSessions(database);
        assertThat(failure(store().commit(new StoredRun("three").step()))).isEqualTo("store_failed");
        assertThat(all()).hasSize(1);
    }

    @Test
    @Tag("slow")
    @DisplayName("Closing ends although the database does not come back, and fails what is not written")
    void closingWithoutADatabase() throws Exception {
        commit(new StoredRun("one"), 1);
        PostgresServer.sql("ALTER DATABASE " + database + " ALLOW_CONNECTIONS false");
        PostgresServer.endSessions(database);
        CompletionStage<?> stage = store().commit(new StoredRun("two").step());
        store().close();
        assertThat(failure(stage)).isEqualTo("store_failed");
    }
}
