package io.flowscript.events.delivery;

import java.util.List;

/**
 * How far clients are behind, for monitoring. A client is slow when it has not taken for a second what was sent to it. All others get events as
 * they come, and count as 0 events behind.
 *
 * @param clients how many clients there are
 * @param slow how many of them are slow
 * @param max how many events the slowest client is behind
 * @param p99 how many events a client is behind than which 99 of 100 clients are no slower
 * @param slowest the slow clients, those that are farthest behind first, at most {@value #MOST_LISTED}
 * @since 0.1.0
 */
public record DeliveryLag(int clients, int slow, long max, long p99, List<SlowClient> slowest) {

    /** The maximum number of clients that are listed. */
    public static final int MOST_LISTED = 20;

    /**
     * Copies the list.
     *
     * @param clients how many clients there are
     * @param slow how many of them are slow
     * @param max how many events the slowest client is behind
     * @param p99 how many events a client is behind than which 99 of 100 clients are no slower
     * @param slowest the slow clients
     */
    public DeliveryLag {
        slowest = List.copyOf(slowest);
    }

    /**
     * A client that takes nothing.
     *
     * @param clientId its id, as it was told with its first message
     * @param behind how many events it has not got, of 20 executions at most; 0 until that was looked up, which the first call begins
     * @param millis for how long it has taken nothing
     */
    public record SlowClient(String clientId, long behind, long millis) {}
}
