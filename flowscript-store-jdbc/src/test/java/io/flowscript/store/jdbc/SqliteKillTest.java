package io.flowscript.store.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import io.flowscript.core.event.RecordedEvent;
import io.flowscript.core.store.StoredExecution;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("slow")
class SqliteKillTest {

    private static final int ROUNDS = Integer.getInteger("flowscript.crash.kills", 2);
    private static final int RUNS = 8;

    @TempDir
    Path directory;

    @Test
    @DisplayName("What was acknowledged is there after kill -9, without a hole: again and again on one file")
    void killed() throws Exception {
        long seed = 20_261_129;
        Random random = new Random(seed);
        Path file = directory.resolve("store.db");
        Map<String, Long> acknowledged = new HashMap<>();
        for (int round = 0; round < ROUNDS; round++) {
            killAfter(1 + random.nextInt(4_000), file, round, acknowledged);

            assertStored(file, acknowledged, "seed " + seed + ", round " + round);
        }
        assertThat(acknowledged).hasSizeGreaterThan(ROUNDS);
    }

    private static void assertStored(Path file, Map<String, Long> acknowledged, String when) {
        Map<String, StoredExecution> found = new HashMap<>();
        try (JdbcStore store = JdbcStore.open(file)) {
            found.putAll(AllExecutions.in(store));
        }
        assertThat(found.keySet()).as(when).containsAll(acknowledged.keySet());
        found.forEach((id, execution) -> assertThat(
                        execution.events().stream().map(RecordedEvent::seq).toList())
                .as("%s, %s", when, id)
                .hasSizeGreaterThanOrEqualTo(acknowledged.getOrDefault(id, 0L).intValue())
                .isEqualTo(LongStream.rangeClosed(1, execution.snapshot().seq())
                        .boxed()
                        .toList()));
    }

    /** Kills a process after some lines, and notes what it has acknowledged, up to the last whole line. */
    private static void killAfter(int lines, Path file, int round, Map<String, Long> acknowledged)
            throws IOException, InterruptedException {
        Process process = CommittingProcess.start(file, round, RUNS);
        try (BufferedReader output = process.inputReader()) {
            StringBuilder line = new StringBuilder();
            int seen = 0;
            for (int next = output.read(); next >= 0; next = output.read()) {
                if (next == '\n') {
                    int space = line.indexOf(" ");
                    acknowledged.put(line.substring(0, space), Long.valueOf(line.substring(space + 1)));
                    line.setLength(0);
                    if (++seen == lines) {
                        process.toHandle().destroyForcibly();
                    }
                } else {
                    line.append((char) next);
                }
            }
            assertThat(seen).isGreaterThanOrEqualTo(lines);
        } finally {
            process.destroyForcibly();
            assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        }
    }
}
