package io.flowscript.benchmarks.load;

import java.time.Duration;

/** A server that sends events to clients. Used by the thread that reads the commands of the server process. */
public interface LoadServer extends AutoCloseable {

    /** {@return the port on which it listens} */
    int port();

    /**
     * Emits a number of events, one after the other.
     *
     * @param events how many
     * @return the start time, by {@link System#nanoTime}
     * @throws Exception if they cannot be emitted
     */
    long burst(int events) throws Exception;

    /**
     * Waits until the last burst was emitted, and the local client, if there is one, has got it.
     *
     * @throws InterruptedException if the thread is interrupted
     */
    default void finish() throws InterruptedException {}

    /** {@return the number of the newest event, where events have numbers} */
    default long latest() {
        return 0;
    }

    /**
     * Starts to emit events at a steady rate.
     *
     * @param perSecond events per second; 0 for full speed
     * @param time how long
     */
    void pace(int perSecond, Duration time);

    /** {@return the number of events emitted since the last call of pace, where they are counted} */
    default long emitted() {
        return 0;
    }

    /** Cancels all executions that wait, where there are some. */
    default void cancelWaiting() {}

    /** Begins to disturb the server, if it was made for that. */
    default void disturb() {}

    /** Ends what {@link #disturb} began. */
    default void calm() {}

    /** {@return the name and the version of what serves, for people; empty if it is this project} */
    default String about() {
        return "";
    }

    /** {@return the data held for clients, for people} */
    default String gauges() {
        return "";
    }

    @Override
    void close();
}
