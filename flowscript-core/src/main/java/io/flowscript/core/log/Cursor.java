package io.flowscript.core.log;

/**
 * A reader of a log that moves forward. It reads each event once, in order. A gap is possible only where the log does not
 * have the events, and is always reported as {@link Read.Missed}.
 *
 * <p>One thread at a time may call {@link #read}; {@link #wakeWhenReadable} and {@link #close} are safe for use by any thread.
 * A slow cursor does not keep old events in memory.
 *
 * @since 0.1.0
 */
public interface Cursor extends AutoCloseable {

    /** {@return the log that it reads} */
    EventLog log();

    /** {@return the position of the last event read or reported as missed; at first, the position where the cursor began} */
    Position position();

    /**
     * Reads the next events. Never blocks and takes no lock. When the next event is in the store and no longer in memory,
     * this begins to load some events and returns {@link Read.Nothing} until they are there.
     *
     * @param max the greatest number of events, from 1
     * @return the next events, a gap, nothing yet, or the end; {@link Read.Ended} after {@link #close}
     * @throws IllegalArgumentException when {@code max} is less than 1
     */
    Read read(int max);

    /**
     * Registers a callback that runs once, as soon as {@link #read} would not return {@link Read.Nothing}. When this is so
     * already, the callback runs at once. A later call replaces a callback that has not run yet.
     *
     * @param wake the callback, such as one that schedules a task. It must be short, must not block and must not throw. Any
     *     thread may run it. It may run although there is nothing to read.
     */
    void wakeWhenReadable(Runnable wake);

    /** Ends this cursor and removes its callback. A second call has no effect. */
    @Override
    void close();
}
