package io.flowscript.store.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flowscript.core.FlowScriptException;
import io.flowscript.core.store.ExecutionStore;
import io.flowscript.core.store.StoredExecution;
import io.flowscript.testkit.store.StoreContract;
import io.flowscript.testkit.store.StoredRun;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

class SqliteStoreTest extends StoreContract {

    @TempDir
    Path directory;

    @Override
    protected ExecutionStore open() {
        return JdbcStore.open(file(), TestKeys.cipher("k1"));
    }

    private Path file() {
        return directory.resolve("new").resolve("store.db");
    }

    private static void assertRefused(String code, ThrowingCallable opening) {
        assertThatThrownBy(opening)
                .isInstanceOfSatisfying(
                        FlowScriptException.class, e -> assertThat(e.code()).isEqualTo(code));
    }

    private void sql(String command) throws Exception {
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file());
                Statement statement = connection.createStatement()) {
            statement.execute(command);
        }
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
    @DisplayName("A second store on the same file is refused, by any path, until the first one is closed")
    void secondStore() throws Exception {
        Path link = Files.createSymbolicLink(directory.resolve("link.db"), file());
        for (int i = 0; i < 3; i++) {
            assertRefused("store_in_use", this::open);
            assertRefused("store_in_use", () -> JdbcStore.open(link));
            assertRefused("store_in_use", () -> JdbcStore.open("jdbc:sqlite:" + file()));
        }
        store().close();
        use(JdbcStore.open(link));
        assertRefused("store_in_use", this::open);
    }

    @Test
    @DisplayName("A store in another process is refused, and opens when the process was killed")
    void otherProcess() throws Exception {
        store().close();
        Process other = CommittingProcess.start(file(), 1, 1);
        try {
            assertThat(other.inputReader().readLine()).isNotNull();
            assertRefused("store_in_use", this::open);
        } finally {
            other.destroyForcibly().waitFor(60, TimeUnit.SECONDS);
        }
        use(open());
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
    @DisplayName("A file that is no database is refused with store_failed, and is no longer locked then")
    void noDatabase() throws Exception {
        Path text = Files.writeString(directory.resolve("text"), "no database ".repeat(1_000));
        for (int i = 0; i < 2; i++) {
            assertRefused("store_failed", () -> JdbcStore.open(text));
        }
        assertRefused("store_failed", () -> JdbcStore.open(directory));
        assertRefused("store_failed", () -> JdbcStore.open("jdbc:sqlite::memory:"));
        assertRefused("store_failed", () -> JdbcStore.open("jdbc:sqlite:"));
        assertRefused("store_failed", () -> JdbcStore.open(directory.resolve("a?b")));
    }

    @Test
    @Tag("slow")
    @DisplayName("The writer waits while the database is busy, and loses nothing")
    void busy() throws Exception {
        StoredRun run = new StoredRun("one");
        commit(run, 1);
        CompletionStage<?> stage;
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file());
                Statement statement = connection.createStatement()) {
            statement.execute("BEGIN IMMEDIATE");
            stage = store().commit(run.step());
            // Longer than the busy timeout, so that the writer itself has to try again.
            Awaitility.await()
                    .pollDelay(6, TimeUnit.SECONDS)
                    .atMost(30, TimeUnit.SECONDS)
                    .until(() -> !stage.toCompletableFuture().isDone());
            statement.execute("ROLLBACK");
        }
        await(stage);
        assertStored(run);
    }

    @Test
    @DisplayName("The writer waits while the disk is full, and loses nothing")
    void full() throws Exception {
        StoredRun run = new StoredRun("one");
        commit(run, 1);
        store().close();
        TroubledSqlite limited = new TroubledSqlite(file());
        limited.limit(true);
        use(new JdbcStore(limited, null));
        StoredRun large = new StoredRun("large").put("large", "y".repeat(1_000_000));
        CompletionStage<?> stage = store().commit(large.step());
        Awaitility.await().until(limited::wasFull);
        assertThat(stage.toCompletableFuture()).isNotDone();
        limited.limit(false);
        await(stage);
        assertStored(large);
        assertStored(run);
    }

    @Test
    @DisplayName(
            "A commit whose answer is lost is written once: a first one, events, a snapshot alone, a removal, a refusal")
    void lostAnswers() throws Exception {
        commit(new StoredRun("taken"), 1);
        store().close();
        TroubledSqlite troubled = new TroubledSqlite(file());
        use(new JdbcStore(troubled, null));
        StoredRun run = new StoredRun("one");
        List<Supplier<CompletionStage<?>>> commits = List.of(
                () -> store().commit(run.step()),
                () -> store().commit(run.step()),
                () -> store().commit(run.emit(2)),
                () -> store().commit(run.quietStep()));
        for (Supplier<CompletionStage<?>> commit : commits) {
            troubled.loseAnswers(2);
            await(commit.get());
            assertThat(troubled.answersToLose()).isZero();
            assertStored(run);
        }
        troubled.loseAnswers(1);
        assertThat(failure(store().commit(new StoredRun("taken").step()))).isEqualTo("execution_exists");
        troubled.loseAnswers(1);
        await(store().remove("taken"));
        assertThat(all()).hasSize(1);
    }

    @Test
    @DisplayName("A constraint that one change breaks fails that change alone, with store_failed")
    void constraint() throws Exception {
        sql("CREATE TRIGGER broken BEFORE INSERT ON flowscript_execution WHEN new.id LIKE 'bad%'"
                + " BEGIN SELECT raise(ABORT, 'broken by the test'); END");
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
    @DisplayName("An execution that was removed and started again under the same id has a row of its own")
    void startedAgain() {
        StoredRun before = new StoredRun("one");
        commit(before, 3);
        await(store().remove("one"));
        assertThat(failure(store().commit(before.step()))).isEqualTo("store_failed");

        StoredRun again = new StoredRun("one");
        commit(again, 3);

        assertStored(again);
        assertThat(all()).hasSize(1);
    }

    @Test
    @DisplayName(
            "When a batch fails, the places of its rows are those of before: its other changes and all later ones follow")
    void rowsOfAFailedBatch() throws Exception {
        List<StoredRun> good = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            good.add(new StoredRun("good-" + i));
            commit(good.get(i), 1);
        }
        for (int round = 0; round < 5; round++) {
            StoredRun bad = new StoredRun("bad-" + round);
            commit(bad, 1);
            sql("CREATE TRIGGER broken BEFORE INSERT ON flowscript_events WHEN new.execution ="
                    + " (SELECT number FROM flowscript_execution WHERE id = '" + bad.id() + "')"
                    + " BEGIN SELECT raise(ABORT, 'broken by the test'); END");
            List<CompletionStage<?>> stages = new ArrayList<>();
            CompletionStage<?> broken = null;
            for (int i = 0; i < good.size(); i++) {
                stages.add(store().commit(good.get(i).step()));
                if (i == good.size() / 2) {
                    broken = store().commit(bad.step());
                }
            }
            for (CompletionStage<?> stage : stages) {
                await(stage);
            }
            assertThat(failure(broken)).isEqualTo("store_failed");
            sql("DROP TRIGGER broken");
        }
        for (StoredRun run : good) {
            commit(run, 1);
            assertStored(run);
        }
    }

    @Test
    @DisplayName("Of more executions than the writer knows the rows of, each goes on")
    void moreThanAreKnown() {
        StoredRun first = new StoredRun("first");
        commit(first, 2);
        List<CompletionStage<?>> starts = new ArrayList<>();
        for (int i = 0; i < SqliteTransaction.KNOWN; i++) {
            starts.add(store().commit(new StoredRun("other-" + i).step()));
        }
        starts.forEach(this::await);

        commit(first, 2);

        assertStored(first);
    }

    @Test
    @Timeout(30)
    @DisplayName("A row of events that is damaged so that it follows itself ends the reading, and the removal")
    void rowsInACircle() throws Exception {
        StoredRun run = new StoredRun("one");
        commit(run, 4);
        sql("UPDATE flowscript_events SET previous = number WHERE number = 3");
        sql("DELETE FROM flowscript_events_mark");

        StoredExecution found = store().find("one", 100).orElseThrow();
        assertThat(found.events()).isNotEmpty();
        assertThat(found.events().get(found.events().size() - 1).seq())
                .isEqualTo(found.snapshot().seq());
        await(store().remove("one"));

        assertThat(all()).isEmpty();
    }

    @Test
    @DisplayName("A damaged execution is named")
    void damaged() throws Exception {
        commit(new StoredRun("one"), 1);
        sql("UPDATE flowscript_execution SET snapshot = x'00'");

        assertThatThrownBy(() -> store().find("one", 1))
                .isInstanceOf(FlowScriptException.class)
                .hasMessageContaining("Execution one cannot be read")
                .extracting(e -> ((FlowScriptException) e).code())
                .isEqualTo("store_failed");
    }
}
