package io.flowscript.client;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The live inboxes of a connection. The server keeps one live list for a connection, so that serves all: with the filter that
 * all have, or else without one. A change of it makes each inbox list again, and so do the client's own commands and a long silence. For the loop's thread.
 */
final class InboxWatches {

    /** The server does not tell of an interaction that goes before it has told that it came, but a page can have had it. */
    private static final Duration UNTOLD = Duration.ofMinutes(1);

    private final ClientContext context;
    private final Connection connection;
    private final Map<InboxWatch, Map<String, Object>> watches = new LinkedHashMap<>();
    private final Loop.Alarm poll;
    private @Nullable Map<String, Object> live;
    private final Route route;

    InboxWatches(ClientContext context, Connection connection, Route route) {
        this.context = context;
        this.connection = connection;
        this.route = route;
        poll = context.loop().new Alarm();
    }

    boolean isEmpty() {
        return watches.isEmpty();
    }

    void add(InboxWatch watch, Map<String, Object> filter) {
        watches.put(watch, filter);
        connection.connect();
        online();
    }

    void remove(InboxWatch watch) {
        if (watches.remove(watch) != null) {
            follow();
            route.rest();
        }
    }

    /** The connection is up, or there is another watch. */
    void online() {
        follow();
        changed();
    }

    void offline() {
        live = null;
        poll.clear();
    }

    private void follow() {
        if (!route.isUp()) {
            return;
        }
        Set<Map<String, Object>> filters = new LinkedHashSet<>(watches.values());
        Map<String, Object> wanted = filters.isEmpty()
                ? null
                : filters.size() == 1 ? filters.iterator().next() : Map.of();
        if (wanted == null ? live != null : !wanted.equals(live)) {
            live = wanted;
            route.watch(wanted);
        }
    }

    void changed() {
        List.copyOf(watches.keySet()).forEach(InboxWatch::refresh);
        poll.clear();
        if (!watches.isEmpty() && route.isUp()) {
            poll.set(route.takesMany() ? UNTOLD : context.settings().inboxPoll(), this::changed);
        }
    }

    void close(@Nullable ClientException error) {
        List.copyOf(watches.keySet()).forEach(watch -> watch.finish(error));
    }
}
