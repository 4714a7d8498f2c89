package io.flowscript.core.engine;

import static io.flowscript.core.engine.TestEngine.workflow;
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
 * <pre>mvn -pl flowscript-core test -Dtest=OpenInteractionsTest -Dopen.interactions=1000000 -Dtest.jvm.options=-Xmx6g</pre>
 */
@Tag("slow")
class OpenInteractionsTest {

    private static final int COUNT = Integer.getInteger("open.interactions", 50_000);
    private static final int BYTES_EACH = 1_024;
    private static final Duration DAYS = Duration.ofDays(2);

    /** So many deadlines come in a second. */
    private static final int A_SECOND = Integer.getInteger("open.interactions.a.second", 10_000);

    private static final Duration APART = Duration.ofSeconds(1).dividedBy(A_SECOND);

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

    private static long heapUsed() {
        long used = Long.MAX_VALUE;
        long before;
        do {
            before = used;
            System.gc();
            used = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
        } while (used < before - (1 << 16));
        return used;
    }

    private static long threads(String name) {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith(name))
                .count();
    }

    @Test
    @DisplayName(
            "50,000 open interactions with deadlines: one timer thread, under 1 KB each beyond their state, and each fires within a second")
    void manyOpen() throws Exception {
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
            report(open, heapUsed() - empty);
        } finally {
            threads.shutdownNow();
            clock.close();
        }
        assertThat(states[COUNT - 1].open()).hasSize(1);
    }

    private void report(long open, long statesAlone) {
        long[] late = new long[COUNT];
        Arrays.setAll(late, lateNanos::get);
        Arrays.sort(late);
        long each = (open - statesAlone) / COUNT;
        if (System.getProperty("open.interactions") != null) {
            System.out.printf(
                    "%,d open: %,d bytes each, of them %,d beyond the state; fired %,d a second: %s late in the middle, %s for 99 of 100, %s at most%n",
                    COUNT,
                    open / COUNT,
                    each,
                    A_SECOND,
                    Duration.ofNanos(late[COUNT / 2]),
                    Duration.ofNanos(late[COUNT / 100 * 99]),
                    Duration.ofNanos(late[COUNT - 1]));
        }
        assertThat(each).as("bytes beyond the state").isLessThan(BYTES_EACH);
        assertThat(late[0]).as("none too early").isNotNegative();
    }
}
