package io.flowscript.engine;

import static io.flowscript.engine.TestEngine.workflow;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.flowscript.core.FlowScriptException;
import io.flowscript.core.Identity;
import io.flowscript.core.interaction.AnswerOptions;
import io.flowscript.core.interaction.Interaction;
import io.flowscript.core.interaction.Receipt;
import io.flowscript.core.runtime.Edge;
import io.flowscript.core.runtime.PauseToken;
import io.flowscript.core.runtime.Question;
import io.flowscript.core.snapshot.ExecutionStatus;
import io.flowscript.core.store.Durability;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** I5, I10: an engine whose store cannot write. */
@Timeout(60)
class StoreAwayTest {

    private static final Identity ADA = Identity.of("ada");
    private static final Duration LIMIT = Duration.ofSeconds(10);

    private final HeldStore store = new HeldStore().letThrough();

    private FlowScript engine(Consumer<FlowScriptBuilder> settings) {
        FlowScriptBuilder builder = FlowScript.builder()
                .store(store)
                .limits(EngineLimits.defaults().maxStoreStall(LIMIT))
                .forms(schema -> answer -> List.of())
                .node(
                        "ask",
                        context -> context.answer() == null
                                ? Question.form("any").ask()
                                : Edge.of("done", context.answer().data().raw()))
                .workflow(workflow("ask"));
        settings.accept(builder);
        return builder.build();
    }

    private static Interaction asked(Execution execution) {
        return await().until(execution::interactions, open -> !open.isEmpty()).get(0);
    }

    private static void assertUnavailable(ThrowingCallable command) {
        assertThatThrownBy(command)
                .isInstanceOfSatisfying(
                        FlowScriptException.class, e -> assertThat(e.code()).isEqualTo("store_unavailable"));
    }

    @Test
    @DisplayName("refuses every command at once when the store has not written for too long, and does nothing of it")
    void refuses() {
        try (FlowScript flows = engine(builder -> {})) {
            Execution execution = flows.start("w", Map.of());
            PauseToken token = asked(execution).token();
            store.hold();
            store.stalled(LIMIT.plusNanos(1));
            long events = execution.events().latest();

            assertUnavailable(() -> flows.start("w", Map.of()));
            assertUnavailable(() -> flows.restore(execution.snapshot()));
            assertUnavailable(() -> execution.cancel("late", ADA));
            assertUnavailable(() -> flows.interactions().answer(token, 1, AnswerOptions.by(ADA)));
            assertUnavailable(() -> flows.interactions().claim(token, ADA, Duration.ofMinutes(1)));
            assertUnavailable(() -> flows.interactions().release(token, ADA));
            assertUnavailable(() -> flows.interactions().revise(token, Map.of("a", 1), ADA));
            assertThat(flows.stats().storeAvailable()).isFalse();
            assertThat(execution.status()).as("what was stored can be read").isEqualTo(ExecutionStatus.PAUSED);
            assertThat(flows.interactions().find(token)).isPresent();
            assertThat(store.waiting()).isZero();
            assertThat(execution.events().latest()).isEqualTo(events);

            store.stalled(Duration.ZERO);
            store.letThrough();
            assertThat(flows.stats().storeAvailable()).isTrue();
            assertThat(flows.interactions().answer(token, 1, AnswerOptions.by(ADA)))
                    .isInstanceOf(Receipt.Accepted.class);
            assertThat(flows.start("w", Map.of()).status()).isNotNull();
        }
    }

    @Test
    @DisplayName("waits as long as the limit allows, and for ever without a limit")
    void withinTheLimit() {
        store.stalled(LIMIT);
        try (FlowScript flows = engine(builder -> {})) {
            flows.start("w", Map.of());
            assertThat(flows.stats().storeAvailable()).isTrue();
        }
        HeldStore other = new HeldStore().letThrough();
        other.stalled(Duration.ofDays(1));
        try (FlowScript flows = engine(
                builder -> builder.store(other).limits(EngineLimits.defaults().maxStoreStall(null)))) {
            flows.start("w", Map.of());
            assertThat(flows.stats().storeAvailable()).isTrue();
        }
    }

    @Test
    @DisplayName("still runs workflows that are not stored")
    void notStored() {
        store.stalled(LIMIT.plusNanos(1));
        try (FlowScript flows = engine(builder -> builder.durability("w", Durability.OFF))) {
            Execution execution = flows.start("w", Map.of());
            assertThat(flows.interactions().answer(asked(execution).token(), 1, AnswerOptions.by(ADA)))
                    .isInstanceOf(Receipt.Accepted.class);
        }
    }

    @Test
    @DisplayName("shows who has seen an interaction when that is stored, and does not wait for it")
    void seen() {
        try (FlowScript flows = engine(builder -> {})) {
            Execution execution = flows.start("w", Map.of());
            Interaction asked = asked(execution);
            long events = execution.events().latest();
            store.hold();
            CompletionStage<?> stored = flows.interactions()
                    .markSeen(execution.id(), Set.of(asked.token().tokenId(), "other"), ADA);
            CompletionStage<?> again = flows.interactions()
                    .markSeen(execution.id(), Set.of(asked.token().tokenId()), ADA);

            assertThat(execution.interactions()).containsExactly(asked);
            assertThat(stored.toCompletableFuture()).isNotDone();
            assertThat(again.toCompletableFuture())
                    .as("it is not known to be stored either")
                    .isNotDone();
            store.writeAll();
            assertThat(stored.toCompletableFuture()).isCompleted();
            assertThat(again.toCompletableFuture()).isCompleted();
            assertThat(asked(execution).seenBy()).containsExactly("ada");
            assertThat(store.snapshot(execution.id()).open().get(0).seenBy()).containsExactly("ada");
            assertThat(execution.events().latest()).isEqualTo(events);
            assertThat(flows.interactions()
                            .markSeen("unknown", Set.of("t"), ADA)
                            .toCompletableFuture())
                    .isCompleted();
        }
    }

    @Test
    @DisplayName("counts an execution as broken when it cannot be stored, and not when the engine was closed before")
    void closedMeanwhile() {
        FlowScript open = engine(builder -> {});
        Execution execution = open.start("w", Map.of());
        asked(execution);
        store.hold();
        CompletionStage<?> seen = open.interactions()
                .markSeen(
                        execution.id(),
                        Set.of(execution.interactions().get(0).token().tokenId()),
                        ADA);
        open.close();
        store.fail(new FlowScriptException("store_closed", "closed"));
        assertThat(seen.toCompletableFuture()).isCompletedExceptionally();
        assertThat(open.stats().broken()).isZero();

        HeldStore other = new HeldStore().letThrough();
        try (FlowScript flows = engine(builder -> builder.store(other))) {
            Execution stopped = flows.start("w", Map.of());
            Interaction asked = asked(stopped);
            other.hold();
            CompletionStage<?> failed = flows.interactions()
                    .markSeen(stopped.id(), Set.of(asked.token().tokenId()), ADA);
            other.fail(new FlowScriptException("store_failed", "broken by the test"));
            assertThat(failed.toCompletableFuture()).isCompletedExceptionally();
            assertThat(flows.stats().broken()).isOne();
        }
    }
}
