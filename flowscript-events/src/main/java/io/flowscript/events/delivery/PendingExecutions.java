package io.flowscript.events.delivery;

import io.flowscript.core.engine.Execution;
import io.flowscript.core.engine.ExecutionManager;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;

/** Feeds that wait for their execution to come to be. Safe for use by any thread. */
final class PendingExecutions {

    private final Executor executor;
    private final int max;
    private final AtomicInteger size = new AtomicInteger();
    private final Map<String, Set<Feed>> waiting = new ConcurrentHashMap<>();
    private final io.flowscript.core.engine.Subscription created;

    PendingExecutions(ExecutionManager executions, Executor executor, int max) {
        this.executor = executor;
        this.max = max;
        this.created = executions.onCreated(this::created);
    }

    /**
     * Lets a feed wait. The caller has to look once more afterwards whether the execution is there.
     *
     * @return false when as many wait as may
     */
    boolean add(Feed feed) {
        if (size.incrementAndGet() > max) {
            size.decrementAndGet();
            return false;
        }
        waiting.compute(feed.executionId(), (id, others) -> {
            Set<Feed> all = others == null ? ConcurrentHashMap.newKeySet() : others;
            all.add(feed);
            return all;
        });
        return true;
    }

    /** Lets a feed wait no longer. Harmless when it does not. */
    void remove(Feed feed) {
        waiting.computeIfPresent(feed.executionId(), (id, all) -> {
            if (all.remove(feed)) {
                size.decrementAndGet();
            }
            return all.isEmpty() ? null : all;
        });
    }

    int size() {
        return size.get();
    }

    void close() {
        created.close();
    }

    /** On the thread that starts the execution, which is not to be kept: waking is left to another one. */
    private void created(Execution execution) {
        if (waiting.containsKey(execution.id())) {
            Runnable wake = () -> wake(execution);
            try {
                executor.execute(wake);
            } catch (RejectedExecutionException closed) {
                wake.run();
            }
        }
    }

    /** They stay registered until each has been let in: who may not see this one might be let into another one with the same id. */
    private void wake(Execution execution) {
        waiting.getOrDefault(execution.id(), Set.of()).forEach(feed -> feed.appeared(execution));
    }
}
