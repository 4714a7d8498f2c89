package io.flowscript.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.flowscript.core.runtime.EngineClock.Timer;
import io.flowscript.testsupport.LogCapture;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class SystemClockTest {

    private final AtomicReference<Instant> time = new AtomicReference<>(Instant.parse("2026-01-01T00:00:00Z"));

    @Test
    @DisplayName("F12: a task in 400 days does not come today, and does when the clock says so")
    void farTasks() throws InterruptedException {
        try (SystemClock clock = SystemClock.start(time::get)) {
            CountDownLatch far = new CountDownLatch(1);
            CountDownLatch near = new CountDownLatch(1);
            clock.schedule(time.get().plus(Duration.ofDays(400)), far::countDown);
            clock.schedule(time.get(), near::countDown);
            assertThat(near.await(10, TimeUnit.SECONDS)).isTrue();
            assertThat(far.getCount()).isEqualTo(1);
            time.set(time.get().plus(Duration.ofDays(400)));
            clock.schedule(Instant.EPOCH, () -> {}); // wakes the thread, which finds that the clock was set
            assertThat(far.await(10, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void aDurationPassesWhateverBecomesOfTheTimeOfDay() throws InterruptedException {
        try (SystemClock clock = SystemClock.start(time::get)) {
            CountDownLatch task = new CountDownLatch(1);
            clock.schedule(Duration.ofMillis(50), task::countDown);
            time.set(time.get().minus(Duration.ofHours(1)));
            assertThat(task.await(10, TimeUnit.SECONDS)).isTrue();

            clock.schedule(Duration.ofHours(1), () -> {});
            clock.schedule(ChronoUnit.FOREVER.getDuration(), () -> {});
            time.set(time.get().plus(Duration.ofHours(2)));
            CountDownLatch other = new CountDownLatch(1);
            clock.schedule(Duration.ofSeconds(-1), other::countDown);
            assertThat(other.await(10, TimeUnit.SECONDS)).isTrue();
            assertThat(clock.pending()).isEqualTo(2);
        }
    }

    @Test
    void theTimeOfDayIsLookedAtAgainAlthoughNobodyTellsThatItWasSet() throws InterruptedException {
        try (SystemClock clock = SystemClock.start(time::get)) {
            CountDownLatch moment = new CountDownLatch(1);
            clock.schedule(time.get().plus(Duration.ofHours(1)), moment::countDown);
            Awaitility.await().until(clock::isAsleep);
            time.set(time.get().plus(Duration.ofHours(1)));
            assertThat(moment.await(10, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void aClockThatIsSetBackMakesTasksWait() throws InterruptedException {
        try (SystemClock clock = SystemClock.start(time::get)) {
            CountDownLatch task = new CountDownLatch(1);
            Instant due = time.get().plus(Duration.ofMillis(50));
            clock.schedule(due, task::countDown);
            time.set(time.get().minus(Duration.ofDays(1)));
            CountDownLatch other = new CountDownLatch(1);
            clock.schedule(time.get(), other::countDown);
            assertThat(other.await(10, TimeUnit.SECONDS)).isTrue();
            assertThat(task.getCount()).isEqualTo(1);
            assertThat(clock.pending()).isEqualTo(1);
        }
    }

    @Test
    void tasksComeInTheOrderOfTheirTimesAndSurviveOneThatThrows() throws InterruptedException {
        try (LogCapture ignored = new LogCapture(FlowScript.class);
                SystemClock clock = SystemClock.start(time::get)) {
            List<Integer> order = new ArrayList<>();
            CountDownLatch last = new CountDownLatch(1);
            Instant now = time.get();
            clock.schedule(now.plusMillis(3), () -> {
                order.add(3);
                last.countDown();
            });
            clock.schedule(now.plusMillis(1), () -> order.add(1));
            clock.schedule(now.plusMillis(2), () -> {
                order.add(2);
                throw new IllegalStateException("task");
            });
            clock.schedule(now, () -> order.add(0));
            time.set(now.plusMillis(3));
            assertThat(last.await(10, TimeUnit.SECONDS)).isTrue();
            assertThat(order).containsExactly(0, 1, 2, 3);
            assertThat(ignored.records()).hasSize(1);
        }
    }

    @Test
    @DisplayName("I5, I8: what is called off is gone at once, and closing ends the thread")
    void callingOffAndClosing() {
        SystemClock clock = SystemClock.start();
        List<Timer> timers = new ArrayList<>();
        for (int i = 0; i < 1_000; i++) {
            timers.add(clock.schedule(clock.instant().plus(Duration.ofDays(i + 1)), () -> {}));
        }
        assertThat(clock.pending()).isEqualTo(1_000);
        timers.forEach(Timer::cancel);
        assertThat(clock.pending()).isZero();
        clock.close();
        clock.close();
        Awaitility.await().until(() -> !clock.isRunning());
    }

    @Test
    @DisplayName("the thread survives used-up memory, and a task that had not enough of it runs again")
    void memoryThatIsUsedUp() throws InterruptedException {
        AtomicInteger timesAsked = new AtomicInteger();
        try (LogCapture logged = new LogCapture(FlowScript.class);
                SystemClock clock = SystemClock.start(() -> {
                    if (timesAsked.getAndIncrement() == 0) {
                        throw new OutOfMemoryError("thrown by a test");
                    }
                    return time.get();
                })) {
            CountDownLatch runs = new CountDownLatch(2);
            clock.schedule(time.get(), () -> {
                runs.countDown();
                if (runs.getCount() == 1) {
                    throw new OutOfMemoryError("thrown by a test");
                }
            });
            assertThat(runs.await(10, TimeUnit.SECONDS)).isTrue();
            assertThat(clock.isRunning()).isTrue();
            assertThat(logged.records()).hasSize(2);
        }
    }

    @Test
    @DisplayName("a task that leaves an interruption behind does not keep the thread awake")
    void interruption() throws InterruptedException {
        try (SystemClock clock = SystemClock.start(time::get)) {
            clock.schedule(time.get(), () -> Thread.currentThread().interrupt());
            CountDownLatch next = new CountDownLatch(1);
            clock.schedule(Duration.ZERO, next::countDown);
            assertThat(next.await(10, TimeUnit.SECONDS)).isTrue();
            Awaitility.await().until(clock::isAsleep);
        }
    }
}
