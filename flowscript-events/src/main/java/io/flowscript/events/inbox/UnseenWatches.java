package io.flowscript.events.inbox;

import io.flowscript.core.FlowScriptException;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** Everybody who wants to know what nobody has seen. Safe for use by any thread. */
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
                    "As many watch the inbox as it takes: " + max + "; end one of them first");
        }
        watches.add(watch);
    }

    void remove(UnseenWatch watch) {
        if (watches.remove(watch)) {
            size.decrementAndGet();
        }
    }

    /** Something has changed. The caller sees to it that those of one interaction come in order, and signals when it holds no lock. */
    void changed(@Nullable Item was, @Nullable Item is) {
        watches.forEach(watch -> watch.changed(was, is));
    }

    void signal() {
        watches.forEach(UnseenWatch::signal);
    }

    void close() {
        watches.forEach(UnseenWatch::close);
    }
}
