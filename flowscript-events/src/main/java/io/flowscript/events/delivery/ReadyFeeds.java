package io.flowscript.events.delivery;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The feeds of a client that have something to send, first in, first out. Each is there once. For one thread. */
final class ReadyFeeds {

    private @Nullable Feed first;
    private @Nullable Feed last;

    boolean isEmpty() {
        return first == null;
    }

    /** Adds a feed at the end, unless it is there already. */
    void add(Feed feed) {
        if (feed.isReady()) {
            return;
        }
        feed.setReady(true);
        if (last == null) {
            first = feed;
        } else {
            last.setNextReady(feed);
        }
        last = feed;
    }

    /** Removes the first feed. {@return it; null when there is none} */
    @Nullable
    Feed poll() {
        Feed polled = first;
        if (polled != null) {
            first = polled.nextReady();
            last = first == null ? null : last;
            polled.setNextReady(null);
            polled.setReady(false);
        }
        return polled;
    }

    /** {@return where the clients stands in the first feeds} */
    List<Backlog.Place> places(int max) {
        List<Backlog.Place> places = new ArrayList<>();
        for (Feed feed = first; feed != null && places.size() < max; feed = feed.nextReady()) {
            feed.place().ifPresent(places::add);
        }
        return places;
    }

    void clear() {
        first = null;
        last = null;
    }
}
