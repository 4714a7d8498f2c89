package io.flowscript.client;

import io.flowscript.core.concurrent.Guard;
import io.flowscript.core.event.EventType;
import io.flowscript.core.log.Position;
import io.flowscript.core.settings.Range;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The events of one execution, of a workflow, or of all: what to subscribe to, and how. Each subscription is one of its own and
 * receives every event after its beginning once, in order, over however many connections. Immutable: methods that change
 * something return a copy. Safe for use by any thread.
 *
 * <p>A subscription to one execution ends after its last event; so it is also when the execution has ended before. One to many
 * ends when it is cancelled.
 *
 * @since 0.1.0
 */
public final class EventStream implements Flow.Publisher<ClientEvent> {

    private static final int DEFAULT_BUFFER = 1_000;

    private final ClientCore core;
    private final @Nullable String executionId;
    private final @Nullable String workflowId;
    private final Map<String, Position> positions;
    private final boolean isFromLatest;
    private final Wanted wanted;
    private final int buffer;

    EventStream(ClientCore core, @Nullable String executionId, @Nullable String workflowId) {
        this(core, executionId, workflowId, Map.of(), false, Wanted.ALL, DEFAULT_BUFFER);
    }

    private EventStream(
            ClientCore core,
            @Nullable String executionId,
            @Nullable String workflowId,
            Map<String, Position> positions,
            boolean isFromLatest,
            Wanted wanted,
            int buffer) {
        this.core = core;
        this.executionId = executionId;
        this.workflowId = workflowId;
        this.positions = positions;
        this.isFromLatest = isFromLatest;
        this.wanted = wanted;
        this.buffer = buffer;
    }

    @Nullable
    String executionId() {
        return executionId;
    }

    @Nullable
    String workflowId() {
        return workflowId;
    }

    Map<String, Position> positions() {
        return positions;
    }

    boolean isFromLatest() {
        return isFromLatest;
    }

    Wanted wanted() {
        return wanted;
    }

    int bufferSize() {
        return buffer;
    }

    /**
     * Begins after a position of the execution. Without it, a subscription to one execution begins with the first event.
     *
     * @param position the {@link ClientEvent#position} of the last event that was handled
     * @return a copy
     * @throws IllegalStateException when this is not of one execution
     */
    public EventStream from(Position position) {
        String id = executionId;
        if (id == null) {
            throw new IllegalStateException(
                    "Many executions have many positions; use the map from executions to positions");
        }
        return new EventStream(core, id, null, Map.of(id, position), false, wanted, buffer);
    }

    /**
     * Goes on with executions after their positions. Executions that are not in the map are followed as usual: those that run from
     * now on, and new ones from their first event.
     *
     * @param last the position of the last event that was handled, by the id of the execution; at most 10,000
     * @return a copy
     */
    public EventStream from(Map<String, Position> last) {
        return new EventStream(core, executionId, workflowId, Map.copyOf(last), false, wanted, buffer);
    }

    /**
     * Begins with the next event that happens. A subscription to many executions does so in any case.
     *
     * @return a copy
     */
    public EventStream fromLatest() {
        return new EventStream(core, executionId, workflowId, Map.of(), true, wanted, buffer);
    }

    /**
     * Receives only events of some types.
     *
     * @param types the types, at least one
     * @return a copy
     */
    public EventStream types(EventType... types) {
        Range.atLeast(1, types.length, "types");
        return with(new Wanted(Set.of(types), wanted.nodes(), wanted.conflate(), wanted.maxEventsPerSecond()));
    }

    /**
     * Receives only events of the nodes with these names. Events without a node are left out.
     *
     * @param names the names, at least one
     * @return a copy
     */
    public EventStream nodes(String... names) {
        Range.atLeast(1, names.length, "nodes");
        return with(new Wanted(wanted.types(), Set.of(names), wanted.conflate(), wanted.maxEventsPerSecond()));
    }

    /**
     * Lets newer events take the place of older ones when the client falls behind. {@link ClientEvent.Skipped} tells which.
     *
     * @return a copy
     */
    public EventStream conflate() {
        return with(new Wanted(wanted.types(), wanted.nodes(), true, wanted.maxEventsPerSecond()));
    }

    /**
     * Receives at most so many events per second.
     *
     * @param most the number, 1 to 1,000,000
     * @return a copy
     */
    public EventStream maxEventsPerSecond(int most) {
        return with(new Wanted(
                wanted.types(), wanted.nodes(), wanted.conflate(), Range.atLeast(1, most, "maxEventsPerSecond")));
    }

    /**
     * Sets how many events wait for a subscriber that is slow; 1,000 if it is not set. When they are reached, the client takes
     * nothing more for this subscription, and asks for the rest when half of them are handled. Other subscriptions are not
     * slowed down.
     *
     * @param most the number, from 1
     * @return a copy
     */
    public EventStream buffer(int most) {
        int checked = Range.atLeast(1, most, "buffer");
        return new EventStream(core, executionId, workflowId, positions, isFromLatest, wanted, checked);
    }

    private EventStream with(Wanted other) {
        return new EventStream(core, executionId, workflowId, positions, isFromLatest, other, buffer);
    }

    /**
     * Subscribes. The subscriber is called as the rules of {@link Flow} say, by threads of the client's callbacks, one call at a
     * time. Only {@code onSubscribe} is called by this thread. It may block; only its own subscription falls behind then. One that
     * throws is cancelled, and what it threw is logged. {@code onError} receives a {@link ClientException}.
     */
    @Override
    public void subscribe(Flow.Subscriber<? super ClientEvent> subscriber) {
        core.subscribe(this, Objects.requireNonNull(subscriber, "subscriber"));
    }

    /**
     * Calls a callback with each event, one after the other.
     *
     * @param handler is called by a thread of the client's callbacks and may block. If it throws, the subscription ends with what
     *     it threw.
     * @return the subscription
     */
    public EventSubscription forEach(Consumer<? super ClientEvent> handler) {
        CallbackSubscriber subscriber = new CallbackSubscriber(handler);
        subscribe(subscriber);
        return new EventSubscription(subscriber.ended, subscriber::cancel);
    }

    /**
     * Reads in the present thread.
     *
     * @param timeout how long the reader waits for one event
     * @return a reader, to be closed by the caller
     */
    public EventReader read(Duration timeout) {
        EventReader reader = new EventReader(timeout);
        subscribe(reader.subscriber());
        return reader;
    }

    /** Calls a callback with each event. */
    private static final class CallbackSubscriber implements Flow.Subscriber<ClientEvent> {

        final CompletableFuture<Void> ended = new CompletableFuture<>();
        private final Consumer<? super ClientEvent> handler;
        private volatile Flow.@Nullable Subscription subscription;

        CallbackSubscriber(Consumer<? super ClientEvent> handler) {
            this.handler = Objects.requireNonNull(handler, "handler");
        }

        void cancel() {
            Flow.Subscription its = subscription;
            if (its != null) {
                its.cancel();
            }
        }

        @Override
        public void onSubscribe(Flow.Subscription its) {
            subscription = its;
            its.request(Long.MAX_VALUE);
        }

        @Override
        public void onNext(ClientEvent item) {
            Guard.run(() -> handler.accept(item), e -> {
                cancel();
                ended.completeExceptionally(e);
            });
        }

        @Override
        public void onError(Throwable error) {
            ended.completeExceptionally(error);
        }

        @Override
        public void onComplete() {
            ended.complete(null);
        }
    }
}
