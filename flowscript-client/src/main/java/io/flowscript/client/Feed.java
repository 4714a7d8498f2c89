package io.flowscript.client;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What a connection gets of one execution, for all its readers. For the loop's thread. */
final class Feed {

    final String id;
    final long since;
    final Set<Reader> readers = new LinkedHashSet<>();

    /** The subscribe that waits for its {@code subscribed}. */
    @Nullable
    Request request;

    /** Whether the server has a subscription to this execution alone. */
    boolean isSingle;

    /** What the server filters by. */
    Map<String, Object> filter = Map.of();

    /** The announcement of a subscription to many, until the status says which workflow it is. */
    @Nullable
    Message announced;

    @Nullable
    String workflowId;

    @Nullable
    String epoch;

    /** The number of the newest event that came. */
    long high;

    boolean isEnded;

    /** Until the server is asked whether the execution has ended. */
    final Loop.Alarm question;

    /** How often in a row it was refused for now, and until it is asked for again. */
    int refusals;

    final Loop.Alarm again;

    Feed(String id, Loop loop) {
        this.id = id;
        since = loop.nanoTime();
        question = loop.new Alarm();
        again = loop.new Alarm();
    }

    /** A subscribe on its way. */
    static final class Request {
        final List<Reader> readers;
        final Reader.Place after;
        String id = "";

        Request(List<Reader> readers, Reader.Place after) {
            this.readers = readers;
            this.after = after;
        }
    }

    boolean isAskedBy(String requestId) {
        return request != null && request.id.equals(requestId);
    }

    /** {@return the readers of the request; all when there is none} */
    List<Reader> asking() {
        return request == null
                ? List.copyOf(readers)
                : request.readers.stream().filter(readers::contains).toList();
    }

    boolean isWantedAlone() {
        return readers.stream().anyMatch(reader -> reader.subscription.isSingle());
    }

    /** Makes the request for the readers that are to be attached next: those furthest on. {@return whether there are any} */
    boolean prepareRequest() {
        if (request != null || again.isSet()) {
            return false;
        }
        Reader first = null;
        for (Reader reader : readers) {
            if (waits(reader)
                    && (first == null || reader.place().rank() > first.place().rank())) {
                first = reader;
            }
        }
        if (first == null) {
            return false;
        }
        List<Reader> same = new ArrayList<>();
        for (Reader reader : readers) {
            if (waits(reader) && reader.place().equals(first.place())) {
                same.add(reader);
            }
        }
        request = new Request(same, first.place());
        return true;
    }

    private static boolean waits(Reader reader) {
        return !reader.isAttached() && !reader.subscription.isBehind();
    }

    List<Wanted> wanted() {
        return readers.stream().map(reader -> reader.subscription.wanted()).toList();
    }

    /** The server does not give it for now. */
    void refuse() {
        refusals++;
        forgetSubscription();
    }

    void forgetConnection() {
        again.clear();
        announced = null;
        forgetSubscription();
    }

    private void forgetSubscription() {
        question.clear();
        request = null;
        isSingle = false;
        readers.forEach(reader -> reader.attached(false));
    }
}
