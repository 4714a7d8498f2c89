package io.flowscript.events.delivery;

import io.flowscript.core.runtime.EngineClock;
import io.flowscript.json.protocol.ClientMessage;
import io.flowscript.json.protocol.EventFilter;
import io.flowscript.json.protocol.Scope;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One subscription of a client: which executions, which events, and how fast. A {@link Feed} delivers each execution.
 * If several subscriptions cover it, the feed applies the narrowest one.
 *
 * @param scope the executions
 * @param filter the events
 * @param conflate whether a newer event may replace older ones with the same key
 * @param pacer limits the events per second of all feeds of this subscription together; null for no limit
 */
record Subscription(
        Scope scope,
        EventFilter filter,
        boolean conflate,
        @Nullable Pacer pacer) {

    /**
     * Creates the subscription that a request asks for.
     *
     * @param scope the executions; equal to the scope of the request
     * @param onTick called with the pacer, on any thread, when the pacer permits more events
     */
    static Subscription of(
            ClientMessage.Subscribe request, Scope scope, EngineClock clock, Consumer<? super Pacer> onTick) {
        Integer rate = request.maxEventsPerSecond();
        return new Subscription(
                scope, request.filter(), request.conflate(), rate == null ? null : new Pacer(clock, rate, onTick));
    }

    /** Whether every event is sent unchanged. */
    boolean isPlain() {
        return filter.isEmpty() && !conflate;
    }

    void close() {
        if (pacer != null) {
            pacer.close();
        }
    }
}
