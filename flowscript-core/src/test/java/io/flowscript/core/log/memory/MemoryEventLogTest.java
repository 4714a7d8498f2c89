package io.flowscript.core.log.memory;

import static io.flowscript.core.log.memory.LogFixture.EPOCH;
import static io.flowscript.core.log.memory.LogFixture.NOW;
import static io.flowscript.core.log.memory.LogFixture.append;
import static io.flowscript.core.log.memory.LogFixture.drain;
import static io.flowscript.core.log.memory.LogFixture.keeping;
import static io.flowscript.core.log.memory.LogFixture.last;
import static io.flowscript.core.log.memory.LogFixture.log;
import static io.flowscript.core.log.memory.LogFixture.tick;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flowscript.core.concurrent.MemoryBudget;
import io.flowscript.core.event.RecordedEvent;
import io.flowscript.core.log.Cursor;
import io.flowscript.core.log.Position;
import io.flowscript.core.log.Read;
import io.flowscript.core.log.Retention;
import io.flowscript.core.testing.ManualExecutor;
import io.flowscript.testsupport.LogCapture;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import java.util.stream.LongStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The log in memory")
class MemoryEventLogTest {

    private final ManualExecutor executor = new ManualExecutor();
    private final MemoryEventLog log = log(executor);

    @Test
    @DisplayName("I1: numbers are contiguous from 1 and in the order of appending")
    void numbers() {
        assertThat(log.oldest()).isEqualTo(1);
        assertThat(log.latest()).isZero();

        RecordedEvent first = log.append(tick("a"), NOW);
        append(log, 999);

        assertThat(first).isEqualTo(new RecordedEvent("run-1", "flow", EPOCH, 1, NOW, tick("a")));
        assertThat(log.latest()).isEqualTo(1_000);
        assertThat(log.read(Position.START, 2_000))
                .extracting(RecordedEvent::seq)
                .containsExactlyElementsOf(
                        LongStream.rangeClosed(1, 1_000).boxed().toList());
    }

    @Test
    @DisplayName(
            "I1: a log that was written down goes on with the next number, and says that the ones before are elsewhere")
    void continued() {
        MemoryEventLog continued = new MemoryEventLog(
                "run-1",
                "flow",
                EPOCH,
                Position.after(EPOCH, 40),
                NOW,
                keeping(10),
                new MemoryBudget(1 << 20),
                executor,
                true);

        assertThat(continued.append(tick("b"), NOW.minusSeconds(1)))
                .extracting(RecordedEvent::seq, RecordedEvent::time)
                .containsExactly(41L, NOW);
        assertThat(drain(continued.cursor(Position.START), 9)).containsExactly("1..40", 41L);
        assertThat(drain(continued.cursor(Position.after(EPOCH, 40)), 9)).containsExactly(41L);
    }

    @Test
    @DisplayName("I1: times are cut to the millisecond and never go back")
    void times() {
        List<Instant> clock =
                List.of(NOW.plusNanos(1_999_999), NOW.minusSeconds(9), NOW.plusMillis(1), NOW.plusMillis(2));

        assertThat(clock.stream().map(now -> log.append(tick(null), now).time()))
                .containsExactly(NOW.plusMillis(1), NOW.plusMillis(1), NOW.plusMillis(1), NOW.plusMillis(2));
    }

    @Test
    @DisplayName("I3: nothing follows the last event")
    void lastEvent() {
        log.append(tick(null), NOW);
        log.append(last(), NOW);

        assertThat(log.isEnded()).isTrue();
        assertThatThrownBy(() -> log.append(tick(null), NOW))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("run-1");
        assertThat(drain(log.cursor(Position.START), 1)).containsExactly(1L, 2L, "end");
    }

    @Test
    @DisplayName("reads no more than asked for, and knows its position")
    void batches() {
        append(log, 5);
        Cursor cursor = log.cursor(Position.START);

        assertThat(cursor.position()).isEqualTo(Position.after(EPOCH, 0));
        assertThat(((Read.Events) cursor.read(3)).events()).hasSize(3);
        assertThat(cursor.position()).isEqualTo(Position.after(EPOCH, 3));
        assertThat(((Read.Events) cursor.read(3)).events()).hasSize(2);
        assertThat(cursor.read(3)).isInstanceOf(Read.Nothing.class);
        assertThatThrownBy(() -> cursor.read(0)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    @DisplayName("what was read cannot be changed")
    void immutable() {
        append(log, 2);
        List<RecordedEvent> events = log.read(Position.START, 2);

        assertThatThrownBy(() -> events.set(0, events.get(1))).isInstanceOf(UnsupportedOperationException.class);
    }

    @Test
    @DisplayName("a cursor at the end sees only what comes")
    void atTheEnd() {
        append(log, 5);
        Cursor cursor = log.cursorAtEnd();
        append(log, 2);

        assertThat(drain(cursor, 9)).containsExactly(6L, 7L);
    }

    @Test
    @DisplayName("I2: what retention by count drops is announced as a hole, exactly")
    void retentionByCount() {
        MemoryEventLog small = log(keeping(3), new MemoryBudget(1 << 20), executor);
        Cursor lagging = small.cursor(Position.START);
        append(small, 2);
        assertThat(lagging.read(1)).isInstanceOf(Read.Events.class);
        append(small, 5);

        assertThat(small.oldest()).isEqualTo(5);
        assertThat(small.read(Position.after(1), 9)).isEmpty();
        assertThat(lagging.read(9)).isEqualTo(new Read.Missed(EPOCH, 2, 4L));
        assertThat(lagging.position()).isEqualTo(Position.after(EPOCH, 4));
        assertThat(drain(lagging, 9)).containsExactly(5L, 6L, 7L);
    }

    @Test
    @DisplayName("I5: retention by bytes drops whole events from the beginning, and keeps the newest whatever its size")
    void retentionByBytes() {
        long weight = MemoryEventLog.weight(tick("x".repeat(1_000)));
        MemoryEventLog small =
                log(new Retention(1_000, 3 * weight, Duration.ZERO), new MemoryBudget(1 << 20), executor);
        for (int i = 0; i < 5; i++) {
            small.append(tick("x".repeat(1_000)), NOW);
        }
        assertThat(small.oldest()).isEqualTo(3);

        small.append(tick("y".repeat(100_000)), NOW);
        assertThat(drain(small.cursor(Position.START), 9)).containsExactly("1..5", 6L);
    }

    @Test
    @DisplayName("I5: the ring follows what is kept, up and down")
    void ring() {
        MemoryBudget budget = new MemoryBudget(1L << 30);
        MemoryEventLog small = log(keeping(1_000), budget, executor);
        append(small, 1_000_000);

        assertThat(small.slots()).isEqualTo(1_024);
        assertThat(budget.used()).isEqualTo(1_000 * EventWeight.OVERHEAD);

        long weight = MemoryEventLog.weight(tick("x".repeat(1_000)));
        MemoryEventLog shrinking = log(new Retention(1_000, 10 * weight, Duration.ZERO), budget, executor);
        append(shrinking, 40);
        assertThat(shrinking.slots()).isEqualTo(64);
        for (int i = 0; i < 100; i++) {
            shrinking.append(tick("x".repeat(1_000)), NOW);
        }
        assertThat(shrinking.slots()).isLessThanOrEqualTo(32);
        assertThat(drain(shrinking.cursor(Position.START), 99)).hasSize(11).startsWith("1..130");
    }

    @Test
    @DisplayName("I1: a reader that is overtaken does not take the event that is in the slot by now for its own")
    void overtaken() {
        MemoryEventLog small = log(keeping(2), new MemoryBudget(1 << 20), executor);
        append(small, 10);

        assertThat(small.slots()).isEqualTo(4);
        assertThat(small.copy(1, 2)).as("slot 1 has event 9, slot 2 event 10").isEmpty();
        assertThat(small.copy(9, 2)).extracting(RecordedEvent::seq).containsExactly(9L, 10L);
    }

    @Test
    @DisplayName("I5: when the budget is used up, a log gives up as much as it takes, and no other log pays")
    void budget() {
        MemoryBudget budget = new MemoryBudget(10 * EventWeight.OVERHEAD);
        MemoryEventLog other = log(Retention.defaults(), budget, executor);
        MemoryEventLog hungry = log(Retention.defaults(), budget, executor);
        append(other, 4);
        append(hungry, 4);
        assertThat(budget.isScarce()).isFalse();
        append(hungry, 1);
        assertThat(budget.isScarce()).isTrue();
        append(hungry, 1_000);

        assertThat(budget.used()).isEqualTo(10 * EventWeight.OVERHEAD);
        assertThat(other.oldest()).isEqualTo(1);
        assertThat(drain(hungry.cursor(Position.START), 99))
                .containsExactly("1..999", 1000L, 1001L, 1002L, 1003L, 1004L, 1005L);

        hungry.close();
        hungry.close();
        assertThat(budget.used()).isEqualTo(4 * EventWeight.OVERHEAD);
        other.close();
        assertThat(budget.used()).isZero();
    }

    @Test
    @DisplayName("I2: a position of another epoch is a hole of unknown size, then everything that is kept")
    void foreignEpoch() {
        MemoryEventLog small = log(keeping(2), new MemoryBudget(1 << 20), executor);
        append(small, 4);
        Cursor cursor = small.cursor(Position.after("of-old", 7));

        assertThat(cursor.position()).isEqualTo(Position.after("of-old", 7));
        assertThat(cursor.read(9)).isEqualTo(new Read.Missed("of-old", 8, null));
        assertThat(drain(cursor, 9)).containsExactly("1..2", 3L, 4L);
        assertThat(drain(small.cursor(Position.after("of-old", Long.MAX_VALUE)), 9))
                .containsExactly(Long.MAX_VALUE + "..null", "1..2", 3L, 4L);
    }

    @Test
    @DisplayName("I2: a position past the end is told so, then gets what comes")
    void pastTheEnd() {
        append(log, 3);
        Cursor cursor = log.cursor(Position.after(Long.MAX_VALUE));
        assertThat(cursor.position()).isEqualTo(Position.after(EPOCH, Long.MAX_VALUE));
        append(log, 1);

        assertThat(cursor.read(9)).isEqualTo(new Read.Missed(EPOCH, 4, Long.MAX_VALUE));
        assertThat(drain(cursor, 9)).containsExactly(4L);
    }

    @Test
    @DisplayName("I4: an append wakes nobody, and one task wakes all who wait, in the order in which they fell asleep")
    void oneTask() {
        List<Integer> woken = new ArrayList<>();
        for (int i = 0; i < 10_000; i++) {
            int number = i;
            log.cursorAtEnd().wakeWhenReadable(() -> woken.add(number));
        }
        append(log, 2);
        assertThat(executor.pending()).isZero();
        log.wake();
        log.wake();

        assertThat(executor.pending()).isEqualTo(1);
        assertThat(woken).isEmpty();
        executor.runAll();
        assertThat(woken).hasSize(10_000).isSorted();
        log.wake();
        assertThat(executor.pending()).isZero();
    }

    @Test
    @DisplayName("a wake-up comes once, at once where there is something to read, and a later one replaces it")
    void wakeUps() {
        List<String> woken = new ArrayList<>();
        Cursor cursor = log.cursor(Position.START);
        cursor.wakeWhenReadable(() -> woken.add("replaced"));
        cursor.wakeWhenReadable(() -> woken.add("first"));
        append(log, 1);
        log.wake();
        cursor.wakeWhenReadable(() -> woken.add("at once"));
        executor.runAll();
        assertThat(woken).containsExactly("at once");

        assertThat(drain(cursor, 9)).containsExactly(1L);
        cursor.wakeWhenReadable(() -> woken.add("second"));
        append(log, 1);
        log.wake();
        executor.runAll();
        append(log, 1);
        log.wake();
        executor.runAll();
        assertThat(woken).containsExactly("at once", "second");

        log.cursor(Position.after("of-old", 0)).wakeWhenReadable(() -> woken.add("hole"));
        assertThat(woken).endsWith("hole");
    }

    @Test
    @DisplayName("I7: a wake-up that throws does not keep the others asleep")
    void throwingWakeUp() {
        List<String> woken = new ArrayList<>();
        log.cursorAtEnd().wakeWhenReadable(() -> {
            throw new AssertionError("on purpose");
        });
        log.cursorAtEnd().wakeWhenReadable(() -> woken.add("next"));
        append(log, 1);
        log.wake();
        try (LogCapture logged = new LogCapture(MemoryEventLog.class)) {
            executor.runAll();
            assertThat(logged.records()).hasSize(1);
        }
        assertThat(woken).containsExactly("next");
    }

    @Test
    @DisplayName("I2: an executor that takes no work does not keep a cursor asleep")
    void refusingExecutor() {
        List<String> woken = new ArrayList<>();
        MemoryEventLog refused = log(task -> {
            throw new RejectedExecutionException("shut down");
        });
        refused.cursorAtEnd().wakeWhenReadable(() -> woken.add("woken"));
        append(refused, 1);
        refused.wake();

        assertThat(woken).containsExactly("woken");
    }

    @Test
    @DisplayName("I5: a closed cursor is forgotten, whether it waits or is being woken")
    void closedCursor() {
        List<String> woken = new ArrayList<>();
        Cursor waiting = log.cursorAtEnd();
        Cursor beingWoken = log.cursorAtEnd();
        Cursor neighbour = log.cursorAtEnd();
        waiting.wakeWhenReadable(() -> woken.add("waiting"));
        beingWoken.wakeWhenReadable(() -> woken.add("being woken"));
        neighbour.wakeWhenReadable(() -> woken.add("neighbour"));
        waiting.close();
        waiting.close();
        append(log, 1);
        log.wake();
        beingWoken.close();
        executor.runAll();

        assertThat(woken).containsExactly("neighbour");
        assertThat(beingWoken.read(9)).isInstanceOf(Read.Ended.class);
        beingWoken.wakeWhenReadable(() -> woken.add("at once, since there is the end to read"));
        assertThat(woken).hasSize(2);
    }

    @Test
    @DisplayName("I8: closing a log wakes its cursors; they are told of what they missed, then of the end")
    void closedLog() {
        List<String> woken = new ArrayList<>();
        append(log, 3);
        Cursor behind = log.cursor(Position.after(1));
        Cursor atEnd = log.cursorAtEnd();
        atEnd.wakeWhenReadable(() -> woken.add("woken"));
        log.close();
        executor.runAll();

        assertThat(woken).containsExactly("woken");
        assertThat(drain(atEnd, 9)).containsExactly("end");
        assertThat(drain(behind, 9)).containsExactly("2..3", "end");
        assertThat(drain(log.cursor(Position.START), 9)).containsExactly("1..3", "end");
        assertThat(log.slots()).isEqualTo(1);
        assertThatThrownBy(() -> log.append(tick(null), NOW))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("closed");
    }
}
