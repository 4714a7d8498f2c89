package io.flowscript.core.json;

/** A container that is known to be deeply immutable, so that it is never copied again. */
sealed interface Frozen permits FrozenMap, FrozenList {

    /** An estimate of the memory held, in bytes. */
    long weight();

    /** 1 for a container of scalars. */
    int depth();
}
