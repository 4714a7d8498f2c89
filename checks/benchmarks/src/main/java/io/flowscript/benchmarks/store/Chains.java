package io.flowscript.benchmarks.store;

import io.flowscript.benchmarks.load.Machine;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntFunction;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Chains of steps that run at the same time. Each begins its next step when the last one is durable. */
final class Chains {

    private final List<Chain> chains = new ArrayList<>();
    private final CountDownLatch ended;
    private volatile boolean measures;
    private volatile boolean stopped;
    private volatile @Nullable Throwable failure;

    /**
     * What came of it.
     *
     * @param rate steps a second
     * @param p50 the median time of a step, in milliseconds
     * @param p99 the time that one of a hundred steps exceeds, in milliseconds
     * @param cpu the CPU time of this process for a step, in microseconds
     */
    record Figures(double rate, double p50, double p99, double cpu) {

        @Override
        public String toString() {
            return String.format(
                    Locale.ROOT, "%,8.0f steps/s, p50 %.2f ms, p99 %.2f ms, %.0f us of CPU", rate, p50, p99, cpu);
        }
    }

    private final class Chain {

        private final Supplier<? extends CompletionStage<?>> step;
        private long[] nanos = new long[1 << 12];
        private int count;

        Chain(Supplier<? extends CompletionStage<?>> step) {
            this.step = step;
        }

        void next() {
            if (stopped) {
                ended.countDown();
                return;
            }
            long begun = System.nanoTime();
            step.get().whenComplete((nothing, thrown) -> {
                if (thrown != null) {
                    failure = thrown;
                    stopped = true;
                } else if (measures) {
                    add(System.nanoTime() - begun);
                }
                next();
            });
        }

        private void add(long taken) {
            if (count == nanos.length) {
                nanos = Arrays.copyOf(nanos, 2 * count);
            }
            nanos[count++] = taken;
        }
    }

    private Chains(int count, IntFunction<? extends Supplier<? extends CompletionStage<?>>> steps) {
        ended = new CountDownLatch(count);
        for (int i = 0; i < count; i++) {
            chains.add(new Chain(steps.apply(i)));
        }
    }

    /**
     * Runs chains.
     *
     * @param count how many at the same time
     * @param steps makes the chain of a number: what begins each of its steps
     * @param warmUpSeconds the time before the figures begin
     * @param seconds the time of the figures
     */
    static Figures run(
            int count,
            IntFunction<? extends Supplier<? extends CompletionStage<?>>> steps,
            int warmUpSeconds,
            int seconds)
            throws InterruptedException {
        Chains chains = new Chains(count, steps);
        chains.chains.forEach(Chain::next);
        pass(warmUpSeconds);
        chains.measures = true;
        long begun = System.nanoTime();
        long cpu = Machine.cpu();
        pass(seconds);
        chains.measures = false;
        double taken = (System.nanoTime() - begun) / 1e9;
        cpu = Machine.cpu() - cpu;
        chains.stopped = true;
        if (!chains.ended.await(60, TimeUnit.SECONDS)) {
            throw new IllegalStateException("The steps do not end");
        }
        Throwable failed = chains.failure;
        if (failed != null) {
            throw new IllegalStateException("A step has failed", failed);
        }
        return chains.figures(taken, cpu / 1e3);
    }

    private static void pass(int seconds) {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
        while (System.nanoTime() < end) {
            LockSupport.parkNanos(end - System.nanoTime());
        }
    }

    private Figures figures(double seconds, double cpuMicros) {
        long[] all = chains.stream()
                .flatMapToLong(chain -> Arrays.stream(chain.nanos, 0, chain.count))
                .sorted()
                .toArray();
        if (all.length == 0) {
            return new Figures(0, 0, 0, 0);
        }
        return new Figures(
                all.length / seconds,
                all[all.length / 2] / 1e6,
                all[(int) (all.length * 0.99)] / 1e6,
                cpuMicros / all.length);
    }
}
