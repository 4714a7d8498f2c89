package io.flowscript.store.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import io.flowscript.core.store.StoredExecution;
import io.flowscript.core.testing.MemoryStore;
import io.flowscript.testkit.crash.HistoryCheck;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * I10 and I11 with real crashes: an engine in another process is killed again and again. Its executions are at many commits at
 * once. {@link SqliteCrashTest} and {@link PostgresCrashTest} go through all commits.
 *
 * <p>{@code -Dflowscript.crash.kills=100} kills it more often; {@code -Dflowscript.crash.seed=N} draws other moments.
 */
@Tag("slow")
@Timeout(value = 2, unit = TimeUnit.HOURS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class EngineCrashTest {

    private static final int KILLS = Integer.getInteger("flowscript.crash.kills", 2);
    private static final long SEED = Long.getLong("flowscript.crash.seed", 1);

    /** After so many kills, a new store is used. */
    private static final int KILLS_OF_A_STORE = 4;

    private static final int EXECUTIONS = 12;
    private static final int MAX_LINES = 1_500;

    @TempDir
    Path directory;

    /** Makes the URL of a new store. */
    private interface NewStore {
        String url(int number) throws Exception;
    }

    @Test
    @DisplayName("I10, I11: an engine that is killed at any moment, with SQLite")
    void sqlite() throws Exception {
        crash("sqlite", number -> "jdbc:sqlite:" + directory.resolve("store-" + number + ".db"));
    }

    @Test
    @DisplayName("I10, I11: an engine that is killed at any moment, with PostgreSQL")
    void postgres() throws Exception {
        crash("postgres", number -> PostgresServer.url(PostgresServer.newDatabase()));
    }

    private void crash(String name, NewStore stores) throws Exception {
        HistoryCheck check = HistoryCheck.like(uninterrupted());
        Random random = new Random(SEED);
        for (int number = 0, killed = 0; killed < KILLS; number++) {
            String url = stores.url(number);
            Path file = directory.resolve(name + "-" + number);
            for (int i = 0; i < KILLS_OF_A_STORE && killed < KILLS; i++, killed++) {
                runAndKillAfter(1 + random.nextInt(MAX_LINES), url, file);
            }
            EngineProcess.run(EngineProcess.open(url), file, EXECUTIONS, OutputStream.nullOutputStream());
            check(check, "-Dflowscript.crash.seed=" + SEED + ", store " + number, file, url);
        }
    }

    private static void check(HistoryCheck check, String when, Path file, String url) throws IOException {
        CrashLines.Content content = CrashLines.read(file);
        assertThat(content.wrong()).as(when).isEmpty();
        Map<String, StoredExecution> stored = new HashMap<>();
        try (JdbcStore store = JdbcStore.open(url)) {
            stored.putAll(AllExecutions.in(store));
        }
        assertThat(stored).as(when).hasSize(EXECUTIONS);
        for (int i = 0; i < EXECUTIONS; i++) {
            String id = "run-" + i;
            assertThat(check.check(id, content.observations(), stored.get(id)))
                    .as(when)
                    .isEmpty();
        }
    }

    /** Starts the process and kills it as soon as it has noted some lines, unless it has come to its end before. */
    private void runAndKillAfter(int count, String url, Path file) throws IOException, InterruptedException {
        Process process = EngineProcess.start(directory, url, file, EXECUTIONS);
        try (InputStream output = process.getInputStream()) {
            for (int seen = 0; output.read() >= 0; ) {
                if (++seen == count) {
                    process.toHandle().destroyForcibly();
                }
            }
        } finally {
            if (!process.waitFor(60, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        }
    }

    /** An execution that nothing interrupts. */
    private StoredExecution uninterrupted() throws Exception {
        MemoryStore store = new MemoryStore();
        EngineProcess.run(store, directory.resolve("uninterrupted"), 1, OutputStream.nullOutputStream());
        return store.reopen().find("run-0", Integer.MAX_VALUE).orElseThrow();
    }
}
