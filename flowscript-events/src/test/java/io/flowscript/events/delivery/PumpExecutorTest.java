package io.flowscript.events.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.flowscript.core.concurrent.SerialTask;
import io.flowscript.core.testing.ManualExecutor;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class PumpExecutorTest {

    private static final Duration STUCK = Duration.ofSeconds(30);

    private final ManualExecutor executor = new ManualExecutor();
    private final List<String> ran = new ArrayList<>();

    @Test
    void runsEachPumpInTheOrderOfComing() {
        PumpExecutor pumps = new PumpExecutor(executor, 1, 10);
        for (int i = 0; i < 25; i++) {
            String name = String.format(Locale.ROOT, "pump %02d", i);
            pumps.execute(() -> ran.add(name), () -> ran.add("refused"));
        }
        executor.runAll();

        assertThat(ran).hasSize(25).isSorted().doesNotHaveDuplicates();
    }

    @Test
    @DisplayName(
            "I4: a thousand pumps that are woken at once take no more tasks of the executor than there are workers")
    void wakesFewThreads() {
        PumpExecutor pumps = new PumpExecutor(executor, 3, 2_000);
        for (int i = 0; i < 1_000; i++) {
            pumps.execute(() -> ran.add("pump"), () -> {});
        }
        int tasks = 0;
        while (executor.runOne()) {
            tasks++;
        }

        assertThat(ran).hasSize(1_000);
        assertThat(tasks).isBetween(1, 3);
    }

    @Test
    @DisplayName("a worker that is on its way is enough: no other is woken for what it is about to take")
    void wakesOneWorkerAtATime() {
        PumpExecutor pumps = new PumpExecutor(executor, 3, 10);
        pumps.execute(() -> ran.add("first"), () -> {});
        pumps.execute(() -> ran.add("second"), () -> {});

        assertThat(executor.runOne()).isTrue();
        assertThat(ran).containsExactly("first", "second");
        assertThat(executor.runOne()).as("the one that was woken meanwhile").isTrue();
        assertThat(executor.runOne()).isFalse();
    }

    @Test
    @DisplayName(
            "pumps of clients that are behind and of those that are not take turns, whichever came first and however many there are")
    void takesTurns() {
        PumpExecutor pumps = new PumpExecutor(executor, 1, 100);
        for (int i = 0; i < 4; i++) {
            pumps.executeBehind(() -> ran.add("behind"), () -> {});
        }
        for (int i = 0; i < 2; i++) {
            pumps.execute(() -> ran.add("current"), () -> {});
        }
        executor.runAll();
        assertThat(ran).containsExactly("current", "behind", "current", "behind", "behind", "behind");

        ran.clear();
        pumps.executeBehind(() -> ran.add("behind"), () -> {});
        for (int i = 0; i < 3; i++) {
            pumps.execute(() -> ran.add("current"), () -> {});
        }
        executor.runAll();
        assertThat(ran).containsExactly("current", "behind", "current", "current");
    }

    @Test
    @DisplayName(
            "a pump of a client that is behind is taken back when there is no thread, and told when the executor is closed")
    void refusesThoseBehind() {
        Throwable[] refusal = {new OutOfMemoryError("no thread")};
        PumpExecutor pumps = new PumpExecutor(
                work -> {
                    if (refusal[0] instanceof Error noThread) {
                        throw noThread;
                    }
                    throw new RejectedExecutionException("closed");
                },
                1,
                2);

        assertThatThrownBy(() -> pumps.executeBehind(() -> ran.add("first"), () -> {}))
                .isInstanceOf(OutOfMemoryError.class);
        refusal[0] = new RejectedExecutionException("closed");
        pumps.executeBehind(() -> ran.add("second"), () -> ran.add("refused"));

        assertThat(ran).containsExactly("refused", "second");
    }

    @Test
    @DisplayName("I7: a pump that throws past its guard costs no worker")
    void outlivesAPumpThatThrows() {
        PumpExecutor pumps = new PumpExecutor(executor, 1, 10);
        for (int i = 0; i < 3; i++) {
            pumps.execute(
                    () -> {
                        throw new StackOverflowError("past its guard");
                    },
                    () -> {});
            executor.runAll();
        }
        pumps.execute(() -> ran.add("next"), () -> {});
        executor.runAll();

        assertThat(ran).containsExactly("next");
    }

    @Test
    @DisplayName("without a thread for another worker, one worker runs all")
    void goesOnAloneWithoutAnotherThread() {
        int[] threads = {1};
        PumpExecutor pumps = new PumpExecutor(
                work -> {
                    if (threads[0]-- <= 0) {
                        throw new OutOfMemoryError("no thread");
                    }
                    executor.execute(work);
                },
                3,
                100);
        for (int i = 0; i < 50; i++) {
            pumps.execute(() -> ran.add("pump"), () -> {});
        }
        executor.runAll();
        assertThat(ran).hasSize(50);

        threads[0] = 10;
        pumps.execute(() -> ran.add("later"), () -> {});
        executor.runAll();
        assertThat(ran).hasSize(51);
    }

    @Test
    void letsTheExecutorRunSomethingElseNowAndThen() {
        PumpExecutor pumps = new PumpExecutor(executor, 1, 10);
        for (int i = 0; i < 30; i++) {
            pumps.execute(() -> ran.add("pump"), () -> {});
        }
        executor.execute(() -> ran.add("something else"));
        executor.runAll();

        assertThat(ran.indexOf("something else")).isEqualTo(10);
        assertThat(ran).hasSize(31);
    }

    @Test
    @DisplayName("I7: a pump that blocks keeps one worker; the others go on")
    void aPumpThatBlocksHoldsUpNoOther() throws Exception {
        ExecutorService threads = Executors.newCachedThreadPool();
        CountDownLatch released = new CountDownLatch(1);
        CountDownLatch blocked = new CountDownLatch(1);
        AtomicInteger others = new AtomicInteger();
        try {
            PumpExecutor pumps = new PumpExecutor(threads, 2, 10);
            pumps.execute(
                    () -> {
                        blocked.countDown();
                        awaitQuietly(released);
                    },
                    () -> {});
            blocked.await();
            for (int i = 1; i <= 100; i++) {
                int wanted = i;
                pumps.execute(others::incrementAndGet, () -> {});
                await().pollDelay(Duration.ZERO)
                        .pollInterval(Duration.ofMillis(1))
                        .until(() -> others.get() == wanted);
            }
        } finally {
            released.countDown();
            threads.shutdown();
        }
    }

    /** Its rounds have no limit together, since each waits for threads that others may keep from running. */
    @Test
    @Timeout(600)
    @SuppressWarnings("ThreadPriorityCheck") // yielding only gives the processor away; nothing relies on it
    @DisplayName("Adding, running and resting at the same moment: nothing is left behind")
    void leavesNothingBehind() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(4);
        AtomicInteger count = new AtomicInteger();
        try {
            PumpExecutor pumps = new PumpExecutor(threads, 3, 4);
            for (int round = 1; round <= 20_000; round++) {
                int wanted = 3 * round;
                for (int i = 0; i < 3; i++) {
                    pumps.execute(count::incrementAndGet, () -> {});
                }
                long begun = System.nanoTime();
                while (count.get() < wanted) {
                    assertThat(Duration.ofNanos(System.nanoTime() - begun))
                            .as("round %d: %d of %d have run", round, count.get(), wanted)
                            .isLessThan(STUCK);
                    Thread.yield();
                }
            }
        } finally {
            threads.shutdown();
        }
        assertThat(count).hasValue(60_000);
    }

    @Test
    void anExecutorThatRunsTasksOnTheCallingThreadGrowsNoStack() {
        PumpExecutor pumps = new PumpExecutor(Runnable::run, 2, 4);
        AtomicInteger count = new AtomicInteger();
        SerialTask[] task = new SerialTask[1];
        task[0] = new SerialTask(run -> pumps.execute(run, () -> {}), () -> {
            if (count.incrementAndGet() < 200_000) {
                task[0].signal();
            }
        });
        task[0].signal();

        assertThat(count).hasValue(200_000);
    }

    @Test
    @DisplayName("I8: an executor that takes no more work: each pump learns it, and runs for the last time")
    void tellsEachPumpThatTheExecutorIsClosed() {
        boolean[] closed = new boolean[1];
        PumpExecutor pumps = new PumpExecutor(
                work -> {
                    if (closed[0]) {
                        throw new RejectedExecutionException("closed");
                    }
                    executor.execute(work);
                },
                1,
                2);
        for (int i = 0; i < 5; i++) {
            pumps.execute(() -> ran.add("ran"), () -> ran.add("refused"));
        }
        closed[0] = true;
        executor.runAll();
        pumps.execute(() -> ran.add("ran late"), () -> ran.add("refused late"));

        assertThat(ran)
                .containsExactly(
                        "ran", "ran", "refused", "ran", "refused", "ran", "refused", "ran", "refused late", "ran late");
    }

    @Test
    void aThreadThatCannotBeMadeIsThrownOnAndTriedAgain() {
        boolean[] exhausted = {true};
        PumpExecutor pumps = new PumpExecutor(
                work -> {
                    if (exhausted[0]) {
                        throw new OutOfMemoryError("no thread");
                    }
                    executor.execute(work);
                },
                1,
                2);

        assertThatThrownBy(() -> pumps.execute(() -> ran.add("first"), () -> {}))
                .isInstanceOf(OutOfMemoryError.class);
        exhausted[0] = false;
        pumps.execute(() -> ran.add("second"), () -> {});
        executor.runAll();

        assertThat(ran).containsExactly("second");
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
