package io.flowscript.core.log.memory;

import static io.flowscript.core.log.memory.LogFixture.NOW;
import static io.flowscript.core.log.memory.LogFixture.keeping;
import static io.flowscript.core.log.memory.LogFixture.last;
import static io.flowscript.core.log.memory.LogFixture.log;
import static io.flowscript.core.log.memory.LogFixture.tick;
import static org.assertj.core.api.Assertions.assertThat;

import io.flowscript.core.concurrent.MemoryBudget;
import io.flowscript.core.log.Cursor;
import io.flowscript.core.log.Position;
import io.flowscript.core.testing.ManualExecutor;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Many rounds of what can happen at the same moment: first in every order that a seed can draw, then on real threads. */
@DisplayName("The log in memory, raced")
class LogRaceTest {

    private static final int ROUNDS = 10_000;

    private final ExecutorService threads = Executors.newFixedThreadPool(4);

    @AfterEach
    void stop() throws InterruptedException {
        threads.shutdown();
        assertThat(threads.awaitTermination(10, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    @DisplayName(
            "I1, I2: 10,000 schedules of subscribing while appending; every reader gets every event after its position, once")
    void subscribeWhileAppending() {
        for (long seed = 0; seed < ROUNDS; seed++) {
            Random random = new Random(seed);
            ManualExecutor executor = new ManualExecutor(seed);
            MemoryEventLog log = log(executor);
            List<LogReader> readers = new ArrayList<>();
            List<Long> positions = new ArrayList<>();
            int events = 1 + random.nextInt(20);
            while (log.latest() < events) {
                switch (random.nextInt(4)) {
                    case 0 -> log.append(tick(null), NOW);
                    case 1 -> log.wake();
                    case 2 -> executor.runOne();
                    default -> {
                        long after = random.nextInt((int) log.latest() + 1);
                        positions.add(after);
                        readers.add(new LogReader(log.cursor(Position.after(after)), 1 + random.nextInt(4), executor));
                    }
                }
            }
            log.append(last(), NOW);
            log.wake();
            executor.runAll();

            for (int i = 0; i < readers.size(); i++) {
                assertThat(readers.get(i).done())
                        .as("seed %d, reader %d", seed, i)
                        .isCompleted();
                assertThat(readers.get(i).events()).isEqualTo(events + 1 - positions.get(i));
            }
        }
    }

    @Test
    @DisplayName("I2, I5: 10,000 schedules of retention against lagging cursors; every hole is announced, exactly")
    void retentionAgainstLaggingCursors() {
        long missed = 0;
        for (long seed = 0; seed < ROUNDS; seed++) {
            Random random = new Random(seed);
            ManualExecutor executor = new ManualExecutor(seed);
            MemoryBudget budget = new MemoryBudget(1 << 20);
            MemoryEventLog log = log(keeping(1 + random.nextInt(4)), budget, executor);
            List<LogReader> readers = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                readers.add(new LogReader(log.cursor(Position.START), 1 + random.nextInt(4), executor));
            }
            for (int step = random.nextInt(60); step > 0; step--) {
                switch (random.nextInt(3)) {
                    case 0 -> log.append(tick(null), NOW);
                    case 1 -> log.wake();
                    default -> executor.runOne();
                }
            }
            if (random.nextBoolean()) {
                log.append(last(), NOW);
                log.wake();
            } else {
                log.close();
            }
            executor.runAll();

            for (LogReader reader : readers) {
                assertThat(reader.done()).as("seed %d", seed).isCompleted();
                assertThat(reader.next()).isEqualTo(log.latest() + 1);
                missed += log.latest() - reader.events();
            }
            log.close();
            assertThat(budget.used()).isZero();
        }
        assertThat(missed).as("there were holes at all").isPositive();
    }

    @Test
    @DisplayName(
            "I2, I8: 10,000 schedules of closing cursors while they are woken; a closed one stays asleep, the others do not")
    void closingAgainstWaking() {
        for (long seed = 0; seed < ROUNDS; seed++) {
            Random random = new Random(seed);
            ManualExecutor executor = new ManualExecutor(seed);
            MemoryEventLog log = log(executor);
            List<Cursor> cursors = new ArrayList<>();
            int[] woken = new int[5];
            boolean[] closed = new boolean[5];
            for (int i = 0; i < 5; i++) {
                int number = i;
                cursors.add(log.cursorAtEnd());
                cursors.get(i).wakeWhenReadable(() -> {
                    assertThat(closed[number]).isFalse();
                    woken[number]++;
                    int other = random.nextInt(5);
                    if (random.nextBoolean()) {
                        closed[other] = true;
                        cursors.get(other).close();
                    }
                });
            }
            int early = random.nextInt(5);
            closed[early] = true;
            cursors.get(early).close();
            log.append(tick(null), NOW);
            log.wake();
            executor.runAll();

            for (int i = 0; i < 5; i++) {
                assertThat(closed[i] || woken[i] == 1)
                        .as("seed %d, cursor %d", seed, i)
                        .isTrue();
            }
        }
    }

    @Test
    @DisplayName("I1, I2: 10,000 rounds of subscribing while another thread appends")
    void subscribeWhileAnotherThreadAppends() throws Exception {
        CyclicBarrier together = new CyclicBarrier(2);
        for (int round = 0; round < ROUNDS; round++) {
            MemoryEventLog log = log(threads);
            Future<?> appending = threads.submit(() -> {
                together.await();
                for (int i = 0; i < 10; i++) {
                    log.append(tick(null), NOW);
                    log.wake();
                }
                log.append(last(), NOW);
                log.wake();
                return null;
            });
            together.await();
            LogReader reader =
                    new LogReader(log.cursor(Position.START), 3, threads).done().get(10, TimeUnit.SECONDS);
            assertThat(reader.events()).as("round %d", round).isEqualTo(11);
            appending.get(10, TimeUnit.SECONDS);
        }
    }

    @Test
    @DisplayName("I1, I2, I5: a reader that is overtaken by retention all the time is told of every hole")
    void overtaken() throws Exception {
        int events = 300_000;
        MemoryEventLog log = log(keeping(5), new MemoryBudget(1 << 20), threads);
        List<LogReader> readers = new ArrayList<>();
        for (int i = 1; i <= 3; i++) {
            readers.add(new LogReader(log.cursor(Position.START), 4 * i, threads));
        }
        for (int i = 1; i < events; i++) {
            log.append(tick(null), NOW);
            log.wake();
        }
        log.append(last(), NOW);
        log.wake();
        for (LogReader reader : readers) {
            assertThat(reader.done().get(10, TimeUnit.SECONDS).next()).isEqualTo(events + 1);
        }
    }

    @Test
    @DisplayName("I1: appends of several threads give every number once, and times never go back")
    void severalAppenders() throws Exception {
        MemoryEventLog log = log(Runnable::run);
        AtomicInteger clock = new AtomicInteger();
        List<Future<?>> appending = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            appending.add(threads.submit(() -> {
                for (int event = 0; event < 20_000; event++) {
                    log.append(tick(null), NOW.plusMillis(clock.incrementAndGet()));
                }
            }));
        }
        for (Future<?> future : appending) {
            future.get(30, TimeUnit.SECONDS);
        }
        assertThat(log.read(Position.START, 100_000)).hasSize(80_000).isSortedAccordingTo((a, b) -> {
            assertThat(b.seq()).isEqualTo(a.seq() + 1);
            return a.time().compareTo(b.time());
        });
    }
}
