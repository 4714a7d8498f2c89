package io.flowscript.benchmarks.load;

import io.flowscript.core.bridge.AccessPolicy;
import io.flowscript.core.runtime.Edge;
import io.flowscript.core.runtime.EngineClock;
import io.flowscript.core.workflow.WorkflowDefinition;
import io.flowscript.engine.FlowScript;
import io.flowscript.engine.FlowScriptBuilder;
import io.flowscript.events.delivery.FlowScriptBridge;
import io.flowscript.events.memory.MemoryClient;
import io.flowscript.events.memory.MemoryTransport;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.logging.LogManager;
import org.jspecify.annotations.Nullable;

/** Something in the server process that other clients must not notice. Used by the thread that reads the commands. */
abstract class Disturbance {

    /** Makes what a server needs before it is disturbed. */
    static Disturbance of(String kind) {
        return switch (kind) {
            case "none" -> new None();
            case "blocked" -> new BlockedNodes();
            case "clock" -> new SetClock();
            case "exceptions" -> new UndeclaredExceptions();
            case "memory" -> new UsedUpMemory();
            default -> throw new IllegalArgumentException("There is no disturbance " + kind);
        };
    }

    void configure(FlowScriptBuilder builder) {}

    AccessPolicy policy() {
        return AccessPolicy.EVERYONE;
    }

    abstract void begin(FlowScript flows, FlowScriptBridge bridge);

    abstract void end();

    private static Thread start(Runnable work) {
        Thread thread = new Thread(work, "disturbance");
        thread.setDaemon(true);
        thread.start();
        return thread;
    }

    private static void stop(@Nullable Thread thread) {
        if (thread != null) {
            thread.interrupt();
            try {
                thread.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private static final class None extends Disturbance {

        @Override
        void begin(FlowScript flows, FlowScriptBridge bridge) {}

        @Override
        void end() {}
    }

    /** More nodes block than there are threads for nodes. */
    private static final class BlockedNodes extends Disturbance {

        private static final int NODES = 300;

        private volatile CountDownLatch blocked = new CountDownLatch(0);

        @Override
        void configure(FlowScriptBuilder builder) {
            builder.node("block", context -> {
                        blocked.await();
                        return Edge.of("done");
                    })
                    .workflow(WorkflowDefinition.of(Map.of("id", "block", "nodes", List.of("block"))));
        }

        @Override
        void begin(FlowScript flows, FlowScriptBridge bridge) {
            blocked = new CountDownLatch(1);
            for (int i = 0; i < NODES; i++) {
                flows.start("block", Map.of());
            }
        }

        @Override
        void end() {
            blocked.countDown();
        }
    }

    /** The time of day is set an hour back and an hour forward, twice a second. */
    private static final class SetClock extends Disturbance implements EngineClock {

        private static final long RECHECK_MILLIS = 250;

        private final ScheduledThreadPoolExecutor timers = new ScheduledThreadPoolExecutor(1, work -> {
            Thread thread = new Thread(work, "clock");
            thread.setDaemon(true);
            return thread;
        });
        private volatile Duration offset = Duration.ZERO;
        private @Nullable Thread setting;

        @Override
        void configure(FlowScriptBuilder builder) {
            timers.setRemoveOnCancelPolicy(true);
            builder.clock(this);
        }

        @Override
        void begin(FlowScript flows, FlowScriptBridge bridge) {
            setting = start(() -> {
                try {
                    for (int i = 0; ; i++) {
                        offset = Duration.ofHours(i % 2 == 0 ? -1 : 1);
                        Thread.sleep(500);
                    }
                } catch (InterruptedException end) {
                    offset = Duration.ZERO;
                }
            });
        }

        @Override
        void end() {
            stop(setting);
        }

        @Override
        public Instant instant() {
            return Instant.now().plus(offset);
        }

        @Override
        public long nanoTime() {
            return System.nanoTime();
        }

        @Override
        public Timer schedule(Duration after, Runnable task) {
            ScheduledFuture<?> timer = timers.schedule(task, after.toNanos(), TimeUnit.NANOSECONDS);
            return () -> timer.cancel(false);
        }

        @Override
        public Timer schedule(Instant at, Runnable task) {
            Moment moment = new Moment(at, task);
            moment.look();
            return moment;
        }

        /** A moment, which is looked at again and again. */
        private final class Moment implements Timer {

            private final Instant at;
            private final Runnable task;
            private volatile boolean cancelled;

            Moment(Instant at, Runnable task) {
                this.at = at;
                this.task = task;
            }

            private void look() {
                Runnable next = () -> {
                    if (!cancelled && instant().isBefore(at)) {
                        look();
                    } else if (!cancelled) {
                        task.run();
                    }
                };
                long left = Duration.between(instant(), at).toMillis();
                timers.schedule(next, Math.max(0, Math.min(left, RECHECK_MILLIS)), TimeUnit.MILLISECONDS);
            }

            @Override
            public void cancel() {
                cancelled = true;
            }
        }
    }

    /** Nodes, listeners, observers and the access policy throw exceptions that no signature names, 200 times a second. */
    private static final class UndeclaredExceptions extends Disturbance {

        private static final String THROWER = "thrower";

        private @Nullable Thread throwing;

        @Override
        void configure(FlowScriptBuilder builder) {
            LogManager.getLogManager().reset(); // each failure is logged, which is not what is measured
            builder.node("throw", context -> fling())
                    .workflow(WorkflowDefinition.of(Map.of("id", "throw", "nodes", List.of("throw"))));
        }

        @Override
        AccessPolicy policy() {
            return (who, action, workflowId, executionId) ->
                    !THROWER.equals(workflowId) || Disturbance.<Boolean>fling();
        }

        @Override
        void begin(FlowScript flows, FlowScriptBridge bridge) {
            flows.executions().onCreated(execution -> fling());
            flows.executions().listen(event -> fling());
            throwing = start(() -> {
                try (MemoryTransport transport = MemoryTransport.on(bridge)) {
                    MemoryClient client = transport.connect();
                    while (true) {
                        flows.start("throw", Map.of());
                        client.execute(THROWER, Map.of());
                        client.received();
                        Thread.sleep(5);
                    }
                } catch (InterruptedException end) {
                    // it was told to end
                }
            });
        }

        @Override
        void end() {
            stop(throwing);
        }
    }

    /** The heap is used up for three seconds; the clients are watched after it. */
    private static final class UsedUpMemory extends Disturbance {

        private static final long NANOS = 3_000_000_000L;

        @Override
        void begin(FlowScript flows, FlowScriptBridge bridge) {
            Object @Nullable [] hoard = null;
            long until = System.nanoTime() + NANOS;
            while (System.nanoTime() < until) {
                try {
                    hoard = new Object[] {hoard, new byte[16 * 1024]};
                } catch (OutOfMemoryError full) {
                    for (int i = 0; i < 50 && hoard != null; i++) {
                        hoard = (Object[]) hoard[0];
                    }
                }
            }
        }

        @Override
        void end() {}
    }

    /** Throws an exception that is not declared; the result is for the compiler. */
    @SuppressWarnings("TypeParameterUnusedInFormals") // it never returns
    private static <T> T fling() {
        throw Disturbance.<RuntimeException>sneaky(new Exception("undeclared"));
    }

    @SuppressWarnings("unchecked")
    private static <E extends Throwable> RuntimeException sneaky(Throwable thrown) throws E {
        throw (E) thrown;
    }
}
