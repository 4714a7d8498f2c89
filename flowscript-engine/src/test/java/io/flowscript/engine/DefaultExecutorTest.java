package io.flowscript.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.flowscript.core.testing.ManualExecutor;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class DefaultExecutorTest {

    private static final int MAX_THREADS = 256;

    @Test
    @DisplayName("I5: a thousand tasks that block take no more than the threads allowed, and none is lost")
    void boundedThreads() throws InterruptedException {
        ExecutorService executor = DefaultExecutor.blocking("test", MAX_THREADS);
        try {
            int tasks = 1_000;
            Set<Thread> threads = ConcurrentHashMap.newKeySet();
            CountDownLatch running = new CountDownLatch(MAX_THREADS);
            CountDownLatch release = new CountDownLatch(1);
            CountDownLatch done = new CountDownLatch(tasks);
            for (int i = 0; i < tasks; i++) {
                executor.execute(() -> {
                    threads.add(Thread.currentThread());
                    running.countDown();
                    try {
                        release.await();
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                    done.countDown();
                });
            }
            assertThat(running.await(30, TimeUnit.SECONDS)).isTrue();
            release.countDown();
            assertThat(done.await(30, TimeUnit.SECONDS)).isTrue();
            assertThat(threads)
                    .hasSizeLessThanOrEqualTo(MAX_THREADS)
                    .allMatch(Thread::isDaemon)
                    .allMatch(thread -> thread.getName().startsWith("flowscript-test-"));
        } finally {
            executor.shutdownNow();
        }
        assertThatThrownBy(() -> executor.execute(() -> {})).isInstanceOf(RejectedExecutionException.class);
    }

    @Test
    @DisplayName("I5: tasks that do not block take few threads, and those that block get as many as are allowed")
    void moreThreadsWhenTheyBlock() throws InterruptedException {
        int first = 2 * Runtime.getRuntime().availableProcessors();
        ManualExecutor checks = new ManualExecutor();
        Set<Thread> threads = ConcurrentHashMap.newKeySet();
        ExecutorService executor = DefaultExecutor.blocking("test", first + 10, checks);
        try {
            int tasks = 10_000;
            CountDownLatch quick = new CountDownLatch(tasks);
            for (int i = 0; i < tasks; i++) {
                executor.execute(() -> {
                    threads.add(Thread.currentThread());
                    quick.countDown();
                });
            }
            assertThat(quick.await(30, TimeUnit.SECONDS)).isTrue();
            assertThat(threads).hasSizeLessThanOrEqualTo(first);
            checks.runAll();
            assertThat(threads).as("after a check, when nothing waits").hasSizeLessThanOrEqualTo(first);

            CountDownLatch release = new CountDownLatch(1);
            AtomicInteger blocked = new AtomicInteger();
            for (int i = 0; i < 2 * first + 20; i++) {
                executor.execute(() -> {
                    blocked.incrementAndGet();
                    try {
                        release.await();
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                });
            }
            await().until(() -> blocked.get() == first);
            while (checks.runOne()) {
                // Each check sees that no task was taken, or that all threads are there.
            }
            await().until(() -> blocked.get() == first + 10);
            release.countDown();
            await().until(() -> blocked.get() == 2 * first + 20);
        } finally {
            executor.shutdownNow();
        }
    }

    @Test
    @DisplayName("I5: a task that waits for long gets a thread, though others get on")
    void oneMoreThread() throws InterruptedException {
        int first = 2 * Runtime.getRuntime().availableProcessors();
        ManualExecutor checks = new ManualExecutor();
        ExecutorService executor = DefaultExecutor.blocking("test", first + 1, checks);
        try {
            Semaphore steps = new Semaphore(0);
            AtomicInteger begun = new AtomicInteger();
            int tasks = first + 1_000;
            for (int i = 0; i < tasks; i++) {
                executor.execute(() -> {
                    begun.incrementAndGet();
                    steps.acquireUninterruptibly();
                });
            }
            await().until(() -> begun.get() == first);
            int passed = 0;
            while (checks.runOne()) {
                // Between two checks one task ends, and the next one is taken.
                steps.release();
                passed++;
                int taken = first + passed;
                await().until(() -> begun.get() >= taken);
            }
            int ended = passed;
            await().until(() -> begun.get() == first + ended + 1);
            assertThat(passed).as("checks until there is one thread more").isBetween(5, 8);
            steps.release(tasks);
        } finally {
            executor.shutdownNow();
        }
    }

    @Test
    @DisplayName("I5: without a check a task gets a thread at once")
    void noCheck() throws InterruptedException {
        ExecutorService executor = DefaultExecutor.blocking("test", MAX_THREADS, check -> {
            throw new RejectedExecutionException("no check");
        });
        try {
            CountDownLatch running = new CountDownLatch(100);
            CountDownLatch release = new CountDownLatch(1);
            for (int i = 0; i < 100; i++) {
                executor.execute(() -> {
                    running.countDown();
                    try {
                        release.await();
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                });
            }
            assertThat(running.await(30, TimeUnit.SECONDS)).isTrue();
            release.countDown();
        } finally {
            executor.shutdownNow();
        }
    }

    @Test
    void whatThisMachineHasRunsTasks() throws Exception {
        ExecutorService executor = DefaultExecutor.blocking("test", MAX_THREADS);
        try {
            assertThat(executor.submit(() -> Thread.currentThread().getName()).get(30, TimeUnit.SECONDS))
                    .startsWith("flowscript-test-");
        } finally {
            executor.shutdownNow();
        }
    }
}
