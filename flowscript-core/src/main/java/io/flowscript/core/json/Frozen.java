package io.flowscript.core.json;

import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/** A deeply immutable object or array. {@link Json#freeze} does not copy it again. */
sealed interface Frozen permits FrozenMap, FrozenList {

    /** {@return an estimate of the memory, in bytes} */
    long weight();

    /** {@return the number of objects and arrays inside each other, this one included; 1 when it has none inside} */
    int depth();

    /**
     * {@return the depth after one value was replaced}
     *
     * @param before the value that is gone, or null
     * @param now the value that took its place, or null
     * @param recount counts the depth anew; called only when one of the deepest values is gone
     */
    default int depthAfter(@Nullable Object before, @Nullable Object now, IntSupplier recount) {
        int with = Json.depth(now) + 1;
        if (with >= depth()) {
            return with;
        }
        return Json.depth(before) + 1 == depth() ? recount.getAsInt() : depth();
    }
}
