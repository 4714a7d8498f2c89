package io.flowscript.client;

import io.flowscript.client.ConnectionChange.State;
import io.flowscript.core.FlowScriptException;
import io.flowscript.core.log.Position;
import io.flowscript.json.EventMessages;
import io.flowscript.json.codec.Plain;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One of the client's connections: which subscriptions and commands it has, and where each subscription stands. It connects when
 * there is something to do, comes back after a loss, and goes on exactly where it was. For the loop's thread.
 *
 * <p>How the next try is made, and over which transport, is decided by the {@link Route}.
 */
final class Connection {

    private static final int MAX_TRIES = 6;
    private static final Duration ASK_AGAIN = Duration.ofSeconds(1);

    /** Refusals that pass: the same can succeed later. */
    static final Set<String> TRY_AGAIN = Set.of("rate_limited", "memory_limit", "store_unavailable", "server_closing");

    private final ClientContext context;
    private final Route route;
    private final Map<String, Feed> feeds = new LinkedHashMap<>();
    private final Set<Subscription> subscriptions = new LinkedHashSet<>();
    private final Map<String, Command> commands = new LinkedHashMap<>();
    private final Acks acks = new Acks();
    private final InboxWatches watches;

    /** The subscription to many executions. It has a connection of its own. */
    private @Nullable Subscription many;

    private final Wide wide;
    private final Window window = new Window();

    Connection(ClientContext context, int number) {
        this.context = context;
        route = new Route(context, number, this);
        watches = new InboxWatches(context, this, route);
        wide = new Wide(context, route);
    }

    // ---- what is asked ----

    /** Adds a subscription and connects. */
    void add(Subscription subscription) {
        subscriptions.add(subscription);
        subscription.placeOn(this);
        String executionId = subscription.stream.executionId();
        if (executionId != null) {
            read(subscription, feed(executionId), subscription.start(executionId), subscription.stream.isFromLatest());
        } else {
            many = subscription;
            subscription.stream.positions().forEach((id, position) -> read(subscription, feed(id), position, false));
        }
        connect();
        if (route.isUp()) {
            feeds.values().forEach(this::widen);
            attachAll();
            subscribeToMany();
        }
    }

    /** Removes a subscription that has ended. */
    void remove(Subscription subscription) {
        if (subscriptions.remove(subscription)) {
            List.copyOf(subscription.readers.values()).forEach(this::drop);
            if (subscription.equals(many)) {
                many = null;
                route.close();
            }
            rest();
        }
    }

    /** A subscription has no more to do with an execution. */
    void drop(Reader reader) {
        Feed feed = reader.feed;
        reader.subscription.readers.remove(feed.id);
        feed.readers.remove(reader);
        if (feed.readers.isEmpty()) {
            feeds.remove(feed.id);
            feed.question.clear();
            feed.again.clear();
            forget(feed);
        } else {
            relax(feed);
        }
    }

    boolean follows(String executionId) {
        return feeds.containsKey(executionId);
    }

    int executions() {
        return feeds.size();
    }

    int subscriptions() {
        return subscriptions.size();
    }

    int queued() {
        return commands.size();
    }

    State state() {
        return route.state();
    }

    boolean hasWork() {
        return !subscriptions.isEmpty() || !commands.isEmpty() || !watches.isEmpty();
    }

    /** Sends a command as soon as that is possible. */
    void send(Command command) {
        if (commands.size() >= context.settings().queue()) {
            command.reply.completeExceptionally(
                    new ClientException("queue_full", commands.size() + " commands wait for the server already"));
            return;
        }
        if (commands.putIfAbsent(command.id, command) != null) {
            command.reply.completeExceptionally(
                    new ClientException("idempotency_conflict", "A command with this id is on its way"));
            return;
        }
        connect();
        dispatch(command);
    }

    /** Nobody waits for the reply any more. */
    void giveUp(Command command) {
        command.isOver = true;
        if (commands.remove(command.id, command)) {
            command.again.clear();
            rest();
        }
    }

    void ack(String executionId, Position position) {
        acks.put(executionId, position);
        connect();
        route.ack(executionId, position);
        rest();
    }

    InboxWatches watches() {
        return watches;
    }

    void connect() {
        route.connect();
    }

    /** Ends everything that it has. */
    void close(@Nullable ClientException error) {
        route.close();
        end(error, new ConnectionException("closed", "The client was closed"));
    }

    /** The connection has ended for good. */
    void failed(ConnectionException error) {
        end(error, error);
    }

    private void end(@Nullable ClientException ofSubscriptions, ClientException ofCommands) {
        List.copyOf(commands.values()).forEach(command -> {
            giveUp(command);
            command.reply.completeExceptionally(ofCommands);
        });
        List.copyOf(subscriptions).forEach(subscription -> subscription.finish(ofSubscriptions));
        watches.close(ofSubscriptions);
        acks.clear();
    }

    private void rest() {
        route.rest();
    }

    // ---- where subscriptions stand ----

    private Feed feed(String id) {
        return feeds.computeIfAbsent(id, name -> new Feed(name, context.loop()));
    }

    private Reader read(Subscription subscription, Feed feed, @Nullable Position at, boolean isFromLatest) {
        Reader reader = new Reader(subscription, feed, at, isFromLatest);
        feed.readers.add(reader);
        subscription.readers.put(feed.id, reader);
        if (subscription.readers.size() > Subscription.MAX_EXECUTIONS) {
            subscription.finish(
                    new ClientException("too_many_subscriptions", "Too many executions for one subscription"));
        }
        return reader;
    }

    /** Asks for what no reader gets yet. */
    void attachAll() {
        window.begin();
        attach(List.copyOf(feeds.values()));
    }

    private void attach(Collection<Feed> some) {
        if (!route.isUp()) {
            return;
        }
        boolean isBounded = many != null && route.takesMany();
        List<Feed> asked = new ArrayList<>();
        for (Feed feed : some) {
            if ((!isBounded || window.hasRoom(feed)) && feed.prepareRequest()) {
                feed.isSingle = true;
                feed.filter = filterOf(feed);
                window.add(feed);
                asked.add(feed);
            }
        }
        if (!asked.isEmpty()) {
            route.attach(asked);
        }
    }

    /** Ends the server's subscription to one execution, which makes room for others. */
    private void forget(Feed feed) {
        route.forget(feed);
        leave(feed);
    }

    private void leave(Feed feed) {
        window.remove(feed);
        if (many != null && !many.isOver() && window.isTimeForMore()) {
            attachAll();
        }
    }

    Map<String, Object> filterOf(Feed feed) {
        List<Wanted> wanted = new ArrayList<>(feed.wanted());
        if (many != null) {
            wanted.add(many.wanted());
        }
        return Wanted.common(wanted);
    }

    /** Tells the server of a filter that has changed. */
    private void widen(Feed feed) {
        if (feed.isSingle && feed.request == null && !filterOf(feed).equals(feed.filter)) {
            refilter(feed);
        }
    }

    private void refilter(Feed feed) {
        feed.filter = filterOf(feed);
        route.refilter(feed);
    }

    private void subscribeToMany() {
        if (many != null) {
            wide.ask(many);
        }
    }

    /** Ends the server's subscription to one execution when nobody takes from it, or the one to many takes over. */
    private void relax(Feed feed) {
        if (!route.isUp() || !feed.isSingle || feed.request != null) {
            return;
        }
        boolean nobodyTakes = feed.readers.stream().allMatch(reader -> reader.subscription.isBehind());
        boolean othersTake = route.takesMany()
                && many != null
                && wide.isOn()
                && !feed.isWantedAlone()
                && !feed.isEnded
                && feed.readers.stream().allMatch(Reader::isAttached);
        if (nobodyTakes || othersTake) {
            forget(feed);
        }
    }

    // ---- what the route tells ----

    /** There is a link again: everything goes on over it. */
    void online() {
        offline();
        attachAll();
        subscribeToMany();
        acks.forEach(route::ack);
        List.copyOf(commands.values()).forEach(this::dispatch);
        watches.online();
        rest();
    }

    /** Nothing is under way at the server any more. */
    void offline() {
        feeds.values().forEach(Feed::forgetConnection);
        wide.forgetConnection();
        window.clear();
        commands.values().forEach(command -> command.isSent = false);
        watches.offline();
    }

    // ---- what the server says ----

    void receive(Message message) {
        Feed feed = message.optionalText("executionId") == null ? null : feeds.get(message.text("executionId"));
        if (message.seq() > 0) {
            if (feed != null) {
                event(feed, message);
            }
            return;
        }
        switch (message.type()) {
            case "subscribed" -> subscribed(feed, message);
            case "execution_status" -> {
                if (feed != null && message.optionalText("epoch") != null) {
                    status(feed, message);
                }
                reply(message);
            }
            case "events_missed", "events_skipped" -> {
                if (feed != null) {
                    gap(feed, message);
                }
            }
            case "position" -> {
                if (feed != null) {
                    position(feed, message);
                }
            }
            case "interaction_changed", "interaction_gone", "interactions_missed" -> watches.changed();
            case "error" -> refusal(feed, message);
            case "connected" -> {}
            default -> {
                route.progress();
                reply(message);
            }
        }
    }

    private void event(Feed feed, Message message) {
        route.progress();
        context.counters().events++;
        boolean isLast = Wanted.LAST.contains(message.type());
        feed.isEnded |= isLast;
        feed.high = Math.max(feed.high, message.seq());
        Happening happening = new Happening(feed, message);
        for (Reader reader : List.copyOf(feed.readers)) {
            try {
                if (reader.take(message.seq(), isLast, happening::get)) {
                    context.counters().doubles++;
                }
            } catch (FlowScriptException e) {
                reader.subscription.finish(new ClientException("invalid_message", String.valueOf(e.getMessage()), e));
            }
            if (reader.subscription.isBehind()) {
                relax(feed);
            }
        }
    }

    /** The event of a message, which is made once for all readers, if any of them takes it. */
    private static final class Happening {

        private final Feed feed;
        private final Message message;
        private ClientEvent.@Nullable Happened made;

        Happening(Feed feed, Message message) {
            this.feed = feed;
            this.message = message;
        }

        ClientEvent.Happened get() {
            ClientEvent.Happened known = made;
            if (known == null) {
                Set<String> omitted = new HashSet<>();
                if (message.data().get("omitted") instanceof List<?> names) {
                    Plain.array(names).forEach(name -> omitted.add(String.valueOf(name)));
                }
                known = new ClientEvent.Happened(
                        feed.id,
                        feed.workflowId,
                        feed.epoch == null ? Position.after(message.seq()) : Position.after(feed.epoch, message.seq()),
                        Instant.ofEpochMilli(message.timestamp()),
                        EventMessages.event(message.type(), message.data()),
                        contextHash(message),
                        omitted);
                made = known;
            }
            return known;
        }
    }

    /** The hash is that of the server, which can show less to clients than it has. */
    private static @Nullable String contextHash(Message message) {
        Object shown = message.data().get("nodeInfo") instanceof Map<?, ?> info
                ? info.get("contextHash")
                : message.data().get("contextHash");
        return shown instanceof String hash ? hash : null;
    }

    private void subscribed(@Nullable Feed known, Message message) {
        String executionId = message.optionalText("executionId");
        String epoch = message.optionalText("epoch");
        if (executionId == null) {
            if (wide.isAskedBy(message.replyTo())) {
                wide.subscribed(message);
                List.copyOf(feeds.values()).forEach(this::relax);
            }
            return;
        }
        if (epoch == null) {
            return; // the execution does not exist yet
        }
        Feed.Request request = known == null ? null : known.request;
        // An execution that did not exist before is announced without an id.
        boolean isReply = request != null
                && (request.id.equals(message.replyTo()) || (message.replyTo() == null && many == null));
        if (!isReply && many != null) {
            feed(executionId).announced = message;
        }
        if (known == null) {
            return;
        }
        if (!epoch.equals(known.epoch)) {
            known.high = 0;
        }
        known.epoch = epoch;
        long after = message.number("after", -1);
        if (isReply) {
            known.request = null;
            known.refusals = 0;
            // What is sent goes on from here, so a reader that is not so far yet asks for its place again.
            known.readers.stream().filter(reader -> reader.seq() < after).forEach(reader -> reader.attached(false));
        }
        known.isEnded = isEnded(message);
        List<Reader> attached = request != null && isReply
                ? request.readers
                : known.readers.stream().filter(Reader::isAttached).toList();
        for (Reader reader : attached) {
            if (known.readers.contains(reader)) {
                reader.attach(epoch, after);
            }
        }
        if (known.isEnded) {
            long latest = message.number("latest", Long.MAX_VALUE);
            for (Reader reader : attached) {
                if (known.readers.contains(reader) && reader.hasAll(epoch, latest)) {
                    reader.subscription.ended(reader);
                }
            }
        }
        attach(List.of(known));
        relax(known);
    }

    private static boolean isEnded(Message message) {
        String status = message.optionalText("status");
        return status != null && Set.of("completed", "failed", "cancelled").contains(status);
    }

    /** The status of an execution says which workflow it is, and with that whether the subscription to many has it. */
    private void status(Feed feed, Message message) {
        Message announced = feed.announced;
        feed.announced = null;
        feed.workflowId = message.optionalText("workflowId");
        String epoch = message.text("epoch");
        Subscription its = many;
        if (its != null && !its.readers.containsKey(feed.id) && its.covers(feed.workflowId)) {
            boolean began = message.number("startTime", 0) >= wide.since(); // while nobody told us
            long after = announced == null ? feed.high : Math.max(0, announced.number("after", 0));
            boolean isOver = isEnded(message) && after >= message.number("latest", 0) && !began;
            boolean isNews = announced != null || (feed.request == null && !isEnded(message));
            if (isNews && !isOver && !its.isDone(feed.id, epoch)) {
                feed.epoch = epoch;
                read(its, feed, Position.after(epoch, began ? 0 : after), false).attached(!began || after == 0);
            }
        }
        if (feed.readers.isEmpty()) {
            feeds.remove(feed.id, feed);
        } else {
            attach(List.of(feed));
        }
    }

    private void gap(Feed feed, Message message) {
        long from = message.number("from", 0);
        long to = message.number("to", -1);
        for (Reader reader : List.copyOf(feed.readers)) {
            if (message.is("events_skipped")) {
                reader.skipped(from, to);
            } else {
                reader.missed(message.text("epoch"), from, to < 0 ? OptionalLong.empty() : OptionalLong.of(to));
            }
            if (reader.subscription.isBehind()) {
                relax(feed);
            }
        }
    }

    private void position(Feed feed, Message message) {
        String epoch = message.text("epoch");
        feed.readers.forEach(reader -> reader.passed(epoch, message.number("seq", 0)));
        // With a filter of nodes, the last event does not pass. Subscribing again tells whether it was.
        if (feed.filter.containsKey("nodes") && !feed.question.isSet()) {
            feed.question.set(ASK_AGAIN, () -> {
                if (feed.isSingle && feed.request == null) {
                    refilter(feed);
                }
            });
        }
    }

    /** Over HTTP, the server says in another way that nothing can follow. */
    void ended(Feed feed, String epoch, long latest) {
        for (Reader reader : List.copyOf(feed.readers)) {
            if (!reader.isIdle() && reader.hasAll(epoch, latest)) {
                reader.subscription.ended(reader);
            }
        }
    }

    /** Over HTTP, the server says that nothing follows, and not where the execution stands. */
    void ended(Feed feed) {
        List<Reader> ended = feed.asking();
        feed.request = null;
        ended.forEach(reader -> reader.subscription.ended(reader));
        feed.readers.forEach(reader -> reader.attached(false)); // nothing is sent any more
        attach(List.of(feed));
    }

    private void refusal(@Nullable Feed known, Message message) {
        String code = message.text("code");
        String replyTo = message.replyTo();
        if (replyTo != null && commands.containsKey(replyTo)) {
            reply(message);
            return;
        }
        RefusedException error =
                new RefusedException(code, String.valueOf(message.optionalText("message")), message.data());
        List<Feed> feedsOfIt = (known == null ? refused(message) : List.of(known))
                .stream()
                        .filter(feed -> replyTo == null || feed.isAskedBy(replyTo))
                        .toList();
        if (!feedsOfIt.isEmpty()) {
            feedsOfIt.forEach(feed -> refused(feed, error));
        } else if (many != null && wide.isAskedBy(replyTo) && TRY_AGAIN.contains(code)) {
            wide.askLater(many);
        } else if (many != null
                && (wide.isAskedBy(replyTo) || (replyTo == null && code.equals("too_many_subscriptions")))) {
            many.finish(error);
        }
    }

    /** What a refusal of a subscribe is about: the execution that it names, or else all that the subscribe has named. */
    private List<Feed> refused(Message message) {
        if (message.data().get("details") instanceof Map<?, ?> details
                && details.get("executionId") instanceof String executionId) {
            Feed feed = feeds.get(executionId);
            return feed == null ? List.of() : List.of(feed);
        }
        String replyTo = message.replyTo();
        return replyTo == null
                ? List.of()
                : feeds.values().stream()
                        .filter(feed -> feed.isAskedBy(replyTo))
                        .toList();
    }

    /**
     * A refusal that passes ends nothing: it is asked for again after a while. Any other refusal of one execution ends what follows
     * only that; a subscription to many goes on with the others.
     */
    private void refused(Feed feed, RefusedException error) {
        if (TRY_AGAIN.contains(error.code())) {
            feed.refuse();
            feed.again.set(route.backoff(feed.refusals), () -> attach(List.of(feed)));
            leave(feed);
            return;
        }
        List<Reader> readers = feed.asking();
        feed.request = null;
        for (Reader reader : readers) {
            if (reader.subscription.isSingle()) {
                reader.subscription.finish(error);
            } else if (reader.lost()) {
                drop(reader);
            } else {
                reader.attached(false); // it is refused again when there is room to tell what is lost
            }
        }
    }

    // ---- commands: each has an id, and is carried out once however often it is sent ----

    private void dispatch(Command command) {
        if (route.isUp() && !command.isSent && !command.again.isSet()) {
            command.isSent = true;
            command.tries++;
            route.send(command);
        }
    }

    private void reply(Message message) {
        Command command = message.replyTo() == null ? null : commands.get(message.replyTo());
        if (command == null) {
            return;
        }
        String code = message.optionalText("code");
        if (code != null && TRY_AGAIN.contains(code) && command.tries < MAX_TRIES) {
            command.isSent = false;
            Duration wait = route.backoff(command.tries);
            command.again.set(
                    wait.compareTo(message.retryAfter()) < 0 ? message.retryAfter() : wait, () -> dispatch(command));
            return;
        }
        giveUp(command);
        command.reply.complete(message);
        if (!command.type.equals("interactions")) {
            watches.changed();
        }
    }
}
