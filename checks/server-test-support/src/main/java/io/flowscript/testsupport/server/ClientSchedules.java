package io.flowscript.testsupport.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.flowscript.testkit.fault.SocketSchedules;
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

/**
 * Plays seeded schedules of a client against a real server behind a faulty network. {@code -Dflowscript.fault.sockets=2000} plays
 * more of them, {@code -Dflowscript.fault.seed=N} one.
 */
public final class ClientSchedules {

    private static final int AT_ONCE = 6;
    private static final int SHOWN = 5;

    private ClientSchedules() {}

    /**
     * Plays schedules, several at a time, and checks them.
     *
     * @param usual how many, unless a property says otherwise
     * @param server starts servers
     * @param connector begins the client of each schedule
     * @param expected what is seen in all of them together. It is not checked for one seed.
     */
    public static void play(
            int usual, SocketSchedules.Server server, ClientSchedule.Connector connector, String... expected)
            throws InterruptedException {
        Long one = Long.getLong("flowscript.fault.seed");
        long[] seeds = one != null
                ? new long[] {one}
                : LongStream.rangeClosed(1, Integer.getInteger("flowscript.fault.sockets", usual))
                        .toArray();
        Map<String, Integer> seen = new TreeMap<>();
        List<Throwable> failures = new ArrayList<>();
        ExecutorService players = Executors.newFixedThreadPool(AT_ONCE);
        ExecutorService waiting = Executors.newCachedThreadPool();
        try {
            List<Callable<Map<String, Integer>>> schedules = new ArrayList<>();
            for (long seed : seeds) {
                schedules.add(new ClientSchedule(seed, server, connector, waiting)::play);
            }
            for (Future<Map<String, Integer>> played : players.invokeAll(schedules)) {
                try {
                    played.get().forEach((what, times) -> seen.merge(what, times, Integer::sum));
                } catch (ExecutionException e) {
                    failures.add(e.getCause());
                }
            }
        } finally {
            players.shutdownNow();
            waiting.shutdownNow();
        }
        System.out.println("schedules: " + seeds.length + ", failed: " + failures.size() + ", seen: " + seen);
        if (!failures.isEmpty()) {
            throw failed(failures, seeds.length);
        }
        if (one == null) {
            assertThat(seen).containsKeys(expected);
        }
    }

    /** {@return the first failure with its causes; the next ones are suppressed in it} */
    private static AssertionError failed(List<Throwable> failures, int played) {
        AssertionError failed =
                new AssertionError(failures.size() + " of " + played + " schedules failed", failures.get(0));
        failures.stream().skip(1).limit(SHOWN).forEach(failed::addSuppressed);
        return failed;
    }
}
