package io.flowscript.core.json;

/** A deeply immutable object or array. {@link Json#freeze} does not copy it again. */
sealed interface Frozen permits FrozenMap, FrozenList {

    /** {@return an estimate of the memory, in bytes} */
    long weight();

    /** {@return the number of objects and arrays inside each other, this one included; 1 when it has none inside} */
    int depth();
}
