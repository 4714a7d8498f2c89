package io.flowscript.core.engine;

import io.flowscript.core.FlowScriptException;
import io.flowscript.core.engine.ExecutionSnapshot.Write;
import io.flowscript.core.json.Json;
import io.flowscript.core.json.JsonPath;
import io.flowscript.core.json.Value;
import io.flowscript.core.program.Variables;
import io.flowscript.core.runtime.State;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The state as one attempt sees it. Its writes are buffered here and applied when the attempt completes. Safe for use by any thread. */
final class BufferedState implements State {

    private final Map<String, @Nullable Object> bindings;
    private final long maxBytes;
    private final List<Write> writes;
    private Map<String, @Nullable Object> state;
    private boolean closed;

    /**
     * Creates the state of the execution with the earlier writes of the attempt.
     *
     * @param bindings the names that loops define
     */
    BufferedState(
            Map<String, @Nullable Object> state,
            Map<String, @Nullable Object> bindings,
            List<Write> before,
            long maxBytes) {
        this.bindings = bindings;
        this.maxBytes = maxBytes;
        this.writes = new ArrayList<>(before);
        Map<String, @Nullable Object> written = state;
        for (Write write : before) {
            written = apply(written, JsonPath.parse(write.path()), write.value(), write.removed());
        }
        this.state = written;
    }

    /** Returns the variables that templates and expressions read now. */
    synchronized Variables variables() {
        return Variables.of(state, bindings);
    }

    /** Ends writing and returns the buffered writes. */
    synchronized BufferedWrites close() {
        closed = true;
        return new BufferedWrites(List.copyOf(writes), state);
    }

    @Override
    public Value get(String path) {
        return variables().find(JsonPath.parse(path));
    }

    @Override
    public State set(String path, @Nullable Object value) {
        write(JsonPath.parse(path), Json.freeze(value), false);
        return this;
    }

    @Override
    public State remove(String path) {
        write(JsonPath.parse(path), null, true);
        return this;
    }

    private synchronized void write(JsonPath path, @Nullable Object value, boolean removed) {
        if (closed) {
            throw NodeCall.closed();
        }
        if (!path.segments().isEmpty()
                && bindings.containsKey(path.segments().get(0).toString())) {
            throw new FlowScriptException(
                    "loop_name",
                    "Cannot write " + path + ": a loop gives that name, and it can only be read; write another one");
        }
        if (removed && path.find(state).isMissing()) {
            return;
        }
        Map<String, @Nullable Object> next = apply(state, path, value, removed);
        if (Json.weight(next) > maxBytes) {
            throw PlainValues.stateTooLarge(maxBytes);
        }
        state = next;
        writes.add(new Write(path.toString(), value, removed));
    }

    private static Map<String, @Nullable Object> apply(
            Map<String, @Nullable Object> state, JsonPath path, @Nullable Object value, boolean removed) {
        Object next = removed ? path.remove(state) : path.set(state, value);
        if (next == null && removed) {
            return Json.object(Map.of());
        }
        if (!(next instanceof Map)) {
            throw new FlowScriptException(
                    "invalid_value", "The state as a whole must be an object, not " + Json.typeName(next));
        }
        return PlainValues.object(next);
    }
}
