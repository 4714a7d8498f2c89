package io.flowscript.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.LongStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Seeded schedules of the client against a real server behind a faulty network. {@code -Dflowscript.fault.sockets=2000} plays more
 * of them, {@code -Dflowscript.fault.seed=N} one.
 */
@Timeout(7_200)
@DisplayName(
        "I2: whatever befalls its connections, the client loses, doubles and reorders nothing, and each command is carried out once")
class ClientScheduleTest {

    private static final int USUAL = 12;
    private static final int AT_ONCE = 6;

    @Test
    void overAFaultyNetwork() throws Exception {
        Long one = Long.getLong("flowscript.fault.seed");
        long[] seeds = one != null
                ? new long[] {one}
                : LongStream.rangeClosed(1, Integer.getInteger("flowscript.fault.sockets", USUAL))
                        .toArray();
        Map<String, Integer> seen = new TreeMap<>();
        List<Throwable> failures = new ArrayList<>();
        ExecutorService threads = Executors.newFixedThreadPool(AT_ONCE);
        ExecutorService waiting = Executors.newCachedThreadPool();
        try {
            List<Callable<Map<String, Integer>>> schedules = new ArrayList<>();
            for (long seed : seeds) {
                schedules.add(new ClientSchedule(seed, waiting)::play);
            }
            for (Future<Map<String, Integer>> played : threads.invokeAll(schedules)) {
                try {
                    played.get().forEach((what, times) -> seen.merge(what, times, Integer::sum));
                } catch (ExecutionException e) {
                    failures.add(e.getCause());
                }
            }
        } finally {
            threads.shutdownNow();
            waiting.shutdownNow();
        }
        System.out.println("schedules: " + seeds.length + ", failed: " + failures.size() + ", seen: " + seen);
        assertThat(failures).isEmpty();
        if (one == null) {
            assertThat(seen)
                    .containsKeys(
                            "restarts",
                            "doubles dropped",
                            "ONLINE WEBSOCKET",
                            "ONLINE SSE",
                            "ONLINE POLL",
                            "fault RESET",
                            "fault STALL");
        }
    }
}
