package io.flowscript.core.concurrent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flowscript.core.testing.ManualExecutor;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
@DisplayName("An executor that runs a few tasks at a time")
class LimitedExecutorTest {

    private final List<Integer> done = new ArrayList<>();

    @Test
    @DisplayName("takes no more places of the other executor than it may, and runs all tasks in their order")
    void order() {
        ManualExecutor other = new ManualExecutor();
        LimitedExecutor executor = new LimitedExecutor(other, 2);
        for (int i = 1; i <= 5; i++) {
            int number = i;
            executor.execute(() -> done.add(number));
        }
        assertThat(other.pending()).isEqualTo(2);
        other.runAll();
        assertThat(done).containsExactly(1, 2, 3, 4, 5);
        executor.execute(() -> done.add(6));
        other.runAll();
        assertThat(done).endsWith(6);
    }

    @Test
    @DisplayName("gives the place back when a task throws, and goes on with the next")
    void throwing() {
        ManualExecutor other = new ManualExecutor();
        LimitedExecutor executor = new LimitedExecutor(other, 1);
        executor.execute(() -> {
            throw new IllegalStateException("thrown by the test");
        });
        executor.execute(() -> done.add(2));
        assertThatThrownBy(other::runAll).hasMessage("thrown by the test");
        other.runAll();
        assertThat(done).containsExactly(2);
    }

    @Test
    @DisplayName("passes a refusal on, and does not run the task that was refused")
    void refusal() {
        AtomicBoolean refuses = new AtomicBoolean(true);
        LimitedExecutor executor = new LimitedExecutor(
                task -> {
                    if (refuses.get()) {
                        throw new RejectedExecutionException("full");
                    }
                    task.run();
                },
                1);
        assertThatThrownBy(() -> executor.execute(() -> done.add(1))).isInstanceOf(RejectedExecutionException.class);
        refuses.set(false);
        executor.execute(() -> done.add(2));
        assertThat(done).containsExactly(2);
    }

    @Test
    @DisplayName("lets other tasks of the other executor have their turn, and keeps its place and its order")
    void turns() {
        ManualExecutor other = new ManualExecutor();
        LimitedExecutor executor = new LimitedExecutor(other, 1, 2);
        for (int i = 1; i <= 5; i++) {
            int number = i;
            executor.execute(() -> done.add(number));
        }
        other.execute(() -> done.add(0));
        other.runAll();
        assertThat(done).containsExactly(1, 2, 0, 3, 4, 5);
    }

    @Test
    @DisplayName("goes on with all tasks when the other executor does not take the next turn")
    void refusedTurn() {
        ManualExecutor other = new ManualExecutor();
        AtomicInteger taken = new AtomicInteger();
        LimitedExecutor executor = new LimitedExecutor(
                task -> {
                    if (taken.getAndIncrement() > 0) {
                        throw new RejectedExecutionException("full");
                    }
                    other.execute(task);
                },
                1,
                2);
        for (int i = 1; i <= 5; i++) {
            int number = i;
            executor.execute(() -> done.add(number));
        }
        other.runAll();
        assertThat(done).containsExactly(1, 2, 3, 4, 5);
    }

    @Test
    @DisplayName("loses no task and never exceeds its number, whoever submits")
    void manyThreads() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(8);
        try {
            LimitedExecutor executor = new LimitedExecutor(threads, 3, 5);
            int tasks = 20_000;
            CountDownLatch left = new CountDownLatch(tasks);
            AtomicInteger running = new AtomicInteger();
            AtomicInteger most = new AtomicInteger();
            List<Thread> submitters = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                Thread submitter = new Thread(() -> {
                    for (int n = 0; n < tasks / 4; n++) {
                        executor.execute(() -> {
                            most.accumulateAndGet(running.incrementAndGet(), Math::max);
                            running.decrementAndGet();
                            left.countDown();
                        });
                    }
                });
                submitters.add(submitter);
                submitter.start();
            }
            for (Thread submitter : submitters) {
                submitter.join();
            }
            assertThat(left.await(30, TimeUnit.SECONDS)).isTrue();
            assertThat(most).hasValueBetween(1, 3);
        } finally {
            threads.shutdownNow();
        }
    }
}
