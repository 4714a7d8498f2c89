package io.flowscript.testkit.protocol;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One client of the server, over WebSocket or as a stream. Received messages wait here, in order, until the case
 * reads them.
 */
abstract class Peer {

    private static final int MAX_WAITING = 10_000;
    private static final int TOLD = 12;

    private final BlockingQueue<ReceivedMessage> arrivals = new LinkedBlockingQueue<>(MAX_WAITING);
    private final Deque<ReceivedMessage> looked = new ArrayDeque<>();
    private final List<String> skip;

    Peer(List<String> skip) {
        this.skip = skip;
    }

    /** Returns the types of messages that are skipped. */
    final List<String> skip() {
        return skip;
    }

    /** Adds a received message. Called by any thread. */
    final void arrived(ReceivedMessage arrival) {
        if (!arrivals.offer(arrival)) {
            throw new IllegalStateException("More than " + MAX_WAITING + " messages are waiting");
        }
    }

    /**
     * Returns the next message.
     *
     * @param end until when to wait, by {@link System#nanoTime}
     * @return the message; null if none comes in time
     */
    final @Nullable ReceivedMessage take(long end) throws InterruptedException {
        ReceivedMessage arrival = arrivals.poll(Math.max(0, end - System.nanoTime()), TimeUnit.NANOSECONDS);
        if (arrival != null) {
            looked.add(arrival);
            if (looked.size() > TOLD) {
                looked.remove();
            }
        }
        return arrival;
    }

    /** Describes the last messages and those not read yet, for people. */
    final String story() {
        StringBuilder story = new StringBuilder("the last messages that it received:");
        looked.forEach(arrival -> story.append("\n    ").append(arrival));
        arrivals.stream().limit(TOLD).forEach(arrival -> story.append("\n  + ").append(arrival));
        return story.toString();
    }

    /** Cuts the connection without notice. Has no effect if there is none any more. */
    abstract void cut();
}
