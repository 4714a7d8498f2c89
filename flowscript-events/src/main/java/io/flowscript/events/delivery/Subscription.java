package io.flowscript.events.delivery;

import io.flowscript.core.runtime.EngineClock;
import io.flowscript.json.protocol.ClientMessage;
import io.flowscript.json.protocol.EventFilter;
import io.flowscript.json.protocol.Scope;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What a client asked for: of which executions, which events, and how fast. Each execution that it is about is delivered by a
 * {@link Feed}, which applies the narrowest subscription there is for it.
 *
 * @param scope of which executions
 * @param filter which events
 * @param conflate whether the newest event may stand for older ones of the same thing
 * @param pacer lets so many events a second through, in all feeds together; null for as many as there are
 */
record Subscription(
        Scope scope,
        EventFilter filter,
        boolean conflate,
        @Nullable Pacer pacer) {

    /**
     * What a request asks for.
     *
     * @param ticked is handed the pacer when it lets more through, by any thread
     */
    static Subscription of(ClientMessage.Subscribe request, EngineClock clock, Consumer<Pacer> ticked) {
        Integer rate = request.maxEventsPerSecond();
        return new Subscription(
                request.scope(),
                request.filter(),
                request.conflate(),
                rate == null ? null : new Pacer(clock, rate, ticked));
    }

    /** Whether every event goes out as it is. */
    boolean isPlain() {
        return filter.isEmpty() && !conflate;
    }

    void close() {
        if (pacer != null) {
            pacer.close();
        }
    }
}
