package io.flowscript.client;

import java.util.LinkedHashSet;
import java.util.Set;

/**
 * How many executions a subscription to many asks for alone at once, to go on after its places. A server takes a bounded number of
 * subscriptions of one connection, so the next are asked for when the one to many has taken over half of these. For the loop's
 * thread.
 */
final class Window {

    static final int SIZE = 200;

    private final Set<Feed> open = new LinkedHashSet<>();
    private boolean isWaitedFor;

    /** Begins a round of requests for all. */
    void begin() {
        isWaitedFor = false;
    }

    /** Whether an execution can be asked for now. */
    boolean hasRoom(Feed feed) {
        boolean hasRoom = open.size() < SIZE || open.contains(feed);
        isWaitedFor |= !hasRoom;
        return hasRoom;
    }

    void add(Feed feed) {
        open.add(feed);
    }

    void remove(Feed feed) {
        open.remove(feed);
    }

    void clear() {
        open.clear();
    }

    /** Whether it is time for the next round. */
    boolean isTimeForMore() {
        return isWaitedFor && open.size() <= SIZE / 2;
    }
}
