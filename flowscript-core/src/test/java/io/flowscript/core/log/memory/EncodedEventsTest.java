package io.flowscript.core.log.memory;

import static io.flowscript.core.log.memory.LogFixture.EPOCH;
import static io.flowscript.core.log.memory.LogFixture.NOW;
import static io.flowscript.core.log.memory.LogFixture.append;
import static io.flowscript.core.log.memory.LogFixture.keeping;
import static io.flowscript.core.log.memory.LogFixture.tick;
import static io.flowscript.core.log.memory.MemoryEventLog.NEWEST;
import static org.assertj.core.api.Assertions.assertThat;

import io.flowscript.core.concurrent.MemoryBudget;
import io.flowscript.core.event.EncodedEvent;
import io.flowscript.core.event.Event;
import io.flowscript.core.event.RecordedEvent;
import io.flowscript.core.log.Position;
import io.flowscript.core.log.Retention;
import java.lang.ref.WeakReference;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** A log keeps older events as bytes alone, when somebody has encoded them. */
class EncodedEventsTest {

    private final MemoryBudget budget = new MemoryBudget(1L << 40);
    private final AtomicInteger decodings = new AtomicInteger();

    /** Stands for the bytes of an event without holding it. */
    private final class Bytes extends EncodedEvent {

        private final long number;

        Bytes(RecordedEvent event) {
            super(new byte[0], 0, 0, null, event.event());
            number = event.seq();
        }

        @Override
        public EncodedEvent movedTo(byte[] bytes, int from) {
            return this;
        }

        @Override
        protected Event decode(RecordedEvent recorded) {
            decodings.incrementAndGet();
            return tick(number);
        }
    }

    private MemoryEventLog log(int events, boolean showsAtOnce) {
        return new MemoryEventLog(
                "run-1",
                "flow",
                EPOCH,
                Position.START,
                Instant.EPOCH,
                keeping(events),
                budget,
                Runnable::run,
                showsAtOnce);
    }

    private void appendEncoded(MemoryEventLog log, int count) {
        for (int i = 0; i < count; i++) {
            RecordedEvent event = log.append(tick(log.latest()), NOW);
            encode(log, event);
        }
    }

    private void encode(MemoryEventLog log, RecordedEvent event) {
        event.encodedAs(new Bytes(event));
        log.encoded(event);
    }

    private static List<RecordedEvent> all(MemoryEventLog log) {
        return log.readFromMemory(Position.START, 10_000);
    }

    @Test
    @DisplayName("what nobody has encoded stays an object")
    void objectsWithoutEncoding() {
        MemoryEventLog log = log(1_000, true);
        append(log, 500);

        assertThat(all(log)).hasSize(500).allMatch(RecordedEvent::hasObject);
    }

    @Test
    @DisplayName("the newest events are objects too, the others bytes alone")
    void newestAreObjects() {
        MemoryEventLog log = log(1_000, true);
        appendEncoded(log, 500);

        assertThat(all(log).subList(0, 500 - NEWEST)).noneMatch(RecordedEvent::hasObject);
        assertThat(all(log).subList(500 - NEWEST, 500)).allMatch(RecordedEvent::hasObject);
    }

    @Test
    @DisplayName("an older event that is encoded late lets go of its object at once")
    void encodedLate() {
        MemoryEventLog log = log(1_000, true);
        append(log, 500);
        all(log).forEach(event -> encode(log, event));

        assertThat(all(log).subList(0, 500 - NEWEST)).noneMatch(RecordedEvent::hasObject);
        assertThat(all(log).subList(500 - NEWEST, 500)).allMatch(RecordedEvent::hasObject);
    }

    @Test
    @DisplayName("what readers do not see yet counts for nothing")
    void onlyWhatIsShownCounts() {
        MemoryEventLog log = log(1_000, false);
        for (int i = 0; i < 500; i++) {
            RecordedEvent event = log.append(tick(1), NOW);
            encode(log, event);
            assertThat(event.hasObject()).isTrue();
        }
        log.show(NEWEST);
        assertThat(all(log)).hasSize(NEWEST).allMatch(RecordedEvent::hasObject);
        log.show(500);

        assertThat(all(log).subList(0, 500 - NEWEST)).noneMatch(RecordedEvent::hasObject);
        assertThat(all(log).subList(500 - NEWEST, 500)).allMatch(RecordedEvent::hasObject);
    }

    @Test
    @DisplayName("dropping and taking back what is bytes alone decodes nothing, and frees what it took")
    void countsTheSameWithoutDecoding() {
        MemoryEventLog log = log(NEWEST * 2, false);
        for (int i = 0; i < 1_000; i++) {
            encode(log, log.append(tick("text " + i), NOW));
            log.show(i + 1);
        }
        for (int i = 0; i < 10; i++) {
            log.append(tick("not stored"), NOW);
        }
        log.rewind();
        assertThat(all(log)).isEmpty();
        assertThat(log.readFromMemory(Position.after(log.oldest() - 1), 1_000)).hasSizeLessThanOrEqualTo(NEWEST * 2);
        log.close();

        assertThat(budget.used()).isZero();
        assertThat(decodings).hasValue(0);
    }

    @Test
    @DisplayName("the object of an older event is garbage")
    void objectIsGarbage() {
        MemoryEventLog log = log(1_000, true);
        Event first = tick("first");
        WeakReference<Event> object = new WeakReference<>(first);
        RecordedEvent recorded = log.append(first, NOW);
        first = null;
        recorded.encodedAs(new Bytes(recorded));
        append(log, NEWEST);

        Awaitility.await().until(() -> {
            System.gc();
            return object.refersTo(null);
        });
        assertThat(recorded.event()).isEqualTo(tick(1L));
    }

    @Test
    @DisplayName("a bounded log counts as many bytes as events that stay objects do")
    void boundedAlike() {
        Retention retention = new Retention(1_000, 100_000, java.time.Duration.ZERO);
        MemoryEventLog objects = LogFixture.log(retention, budget, Runnable::run);
        MemoryEventLog bytes = LogFixture.log(retention, budget, Runnable::run);
        for (int i = 0; i < 2_000; i++) {
            Event event = tick("t".repeat(i % 50));
            objects.append(event, NOW);
            encode(bytes, bytes.append(event, NOW));
        }

        assertThat(bytes.oldestInMemory()).isEqualTo(objects.oldestInMemory()).isGreaterThan(1_000);
    }
}
