package io.flowscript.events.inbox;

import io.flowscript.core.FlowScriptException;
import io.flowscript.core.concurrent.SerialTask;
import io.flowscript.core.interaction.Interaction;
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
 * All followers of the inbox.
 *
 * <p>An update of the inbox only notes what has changed ({@link #changed}); this costs the same for one follower as for
 * thousands. A serial task on the engine's executor then passes the changes on to each follower, which applies its own
 * filter.
 *
 * <p>For each interaction the state before the first and after the last noted change is kept. When more than
 * {@link InboxLimits#maxChanges()} interactions are noted, all are dropped and every follower gets
 * {@link InboxChange.Missed}. Safe for use by any thread.
 */
final class Followers {

    private static final int CHANGES_PER_RUN = 256;

    private final InboxLimits limits;
    private final SerialTask task;
    private final Set<Follower> followers = ConcurrentHashMap.newKeySet();
    private final AtomicInteger size = new AtomicInteger();

    /** The noted changes. Guarded by itself. */
    private final Map<PauseToken, Change> pending = new LinkedHashMap<>();

    /** Whether noted changes were dropped. Guarded by {@code pending}. */
    private boolean missed;

    /**
     * A change.
     *
     * @param before what was before. When that is not known, since another engine has changed the interaction, and the interaction is
     *     not remembered any more: what it was last
     * @param after what is now; null for an interaction that is not remembered any more
     * @param isListed whether a list may have shown the states before the change was noted: lists of stored interactions come from the
     *     store
     * @param between a state between the two that a list may have shown; null when there is none
     */
    private record Change(
            PauseToken token,
            @Nullable Interaction before,
            boolean isBeforeKnown,
            @Nullable Interaction after,
            boolean isListed,
            @Nullable Interaction between) {

        /** This change and the next one of the same interaction as one. */
        Change then(Change next) {
            Interaction last = next.after == null ? next.before : null;
            return new Change(
                    token,
                    isBeforeKnown ? before : last,
                    isBeforeKnown,
                    next.after,
                    next.isListed,
                    next.isListed && after != null ? after : between);
        }

        void tell(Follower follower) {
            if (isBeforeKnown) {
                follower.changed(token, before, after, isListed, between);
            } else if (after != null) {
                follower.changedElsewhere(after);
            } else {
                follower.goneElsewhere(Objects.requireNonNull(before));
            }
        }
    }

    Followers(Executor executor, InboxLimits limits) {
        this.limits = limits;
        this.task = new SerialTask(executor, this::distribute);
    }

    Follower add(Filter filter, Runnable wake) {
        if (size.incrementAndGet() > limits.maxSubscriptions()) {
            size.decrementAndGet();
            throw new FlowScriptException(
                    "too_many_subscriptions",
                    "The inbox already has " + limits.maxSubscriptions() + " followers, its maximum; close one first");
        }
        Follower follower = new Follower(filter, limits.maxChanges(), wake, this::remove);
        followers.add(follower);
        return follower;
    }

    /**
     * Notes a change. The caller makes sure that the changes of one interaction arrive in order, and calls
     * {@link #signal} after it has released its locks.
     *
     * @param isStored whether the interaction is in a store, so that a list may have shown it already
     */
    void changed(@Nullable Interaction before, @Nullable Interaction after, boolean isStored) {
        PauseToken token =
                Objects.requireNonNull(after == null ? before : after).token();
        note(new Change(token, before, true, after, isStored, null));
    }

    /** Notes an interaction that another engine has or may have changed. What it was before is not known. */
    void changedElsewhere(Interaction after) {
        note(new Change(after.token(), null, false, after, true, null));
    }

    private void note(Change change) {
        if (followers.isEmpty()) {
            return;
        }
        synchronized (pending) {
            Change there = pending.get(change.token());
            pending.put(change.token(), there == null ? change : there.then(change));
            if (pending.size() > limits.maxChanges()) {
                pending.clear();
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

    private void distribute() {
        List<Change> some = new ArrayList<>();
        boolean more;
        boolean lost;
        synchronized (pending) {
            lost = missed;
            missed = false;
            Iterator<Change> all = pending.values().iterator();
            while (all.hasNext() && some.size() < CHANGES_PER_RUN) {
                some.add(all.next());
                all.remove();
            }
            more = !pending.isEmpty();
        }
        for (Follower follower : followers) {
            if (lost) {
                follower.missed();
            }
            for (Change change : some) {
                change.tell(follower);
            }
        }
        if (more) {
            task.signal();
        }
    }
}
