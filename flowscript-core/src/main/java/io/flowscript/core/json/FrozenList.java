package io.flowscript.core.json;

import java.util.AbstractList;
import java.util.Objects;
import java.util.RandomAccess;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * An immutable JSON array. Its weight and depth are computed once.
 *
 * <p>A list that grows item by item shares its array with the shorter lists that it came from, so that an append takes constant time on
 * average. Each list reads only the items before its own end, and only one list may use the free place after it.
 */
final class FrozenList extends AbstractList<@Nullable Object> implements Frozen, RandomAccess {

    static final FrozenList EMPTY = new FrozenList(new Object[0]);

    private static final int FIRST_GROWTH = 4;

    private final @Nullable Object[] items;
    private final int size;

    /** How many places of the array are taken by this list or by one that grew out of it; null for an array that is full. */
    private final @Nullable AtomicInteger taken;

    private final long weight;
    private final int depth;

    /** Keeps the given array without a copy. All items must be frozen, and the caller must not change the array afterwards. */
    FrozenList(@Nullable Object[] items) {
        this(items, null, items.length, weightOf(items, items.length), depthOf(items, items.length));
    }

    private FrozenList(@Nullable Object[] items, @Nullable AtomicInteger taken, int size, long weight, int depth) {
        this.items = items;
        this.taken = taken;
        this.size = size;
        this.weight = weight;
        this.depth = depth;
    }

    /** A list with the item at {@code index} replaced, or appended when the index equals the size. */
    FrozenList with(int index, @Nullable Object value) {
        return index == size ? append(value) : replace(index, value);
    }

    FrozenList without(int index) {
        @Nullable Object[] copy = new Object[size - 1];
        System.arraycopy(items, 0, copy, 0, index);
        System.arraycopy(items, index + 1, copy, index, copy.length - index);
        return new FrozenList(copy);
    }

    private FrozenList append(@Nullable Object value) {
        @Nullable Object[] array = items;
        AtomicInteger places = taken;
        if (places == null || size == array.length || !places.compareAndSet(size, size + 1)) {
            array = new Object[size + Math.max(FIRST_GROWTH, size / 2)];
            System.arraycopy(items, 0, array, 0, size);
            places = new AtomicInteger(size + 1);
        }
        array[size] = value;
        return new FrozenList(
                array,
                places,
                size + 1,
                weight + Json.REFERENCE_WEIGHT + Json.weight(value),
                Math.max(depth, Json.depth(value) + 1));
    }

    private FrozenList replace(int index, @Nullable Object value) {
        @Nullable Object[] copy = new Object[size];
        System.arraycopy(items, 0, copy, 0, size);
        Object before = copy[index];
        copy[index] = value;
        return new FrozenList(
                copy,
                null,
                size,
                weight - Json.weight(before) + Json.weight(value),
                depthAfter(before, value, () -> depthOf(copy, size)));
    }

    private static long weightOf(@Nullable Object[] items, int size) {
        long sum = Json.CONTAINER_WEIGHT + size * Json.REFERENCE_WEIGHT;
        for (int i = 0; i < size; i++) {
            sum += Json.weight(items[i]);
        }
        return sum;
    }

    private static int depthOf(@Nullable Object[] items, int size) {
        int deepest = 0;
        for (int i = 0; i < size; i++) {
            deepest = Math.max(deepest, Json.depth(items[i]));
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
    public @Nullable Object get(int index) {
        return items[Objects.checkIndex(index, size)];
    }

    @Override
    public int size() {
        return size;
    }
}
