package io.flowscript.engine;

import static io.flowscript.engine.TestEngine.events;
import static io.flowscript.engine.TestEngine.workflow;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.flowscript.core.FlowScriptException;
import io.flowscript.core.Identity;
import io.flowscript.core.event.EventType;
import io.flowscript.core.event.RecordedEvent;
import io.flowscript.core.interaction.AnswerOptions;
import io.flowscript.core.interaction.Interaction;
import io.flowscript.core.interaction.Interactions;
import io.flowscript.core.interaction.Receipt;
import io.flowscript.core.log.Cursor;
import io.flowscript.core.log.Position;
import io.flowscript.core.log.Read;
import io.flowscript.core.runtime.Edge;
import io.flowscript.core.runtime.PauseToken;
import io.flowscript.core.runtime.Question;
import io.flowscript.core.runtime.Sleep;
import io.flowscript.core.snapshot.ExecutionStatus;
import io.flowscript.core.store.ExecutionQuery;
import io.flowscript.core.store.StoreRetention;
import io.flowscript.core.store.StoredExecution;
import io.flowscript.core.testing.ForwardingStore;
import io.flowscript.core.testing.ManualClock;
import io.flowscript.core.testing.ManualExecutor;
import io.flowscript.core.testing.MemoryStore;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.assertj.core.api.Assertions;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** I12: an execution that waits or has ended leaves memory, and nobody can tell. */
@Timeout(120)
class PassivationTest {

    private static final Duration LONG = Duration.ofMinutes(11);

    private final ManualClock clock = new ManualClock();
    private MemoryStore kept = new MemoryStore();
    private final AtomicInteger reads = new AtomicInteger();
    private volatile boolean away;

    /** Happens once, after an execution was read and before anybody has it. */
    private Runnable afterFind = () -> {};

    /** Counts what is read, and fails while it is away. */
    private final class CountingStore extends ForwardingStore {

        CountingStore() {
            super(kept);
        }

        @Override
        public Optional<StoredExecution> find(String executionId, int maxEvents) {
            check();
            Optional<StoredExecution> found = super.find(executionId, maxEvents);
            Runnable then = afterFind;
            afterFind = () -> {};
            then.run();
            return found;
        }

        @Override
        public List<StoredExecution> list(ExecutionQuery query) {
            check();
            return super.list(query);
        }

        private void check() {
            reads.incrementAndGet();
            if (away) {
                throw new FlowScriptException("store_failed", "it is away");
            }
        }
    }

    private TestEngine engine() {
        return engine(builder -> {});
    }

    private TestEngine engine(Consumer<FlowScriptBuilder> settings) {
        kept = kept.reopen();
        TestEngine engine = new TestEngine(clock, new ManualExecutor(), builder -> {
            nodes(builder.store(new CountingStore()));
            settings.accept(builder);
        });
        engine.executor.runAll();
        return engine;
    }

    private static FlowScriptBuilder nodes(FlowScriptBuilder builder) {
        return builder.forms(TestEngine.numbers())
                .node("step", context -> Edge.of("done"))
                .node(
                        "ask",
                        context -> context.answer() == null
                                ? Question.form(Map.of("type", "number"))
                                        .within(Duration.ofDays(3))
                                        .ask()
                                : Edge.of("done"))
                .node(
                        "nap",
                        context -> context.memo().isMissing() ? new Sleep(Duration.ofDays(1), "slept") : Edge.of("ok"))
                .workflow(workflow("step", "ask", "step"))
                .workflow(io.flowscript.core.workflow.WorkflowDefinition.of(
                        Map.of("id", "sleeper", "nodes", List.of("nap", "step"))))
                .workflow(io.flowscript.core.workflow.WorkflowDefinition.of(
                        Map.of("id", "short", "nodes", List.of("step"))));
    }

    private static String start(TestEngine engine, String workflow, String id) {
        engine.flows.start(workflow, Map.of(), id, null);
        engine.executor.runAll();
        return id;
    }

    /** Lets time pass in steps, so that what a timer brings back can happen in the next one. */
    private static void pass(TestEngine engine, Duration time) {
        Duration step = Duration.ofMinutes(1);
        for (Duration left = time; !left.isZero(); left = left.minus(step)) {
            step = left.compareTo(step) < 0 ? left : step;
            engine.advance(step);
        }
        engine.advance(Duration.ZERO);
    }

    private static Execution found(TestEngine engine, String id) {
        return engine.flows.executions().find(id).orElseThrow();
    }

    private static boolean isLoaded(TestEngine engine, String id) {
        return engine.flows.executions().isLoaded(id);
    }

    private static PauseToken token(TestEngine engine, String id) {
        return found(engine, id).interactions().get(0).token();
    }

    private static List<Long> numbers(Execution execution) {
        return events(execution).stream().map(RecordedEvent::seq).toList();
    }

    @Test
    @DisplayName("one that waits leaves memory after a while, is collected, and goes on with its answer")
    void leavesAndComesBack() {
        try (TestEngine engine = engine()) {
            start(engine, "w", "run");
            String epoch = found(engine, "run").events().epoch();
            Position seen = Position.after(epoch, found(engine, "run").events().latest());
            WeakReference<Execution> object = new WeakReference<>(found(engine, "run"));
            assertThat(isLoaded(engine, "run")).isTrue();

            engine.advance(LONG);
            assertThat(isLoaded(engine, "run")).isFalse();
            assertThat(engine.flows.executions().size()).isZero();
            await().until(() -> {
                System.gc();
                return object.get() == null;
            });

            PauseToken token = token(engine, "run");
            assertThat(isLoaded(engine, "run"))
                    .as("looking at it changes nothing")
                    .isFalse();
            assertThat(engine.flows.interactions().answer(token, 5, AnswerOptions.NONE))
                    .isInstanceOf(Receipt.Accepted.class);
            engine.executor.runAll();

            Execution run = found(engine, "run");
            assertThat(run.status()).isEqualTo(ExecutionStatus.COMPLETED);
            assertThat(run.events().epoch()).isEqualTo(epoch);
            assertThat(numbers(run))
                    .isEqualTo(LongStream.rangeClosed(1, run.events().latest())
                            .boxed()
                            .toList());
            Cursor cursor = run.events().cursor(seen);
            assertThat(cursor.read(100))
                    .isInstanceOfSatisfying(
                            Read.Events.class,
                            more -> assertThat(more.events().get(0).seq()).isEqualTo(seen.seq() + 1));
        }
    }

    @Test
    @DisplayName("whoever has it keeps one object, whose future, cursors and listeners go on")
    void whoeverHasIt() throws Exception {
        try (TestEngine engine = engine()) {
            start(engine, "w", "run");
            CompletableFuture<?> result = found(engine, "run").result();
            Cursor cursor = found(engine, "run").events().cursorAtEnd();
            List<EventType> heard = new ArrayList<>();
            found(engine, "run").listen(event -> heard.add(event.type()));
            engine.executor.runAll();
            int before = heard.size();
            engine.advance(LONG);
            System.gc();
            assertThat(isLoaded(engine, "run")).isFalse();
            Execution first = found(engine, "run");
            assertThat(found(engine, "run")).isSameAs(first);

            engine.flows.interactions().answer(token(engine, "run"), 5, AnswerOptions.NONE);
            engine.executor.runAll();
            assertThat(result).isCompleted();
            assertThat(cursor.read(100)).isInstanceOf(Read.Events.class);
            assertThat(heard.subList(before, heard.size())).contains(EventType.WORKFLOW_COMPLETED);
            assertThat(found(engine, "run")).isSameAs(first);
        }
    }

    @Test
    @DisplayName("one that nobody has is kept as long as a cursor waits or somebody waits for the end")
    void whoeverWaits() {
        for (int round = 0; round < 2; round++) {
            String id = "run-" + round;
            boolean forEnd = round == 0;
            try (TestEngine engine = engine()) {
                start(engine, "w", id);
                engine.advance(LONG);
                AtomicInteger woken = new AtomicInteger();
                Cursor cursor = null;
                if (forEnd) {
                    var unused = found(engine, id).result().thenRun(woken::incrementAndGet);
                } else {
                    found(engine, id).events().cursorAtEnd().wakeWhenReadable(woken::incrementAndGet);
                    cursor = found(engine, id).events().cursorAtEnd();
                    cursor.wakeWhenReadable(() -> {});
                }
                WeakReference<Execution> object = new WeakReference<>(found(engine, id));
                for (int i = 0; i < 5; i++) {
                    System.gc();
                    assertThat(object.get()).isNotNull();
                }
                if (cursor != null) {
                    cursor.close();
                }
                engine.flows.interactions().answer(token(engine, id), 5, AnswerOptions.NONE);
                engine.executor.runAll();
                assertThat(woken).hasValue(1);
            }
        }
    }

    @Test
    @DisplayName("a cursor that is closed does not keep one any more")
    void closedCursor() {
        try (TestEngine engine = engine()) {
            start(engine, "w", "run");
            engine.advance(LONG);
            WeakReference<Execution> object = new WeakReference<>(found(engine, "run"));
            Cursor cursor = found(engine, "run").events().cursorAtEnd();
            cursor.wakeWhenReadable(() -> {});
            cursor.close();
            cursor = null;
            await().until(() -> {
                System.gc();
                return object.get() == null;
            });
        }
    }

    @Test
    @DisplayName("a listener to all executions keeps none in memory, and hears each event once")
    void listenerToAll() {
        try (TestEngine engine = engine()) {
            Map<String, List<Long>> heard = new HashMap<>();
            engine.flows
                    .executions()
                    .listen(event -> heard.computeIfAbsent(event.executionId(), id -> new ArrayList<>())
                            .add(event.seq()));
            for (int i = 0; i < 5; i++) {
                start(engine, "w", "run-" + i);
            }
            WeakReference<Execution> object = new WeakReference<>(found(engine, "run-3"));
            engine.advance(LONG);
            await().until(() -> {
                System.gc();
                return object.get() == null;
            });
            engine.flows.interactions().claim(token(engine, "run-3"), Identity.of("ann"), Duration.ofHours(1), null);
            engine.executor.runAll();
            engine.advance(LONG);
            engine.flows.interactions().answer(token(engine, "run-3"), 5, AnswerOptions.NONE);
            engine.executor.runAll();
            for (int i = 0; i < 5; i++) {
                assertThat(heard.get("run-" + i)).isEqualTo(numbers(found(engine, "run-" + i)));
            }
        }
    }

    @Test
    @DisplayName("a deadline and the end of a sleep come at their time, also after restarts")
    void dueTimes() {
        try (TestEngine engine = engine()) {
            start(engine, "w", "asks");
            start(engine, "sleeper", "sleeps");
            engine.advance(Duration.ofHours(23));
            assertThat(isLoaded(engine, "asks")).isFalse();
            assertThat(isLoaded(engine, "sleeps")).isFalse();
            reads.set(0);
            pass(engine, Duration.ofMinutes(58));
            assertThat(reads).as("nothing is due").hasValueLessThan(15);
            pass(engine, Duration.ofMinutes(2));
            assertThat(found(engine, "sleeps").status()).isEqualTo(ExecutionStatus.COMPLETED);
            assertThat(found(engine, "asks").status()).isEqualTo(ExecutionStatus.PAUSED);
        }
        try (TestEngine engine = engine()) {
            pass(engine, Duration.ofDays(1));
            assertThat(isLoaded(engine, "asks")).isFalse();
        }
        try (TestEngine engine = engine()) {
            pass(engine, Duration.ofDays(1).minusSeconds(1));
            assertThat(found(engine, "asks").status()).isEqualTo(ExecutionStatus.PAUSED);
            engine.advance(Duration.ofSeconds(1));
            assertThat(found(engine, "asks").status()).isEqualTo(ExecutionStatus.COMPLETED);
            assertThat(found(engine, "asks").snapshot().lastEventAt())
                    .isEqualTo(found(engine, "asks").snapshot().createdAt().plus(Duration.ofDays(3)));
        }
    }

    @Test
    @DisplayName("what was due while no engine ran happens at the start")
    void overdue() {
        try (TestEngine engine = engine()) {
            start(engine, "w", "asks");
        }
        clock.advance(Duration.ofDays(5));
        try (TestEngine engine = engine()) {
            engine.advance(Duration.ofSeconds(1));
            assertThat(found(engine, "asks").status()).isEqualTo(ExecutionStatus.COMPLETED);
        }
    }

    @Test
    @DisplayName("a refused command brings it back with its deadline, and it leaves again")
    void refusedCommand() {
        try (TestEngine engine = engine()) {
            start(engine, "w", "run");
            PauseToken token = token(engine, "run");
            Interactions interactions = engine.flows.interactions();
            interactions.claim(token, Identity.of("ann"), Duration.ofDays(1), null);
            engine.advance(LONG);
            assertThat(isLoaded(engine, "run")).isFalse();
            assertThatThrownBy(() -> interactions.claim(token, Identity.of("bob"), Duration.ofHours(1), null))
                    .isInstanceOf(FlowScriptException.class);
            assertThat(isLoaded(engine, "run")).isTrue();
            engine.advance(LONG);
            assertThat(isLoaded(engine, "run")).isFalse();
            pass(engine, Duration.ofDays(3));
            assertThat(found(engine, "run").status()).isEqualTo(ExecutionStatus.COMPLETED);
        }
    }

    @Test
    @DisplayName("all are listed in one order, whether they are in memory or not")
    void listing() {
        List<String> ids = new ArrayList<>();
        try (TestEngine engine = engine(
                builder -> builder.limits(EngineLimits.defaults().maxWaiting(7).maxFinished(5)))) {
            for (int i = 0; i < 60; i++) {
                String workflow = i % 3 == 0 ? "short" : i % 3 == 1 ? "w" : "sleeper";
                ids.add(0, start(engine, workflow, "run-" + (i * 37) % 60));
            }
            assertThat(engine.flows.executions().size()).isLessThan(15);
            assertListed(engine, ids);
        }
        try (TestEngine engine = engine()) {
            ids.add(0, start(engine, "w", "later"));
            assertListed(engine, ids);
            engine.flows
                    .interactions()
                    .answer(
                            token(
                                    engine,
                                    pages(engine, "w", ExecutionStatus.PAUSED, 9)
                                            .get(6)),
                            5,
                            AnswerOptions.NONE);
            assertListed(engine, ids);
        }
    }

    private static void assertListed(TestEngine engine, List<String> ids) {
        for (int page : new int[] {1, 7, 100}) {
            assertThat(pages(engine, null, null, page)).isEqualTo(ids);
            for (ExecutionStatus status : ExecutionStatus.values()) {
                assertThat(pages(engine, null, status, page))
                        .isEqualTo(ids.stream()
                                .filter(id -> found(engine, id).status() == status)
                                .toList());
            }
            assertThat(pages(engine, "w", ExecutionStatus.PAUSED, page))
                    .isEqualTo(ids.stream()
                            .filter(id -> found(engine, id).status() == ExecutionStatus.PAUSED)
                            .toList());
        }
    }

    private static List<String> pages(
            TestEngine engine, @Nullable String workflow, @Nullable ExecutionStatus status, int limit) {
        List<String> ids = new ArrayList<>();
        String last = null;
        while (true) {
            List<Execution> page = engine.flows.executions().list(workflow, status, last, limit);
            if (page.isEmpty()) {
                return ids;
            }
            page.forEach(execution -> ids.add(execution.id()));
            last = ids.get(ids.size() - 1);
        }
    }

    @Test
    @DisplayName("a walk over all goes on when those that it has seen end and are removed, and stops when it is told")
    void visiting() {
        try (TestEngine engine =
                engine(builder -> builder.limits(EngineLimits.defaults().maxWaiting(50)))) {
            for (int i = 0; i < 2_100; i++) {
                engine.flows.start("w", Map.of(), "run-" + i, null);
            }
            engine.executor.runAll();
            List<String> seen = new ArrayList<>();
            engine.flows.executions().visit("w", ExecutionStatus.PAUSED, execution -> {
                seen.add(execution.id());
                if (seen.size() == 1_000) {
                    execution.cancel(null, null);
                    engine.executor.runAll();
                    engine.advance(Duration.ofDays(31));
                    assertThat(engine.flows.executions().find(execution.id())).isEmpty();
                }
                return seen.size() < 2_000;
            });
            assertThat(seen)
                    .hasSize(2_000)
                    .startsWith("run-2099")
                    .endsWith("run-100")
                    .doesNotHaveDuplicates();
        }
    }

    @Test
    @DisplayName("one that has ended leaves memory and can be read, until the retention of the store removes it")
    void ended() {
        List<String> archived = new ArrayList<>();
        try (TestEngine engine = engine(builder -> builder.storeRetention(
                        new StoreRetention(Duration.ofDays(7), 1_000, 1 << 30))
                .archive((execution, events) -> {
                    events.forEach(event -> archived.add(execution.snapshot().executionId() + " " + event.seq()));
                }))) {
            start(engine, "short", "run");
            List<RecordedEvent> all = events(found(engine, "run"));
            engine.advance(Duration.ofHours(2));
            assertThat(isLoaded(engine, "run")).isFalse();
            assertThat(events(found(engine, "run"))).isEqualTo(all);
            assertThat(found(engine, "run").result()).isCompleted();
            assertThat(found(engine, "run").cancel("late", null)).isFalse();
            assertThat(isLoaded(engine, "run")).isFalse();
            Execution held = found(engine, "run");
            Cursor cursor = held.events().cursor(Position.START);

            engine.advance(Duration.ofDays(7));
            assertThat(engine.flows.executions().find("run")).isEmpty();
            assertThat(kept.find("run", 0)).isEmpty();
            assertThat(archived).hasSize(all.size()).startsWith("run 1").endsWith("run " + all.size());
            assertThat(cursor.read(10)).isInstanceOf(Read.Missed.class);
            assertThat(cursor.read(10)).isInstanceOf(Read.Ended.class);
            start(engine, "short", "run");
            assertThat(found(engine, "run")).isNotSameAs(held);
        }
    }

    @Test
    @DisplayName(
            "I5: the store keeps so many that have ended, and so many bytes of them, and none is removed that waits")
    void bounds() {
        try (TestEngine engine =
                engine(builder -> builder.storeRetention(new StoreRetention(Duration.ofDays(7), 3, 1 << 30)))) {
            start(engine, "w", "waits");
            IntStream.range(0, 200).forEach(i -> start(engine, "short", "run-" + i));
            engine.advance(Duration.ofHours(1));
            assertThat(pages(engine, null, null, 100)).containsExactly("run-199", "run-198", "run-197", "waits");
        }
        long bytes = kept.reopen().usage().endedBytes();
        try (TestEngine engine =
                engine(builder -> builder.storeRetention(new StoreRetention(Duration.ofDays(7), 1_000, bytes - 1)))) {
            engine.advance(Duration.ofHours(1));
            assertThat(pages(engine, null, null, 100)).containsExactly("run-199", "run-198", "waits");
        }
    }

    @Test
    @DisplayName("what cannot be archived stays")
    void archiveFails() {
        AtomicInteger tries = new AtomicInteger();
        try (TestEngine engine =
                engine(builder -> builder.storeRetention(new StoreRetention(Duration.ofDays(1), 100, 1 << 30))
                        .archive((execution, events) -> {
                            if (tries.incrementAndGet() < 3) {
                                throw new IllegalStateException("the archive is full");
                            }
                        }))) {
            start(engine, "short", "run");
            pass(engine, Duration.ofHours(25));
            assertThat(tries.get()).isPositive();
            pass(engine, Duration.ofHours(1));
            assertThat(tries).hasValue(3);
            assertThat(engine.flows.executions().find("run")).isEmpty();
        }
    }

    @Test
    @DisplayName("while the store cannot be read, what is in memory goes on, and the rest is refused and comes later")
    void storeAway() throws Exception {
        try (TestEngine engine = engine()) {
            start(engine, "sleeper", "out");
            engine.advance(LONG);
            start(engine, "w", "in");
            away = true;
            assertThat(engine.flows.interactions().answer(token(engine, "in"), 5, AnswerOptions.NONE))
                    .isInstanceOf(Receipt.Accepted.class);
            await().untilAsserted(() -> {
                System.gc(); // as long as somebody has the object, it is found
                assertThatThrownBy(() -> engine.flows.executions().find("out"))
                        .isInstanceOfSatisfying(
                                FlowScriptException.class,
                                refused -> assertThat(refused.code()).isEqualTo("store_unavailable"));
            });
            CompletableFuture<Optional<Execution>> later =
                    engine.flows.executions().findLater("out").toCompletableFuture();
            engine.executor.runAll();
            assertThat(later).isCompletedExceptionally();
            pass(engine, Duration.ofDays(2));
            away = false;
            pass(engine, Duration.ofSeconds(6));
            assertThat(found(engine, "out").status()).isEqualTo(ExecutionStatus.COMPLETED);
        }
    }

    @Test
    @DisplayName("what was read does not count when the execution has come back, changed and left again since")
    void readTooEarly() {
        try (TestEngine engine = engine()) {
            start(engine, "w", "run");
            PauseToken token = token(engine, "run");
            engine.advance(LONG);
            collected(new WeakReference<>(found(engine, "run")));
            afterFind = () -> {
                engine.flows.interactions().claim(token, Identity.of("ann"), Duration.ofDays(1), null);
                engine.executor.runAll();
                engine.advance(LONG);
                collected(new WeakReference<>(found(engine, "run")));
            };
            Execution found = found(engine, "run");
            assertThat(found.interactions().get(0).claim()).isNotNull();
            engine.flows.interactions().answer(token, 5, AnswerOptions.by(Identity.of("ann")));
            engine.executor.runAll();
            assertThat(found(engine, "run").status()).isEqualTo(ExecutionStatus.COMPLETED);
            assertThat(engine.flows.stats().broken()).isZero();
        }
    }

    private static void collected(WeakReference<?> object) {
        await().until(() -> {
            System.gc();
            return object.get() == null;
        });
    }

    @Test
    @DisplayName("a listener to all that begin from now on hears none that began before, also when it comes back")
    void listenerAddedLater() {
        try (TestEngine engine = engine()) {
            start(engine, "w", "before");
            List<String> heard = new ArrayList<>();
            engine.flows.executions().listen(event -> heard.add(event.executionId()));
            start(engine, "w", "after");
            engine.advance(LONG);
            for (String id : List.of("before", "after")) {
                engine.flows.interactions().answer(token(engine, id), 5, AnswerOptions.NONE);
                engine.executor.runAll();
            }
            assertThat(heard).containsOnly("after");
            assertThat(heard).hasSize((int) found(engine, "after").events().latest());
        }
    }

    @Test
    @DisplayName("I2: who hears all executions misses nothing of one that comes back while others leave")
    void comesBackWhileOthersLeave() {
        try (TestEngine engine =
                engine(builder -> builder.limits(EngineLimits.defaults().maxWaiting(1)))) {
            List<String> heard = new ArrayList<>();
            engine.flows.executions().listen(event -> {
                if (event.executionId().equals("one")) {
                    heard.add(event.event().type().wireName());
                }
            });
            start(engine, "w", "one");
            start(engine, "w", "other"); // "one" leaves
            assertThat(isLoaded(engine, "one")).isFalse();
            Interactions people = engine.flows.interactions();
            PauseToken asked = token(engine, "one");
            AtomicBoolean first = new AtomicBoolean(true);
            // Told as "other" leaves, in the middle of the command that brings "one" back.
            engine.flows.executions().onInteraction(changed -> {
                if (changed.id().equals("other") && first.getAndSet(false)) {
                    people.claim(asked, Identity.of("ann"), Duration.ofHours(1), null);
                }
            });
            people.release(asked, Identity.of("ann"), null);
            engine.executor.runAll();
            assertThat(first).isFalse();
            assertThat(heard)
                    .hasSize((int) found(engine, "one").events().latest())
                    .endsWith("human_interaction_claimed", "human_interaction_released");
        }
    }

    @Test
    @DisplayName("one timer serves all that wait to leave, also when others are added while some leave")
    void oneTimer() {
        try (TestEngine engine = engine()) {
            start(engine, "w", "one");
            start(engine, "w", "other");
            WorkflowExecution one = (WorkflowExecution) found(engine, "one");
            WorkflowExecution other = (WorkflowExecution) found(engine, "other");
            ManualClock time = new ManualClock();
            AtomicReference<ExpiryQueue> self = new AtomicReference<>();
            List<String> left = new ArrayList<>();
            ExpiryQueue queue = new ExpiryQueue(time, Duration.ofMinutes(1), 10, (execution, decisions) -> {
                left.add(execution.id());
                if (execution == one) {
                    self.get().add(other);
                }
            });
            self.set(queue);
            queue.add(one);
            time.advance(Duration.ofMinutes(1));
            assertThat(time.pending()).isOne();
            time.advance(Duration.ofMinutes(1));
            assertThat(left).containsExactly("one", "other");
            assertThat(time.pending()).isZero();
        }
    }

    @Test
    @DisplayName("an execution that has ended and left memory, before a command for it was taken in, stays outside")
    void endedBeforeACommand() {
        try (TestEngine engine =
                engine(builder -> builder.limits(EngineLimits.defaults().maxFinished(0)))) {
            start(engine, "short", "run");
            Engine inside = (Engine) engine.flows;
            WorkflowExecution ended = (WorkflowExecution) found(engine, "run");
            assertThat(ended.isPassive()).isTrue();
            assertThat(((ExecutionRegistry) engine.flows.executions()).activate(ended))
                    .isTrue();
            assertThat(isLoaded(engine, "run")).isFalse();
            assertThat(ended.isPassive()).isTrue();
            assertThat(inside.memory().used()).isZero();
        }
    }

    @Test
    @DisplayName("I10: an execution in the store is found while a second start under its id is under way")
    void startedAgain() throws Exception {
        try (TestEngine engine = engine()) {
            start(engine, "w", "run");
        }
        HeldStore held = new HeldStore(kept.reopen());
        try (FlowScript flows =
                nodes(FlowScript.builder().clock(clock).store(held)).build()) {
            CompletableFuture<Execution> again = CompletableFuture.supplyAsync(() -> flows.start("w", Map.of(), "run"));
            await().until(() -> held.waiting() == 1);
            CompletableFuture<Optional<Execution>> later =
                    flows.executions().findLater("run").toCompletableFuture();
            CompletableFuture<Optional<Execution>> found =
                    CompletableFuture.supplyAsync(() -> flows.executions().find("run"));
            held.letThrough();
            assertThat(later.get(20, TimeUnit.SECONDS)).isPresent();
            assertThat(found.get(20, TimeUnit.SECONDS)).isPresent();
            assertThatThrownBy(() -> again.get(20, TimeUnit.SECONDS))
                    .hasMessageContaining("There is an execution with the id");
        }
    }

    @Test
    @DisplayName(
            "I8: what is read while the engine closes is closed too, and nobody waits for a reading that does not come")
    void readWhileItCloses() throws Exception {
        try (TestEngine engine = engine()) {
            for (int i = 0; i < 5; i++) {
                start(engine, "w", "run-" + i);
            }
        }
        CountDownLatch reading = new CountDownLatch(4);
        CountDownLatch closing = new CountDownLatch(1);
        FlowScript flows = nodes(FlowScript.builder().clock(clock).store(new ForwardingStore(kept.reopen()) {
                    @Override
                    public Optional<StoredExecution> find(String executionId, int maxEvents) {
                        Optional<StoredExecution> found = super.find(executionId, maxEvents);
                        reading.countDown();
                        awaitUninterruptibly(closing);
                        return found;
                    }

                    @Override
                    public void close() {
                        closing.countDown();
                        super.close();
                    }
                }))
                .build();
        List<CompletableFuture<Optional<Execution>>> all = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            all.add(flows.executions().findLater("run-" + i).toCompletableFuture());
        }
        await().until(() -> reading.getCount() == 0);
        flows.close();
        for (CompletableFuture<Optional<Execution>> one : all) {
            try {
                Optional<Execution> found = one.get(20, TimeUnit.SECONDS);
                found.ifPresent(execution -> assertThatThrownBy(
                                () -> execution.result().get(20, TimeUnit.SECONDS))
                        .hasMessageContaining("closed"));
            } catch (ExecutionException closed) {
                assertThat(closed).hasMessageContaining("closed");
            }
        }
    }

    private static void awaitUninterruptibly(CountDownLatch latch) {
        while (true) {
            try {
                latch.await();
                return;
            } catch (InterruptedException e) {
                // it is waited for all the same
            }
        }
    }

    @Test
    @DisplayName("an id that is started again while its removal completes stays")
    void removedLate() {
        try (TestEngine engine = engine()) {
            start(engine, "w", "run");
            ((ExecutionRegistry) engine.flows.executions()).removed("run");
            assertThat(isLoaded(engine, "run")).isTrue();
            engine.flows.interactions().answer(token(engine, "run"), 5, AnswerOptions.NONE);
            engine.executor.runAll();
            assertThat(found(engine, "run").status()).isEqualTo(ExecutionStatus.COMPLETED);
        }
    }

    @Test
    @DisplayName("I5: more than may wait in memory, and all due within a minute, neither hang nor leave too early")
    void manyDueSoon() {
        try (TestEngine engine = engine(builder -> builder.limits(
                        EngineLimits.defaults().maxWaiting(1))
                .node(
                        "blink",
                        context -> context.memo().isMissing() ? new Sleep(Duration.ofSeconds(30), "x") : Edge.of("ok"))
                .workflow(io.flowscript.core.workflow.WorkflowDefinition.of(
                        Map.of("id", "blinks", "nodes", List.of("blink", "ask")))))) {
            for (int i = 0; i < 20; i++) {
                start(engine, "blinks", "run-" + i);
            }
            assertThat(engine.flows.executions().size()).isEqualTo(20);
            engine.advance(Duration.ofSeconds(30));
            assertThat(engine.flows.executions().size()).isOne();
            assertThat(pages(engine, null, ExecutionStatus.PAUSED, 100)).hasSize(20);
        }
    }

    @Test
    @DisplayName("memory is given back, and taken again")
    void memory() {
        try (TestEngine engine = engine()) {
            Engine inside = (Engine) engine.flows;
            for (int i = 0; i < 10; i++) {
                start(engine, "w", "run-" + i);
            }
            long full = inside.memory().used();
            assertThat(full).isPositive();
            engine.advance(LONG);
            assertThat(inside.memory().used()).isZero();
            engine.flows.interactions().claim(token(engine, "run-1"), Identity.of("ann"), Duration.ofHours(1), null);
            assertThat(inside.memory().used()).isBetween(full / 10, full / 5);
            pass(engine, Duration.ofHours(2));
            assertThat(inside.memory().used()).isZero();
        }
    }

    @Test
    @DisplayName("I2: with executions that leave memory at once, each answer counts once and no log has a hole")
    void races() throws Exception {
        int runs = 40;
        int people = 4;
        ExecutorService threads = Executors.newFixedThreadPool(people);
        FlowScriptBuilder builder = FlowScript.builder()
                .store(kept)
                .limits(EngineLimits.defaults().maxWaiting(1).maxFinished(0))
                .forms(TestEngine.numbers())
                .node(
                        "ask",
                        context -> context.answer() == null
                                ? Question.form(Map.of("type", "number")).ask()
                                : Edge.of("answered"))
                .workflow(workflow("ask", "ask", "ask", "ask", "ask"));
        try (FlowScript flows = builder.build()) {
            for (int i = 0; i < runs; i++) {
                flows.start("w", Map.of(), "run-" + i, null);
            }
            Map<String, AtomicInteger> accepted = new HashMap<>();
            IntStream.range(0, runs).forEach(i -> accepted.put("run-" + i, new AtomicInteger()));
            List<Future<?>> done = new ArrayList<>();
            for (int person = 0; person < people; person++) {
                Random random = new Random(person);
                done.add(threads.submit(() -> {
                    while (accepted.values().stream().anyMatch(count -> count.get() < 5)) {
                        String id = "run-" + random.nextInt(runs);
                        Execution execution = flows.executions().find(id).orElseThrow();
                        if (random.nextInt(4) == 0) {
                            assertThat(flows.executions().list(null, null, null, 50))
                                    .hasSize(runs);
                        }
                        List<Interaction> open = execution.interactions();
                        if (!open.isEmpty()) {
                            PauseToken token = open.get(0).token();
                            Receipt receipt = flows.interactions()
                                    .answer(token, 1, AnswerOptions.by(Identity.of("p" + random.nextInt())));
                            if (receipt instanceof Receipt.Accepted) {
                                accepted.get(id).incrementAndGet();
                            }
                        }
                    }
                    return null;
                }));
            }
            for (Future<?> one : done) {
                one.get(100, TimeUnit.SECONDS);
            }
            accepted.forEach((id, count) -> {
                assertThat(count).as(id).hasValue(5);
                Execution run = await().until(
                                () -> flows.executions().find(id).orElseThrow(),
                                found -> found.status() == ExecutionStatus.COMPLETED);
                assertThat(numbers(run))
                        .as(id)
                        .isEqualTo(LongStream.rangeClosed(1, run.events().latest())
                                .boxed()
                                .toList());
            });
            await().until(() -> flows.executions().size() == 0);
            flows.executions().forEach(execution -> Assertions.fail(execution.id() + " is still listed"));
            assertThat(flows.stats().broken()).isZero();
        } finally {
            threads.shutdownNow();
        }
    }
}
