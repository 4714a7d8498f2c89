package io.flowscript.events.delivery;

import io.flowscript.core.concurrent.Guard;
import io.flowscript.core.log.EventLog;
import io.flowscript.core.log.Position;
import io.flowscript.engine.Execution;
import io.flowscript.json.protocol.ClientMessage;
import io.flowscript.json.protocol.ErrorCode;
import io.flowscript.json.protocol.Scope;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * All subscriptions of one client.
 *
 * <p>A subscription is single when it covers one execution, and wide when it covers a workflow's executions or all.
 * There is one {@link Feed} for each execution that any subscription covers; the narrowest subscription is the feed's
 * active one. A feed that has something to send is in the queue of ready feeds. {@link #fill} gives these feeds turns,
 * first in, first out, until the batch is full.
 *
 * <p>When an execution has ended, only the feed's last position is kept, for the most recently ended ones. A later
 * subscription to the same execution continues there.
 *
 * <p>Only the client's pump uses this class, except for {@link #wake}, which may run on any thread: it notes the feed or pacer and signals
 * the pump.
 */
final class Subscriptions {

    private static final Logger LOGGER = LoggerFactory.getLogger(Subscriptions.class);

    /** Bounds a run of the pump when there is much to read and little to send. */
    private static final int TURNS_PER_RUN = 256;

    private final Delivery delivery;
    private final ConnectedClient client;
    private final LiveClient liveClient;
    private final Runnable signal;
    private final CompactMap<Scope, Subscription> byScope = new CompactMap<>();
    private final CompactMap<String, Feed> feeds = new CompactMap<>();
    private final ReadyFeeds readyFeeds = new ReadyFeeds();
    private final WakeUps wakeUps = new WakeUps();

    /** Null while no feed has ended. */
    private @Nullable NewestFeeds endedFeeds;

    private NewExecutions.@Nullable Reader newExecutions;

    /** Null until there is a filter. */
    private @Nullable FilterEntries filters;

    Subscriptions(Delivery delivery, ConnectedClient client, LiveClient liveClient, Runnable signal) {
        this.delivery = delivery;
        this.client = client;
        this.liveClient = liveClient;
        this.signal = signal;
    }

    void subscribe(ClientMessage.Subscribe request, Consumer<byte[]> out) {
        String refusalReason = refusalReason(request);
        if (refusalReason != null) {
            out.accept(tooMany(request.id(), refusalReason, details(request.scope())));
        } else if (request.scope() instanceof Scope.OneExecution one) {
            subscribeSingle(delivery.encoded().shared(one), request, out);
        } else {
            subscribeWide(request, out);
        }
    }

    void unsubscribe(Scope scope, Consumer<byte[]> out) {
        joinStarted(out);
        if (scope instanceof Scope.OneExecution one) {
            forgetEnded(one.executionId());
        }
        Subscription gone = remove(scope);
        if (gone == null) {
            return;
        }
        if (scope instanceof Scope.OneExecution one) {
            Feed feed = feeds.get(one.executionId());
            if (feed != null) {
                reassign(feed);
            }
        } else {
            feeds.values().forEach(this::reassign);
        }
        gone.close();
        if (newExecutions != null && isWide(scope) && !hasWideSubscription()) {
            newExecutions.close();
            newExecutions = null;
        }
    }

    /** Asks anew what the client may see, since its groups have changed. What it has lost looks as if it did not exist. */
    void recheck(Consumer<byte[]> out) {
        for (Feed feed : feeds.values()) {
            if (feed.isPermitted()) {
                feed.redact();
                feed.lookAgain();
                continue;
            }
            Scope.OneExecution one = new Scope.OneExecution(feed.executionId());
            if (byScope.containsKey(one)) {
                out.accept(delivery.refusal(
                        null, ErrorCode.EXECUTION_NOT_FOUND, "There is no such execution", details(one)));
            }
            end(feed);
        }
        byScope.keys().stream().filter(Subscriptions::isWide).forEach(scope -> {
            List<Execution> running = runningExecutions(scope);
            if (running == null) {
                out.accept(tooMany(null, tooManyFollowedMessage(), details(scope)));
            } else {
                join(running, out);
            }
        });
    }

    /** Where the client stands in executions that have something for it. */
    Backlog backlog() {
        drainWakeUps();
        return new Backlog(readyFeeds.places(Backlog.MAX_PLACES));
    }

    /** Gives ready feeds turns until the batch is full or no feed is ready. */
    void fill(Batch batch) {
        joinNewExecutions(batch);
        drainWakeUps();
        for (int turn = 0; turn < TURNS_PER_RUN && !batch.isFull(); turn++) {
            Feed feed = readyFeeds.poll();
            if (feed == null) {
                return;
            }
            if (isOpen(feed)) {
                runTurn(feed, batch);
            }
        }
    }

    /** Returns the number of subscriptions. */
    int size() {
        return byScope.size();
    }

    /** Returns the number of executions that have a feed. */
    int followed() {
        return feeds.size();
    }

    /** Whether a feed has something to send now. */
    boolean hasReadyFeeds() {
        return !readyFeeds.isEmpty();
    }

    /** Whether this client has missed newly started executions, because their buffer was full. */
    boolean isBehind() {
        return newExecutions != null && newExecutions.isBehind();
    }

    void close() {
        feeds.values().forEach(Feed::close);
        byScope.values().forEach(Subscription::close);
        feeds.clear();
        byScope.clear();
        endedFeeds = null;
        readyFeeds.clear();
        wakeUps.clear();
        if (newExecutions != null) {
            newExecutions.close();
            newExecutions = null;
        }
    }

    /** Returns why a subscription exceeds a limit; null when it does not. */
    private @Nullable String refusalReason(ClientMessage.Subscribe request) {
        BridgeLimits limits = delivery.limits();
        Subscription before = byScope.get(request.scope());
        if (before == null && byScope.size() >= limits.maxSubscriptions()) {
            return "This connection has " + byScope.size() + " subscriptions, its maximum; unsubscribe from one first";
        }
        if (request.filter().size() > 0) {
            int entries = filterEntries().with(request.filter(), before == null ? null : before.filter());
            if (entries > limits.maxFilterEntries()) {
                return "The filters of this connection may name at most " + limits.maxFilterEntries()
                        + " types and nodes in total; with this filter there would be " + entries;
            }
        }
        boolean more = request.scope() instanceof Scope.OneExecution one && !feeds.containsKey(one.executionId());
        return more && isFull() ? tooManyFollowedMessage() : null;
    }

    private FilterEntries filterEntries() {
        FilterEntries made = filters;
        if (made == null) {
            made = new FilterEntries();
            filters = made;
        }
        return made;
    }

    private void subscribeSingle(Scope.OneExecution scope, ClientMessage.Subscribe request, Consumer<byte[]> out) {
        String executionId = scope.executionId();
        Subscription subscription = Subscription.of(request, scope, delivery.clock(), liveClient::wake);
        Feed feed = feeds.get(executionId);
        if (feed == null) {
            EndedFeed ended = ended(executionId);
            Position start = ended == null ? Position.START : ended.position;
            feed = new Feed(delivery, client, liveClient, executionId, start, subscription);
        } else {
            feed.activate(subscription);
        }
        replace(subscription);
        if (feed.request(request, out)) {
            forgetEnded(executionId);
            feeds.put(executionId, feed);
            readyFeeds.add(feed);
        } else {
            end(feed);
        }
    }

    private void subscribeWide(ClientMessage.Subscribe request, Consumer<byte[]> out) {
        Scope scope = request.scope();
        if (newExecutions == null) {
            newExecutions = delivery.newExecutions().reader(signal);
        } else {
            joinStarted(out);
        }
        List<Execution> running = runningExecutions(scope);
        if (running == null) {
            out.accept(tooMany(request.id(), tooManyFollowedMessage(), details(scope)));
            if (!hasWideSubscription()) {
                newExecutions.close();
                newExecutions = null;
            }
            return;
        }
        replace(Subscription.of(request, scope, delivery.clock(), liveClient::wake));
        out.accept(delivery.messages().subscribed(request.id(), scope));
        for (Feed feed : feeds.values()) {
            reactivate(feed, scope, request.latest());
        }
        join(running, out);
    }

    private void join(List<Execution> running, Consumer<byte[]> out) {
        for (Execution execution : running) {
            EventLog log = execution.events();
            join(execution.id(), log.workflowId(), log.joinPosition(), null, out);
        }
    }

    /** Executions that started before a request join the subscriptions from before it. */
    private void joinStarted(Consumer<byte[]> out) {
        NewExecutions.Reader started = newExecutions;
        if (started == null) {
            return;
        }
        for (NewExecutions.NewExecution added = started.next(); added != null; added = started.next()) {
            join(added, out);
        }
    }

    /** Applies a new or repeated wide subscription to a feed that exists already. */
    private void reactivate(Feed feed, Scope scope, boolean latest) {
        Subscription narrowest = narrowest(feed);
        if (narrowest == null || !narrowest.scope().equals(scope)) {
            return; // a narrower subscription is active
        }
        String workflowId = feed.workflowId();
        if (!delivery.operations().sees(client.identity(), workflowId, feed.executionId())) {
            end(feed);
            return;
        }
        feed.activate(narrowest);
        if (latest && workflowId != null) {
            feed.join(workflowId, null, null);
        }
        readyFeeds.add(feed);
    }

    /**
     * Returns the executions of a scope that are in memory, have not ended and may be seen by the client, the oldest first;
     * null when the client would follow more than its limit. An execution that waits outside memory joins when it comes back.
     */
    private @Nullable List<Execution> runningExecutions(Scope scope) {
        String workflowId = scope instanceof Scope.OneWorkflow one ? one.workflowId() : null;
        int most = delivery.limits().maxFollowed() - feeds.size();
        List<Execution> found = new ArrayList<>();
        int[] more = {0};
        delivery.flows().executions().forEach(execution -> {
            if (more[0] <= most
                    && (workflowId == null || workflowId.equals(execution.workflowId()))
                    && !execution.events().isEnded()
                    && delivery.sees(client.identity(), execution)) {
                found.add(execution);
                more[0] += feeds.containsKey(execution.id()) ? 0 : 1;
            }
        });
        if (more[0] > most) {
            return null;
        }
        Collections.reverse(found);
        return found;
    }

    /** Adds feeds for newly started executions that a wide subscription covers. */
    private void joinNewExecutions(Batch batch) {
        while (newExecutions != null && !batch.isFull()) {
            NewExecutions.NewExecution added = newExecutions.next();
            if (added == null) {
                return;
            }
            join(added, batch::add);
        }
    }

    private void join(NewExecutions.NewExecution added, Consumer<byte[]> out) {
        if (narrowestWide(added.workflowId()) != null
                && delivery.operations().sees(client.identity(), added.workflowId(), added.executionId())) {
            join(added.executionId(), added.workflowId(), added.before(), added.held(), out);
        }
    }

    private void join(
            String executionId, String workflowId, Position from, @Nullable Execution held, Consumer<byte[]> out) {
        Feed feed = feeds.get(executionId);
        Subscription subscription = narrowestWide(workflowId);
        if (feed != null) {
            feed.markJoined(workflowId, from);
        } else if (subscription == null || hasAllAfter(executionId, from)) {
            return;
        } else if (isFull()) {
            out.accept(tooMany(null, tooManyFollowedMessage(), Map.of("executionId", executionId)));
        } else {
            feed = new Feed(delivery, client, liveClient, executionId, from, subscription);
            feed.join(workflowId, from, held);
            feeds.put(executionId, feed);
            readyFeeds.add(feed);
        }
    }

    /**
     * Returns whether this client has got an execution to its end already, and so all that follows a position. The news of an
     * execution can come after that: one that is read to its end may have changed several times meanwhile.
     */
    private boolean hasAllAfter(String executionId, Position from) {
        EndedFeed ended = ended(executionId);
        return ended != null
                && ended.hasAll
                && ended.position.seq() >= from.seq()
                && Objects.equals(ended.position.epoch(), from.epoch());
    }

    /**
     * Finds the next active subscription for a feed after a subscription was removed. The feed continues where it
     * stands, or closes when no subscription covers it.
     */
    private void reassign(Feed feed) {
        Subscription next = narrowest(feed);
        boolean isWide = next != null && !(next.scope() instanceof Scope.OneExecution);
        if (next == null || (isWide && !feed.isJoined())) {
            feeds.remove(feed.executionId());
            feed.close();
            return;
        }
        String workflowId = feed.workflowId();
        if (workflowId == null || narrowestWide(workflowId) == null) {
            feed.markLeft();
        }
        if (!next.equals(feed.activeSubscription())) {
            feed.activate(next);
            readyFeeds.add(feed);
        }
    }

    private @Nullable Subscription narrowest(Feed feed) {
        Subscription one = byScope.get(new Scope.OneExecution(feed.executionId()));
        String workflowId = feed.workflowId();
        return one != null || workflowId == null ? one : narrowestWide(workflowId);
    }

    private @Nullable Subscription narrowestWide(String workflowId) {
        Subscription workflow = byScope.get(new Scope.OneWorkflow(workflowId));
        return workflow == null ? byScope.get(new Scope.All()) : workflow;
    }

    private boolean hasWideSubscription() {
        return byScope.keys().stream().anyMatch(Subscriptions::isWide);
    }

    private static boolean isWide(Scope scope) {
        return !(scope instanceof Scope.OneExecution);
    }

    private boolean isFull() {
        return feeds.size() >= delivery.limits().maxFollowed();
    }

    private void replace(Subscription subscription) {
        Subscription before = byScope.put(subscription.scope(), subscription);
        if (!subscription.filter().isEmpty()) {
            filterEntries().add(subscription.filter());
        }
        if (before != null) {
            uncount(before);
            before.close();
        }
    }

    /** Removes a subscription. {@return it; null when there is none} The caller closes it. */
    private @Nullable Subscription remove(Scope scope) {
        Subscription gone = byScope.remove(scope);
        if (gone != null) {
            uncount(gone);
        }
        return gone;
    }

    private void uncount(Subscription gone) {
        if (filters != null) {
            filters.remove(gone.filter());
        }
    }

    private void runTurn(Feed feed, Batch batch) {
        Feed.Turn turn;
        try {
            turn = feed.advance(batch);
        } catch (Throwable e) {
            Guard.report(
                    e,
                    shown -> LOGGER.error(
                            "The delivery of execution {} to a client failed; the feed is closed",
                            feed.executionId(),
                            shown));
            batch.add(delivery.refusal(
                    null,
                    ErrorCode.INTERNAL,
                    "The delivery of this execution failed; subscribe again to continue",
                    Map.of("executionId", feed.executionId())));
            turn = Feed.Turn.ENDED;
        }
        switch (turn) {
            case MORE -> readyFeeds.add(feed);
            case WAITING -> {}
            case ENDED -> end(feed);
        }
    }

    private void end(Feed feed) {
        Subscription one = remove(new Scope.OneExecution(feed.executionId()));
        if (one != null) {
            one.close();
        }
        if (endedFeeds == null) {
            endedFeeds = new NewestFeeds(delivery.limits().maxSubscriptions());
        }
        endedFeeds.put(feed.executionId(), new EndedFeed(feed.position(), feed.hasAll()));
        if (isOpen(feed)) {
            feeds.remove(feed.executionId());
        }
        feed.close();
    }

    /** Puts a feed back into the queue of ready feeds, or those that wait for a pacer. Any thread. */
    void wake(WakeUps.Sleeper woken) {
        if (wakeUps.add(woken)) {
            signal.run();
        }
    }

    private void drainWakeUps() {
        wakeUps.drain(woken -> {
            if (woken instanceof Pacer pacer) {
                pacer.release().forEach(readyFeeds::add);
            } else if (woken instanceof Feed feed && isOpen(feed)) {
                readyFeeds.add(feed);
            }
        });
    }

    private @Nullable EndedFeed ended(String executionId) {
        return endedFeeds == null ? null : endedFeeds.get(executionId);
    }

    private void forgetEnded(String executionId) {
        if (endedFeeds != null) {
            endedFeeds.remove(executionId);
        }
    }

    private boolean isOpen(Feed feed) {
        return feeds.get(feed.executionId()) == feed;
    }

    private String tooManyFollowedMessage() {
        return "This connection may follow at most " + delivery.limits().maxFollowed()
                + " executions at once, and its subscriptions cover more; use narrower subscriptions";
    }

    private byte[] tooMany(@Nullable String replyTo, String message, Map<String, ?> details) {
        return delivery.refusal(replyTo, ErrorCode.TOO_MANY_SUBSCRIPTIONS, message, details);
    }

    /** What a refusal of a subscription tells about it. */
    static Map<String, ?> details(Scope scope) {
        if (scope instanceof Scope.OneExecution one) {
            return Map.of("executionId", one.executionId());
        }
        return scope instanceof Scope.OneWorkflow one ? Map.of("workflowId", one.workflowId()) : Map.of("all", true);
    }

    /**
     * Where a feed ended.
     *
     * @param hasAll whether the execution has ended too, and the client has got all of it
     */
    private record EndedFeed(Position position, boolean hasAll) {}

    /** The feeds that ended last. */
    private static final class NewestFeeds extends LinkedHashMap<String, EndedFeed> {

        private static final long serialVersionUID = 1L;

        private final int max;

        NewestFeeds(int max) {
            this.max = max;
        }

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, EndedFeed> eldest) {
            return size() > max;
        }
    }
}
