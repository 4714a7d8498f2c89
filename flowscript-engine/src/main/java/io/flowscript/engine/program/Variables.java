package io.flowscript.engine.program;

import io.flowscript.core.json.Json;
import io.flowscript.core.json.JsonPath;
import io.flowscript.core.json.Value;
import java.util.AbstractMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The variables that templates and expressions read: the top-level keys of the state, the names that loops define,
 * {@code state} for all of these, {@code previous} for the data of the previous step, and {@code now} and {@code
 * _timestamp} for the time. It is a view, so creating one is cheap. Immutable; safe for use by any thread.
 */
public final class Variables extends AbstractMap<String, @Nullable Object> {

    static final String STATE = "state";

    /** The data of the edge by which the previous step left. */
    static final String PREVIOUS = "previous";

    private static final Set<String> TIME = Set.of("now", "_timestamp");

    private final Map<String, @Nullable Object> state;
    private final Map<String, @Nullable Object> bindings;
    private final @Nullable Object previous;
    private final @Nullable String now;
    private volatile @Nullable Map<String, @Nullable Object> merged;

    private Variables(
            Map<String, @Nullable Object> state,
            Map<String, @Nullable Object> bindings,
            @Nullable Object previous,
            @Nullable String now) {
        this.state = state;
        this.bindings = bindings;
        this.previous = previous;
        this.now = now;
    }

    /**
     * Returns the variables at a position of an execution.
     *
     * @param state the state, immutable
     * @param bindings the names that the loops around the position define, immutable; they shadow the state
     * @return the variables
     */
    public static Variables of(Map<String, @Nullable Object> state, Map<String, @Nullable Object> bindings) {
        return new Variables(state, bindings, null, null);
    }

    /**
     * Returns the same variables with what belongs to a call of a node.
     *
     * @param now the ISO time for {@code now} and {@code _timestamp}
     * @param previous the data of the edge by which the previous step left; null when it gave none
     * @return the variables
     */
    public Variables at(String now, @Nullable Object previous) {
        return new Variables(state, bindings, previous, now);
    }

    /**
     * Returns the value at a path of the state, where the names of loops shadow the state.
     *
     * @param path the path
     * @return the value there, or a missing value
     */
    public Value find(JsonPath path) {
        if (bindings.isEmpty()) {
            return path.find(state);
        }
        if (path.segments().isEmpty()) {
            return path.find(all());
        }
        return path.find(bindings.containsKey(path.segments().get(0).toString()) ? bindings : state);
    }

    @Override
    public @Nullable Object get(@Nullable Object name) {
        if (STATE.equals(name)) {
            return all();
        }
        if (isTime(name)) {
            return now;
        }
        if (isPrevious(name)) {
            return previous;
        }
        return bindings.containsKey(name) ? bindings.get(name) : state.get(name);
    }

    @Override
    public boolean containsKey(@Nullable Object name) {
        return STATE.equals(name)
                || isTime(name)
                || isPrevious(name)
                || bindings.containsKey(name)
                || state.containsKey(name);
    }

    @Override
    public Set<Map.Entry<String, @Nullable Object>> entrySet() {
        Map<String, @Nullable Object> entries = new LinkedHashMap<>(all());
        entries.put(STATE, all());
        if (now != null) {
            TIME.forEach(name -> entries.put(name, now));
            entries.put(PREVIOUS, previous);
        }
        return Json.object(entries).entrySet();
    }

    private boolean isTime(@Nullable Object name) {
        return now != null && name != null && TIME.contains(name);
    }

    private boolean isPrevious(@Nullable Object name) {
        return now != null && PREVIOUS.equals(name);
    }

    private Map<String, @Nullable Object> all() {
        if (bindings.isEmpty()) {
            return state;
        }
        Map<String, @Nullable Object> all = merged;
        if (all == null) {
            Map<String, @Nullable Object> entries = new LinkedHashMap<>(state);
            entries.putAll(bindings);
            all = Json.object(entries);
            merged = all;
        }
        return all;
    }
}
