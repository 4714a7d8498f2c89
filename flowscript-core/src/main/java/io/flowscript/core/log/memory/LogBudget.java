package io.flowscript.core.log.memory;

import java.util.concurrent.atomic.AtomicLong;

/**
 * The memory that all logs of one engine use together, as an estimate, and its upper bound. Safe for use by any thread.
 *
 * <p>The bound is kept in two steps. When the budget is {@link #isScarce scarce}, the engine removes finished executions,
 * oldest first. When the budget is used up nevertheless, a log that adds an event first drops old events of its own, of the
 * same weight. So the sum stops growing, and no other log loses events.
 */
public final class LogBudget {

    private final long maxBytes;
    private final AtomicLong used = new AtomicLong();

    /**
     * Makes an unused budget.
     *
     * @param maxBytes the memory that all logs together may use, in bytes, from 1
     * @throws IllegalArgumentException when {@code maxBytes} is less than 1
     */
    public LogBudget(long maxBytes) {
        if (maxBytes < 1) {
            throw new IllegalArgumentException("A budget has at least 1 byte, not " + maxBytes);
        }
        this.maxBytes = maxBytes;
    }

    /** {@return the memory that all logs use now, estimated, in bytes} */
    public long used() {
        return used.get();
    }

    /** {@return whether more than seven eighths are used, so that finished executions should be removed} */
    public boolean isScarce() {
        return used() > maxBytes - maxBytes / 8;
    }

    /** Whether the bound does not allow this many more bytes. */
    boolean isUsedUp(long more) {
        return used() > maxBytes - more;
    }

    void add(long bytes) {
        used.addAndGet(bytes);
    }
}
