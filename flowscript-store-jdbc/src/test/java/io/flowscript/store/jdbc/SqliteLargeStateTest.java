package io.flowscript.store.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import io.flowscript.core.store.Commit;
import io.flowscript.core.store.ExecutionStore;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("integration")
class SqliteLargeStateTest extends LargeStates {

    @TempDir
    Path directory;

    private Path file() {
        return directory.resolve("store.db");
    }

    @Override
    ExecutionStore open() {
        return JdbcStore.open(file());
    }

    @Override
    Connection connect() throws SQLException {
        return DriverManager.getConnection("jdbc:sqlite:" + file());
    }

    @Override
    void noteWrites() throws SQLException {
        sql("CREATE TABLE noted (kind TEXT, bytes INTEGER)");
        String value = " ON flowscript_value BEGIN INSERT INTO noted VALUES ('value', length(new.value)); END";
        sql("CREATE TRIGGER value_inserted AFTER INSERT" + value);
        sql("CREATE TRIGGER value_updated AFTER UPDATE" + value);
        sql("CREATE TRIGGER snapshot_updated AFTER UPDATE OF snapshot ON flowscript_execution"
                + " BEGIN INSERT INTO noted VALUES ('snapshot', length(new.snapshot)); END");
    }

    @Test
    @DisplayName("Values are written once when the answer to a commit is lost")
    void lostAnswers() throws Exception {
        store().close();
        TroubledSqlite troubled = new TroubledSqlite(file());
        use(new JdbcStore(troubled, null));
        LargeRun run = new LargeRun("one");
        commit(run.step());
        for (Commit commit : eachWay(run)) {
            troubled.loseAnswers(2);
            commit(commit);
            assertThat(troubled.answersToLose()).isZero();
            assertThat(find("one").equals(commit.snapshot())).isTrue();
        }
    }

    @Test
    @DisplayName("A value that cannot be written fails its change alone, and the others of the batch are whole")
    void brokenValue() throws Exception {
        sql("CREATE TRIGGER broken BEFORE INSERT ON flowscript_value WHEN length(new.value) > 20000"
                + " BEGIN SELECT raise(ABORT, 'broken by the test'); END");
        List<LargeRun> runs = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            LargeRun run = new LargeRun("run-" + i).put("value", "y".repeat(9_000));
            commit(run.step());
            runs.add(run);
        }
        List<CompletionStage<?>> stages = new ArrayList<>();
        for (int i = 0; i < runs.size(); i++) {
            runs.get(i).put("value", "z".repeat(i % 4 == 0 ? 30_000 : 10_000));
            stages.add(store().commit(runs.get(i).step()));
        }
        for (int i = 0; i < runs.size(); i++) {
            CompletionStage<?> stage = stages.get(i);
            if (i % 4 == 0) {
                Assertions.assertThatThrownBy(() -> stage.toCompletableFuture().get(60, TimeUnit.SECONDS))
                        .isInstanceOf(ExecutionException.class);
                assertThat(find("run-" + i).state()).containsEntry("value", "y".repeat(9_000));
            } else {
                stage.toCompletableFuture().get(60, TimeUnit.SECONDS);
                assertStored(runs.get(i));
            }
        }
    }
}
