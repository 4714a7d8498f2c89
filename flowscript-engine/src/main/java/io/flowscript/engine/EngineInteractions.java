package io.flowscript.engine;

import io.flowscript.core.CommandKey;
import io.flowscript.core.FlowScriptException;
import io.flowscript.core.Identity;
import io.flowscript.core.interaction.AnswerOptions;
import io.flowscript.core.interaction.Interaction;
import io.flowscript.core.interaction.InteractionOrder;
import io.flowscript.core.interaction.InteractionPage;
import io.flowscript.core.interaction.InteractionPlace;
import io.flowscript.core.interaction.InteractionQuery;
import io.flowscript.core.interaction.Interactions;
import io.flowscript.core.interaction.Receipt;
import io.flowscript.core.json.Json;
import io.flowscript.core.observe.FlowScriptTracer;
import io.flowscript.core.observe.FlowScriptTracer.Span;
import io.flowscript.core.runtime.EngineClock;
import io.flowscript.core.runtime.PauseToken;
import io.flowscript.core.snapshot.ExecutionSnapshot;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The interactions of all executions of an engine. Each execution keeps its own; this class finds them. Safe for use by any thread. */
final class EngineInteractions implements Interactions {

    private final ExecutionRegistry executions;
    private final RemoteCommands remote;
    private final Observation observer;
    private final FlowScriptTracer tracer;
    private final EngineClock clock;

    EngineInteractions(
            ExecutionRegistry executions,
            RemoteCommands remote,
            Observation observer,
            FlowScriptTracer tracer,
            EngineClock clock) {
        this.executions = executions;
        this.clock = clock;
        this.remote = remote;
        this.observer = observer;
        this.tracer = tracer;
    }

    @Override
    public Optional<Interaction> find(PauseToken token) {
        WorkflowExecution execution = executions.load(token.executionId());
        if (execution == null) {
            return Optional.empty();
        }
        ExecutionSnapshot now = execution.snapshot();
        Interaction open = Receipts.find(now.open(), token);
        return Optional.ofNullable(open == null ? Receipts.find(now.closed(), token) : open);
    }

    @Override
    public InteractionPage stored(
            InteractionQuery query, InteractionOrder order, @Nullable InteractionPlace after, int limit) {
        return executions.stored().interactions(query, order, after, limit);
    }

    @Override
    public long countStored(InteractionQuery query, long most) {
        return executions.stored().countInteractions(query, most);
    }

    @Override
    public Interaction claim(PauseToken token, Identity by, Duration lease, @Nullable CommandKey key) {
        if (lease.isNegative() || lease.isZero() || lease.compareTo(MAX_LEASE) > 0) {
            throw new FlowScriptException(
                    "invalid_duration", "A claim holds for more than zero, at most seven days, not " + lease);
        }
        return change(
                token,
                key,
                (interaction, draft) -> ClaimRules.claim(interaction, draft, by, lease),
                () -> CommandCodec.claim(token, by, lease, key));
    }

    @Override
    public Interaction release(PauseToken token, Identity by, @Nullable CommandKey key) {
        return change(
                token,
                key,
                (interaction, draft) -> ClaimRules.release(interaction, draft, by),
                () -> CommandCodec.release(token, by, key));
    }

    @Override
    public Interaction revise(PauseToken token, Map<String, ? extends @Nullable Object> shown, @Nullable Identity by) {
        Map<String, @Nullable Object> frozen = Json.object(shown);
        execution(token).checkShown(frozen);
        return change(
                token,
                null,
                (interaction, draft) -> InteractionRules.revise(interaction, draft, frozen, by),
                () -> CommandCodec.revise(token, frozen, by));
    }

    /** Changes an interaction here, or where its execution goes on. */
    private Interaction change(
            PauseToken token,
            @Nullable CommandKey key,
            BiConsumer<Interaction, SnapshotDraft> input,
            Supplier<Map<String, @Nullable Object>> command) {
        WorkflowExecution execution = execution(token);
        return remote.carryOut(execution, () -> execution.change(token, key, input), () -> {
            CommandCodec.checkDone(remote.call(token.executionId(), command.get()));
            return find(token).orElseThrow(() -> InteractionRules.notOpen(new Receipt.NotFound()));
        });
    }

    @Override
    public CompletionStage<?> markSeen(String executionId, Set<String> tokenIds, Identity by) {
        WorkflowExecution execution = executions.load(executionId);
        if (execution == null) {
            return CompletableFuture.completedFuture(null);
        }
        Set<String> seen = Set.copyOf(tokenIds);
        return remote.carryOut(
                execution,
                () -> execution.markSeen(seen, by.name()),
                () -> remote.callLater(executionId, CommandCodec.seen(seen, by)));
    }

    private WorkflowExecution execution(PauseToken token) {
        WorkflowExecution execution = executions.load(token.executionId());
        if (execution == null) {
            throw InteractionRules.notOpen(new Receipt.NotFound());
        }
        return execution;
    }

    @Override
    public Receipt answer(PauseToken token, @Nullable Object answer, AnswerOptions options) {
        Object frozen = Json.freeze(answer);
        WorkflowExecution execution = executions.load(token.executionId());
        return answer(execution, token, frozen, options);
    }

    @Override
    public Receipt answer(String executionId, String nodeId, @Nullable Object answer, AnswerOptions options) {
        Object frozen = Json.freeze(answer);
        WorkflowExecution execution = executions.load(executionId);
        PauseToken token = execution == null ? null : token(execution.snapshot(), nodeId);
        return answer(execution, token, frozen, options);
    }

    private Receipt answer(
            @Nullable WorkflowExecution execution,
            @Nullable PauseToken token,
            @Nullable Object answer,
            AnswerOptions options) {
        long begun = observer.isObserved() ? clock.nanoTime() : 0;
        Receipt receipt =
                execution == null || token == null ? new Receipt.NotFound() : traced(execution, token, answer, options);
        observer.answered(receipt.code(), observer.isObserved() ? clock.nanoTime() - begun : 0);
        return receipt;
    }

    private Receipt traced(
            WorkflowExecution execution, PauseToken token, @Nullable Object answer, AnswerOptions options) {
        FlowScriptTracer.Traced traced = execution.traced();
        Span span = traced == null ? Span.NONE : tracer.answering(traced, token.nodeId());
        try {
            Receipt receipt = remote.carryOut(
                    execution,
                    () -> Journal.await(execution.answer(token, answer, options)),
                    () -> CommandCodec.receipt(
                            token, remote.call(token.executionId(), CommandCodec.answer(token, answer, options))));
            span.end(receipt.code(), false);
            return receipt;
        } catch (Throwable thrown) {
            span.end(Failure.code(thrown), true);
            throw thrown;
        }
    }

    /** The oldest interaction that the visit has open, or else the one that was closed last. */
    private static @Nullable PauseToken token(ExecutionSnapshot execution, String nodeId) {
        for (Interaction interaction : execution.open()) {
            if (interaction.token().nodeId().equals(nodeId)) {
                return interaction.token();
            }
        }
        PauseToken last = null;
        for (Interaction interaction : execution.closed()) {
            if (interaction.token().nodeId().equals(nodeId)) {
                last = interaction.token();
            }
        }
        return last;
    }
}
