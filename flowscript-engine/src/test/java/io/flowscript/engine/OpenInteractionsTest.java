package io.flowscript.engine;

import static io.flowscript.engine.TestEngine.workflow;
import static org.assertj.core.api.Assertions.assertThat;

import io.flowscript.core.runtime.Edge;
import io.flowscript.core.runtime.Question;
import io.flowscript.core.snapshot.ExecutionSnapshot;
import io.flowscript.core.snapshot.ExecutionStatus;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLongArray;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * What open interactions with deadlines cost, and whether their deadlines come in time. A build has 50,000; a million takes some minutes and 6 GB:
 *
 * <pre>mvn -pl flowscript-core test -Dtest=OpenInteractionsTest -Dopen.interactions=1000000 -Dopen.interactions.options=-Xmx6g</pre>
 */
@Tag("slow")
class OpenInteractionsTest {

    private static final int LIMIT_SECONDS = 1_200;
    private static final int COUNT = Integer.getInteger("open.interactions", 50_000);
    private static final int BYTES_EACH = 1_024;
    private static final Duration DAYS = Duration.ofDays(2);

    /** So many deadlines come in a second. */
    private static final int A_SECOND = Integer.getInteger("open.interactions.a.second", 10_000);

    private static final Duration APART = Duration.ofSeconds(1).dividedBy(A_SECOND);

    @Test
    @DisplayName(
            "50,000 open interactions with deadlines: one timer thread, under 1 KB each beyond their state, and each fires within a second")
    void manyOpen() throws Exception {
        // In a process of its own, because what other tests leave behind in the heap is more than the difference that
        // counts.
        String output = JavaProcess.run(
                Measurement.class,
                LIMIT_SECONDS,
                System.getProperty("open.interactions.options", "-Xmx1g"),
                "-XX:+UseSerialGC",
                "-Dopen.interactions=" + COUNT,
                "-Dopen.interactions.a.second=" + A_SECOND);
        if (System.getProperty("open.interactions") != null) {
            System.out.println(output);
        }
        assertThat(output).endsWith("within the bounds" + System.lineSeparator());
    }

    /** The process that has the interactions. */
    static final class Measurement {

        private final AtomicInteger asked = new AtomicInteger();
        private final AtomicInteger fired = new AtomicInteger();
        private final AtomicLongArray lateNanos = new AtomicLongArray(COUNT);

        private volatile Duration ahead = Duration.ZERO;

        private Instant now() {
            return Instant.now().plus(ahead);
        }

        private FlowScript engine(SystemClock clock, ExecutorService threads, Instant first) {
            return FlowScript.builder()
                    .clock(clock)
                    .executor(threads)
                    .engineExecutor(threads)
                    .limits(EngineLimits.defaults()
                            .maxExecutions(COUNT)
                            .maxFinished(0)
                            .logBytes(1L << 40))
                    .node("ask", context -> {
                        if (context.answer() == null) {
                            Duration within = APART.multipliedBy(asked.getAndIncrement());
                            Instant deadline = first.plus(within);
                            return Question.open()
                                    .within(Duration.between(now(), deadline))
                                    .ask(deadline.toString());
                        }
                        Instant deadline = Instant.parse(context.memo().asString());
                        lateNanos.set(
                                fired.getAndIncrement(),
                                Duration.between(deadline, now()).toNanos());
                        return Edge.of("timeout");
                    })
                    .workflow(workflow(Arrays.asList("ask", Map.of("timeout", List.of()))))
                    .build();
        }

        /** The serial collector lets some dead objects lie, and clears them away at each fourth full collection. */
        private static long heapUsed() {
            long least = Long.MAX_VALUE;
            for (int i = 0; i < 4; i++) {
                System.gc();
                least = Math.min(
                        least,
                        ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed());
            }
            return least;
        }

        private static long threads(String name) {
            return Thread.getAllStackTraces().keySet().stream()
                    .filter(thread -> thread.getName().startsWith(name))
                    .count();
        }

        private void run() throws Exception {
            ExecutorService threads = Executors.newFixedThreadPool(2);
            Instant first = Instant.now().plus(DAYS);
            long empty = heapUsed();
            ExecutionSnapshot[] states = new ExecutionSnapshot[COUNT];
            long clocks = threads("flowscript-clock");
            SystemClock clock = SystemClock.start(this::now);
            try (FlowScript flows = engine(clock, threads, first)) {
                Execution[] runs = new Execution[COUNT];
                for (int i = 0; i < COUNT; i++) {
                    runs[i] = flows.start("w", Map.of());
                }
                Awaitility.await()
                        .atMost(5, TimeUnit.MINUTES)
                        .until(() -> asked.get() == COUNT
                                && runs[COUNT - 1].status() == ExecutionStatus.PAUSED
                                && Arrays.stream(runs).allMatch(run -> run.status() == ExecutionStatus.PAUSED));
                assertThat(threads("flowscript-clock")).isEqualTo(clocks + 1);
                for (int i = 0; i < COUNT; i++) {
                    states[i] = runs[i].snapshot();
                }
                long open = heapUsed() - empty;
                ahead = Duration.between(Instant.now(), first).minusMillis(500);
                clock.schedule(Instant.EPOCH, () -> {}); // the clock was set: now it is told
                Awaitility.await()
                        .atMost(10, TimeUnit.MINUTES)
                        .until(() -> fired.get() == COUNT && flows.executions().size() == 0);
                Arrays.fill(runs, null);
                check(open, heapUsed() - empty, lateNanos);
            } finally {
                threads.shutdownNow();
                clock.close();
            }
            assertThat(states[COUNT - 1].open()).hasSize(1);
        }

        private static void check(long open, long statesAlone, AtomicLongArray lateNanos) {
            long[] late = new long[COUNT];
            Arrays.setAll(late, lateNanos::get);
            Arrays.sort(late);
            long each = (open - statesAlone) / COUNT;
            System.out.printf(
                    "%,d open: %,d bytes each, of them %,d beyond the state; fired %,d a second: %s late in the middle, %s for 99 of 100, %s at most%n",
                    COUNT,
                    open / COUNT,
                    each,
                    A_SECOND,
                    Duration.ofNanos(late[COUNT / 2]),
                    Duration.ofNanos(late[COUNT / 100 * 99]),
                    Duration.ofNanos(late[COUNT - 1]));
            assertThat(each).as("bytes beyond the state").isLessThan(BYTES_EACH);
            assertThat(late[0]).as("none too early").isNotNegative();
        }

        public static void main(String[] args) throws Exception {
            new Measurement().run();
            System.out.println("within the bounds");
        }
    }
}
