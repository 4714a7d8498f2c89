package io.flowscript.core.log.memory;

import java.util.concurrent.atomic.AtomicLong;

/**
 * How much memory all logs of one engine hold together, estimated, and how much they may. Safe for use by any thread.
 *
 * <p>It is kept in two steps. When it becomes {@link #isScarce scarce}, the engine forgets finished executions, the oldest first. When that was
 * not enough and it is used up, a log that takes an event in drops as much of its own beginning as the
 * event weighs, so that nobody else pays for it and the sum does not grow any further.
 */
public final class LogBudget {

    private final long maxBytes;
    private final AtomicLong used = new AtomicLong();

    /**
     * A budget of which nothing is used.
     *
     * @param maxBytes what all logs together may hold, in bytes, from 1
     */
    public LogBudget(long maxBytes) {
        if (maxBytes < 1) {
            throw new IllegalArgumentException("A budget has at least 1 byte, not " + maxBytes);
        }
        this.maxBytes = maxBytes;
    }

    /** {@return how much all logs hold now, estimated, in bytes} */
    public long used() {
        return used.get();
    }

    /** {@return whether more than seven eighths are used, so that it is time to forget what is finished} */
    public boolean isScarce() {
        return used() > maxBytes - maxBytes / 8;
    }

    /** Whether there is no room for so many bytes more. */
    boolean isUsedUp(long more) {
        return used() > maxBytes - more;
    }

    void add(long bytes) {
        used.addAndGet(bytes);
    }
}
