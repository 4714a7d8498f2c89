package io.flowscript.core.program;

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
 * {@code state} for all of these, and {@code now} and {@code _timestamp} for the time. It is a view, so creating one is
 * cheap. Immutable; safe for use by any thread.
 */
public final class Variables extends AbstractMap<String, @Nullable Object> {

    static final String STATE = "state";
    private static final Set<String> TIME = Set.of("now", "_timestamp");

    private final Map<String, @Nullable Object> state;
    private final Map<String, @Nullable Object> bindings;
    private final @Nullable String now;
    private volatile @Nullable Map<String, @Nullable Object> merged;

    private Variables(
            Map<String, @Nullable Object> state, Map<String, @Nullable Object> bindings, @Nullable String now) {
        this.state = state;
        this.bindings = bindings;
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
        return new Variables(state, bindings, null);
    }

    /**
     * Returns the same variables with the time.
     *
     * @param now the ISO time for {@code now} and {@code _timestamp}
     * @return the variables
     */
    public Variables at(String now) {
        return new Variables(state, bindings, now);
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
        return bindings.containsKey(name) ? bindings.get(name) : state.get(name);
    }

    @Override
    public boolean containsKey(@Nullable Object name) {
        return STATE.equals(name) || isTime(name) || bindings.containsKey(name) || state.containsKey(name);
    }

    @Override
    public Set<Map.Entry<String, @Nullable Object>> entrySet() {
        Map<String, @Nullable Object> entries = new LinkedHashMap<>(all());
        entries.put(STATE, all());
        if (now != null) {
            TIME.forEach(name -> entries.put(name, now));
        }
        return Json.object(entries).entrySet();
    }

    private boolean isTime(@Nullable Object name) {
        return now != null && name != null && TIME.contains(name);
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
