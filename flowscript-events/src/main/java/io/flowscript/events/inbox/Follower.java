package io.flowscript.events.inbox;

import io.flowscript.core.concurrent.Guard;
import io.flowscript.core.interaction.Interaction;
import io.flowscript.core.runtime.PauseToken;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The changes that one follower has not taken yet: for each interaction the latest state, and whether the follower
 * knows it.
 *
 * <p>The follower's knowledge of an interaction is kept only while a change of it waits. When the first change arrives,
 * the follower knows the interaction if its state before that change passed the filter.
 *
 * <p>{@link #changed} and {@link #missed} are called by one thread at a time; {@link #poll} and {@link #close} by any
 * thread.
 */
final class Follower implements InboxChanges {

    private static final Logger LOGGER = LoggerFactory.getLogger(Follower.class);

    private final Filter filter;
    private final int maxChanges;
    private final Runnable wake;
    private final Consumer<Follower> onClose;

    /** The waiting changes. Guarded by itself, as are the two flags below. */
    private final Map<PauseToken, Pending> pending = new LinkedHashMap<>();

    private boolean missed;
    private boolean closed;

    /**
     * A change.
     *
     * @param known whether the follower knows the interaction, as far as that can be told
     * @param mayBeKnown whether it knows it or that is not certain
     * @param now its present state: null when it does not pass the filter
     */
    private record Pending(
            boolean known, boolean mayBeKnown, @Nullable Interaction now) {}

    Follower(Filter filter, int maxChanges, Runnable wake, Consumer<Follower> onClose) {
        this.filter = filter;
        this.maxChanges = maxChanges;
        this.wake = wake;
        this.onClose = onClose;
    }

    /**
     * Notes a change, or several as one. Called by one thread at a time; the changes of one interaction arrive in order.
     *
     * @param isListed whether a list may have shown the states before the change was noted
     * @param between a state between the two that a list may have shown; null when there is none
     */
    void changed(
            PauseToken token,
            @Nullable Interaction before,
            @Nullable Interaction after,
            boolean isListed,
            @Nullable Interaction between) {
        boolean known = fits(before);
        boolean mayBeKnown = known || (between != null && isVisible(between));
        note(token, known, mayBeKnown, !isListed, after != null && fits(after) ? after : null);
    }

    /** Notes an interaction of which it is not known what it was before. If it does not fit, the follower may know it. */
    void changedElsewhere(Interaction now) {
        boolean fits = fits(now);
        boolean visible = fits || isVisible(now);
        note(now.token(), !fits && visible, visible, false, fits ? now : null);
    }

    /** Notes an interaction that is not remembered any more, and of which it is not known what it was before. */
    void goneElsewhere(Interaction last) {
        boolean visible = isVisible(last);
        note(last.token(), visible, visible, false, null);
    }

    /**
     * Notes a change. What the follower knew is that of the first one that waits.
     *
     * @param isExact whether it knows nothing that it was not told: false when a list may have shown it
     */
    private void note(PauseToken token, boolean known, boolean mayBeKnown, boolean isExact, @Nullable Interaction now) {
        boolean added;
        synchronized (pending) {
            Pending there = pending.get(token);
            Pending next = there == null
                    ? new Pending(known, mayBeKnown, now)
                    : new Pending(there.known(), there.mayBeKnown() || (mayBeKnown && !isExact), now);
            if (closed || (!next.mayBeKnown() && now == null)) {
                pending.remove(token);
                return;
            }
            added = there == null;
            pending.put(token, next);
            if (pending.size() > maxChanges) {
                pending.clear();
                missed = true;
            }
        }
        if (added) {
            wake();
        }
    }

    /** Notes that changes were dropped. Called by the same thread as {@link #changed}. */
    void missed() {
        synchronized (pending) {
            pending.clear();
            missed = true;
        }
        wake();
    }

    @Override
    public @Nullable InboxChange poll() {
        synchronized (pending) {
            if (closed) {
                return null;
            }
            if (missed) {
                missed = false;
                return new InboxChange.Missed();
            }
            Iterator<Map.Entry<PauseToken, Pending>> all = pending.entrySet().iterator();
            if (!all.hasNext()) {
                return null;
            }
            Map.Entry<PauseToken, Pending> first = all.next();
            all.remove();
            Interaction now = first.getValue().now();
            if (now == null) {
                return new InboxChange.Left(first.getKey());
            }
            return first.getValue().known() ? new InboxChange.Changed(now) : new InboxChange.Entered(now);
        }
    }

    @Override
    public void close() {
        synchronized (pending) {
            closed = true;
            pending.clear();
        }
        onClose.accept(this);
    }

    private boolean fits(@Nullable Interaction interaction) {
        return guarded(() -> interaction != null && filter.passes(interaction));
    }

    private boolean isVisible(Interaction interaction) {
        return guarded(() -> filter.isVisible(interaction));
    }

    private static boolean guarded(Supplier<Boolean> check) {
        return Guard.call(check, thrown -> {
            Guard.report(
                    thrown,
                    shown -> LOGGER.error(
                            "The visibility check of an inbox follower failed; the interaction is treated as not visible",
                            shown));
            return false;
        });
    }

    private void wake() {
        Guard.run(wake::run, thrown -> LOGGER.error("The wake-up callback of an inbox follower failed", thrown));
    }
}
