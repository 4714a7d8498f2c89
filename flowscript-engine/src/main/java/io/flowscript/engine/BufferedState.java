package io.flowscript.engine;

import io.flowscript.core.FlowScriptException;
import io.flowscript.core.concurrent.MemoryBudget;
import io.flowscript.core.json.Json;
import io.flowscript.core.json.JsonPath;
import io.flowscript.core.json.Value;
import io.flowscript.core.runtime.State;
import io.flowscript.core.snapshot.ExecutionSnapshot.Write;
import io.flowscript.engine.program.Variables;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The state as one attempt sees it. Its writes are buffered here and applied when the attempt completes. Both the state and all writes
 * together are bounded. Safe for use by any thread.
 */
final class BufferedState implements State {

    private final Map<String, @Nullable Object> bindings;
    private final long maxBytes;
    private final MemoryBudget memory;
    private final BufferedWrites before;

    /** The earlier writes, and the new ones once there is one. */
    private List<Write> writes;

    private Map<String, @Nullable Object> state;
    private long bytes;

    /** What was written in all, once this is closed. Written under the lock. */
    private volatile @Nullable BufferedWrites closed;

    /**
     * Creates the state with the earlier writes of the attempt.
     *
     * @param bindings the names that loops define
     * @param before the earlier writes, and the state with them
     * @param maxBytes the limit of the state, and of all writes together
     * @param memory what all executions share; holds the new writes until the attempt is closed
     */
    BufferedState(Map<String, @Nullable Object> bindings, BufferedWrites before, long maxBytes, MemoryBudget memory) {
        this.bindings = bindings;
        this.maxBytes = maxBytes;
        this.memory = memory;
        this.before = before;
        this.writes = before.list();
        this.state = before.state();
        this.bytes = before.bytes();
    }

    /** {@return the writes of an attempt and the state with them, for an attempt that goes on} */
    static BufferedWrites replay(Map<String, @Nullable Object> state, List<Write> writes) {
        Map<String, @Nullable Object> written = state;
        long bytes = 0;
        for (Write write : writes) {
            written = apply(written, JsonPath.parse(write.path()), write.value(), write.removed());
            bytes += BufferedWrites.weight(write);
        }
        return new BufferedWrites(writes, written, bytes);
    }

    /** Returns the variables that templates and expressions read now. */
    synchronized Variables variables() {
        return Variables.of(state, bindings);
    }

    /** {@return the state with what was written so far} */
    synchronized Map<String, @Nullable Object> written() {
        return state;
    }

    /** Ends writing and returns the buffered writes. */
    BufferedWrites close() {
        BufferedWrites all = closed;
        return all == null ? closeOnce() : all;
    }

    private synchronized BufferedWrites closeOnce() {
        BufferedWrites all = closed;
        if (all == null) {
            all = before;
            if (isWritten()) {
                all = new BufferedWrites(List.copyOf(writes), state, bytes);
                memory.release(bytes - before.bytes());
            }
            closed = all;
        }
        return all;
    }

    @SuppressWarnings("ReferenceEquality") // the first write copies the list
    private boolean isWritten() {
        return writes != before.list();
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
        if (closed != null) {
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
        Write write = new Write(path.toString(), value, removed);
        long added = BufferedWrites.weight(write);
        if (bytes + added > maxBytes) {
            throw new FlowScriptException(
                    "state_too_large",
                    "The writes of one attempt would hold more than " + maxBytes
                            + " bytes together, the limit; write each value once, when it is complete");
        }
        if (!memory.tryReserve(added)) {
            throw memory.exceeded("The write to " + path);
        }
        if (!isWritten()) {
            writes = new ArrayList<>(writes);
        }
        bytes += added;
        state = next;
        writes.add(write);
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
