package io.flowscript.core.log.memory;

import static io.flowscript.core.log.memory.LogFixture.EPOCH;
import static io.flowscript.core.log.memory.LogFixture.NOW;
import static io.flowscript.core.log.memory.LogFixture.drain;
import static io.flowscript.core.log.memory.LogFixture.keeping;
import static io.flowscript.core.log.memory.LogFixture.last;
import static io.flowscript.core.log.memory.LogFixture.tick;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flowscript.core.FlowScriptException;
import io.flowscript.core.concurrent.MemoryBudget;
import io.flowscript.core.event.RecordedEvent;
import io.flowscript.core.log.Cursor;
import io.flowscript.core.log.Position;
import io.flowscript.core.log.Read;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.LongStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** I1, I5: a cursor reads what is no longer in memory from where it is stored, and misses nothing. */
@Timeout(60)
class OlderEventsTest {

    private static final int KEPT = 4;

    private final Stored stored = new Stored(Position.START);
    private final MemoryEventLog log = log(stored);

    /** Has every event that a test has put in, and loads when the test says so. */
    private static final class Stored implements OlderEvents {

        private final Position begin;
        private final List<RecordedEvent> events = new CopyOnWriteArrayList<>();
        private final Queue<Runnable> loads = new ArrayDeque<>();

        Stored(Position begin) {
            this.begin = begin;
        }

        @Override
        public Position continued() {
            return begin;
        }

        @Override
        public long first() {
            return begin.seq() + 1;
        }

        @Override
        public CompletionStage<List<RecordedEvent>> load(long after, int max) {
            CompletableFuture<List<RecordedEvent>> loaded = new CompletableFuture<>();
            loads.add(() -> loaded.complete(read(after, max)));
            return loaded;
        }

        @Override
        public List<RecordedEvent> read(long after, int max) {
            return events.stream()
                    .filter(event -> event.seq() > after)
                    .limit(max)
                    .toList();
        }

        boolean loadOne() {
            Runnable next = loads.poll();
            if (next != null) {
                next.run();
            }
            return next != null;
        }
    }

    private static MemoryEventLog log(OlderEvents older) {
        MemoryEventLog made = new MemoryEventLog(
                "run-1",
                "flow",
                EPOCH,
                Position.after(EPOCH, older.first() - 1),
                Instant.EPOCH,
                keeping(KEPT),
                new MemoryBudget(1L << 40),
                Runnable::run,
                false);
        made.keepOlderIn(older);
        return made;
    }

    private static void store(MemoryEventLog log, Stored stored, int count) {
        for (int i = 0; i < count; i++) {
            RecordedEvent event = log.append(tick(i), NOW);
            stored.events.add(event);
            log.show(event.seq());
        }
    }

    private static List<Object> numbers(long from, long to) {
        return new ArrayList<>(LongStream.rangeClosed(from, to).boxed().toList());
    }

    /** Reads until there is nothing more to load either. */
    private List<Object> drainAll(Cursor cursor, int batch) {
        return drainAll(stored, cursor, batch);
    }

    private static List<Object> drainAll(Stored from, Cursor cursor, int batch) {
        List<Object> seen = new ArrayList<>(drain(cursor, batch));
        while (from.loadOne()) {
            seen.addAll(drain(cursor, batch));
        }
        return seen;
    }

    @Test
    @DisplayName(
            "a cursor that is behind reads everything once and in order, first from the store and then from memory")
    void readsOlderEvents() {
        store(log, stored, 1_000);
        assertThat(log.oldestInMemory()).isEqualTo(997);
        assertThat(log.oldest()).isEqualTo(1);
        for (int batch : new int[] {1, 7, 256, 5_000}) {
            assertThat(drainAll(log.cursor(Position.START), batch)).isEqualTo(numbers(1, 1_000));
            assertThat(drainAll(log.cursor(Position.after(EPOCH, 500)), batch)).isEqualTo(numbers(501, 1_000));
        }
        assertThat(drain(log.cursor(Position.after(996)), 10)).isEqualTo(numbers(997, 1_000));
        assertThat(stored.loads).as("what is in memory is not loaded").isEmpty();
    }

    @Test
    @DisplayName(
            "a reader that has seen more in another engine than is shown here waits for what follows, and no hole is told")
    void seenElsewhere() {
        store(log, stored, 8);
        log.followed(true);
        for (long seq = 9; seq <= 12; seq++) {
            stored.events.add(new RecordedEvent("run-1", "flow", EPOCH, seq, NOW, tick((int) seq)));
        }
        log.isStored(10);
        Cursor cursor = log.cursor(Position.after(EPOCH, 10));
        assertThat(cursor.read(5)).isInstanceOf(Read.Nothing.class);
        log.told(12, NOW);
        assertThat(drainAll(cursor, 5)).isEqualTo(numbers(11, 12));
        assertThat(log.cursor(Position.after(EPOCH, 13)).read(5))
                .as("a position that never was")
                .isInstanceOf(Read.Missed.class);
    }

    @Test
    @DisplayName(
            "who follows many executions and has read an end does not read it again when the change with it is told once more")
    void toldOnceMore() {
        store(log, stored, 8);
        log.followed(true);
        log.tell(8, false);
        assertThat(log.joinPosition().seq()).isEqualTo(8);
        stored.events.add(new RecordedEvent("run-1", "flow", EPOCH, 9, NOW, tick(9)));
        stored.events.add(new RecordedEvent("run-1", "flow", EPOCH, 10, NOW, tick(10)));
        log.told(10, NOW);
        assertThat(log.joinPosition().seq()).as("who is told now").isEqualTo(8);
        log.tell(8, false);
        assertThat(log.joinPosition().seq()).as("who is told once more").isEqualTo(10);
        assertThat(log.isToBeTold(10)).isFalse();
        assertThat(log.isToBeTold(11)).isTrue();
    }

    @Test
    @DisplayName("a first change that is told again, since telling it has failed, is told from its beginning")
    void toldAgain() {
        store(log, stored, 8); // somebody has read it up to there before it was told
        log.followedFromStart();
        log.tell(0, true);
        log.tell(0, true);
        assertThat(log.joinPosition().seq()).isEqualTo(0);
        log.told(8, NOW);
        log.tell(8, false);
        assertThat(log.joinPosition().seq()).isEqualTo(8);
    }

    @Test
    @DisplayName("a start that is told when the log was read by an owner before is told from its beginning")
    void startToldLate() {
        store(log, stored, 2); // read as by an owner, of which nobody was told
        log.followed(true);
        log.tell(0, true);
        assertThat(log.joinPosition().seq()).isEqualTo(0);
    }

    @Test
    @DisplayName("what is taken back because it goes on elsewhere does not open an end that was shown")
    void endStays() {
        store(log, stored, 3);
        log.append(last(), NOW);
        log.rewind();
        assertThat(log.isEnded()).as("its end was not shown").isFalse();
        log.show(log.append(last(), NOW).seq());
        log.rewind();
        assertThat(log.isEnded()).isTrue();
        assertThatThrownBy(() -> log.append(tick(9), NOW)).hasMessageContaining("cannot follow");
    }

    @Test
    @DisplayName(
            "a reader that has seen an event in another engine before it is known here to be stored waits for what follows")
    void seenBeforeItIsKnown() {
        store(log, stored, 8);
        RecordedEvent event = log.append(tick(9), NOW);
        stored.events.add(event);
        Cursor cursor = log.cursor(Position.after(EPOCH, 9));
        assertThat(cursor.read(5)).isInstanceOf(Read.Nothing.class);
        log.show(9);
        assertThat(cursor.read(5)).isInstanceOf(Read.Nothing.class);
        store(log, stored, 1);
        assertThat(drainAll(cursor, 5)).isEqualTo(numbers(10, 10));
        assertThat(log.cursor(Position.after(EPOCH, 11)).read(5)).isInstanceOf(Read.Missed.class);
    }

    @Test
    @DisplayName("that it was seen stays so when the log takes it back, because the execution goes on elsewhere")
    void seenBeforeItIsTakenBack() {
        store(log, stored, 8);
        RecordedEvent event = log.append(tick(9), NOW);
        stored.events.add(event);
        Position seen = Position.after(EPOCH, 9);
        log.cursor(seen).close();
        log.rewind();
        Cursor cursor = log.cursor(seen);
        assertThat(cursor.read(5)).isInstanceOf(Read.Nothing.class);
        stored.events.add(new RecordedEvent(event.executionId(), event.workflowId(), EPOCH, 10, NOW, tick(10)));
        log.follow(10, NOW);
        assertThat(drainAll(cursor, 5)).isEqualTo(numbers(10, 10));
    }

    @Test
    @DisplayName("while events are loaded there is nothing to read, and the cursor is woken once when they are there")
    void isWokenWhenTheyAreLoaded() {
        store(log, stored, 10);
        Cursor cursor = log.cursor(Position.START);
        AtomicInteger woken = new AtomicInteger();
        assertThat(cursor.read(3)).isInstanceOf(Read.Nothing.class);
        cursor.wakeWhenReadable(woken::incrementAndGet);
        assertThat(woken).hasValue(0);
        assertThat(cursor.read(3)).as("it is loaded once").isInstanceOf(Read.Nothing.class);
        assertThat(stored.loads).hasSize(1);
        stored.loadOne();
        assertThat(woken).hasValue(1);
        assertThat(drainAll(cursor, 3)).isEqualTo(numbers(1, 10));

        cursor.wakeWhenReadable(woken::incrementAndGet);
        store(log, stored, 1);
        log.wake();
        assertThat(woken).hasValue(2);
        assertThat(drain(cursor, 3)).isEqualTo(numbers(11, 11));
    }

    @Test
    @DisplayName("events that are dropped from memory after a page was loaded are loaded too")
    void memoryMovesOn() {
        store(log, stored, 300);
        Cursor cursor = log.cursor(Position.START);
        List<Object> seen = new ArrayList<>(drain(cursor, 100));
        stored.loadOne();
        seen.addAll(drain(cursor, 100));
        store(log, stored, 700);
        seen.addAll(drainAll(cursor, 100));
        assertThat(seen).isEqualTo(numbers(1, 1_000));
    }

    @Test
    @DisplayName("I10: events that are stored and not shown yet are not read")
    void notShownYet() {
        store(log, stored, 8);
        for (int i = 0; i < 20; i++) {
            stored.events.add(log.append(tick(i), NOW));
        }
        assertThat(drainAll(log.cursor(Position.START), 100)).isEqualTo(numbers(1, 8));
        assertThat(log.read(Position.START, 100)).hasSize(8);
        log.show(28);
        assertThat(drainAll(log.cursor(Position.after(4)), 100)).isEqualTo(numbers(5, 28));
    }

    @Test
    @DisplayName("what the store does not have is told as a gap: before its first event, and when it cannot be read")
    void gaps() {
        Stored forks = new Stored(new Position("before", 100));
        MemoryEventLog forked = log(forks);
        store(forked, forks, 50);
        assertThat(forked.oldest()).isEqualTo(101);
        assertThat(forked.has(Position.after("before", 100))).isTrue();
        assertThat(forked.has(Position.after("before", 101))).isFalse();
        Cursor cursor = forked.cursor(Position.START);
        List<Object> seen = drainAll(forks, cursor, 10);
        assertThat(seen.get(0)).isEqualTo("1..100");
        assertThat(seen.subList(1, seen.size())).isEqualTo(numbers(101, 150));
        assertThat(forked.read(Position.after(50), 10)).as("a gap follows").isEmpty();
        assertThat(drainAll(forks, forked.cursor(Position.after("before", 100)), 10))
                .isEqualTo(numbers(101, 150));

        forks.events.removeIf(event -> event.seq() < 120);
        seen = drainAll(forks, forked.cursor(Position.after(100)), 10);
        assertThat(seen.get(0)).isEqualTo("101..119");
        assertThat(seen.subList(1, seen.size())).isEqualTo(numbers(120, 150));

        MemoryEventLog unreadable = log(new OlderEvents() {
            @Override
            public Position continued() {
                return Position.START;
            }

            @Override
            public long first() {
                return 1;
            }

            @Override
            public CompletionStage<List<RecordedEvent>> load(long after, int max) {
                return CompletableFuture.failedFuture(new FlowScriptException("store_failed", "broken"));
            }

            @Override
            public List<RecordedEvent> read(long after, int max) {
                throw new FlowScriptException("store_failed", "broken");
            }
        });
        store(unreadable, new Stored(Position.START), 10);
        assertThat(drain(unreadable.cursor(Position.START), 10)).containsExactly("1..6", 7L, 8L, 9L, 10L);
    }

    @Test
    @DisplayName("I8: a log that is closed gives nothing more from the store")
    void closed() {
        store(log, stored, 10);
        Cursor cursor = log.cursor(Position.START);
        AtomicInteger woken = new AtomicInteger();
        cursor.read(1);
        cursor.wakeWhenReadable(woken::incrementAndGet);
        log.close();
        assertThat(woken).hasValue(1);
        assertThat(drain(cursor, 1)).containsExactly("1..10", "end");
        stored.loadOne();
        assertThat(woken).hasValue(1);
    }

    @Test
    @DisplayName("reading without a cursor reads from the store on the calling thread")
    void withoutACursor() {
        store(log, stored, 10);
        assertThat(log.read(Position.START, 5)).extracting(RecordedEvent::seq).containsExactly(1L, 2L, 3L, 4L, 5L);
        assertThat(log.readFromMemory(Position.START, 5)).isEmpty();
        assertThat(log.readFromMemory(Position.after(6), 5)).hasSize(4);
        assertThat(log.read(Position.after(8), 5)).hasSize(2);
        assertThat(log.read(Position.after("another", 0), 5)).isEmpty();
        assertThat(log.read(Position.after(10), 5)).isEmpty();
        assertThat(log.read(Position.after(Long.MAX_VALUE), 5)).isEmpty();
    }

    @Test
    @DisplayName(
            "I1: readers that begin anywhere get every event once and in order, while others are appended and dropped")
    void whileItGrows() throws Exception {
        int events = 5_000;
        int readers = 8;
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try {
            Stored all = new Stored(Position.START);
            MemoryEventLog growing = new MemoryEventLog(
                    "run-1",
                    "flow",
                    EPOCH,
                    Position.START,
                    Instant.EPOCH,
                    keeping(64),
                    new MemoryBudget(1L << 40),
                    threads,
                    false);
            growing.keepOlderIn(new OlderEvents() {
                @Override
                public Position continued() {
                    return Position.START;
                }

                @Override
                public long first() {
                    return 1;
                }

                @Override
                public CompletionStage<List<RecordedEvent>> load(long after, int max) {
                    return CompletableFuture.supplyAsync(() -> read(after, 1 + (int) (after % 50)), threads);
                }

                @Override
                public List<RecordedEvent> read(long after, int max) {
                    return all.events.stream().skip(after).limit(max).toList();
                }
            });
            List<CompletableFuture<LogReader>> done = new ArrayList<>();
            for (int i = 0; i < events; i++) {
                RecordedEvent event = growing.append(i == events - 1 ? last() : tick(i), NOW);
                all.events.add(event);
                growing.show(event.seq());
                growing.wake();
                if (i % (events / readers) == 0) {
                    done.add(new LogReader(growing.cursor(Position.after(i / 2)), 1 + i % 17, threads).done());
                }
            }
            for (int i = 0; i < done.size(); i++) {
                LogReader reader = done.get(i).get(30, TimeUnit.SECONDS);
                assertThat(reader.next()).isEqualTo(events + 1);
                assertThat(reader.events()).as("no gap").isEqualTo(events - (i * (events / readers)) / 2);
            }
        } finally {
            threads.shutdownNow();
        }
    }
}
