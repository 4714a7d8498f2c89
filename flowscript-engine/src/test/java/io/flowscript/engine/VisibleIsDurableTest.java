package io.flowscript.engine;

import static io.flowscript.engine.TestEngine.events;
import static io.flowscript.engine.TestEngine.story;
import static io.flowscript.engine.TestEngine.workflow;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.flowscript.core.FlowScriptException;
import io.flowscript.core.Identity;
import io.flowscript.core.event.EventType;
import io.flowscript.core.interaction.AnswerOptions;
import io.flowscript.core.interaction.Interaction;
import io.flowscript.core.interaction.Receipt;
import io.flowscript.core.json.Value;
import io.flowscript.core.log.Cursor;
import io.flowscript.core.log.Position;
import io.flowscript.core.log.Read;
import io.flowscript.core.observe.FlowScriptObserver;
import io.flowscript.core.runtime.Edge;
import io.flowscript.core.runtime.Question;
import io.flowscript.core.snapshot.ExecutionResult;
import io.flowscript.core.snapshot.ExecutionStatus;
import io.flowscript.core.store.Durability;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** I10: nobody is told of anything that is not stored. */
@Timeout(60)
class VisibleIsDurableTest {

    private static final AnswerOptions ADA =
            AnswerOptions.by(Identity.of("ada")).idempotencyKey("k");

    private final HeldStore store = new HeldStore();
    private final AtomicInteger calls = new AtomicInteger();
    private final List<String> observed = new CopyOnWriteArrayList<>();

    private FlowScript engine(Consumer<FlowScriptBuilder> settings, Object... elements) {
        FlowScriptBuilder builder = FlowScript.builder()
                .store(store)
                .forms(schema -> answer -> List.of())
                .node(
                        "ask",
                        context -> context.answer() == null
                                ? Question.form("any").ask()
                                : Edge.of("done", context.answer().data().raw()))
                .node("count", context -> {
                    calls.incrementAndGet();
                    return Edge.of("done");
                })
                .observer(new FlowScriptObserver() {
                    @Override
                    public void executionStarted(String workflowId) {
                        observed.add("started");
                    }

                    @Override
                    public void appended(EventType type, long weight) {
                        observed.add(type.name());
                    }

                    @Override
                    public void answered(String receiptCode, long nanos) {
                        observed.add(receiptCode);
                    }
                })
                .workflow(workflow(elements));
        settings.accept(builder);
        return builder.build();
    }

    private void awaitCommit() {
        await().until(() -> store.waiting() == 1);
    }

    @Test
    @DisplayName("I10: an execution whose first commit is under way is not found, listed, observed or returned")
    void aStart() throws Exception {
        try (FlowScript flows = engine(builder -> {}, "ask")) {
            List<String> created = new CopyOnWriteArrayList<>();
            List<String> seen = new CopyOnWriteArrayList<>();
            flows.executions().onCreated(execution -> created.add(execution.id()));
            flows.executions().listen(event -> seen.add(event.type().name()));
            CompletableFuture<Execution> started =
                    CompletableFuture.supplyAsync(() -> flows.start("w", Map.of(), "one"));
            awaitCommit();

            assertThat(started).isNotDone();
            assertThat(flows.executions().find("one")).isEmpty();
            assertThat(flows.executions().list(null, null, null, 10)).isEmpty();
            assertThat(created).isEmpty();
            assertThat(seen).isEmpty();
            assertThat(observed).isEmpty();

            store.letThrough();
            assertThat(started.get(20, TimeUnit.SECONDS).id()).isEqualTo("one");
            assertThat(created).containsExactly("one");
            assertThat(observed).startsWith("started", EventType.WORKFLOW_STARTED.name());
            assertThat(flows.executions().find("one")).isPresent();
            await().until(() -> seen.contains(EventType.HUMAN_INPUT_REQUIRED.name()));
            assertThat(flows.executions().list(null, null, null, 10)).hasSize(1);
        }
    }

    @Test
    @DisplayName("I10: a node is ended whose end was decided and could not be stored")
    void anEndThatCannotBeStored() throws Exception {
        CountDownLatch waits = new CountDownLatch(1);
        CompletableFuture<Throwable> ended = new CompletableFuture<>();
        store.letThrough();
        try (FlowScript flows = engine(
                builder -> builder.node("waits", context -> {
                    CompletableFuture<Value> answer =
                            context.runtime().waitForResume(context.runtime().pause());
                    waits.countDown();
                    try {
                        return Edge.of(answer.get().asString());
                    } catch (InterruptedException | CancellationException | ExecutionException e) {
                        ended.complete(e);
                        throw e;
                    }
                }),
                "waits")) {
            Execution run = flows.start("w", Map.of());
            assertThat(waits.await(20, TimeUnit.SECONDS)).isTrue();
            store.hold();
            CompletableFuture<Boolean> cancelled = CompletableFuture.supplyAsync(() -> run.cancel(null, null));
            awaitCommit();
            store.fail(new FlowScriptException("store_failed", "The disk is full"));
            assertThatThrownBy(() -> cancelled.get(20, TimeUnit.SECONDS)).hasMessageContaining("The disk is full");
            assertThat(ended.get(20, TimeUnit.SECONDS)).isNotNull();
        }
    }

    @Test
    @DisplayName("I10: no step is taken or shown before the one before it is stored")
    void aStep() throws Exception {
        try (FlowScript flows = engine(builder -> {}, "count", "count")) {
            CompletableFuture<Execution> started = CompletableFuture.supplyAsync(() -> flows.start("w", Map.of()));
            awaitCommit();
            assertThat(calls).hasValue(0);
            store.write();
            Execution run = started.get(20, TimeUnit.SECONDS);
            awaitCommit();
            assertThat(calls).hasValue(1);
            assertThat(story(run)).containsExactly(EventType.WORKFLOW_STARTED.name(), "executing count-1");
            assertThat(run.snapshot().seq()).isEqualTo(2);
            store.write();
            awaitCommit();
            assertThat(calls).hasValue(2);
            assertThat(run.status()).isEqualTo(ExecutionStatus.RUNNING);
            assertThat(run.result()).isNotDone();
            assertThat(run.events().isEnded()).isFalse();
            store.write();
            ExecutionResult result = run.result().get(20, TimeUnit.SECONDS);
            assertThat(result.status()).isEqualTo(ExecutionStatus.COMPLETED);
            assertThat(run.events().isEnded()).isTrue();
            assertThat(story(run)).endsWith("COMPLETED");
        }
    }

    @Test
    @DisplayName("I10: a receipt is given when the answer is stored, and nobody else learns of the answer before")
    void anAnswer() throws Exception {
        try (FlowScript flows = engine(builder -> {}, "ask")) {
            store.letThrough();
            Execution run = flows.start("w", Map.of());
            await().until(() -> !run.interactions().isEmpty());
            Interaction asked = run.interactions().get(0);
            Cursor cursor = run.events().cursorAtEnd();
            store.hold();

            CompletableFuture<Receipt> first =
                    CompletableFuture.supplyAsync(() -> flows.interactions().answer(asked.token(), "yes", ADA));
            awaitCommit();
            CompletableFuture<Receipt> second = CompletableFuture.supplyAsync(
                    () -> flows.interactions().answer(asked.token(), "no", AnswerOptions.by(Identity.of("bob"))));
            CompletableFuture<Boolean> cancelled = CompletableFuture.supplyAsync(() -> run.cancel("late", null));

            assertThat(run.interactions()).containsExactly(asked);
            assertThat(flows.interactions().find(asked.token()).orElseThrow().isOpen())
                    .isTrue();
            assertThat(cursor.read(10)).isInstanceOf(Read.Nothing.class);
            assertThat(observed).doesNotContain("accepted");
            assertThat(first).isNotDone();

            store.letThrough();
            assertThat(first.get(20, TimeUnit.SECONDS)).isInstanceOf(Receipt.Accepted.class);
            assertThat(second.get(20, TimeUnit.SECONDS)).isInstanceOf(Receipt.AlreadyResolved.class);
            cancelled.get(20, TimeUnit.SECONDS);
            assertThat(run.interactions()).isEmpty();
            assertThat(observed).contains("accepted");
        }
    }

    @Test
    @DisplayName("I10: events that a node emits are shown when they are stored; those of one commit are gathered")
    void whatANodeEmits() throws Exception {
        CountDownLatch emitted = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        try (FlowScript flows = engine(
                builder -> builder.node("emits", context -> {
                    for (int i = 0; i < 1_000; i++) {
                        context.runtime().emit("app:tick", i);
                    }
                    emitted.countDown();
                    goOn.await();
                    return Edge.of("done");
                }),
                "emits")) {
            CompletableFuture<Execution> started = CompletableFuture.supplyAsync(() -> flows.start("w", Map.of()));
            awaitCommit();
            store.write();
            Execution run = started.get(20, TimeUnit.SECONDS);
            assertThat(emitted.await(20, TimeUnit.SECONDS)).isTrue();

            await().until(() -> store.waiting() == 1);
            assertThat(run.events().latest()).isEqualTo(2);
            assertThat(store.first().snapshot()).isNull();
            int first = store.first().events().size();
            store.write();
            await().until(() -> store.waiting() == 1 || run.events().latest() == 1_002);
            assertThat(run.events().latest()).isEqualTo(2 + first);
            assertThat(run.snapshot().seq()).isEqualTo(2 + first);
            if (first < 1_000) {
                assertThat(store.first().events()).hasSize(1_000 - first);
            }
            store.letThrough();
            goOn.countDown();
            run.result().get(20, TimeUnit.SECONDS);
            assertThat(events(run)).hasSize(1_004);
        }
    }

    @Test
    @DisplayName("a node that emits faster than the store writes has to wait")
    void backPressure() throws Exception {
        AtomicInteger sent = new AtomicInteger();
        AtomicBoolean waits = new AtomicBoolean(true);
        try (FlowScript flows = engine(
                builder -> builder.node("floods", context -> {
                    for (int i = 0; i < 200; i++) {
                        context.runtime().emit("app:much", "x".repeat(100_000));
                        sent.incrementAndGet();
                    }
                    waits.set(false);
                    return Edge.of("done");
                }),
                "floods")) {
            CompletableFuture<Execution> started = CompletableFuture.supplyAsync(() -> flows.start("w", Map.of()));
            awaitCommit();
            store.write();
            Execution run = started.get(20, TimeUnit.SECONDS);
            await().until(() -> sent.get() >= 20);
            // 4 MiB can be under way, and as much can wait.
            await().during(Duration.ofMillis(200)).until(() -> sent.get() < 100 && waits.get());
            store.letThrough();
            assertThat(run.result().get(20, TimeUnit.SECONDS).status()).isEqualTo(ExecutionStatus.COMPLETED);
            assertThat(sent).hasValue(200);
        }
    }

    @Test
    @DisplayName("ASYNC: the next node is called before the step is stored, and nobody is told before")
    void async() throws Exception {
        try (FlowScript flows = engine(builder -> builder.durability("w", Durability.ASYNC), "count", "count", "ask")) {
            CompletableFuture<Execution> started =
                    CompletableFuture.supplyAsync(() -> flows.start("w", Map.of(), "one"));
            await().until(() -> calls.get() == 2);
            assertThat(flows.executions().find("one")).isEmpty();
            assertThat(started).isNotDone();
            store.letThrough();
            Execution run = started.get(20, TimeUnit.SECONDS);
            await().until(() -> !run.interactions().isEmpty());
            assertThat(store.snapshot("one").open()).hasSize(1);
        }
    }

    @Test
    @DisplayName("OFF: nothing is stored")
    void off() throws Exception {
        try (FlowScript flows = engine(builder -> builder.durability(Durability.OFF), "count")) {
            flows.start("w", Map.of(), "one").result().get(20, TimeUnit.SECONDS);
            assertThat(store.waiting()).isZero();
            assertThat(store.find("one", 0)).isEmpty();
        }
    }

    @Test
    @DisplayName("an execution whose commit fails is stopped as it was stored last, and others go on")
    void aCommitFails() throws Exception {
        try (FlowScript flows = engine(builder -> {}, "count", "ask")) {
            CompletableFuture<Execution> started = CompletableFuture.supplyAsync(() -> flows.start("w", Map.of()));
            awaitCommit();
            store.write();
            Execution run = started.get(20, TimeUnit.SECONDS);
            CompletableFuture<ExecutionResult> result = run.result();
            awaitCommit();
            store.fail(new IllegalStateException("broken"));
            assertThat(result)
                    .failsWithin(Duration.ofSeconds(20))
                    .withThrowableOfType(java.util.concurrent.ExecutionException.class)
                    .withCauseInstanceOf(FlowScriptException.class)
                    .satisfies(thrown -> assertThat(((FlowScriptException) thrown.getCause()).code())
                            .isEqualTo("store_failed"));
            assertThat(run.snapshot().seq()).isEqualTo(2);
            assertThat(flows.stats().broken()).isEqualTo(1);

            store.letThrough();
            Execution other = flows.start("w", Map.of());
            await().until(() -> !other.interactions().isEmpty());
            assertThatThrownBy(() -> run.cancel("gone", null))
                    .isInstanceOfSatisfying(
                            FlowScriptException.class,
                            thrown -> assertThat(thrown.code()).isEqualTo("store_failed"));
        }
    }

    @Test
    @DisplayName("a start that cannot be stored throws, and leaves nothing behind")
    void aStartFails() {
        try (FlowScript flows = engine(builder -> {}, "ask")) {
            AtomicReference<Throwable> thrown = new AtomicReference<>();
            CompletableFuture<Execution> started =
                    CompletableFuture.supplyAsync(() -> flows.start("w", Map.of(), "one"));
            awaitCommit();
            store.fail(new FlowScriptException("execution_exists", "There is one already"));
            started.exceptionally(failed -> {
                        thrown.set(failed.getCause());
                        return null;
                    })
                    .join();
            assertThat(thrown.get())
                    .isInstanceOfSatisfying(
                            FlowScriptException.class,
                            refused -> assertThat(refused.code()).isEqualTo("execution_exists"));
            assertThat(flows.executions().size()).isZero();
            assertThat(flows.stats().broken()).isZero();
            store.letThrough();
            assertThat(flows.start("w", Map.of(), "one").id()).isEqualTo("one");
        }
    }

    @Test
    @DisplayName("what was handed to the store when the engine closes is stored, and nothing after it")
    void closing() throws Exception {
        FlowScript flows = engine(builder -> {}, "count", "ask");
        CompletableFuture<Execution> started = CompletableFuture.supplyAsync(() -> flows.start("w", Map.of(), "one"));
        awaitCommit();
        flows.executions().onCreated(execution -> {});
        store.write();
        started.get(20, TimeUnit.SECONDS);
        awaitCommit();
        flows.close();
        assertThat(store.kept().reopen().find("one", 10).orElseThrow().events()).hasSize(2);
    }

    @Test
    @DisplayName("I1: with a store too, a cursor reads every event once and in order while they come")
    void cursorsWhileEventsCome() throws Exception {
        store.letThrough();
        try (FlowScript flows = engine(
                builder -> builder.node("emits", context -> {
                    for (int i = 0; i < 500; i++) {
                        context.runtime().emit("app:tick", i);
                    }
                    return Edge.of("done");
                }),
                "emits",
                "emits")) {
            Execution run = flows.start("w", Map.of());
            List<Long> seen = new CopyOnWriteArrayList<>();
            Cursor cursor = run.events().cursor(Position.START);
            await().until(() -> {
                Read read = cursor.read(7);
                while (read instanceof Read.Events some) {
                    some.events().forEach(event -> seen.add(event.seq()));
                    read = cursor.read(7);
                }
                return read instanceof Read.Ended;
            });
            assertThat(seen).hasSize((int) run.events().latest()).isSorted().doesNotHaveDuplicates();
            assertThat(seen.get(0)).isEqualTo(1);
        }
    }
}
