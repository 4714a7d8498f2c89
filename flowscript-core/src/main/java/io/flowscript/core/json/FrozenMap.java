package io.flowscript.core.json;

import java.util.AbstractMap;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** An immutable JSON object that keeps the order of its keys. Its weight and depth are computed once. */
final class FrozenMap extends AbstractMap<String, @Nullable Object> implements Frozen {

    static final FrozenMap EMPTY = new FrozenMap(new LinkedHashMap<>());

    private final Map<String, @Nullable Object> entries;
    private final Set<Map.Entry<String, @Nullable Object>> view;
    private final long weight;
    private final int depth;

    /** Keeps the given map without a copy. All values must be frozen, and the caller must not change the map afterwards. */
    FrozenMap(Map<String, @Nullable Object> entries) {
        this.entries = entries;
        this.view =
                Collections.<String, @Nullable Object>unmodifiableMap(entries).entrySet();
        long sum = Json.CONTAINER_WEIGHT;
        int deepest = 0;
        for (Map.Entry<String, @Nullable Object> entry : entries.entrySet()) {
            sum += Json.ENTRY_WEIGHT + Json.weight(entry.getKey()) + Json.weight(entry.getValue());
            deepest = Math.max(deepest, Json.depth(entry.getValue()));
        }
        this.weight = sum;
        this.depth = deepest + 1;
    }

    FrozenMap with(String key, @Nullable Object value) {
        LinkedHashMap<String, @Nullable Object> copy = new LinkedHashMap<>(entries);
        copy.put(key, value);
        return new FrozenMap(copy);
    }

    FrozenMap without(String key) {
        LinkedHashMap<String, @Nullable Object> copy = new LinkedHashMap<>(entries);
        copy.remove(key);
        return new FrozenMap(copy);
    }

    @Override
    public long weight() {
        return weight;
    }

    @Override
    public int depth() {
        return depth;
    }

    @Override
    public @Nullable Object get(@Nullable Object key) {
        return entries.get(key);
    }

    @Override
    public boolean containsKey(@Nullable Object key) {
        return entries.containsKey(key);
    }

    @Override
    public int size() {
        return entries.size();
    }

    @Override
    public Set<Map.Entry<String, @Nullable Object>> entrySet() {
        return view;
    }
}
