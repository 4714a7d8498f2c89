package io.flowscript.events.inbox;

import io.flowscript.core.FlowScriptException;
import io.flowscript.core.concurrent.SerialTask;
import io.flowscript.core.runtime.PauseToken;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Everybody who follows the inbox. An execution only leaves here what has changed, at the same cost for one follower as for thousands; who sees it is
 * found out on the engine's executor. Safe for use by any thread.
 */
final class Followers {

    private static final int CHANGES_PER_RUN = 256;

    private final InboxLimits limits;
    private final SerialTask task;
    private final Set<Follower> followers = ConcurrentHashMap.newKeySet();
    private final AtomicInteger size = new AtomicInteger();

    /** Guarded by itself, and so is the flag. */
    private final Map<PauseToken, Change> untold = new LinkedHashMap<>();

    private boolean missed;

    private record Change(
            PauseToken token,
            @Nullable Item before,
            @Nullable Item after) {}

    Followers(Executor executor, InboxLimits limits) {
        this.limits = limits;
        this.task = new SerialTask(executor, this::tell);
    }

    Follower add(Filter filter, Runnable wake) {
        if (size.incrementAndGet() > limits.maxSubscriptions()) {
            size.decrementAndGet();
            throw new FlowScriptException(
                    "too_many_subscriptions",
                    "As many follow the inbox as it takes: " + limits.maxSubscriptions() + "; try again later");
        }
        Follower follower = new Follower(filter, limits.maxChanges(), wake, this::remove);
        followers.add(follower);
        return follower;
    }

    /** Leaves a change. The caller sees to it that those of one interaction come in order, and signals when it holds no lock. */
    void changed(@Nullable Item before, @Nullable Item after) {
        if (followers.isEmpty()) {
            return;
        }
        PauseToken token = Objects.requireNonNull(after == null ? before : after)
                .interaction()
                .token();
        synchronized (untold) {
            Change there = untold.get(token);
            untold.put(token, new Change(token, there == null ? before : there.before(), after));
            if (untold.size() > limits.maxChanges()) {
                untold.clear();
                missed = true;
            }
        }
    }

    void signal() {
        if (!followers.isEmpty()) {
            task.signal();
        }
    }

    void close() {
        task.stop();
        followers.forEach(Follower::close);
    }

    private void remove(Follower follower) {
        if (followers.remove(follower)) {
            size.decrementAndGet();
        }
    }

    private void tell() {
        List<Change> some = new ArrayList<>();
        boolean more;
        boolean lost;
        synchronized (untold) {
            lost = missed;
            missed = false;
            Iterator<Change> all = untold.values().iterator();
            while (all.hasNext() && some.size() < CHANGES_PER_RUN) {
                some.add(all.next());
                all.remove();
            }
            more = !untold.isEmpty();
        }
        for (Follower follower : followers) {
            if (lost) {
                follower.missed();
            }
            some.forEach(change -> follower.changed(change.token(), change.before(), change.after()));
        }
        if (more) {
            task.signal();
        }
    }
}
