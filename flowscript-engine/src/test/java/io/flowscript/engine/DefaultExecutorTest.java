package io.flowscript.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
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
