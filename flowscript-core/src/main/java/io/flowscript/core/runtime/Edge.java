package io.flowscript.core.runtime;

import io.flowscript.core.FlowScriptException;
import io.flowscript.core.json.Json;
import io.flowscript.core.workflow.EdgeNames;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The edge by which a node leaves: a name, and data for the next node. Data given as a supplier is computed once, when
 * the edge is taken.
 *
 * <p>Immutable.
 *
 * @since 0.1.0
 */
public final class Edge implements Outcome {

    /** Ends the whole workflow. */
    public static final String EXIT = EdgeNames.EXIT;

    /** The beginning of the name of an edge that continues at a step. */
    public static final String LOOP_TO = EdgeNames.LOOP_TO;

    /** A loop's controller runs the body once more. */
    public static final String NEXT_ITERATION = EdgeNames.NEXT_ITERATION;

    /** A loop's controller leaves the loop. */
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
     * An edge without data.
     *
     * @param name its name, 1 to 256 characters
     * @return the edge
     */
    public static Edge of(String name) {
        return new Edge(name, () -> null, null, Map.of());
    }

    /**
     * An edge with data.
     *
     * @param name its name, 1 to 256 characters
     * @param data any JSON value; it is frozen now
     * @return the edge
     */
    public static Edge of(String name, @Nullable Object data) {
        Object frozen = Json.freeze(data);
        return new Edge(name, () -> frozen, null, Map.of());
    }

    /**
     * An edge whose data is computed when it is taken.
     *
     * @param name its name, 1 to 256 characters
     * @param data gives any JSON value; called once at the most. What it throws fails the attempt.
     * @return the edge
     */
    public static Edge of(String name, Supplier<? extends @Nullable Object> data) {
        return new Edge(name, data, null, Map.of());
    }

    /**
     * For a loop's controller: run the body once more. Its data is merged into the state.
     *
     * @return the edge
     */
    public static Edge nextIteration() {
        return of(NEXT_ITERATION);
    }

    /**
     * For a loop's controller: leave the loop.
     *
     * @return the edge
     */
    public static Edge exitLoop() {
        return of(EXIT_LOOP);
    }

    /**
     * For a loop's controller: what it wants to be told as {@link ExecutionContext#memo} at the next iteration. Kept with the
     * loop, so nested and repeated loops do not disturb each other.
     *
     * @param value any JSON value
     * @return an edge like this one
     */
    public Edge keeping(@Nullable Object value) {
        return new Edge(name, data, Json.freeze(value), bindings);
    }

    /**
     * For a loop's controller: names that live in the loop and shadow the state while its body runs.
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

    /** {@return computes the data; to be called once, by the engine} */
    public Supplier<? extends @Nullable Object> data() {
        return data;
    }

    /** {@return what a loop's controller keeps, or null} */
    public @Nullable Object memo() {
        return memo;
    }

    /** {@return the names that a loop's controller gives to its body} */
    public Map<String, @Nullable Object> bindings() {
        return bindings;
    }

    @Override
    public String toString() {
        return "Edge[" + name + "]";
    }
}
