package io.flowscript.benchmarks.load;

import java.time.Duration;

/** What sends events to clients, in the server's process. Used by the thread that reads its commands. */
interface LoadServer extends AutoCloseable {

    /** {@return where it listens} */
    int port();

    /**
     * Emits so many events, one after the other.
     *
     * @return when it began, by {@link System#nanoTime}
     */
    long burst(int events) throws Exception;

    /** {@return the number of the newest event} */
    long latest();

    /**
     * Begins to emit events at a pace.
     *
     * @param perSecond how many; 0 for as many as it can
     * @param time for how long
     */
    void pace(int perSecond, Duration time);

    /** {@return how many events have been emitted since the pace began} */
    long emitted();

    /** {@return what it has in hand for its clients, for people} */
    String gauges();

    @Override
    void close();
}
