package io.flowscript.core.concurrent;

import io.flowscript.core.FlowScriptException;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The memory that many users of one kind hold together, as an estimate, and its limit. Safe for use by any thread.
 *
 * <p>There are two ways to take memory: {@link #tryReserve} refuses what would pass the limit, and {@link #add} counts what is in
 * memory already. When the budget is {@link #isScarce scarce}, its owner should free what is needed least.
 */
public final class MemoryBudget {

    private final long maxBytes;
    private final AtomicLong used = new AtomicLong();

    /**
     * Makes an unused budget.
     *
     * @param maxBytes the limit, in bytes, from 1
     * @throws IllegalArgumentException when {@code maxBytes} is less than 1
     */
    public MemoryBudget(long maxBytes) {
        if (maxBytes < 1) {
            throw new IllegalArgumentException("A budget has at least 1 byte, not " + maxBytes);
        }
        this.maxBytes = maxBytes;
    }

    /** {@return the memory in use, estimated, in bytes} */
    public long used() {
        return used.get();
    }

    /** {@return the limit, in bytes} */
    public long maxBytes() {
        return maxBytes;
    }

    /** {@return whether more than seven eighths are used} */
    public boolean isScarce() {
        return used() > maxBytes - maxBytes / 8;
    }

    /**
     * {@return whether so many more bytes would pass the limit}
     *
     * @param more a number of bytes, from 0
     */
    public boolean isUsedUp(long more) {
        return used() > maxBytes - more;
    }

    /**
     * Takes memory unless the limit would be passed.
     *
     * @param bytes how much, from 0
     * @return whether it was taken; the caller gives it back with {@link #release}
     */
    public boolean tryReserve(long bytes) {
        long now = used.get();
        while (now <= maxBytes - bytes) {
            if (used.compareAndSet(now, now + bytes)) {
                return true;
            }
            now = used.get();
        }
        return false;
    }

    /**
     * Checks that there is room for so many more bytes. Takes nothing.
     *
     * @param more a number of bytes, from 0
     * @param what names what needs the memory, for the message
     * @throws FlowScriptException with code {@code memory_limit}
     */
    public void check(long more, String what) {
        if (isUsedUp(more)) {
            throw exceeded(what);
        }
    }

    /**
     * {@return the exception for what does not fit}
     *
     * @param what names what needs the memory
     */
    public FlowScriptException exceeded(String what) {
        return new FlowScriptException(
                "memory_limit",
                what + " needs more memory than is left of " + maxBytes
                        + " bytes, the limit for all together; try again later, or raise the limit");
    }

    /**
     * Counts a change that has happened.
     *
     * @param bytes how much more is in use; less than 0 for less
     */
    public void add(long bytes) {
        if (bytes != 0) { // most steps of an execution change nothing here, and all engine threads share the counter
            used.addAndGet(bytes);
        }
    }

    /**
     * Gives memory back.
     *
     * @param bytes how much
     */
    public void release(long bytes) {
        used.addAndGet(-bytes);
    }
}
