package io.flowscript.store.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import io.flowscript.store.jdbc.CuttingSockets.Cut;
import io.flowscript.testkit.crash.CrashSchedules;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("slow")
class PostgresCrashTest {

    private static final int SCHEDULES = 60;

    @Test
    @DisplayName(
            "I10, I11: an engine on PostgreSQL is killed at every commit, with connections that are cut and sessions that are ended in mid-commit")
    void crashes() {
        Queue<String> databases = new ConcurrentLinkedQueue<>();
        Map<Cut, Integer> cuts = new ConcurrentHashMap<>();
        Map<String, Integer> counts = CrashSchedules.of(() -> new PostgresCrashSubject(databases, cuts))
                .play(SCHEDULES);

        if (counts.get("schedules") > SCHEDULES) {
            System.out.println(counts + ", " + cuts);
        }
        if (counts.get("schedules") >= SCHEDULES) {
            assertThat(cuts).as("what happened to commits").containsKeys(Cut.values());
        }
    }
}
