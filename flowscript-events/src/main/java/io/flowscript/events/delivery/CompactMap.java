package io.flowscript.events.delivery;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A map that takes little memory while it has few entries, as with most clients. Few entries are in one array, and are searched one by
 * one; more are in a hash map. For one thread.
 */
final class CompactMap<K, V> {

    /** The largest number of entries in the array. */
    private static final int FEW = 4;

    private static final Object[] NONE = {};

    /** Keys and values in turn; empty when there is a hash map. */
    private Object[] few = NONE;

    private @Nullable Map<K, V> many;

    int size() {
        return many == null ? few.length / 2 : many.size();
    }

    /** {@return the value of a key; null when there is none} */
    @Nullable
    V get(K key) {
        if (many != null) {
            return many.get(key);
        }
        int at = indexOf(key);
        return at < 0 ? null : value(at);
    }

    boolean containsKey(K key) {
        return get(key) != null;
    }

    /** Sets the value of a key. {@return the value before; null when there was none} */
    @Nullable
    V put(K key, V value) {
        if (many != null) {
            return many.put(key, value);
        }
        int at = indexOf(key);
        if (at >= 0) {
            V before = value(at);
            few[at] = key;
            few[at + 1] = value;
            return before;
        }
        if (few.length == 2 * FEW) {
            Map<K, V> more = new HashMap<>();
            for (int i = 0; i < few.length; i += 2) {
                more.put(key(i), value(i));
            }
            more.put(key, value);
            few = NONE;
            many = more;
            return null;
        }
        few = Arrays.copyOf(few, few.length + 2);
        few[few.length - 2] = key;
        few[few.length - 1] = value;
        return null;
    }

    /** Removes a key. {@return its value; null when it had none} */
    @Nullable
    V remove(K key) {
        if (many != null) {
            V removed = many.remove(key);
            if (many.isEmpty()) {
                many = null;
            }
            return removed;
        }
        int at = indexOf(key);
        if (at < 0) {
            return null;
        }
        V removed = value(at);
        Object[] rest = few.length == 2 ? NONE : Arrays.copyOf(few, few.length - 2);
        System.arraycopy(few, at + 2, rest, at, rest.length - at);
        few = rest;
        return removed;
    }

    /** {@return a copy of the keys} */
    List<K> keys() {
        if (many != null) {
            return List.copyOf(many.keySet());
        }
        List<K> keys = new ArrayList<>(size());
        for (int i = 0; i < few.length; i += 2) {
            keys.add(key(i));
        }
        return keys;
    }

    /** {@return a copy of the values} */
    Collection<V> values() {
        if (many != null) {
            return List.copyOf(many.values());
        }
        List<V> values = new ArrayList<>(size());
        for (int i = 0; i < few.length; i += 2) {
            values.add(value(i));
        }
        return values;
    }

    void clear() {
        few = NONE;
        many = null;
    }

    private int indexOf(K key) {
        for (int i = 0; i < few.length; i += 2) {
            if (few[i].equals(key)) {
                return i;
            }
        }
        return -1;
    }

    @SuppressWarnings("unchecked") // put has stored a key there
    private K key(int at) {
        return (K) few[at];
    }

    @SuppressWarnings("unchecked") // put has stored a value there
    private V value(int at) {
        return (V) few[at + 1];
    }
}
