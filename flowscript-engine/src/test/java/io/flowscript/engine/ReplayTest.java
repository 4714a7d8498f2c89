package io.flowscript.engine;

import static io.flowscript.engine.TestEngine.workflow;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.flowscript.core.FlowScriptException;
import io.flowscript.core.event.EventListener;
import io.flowscript.core.event.RecordedEvent;
import io.flowscript.core.log.Cursor;
import io.flowscript.core.log.Position;
import io.flowscript.core.log.Read;
import io.flowscript.core.log.Retention;
import io.flowscript.core.runtime.Edge;
import io.flowscript.core.runtime.Question;
import io.flowscript.core.snapshot.ExecutionSnapshot;
import io.flowscript.core.testing.ForwardingStore;
import io.flowscript.core.testing.ManualClock;
import io.flowscript.core.testing.ManualExecutor;
import io.flowscript.core.testing.MemoryStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.LongStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** I1, I11: with a store, the whole log can be read, however little of it is in memory. */
@Timeout(60)
class ReplayTest {

    private static final Retention FEW = new Retention(10, 1 << 20, Duration.ofHours(1));

    private final AtomicInteger readings = new AtomicInteger();
    private final AtomicInteger failures = new AtomicInteger();
    private MemoryStore store = new MemoryStore();

    /** Counts the readings of events, and fails as many of them as the test wants. */
    private final class Counting extends ForwardingStore {

        Counting() {
            super(store);
        }

        @Override
        public List<RecordedEvent> events(String executionId, long after, int max) {
            readings.incrementAndGet();
            if (failures.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
                throw new FlowScriptException("store_failed", "it is away for a while");
            }
            return super.events(executionId, after, max);
        }
    }

    private FlowScriptBuilder builder() {
        store = store.reopen();
        return FlowScript.builder()
                .store(new Counting())
                .retention(FEW)
                .forms(schema -> answer -> List.of())
                .node("emit", context -> {
                    for (int i = 1; i <= 1_000; i++) {
                        context.runtime().emit("app:n", i);
                    }
                    return Edge.of("done");
                })
                .node(
                        "ask",
                        context ->
                                context.answer() == null ? Question.form("any").ask() : Edge.of("done"))
                .workflow(workflow("emit", "ask"));
    }

    private static List<Long> all(Execution execution) {
        return LongStream.rangeClosed(1, execution.events().latest()).boxed().toList();
    }

    private static List<Long> readToTheEnd(Cursor cursor, long last) {
        List<Long> seen = new ArrayList<>();
        while (cursor.position().seq() < last) {
            Read read = cursor.read(50);
            if (read instanceof Read.Events found) {
                found.events().forEach(event -> seen.add(event.seq()));
            } else {
                assertThat(read).isInstanceOf(Read.Nothing.class);
                AtomicInteger woken = new AtomicInteger();
                cursor.wakeWhenReadable(woken::incrementAndGet);
                await().until(() -> woken.get() > 0);
            }
        }
        return seen;
    }

    @Test
    @DisplayName("a cursor, a listener and a caller read all events, before and after a restart")
    void everything() {
        Position middle;
        try (FlowScript flows = builder().build()) {
            Execution run = flows.start("w", Map.of(), "run");
            await().until(() -> !run.interactions().isEmpty());
            assertThat(run.events().oldestInMemory()).isGreaterThan(990);
            readsAll(run);
            middle = Position.after(run.events().epoch(), 500);
        }
        try (FlowScript flows = builder().build()) {
            Execution run = flows.executions().find("run").orElseThrow();
            readsAll(run);
            long latest = run.events().latest();
            assertThat(readToTheEnd(run.events().cursor(middle), latest))
                    .isEqualTo(LongStream.rangeClosed(501, latest).boxed().toList());
        }
    }

    private static void readsAll(Execution run) {
        long latest = run.events().latest();
        assertThat(readToTheEnd(run.events().cursor(Position.START), latest)).isEqualTo(all(run));
        assertThat(run.events().read(Position.START, 2_000))
                .extracting(RecordedEvent::seq)
                .isEqualTo(all(run));
        List<Object> told = new CopyOnWriteArrayList<>();
        Subscription listening = run.listen(new EventListener() {
            @Override
            public void onEvent(RecordedEvent event) {
                told.add(event.seq());
            }

            @Override
            public void onMissed(String executionId, long from, long to) {
                told.add(from + ".." + to);
            }
        });
        await().until(() -> told.size() >= latest);
        listening.close();
        assertThat(told).isEqualTo(new ArrayList<Object>(all(run)));
    }

    @Test
    @DisplayName("listeners that block all their threads do not hold up who reads from the store")
    void whileListenersBlock() throws Exception {
        CountDownLatch blocked = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        try (FlowScript flows =
                builder().limits(EngineLimits.defaults().maxNodeThreads(1)).build()) {
            Execution run = flows.start("w", Map.of(), "run");
            await().until(() -> !run.interactions().isEmpty());
            flows.listenerExecutor().execute(() -> {
                blocked.countDown();
                try {
                    release.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            });
            blocked.await();
            assertThat(readToTheEnd(
                            run.events().cursor(Position.START), run.events().latest()))
                    .isEqualTo(all(run));
        } finally {
            release.countDown();
        }
    }

    @Test
    @DisplayName("while the store cannot be read it is tried again, and nothing is missed")
    void triedAgain() {
        ManualClock clock = new ManualClock();
        ManualExecutor executor = new ManualExecutor();
        try (FlowScript flows = builder()
                .clock(clock)
                .executor(executor)
                .engineExecutor(executor)
                .build()) {
            Execution run = flows.start("w", Map.of(), "run");
            executor.runAll();
            failures.set(5);
            Cursor cursor = run.events().cursor(Position.START);
            assertThat(cursor.read(10)).isInstanceOf(Read.Nothing.class);
            int readingsBefore = readings.get();
            for (int i = 0; i < 5; i++) {
                executor.runAll();
                assertThat(cursor.read(10)).isInstanceOf(Read.Nothing.class);
                clock.advance(Duration.ofSeconds(2));
            }
            executor.runAll();
            assertThat(readings.get() - readingsBefore).isEqualTo(6);
            assertThat(((Read.Events) cursor.read(10)).events().get(0).seq()).isEqualTo(1);
        }
    }

    @Test
    @DisplayName("a store that can never be read is told as a gap, and what is in memory follows")
    void neverReadable() {
        ManualClock clock = new ManualClock();
        ManualExecutor executor = new ManualExecutor();
        try (FlowScript flows = builder()
                .clock(clock)
                .executor(executor)
                .engineExecutor(executor)
                .build()) {
            Execution run = flows.start("w", Map.of(), "run");
            executor.runAll();
            failures.set(1_000);
            Cursor cursor = run.events().cursor(Position.START);
            cursor.read(10);
            for (int i = 0; i < 60; i++) {
                executor.runAll();
                clock.advance(Duration.ofSeconds(1));
            }
            assertThat(cursor.read(10))
                    .isEqualTo(new Read.Missed(
                            run.events().epoch(), 1, run.events().oldestInMemory() - 1));
            assertThat(cursor.read(100)).isInstanceOf(Read.Events.class);
        }
    }

    @Test
    @DisplayName("an execution that was restored from a snapshot knows after a restart where its own events begin")
    void restored() {
        ExecutionSnapshot snapshot;
        try (FlowScript first = builder().build()) {
            Execution run = first.start("w", Map.of(), "run");
            await().until(() -> !run.interactions().isEmpty());
            snapshot = run.snapshot();
        }
        store = new MemoryStore();
        long latest;
        try (FlowScript elsewhere = builder().build()) {
            Execution run = elsewhere.restore(snapshot);
            assertThat(run.cancel("enough", null)).isTrue();
            latest = run.events().latest();
            assertThat(run.events().oldest()).isEqualTo(snapshot.seq() + 1);
        }
        try (FlowScript again = builder().build()) {
            Execution run = again.executions().find("run").orElseThrow();
            assertThat(run.events().oldest()).isEqualTo(snapshot.seq() + 1);
            assertThat(run.events().has(Position.after(snapshot.epoch(), snapshot.seq())))
                    .isTrue();
            Cursor back = run.events().cursor(Position.after(snapshot.epoch(), snapshot.seq()));
            assertThat(readToTheEnd(back, latest))
                    .isEqualTo(LongStream.rangeClosed(snapshot.seq() + 1, latest)
                            .boxed()
                            .toList());
            assertThat(run.events().cursor(Position.START).read(1))
                    .isEqualTo(new Read.Missed(run.events().epoch(), 1, snapshot.seq()));
        }
    }

    @Test
    @DisplayName(
            "after a backup was restored, a client that has seen no more goes on, one that has seen more gets a gap")
    void fromABackup() {
        Position seen;
        try (FlowScript flows = builder().build()) {
            Execution run = flows.start("w", Map.of(), "run");
            await().until(() -> !run.interactions().isEmpty());
            seen = Position.after(run.events().epoch(), run.events().latest());
        }
        String epoch;
        try (FlowScript flows = builder().restoredFromBackup().build()) {
            Execution run = flows.executions().find("run").orElseThrow();
            epoch = run.events().epoch();
            assertThat(epoch).isNotEqualTo(seen.epoch());
            Position more = Position.after(seen.epoch(), seen.seq() + 1);
            assertThat(run.events().cursor(more).read(1))
                    .isEqualTo(new Read.Missed(seen.epoch(), seen.seq() + 2, null));
            assertThat(run.events().cursor(seen).read(1)).isInstanceOf(Read.Nothing.class);
            readsAll(run);
        }
        try (FlowScript flows = builder().build()) {
            Execution run = flows.executions().find("run").orElseThrow();
            assertThat(run.events().epoch())
                    .as("the new epoch is stored at once")
                    .isEqualTo(epoch);
            run.cancel("enough", null);
            long latest = run.events().latest();
            assertThat(readToTheEnd(run.events().cursor(seen), latest))
                    .isEqualTo(LongStream.rangeClosed(seen.seq() + 1, latest)
                            .boxed()
                            .toList());
            readsAll(run);
            assertThat(run.events().read(Position.START, 2_000))
                    .extracting(RecordedEvent::epoch)
                    .containsOnly(epoch);
        }
        try (FlowScript flows = builder().restoredFromBackup().build()) {
            assertThat(flows.executions().find("run").orElseThrow().events().epoch())
                    .as("nothing follows the end, so nobody can have seen more")
                    .isEqualTo(epoch);
        }
    }
}
