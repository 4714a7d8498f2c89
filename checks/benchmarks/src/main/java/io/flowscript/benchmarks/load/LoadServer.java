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

    /** Waits until the last burst was emitted, and the local client, if there is one, has got it. */
    default void finish() throws InterruptedException {}

    /** {@return the number of the newest event} */
    long latest();

    /**
     * Starts to emit events at a steady rate.
     *
     * @param perSecond events per second; 0 for full speed
     * @param time how long
     */
    void pace(int perSecond, Duration time);

    /**
     * Emits events of {@link Events#LIVE_EXECUTION} at a steady rate, until the server is closed.
     *
     * @param perSecond events per second, from 1
     */
    void live(int perSecond);

    /**
     * Starts executions that wait, with the ids of {@link Events#waiting}.
     *
     * @param count how many
     */
    default void startWaiting(int count) throws InterruptedException {
        throw new UnsupportedOperationException("It has no executions that wait");
    }

    /** Cancels all executions that wait. */
    default void cancelWaiting() {
        throw new UnsupportedOperationException("It has no executions that wait");
    }

    /** {@return the number of events emitted since the last call of pace} */
    long emitted();

    /** Begins to disturb the server, if it was made for that. */
    default void disturb() {}

    /** Ends what {@link #disturb} began. */
    default void calm() {}

    /** {@return the data held for clients, for people} */
    String gauges();

    @Override
    void close();
}
