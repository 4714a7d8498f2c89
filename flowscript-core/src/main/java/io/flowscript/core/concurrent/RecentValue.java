package io.flowscript.core.concurrent;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A value that costs much to make, and that may be a little old. It is made anew by whoever asks when it is too old. One thread makes it at a time;
 * others get the one before meanwhile. Only before there is one do several threads make it. No lock is held. Safe for use by any thread.
 *
 * @param <T> the type of the value
 */
public final class RecentValue<T> {

    private final long keptNanos;
    private final AtomicBoolean making = new AtomicBoolean();
    private volatile @Nullable Made<T> last;

    private record Made<T>(T value, long at) {}

    /**
     * Creates one without a value.
     *
     * @param kept for how long a value is new enough
     */
    public RecentValue(Duration kept) {
        keptNanos = kept.toNanos();
    }

    /**
     * Returns the value.
     *
     * @param now the monotonic time, in nanoseconds
     * @param maker makes the value; what it throws is thrown, and the next caller tries again
     * @return the value, not older than it is kept, unless another thread makes a new one
     */
    public T get(long now, Supplier<T> maker) {
        Made<T> known = last;
        if (known != null && now - known.at < keptNanos) {
            return known.value;
        }
        boolean first = making.compareAndSet(false, true);
        if (!first && known != null) {
            return known.value;
        }
        try {
            T value = maker.get();
            last = new Made<>(value, now);
            return value;
        } finally {
            if (first) {
                making.set(false);
            }
        }
    }
}
