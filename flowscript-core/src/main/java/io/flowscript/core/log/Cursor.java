package io.flowscript.core.log;

/**
 * A position in a log that moves forward. What it reads is in order, without doubles, and without holes except those
 * that it announces as {@link Read.Missed}.
 *
 * <p>Reading is for one thread at a time; {@link #wakeWhenReadable} and {@link #close} are safe for any thread. A cursor that lags keeps
 * nothing of the log alive.
 *
 * @since 0.1.0
 */
public interface Cursor extends AutoCloseable {

    /** {@return the log that it reads} */
    EventLog log();

    /** {@return the position of the last event that it has read, or skipped as missed} */
    Position position();

    /**
     * Reads on. Never blocks, takes no lock.
     *
     * @param max how many events at the most, from 1
     * @return some events, a hole, nothing yet, or the end; {@link Read.Ended} after {@link #close}
     */
    Read read(int max);

    /**
     * Asks to be woken once when {@link #read} would return something else than {@link Read.Nothing}; at once if it would already. A
     * later call replaces an earlier one that has not been woken yet.
     *
     * @param wake what to run: it must be short, must not block and must not throw, such as scheduling a task. It is run
     *     by any thread and may be run once in vain.
     */
    void wakeWhenReadable(Runnable wake);

    /** Ends this cursor and forgets its wake-up. Closing twice is harmless. */
    @Override
    void close();
}
