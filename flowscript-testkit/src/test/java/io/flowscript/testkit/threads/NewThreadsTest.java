package io.flowscript.testkit.threads;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The threads that have begun since a moment, and are alive")
class NewThreadsTest {

    private final CountDownLatch release = new CountDownLatch(1);

    @Test
    void oneThatWasThereIsNotNewAndOneThatEndedIsNotLeft() throws Exception {
        Thread old = waiting(Thread.currentThread().getThreadGroup());
        NewThreads threads = NewThreads.fromNow();
        Thread fresh = waiting(Thread.currentThread().getThreadGroup());

        assertThat(threads.left()).contains(fresh).doesNotContain(old);
        end(List.of(old, fresh));
        assertThat(threads.left()).doesNotContain(fresh);
    }

    @Test
    void threadsOfOtherGroupsAreSeenAndSoAreMany() throws Exception {
        NewThreads threads = NewThreads.fromNow();
        ThreadGroup other =
                new ThreadGroup(Thread.currentThread().getThreadGroup().getParent(), "other");
        List<Thread> many =
                IntStream.range(0, 100).mapToObj(i -> waiting(other)).toList();

        assertThat(threads.left()).containsAll(many);
        end(many);
        assertThat(threads.left()).doesNotContainAnyElementsOf(many);
    }

    private Thread waiting(ThreadGroup group) {
        Thread thread = new Thread(group, () -> {
            try {
                release.await();
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        });
        thread.start();
        return thread;
    }

    private void end(List<Thread> threads) throws InterruptedException {
        release.countDown();
        for (Thread thread : threads) {
            thread.join();
        }
    }
}
