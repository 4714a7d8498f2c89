package io.flowscript.testkit.fault;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Clients that keep only their positions, on connections that fail in every way, over whatever way of following there is, while executions come, emit
 * and end, and listeners, bridges and engines are started again, some with a store that outlives them. All of it is drawn from a seed and plays the same each time.
 *
 * <p>{@code -Dflowscript.fault.schedules=100000} goes through more of them; {@code -Dflowscript.fault.seed=N} repeats one.
 */
@Timeout(7_200)
@Tag("slow")
class MemoryScheduleTest {

    private static final int SCHEDULES = Integer.getInteger("flowscript.fault.schedules", 500);
    private static final Long SEED = Long.getLong("flowscript.fault.seed");

    @Test
    @DisplayName(
            "I1, I2: whatever faults connections, listeners, bridges and engines suffer, no event is lost, doubled or reordered, and every hole is announced")
    void everySchedule() {
        Map<String, Integer> seen = new TreeMap<>();
        long first = SEED == null ? 1 : SEED;
        long last = SEED == null ? SCHEDULES : SEED;
        for (long seed = first; seed <= last; seed++) {
            play(seed, seen);
        }
        if (SEED == null && SCHEDULES >= 1_000) {
            List<String> kinds = new ArrayList<>(List.of(
                    "listener restarted",
                    "bridge restarted",
                    "engine restarted",
                    "engine restarted with its store",
                    "visit LINES",
                    "visit SINGLE",
                    "visit POLL",
                    "visit STREAM",
                    "ended by the bridge with 1001",
                    "ended by the bridge with 4408",
                    "ended by the bridge with 4409",
                    "events",
                    "holes",
                    "skips",
                    "marks",
                    "filtered",
                    "conflated",
                    "followed all",
                    "followed a workflow",
                    "joined in the middle",
                    "joined from the first"));
            for (Fault fault : Fault.values()) {
                if (fault != Fault.IDLE) {
                    kinds.add("fault " + fault);
                }
            }
            assertThat(seen).as("what befell the clients").containsKeys(kinds.toArray(String[]::new));
            kinds.forEach(kind -> assertThat(seen.get(kind))
                    .as(kind + " often enough, of " + seen)
                    .isGreaterThan(SCHEDULES / 50));
        }
    }

    @Test
    @DisplayName("A seed always produces the same schedule, to the last message")
    void isRepeated() {
        for (long seed = 1; seed <= 40; seed++) {
            assertThat(play(seed, new TreeMap<>())).as("seed " + seed).isEqualTo(play(seed, new TreeMap<>()));
        }
    }

    /** {@return what happened, message by message} */
    private static List<String> play(long seed, Map<String, Integer> seen) {
        try (MemorySchedule schedule = new MemorySchedule(seed, seen)) {
            try {
                schedule.play();
                return schedule.story();
            } catch (AssertionError | RuntimeException e) {
                throw new AssertionError(
                        "seed " + seed + "; repeat it with -Dflowscript.fault.seed=" + seed + "\n" + schedule, e);
            }
        }
    }
}
