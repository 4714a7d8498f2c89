package io.flowscript.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.flowscript.core.concurrent.MemoryBudget;
import io.flowscript.core.event.CustomEvent;
import io.flowscript.core.event.Event;
import io.flowscript.core.event.EventListener;
import io.flowscript.core.event.EventType;
import io.flowscript.core.event.RecordedEvent;
import io.flowscript.core.event.WorkflowEvent;
import io.flowscript.core.log.Position;
import io.flowscript.core.log.Retention;
import io.flowscript.core.log.memory.MemoryEventLog;
import io.flowscript.core.testing.ManualExecutor;
import io.flowscript.testsupport.LogCapture;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.LongStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("A listener in the process")
class ListenerPumpTest {

    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
    private static final EventType TICK = EventType.of("test:tick");

    private final ManualExecutor executor = new ManualExecutor();
    private final Recorder recorder = new Recorder();
    private final ListenerPump pump = new ListenerPump(recorder, executor);

    private static void append(MemoryEventLog log, int count) {
        for (int i = 0; i < count; i++) {
            log.append(new CustomEvent(TICK, null, null, null, null), NOW);
        }
    }

    private static Event last() {
        return new WorkflowEvent.Cancelled(null, null);
    }

    private static Retention keeping(int events) {
        return new Retention(events, Long.MAX_VALUE, Duration.ZERO);
    }

    @Test
    @DisplayName("F1, I2: hears every event from the first on, whether it comes before, between or after them")
    void fromTheFirst() {
        for (int before = 0; before <= 5; before++) {
            MemoryEventLog log = log("run-" + before, Retention.defaults(), executor);
            append(log, before);
            pump.add(log);
            append(log, 5 - before);
            log.append(last(), NOW);
            log.wake();
            executor.runAll();

            assertThat(recorder.of("run-" + before)).containsExactly("1", "2", "3", "4", "5", "6");
        }
        assertThat(pump.size()).as("ended logs are let go").isZero();
    }

    @Test
    @DisplayName("F3, I7: may throw; that is logged once for each event, and the next event comes")
    void throwing() {
        List<Long> heard = new ArrayList<>();
        ListenerPump throwing = new ListenerPump(
                new EventListener() {
                    @Override
                    public void onEvent(RecordedEvent event) throws Exception {
                        heard.add(event.seq());
                        if (event.seq() % 2 == 0) {
                            throw new Exception("on purpose");
                        }
                        throw new AssertionError("on purpose");
                    }

                    @Override
                    public void onMissed(String executionId, long from, long to) throws Exception {
                        heard.add(-to);
                        throw new Exception("on purpose");
                    }
                },
                executor);
        MemoryEventLog log = log("run-1", keeping(3), executor);
        append(log, 5);
        pump.add(log);
        try (LogCapture logged = new LogCapture(ListenerPump.class)) {
            throwing.add(log);
            log.wake();
            executor.runAll();

            assertThat(heard).containsExactly(-2L, 3L, 4L, 5L);
            assertThat(logged.records()).hasSize(4);
            assertThat(logged.records().get(1).getMessage()).contains("event 3", "test:tick", "run-1");
        }
        assertThat(recorder.of("run-1")).as("another listener").containsExactly("1..2", "3", "4", "5");
    }

    @Test
    @DisplayName("I2: is told of the hole when it falls behind what the log keeps, and goes on after it")
    void fallsBehind() {
        MemoryEventLog log = log("run-1", keeping(10), executor);
        pump.add(log);
        append(log, 3);
        log.wake();
        executor.runAll();
        append(log, 20);
        log.wake();
        executor.runAll();

        assertThat(recorder.of("run-1"))
                .containsSubsequence("1", "2", "3", "4..13", "14", "23")
                .hasSize(14);
    }

    @Test
    @DisplayName("hears many logs fairly: one with much to tell does not keep another waiting")
    void fair() {
        MemoryEventLog busy = log("busy", Retention.defaults(), executor);
        append(busy, 10_000);
        pump.add(busy);
        MemoryEventLog quiet = log("quiet", Retention.defaults(), executor);
        append(quiet, 1);
        pump.add(quiet);
        executor.runAll();

        assertThat(recorder.heard.indexOf("quiet 1")).isLessThanOrEqualTo(ListenerPump.EVENTS_PER_LOG);
        assertThat(recorder.of("busy")).hasSize(10_000);
    }

    @Test
    @DisplayName("gives the executor back after a bounded number of events")
    void yielding() {
        MemoryEventLog log = log("run-1", Retention.defaults(), executor);
        append(log, 10_000);
        pump.add(log);
        executor.runOne();

        assertThat(recorder.heard).hasSize(ListenerPump.EVENTS_PER_LOG * ListenerPump.READS_PER_TURN);
        assertThat(executor.pending()).isEqualTo(1);
    }

    @Test
    @DisplayName("hears no more once it is closed, not even what was on its way")
    void closed() {
        MemoryEventLog log = log("run-1", Retention.defaults(), executor);
        pump.add(log);
        append(log, 3);
        log.wake();
        pump.close();
        pump.close();
        executor.runAll();
        pump.add(log);
        executor.runAll();

        assertThat(recorder.heard).isEmpty();
        assertThat(pump.size()).isZero();
    }

    @Test
    @DisplayName("may close itself while it hears an event, and that was the last one")
    void closesItself() {
        AtomicReference<ListenerPump> self = new AtomicReference<>();
        List<Long> heard = new ArrayList<>();
        self.set(new ListenerPump(
                event -> {
                    heard.add(event.seq());
                    if (event.seq() == 2) {
                        self.get().close();
                    }
                },
                executor));
        MemoryEventLog log = log("run-1", Retention.defaults(), executor);
        append(log, 5);
        self.get().add(log);
        executor.runAll();

        assertThat(heard).containsExactly(1L, 2L);
    }

    @Test
    @DisplayName("may emit on an executor that uses the calling thread: calls stay one at a time and in order")
    void reentrant() {
        AtomicReference<MemoryEventLog> log = new AtomicReference<>(log("run-1", Retention.defaults(), Runnable::run));
        List<String> heard = new ArrayList<>();
        ListenerPump direct = new ListenerPump(
                event -> {
                    heard.add("begin " + event.seq());
                    if (event.seq() < 1_000) {
                        append(log.get(), 1);
                        log.get().wake();
                    }
                    heard.add("end " + event.seq());
                },
                Runnable::run);
        direct.add(log.get());
        append(log.get(), 1);
        log.get().wake();

        assertThat(heard)
                .containsExactlyElementsOf(LongStream.rangeClosed(1, 1_000)
                        .boxed()
                        .flatMap(seq -> List.of("begin " + seq, "end " + seq).stream())
                        .toList());
    }

    @Test
    @DisplayName("I4: a thousand listeners and a thousand logs cost the one who appends one task at the most")
    void cheapForTheAppender() {
        for (int i = 0; i < 1_000; i++) {
            pump.add(log("run-" + i, Retention.defaults(), executor));
        }
        MemoryEventLog log = log("watched", Retention.defaults(), executor);
        for (int i = 0; i < 1_000; i++) {
            new ListenerPump(event -> {}, executor).add(log);
        }
        append(log, 1);
        log.wake();
        append(log, 1);
        log.wake();

        assertThat(executor.pending()).isEqualTo(1);
    }

    private static MemoryEventLog log(String executionId, Retention retention, Executor executor) {
        return new MemoryEventLog(
                executionId,
                "flow",
                "epoch-1",
                Position.START,
                Instant.EPOCH,
                retention,
                new MemoryBudget(1L << 40),
                executor,
                true);
    }

    /** Writes down what it hears: a number for an event, two for a hole. */
    private static final class Recorder implements EventListener {

        private final List<String> heard = new ArrayList<>();

        @Override
        public void onEvent(RecordedEvent event) {
            heard.add(event.executionId() + " " + event.seq());
        }

        @Override
        public void onMissed(String executionId, long from, long to) {
            heard.add(executionId + " " + from + ".." + to);
        }

        private List<String> of(String executionId) {
            return heard.stream()
                    .filter(line -> line.startsWith(executionId + " "))
                    .map(line -> line.substring(executionId.length() + 1))
                    .toList();
        }
    }
}
