package io.flowscript.engine;

import io.flowscript.core.FlowScriptException;
import io.flowscript.core.event.CustomEvent;
import io.flowscript.core.event.EventType;
import io.flowscript.core.json.Json;
import io.flowscript.core.json.JsonPath;
import io.flowscript.core.json.SecretPaths;
import io.flowscript.core.json.Value;
import io.flowscript.core.observe.FlowScriptTracer;
import io.flowscript.core.observe.FlowScriptTracer.Scope;
import io.flowscript.core.observe.FlowScriptTracer.Span;
import io.flowscript.core.observe.FlowScriptTracer.Traced;
import io.flowscript.core.runtime.Answer;
import io.flowscript.core.runtime.Edge;
import io.flowscript.core.runtime.EngineClock;
import io.flowscript.core.runtime.ExecutionContext;
import io.flowscript.core.runtime.ExpressionEvaluator.Expression;
import io.flowscript.core.runtime.Outcome;
import io.flowscript.core.runtime.PauseToken;
import io.flowscript.core.runtime.Question;
import io.flowscript.core.runtime.RuntimeContext;
import io.flowscript.core.runtime.State;
import io.flowscript.core.snapshot.ExecutionSnapshot;
import io.flowscript.core.snapshot.ExecutionSnapshot.Visit;
import io.flowscript.core.text.Printable;
import io.flowscript.engine.program.CompiledStep;
import io.flowscript.engine.program.Variables;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * One call of a node: the context that the node uses, and the means to stop the call. Closed when the call is over.
 * Safe for use by any thread.
 */
final class NodeCall implements ExecutionContext, RuntimeContext {

    private final WorkflowExecution execution;
    private final CompiledStep step;
    private final Visit visit;
    private final @Nullable Object previous;
    private final BufferedState state;
    private final SecretPaths secretPaths;
    private final Map<String, @Nullable Object> stateAtStart;

    /** The names that loops give, and the state with what earlier calls of this visit have written. */
    private final Map<String, @Nullable Object> bindings;

    private final BufferedWrites before;
    private final AnswerFutures answerFutures = new AnswerFutures();

    private volatile @Nullable Value config;
    private @Nullable Thread runner;
    private @Nullable CompletionStage<?> stage;
    private boolean over;

    /** The clock of an engine that is observed; null when nobody wants to know how long calls take. */
    private final @Nullable EngineClock clock;

    /** When the node was called, on that clock. */
    private volatile @Nullable Long calledAt;

    private final FlowScriptTracer tracer;

    /** The span of the call from when it is called until it is over. */
    private final AtomicReference<Span> span = new AtomicReference<>(Span.NONE);

    /** The code of what failed. */
    private volatile @Nullable String failure;

    NodeCall(
            WorkflowExecution execution,
            CompiledStep step,
            ExecutionSnapshot at,
            Map<String, @Nullable Object> bindings,
            BufferedWrites before,
            EngineServices services) {
        this.execution = execution;
        this.step = step;
        this.visit = Objects.requireNonNull(at.visit());
        this.previous = at.previous();
        this.state = new BufferedState(bindings, before, services.limits.maxStateBytes(), services.memory);
        this.bindings = bindings;
        this.before = before;
        this.secretPaths = at.secrets();
        this.stateAtStart = at.state();
        this.clock = services.observer.isObserved() ? services.clock : null;
        this.tracer = services.tracer;
    }

    static FlowScriptException closed() {
        return new FlowScriptException(
                "attempt_closed", "This attempt is over: it can neither write nor emit nor pause any more");
    }

    /** Calls the node on this thread; null when the call was ended before it began. */
    @Nullable
    Outcome run() throws Exception {
        synchronized (this) {
            if (over) {
                return null;
            }
            runner = Thread.currentThread();
        }
        if (clock != null) {
            calledAt = clock.nanoTime();
        }
        Scope scope = traced();
        try {
            return step.node().run(this);
        } finally {
            scope.close();
            synchronized (this) {
                runner = null;
            }
        }
    }

    /** Begins the span of this call, if its execution is traced, and makes it the current one of this thread. */
    private Scope traced() {
        Traced traced = execution.traced();
        if (traced == null) {
            return Scope.NONE;
        }
        Span begun = tracer.calling(traced, nodeName(), nodeId(), attempt());
        span.set(begun);
        if (isOver()) {
            endSpan(false);
        }
        return begun.enter();
    }

    /** Ends the span of this call, once. Called with no lock held, as soon as its outcome is decided, and when it is over. */
    void endSpan(boolean succeeded) {
        if (tracer == FlowScriptTracer.NONE) {
            return;
        }
        Span begun = span.getAndSet(Span.NONE);
        if (succeeded) {
            begun.end("succeeded", false);
        } else {
            begun.end(Objects.requireNonNullElse(failure, "ended"), true);
        }
    }

    /** Notes why this call fails. */
    void fails(String code) {
        failure = code;
    }

    /** Remembers what the node works on, so that it can be cancelled, and does so if the call is over already; null when that is over. */
    void worksOn(@Nullable CompletionStage<?> work) {
        boolean late;
        synchronized (this) {
            late = over;
            stage = late ? null : work;
        }
        if (late && work != null) {
            cancel(work);
        }
    }

    /**
     * Ends the call: further writes are refused, and if the node still runs, its thread is interrupted.
     *
     * @param succeeded whether it came to an outcome that is no failure
     * @return whether {@link #release} has something to do
     */
    boolean end(boolean succeeded) {
        state.close();
        boolean depends;
        synchronized (this) {
            over = true;
            if (runner != null) {
                runner.interrupt();
            }
            depends = stage != null || !answerFutures.isEmpty();
        }
        endSpan(succeeded);
        return depends;
    }

    /** Cancels what the node waits for and works on. Runs code of the node that depends on it. */
    void release() {
        answerFutures.cancel();
        CompletionStage<?> work;
        synchronized (this) {
            work = stage;
            stage = null;
        }
        if (work != null) {
            cancel(work);
        }
    }

    /** {@return the nanoseconds from the call of the node to a moment; 0 when nobody wants to know, and when it was not called} */
    long nanosUntil(ClockReading moment) {
        Long from = calledAt;
        return from == null ? 0 : Math.max(0, moment.nanos - from);
    }

    synchronized boolean isOver() {
        return over;
    }

    /** Checks whether the node's retry policy allows another attempt. */
    boolean mayRetry() {
        return visit.attempt() < step.retry().attempts();
    }

    /** Checks whether leaving by an edge is a failed attempt that is repeated. */
    boolean repeats(Edge edge) {
        return step.retries(edge.name()) && mayRetry();
    }

    /** Writes the data of the step's edge to where the step says. */
    void keep(Edge edge, @Nullable Object data) {
        JsonPath path = step.stateKey(edge.name());
        if (path != null && data != null) {
            state.set(path.toString(), data);
        }
    }

    BufferedWrites writes() {
        return state.close();
    }

    AnswerFutures answerFutures() {
        return answerFutures;
    }

    Visit visit() {
        return visit;
    }

    @Override
    public State state() {
        return state;
    }

    @Override
    public Value config() {
        Value filled = config;
        if (filled == null) {
            Map<String, @Nullable Object> values =
                    step.config().fill(variablesAtStart().at(execution.now().toString(), previous), this::unfilled);
            filled = values == null ? Value.missing("$") : Value.of(values);
            config = filled;
        }
        return filled;
    }

    private Variables variablesAtStart() {
        return Variables.of(before.state(), bindings);
    }

    private void unfilled(String template) {
        execution.warn("Node " + Printable.line(nodeId(), 160) + " of execution " + executionId() + ": nothing fills "
                + Printable.line(template, 200) + ", so it stays as it is; this is logged once for each step");
    }

    @Override
    public Set<String> branchEdges() {
        return step.branchEdges();
    }

    @Override
    public Value previous() {
        return Value.of(previous);
    }

    @Override
    public Value memo() {
        Object memo = visit.memo();
        return memo == null ? Value.missing("$") : Value.of(memo);
    }

    @Override
    public @Nullable Answer answer() {
        return visit.answer();
    }

    @Override
    public int attempt() {
        return visit.attempt();
    }

    @Override
    public String idempotencyKey() {
        return executionId() + "/" + nodeId();
    }

    @Override
    public Value evaluate(String field) {
        Expression expression = step.config().expression(field);
        if (expression == null) {
            throw new FlowScriptException(
                    "missing_config",
                    "Step \"" + step.name() + "\" needs an expression in the config field \"" + field + "\"");
        }
        return Value.of(expression.evaluate(state.variables().at(execution.now().toString(), previous)));
    }

    /** {@return the secrets that this call has had in its state, and has now} */
    SecretValues secrets() {
        return SecretValues.of(secretPaths, stateAtStart, state.written());
    }

    @Override
    public @Nullable Object masked(@Nullable Object value) {
        return secrets().mask(Json.freeze(value));
    }

    @Override
    public RuntimeContext runtime() {
        return this;
    }

    @Override
    public String workflowId() {
        return execution.workflowId();
    }

    @Override
    public String executionId() {
        return execution.id();
    }

    String nodeName() {
        return visit.nodeName();
    }

    @Nullable
    String stepId() {
        return visit.step();
    }

    @Override
    public String nodeId() {
        return visit.nodeId();
    }

    @Override
    public void emit(String type, @Nullable Object payload, @Nullable String conflationKey) {
        execution.emit(
                this,
                new CustomEvent(EventType.of(type), visit.nodeId(), visit.nodeName(), masked(payload), conflationKey));
    }

    @Override
    public PauseToken pause() {
        return execution.pause(this, null);
    }

    @Override
    public PauseToken pause(Question question) {
        return execution.pause(this, question);
    }

    @Override
    public CompletableFuture<Value> waitForResume(PauseToken token) {
        CompletableFuture<Value> answer = answerFutures.of(token);
        execution.awaitAnswer(this, token);
        return answer;
    }

    private static void cancel(CompletionStage<?> work) {
        try {
            work.toCompletableFuture().cancel(true);
        } catch (UnsupportedOperationException e) {
            // A stage that cannot be a future cannot be cancelled; its result is ignored.
        }
    }
}
