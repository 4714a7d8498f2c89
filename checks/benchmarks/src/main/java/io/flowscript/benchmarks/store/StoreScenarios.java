package io.flowscript.benchmarks.store;

import io.flowscript.benchmarks.load.Machine;
import io.flowscript.core.interaction.AnswerOptions;
import io.flowscript.core.interaction.Interaction;
import io.flowscript.core.interaction.Receipt;
import io.flowscript.core.runtime.Edge;
import io.flowscript.core.runtime.Node;
import io.flowscript.core.runtime.Question;
import io.flowscript.core.store.ExecutionStore;
import io.flowscript.core.workflow.WorkflowDefinition;
import io.flowscript.engine.EngineLimits;
import io.flowscript.engine.FlowScript;
import io.flowscript.engine.FlowScriptBuilder;
import io.flowscript.events.inbox.Inbox;
import io.flowscript.events.inbox.InboxQuery;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/** The scenarios of stores. Each prints its results without judging them. */
public final class StoreScenarios {

    private static final int STARTERS = 128;

    private StoreScenarios() {}

    /**
     * Prints how many steps a second are durable: of the database alone with the same bytes, of the store, and of an engine,
     * in turn. The first round only lets the JVM compile the code.
     *
     * @param kind {@code sqlite} or {@code postgresql}
     * @param inFlight how many steps are under way at a time
     * @param rounds how often
     * @param seconds how long each measurement takes
     * @throws Exception if it cannot be run
     */
    public static void rates(String kind, int inFlight, int rounds, int seconds) throws Exception {
        int warmUp = Math.max(1, seconds / 2);
        System.out.printf(Locale.ROOT, "%s, %d steps in flight, %d bytes each%n", kind, inFlight, SampleRun.bytes());
        for (int round = 0; round <= rounds; round++) {
            Chains.Figures raw;
            Chains.Figures store;
            Chains.Figures engine;
            try (TestDatabase database = TestDatabase.of(kind);
                    RawWriter writer = new RawWriter(database, SampleRun.bytes())) {
                raw = Chains.run(inFlight, i -> writer::step, warmUp, seconds);
            }
            try (TestDatabase database = TestDatabase.of(kind);
                    ExecutionStore opened = database.store()) {
                store = Chains.run(
                        inFlight,
                        i -> {
                            SampleRun run = new SampleRun();
                            return () -> opened.commit(run.step());
                        },
                        warmUp,
                        seconds);
            }
            try (TestDatabase database = TestDatabase.of(kind)) {
                engine = engine(database.store(), inFlight, warmUp, seconds);
            }
            if (round == 0) {
                continue;
            }
            System.out.printf(Locale.ROOT, "  raw    %s%n", raw);
            System.out.printf(Locale.ROOT, "  store  %s, of raw %.2f%n", store, store.rate() / raw.rate());
            System.out.printf(
                    Locale.ROOT,
                    "  engine %,8.0f steps/s, %.0f us of CPU, of raw %.2f%n",
                    engine.rate(),
                    engine.cpu(),
                    engine.rate() / raw.rate());
        }
    }

    /** Executions that loop over a node which writes a value: three events a step. */
    private static Chains.Figures engine(ExecutionStore store, int inFlight, int warmUp, int seconds) {
        AtomicLong steps = new AtomicLong();
        WorkflowDefinition workflow =
                WorkflowDefinition.of(Map.of("id", "loop", "nodes", List.of(List.of("again", List.of("work")))));
        try (FlowScript flows = FlowScript.builder()
                .store(store)
                .limits(EngineLimits.defaults().maxSteps(EngineLimits.NO_LIMIT).executionTimeout(null))
                .node("again", context -> Edge.nextIteration())
                .node("work", context -> {
                    context.state().set("count", steps.incrementAndGet());
                    return Edge.of("done");
                })
                .workflow(workflow)
                .build()) {
            Map<String, Object> input = new LinkedHashMap<>();
            for (int i = 0; i < 8; i++) {
                input.put("key" + i, "v".repeat(60));
            }
            for (int i = 0; i < inFlight; i++) {
                flows.start("loop", input);
            }
            pass(TimeUnit.SECONDS.toNanos(warmUp));
            long before = steps.get();
            long begun = System.nanoTime();
            long cpu = Machine.cpu();
            pass(TimeUnit.SECONDS.toNanos(seconds));
            // A round of the loop is two visits, and each of them is a durable step.
            long durable = 2 * (steps.get() - before);
            return new Chains.Figures(
                    durable / ((System.nanoTime() - begun) / 1e9),
                    0,
                    0,
                    (Machine.cpu() - cpu) / 1e3 / Math.max(1, durable));
        }
    }

    /**
     * Prints what a step costs with states of different sizes.
     *
     * @param kind {@code sqlite} or {@code postgresql}
     * @param rounds how often
     * @param steps how many steps each measurement has
     * @throws Exception if it cannot be run
     */
    public static void states(String kind, int rounds, int steps) throws Exception {
        Map<String, Map<String, Object>> states = new LinkedHashMap<>();
        states.put("1 KB", Map.of("text", "x".repeat(1_000)));
        states.put("1 MB in one value", Map.of("text", "x".repeat(1_000_000)));
        Map<String, Object> many = new LinkedHashMap<>();
        for (int i = 0; i < 100; i++) {
            many.put("value" + i, "x".repeat(10_000));
        }
        states.put("1 MB in a hundred values", many);
        for (int round = 0; round <= rounds; round++) {
            double small = 0;
            for (Map.Entry<String, Map<String, Object>> state : states.entrySet()) {
                double micros = step(kind, state.getValue(), steps);
                small = small == 0 ? micros : small;
                if (round > 0) {
                    System.out.printf(
                            Locale.ROOT,
                            "%s, state of %s: %,.0f us a step, %.2f of the first%n",
                            kind,
                            state.getKey(),
                            micros,
                            micros / small);
                }
            }
        }
    }

    private static double step(String kind, Map<String, Object> state, int steps) throws Exception {
        try (TestDatabase database = TestDatabase.of(kind)) {
            return step(FlowScript.builder().store(database.store()), state, steps);
        }
    }

    /**
     * Returns what a step costs that changes one small value of a state, after as many steps in which the JVM compiles the code.
     *
     * @param builder of the engine, with or without a store
     * @param state the state
     * @param steps how many are measured, from 1
     * @return microseconds for each step
     * @throws Exception if it cannot be run
     */
    public static double step(FlowScriptBuilder builder, Map<String, Object> state, int steps) throws Exception {
        WorkflowDefinition workflow =
                WorkflowDefinition.of(Map.of("id", "loop", "nodes", List.of(List.of("again", List.of("work")))));
        AtomicLong begun = new AtomicLong();
        AtomicLong count = new AtomicLong();
        try (FlowScript flows = builder.node(
                        "again", context -> count.get() < 2L * steps ? Edge.nextIteration() : Edge.exitLoop())
                .node("work", context -> {
                    context.state().set("count", count.incrementAndGet());
                    if (count.get() == steps) {
                        begun.set(System.nanoTime());
                    }
                    return Edge.of("done");
                })
                .workflow(workflow)
                .build()) {
            Object unused = flows.start("loop", state).result().get();
            return (System.nanoTime() - begun.get()) / 1e3 / steps / 2;
        }
    }

    /**
     * Prints how long a restart with many waiting executions takes, until all are listed and one has been answered.
     *
     * @param kind {@code sqlite} or {@code postgresql}
     * @param count how many wait
     * @throws Exception if it cannot be run
     */
    public static void waiting(String kind, int count) throws Exception {
        try (TestDatabase database = TestDatabase.of(kind)) {
            try (FlowScript flows = asking(database.store(), count)) {
                long begun = System.nanoTime();
                ExecutorService starters = Executors.newFixedThreadPool(STARTERS);
                for (int i = 0; i < count; i++) {
                    starters.execute(() -> flows.start("ask", Map.of("order", "y".repeat(100))));
                }
                starters.shutdown();
                if (!starters.awaitTermination(1, TimeUnit.HOURS)) {
                    throw new IllegalStateException("The executions are not started in time");
                }
                try (Inbox inbox = Inbox.of(flows)) {
                    while (inbox.count(InboxQuery.OPEN).value() < count) {
                        pass(1_000_000);
                    }
                }
                System.out.printf(Locale.ROOT, "%s: %,d started in %.1f s%n", kind, count, since(begun));
            }
            long begun = System.nanoTime();
            try (FlowScript flows = asking(database.store(), count);
                    Inbox inbox = Inbox.of(flows)) {
                double opened = since(begun);
                List<Interaction> page = inbox.list(InboxQuery.OPEN, null, 100).interactions();
                long listed = inbox.count(InboxQuery.OPEN).value();
                double whenListed = since(begun);
                Receipt receipt = flows.interactions().answer(page.get(0).token(), "yes", AnswerOptions.NONE);
                System.out.printf(
                        Locale.ROOT,
                        "  opened after %.2f s, %,d listed after %.2f s, one %s after %.2f s%n",
                        opened,
                        listed,
                        whenListed,
                        receipt.code(),
                        since(begun));
                answers(flows, page.subList(1, page.size()));
            }
        }
    }

    /**
     * Prints how long the inbox takes when many executions wait in the store.
     *
     * @param kind {@code sqlite} or {@code postgresql}
     * @param count how many wait
     * @throws Exception if it cannot be run
     */
    public static void inbox(String kind, int count) throws Exception {
        new WaitingInbox(kind, count).run();
    }

    private static void answers(FlowScript flows, List<Interaction> asked) {
        List<Double> millis = new ArrayList<>();
        for (Interaction one : asked) {
            long begun = System.nanoTime();
            flows.interactions().answer(one.token(), "yes", AnswerOptions.NONE);
            millis.add(since(begun) * 1_000);
        }
        Collections.sort(millis);
        System.out.printf(
                Locale.ROOT,
                "  %d answers one after the other: p50 %.2f ms, longest %.2f ms%n",
                millis.size(),
                millis.get(millis.size() / 2),
                millis.get(millis.size() - 1));
    }

    private static FlowScript asking(ExecutionStore store, int count) {
        return FlowScript.builder()
                .store(store)
                .limits(EngineLimits.defaults().maxExecutions(count + 1))
                .forms(schema -> answer -> List.of())
                .node(Node.named("ask")
                        .ask(context -> Question.form(Map.of("type", "string")))
                        .answered((context, answer) -> Edge.of("done")))
                .workflow(WorkflowDefinition.of(Map.of("id", "ask", "nodes", List.of("ask"))))
                .build();
    }

    private static double since(long begun) {
        return (System.nanoTime() - begun) / 1e9;
    }

    private static void pass(long nanos) {
        long end = System.nanoTime() + nanos;
        while (System.nanoTime() < end) {
            LockSupport.parkNanos(end - System.nanoTime());
        }
    }
}
