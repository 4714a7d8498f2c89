package io.flowscript.events.delivery;

import io.flowscript.core.bridge.ClientInfo;
import io.flowscript.core.log.Position;
import io.flowscript.events.protocol.ClientMessage;
import io.flowscript.events.protocol.ErrorCode;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One client's subscriptions, and the line of those that are ready, who take turns. Used by the client's pump alone, but for
 * {@link #wake}. Of a subscription that has ended only its position is kept, for a client that asks for it once more.
 */
final class Subscriptions {

    private static final Logger LOGGER = LoggerFactory.getLogger(Subscriptions.class);

    /** So that a run of the pump ends soon even where there is much to read and little to send. */
    private static final int TURNS_PER_RUN = 256;

    private final Delivery delivery;
    private final ClientInfo client;
    private final Runnable signal;
    private final Map<String, Subscription> open = new HashMap<>();
    private final Map<String, Position> ended;
    private final Queue<Subscription> ready = new ArrayDeque<>();
    private final Queue<Subscription> woken = new ConcurrentLinkedQueue<>();

    Subscriptions(Delivery delivery, ClientInfo client, Runnable signal) {
        this.delivery = delivery;
        this.client = client;
        this.signal = signal;
        this.ended = new Bounded(delivery.limits().maxSubscriptions());
    }

    void subscribe(ClientMessage.Subscribe request, Consumer<byte[]> out) {
        String executionId = request.executionId();
        Subscription subscription = open.get(executionId);
        if (subscription == null) {
            if (open.size() >= delivery.limits().maxSubscriptions()) {
                out.accept(delivery.messages()
                        .error(
                                request.id(),
                                ErrorCode.TOO_MANY_SUBSCRIPTIONS,
                                "This connection has " + open.size()
                                        + " subscriptions, which is as many as it may have; unsubscribe from one first",
                                Map.of("executionId", executionId)));
                return;
            }
            Position start = ended.getOrDefault(executionId, Position.START);
            subscription = new Subscription(delivery, client, executionId, start, this::wake);
        }
        if (subscription.request(request, out)) {
            ended.remove(executionId);
            open.put(executionId, subscription);
            enqueue(subscription);
        }
    }

    void unsubscribe(String executionId) {
        ended.remove(executionId);
        Subscription subscription = open.remove(executionId);
        if (subscription != null) {
            subscription.close();
        }
    }

    /** Lets those that are ready fill a batch, in turns. */
    void fill(Batch batch) {
        takeWoken();
        for (int turn = 0; turn < TURNS_PER_RUN && !batch.isFull(); turn++) {
            Subscription subscription = ready.poll();
            if (subscription == null) {
                return;
            }
            subscription.queued(false);
            if (isOpen(subscription)) {
                take(subscription, batch);
            }
        }
    }

    /** Whether any is ready now. */
    boolean areReady() {
        return !ready.isEmpty();
    }

    void close() {
        open.values().forEach(Subscription::close);
        open.clear();
        ended.clear();
        ready.clear();
        woken.clear();
    }

    private void take(Subscription subscription, Batch batch) {
        Subscription.Turn turn;
        try {
            turn = subscription.advance(batch);
        } catch (RuntimeException e) {
            LOGGER.error("Delivery of execution {} to a client failed; it is ended", subscription.executionId(), e);
            batch.add(delivery.messages()
                    .error(
                            null,
                            ErrorCode.INTERNAL,
                            "The delivery of this execution failed; subscribe once more to go on",
                            Map.of("executionId", subscription.executionId())));
            turn = Subscription.Turn.ENDED;
        }
        switch (turn) {
            case MORE -> enqueue(subscription);
            case WAITING -> {}
            case ENDED -> {
                ended.put(subscription.executionId(), subscription.position());
                open.remove(subscription.executionId());
                subscription.close();
            }
        }
    }

    /** Any thread. */
    private void wake(Subscription subscription) {
        woken.add(subscription);
        signal.run();
    }

    private void takeWoken() {
        for (Subscription subscription = woken.poll(); subscription != null; subscription = woken.poll()) {
            subscription.rearm();
            if (isOpen(subscription)) {
                enqueue(subscription);
            }
        }
    }

    private boolean isOpen(Subscription subscription) {
        return open.get(subscription.executionId()) == subscription;
    }

    private void enqueue(Subscription subscription) {
        if (!subscription.isQueued()) {
            subscription.queued(true);
            ready.add(subscription);
        }
    }

    /** Keeps the newest. */
    private static final class Bounded extends LinkedHashMap<String, Position> {

        private static final long serialVersionUID = 1L;

        private final int max;

        Bounded(int max) {
            this.max = max;
        }

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Position> eldest) {
            return size() > max;
        }
    }
}
