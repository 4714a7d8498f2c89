package io.flowscript.events.inbox;

import io.flowscript.core.concurrent.SerialTask;
import io.flowscript.core.engine.FlowScript;
import io.flowscript.core.engine.Subscription;
import io.flowscript.core.interaction.Interaction;
import io.flowscript.core.runtime.EngineClock;
import io.flowscript.core.runtime.PauseToken;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.NavigableSet;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells a listener of each question that nobody has seen some time after it was asked, once. The questions that this can still happen to lie here by their age;
 * one timer is set, for the oldest. A question is put in once, when it is asked, and taken out when it is seen, closed or told of, after which it never
 * comes back: that it is told of once follows.
 *
 * <p>Safe for use by any thread: the questions are guarded by a lock, and the rest belongs to the task.
 */
final class UnseenWatch implements Subscription {

    private static final Logger LOGGER = LoggerFactory.getLogger(UnseenWatch.class);
    private static final int QUESTIONS_PER_RUN = 64;

    private final EngineClock clock;
    private final Duration after;
    private final Filter filter;
    private final Function<PauseToken, @Nullable Item> now;
    private final Consumer<? super Interaction> listener;
    private final Consumer<UnseenWatch> onClose;
    private final SerialTask task;

    /** Guarded by itself. */
    private final NavigableSet<Asked> waiting = new TreeSet<>();

    private final AtomicReference<EngineClock.@Nullable Timer> timer = new AtomicReference<>();
    private @Nullable Instant timerAt;
    private volatile boolean rang;
    private volatile boolean begun;
    private volatile boolean earlier;
    private volatile boolean closed;

    /** A question, by when it was asked. */
    private record Asked(Instant at, PauseToken token) implements Comparable<Asked> {

        private static final Comparator<Asked> ORDER = Comparator.comparing(Asked::at)
                .thenComparing(asked -> asked.token().executionId())
                .thenComparing(asked -> asked.token().tokenId());

        static Asked of(Item item) {
            return new Asked(
                    item.interaction().requestedAt(), item.interaction().token());
        }

        @Override
        public int compareTo(Asked other) {
            return ORDER.compare(this, other);
        }
    }

    /**
     * Makes a watch that has not begun.
     *
     * @param filter which questions, as they are when their time has come
     * @param now what a question is now, null when it is not any more
     */
    UnseenWatch(
            FlowScript flows,
            Duration after,
            Filter filter,
            Function<PauseToken, @Nullable Item> now,
            Consumer<? super Interaction> listener,
            Consumer<UnseenWatch> onClose) {
        this.clock = flows.clock();
        this.after = after;
        this.filter = filter;
        this.now = now;
        this.listener = listener;
        this.onClose = onClose;
        this.task = new SerialTask(flows.executor(), this::run);
    }

    /** Something has changed; null before it was asked, and after it is forgotten. Called in order for each question. */
    void changed(@Nullable Item was, @Nullable Item is) {
        Item before = ifUnseen(was);
        Item next = ifUnseen(is);
        if (before == null && next != null) {
            add(next);
        } else if (before != null && next == null) {
            synchronized (waiting) {
                waiting.remove(Asked.of(before));
            }
        }
    }

    private static @Nullable Item ifUnseen(@Nullable Item item) {
        return item != null && item.isUnseen() ? item : null;
    }

    /** Puts in what is there already, while changes come in; what is closed by now is found out when its time has come. */
    void begin(Iterable<Entry> open) {
        for (Entry entry : open) {
            Item item = entry.item();
            if (item.isUnseen()) {
                add(item);
            }
        }
        begun = true;
        task.signal();
    }

    /** Sees to the timer, if it has to ring earlier than it is set; called with no lock held. */
    void signal() {
        if (begun && earlier) {
            task.signal();
        }
    }

    @Override
    public void close() {
        closed = true;
        task.stop();
        cancelTimer();
        synchronized (waiting) {
            waiting.clear();
        }
        onClose.accept(this);
    }

    private void add(Item item) {
        Asked asked = Asked.of(item);
        synchronized (waiting) {
            if (!closed) {
                waiting.add(asked);
                earlier |= waiting.first().equals(asked);
            }
        }
    }

    private void run() {
        if (!begun) {
            return;
        }
        if (rang) {
            rang = false;
            timerAt = null;
        }
        earlier = false;
        for (int i = 0; i < QUESTIONS_PER_RUN; i++) {
            Asked due = takeDue(clock.instant());
            if (due == null) {
                setTimer();
                return;
            }
            Item item = now.apply(due.token());
            if (item != null) {
                tell(item);
            }
        }
        task.signal();
    }

    private @Nullable Asked takeDue(Instant time) {
        synchronized (waiting) {
            return waiting.isEmpty() || waiting.first().at().plus(after).isAfter(time) ? null : waiting.pollFirst();
        }
    }

    private void tell(Item item) {
        try {
            if (item.isUnseen() && filter.passes(item) && !closed) {
                listener.accept(item.interaction());
            }
        } catch (RuntimeException | Error e) {
            LOGGER.error(
                    "A listener of an inbox failed on a question that nobody has seen; it goes on with the next", e);
        }
    }

    private void setTimer() {
        Instant next = next();
        if (closed || next == null || (timerAt != null && !next.isBefore(timerAt))) {
            return;
        }
        cancelTimer();
        timerAt = next;
        timer.set(clock.schedule(next, () -> {
            rang = true;
            task.signal();
        }));
        if (closed) {
            cancelTimer();
        }
    }

    private @Nullable Instant next() {
        synchronized (waiting) {
            return waiting.isEmpty() ? null : waiting.first().at().plus(after);
        }
    }

    private void cancelTimer() {
        EngineClock.Timer set = timer.getAndSet(null);
        if (set != null) {
            set.cancel();
        }
    }
}
