package io.flowscript.events.inbox;

import io.flowscript.core.interaction.Interaction;
import io.flowscript.core.runtime.PauseToken;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The changes that one follower has not taken. What it was last told of an interaction is remembered only while there is something new of it: before
 * that, it is what the interaction was before it changed.
 */
final class Follower implements InboxChanges {

    private static final Logger LOGGER = LoggerFactory.getLogger(Follower.class);

    private final Filter filter;
    private final int maxChanges;
    private final Runnable wake;
    private final Consumer<Follower> onClose;

    /** Guarded by itself, and so are the two flags. */
    private final Map<PauseToken, Untaken> untaken = new LinkedHashMap<>();

    private boolean missed;
    private boolean closed;

    /** What the follower was told, and what is so now: null when it does not fit. */
    private record Untaken(boolean told, @Nullable Interaction now) {}

    Follower(Filter filter, int maxChanges, Runnable wake, Consumer<Follower> onClose) {
        this.filter = filter;
        this.maxChanges = maxChanges;
        this.wake = wake;
        this.onClose = onClose;
    }

    /** Something has changed. Called by one thread at a time, in order for each interaction. */
    void changed(PauseToken token, @Nullable Item before, @Nullable Item after) {
        boolean fitted = fits(before);
        Interaction now = after != null && fits(after) ? after.interaction() : null;
        boolean grown;
        synchronized (untaken) {
            Untaken there = untaken.get(token);
            boolean told = there == null ? fitted : there.told();
            if (closed || (!told && now == null)) {
                untaken.remove(token);
                return;
            }
            grown = there == null;
            untaken.put(token, new Untaken(told, now));
            if (untaken.size() > maxChanges) {
                untaken.clear();
                missed = true;
            }
        }
        if (grown) {
            wake();
        }
    }

    /** More has changed than was kept. Called by the same thread. */
    void missed() {
        synchronized (untaken) {
            untaken.clear();
            missed = true;
        }
        wake();
    }

    @Override
    public @Nullable InboxChange poll() {
        synchronized (untaken) {
            if (closed) {
                return null;
            }
            if (missed) {
                missed = false;
                return new InboxChange.Missed();
            }
            Iterator<Map.Entry<PauseToken, Untaken>> all = untaken.entrySet().iterator();
            if (!all.hasNext()) {
                return null;
            }
            Map.Entry<PauseToken, Untaken> first = all.next();
            all.remove();
            Interaction now = first.getValue().now();
            if (now == null) {
                return new InboxChange.Left(first.getKey());
            }
            return first.getValue().told() ? new InboxChange.Changed(now) : new InboxChange.Entered(now);
        }
    }

    @Override
    public void close() {
        synchronized (untaken) {
            closed = true;
            untaken.clear();
        }
        onClose.accept(this);
    }

    private boolean fits(@Nullable Item item) {
        try {
            return item != null && filter.passes(item);
        } catch (RuntimeException | Error e) {
            LOGGER.error("A follower of an inbox could not say whether it sees an interaction; it does not", e);
            return false;
        }
    }

    private void wake() {
        try {
            wake.run();
        } catch (RuntimeException | Error e) {
            LOGGER.error("A follower of an inbox could not be woken", e);
        }
    }
}
