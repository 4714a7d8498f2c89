package io.flowscript.benchmarks.engine;

import io.flowscript.benchmarks.load.Machine;
import io.flowscript.benchmarks.load.Samples;
import io.flowscript.core.event.CustomEvent;
import io.flowscript.core.runtime.Edge;
import io.flowscript.core.runtime.EngineClock;
import io.flowscript.core.runtime.Node;
import io.flowscript.core.runtime.Question;
import io.flowscript.core.runtime.Sleep;
import io.flowscript.core.testing.ManualClock;
import io.flowscript.core.workflow.Workflow;
import io.flowscript.engine.EngineLimits;
import io.flowscript.engine.Execution;
import io.flowscript.engine.FlowScript;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/** What very many executions of an engine do at the same time: their deadlines come in one moment, or all are cancelled. */
public final class ManyAtOnce {

    private static final String WAITING = "waiting";
    private static final String TICKING = "ticking";

    /** The time between two events of the execution that is followed meanwhile. */
    private static final long TICK_NANOS = 5_000_000;

    private ManyAtOnce() {}

    /**
     * Lets executions wait for the same moment, and measures from then until the last one has ended.
     *
     * @param count how many executions
     * @param kind what they wait for: {@code sleep} or the deadline of a {@code question}
     * @param wait how many seconds after the start the moment is, long enough to start them all
     * @param time the clock: {@code system} or {@code manual}
     * @throws Exception if something fails
     */
    public static void deadlines(int count, String kind, int wait, String time) throws Exception {
        ManualClock manual = time.equals("manual") ? new ManualClock() : null;
        Instant start = manual == null ? Instant.now() : manual.instant();
        // As long as it takes to start them all, and no moment of the day, which is exact to a second only.
        Instant moment = start.plusSeconds(wait);
        EngineClock[] clock = new EngineClock[1];
        Node node = context -> {
            Duration left = Duration.between(clock[0].instant(), moment);
            return kind.equals("sleep")
                    ? new Sleep(left.isNegative() ? Duration.ZERO : left, "slept")
                    : Question.open().within(left).ask("asked");
        };
        try (Followed engine = new Followed(count, node, manual)) {
            clock[0] = engine.flows.clock();
            for (int i = 0; i < count; i++) {
                Execution unused = engine.flows.start(WAITING, Map.of());
            }
            engine.awaitWaiting(count);
            boolean late = !clock[0].instant().isBefore(moment);
            System.gc();
            System.out.printf(
                    Locale.ROOT,
                    "%,d executions wait for one moment (%s, clock: %s), heap %,d MB%s%n",
                    count,
                    kind,
                    time,
                    heap() >> 20,
                    late ? "; they took too long to start" : "");
            if (manual == null) {
                engine.follow(
                        "until then",
                        Math.max(0, Duration.between(Instant.now(), moment).toMillis()));
            }
            long cpu = Machine.cpu();
            long begun = System.nanoTime();
            engine.measure("meanwhile", () -> {
                if (manual != null) {
                    manual.advance(Duration.between(start, moment));
                }
                engine.awaitEnded(count);
                return System.nanoTime();
            });
            System.out.printf(
                    Locale.ROOT,
                    "  all have ended after %.2f s, %.2f s of CPU%n",
                    (engine.measured - begun) / 1e9,
                    (Machine.cpu() - cpu) / 1e9);
        }
    }

    /**
     * Lets executions wait for an answer, and cancels them, one after the other.
     *
     * @param count how many executions
     * @throws Exception if something fails
     */
    public static void cancel(int count) throws Exception {
        Node node = context -> Question.open().ask("asked");
        try (Followed engine = new Followed(count, node, null)) {
            List<Execution> all = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                all.add(engine.flows.start(WAITING, Map.of()));
            }
            engine.awaitWaiting(count);
            System.gc();
            System.out.printf(Locale.ROOT, "%,d executions wait for an answer, heap %,d MB%n", count, heap() >> 20);
            engine.follow("before", 2_000);
            long cpu = Machine.cpu();
            long begun = System.nanoTime();
            engine.measure("meanwhile", () -> {
                all.forEach(execution -> execution.cancel(null, null));
                engine.awaitEnded(count);
                return System.nanoTime();
            });
            all.clear();
            System.gc();
            System.out.printf(
                    Locale.ROOT,
                    "  all are cancelled after %.2f s, %.2f s of CPU; heap then %,d MB%n",
                    (engine.measured - begun) / 1e9,
                    (Machine.cpu() - cpu) / 1e9,
                    heap() >> 20);
        }
    }

    private static long heap() {
        Runtime runtime = Runtime.getRuntime();
        return runtime.totalMemory() - runtime.freeMemory();
    }

    /** What is measured. */
    private interface Work {

        /** {@return when it was done, as of {@link System#nanoTime}} */
        long run() throws Exception;
    }

    /** An engine with many executions, and one more that emits an event again and again, for a listener. */
    private static final class Followed implements AutoCloseable {

        private final FlowScript flows;
        private final AtomicInteger waiting = new AtomicInteger();
        private final boolean follows;
        private volatile boolean closed;
        private Samples ages = new Samples();
        private long measured;

        Followed(int count, Node node, ManualClock clock) {
            var builder = FlowScript.builder()
                    .limits(EngineLimits.defaults()
                            .maxExecutions(count + 10)
                            .maxFinished(1_000)
                            .stateBytes(4L << 30)
                            .logBytes(4L << 30))
                    .node("wait", context -> {
                        if (!context.memo().isMissing()) {
                            return Edge.of("done");
                        }
                        waiting.incrementAndGet();
                        return node.run(context);
                    })
                    .node("tick", context -> {
                        while (!closed) {
                            context.runtime().emit("tick", Map.of("at", System.nanoTime()));
                            LockSupport.parkNanos(TICK_NANOS);
                        }
                        return Edge.of("done");
                    })
                    .workflow(Workflow.named(WAITING).step("wait").build())
                    .workflow(Workflow.named(TICKING).step("tick").build());
            flows = (clock == null ? builder : builder.clock(clock)).build();
            follows = clock == null;
            if (follows) {
                flows.start(TICKING, Map.of()).listen(event -> {
                    if (event.event() instanceof CustomEvent custom
                            && custom.payload() instanceof Map<?, ?> payload
                            && payload.get("at") instanceof Number at) {
                        add(System.nanoTime() - at.longValue());
                    }
                });
            }
        }

        private synchronized void add(long age) {
            ages.add(age);
        }

        private synchronized Samples takeAges() {
            Samples taken = ages;
            ages = new Samples();
            return taken;
        }

        void follow(String when, long millis) throws Exception {
            measure(when, () -> {
                TimeUnit.MILLISECONDS.sleep(millis);
                return System.nanoTime();
            });
        }

        /** Does something and prints how old the events of the other execution were meanwhile when the listener had them. */
        void measure(String when, Work work) throws Exception {
            Samples unused = takeAges();
            measured = work.run();
            Samples found = takeAges();
            if (follows) {
                System.out.printf(
                        Locale.ROOT,
                        "  age of the events of another execution %s: p50 %.2f ms, p99 %.2f ms, oldest %.2f ms, of %d%n",
                        when,
                        found.quantile(0.5) / 1e6,
                        found.quantile(0.99) / 1e6,
                        found.quantile(1) / 1e6,
                        found.count());
            }
        }

        void awaitWaiting(int count) throws Exception {
            while (waiting.get() < count || flows.stats().waitingNodes() > 0) {
                TimeUnit.MILLISECONDS.sleep(1);
            }
            TimeUnit.MILLISECONDS.sleep(100); // the last of them decides
        }

        void awaitEnded(int count) throws Exception {
            while (flows.counts().ended() < count) {
                TimeUnit.MILLISECONDS.sleep(1);
            }
        }

        @Override
        public void close() {
            closed = true;
            flows.close();
        }
    }
}
