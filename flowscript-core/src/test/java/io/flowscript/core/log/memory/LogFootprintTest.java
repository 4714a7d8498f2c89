package io.flowscript.core.log.memory;

import static io.flowscript.core.log.memory.LogFixture.NOW;
import static io.flowscript.core.log.memory.LogFixture.append;
import static io.flowscript.core.log.memory.LogFixture.keeping;
import static io.flowscript.core.log.memory.LogFixture.log;
import static io.flowscript.core.log.memory.LogFixture.tick;
import static org.assertj.core.api.Assertions.assertThat;

import io.flowscript.core.concurrent.MemoryBudget;
import io.flowscript.core.event.RecordedEvent;
import io.flowscript.core.log.Cursor;
import io.flowscript.core.log.Position;
import io.flowscript.core.log.Read;
import io.flowscript.core.log.Retention;
import java.lang.ref.Reference;
import java.lang.ref.WeakReference;
import java.util.function.IntFunction;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;

@DisplayName("I5: what the log in memory holds")
class LogFootprintTest {

    private static final int LOGS = 100_000;

    private final MemoryBudget budget = new MemoryBudget(1L << 40);

    @Test
    @DisplayName("a fresh log is some hundred bytes, a sleeping cursor less")
    void small(TestReporter reporter) {
        long bare = bytesEach(i -> log(Retention.defaults(), budget, Runnable::run));
        long watched = bytesEach(i -> {
            Cursor cursor = log(Retention.defaults(), budget, Runnable::run).cursorAtEnd();
            cursor.wakeWhenReadable(() -> {});
            return cursor;
        });
        long begun = bytesEach(i -> {
            MemoryEventLog log = log(Retention.defaults(), budget, Runnable::run);
            append(log, 5);
            return log;
        });
        reporter.publishEntry("bytes of a fresh log", Long.toString(bare));
        reporter.publishEntry("bytes of a fresh log with a sleeping cursor", Long.toString(watched));
        reporter.publishEntry("bytes of a log with 5 events", Long.toString(begun));

        assertThat(bare).isLessThan(500);
        assertThat(watched).isLessThan(700);
        assertThat((begun - bare) / 5)
                .as("an event weighs no more than is estimated")
                .isLessThanOrEqualTo(EventWeight.OVERHEAD);
    }

    @Test
    @DisplayName("a dropped event is garbage, even while a cursor stands before it")
    void dropped() {
        MemoryEventLog log = log(keeping(2), budget, Runnable::run);
        Cursor lagging = log.cursor(Position.START);
        lagging.wakeWhenReadable(() -> {});
        WeakReference<RecordedEvent> first = new WeakReference<>(log.append(tick("first"), NOW));
        WeakReference<RecordedEvent> kept = new WeakReference<>(log.append(tick("second"), NOW));
        append(log, 1);
        Awaitility.await().until(() -> {
            System.gc();
            return first.refersTo(null);
        });
        assertThat(kept.refersTo(null)).isFalse();
        assertThat(lagging.read(1)).isInstanceOf(Read.Missed.class);

        log.close();
        Awaitility.await().until(() -> {
            System.gc();
            return kept.refersTo(null);
        });
        lagging.close();
    }

    private static long bytesEach(IntFunction<Object> maker) {
        Object[] held = new Object[LOGS];
        long before = used();
        for (int i = 0; i < LOGS; i++) {
            held[i] = maker.apply(i);
        }
        try {
            return (used() - before) / LOGS;
        } finally {
            Reference.reachabilityFence(held);
        }
    }

    private static long used() {
        System.gc();
        System.gc();
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }
}
