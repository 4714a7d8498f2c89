package io.flowscript.testkit.protocol;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** One client of the server, by WebSocket or as a stream: what comes to it waits here, in order, until the case looks at it. */
abstract class Peer {

    private static final int MAX_WAITING = 10_000;
    private static final int TOLD = 12;

    private final BlockingQueue<ReceivedMessage> arrivals = new LinkedBlockingQueue<>(MAX_WAITING);
    private final Deque<ReceivedMessage> looked = new ArrayDeque<>();
    private final List<String> skip;

    Peer(List<String> skip) {
        this.skip = skip;
    }

    /** Types of messages that are passed over. */
    final List<String> skip() {
        return skip;
    }

    /** Any thread. */
    final void arrived(ReceivedMessage arrival) {
        if (!arrivals.offer(arrival)) {
            throw new IllegalStateException("More than " + MAX_WAITING + " messages wait to be looked at");
        }
    }

    /**
     * The next thing.
     *
     * @param end until when to wait, by {@link System#nanoTime}
     * @return null when there is none in time
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

    /** What came last, and what was not looked at, for people. */
    final String story() {
        StringBuilder story = new StringBuilder("it was told, in the end:");
        looked.forEach(arrival -> story.append("\n    ").append(arrival));
        arrivals.stream().limit(TOLD).forEach(arrival -> story.append("\n  + ").append(arrival));
        return story.toString();
    }

    /** Gives the connection up without a word. Harmless when there is none any more. */
    abstract void cut();
}
