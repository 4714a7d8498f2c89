package io.flowscript.events.inbox;

import io.flowscript.core.FlowScriptException;
import io.flowscript.core.interaction.Interaction;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** The watches for unseen interactions. Safe for use by any thread. */
final class UnseenWatches {

    private final int max;
    private final Set<UnseenWatch> watches = ConcurrentHashMap.newKeySet();
    private final AtomicInteger size = new AtomicInteger();

    UnseenWatches(InboxLimits limits) {
        this.max = limits.maxSubscriptions();
    }

    void add(UnseenWatch watch) {
        if (size.incrementAndGet() > max) {
            size.decrementAndGet();
            throw new FlowScriptException(
                    "too_many_subscriptions",
                    "The inbox already has " + max + " watches for unseen interactions, its maximum; close one first");
        }
        watches.add(watch);
    }

    void remove(UnseenWatch watch) {
        if (watches.remove(watch)) {
            size.decrementAndGet();
        }
    }

    /**
     * Passes a change on to every watch. The caller makes sure that the changes of one interaction arrive in order, and
     * calls {@link #signal} after it has released its locks.
     */
    void changed(@Nullable Interaction was, @Nullable Interaction is, boolean isStored) {
        watches.forEach(watch -> watch.changed(was, is, isStored));
    }

    void signal() {
        watches.forEach(UnseenWatch::signal);
    }

    void close() {
        watches.forEach(UnseenWatch::close);
    }
}
