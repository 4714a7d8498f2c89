package io.flowscript.events.delivery;

import io.flowscript.core.FlowScriptException;
import io.flowscript.core.bridge.ClientInfo;
import io.flowscript.core.engine.Execution;
import io.flowscript.core.engine.ExecutionManager;
import io.flowscript.core.log.EventLog;
import io.flowscript.core.log.Position;
import io.flowscript.json.protocol.ClientMessage;
import io.flowscript.json.protocol.ErrorCode;
import io.flowscript.json.protocol.Scope;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One client's subscriptions, one feed for each execution that falls under any of them, and the line of the feeds that are ready,
 * who take turns. Used by the client's pump alone, but for what wakes it. Of an execution that has ended only the position is kept, of
 * the newest of them, for a client that asks for it once more.
 */
final class Subscriptions {

    private static final Logger LOGGER = LoggerFactory.getLogger(Subscriptions.class);

    /** So that a run of the pump ends soon even where there is much to read and little to send. */
    private static final int TURNS_PER_RUN = 256;

    private static final int PAGE = 1_000;

    private final Delivery delivery;
    private final ClientInfo client;
    private final Runnable signal;
    private final Map<Scope, Subscription> asked = new HashMap<>();
    private final Map<String, Feed> feeds = new HashMap<>();
    private final Map<String, Position> ended;
    private final Queue<Feed> ready = new ArrayDeque<>();
    private final Queue<Feed> woken = new ConcurrentLinkedQueue<>();
    private final Queue<Pacer> ticked = new ConcurrentLinkedQueue<>();
    private NewExecutions.@Nullable Reader arrivals;

    Subscriptions(Delivery delivery, ClientInfo client, Runnable signal) {
        this.delivery = delivery;
        this.client = client;
        this.signal = signal;
        this.ended = new Bounded(delivery.limits().maxSubscriptions());
    }

    void subscribe(ClientMessage.Subscribe request, Consumer<byte[]> out) {
        String refusal = refusal(request);
        if (refusal != null) {
            out.accept(tooMany(request.id(), refusal, details(request.scope())));
        } else if (request.scope() instanceof Scope.OneExecution one) {
            subscribeToOne(one, request, out);
        } else {
            subscribeToMany(request, out);
        }
    }

    void unsubscribe(Scope scope) {
        if (scope instanceof Scope.OneExecution one) {
            ended.remove(one.executionId());
        }
        Subscription gone = asked.remove(scope);
        if (gone == null) {
            return;
        }
        if (scope instanceof Scope.OneExecution one) {
            Feed feed = feeds.get(one.executionId());
            if (feed != null) {
                handOver(feed);
            }
        } else {
            List.copyOf(feeds.values()).forEach(this::handOver);
        }
        gone.close();
        if (arrivals != null && !followsMany()) {
            arrivals.close();
            arrivals = null;
        }
    }

    /** Lets those that are ready fill a batch, in turns. */
    void fill(Batch batch) {
        takeArrivals(batch);
        takeWoken();
        for (int turn = 0; turn < TURNS_PER_RUN && !batch.isFull(); turn++) {
            Feed feed = ready.poll();
            if (feed == null) {
                return;
            }
            feed.queued(false);
            if (isOpen(feed)) {
                take(feed, batch);
            }
        }
    }

    /** How many there are. */
    int size() {
        return asked.size();
    }

    /** How many executions they are about, as far as is known. */
    int followed() {
        return feeds.size();
    }

    /** Whether any is ready now. */
    boolean areReady() {
        return !ready.isEmpty();
    }

    /** Whether executions began that this client can no longer be told of. */
    boolean isBehind() {
        return arrivals != null && arrivals.isBehind();
    }

    void close() {
        feeds.values().forEach(Feed::close);
        asked.values().forEach(Subscription::close);
        feeds.clear();
        asked.clear();
        ended.clear();
        ready.clear();
        woken.clear();
        ticked.clear();
        if (arrivals != null) {
            arrivals.close();
            arrivals = null;
        }
    }

    /** Why a subscription is one too many, null when it is not. */
    private @Nullable String refusal(ClientMessage.Subscribe request) {
        BridgeLimits limits = delivery.limits();
        Subscription before = asked.get(request.scope());
        if (before == null && asked.size() >= limits.maxSubscriptions()) {
            return "This connection has " + asked.size()
                    + " subscriptions, which is as many as it may have; unsubscribe from one first";
        }
        int entries = asked.values().stream()
                .filter(subscription -> !subscription.equals(before))
                .mapToInt(subscription -> subscription.filter().size())
                .sum();
        if (entries + request.filter().size() > limits.maxFilterEntries()) {
            return "The filters of this connection may name " + limits.maxFilterEntries()
                    + " types and nodes together; with this one it would be "
                    + (entries + request.filter().size());
        }
        boolean more = request.scope() instanceof Scope.OneExecution one && !feeds.containsKey(one.executionId());
        return more && isFull() ? followsTooMany() : null;
    }

    private void subscribeToOne(Scope.OneExecution scope, ClientMessage.Subscribe request, Consumer<byte[]> out) {
        String executionId = scope.executionId();
        Subscription subscription = Subscription.of(request, delivery.clock(), this::tick);
        Feed feed = feeds.get(executionId);
        if (feed == null) {
            Position start = ended.getOrDefault(executionId, Position.START);
            feed = new Feed(delivery, client, executionId, start, subscription, this::wake);
        } else {
            feed.activate(subscription);
        }
        replace(subscription);
        if (feed.request(request, out)) {
            ended.remove(executionId);
            feeds.put(executionId, feed);
            enqueue(feed);
        } else {
            end(feed);
        }
    }

    private void subscribeToMany(ClientMessage.Subscribe request, Consumer<byte[]> out) {
        Scope scope = request.scope();
        if (arrivals == null) {
            arrivals = delivery.arrivals().reader(signal);
        } else {
            // What began before this is for the subscriptions of before.
            for (NewExecutions.Arrival arrival = arrivals.next(); arrival != null; arrival = arrivals.next()) {
                join(arrival, out);
            }
        }
        List<Execution> running = running(scope);
        if (running == null) {
            out.accept(tooMany(request.id(), followsTooMany(), details(scope)));
            if (!followsMany()) {
                arrivals.close();
                arrivals = null;
            }
            return;
        }
        replace(Subscription.of(request, delivery.clock(), this::tick));
        out.accept(delivery.messages().subscribed(request.id(), scope));
        for (Feed feed : List.copyOf(feeds.values())) {
            takeUpAgain(feed, scope, request.latest());
        }
        for (Execution execution : running) {
            EventLog log = execution.events();
            join(execution.id(), log.workflowId(), Position.after(log.epoch(), log.latest()), out);
        }
    }

    /** A feed that is there when a subscription to many is made, or made again. */
    private void takeUpAgain(Feed feed, Scope scope, boolean latest) {
        Subscription narrowest = narrowest(feed);
        if (narrowest == null || !narrowest.scope().equals(scope)) {
            return; // it is none of its business
        }
        String workflowId = feed.workflowId();
        if (!delivery.operations().sees(client.identity(), workflowId, feed.executionId())) {
            end(feed);
            return;
        }
        feed.activate(narrowest);
        if (latest && workflowId != null) {
            feed.join(workflowId, null);
        }
        enqueue(feed);
    }

    /**
     * The executions of a scope that have not ended and may be seen, the oldest first; null when they are more than this client may
     * follow.
     */
    private @Nullable List<Execution> running(Scope scope) {
        ExecutionManager executions = delivery.flows().executions();
        String workflowId = scope instanceof Scope.OneWorkflow one ? one.workflowId() : null;
        Map<String, Execution> found = new LinkedHashMap<>();
        int room = delivery.limits().maxFollowed() - feeds.size();
        String olderThan = null;
        boolean more = true;
        while (more) {
            List<Execution> page;
            try {
                page = executions.list(workflowId, null, olderThan, PAGE);
            } catch (FlowScriptException forgotten) {
                olderThan = null; // the one to go on from is gone
                continue;
            }
            for (Execution execution : page) {
                if (!execution.events().isEnded() && delivery.sees(client.identity(), execution)) {
                    found.put(execution.id(), execution);
                    room -= feeds.containsKey(execution.id()) ? 0 : 1;
                }
            }
            if (room < 0) {
                return null;
            }
            more = page.size() == PAGE;
            olderThan = more ? page.get(PAGE - 1).id() : null;
        }
        List<Execution> oldestFirst = new ArrayList<>(found.values());
        Collections.reverse(oldestFirst);
        return oldestFirst;
    }

    /** Executions that came to be join the subscriptions that they fall under. */
    private void takeArrivals(Batch batch) {
        while (arrivals != null && !batch.isFull()) {
            NewExecutions.Arrival arrival = arrivals.next();
            if (arrival == null) {
                return;
            }
            join(arrival, batch::add);
        }
    }

    private void join(NewExecutions.Arrival arrival, Consumer<byte[]> out) {
        if (narrowestOfMany(arrival.workflowId()) != null
                && delivery.operations().sees(client.identity(), arrival.workflowId(), arrival.executionId())) {
            join(arrival.executionId(), arrival.workflowId(), arrival.before(), out);
        }
    }

    private void join(String executionId, String workflowId, Position from, Consumer<byte[]> out) {
        Feed feed = feeds.get(executionId);
        Subscription subscription = narrowestOfMany(workflowId);
        if (feed != null) {
            feed.joined(workflowId, from);
        } else if (subscription == null) {
            return;
        } else if (isFull()) {
            out.accept(tooMany(null, followsTooMany(), Map.of("executionId", executionId)));
        } else {
            feed = new Feed(delivery, client, executionId, from, subscription, this::wake);
            feed.join(workflowId, from);
            feeds.put(executionId, feed);
            enqueue(feed);
        }
    }

    /** A subscription is gone. A feed that it was active for takes the next one, from where it stands, or ends. */
    private void handOver(Feed feed) {
        Subscription next = narrowest(feed);
        boolean ofMany = next != null && !(next.scope() instanceof Scope.OneExecution);
        if (next == null || (ofMany && !feed.isJoined())) {
            feeds.remove(feed.executionId());
            feed.close();
            return;
        }
        String workflowId = feed.workflowId();
        if (workflowId == null || narrowestOfMany(workflowId) == null) {
            feed.left();
        }
        if (!next.equals(feed.activeSubscription())) {
            feed.activate(next);
            enqueue(feed);
        }
    }

    private @Nullable Subscription narrowest(Feed feed) {
        Subscription one = asked.get(new Scope.OneExecution(feed.executionId()));
        String workflowId = feed.workflowId();
        return one != null || workflowId == null ? one : narrowestOfMany(workflowId);
    }

    private @Nullable Subscription narrowestOfMany(String workflowId) {
        Subscription workflow = asked.get(new Scope.OneWorkflow(workflowId));
        return workflow == null ? asked.get(new Scope.All()) : workflow;
    }

    private boolean followsMany() {
        return asked.keySet().stream().anyMatch(scope -> !(scope instanceof Scope.OneExecution));
    }

    private boolean isFull() {
        return feeds.size() >= delivery.limits().maxFollowed();
    }

    private void replace(Subscription subscription) {
        Subscription before = asked.put(subscription.scope(), subscription);
        if (before != null) {
            before.close();
        }
    }

    private void take(Feed feed, Batch batch) {
        Feed.Turn turn;
        try {
            turn = feed.advance(batch);
        } catch (RuntimeException e) {
            LOGGER.error("Delivery of execution {} to a client failed; it is ended", feed.executionId(), e);
            batch.add(delivery.refusal(
                    null,
                    ErrorCode.INTERNAL,
                    "The delivery of this execution failed; subscribe once more to go on",
                    Map.of("executionId", feed.executionId())));
            turn = Feed.Turn.ENDED;
        }
        switch (turn) {
            case MORE -> enqueue(feed);
            case WAITING -> {}
            case ENDED -> end(feed);
        }
    }

    private void end(Feed feed) {
        Subscription one = asked.remove(new Scope.OneExecution(feed.executionId()));
        if (one != null) {
            one.close();
        }
        ended.put(feed.executionId(), feed.position());
        feeds.remove(feed.executionId(), feed);
        feed.close();
    }

    /** Any thread. */
    private void wake(Feed feed) {
        woken.add(feed);
        signal.run();
    }

    /** Any thread. */
    private void tick(Pacer pacer) {
        ticked.add(pacer);
        signal.run();
    }

    private void takeWoken() {
        for (Pacer pacer = ticked.poll(); pacer != null; pacer = ticked.poll()) {
            pacer.release().forEach(this::enqueue);
        }
        for (Feed feed = woken.poll(); feed != null; feed = woken.poll()) {
            feed.rearm();
            if (isOpen(feed)) {
                enqueue(feed);
            }
        }
    }

    private boolean isOpen(Feed feed) {
        return feeds.get(feed.executionId()) == feed;
    }

    private void enqueue(Feed feed) {
        if (!feed.isQueued()) {
            feed.queued(true);
            ready.add(feed);
        }
    }

    private String followsTooMany() {
        return "This connection may follow " + delivery.limits().maxFollowed()
                + " executions at once, and more fall under its subscriptions; subscribe to what it needs";
    }

    private byte[] tooMany(@Nullable String replyTo, String message, Map<String, ?> details) {
        return delivery.refusal(replyTo, ErrorCode.TOO_MANY_SUBSCRIPTIONS, message, details);
    }

    private static Map<String, ?> details(Scope scope) {
        if (scope instanceof Scope.OneExecution one) {
            return Map.of("executionId", one.executionId());
        }
        return scope instanceof Scope.OneWorkflow one ? Map.of("workflowId", one.workflowId()) : Map.of("all", true);
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
