package io.flowscript.store.jdbc;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** The hashes of definitions that are in the store for certain, so that they are not written again. Bounded. */
final class KnownDefinitions {

    private static final int LIMIT = 10_000;

    private final Set<String> hashes = ConcurrentHashMap.newKeySet();

    boolean has(String hash) {
        return hashes.contains(hash);
    }

    /** Remembers what a change has written. When there is no more room, later definitions are written again each time. */
    void written(Change change) {
        Change.Definition definition = change.definition();
        if (definition != null && definition.document() != null && hashes.size() < LIMIT) {
            hashes.add(definition.hash());
        }
    }
}
