package io.flowscript.core.json;

import java.util.AbstractList;
import java.util.RandomAccess;
import org.jspecify.annotations.Nullable;

/** An immutable JSON array. Its weight and depth are computed once. */
final class FrozenList extends AbstractList<@Nullable Object> implements Frozen, RandomAccess {

    static final FrozenList EMPTY = new FrozenList(new Object[0]);

    private final @Nullable Object[] items;
    private final long weight;
    private final int depth;

    /** Keeps the given array without a copy. All items must be frozen, and the caller must not change the array afterwards. */
    FrozenList(@Nullable Object[] items) {
        this.items = items;
        long sum = Json.CONTAINER_WEIGHT;
        int deepest = 0;
        for (Object item : items) {
            sum += Json.REFERENCE_WEIGHT + Json.weight(item);
            deepest = Math.max(deepest, Json.depth(item));
        }
        this.weight = sum;
        this.depth = deepest + 1;
    }

    /** A copy with the item at {@code index} replaced, or appended when the index equals the size. */
    FrozenList with(int index, @Nullable Object value) {
        @Nullable Object[] copy = java.util.Arrays.copyOf(items, Math.max(items.length, index + 1));
        copy[index] = value;
        return new FrozenList(copy);
    }

    FrozenList without(int index) {
        @Nullable Object[] copy = new Object[items.length - 1];
        System.arraycopy(items, 0, copy, 0, index);
        System.arraycopy(items, index + 1, copy, index, copy.length - index);
        return new FrozenList(copy);
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
        return items[index];
    }

    @Override
    public int size() {
        return items.length;
    }
}
