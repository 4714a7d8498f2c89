package io.flowscript.spring.boot.test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("integration")
class TestThreadsTest {

    @Test
    @DisplayName("Threads rest when the last task has ended that a task has begun")
    void rest() {
        try (TestThreads threads = new TestThreads(Duration.ofMinutes(1))) {
            AtomicInteger ended = new AtomicInteger();
            threads.execute(new Runnable() {
                private int round;

                @Override
                public void run() {
                    if (++round < 100) {
                        threads.execute(this);
                    }
                    ended.incrementAndGet();
                }
            });
            threads.awaitRest();
            assertThat(ended).hasValue(100);
        }
    }

    @Test
    @DisplayName("A task that does not end is an error, and not a clock that stands still for ever")
    void noRest() {
        try (TestThreads threads = new TestThreads(Duration.ofMillis(20))) {
            CountDownLatch never = new CountDownLatch(1);
            threads.execute(() -> {
                try {
                    never.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt(); // closed
                }
            });
            assertThatThrownBy(threads::awaitRest)
                    .isInstanceOf(AssertionError.class)
                    .hasMessageContaining("still work");
        }
    }

    @Test
    @DisplayName("What is refused after the end is not waited for")
    void refused() {
        TestThreads threads = new TestThreads(Duration.ofMinutes(1));
        threads.close();
        assertThatThrownBy(() -> threads.execute(() -> {})).isInstanceOf(RejectedExecutionException.class);
        threads.awaitRest();
    }
}
