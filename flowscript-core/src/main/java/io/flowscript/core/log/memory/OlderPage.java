package io.flowscript.core.log.memory;

import io.flowscript.core.concurrent.Guard;
import io.flowscript.core.event.RecordedEvent;
import java.lang.ref.SoftReference;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Some events that a cursor has loaded because they are no longer in memory, or is loading. One thread at a time reads it;
 * another one completes it. A page that nobody reads gives its memory back when that is needed.
 */
final class OlderPage {

    /** The greatest number of events that are loaded at a time. */
    static final int EVENTS = 256;

    private final long first;

    /** The loaded events; null while they are being loaded. */
    private volatile @Nullable SoftReference<List<RecordedEvent>> loaded;

    /** The number after the last event that was loaded. Written before {@code loaded}. */
    private long end;

    /**
     * Creates a page that is not loaded.
     *
     * @param first the number of the first event that is wanted
     */
    OlderPage(long first) {
        this.first = first;
    }

    /**
     * Begins to load the page.
     *
     * @param done runs when it is loaded, on any thread
     */
    void load(OlderEvents from, Runnable done) {
        Guard.run(
                () -> from.load(first - 1, EVENTS).whenComplete((events, failure) -> {
                    complete(failure == null ? events : List.of());
                    done.run();
                }),
                refused -> complete(List.of()));
    }

    private void complete(List<RecordedEvent> events) {
        end = events.isEmpty() ? first : events.get(events.size() - 1).seq() + 1;
        loaded = new SoftReference<>(events);
    }

    /** {@return whether the page is loaded, or could not be} */
    boolean isDone() {
        return loaded != null;
    }

    /** {@return whether an event belongs to this page: it is being loaded, or it is not after the last one} */
    boolean covers(long seq) {
        return !isDone() || seq < end || (seq == first && end == first);
    }

    /**
     * Returns events of a page that is done.
     *
     * @param seq the number of the first event that is wanted
     * @param max the greatest number of events
     * @param latest the number of the last event that may be shown
     * @return the events from this number on, or from the next one that is stored; empty when there are none, or they could not
     *     be loaded; null when the page has given its memory back
     */
    @Nullable
    List<RecordedEvent> from(long seq, int max, long latest) {
        SoftReference<List<RecordedEvent>> reference = loaded;
        List<RecordedEvent> events = reference == null ? null : reference.get();
        if (events == null || events.isEmpty()) {
            return events;
        }
        long begin = events.get(0).seq();
        int from = (int) Math.max(0, seq - begin);
        int to = (int) Math.min(Math.min((long) from + max, events.size()), latest - begin + 1);
        return to <= from ? List.of() : events.subList(from, to);
    }
}
