package io.flowscript.benchmarks.churn;

import com.sun.management.UnixOperatingSystemMXBean;
import io.flowscript.benchmarks.load.Slope;
import io.flowscript.client.ClientTransport;
import io.flowscript.events.delivery.BridgeStats;
import io.flowscript.testkit.fault.Fault;
import io.flowscript.testkit.fault.FaultPlan;
import io.flowscript.testkit.fault.FaultyProxy;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryMXBean;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * People who come and go over each transport, through a network that cuts connections, while the server is restarted again and again. At the end
 * nothing may be left: no connection, no thread, no socket, and a heap that does not grow.
 */
public final class ChurnScenario {

    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final FaultPlan CUTS =
            FaultPlan.CALM.with(Fault.END, 20).with(Fault.RESET, 10).after(2_000, 60_000);

    /** Threads that the JDK has once in a process and never ends. */
    private static final List<String> OF_THE_JDK =
            List.of("ForkJoinPool.commonPool", "CompletableFutureDelayScheduler", "process reaper");

    private ChurnScenario() {}

    /**
     * Runs it.
     *
     * @param seconds how long, from 1
     * @param people how many people there are for each transport
     * @param restart the seconds from one restart of the server to the next
     * @param seed decides what people do and when connections are cut
     * @throws Exception when a file or a socket cannot be used
     */
    public static void run(int seconds, int people, int restart, long seed) throws Exception {
        Path folder = Files.createTempDirectory("flowscript-churn");
        Set<Thread> before = Thread.getAllStackTraces().keySet();
        long filesBefore = files();
        ChurnFigures figures = new ChurnFigures();
        Slope slope = new Slope();
        try {
            churn(folder, figures, slope, seconds, people, restart, seed);
            report("the heap's slope is %.3f MiB a minute", slope.perMinute());
            await(() -> {
                heap(); // the threads of an HttpClient end when it was collected
                return left(before).isEmpty();
            });
            List<String> threads = left(before);
            report("threads left: %s; files: %d before, %d after", threads, filesBefore, files());
            figures.problems().forEach(problem -> report("problem: %s", problem));
            if (!threads.isEmpty() || !figures.problems().isEmpty()) {
                throw new AssertionError(
                        "Something is left, or did not go as it should: " + threads + figures.problems());
            }
        } finally {
            delete(folder);
        }
    }

    private static void churn(
            Path folder, ChurnFigures figures, Slope slope, int seconds, int people, int restart, long seed)
            throws InterruptedException {
        try (ChurnServer server = new ChurnServer(folder.resolve("churn.db"));
                FaultyProxy proxy = FaultyProxy.start(CUTS, seed, server.port())) {
            URI through = URI.create("http://localhost:" + proxy.port());
            // One for all: the threads of an HttpClient of the JDK end only when it is collected.
            HttpClient http = HttpClient.newHttpClient();
            List<Thread> threads = new ArrayList<>();
            for (ClientTransport transport : ClientTransport.values()) {
                for (int i = 0; i < people; i++) {
                    Thread thread = new Thread(
                            new ChurnPerson(through, http, transport, seed + threads.size(), figures),
                            "person-" + threads.size());
                    thread.start();
                    threads.add(thread);
                }
            }
            long begun = System.nanoTime();
            for (int restarts = 1; elapsed(begun) < seconds; restarts++) {
                TimeUnit.SECONDS.sleep(Math.min(restart, Math.max(1, seconds - (long) elapsed(begun))));
                double heap = heap();
                slope.add(elapsed(begun) / 60, heap);
                report(
                        "%6.0f s: heap %.1f MiB, %d threads, %d files, %s, cuts %s",
                        elapsed(begun), heap, Thread.activeCount(), files(), figures, proxy.struck());
                if (elapsed(begun) < seconds) {
                    server.restart();
                    report("%6.0f s: restart %d", elapsed(begun), restarts);
                }
            }
            figures.end();
            for (Thread thread : threads) {
                thread.join(PATIENCE.toMillis());
            }
            await(() -> isEmpty(server.stats()));
            report("with all gone: %s, %s; %s", server.stats(), server.flows().stats(), figures);
            if (!isEmpty(server.stats())) {
                figures.problem("the bridge still has " + server.stats());
            }
        }
    }

    private static boolean isEmpty(BridgeStats stats) {
        return stats.connections() == 0
                && stats.subscriptions() == 0
                && stats.followed() == 0
                && stats.pending() == 0
                && stats.outstandingBytes() == 0;
    }

    private static double elapsed(long begun) {
        return (System.nanoTime() - begun) / 1e9;
    }

    /** The used heap after a collection, in MiB. */
    private static double heap() {
        MemoryMXBean memory = ManagementFactory.getMemoryMXBean();
        memory.gc();
        return memory.getHeapMemoryUsage().getUsed() / 1_048_576.0;
    }

    private static long files() {
        return ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean system
                ? system.getOpenFileDescriptorCount()
                : 0;
    }

    /** The names of the threads that were not there before, but for those of the JVM. */
    private static List<String> left(Set<Thread> before) {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> !before.contains(thread) && thread.isAlive())
                .filter(thread -> thread.getThreadGroup() != null
                        && !thread.getThreadGroup().getName().equals("system"))
                .map(Thread::getName)
                .filter(name -> OF_THE_JDK.stream().noneMatch(name::startsWith))
                .sorted()
                .collect(Collectors.toList());
    }

    private static void await(BooleanSupplier condition) throws InterruptedException {
        long begun = System.nanoTime();
        while (!condition.getAsBoolean() && elapsed(begun) < PATIENCE.toSeconds()) {
            TimeUnit.MILLISECONDS.sleep(200);
        }
    }

    private static void report(String format, Object... values) {
        System.out.printf(Locale.ROOT, format + "%n", values);
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted((one, other) -> other.compareTo(one)).toList()) {
                Files.delete(file);
            }
        }
    }
}
