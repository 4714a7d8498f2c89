package io.flowscript.benchmarks.engine;

import io.flowscript.benchmarks.load.Machine;
import io.flowscript.benchmarks.load.Samples;
import io.flowscript.core.runtime.Edge;
import io.flowscript.core.workflow.WorkflowDefinition;
import io.flowscript.engine.EngineLimits;
import io.flowscript.engine.FlowScript;
import java.util.Collections;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** How many steps and how many executions an engine does in a second, when its nodes do nothing. */
public final class EngineRates {

    private static final int STEPS = 1_000;

    /** The rounds in which the JVM compiles the code. They are not measured. */
    private static final int WARM_UP = 4;

    private EngineRates() {}

    /**
     * Runs executions of a thousand steps, one after the other. Prints the rate of the first 100,000 steps after the start, and that of each round
     * after those in which the JVM compiles the code.
     *
     * @param rounds how many rounds are measured
     * @param count how many steps a round has
     * @throws Exception if an execution does not end
     */
    public static void steps(int rounds, int count) throws Exception {
        try (FlowScript flows = engine(STEPS, 10)) {
            long begun = System.nanoTime();
            for (int i = 0; i < 100_000 / STEPS; i++) {
                runToEnd(flows);
            }
            System.out.printf(
                    Locale.ROOT,
                    "steps of nodes that do nothing, M/s: first 100,000 %.2f%n",
                    100_000 * 1_000.0 / (System.nanoTime() - begun));
            Rates rates = new Rates(rounds);
            for (int round = -WARM_UP; round < rounds; round++) {
                rates.measure(round, count / STEPS, STEPS, () -> runToEnd(flows));
            }
            rates.print("  warm", 1_000_000);
        }
    }

    /**
     * Starts executions of ten nodes, a number of them at a time, and waits for their end. The engine forgets the oldest ones.
     *
     * @param rounds how many rounds are measured
     * @param count how many executions a round has
     * @throws Exception if an execution does not end
     */
    public static void executions(int rounds, int count) throws Exception {
        try (FlowScript flows = engine(EngineProcess.NODES, 1_000)) {
            InFlight inFlight = new InFlight();
            Rates rates = new Rates(rounds);
            for (int round = -WARM_UP; round < rounds; round++) {
                rates.measure(
                        round,
                        count,
                        1,
                        () -> inFlight.add(flows.start("chain", Map.of()).result()));
            }
            rates.print("executions of ten nodes that do nothing, started, run, ended and forgotten,", 1_000);
        }
    }

    /** An engine with a workflow of nodes that do nothing. */
    static FlowScript engine(int steps, int finished) {
        return FlowScript.builder()
                .limits(EngineLimits.defaults().maxFinished(finished))
                .node("nothing", context -> Edge.of("done"))
                .workflow(WorkflowDefinition.of(Map.of("id", "chain", "nodes", Collections.nCopies(steps, "nothing"))))
                .build();
    }

    private static void runToEnd(FlowScript flows) throws Exception {
        Object unused = flows.start("chain", Map.of()).result().get(1, TimeUnit.MINUTES);
    }

    /** What is done again and again. */
    private interface Work {
        void run() throws Exception;
    }

    /** What is done in a second, and its CPU and allocation. */
    private static final class Rates {

        private final double[] perSecond;
        private final double[] cpu;
        private final double[] allocated;

        Rates(int rounds) {
            perSecond = new double[rounds];
            cpu = new double[rounds];
            allocated = new double[rounds];
        }

        void measure(int round, int times, int each, Work work) throws Exception {
            long cpuBefore = Machine.cpu();
            long allocatedBefore = Machine.allocated();
            long begun = System.nanoTime();
            for (int i = 0; i < times; i++) {
                work.run();
            }
            long now = System.nanoTime();
            double done = (double) times * each;
            if (round >= 0) {
                perSecond[round] = done * 1e9 / (now - begun);
                cpu[round] = (Machine.cpu() - cpuBefore) / 1_000.0 / done;
                allocated[round] = (Machine.allocated() - allocatedBefore) / done;
            }
        }

        void print(String what, int unit) {
            double[] scaled = new double[perSecond.length];
            for (int i = 0; i < scaled.length; i++) {
                scaled[i] = perSecond[i] / unit;
            }
            System.out.printf(
                    Locale.ROOT,
                    "%s %s/s: %s   us of CPU each %s   bytes allocated each %s%n",
                    what,
                    unit == 1_000 ? "k" : "M",
                    Samples.range(scaled),
                    Samples.range(cpu),
                    Samples.range(allocated));
        }
    }
}
