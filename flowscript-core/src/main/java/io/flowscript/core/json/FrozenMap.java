package io.flowscript.core.json;

import java.util.AbstractMap;
import java.util.AbstractSet;
import java.util.Collections;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.Set;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * An immutable JSON object that keeps the order of its keys. Its weight and depth are computed once.
 *
 * <p>Most objects have few entries. These are in one array, which takes a quarter of the memory of a hash table, and are
 * searched one by one. An object with more than {@value #FEW} entries has a hash table.
 */
final class FrozenMap extends AbstractMap<String, @Nullable Object> implements Frozen {

    /** The largest number of entries that are searched one by one. */
    private static final int FEW = 8;

    static final FrozenMap EMPTY = new Builder(0).build();

    /** Each key, followed by its value; null when there is a hash table. */
    private final @Nullable Object @Nullable [] few;

    /** The hash table; empty when the entries are few. */
    private final Map<String, @Nullable Object> many;

    private final long weight;
    private final int depth;

    private FrozenMap(@Nullable Object @Nullable [] few, Map<String, @Nullable Object> many, long weight, int depth) {
        this.few = few;
        this.many = many;
        this.weight = weight;
        this.depth = depth;
    }

    /** Collects the entries of one object, all of whose values are frozen. */
    static final class Builder {

        private @Nullable Object @Nullable [] few;
        private int used;
        private Map<String, @Nullable Object> many = Map.of();

        /** Expects a number of entries; there may be more or fewer. */
        Builder(int expected) {
            few = new Object[2 * Math.min(FEW, expected)];
        }

        /** Sets the value of a key. A key that is there already keeps its place. */
        Builder put(String key, @Nullable Object value) {
            @Nullable Object[] array = few;
            if (array == null) {
                many.put(key, value);
                return this;
            }
            int at = indexOf(key, array, used);
            if (at < used) {
                array[at + 1] = value;
            } else if (used == 2 * FEW) {
                many = new LinkedHashMap<>();
                for (int i = 0; i < used; i += 2) {
                    many.put(key(array, i), array[i + 1]);
                }
                many.put(key, value);
                few = null;
            } else {
                if (used == array.length) {
                    array = resized(array, 2 * FEW);
                    few = array;
                }
                array[used] = key;
                array[used + 1] = value;
                used += 2;
            }
            return this;
        }

        /** Makes the object. The builder must not be used afterwards. */
        FrozenMap build() {
            @Nullable Object[] array = few;
            if (array != null && array.length > used) {
                array = resized(array, used);
            }
            Totals totals = new Totals();
            each(array, many, totals);
            return new FrozenMap(array, many, totals.weight, totals.deepest + 1);
        }
    }

    /** Adds up the weight of an object, and finds the deepest of its values. */
    private static final class Totals implements BiConsumer<String, @Nullable Object> {

        private long weight = Json.CONTAINER_WEIGHT;
        private int deepest;

        @Override
        public void accept(String key, @Nullable Object value) {
            weight += entryWeight(key) + Json.weight(value);
            deepest = Math.max(deepest, Json.depth(value));
        }
    }

    FrozenMap with(String key, @Nullable Object value) {
        if (few != null) {
            Builder copy = new Builder(size() + 1);
            forEach(copy::put);
            return copy.put(key, value).build();
        }
        Map<String, @Nullable Object> copy = new LinkedHashMap<>(many);
        Object before = copy.put(key, value);
        long added = Json.weight(value) - (copy.size() == many.size() ? Json.weight(before) : -entryWeight(key));
        return new FrozenMap(null, copy, weight + added, depthAfter(before, value, () -> depthOf(copy)));
    }

    FrozenMap without(String key) {
        if (few != null) {
            Builder copy = new Builder(size());
            forEach((name, value) -> {
                if (!name.equals(key)) {
                    copy.put(name, value);
                }
            });
            return copy.build();
        }
        Map<String, @Nullable Object> copy = new LinkedHashMap<>(many);
        Object before = copy.remove(key);
        long removed = copy.size() == many.size() ? 0 : entryWeight(key) + Json.weight(before);
        return new FrozenMap(null, copy, weight - removed, depthAfter(before, null, () -> depthOf(copy)));
    }

    private static int depthOf(Map<String, @Nullable Object> entries) {
        Totals totals = new Totals();
        entries.forEach(totals);
        return totals.deepest + 1;
    }

    private static long entryWeight(String key) {
        return Json.ENTRY_WEIGHT + Json.weight(key);
    }

    /** {@return the index of a key; the given end when it is not there} */
    private static int indexOf(@Nullable Object key, @Nullable Object[] array, int end) {
        for (int i = 0; i < end; i += 2) {
            if (key(array, i).equals(key)) {
                return i;
            }
        }
        return end;
    }

    private static String key(@Nullable Object[] array, int index) {
        return (String) Objects.requireNonNull(array[index]);
    }

    private static @Nullable Object[] resized(@Nullable Object[] array, int length) {
        @Nullable Object[] copy = new Object[length];
        System.arraycopy(array, 0, copy, 0, Math.min(array.length, length));
        return copy;
    }

    private static void each(
            @Nullable Object @Nullable [] few,
            Map<String, @Nullable Object> many,
            BiConsumer<? super String, ? super @Nullable Object> action) {
        if (few == null) {
            many.forEach(action);
            return;
        }
        for (int i = 0; i < few.length; i += 2) {
            action.accept(key(few, i), few[i + 1]);
        }
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
        @Nullable Object[] array = few;
        if (array == null) {
            return many.get(key);
        }
        int at = indexOf(key, array, array.length);
        return at < array.length ? array[at + 1] : null;
    }

    @Override
    public boolean containsKey(@Nullable Object key) {
        return few == null ? many.containsKey(key) : indexOf(key, few, few.length) < few.length;
    }

    @Override
    public int size() {
        return few == null ? many.size() : few.length / 2;
    }

    @Override
    public void forEach(BiConsumer<? super String, ? super @Nullable Object> action) {
        each(few, many, action);
    }

    @Override
    public Set<Map.Entry<String, @Nullable Object>> entrySet() {
        return few == null
                ? Collections.<String, @Nullable Object>unmodifiableMap(many).entrySet()
                : new FewEntries(few);
    }

    /** The view of a few entries. */
    private static final class FewEntries extends AbstractSet<Map.Entry<String, @Nullable Object>> {

        private final @Nullable Object[] few;

        FewEntries(@Nullable Object[] few) {
            this.few = few;
        }

        @Override
        public int size() {
            return few.length / 2;
        }

        @Override
        public Iterator<Map.Entry<String, @Nullable Object>> iterator() {
            return new Iterator<>() {

                private int next;

                @Override
                public boolean hasNext() {
                    return next < few.length;
                }

                @Override
                public Map.Entry<String, @Nullable Object> next() {
                    if (!hasNext()) {
                        throw new NoSuchElementException();
                    }
                    Map.Entry<String, @Nullable Object> entry =
                            new SimpleImmutableEntry<>(key(few, next), few[next + 1]);
                    next += 2;
                    return entry;
                }
            };
        }
    }
}
