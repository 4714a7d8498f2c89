package io.flowscript.peers;

import io.flowscript.benchmarks.load.LoadServer;
import io.flowscript.benchmarks.load.Pace;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/** A server that hands each event to its library once, for all clients. */
abstract class Broadcast implements LoadServer {

    /** How many events are handed over before the server looks whether its library is behind. */
    private static final int AT_ONCE = 16;

    private static final long NAP_NANOS = 100_000;

    /** Hands an event over. */
    abstract void publish(int number, long due) throws Exception;

    /** Whether the library has so much to send that it must not get more. */
    abstract boolean isBehind();

    @Override
    public final long burst(int events) {
        long begun = System.nanoTime();
        inBackground(() -> {
            for (int i = 0; i < events; i++) {
                publishOrFail(i, System.nanoTime());
                while (i % AT_ONCE == AT_ONCE - 1 && isBehind()) {
                    LockSupport.parkNanos(NAP_NANOS);
                }
            }
        });
        return begun;
    }

    @Override
    public final void pace(int perSecond, Duration time) {
        inBackground(() -> Pace.keep(perSecond, time, this::publishOrFail));
    }

    private void publishOrFail(int number, long due) {
        try {
            publish(number, due);
        } catch (Exception e) {
            throw new IllegalStateException("Event " + number + " cannot be sent", e);
        }
    }

    private static void inBackground(Runnable work) {
        Thread publisher = new Thread(work, "publisher");
        publisher.setDaemon(true);
        publisher.start();
    }
}
