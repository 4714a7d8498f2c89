package io.flowscript.benchmarks.engine;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** Executions that are under way, a bounded number of them at a time. For one thread. */
final class InFlight {

    private static final int MOST = 64;

    private final Deque<CompletableFuture<?>> results = new ArrayDeque<>();

    /** Adds one, and waits for the oldest when they are too many. */
    void add(CompletableFuture<?> result) throws Exception {
        results.addLast(result);
        if (results.size() > MOST) {
            awaitOldest();
        }
    }

    /** Waits for all. */
    void awaitAll() throws Exception {
        while (!results.isEmpty()) {
            awaitOldest();
        }
    }

    private void awaitOldest() throws Exception {
        Object unused = results.removeFirst().get(1, TimeUnit.MINUTES);
    }
}
