package io.flowscript.core.concurrent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.flowscript.core.testing.ManualExecutor;
import io.flowscript.testsupport.LogCapture;
import io.flowscript.testsupport.Thrown;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@DisplayName("A serial task")
class SerialTaskTest {

    private final ManualExecutor executor = new ManualExecutor();
    private final AtomicInteger runs = new AtomicInteger();

    @Test
    @DisplayName("runs once for many signals before the run")
    void coalesces() {
        SerialTask task = new SerialTask(executor, runs::incrementAndGet);
        task.signal();
        task.signal();
        assertThat(executor.pending()).isEqualTo(1);
        executor.runAll();
        assertThat(runs).hasValue(1);

        task.signal();
        executor.runAll();
        assertThat(runs).hasValue(2);
    }

    @Test
    @DisplayName("runs again when it is signalled during a run, after the executor had a chance to do something else")
    void again() {
        AtomicReference<SerialTask> self = new AtomicReference<>();
        self.set(new SerialTask(executor, () -> {
            if (runs.incrementAndGet() < 3) {
                self.get().signal();
                self.get().signal();
            }
        }));
        self.get().signal();

        assertThat(executor.runOne()).isTrue();
        assertThat(runs).hasValue(1);
        assertThat(executor.pending()).isEqualTo(1);
        executor.runAll();
        assertThat(runs).hasValue(3);
    }

    @Test
    @DisplayName("does not run any more once it was stopped, whether it is idle, scheduled or running")
    void stopped() {
        SerialTask scheduled = new SerialTask(executor, runs::incrementAndGet);
        scheduled.signal();
        scheduled.stop();
        executor.runAll();
        assertThat(runs).hasValue(0);
        scheduled.signal();
        assertThat(executor.pending()).isZero();

        AtomicReference<SerialTask> running = new AtomicReference<>();
        running.set(new SerialTask(executor, () -> {
            runs.incrementAndGet();
            running.get().signal();
            running.get().stop();
            running.get().signal();
        }));
        running.get().signal();
        executor.runAll();
        assertThat(runs).hasValue(1);
    }

    @Test
    @DisplayName("is idle after the executor refused it, so that the next signal tries again")
    void refused() {
        AtomicBoolean open = new AtomicBoolean();
        AtomicReference<SerialTask> self = new AtomicReference<>();
        self.set(new SerialTask(
                run -> {
                    if (!open.get()) {
                        throw new RejectedExecutionException("busy");
                    }
                    executor.execute(run);
                },
                () -> {
                    if (runs.incrementAndGet() == 1) {
                        self.get().signal();
                        open.set(false);
                    }
                }));
        self.get().signal();
        open.set(true);
        self.get().signal();
        executor.runAll();
        assertThat(runs).as("refused when it handed itself back").hasValue(1);

        open.set(true);
        self.get().signal();
        executor.runAll();
        assertThat(runs).hasValue(2);
    }

    @Test
    @DisplayName("is idle after the executor failed, and the signaller learns of it")
    void failedExecutor() {
        AtomicBoolean open = new AtomicBoolean();
        SerialTask task = new SerialTask(
                run -> {
                    if (!open.get()) {
                        throw new OutOfMemoryError("no thread, on purpose");
                    }
                    executor.execute(run);
                },
                runs::incrementAndGet);
        assertThatThrownBy(task::signal).isInstanceOf(OutOfMemoryError.class);

        open.set(true);
        task.signal();
        executor.runAll();
        assertThat(runs).hasValue(1);
    }

    @Test
    @DisplayName("I7: goes on after its work threw, and keeps the signal that came meanwhile")
    void throwingWork() {
        AtomicReference<SerialTask> self = new AtomicReference<>();
        self.set(new SerialTask(executor, () -> {
            if (runs.incrementAndGet() == 1) {
                self.get().signal();
                throw new IllegalStateException("on purpose");
            }
        }));
        try (LogCapture log = new LogCapture(SerialTask.class)) {
            self.get().signal();
            executor.runAll();
            assertThat(log.records()).hasSize(1);
        }
        assertThat(runs).hasValue(2);
    }

    @Test
    @DisplayName("does not deepen the stack on an executor that runs tasks on the calling thread")
    void callingThread() {
        AtomicInteger deepest = new AtomicInteger();
        AtomicReference<SerialTask> self = new AtomicReference<>();
        self.set(new SerialTask(Runnable::run, () -> {
            deepest.accumulateAndGet(depth(), Math::max);
            if (runs.incrementAndGet() < 10_000) {
                self.get().signal();
            }
        }));
        int here = depth();
        self.get().signal();

        assertThat(runs).hasValue(10_000);
        assertThat(deepest.get() - here).isLessThan(20);
    }

    @Test
    @DisplayName("does not lose a run that the executor gives back to the same thread later")
    void sameThreadLater() {
        Queue<Runnable> later = new ArrayDeque<>();
        AtomicReference<SerialTask> self = new AtomicReference<>();
        self.set(new SerialTask(later::add, () -> {
            if (runs.incrementAndGet() < 5) {
                self.get().signal();
            }
        }));
        self.get().signal();
        while (!later.isEmpty()) {
            later.remove().run();
        }
        assertThat(runs).hasValue(5);
    }

    @RepeatedTest(10)
    @DisplayName(
            "never runs twice at once and sees what was written before a signal, on a pool that sometimes uses the caller's thread")
    void manyThreads() throws Exception {
        int threads = 4;
        int signals = 5_000;
        ThreadPoolExecutor pool = new ThreadPoolExecutor(
                1, 2, 1, TimeUnit.SECONDS, new SynchronousQueue<>(), new ThreadPoolExecutor.CallerRunsPolicy());
        ExecutorService callers = Executors.newFixedThreadPool(threads);
        try {
            AtomicBoolean inside = new AtomicBoolean();
            AtomicInteger overlaps = new AtomicInteger();
            AtomicInteger written = new AtomicInteger();
            AtomicInteger seen = new AtomicInteger();
            SerialTask task = new SerialTask(pool, () -> {
                if (!inside.compareAndSet(false, true)) {
                    overlaps.incrementAndGet();
                }
                seen.set(written.get());
                inside.set(false);
            });
            for (int i = 0; i < threads; i++) {
                callers.execute(() -> {
                    for (int signal = 0; signal < signals; signal++) {
                        written.incrementAndGet();
                        task.signal();
                    }
                });
            }
            await().until(() -> seen.get() == threads * signals);
            assertThat(overlaps).hasValue(0);
        } finally {
            callers.shutdown();
            pool.shutdown();
            assertThat(callers.awaitTermination(10, TimeUnit.SECONDS)).isTrue();
            assertThat(pool.awaitTermination(10, TimeUnit.SECONDS)).isTrue();
        }
    }

    private static int depth() {
        return StackWalker.getInstance().walk(frames -> (int) frames.count());
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("whatever the work throws, the task is idle afterwards and runs again when it is signalled")
    void whateverTheWorkThrows(Thrown thrown) {
        ManualExecutor inner = new ManualExecutor();
        AtomicInteger runs = new AtomicInteger();
        SerialTask task = new SerialTask(inner, () -> {
            runs.incrementAndGet();
            thrown.fling();
        });
        try (LogCapture log = new LogCapture(SerialTask.class)) {
            task.signal();
            inner.runAll();
            task.signal();
            inner.runAll();
            assertThat(runs).hasValue(2);
            assertThat(log.records()).isNotEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("whatever the executor throws, the task is idle afterwards and runs when it is signalled again")
    void whateverTheExecutorThrows(Thrown thrown) {
        AtomicBoolean broken = new AtomicBoolean(true);
        AtomicInteger runs = new AtomicInteger();
        SerialTask task = new SerialTask(
                run -> {
                    if (broken.get()) {
                        thrown.fling();
                    }
                    run.run();
                },
                runs::incrementAndGet);
        assertThat(org.assertj.core.api.Assertions.catchThrowable(task::signal) != null)
                .isTrue();
        broken.set(false);
        task.signal();
        assertThat(runs).hasValue(1);
    }
}
