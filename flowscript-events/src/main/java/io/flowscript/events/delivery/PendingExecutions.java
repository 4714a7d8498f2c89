package io.flowscript.events.delivery;

import io.flowscript.core.concurrent.Shares;
import io.flowscript.engine.Execution;
import io.flowscript.engine.ExecutionManager;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The feeds that wait for an execution that does not exist yet. When the engine creates it, they are notified on the
 * executor. Safe for use by any thread.
 */
final class PendingExecutions {

    private final Executor executor;
    private final int max;
    private final Shares shares;
    private final AtomicInteger size = new AtomicInteger();
    private final Map<String, Set<Feed>> waiting = new ConcurrentHashMap<>();
    private final io.flowscript.engine.Subscription created;

    PendingExecutions(ExecutionManager executions, Executor executor, int max, int maxPerSender) {
        this.executor = executor;
        this.max = max;
        this.shares = new Shares(maxPerSender);
        this.created = executions.onCreated(this::onCreated);
    }

    /**
     * Adds a feed. The caller must check afterwards once more whether the execution exists.
     *
     * @return false when a limit is reached
     */
    boolean add(Feed feed) {
        if (!shares.take(feed.client().sender())) {
            return false;
        }
        if (size.incrementAndGet() > max) {
            size.decrementAndGet();
            shares.giveBack(feed.client().sender());
            return false;
        }
        waiting.compute(feed.executionId(), (id, others) -> {
            Set<Feed> all = others == null ? ConcurrentHashMap.newKeySet() : others;
            all.add(feed);
            return all;
        });
        return true;
    }

    /** Removes a feed. Harmless when it is not waiting. */
    void remove(Feed feed) {
        waiting.computeIfPresent(feed.executionId(), (id, all) -> {
            if (all.remove(feed)) {
                size.decrementAndGet();
                shares.giveBack(feed.client().sender());
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

    /** Runs on the thread that starts the execution; another thread notifies the feeds. */
    private void onCreated(Execution execution) {
        if (waiting.containsKey(execution.id())) {
            Runnable wake = () -> wake(execution);
            try {
                executor.execute(wake);
            } catch (RejectedExecutionException closed) {
                wake.run();
            }
        }
    }

    /**
     * Notifies the feeds. Each stays registered until the client may see the execution: a later one with the same id
     * may be visible to it.
     */
    private void wake(Execution execution) {
        waiting.getOrDefault(execution.id(), Set.of()).forEach(feed -> feed.executionCreated(execution));
    }
}
