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
        this(entries, weightOf(entries), depthOf(entries));
    }

    private FrozenMap(Map<String, @Nullable Object> entries, long weight, int depth) {
        this.entries = entries;
        this.view =
                Collections.<String, @Nullable Object>unmodifiableMap(entries).entrySet();
        this.weight = weight;
        this.depth = depth;
    }

    FrozenMap with(String key, @Nullable Object value) {
        LinkedHashMap<String, @Nullable Object> copy = new LinkedHashMap<>(entries);
        int size = copy.size();
        Object before = copy.put(key, value);
        long added = Json.weight(value) - (copy.size() == size ? Json.weight(before) : -entryWeight(key));
        return new FrozenMap(copy, weight + added, depthAfter(before, value, () -> depthOf(copy)));
    }

    FrozenMap without(String key) {
        LinkedHashMap<String, @Nullable Object> copy = new LinkedHashMap<>(entries);
        int size = copy.size();
        Object before = copy.remove(key);
        long removed = copy.size() == size ? 0 : entryWeight(key) + Json.weight(before);
        return new FrozenMap(copy, weight - removed, depthAfter(before, null, () -> depthOf(copy)));
    }

    private static long entryWeight(String key) {
        return Json.ENTRY_WEIGHT + Json.weight(key);
    }

    private static long weightOf(Map<String, @Nullable Object> entries) {
        long sum = Json.CONTAINER_WEIGHT;
        for (Map.Entry<String, @Nullable Object> entry : entries.entrySet()) {
            sum += entryWeight(entry.getKey()) + Json.weight(entry.getValue());
        }
        return sum;
    }

    private static int depthOf(Map<String, @Nullable Object> entries) {
        int deepest = 0;
        for (Object value : entries.values()) {
            deepest = Math.max(deepest, Json.depth(value));
        }
        return deepest + 1;
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
