package io.flowscript.store.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import io.flowscript.store.jdbc.SqliteCrashSubject.Tail;
import io.flowscript.testkit.crash.CrashSchedules;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("slow")
class SqliteCrashTest {

    private static final int SCHEDULES = 60;

    /** A directory in memory, where the system has one: what a killed process leaves is the same there, and comes sooner. */
    private static final Path MEMORY = Path.of("/dev/shm");

    @TempDir
    Path onDisk;

    @Test
    @DisplayName(
            "I10, I11: an engine on SQLite is killed at every commit, with a whole, a missing and a torn end of the log")
    void crashes() {
        Path directory = Files.isWritable(MEMORY) ? MEMORY : onDisk;
        Map<Tail, Integer> tails = new ConcurrentHashMap<>();
        Map<String, Integer> counts = CrashSchedules.of(() -> new SqliteCrashSubject(directory, tails))
                .play(SCHEDULES);

        if (counts.get("schedules") > SCHEDULES) {
            System.out.println(counts + ", " + tails);
        }
        if (counts.get("schedules") >= SCHEDULES) {
            assertThat(tails).as("what was left of the log").containsKeys(Tail.values());
        }
    }
}
