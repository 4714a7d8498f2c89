package io.flowscript.core.concurrent;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A cache of the values that were used last. Their number is bounded, and so is the sum of their weights. Safe for use
 * by any thread.
 *
 * @param <K> the type of the keys
 * @param <V> the type of the values
 */
public final class RecentlyUsed<K, V> {

    private final int maxEntries;
    private final long maxWeight;

    /** Ordered by use, the most recently used entry last. Guarded by itself. */
    private final Map<K, Entry<V>> entries = new LinkedHashMap<>(16, 0.75f, true);

    private long weight;

    private record Entry<V>(V value, long weight) {}

    /**
     * Creates an empty cache.
     *
     * @param maxEntries the greatest number of entries
     * @param maxWeight the greatest sum of their weights
     */
    public RecentlyUsed(int maxEntries, long maxWeight) {
        this.maxEntries = maxEntries;
        this.maxWeight = maxWeight;
    }

    /**
     * Returns a value and notes that it was used.
     *
     * @param key the key
     * @return the value, or null when it is not in the cache
     */
    public @Nullable V get(K key) {
        synchronized (entries) {
            Entry<V> entry = entries.get(key);
            return entry == null ? null : entry.value;
        }
    }

    /**
     * Adds a value, and forgets values that were not used for longest until the bounds are kept. A value that weighs more
     * than the whole cache may is not added.
     *
     * @param key the key
     * @param value the value
     * @param itsWeight what it weighs, zero or more
     */
    public void put(K key, V value, long itsWeight) {
        if (itsWeight > maxWeight) {
            return;
        }
        synchronized (entries) {
            Entry<V> before = entries.put(key, new Entry<>(value, itsWeight));
            weight += itsWeight - (before == null ? 0 : before.weight);
            Iterator<Entry<V>> oldest = entries.values().iterator();
            while (entries.size() > maxEntries || weight > maxWeight) {
                weight -= oldest.next().weight;
                oldest.remove();
            }
        }
    }
}
