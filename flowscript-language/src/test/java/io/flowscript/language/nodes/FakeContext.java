package io.flowscript.language.nodes;

import io.flowscript.core.json.JsonPath;
import io.flowscript.core.json.Value;
import io.flowscript.core.runtime.Answer;
import io.flowscript.core.runtime.ExecutionContext;
import io.flowscript.core.runtime.PauseToken;
import io.flowscript.core.runtime.Question;
import io.flowscript.core.runtime.RuntimeContext;
import io.flowscript.core.runtime.State;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** A context without an engine: a state, and what the engine would hand to a node. */
final class FakeContext implements ExecutionContext, State, RuntimeContext {

    private Value state = Value.of(Map.of());
    private Value config = Value.of(null).get("none");
    private Value memo = Value.of(null).get("none");
    private Value evaluated = Value.of(null);
    private @Nullable Answer answer;
    private Set<String> branchEdges = Set.of();

    FakeContext state(Map<String, ? extends @Nullable Object> values) {
        state = Value.of(values);
        return this;
    }

    FakeContext config(Map<String, ? extends @Nullable Object> values) {
        config = Value.of(values);
        return this;
    }

    FakeContext memo(@Nullable Object value) {
        memo = Value.of(value);
        return this;
    }

    FakeContext evaluating(@Nullable Object value) {
        evaluated = Value.of(value);
        return this;
    }

    FakeContext answered(@Nullable Object data) {
        answer = new Answer(Value.of(data), null, Instant.EPOCH, false);
        return this;
    }

    FakeContext timedOut() {
        answer = new Answer(Value.of(Map.of()).get("none"), null, Instant.EPOCH, true);
        return this;
    }

    FakeContext branchOn(String... edges) {
        branchEdges = Set.of(edges);
        return this;
    }

    @Override
    public State state() {
        return this;
    }

    @Override
    public Value get(String path) {
        return state.get(path);
    }

    @Override
    public State set(String path, @Nullable Object value) {
        state = Value.of(JsonPath.parse(path).set(state.raw(), value));
        return this;
    }

    @Override
    public State remove(String path) {
        state = Value.of(JsonPath.parse(path).remove(state.raw()));
        return this;
    }

    @Override
    public Value config() {
        return config;
    }

    @Override
    public Set<String> branchEdges() {
        return branchEdges;
    }

    @Override
    public Value previous() {
        return Value.of(null);
    }

    @Override
    public Value memo() {
        return memo;
    }

    @Override
    public @Nullable Answer answer() {
        return answer;
    }

    @Override
    public String idempotencyKey() {
        return "run-1/node-1";
    }

    @Override
    public int attempt() {
        return 1;
    }

    @Override
    public Value evaluate(String field) {
        return evaluated;
    }

    @Override
    public RuntimeContext runtime() {
        return this;
    }

    @Override
    public String workflowId() {
        return "workflow";
    }

    @Override
    public String executionId() {
        return "execution";
    }

    @Override
    public String nodeId() {
        return "node-1";
    }

    @Override
    public void emit(String type, @Nullable Object payload, @Nullable String conflationKey) {
        throw new UnsupportedOperationException("A built-in node emits nothing of its own");
    }

    @Override
    public PauseToken pause() {
        throw new UnsupportedOperationException("A built-in node asks by its outcome");
    }

    @Override
    public PauseToken pause(Question question) {
        throw new UnsupportedOperationException("A built-in node asks by its outcome");
    }

    @Override
    public CompletableFuture<Value> waitForResume(PauseToken token) {
        throw new UnsupportedOperationException("A built-in node asks by its outcome");
    }
}
