package io.flowscript.testkit.crash;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flowscript.core.store.ExecutionStore;
import io.flowscript.core.testing.MemoryStore;
import io.flowscript.testkit.crash.CrashSchedules.Models;
import io.flowscript.testkit.crash.PlannedCrash.Moment;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Tag("integration")
class CrashSchedulesTest {

    private static final Models MODELS = Models.play();
    private static final int SEEDS = 100;

    @Test
    @DisplayName("I10, I11: an engine on a store in memory is killed at every commit, and nobody can tell")
    void memory() {
        Map<String, Integer> counts = CrashSchedules.of(MemorySubject::new).play(MODELS.points() * 3);

        if (counts.get("schedules") >= MODELS.points() * 3) {
            assertThat(counts.get("crashes")).isGreaterThanOrEqualTo(counts.get("schedules"));
            for (Moment moment : Moment.values()) {
                assertThat(counts).as("crashes of each kind").containsKey("crashes " + moment);
            }
            assertThat(counts).containsKeys("SYNC", "ASYNC", "restarts", "calls interrupted", "questions withdrawn");
            assertThat(counts.keySet())
                    .as("commits and moments of a first crash")
                    .filteredOn(what -> what.startsWith("first at"))
                    .hasSizeGreaterThan(MODELS.points() * 2);
        }
    }

    @Test
    @DisplayName("The workflow has 20 nodes and more than 40 commits")
    void workflow() {
        assertThat(MODELS.byWorkflow().get(CrashWorkflows.TOUR).snapshot().visits())
                .isEqualTo(27);
        assertThat(MODELS.points()).isGreaterThan(40);
    }

    @Test
    @DisplayName("A seed plays the same schedule each time")
    void isRepeated() throws Exception {
        for (long seed = 1; seed <= 10; seed++) {
            assertThat(observed(seed)).isEqualTo(observed(seed));
        }
    }

    private static List<Observation> observed(long seed) throws Exception {
        CrashSchedule schedule = new CrashSchedule(seed, new MemorySubject(), MODELS.points());
        var unused = schedule.play();
        return schedule.observations();
    }

    @ParameterizedTest
    @EnumSource(StoreFault.class)
    @DisplayName("A store with a fault is found by the rule for it, and one without is not")
    void findsFaults(StoreFault fault) throws Exception {
        Set<HistoryRule> found = EnumSet.noneOf(HistoryRule.class);
        for (long seed = 1; seed <= SEEDS && !found.contains(fault.rule()); seed++) {
            CrashSchedule schedule = new CrashSchedule(seed, new SloppySubject(fault), MODELS.points());
            schedule.check(schedule.play(), MODELS.byWorkflow()).forEach(wrong -> found.add(wrong.rule()));
        }
        if (fault == StoreFault.NONE) {
            assertThat(found).isEmpty();
        } else {
            assertThat(found).contains(fault.rule());
        }
    }

    @Test
    @DisplayName("A failure tells the rule, the seed and what happened")
    void failureTells() {
        assertThatThrownBy(() -> CrashSchedules.of(() -> new SloppySubject(StoreFault.LOSES_THE_LAST_COMMIT))
                        .play(SEEDS))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("-Dflowscript.crash.seed=")
                .hasMessageContaining(HistoryRule.SEEN_STAYS + " of run-")
                .hasMessageContaining("PlannedCrash[");
    }

    private static final class MemorySubject implements CrashSubject {

        private MemoryStore store = new MemoryStore();

        @Override
        public ExecutionStore open() {
            store = store.reopen();
            return store;
        }
    }
}
