package io.flowscript.core.runtime;

import io.flowscript.core.FlowScriptException;
import io.flowscript.core.json.Json;
import io.flowscript.core.workflow.EdgeNames;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The outcome of a node that is done: the name of the edge that the workflow follows, and data for the next node.
 * Data given as a supplier is computed once, when the edge is followed.
 *
 * <p>Immutable.
 *
 * @since 0.1.0
 */
public final class Edge implements Outcome {

    /** Ends the whole workflow. */
    public static final String EXIT = EdgeNames.EXIT;

    /** The prefix of an edge that continues at a step; the name of the step follows the prefix. */
    public static final String LOOP_TO = EdgeNames.LOOP_TO;

    /** Returned by a loop's controller to run the body once more. Its data, an object or null, is merged into the state. */
    public static final String NEXT_ITERATION = EdgeNames.NEXT_ITERATION;

    /** Returned by a loop's controller to leave the loop. */
    public static final String EXIT_LOOP = EdgeNames.EXIT_LOOP;

    private final String name;
    private final Supplier<? extends @Nullable Object> data;
    private final @Nullable Object memo;
    private final Map<String, @Nullable Object> bindings;

    private Edge(
            String name,
            Supplier<? extends @Nullable Object> data,
            @Nullable Object memo,
            Map<String, @Nullable Object> bindings) {
        if (name.isBlank() || name.length() > 256) {
            throw new FlowScriptException("invalid_edge", "An edge needs a name of 1 to 256 characters");
        }
        this.name = name;
        this.data = data;
        this.memo = memo;
        this.bindings = bindings;
    }

    /**
     * Returns an edge without data.
     *
     * @param name the name of the edge, 1 to 256 characters, not blank
     * @return the edge
     */
    public static Edge of(String name) {
        return new Edge(name, () -> null, null, Map.of());
    }

    /**
     * Returns an edge with data.
     *
     * @param name the name of the edge, 1 to 256 characters, not blank
     * @param data any JSON value; it is copied now
     * @return the edge
     */
    public static Edge of(String name, @Nullable Object data) {
        Object frozen = Json.freeze(data);
        return new Edge(name, () -> frozen, null, Map.of());
    }

    /**
     * Returns an edge whose data is computed when the edge is followed.
     *
     * @param name the name of the edge, 1 to 256 characters, not blank
     * @param data supplies any JSON value; it is called at most once. An exception fails the attempt.
     * @return the edge
     */
    public static Edge of(String name, Supplier<? extends @Nullable Object> data) {
        return new Edge(name, data, null, Map.of());
    }

    /**
     * Returns the edge by which a loop's controller runs the body once more.
     *
     * @return the edge
     */
    public static Edge nextIteration() {
        return of(NEXT_ITERATION);
    }

    /**
     * Returns the edge by which a loop's controller leaves the loop.
     *
     * @return the edge
     */
    public static Edge exitLoop() {
        return of(EXIT_LOOP);
    }

    /**
     * Sets the value that a loop's controller gets back as {@link ExecutionContext#memo} at the next iteration. The
     * value belongs to one run of the loop, so nested and repeated loops do not share it.
     *
     * @param value any JSON value
     * @return an edge like this one
     */
    public Edge keeping(@Nullable Object value) {
        return new Edge(name, data, Json.freeze(value), bindings);
    }

    /**
     * Sets names that a loop's controller defines for the loop's body. They shadow keys of the state while the body
     * runs.
     *
     * @param names the names and their values
     * @return an edge like this one
     */
    public Edge binding(Map<String, ? extends @Nullable Object> names) {
        return new Edge(name, data, memo, Json.object(names));
    }

    /** {@return the name} */
    public String name() {
        return name;
    }

    /** {@return the supplier of the data; only the engine calls it, once} */
    public Supplier<? extends @Nullable Object> data() {
        return data;
    }

    /** {@return the value that a loop's controller keeps for the next iteration, or null} */
    public @Nullable Object memo() {
        return memo;
    }

    /** {@return the names that a loop's controller defines for the loop's body, with their values} */
    public Map<String, @Nullable Object> bindings() {
        return bindings;
    }

    @Override
    public String toString() {
        return "Edge[" + name + "]";
    }
}
