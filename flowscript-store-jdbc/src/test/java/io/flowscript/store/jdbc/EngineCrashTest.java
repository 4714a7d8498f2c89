package io.flowscript.store.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import io.flowscript.core.Identity;
import io.flowscript.core.engine.Execution;
import io.flowscript.core.engine.FlowScript;
import io.flowscript.core.interaction.AnswerOptions;
import io.flowscript.core.interaction.Interaction;
import io.flowscript.core.runtime.ExecutionContext;
import io.flowscript.core.snapshot.ExecutionResult;
import io.flowscript.core.snapshot.ExecutionStatus;
import io.flowscript.core.store.StoredExecution;
import io.flowscript.store.jdbc.CrashLines.Kind;
import io.flowscript.store.jdbc.CrashLines.Line;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** I10 and I11 with real crashes: an engine in another process is killed again and again, and is not to be seen to have been. */
@Tag("slow")
@Timeout(value = 10, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class EngineCrashTest {

    private static final int SEEDS = Integer.getInteger("flowscript.crash.seeds", 10);
    private static final long FIRST_SEED = Long.getLong("flowscript.crash.seed", 1);

    private static final int EXECUTIONS = 6;
    private static final int MAX_KILLS = 3;
    private static final int MAX_LINES = 600;

    @TempDir
    Path directory;

    @Test
    @DisplayName("I10, I11: an engine that is killed at any moment, with SQLite")
    void sqlite() throws Exception {
        Map<String, Object> expected = uninterrupted();
        for (long seed = FIRST_SEED; seed < FIRST_SEED + SEEDS; seed++) {
            String url = "jdbc:sqlite:" + directory.resolve("store-" + seed + ".db");
            crash(seed, url, expected);
        }
    }

    @Test
    @DisplayName("I10, I11: an engine that is killed at any moment, with PostgreSQL")
    void postgres() throws Exception {
        Map<String, Object> expected = uninterrupted();
        for (long seed = FIRST_SEED; seed < FIRST_SEED + Math.max(1, SEEDS / 4); seed++) {
            crash(seed, PostgresServer.url(PostgresServer.newDatabase()), expected);
        }
    }

    private void crash(long seed, String url, Map<String, Object> expected) throws Exception {
        Random random = new Random(seed);
        Path file = directory.resolve("lines-" + seed + "-" + url.substring(5, 8));
        int kills = 0;
        int planned = 1 + random.nextInt(MAX_KILLS);
        for (int i = 0; i < planned; i++) {
            kills += runAndKillAfter(1 + random.nextInt(MAX_LINES), url, file) ? 1 : 0;
        }
        runAndKillAfter(Integer.MAX_VALUE, url, file);

        String when = "-Dflowscript.crash.seed=" + seed + " -Dflowscript.crash.seeds=1, " + kills + " kills, " + url;
        List<Line> lines = CrashLines.read(file);
        assertThat(lines).as(when).noneMatch(line -> line.kind() == Kind.WRONG);
        assertThat(lines.get(lines.size() - 1).kind()).as(when).isEqualTo(Kind.DONE);
        assertThat(kills).as(when).isPositive();
        Map<String, StoredExecution> stored = stored(url);
        assertThat(stored).as(when).hasSize(EXECUTIONS);
        for (int i = 0; i < EXECUTIONS; i++) {
            String id = "run-" + i;
            assertThat(stored).as(when).containsKey(id);
            new CrashHistory(when, linesOf(id, lines), stored.get(id)).check(expected);
        }
    }

    private static List<Line> linesOf(String id, List<Line> lines) {
        return lines.stream()
                .filter(line -> !line.fields().isEmpty() && line.at(0).equals(id))
                .toList();
    }

    private static Map<String, StoredExecution> stored(String url) {
        Map<String, StoredExecution> stored = new LinkedHashMap<>();
        try (JdbcStore store = JdbcStore.open(url)) {
            stored.putAll(AllExecutions.in(store));
        }
        return stored;
    }

    /**
     * Starts the process and kills it as soon as it has noted some lines.
     *
     * @return whether it was killed; false when it came to its end before
     */
    private boolean runAndKillAfter(int count, String url, Path file) throws IOException, InterruptedException {
        Process process = EngineProcess.start(directory, url, file, EXECUTIONS);
        boolean killed = false;
        try (InputStream output = process.getInputStream()) {
            for (int seen = 0; output.read() >= 0; ) {
                if (++seen == count) {
                    process.toHandle().destroyForcibly();
                    killed = true;
                }
            }
        } finally {
            if (!process.waitFor(60, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        }
        return killed && process.exitValue() != 0;
    }

    /** The state that an execution has at its end when nothing happens to it, without answers. */
    private static Map<String, Object> uninterrupted() throws Exception {
        try (FlowScript flows = CrashWorkflow.engine(new Unwatched()).build()) {
            flows.executions().onInteraction(execution -> {
                for (Interaction open : execution.interactions()) {
                    flows.interactions().answer(open.token(), "yes", AnswerOptions.by(Identity.of("ada")));
                }
            });
            Execution execution = flows.start(CrashWorkflow.ID, Map.of());
            ExecutionResult end = execution.result().get(30, TimeUnit.SECONDS);
            assertThat(end.status()).as(end.toString()).isEqualTo(ExecutionStatus.COMPLETED);
            return CrashHistory.withoutAnswers(end.state());
        }
    }

    private static final class Unwatched implements CrashWorkflow.Watch {

        @Override
        public void called(ExecutionContext context, String stage) {}

        @Override
        public void finishes(ExecutionContext context, String stage, String outcome) {}
    }
}
