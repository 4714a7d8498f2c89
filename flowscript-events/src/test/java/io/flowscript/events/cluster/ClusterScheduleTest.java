package io.flowscript.events.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Seeded schedules of processes that share a store. A seed decides which task of which engine runs next, who starts, answers, claims
 * and cancels what and where, which process dies or is stopped beyond its lease, and when the store fails or answers late. The clock
 * is manual, so a schedule takes a tenth of a second. A build has twenty; more take
 *
 * <pre>mvn -pl flowscript-events -am test -Dtest=ClusterScheduleTest -Dflowscript.cluster.schedules=20000 -Dflowscript.cluster.first=1</pre>
 */
@Tag("integration")
class ClusterScheduleTest {

    private static final int SCHEDULES = Integer.getInteger("flowscript.cluster.schedules", 20);
    private static final long FIRST = Long.getLong("flowscript.cluster.first", 1L);

    @Test
    @DisplayName(
            "whatever dies, stops or comes late: every execution ends as it was answered, and everybody hears each event once,"
                    + " in order, wherever they listen")
    void schedules() {
        for (long seed = FIRST; seed < FIRST + SCHEDULES; seed++) {
            try (ClusterSchedule schedule = new ClusterSchedule(seed)) {
                assertThat(schedule.play()).as("seed %d", seed).isEmpty();
            }
        }
    }
}
