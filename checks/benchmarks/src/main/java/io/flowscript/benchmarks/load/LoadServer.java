package io.flowscript.benchmarks.load;

import java.time.Duration;

/** A server that sends events to clients. Used by the thread that reads the commands of the server process. */
interface LoadServer extends AutoCloseable {

    /** {@return the port on which it listens} */
    int port();

    /**
     * Emits a number of events, one after the other.
     *
     * @return the start time, by {@link System#nanoTime}
     */
    long burst(int events) throws Exception;

    /** {@return the number of the newest event} */
    long latest();

    /**
     * Starts to emit events at a steady rate.
     *
     * @param perSecond events per second; 0 for full speed
     * @param time how long
     */
    void pace(int perSecond, Duration time);

    /** {@return the number of events emitted since the last call of pace} */
    long emitted();

    /**
     * Lets the nodes that block go on, and starts others. A server without nodes does nothing.
     *
     * @param nodes how many nodes block from now on
     */
    default void block(int nodes) {}

    /** {@return the data held for clients, for people} */
    String gauges();

    @Override
    void close();
}
