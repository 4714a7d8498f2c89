package io.flowscript.client;

import io.flowscript.core.log.Position;
import io.flowscript.json.codec.JsonWriter;
import io.flowscript.json.protocol.PositionText;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeoutException;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Server-sent events or long polls for what comes, and requests for what is sent. For the loop's thread. */
final class HttpLink implements Link {

    /** Beyond that many streams it polls, so that one client does not take a connection for each execution. */
    private static final int MAX_STREAMS = 4;

    private static final int POLL_LIMIT = 500;
    private static final Duration NOT_FOUND = Duration.ofMinutes(5);
    private static final Duration SOON = Duration.ofSeconds(1);
    private static final long MAX_WAIT_SECONDS = 30;

    private final ClientContext context;
    private final Route route;
    private final ClientTransport transport;
    private final Map<String, String> headers;

    /** What is followed, and what ends that. */
    private final Map<Feed, Follow> follows = new LinkedHashMap<>();

    private final Deque<Command> commands = new ArrayDeque<>();
    private final Acks acks = new Acks();
    private final Loop.Alarm pause;
    private @Nullable CompletableFuture<Network.Reply> sending;
    private boolean isStreaming;
    private boolean hasStreamed;
    private boolean isUp;
    private boolean isOver;

    /** The executions that this round of polls still has to ask for, and whether anything came in it. */
    private final Deque<Feed> round = new ArrayDeque<>();

    private @Nullable Follow polled;
    private boolean isNews;

    HttpLink(ClientContext context, Route route, ClientTransport transport, Credentials credentials) {
        this.context = context;
        this.route = route;
        this.transport = transport;
        headers = credentials.headers();
        isStreaming = transport == ClientTransport.SSE;
        pause = context.loop().new Alarm();
    }

    /** One execution that is followed. */
    private final class Follow {
        final Feed feed;
        final Loop.Alarm alarm = context.loop().new Alarm();
        final EventStreamParser parser = new EventStreamParser();
        String cursor = "";

        @Nullable
        CompletableFuture<Network.Reply> request;

        Follow(Feed feed) {
            this.feed = feed;
        }

        boolean isPresent() {
            return !isOver && equals(follows.get(feed));
        }

        void end() {
            alarm.clear();
            if (request != null) {
                request.cancel(true);
            }
        }
    }

    @Override
    public ClientTransport transport() {
        return transport;
    }

    @Override
    public boolean isUp() {
        return isUp;
    }

    @Override
    public boolean takesMany() {
        return false;
    }

    @Override
    public void open() {
        sending = request("GET", "/health", Map.of(), null, context.settings().connectTimeout());
        then(sending, (reply, error) -> {
            sending = null;
            if (error != null) {
                fail(unreachable(error), Duration.ZERO);
            } else if (!reply.isSuccess() && !reply.members().containsKey("timestamp")) {
                fail(problem(reply), reply.retryAfter()); // a server with a failure of its own tells the time
            } else {
                isUp = true;
                route.up(this);
            }
        });
    }

    @Override
    public void stop() {
        isOver = true;
        isUp = false;
        pause.clear();
        if (sending != null) {
            sending.cancel(true);
        }
        commands.clear();
        acks.clear();
        List.copyOf(follows.values()).forEach(Follow::end);
        follows.clear();
    }

    private void fail(ConnectionException error, Duration retryAfter) {
        if (!isOver) {
            stop();
            route.down(this, error, retryAfter);
        }
    }

    // ---- requests ----

    private URI address(String path) {
        return URI.create(context.server() + path);
    }

    private CompletableFuture<Network.Reply> request(
            String method, String path, Map<String, String> more, @Nullable String body, Duration timeout) {
        Map<String, String> all = new HashMap<>(headers);
        all.putAll(more);
        if (body != null) {
            all.put("Content-Type", "application/json");
        }
        return context.network().send(new Network.Request(method, address(path), all, body, timeout));
    }

    /** Handles a reply on the loop, unless the link has ended meanwhile. */
    private void then(CompletableFuture<Network.Reply> future, BiConsumer<Network.Reply, @Nullable Throwable> handler) {
        var unused = future.whenComplete((reply, error) -> context.loop().execute(() -> {
            if (!isOver) {
                try {
                    handler.accept(reply, error);
                } catch (ConnectionException e) {
                    fail(e, SOON);
                } catch (RuntimeException e) {
                    fail(new ConnectionException("invalid_message", "The reply is none", 0, e), Duration.ZERO);
                }
            }
        }));
    }

    private static ConnectionException unreachable(Throwable cause) {
        boolean isLate = cause instanceof TimeoutException;
        String why = isLate ? "no reply in time" : String.valueOf(cause.getMessage());
        return new ConnectionException(
                isLate ? "timeout" : "unreachable", "The server cannot be reached: " + why, 0, cause);
    }

    private static ConnectionException problem(Network.Reply reply) {
        String detail = reply.members().get("detail") instanceof String text
                ? text
                : "The server answered with status " + reply.status();
        return new ConnectionException(reply.code(), detail);
    }

    /**
     * Whether a refusal ends the connection: the sender is not known, or something else than FlowScript has answered, as while a
     * server or a proxy restarts.
     */
    private static boolean isOfTheConnection(Network.Reply reply) {
        return reply.code().equals("unauthorized") || reply.code().equals(Network.Reply.FOREIGN);
    }

    // ---- what is followed ----

    @Override
    public void attach(Collection<Feed> feeds) {
        for (Feed feed : feeds) {
            if (feed.request != null) {
                feed.request.id = ClientContext.newId();
            }
            if (isStreaming && follows.size() >= MAX_STREAMS && !follows.containsKey(feed)) {
                pollInstead();
            }
            follow(feed);
        }
    }

    @Override
    public void refilter(Feed feed) {
        Follow before = follows.get(feed);
        if (before != null) {
            follow(feed).cursor = before.cursor;
        }
    }

    @Override
    public void forget(Feed feed) {
        Follow follow = follows.remove(feed);
        if (follow != null) {
            follow.end();
        }
    }

    /** New executions are found when there is a WebSocket again; those that are known go on. */
    @Override
    public String subscribe(Map<String, Object> scope, Map<String, Object> filter) {
        return "";
    }

    private Follow follow(Feed feed) {
        Follow before = follows.get(feed);
        Follow follow = new Follow(feed);
        follows.put(feed, follow);
        if (before != null) {
            follow.cursor = before.cursor;
            before.end();
        }
        if (isStreaming) {
            stream(follow);
        } else {
            Follow waiting = polled;
            if (waiting != null) {
                waiting.end(); // the present poll waits no longer
            }
            round.addFirst(feed);
            pause.clear();
            poll();
        }
        return follow;
    }

    private String path(Follow follow, Map<String, String> more) {
        Map<String, String> query = new LinkedHashMap<>(more);
        Feed.Request request = follow.feed.request;
        String after = request == null ? follow.cursor : text(request.after);
        if (!after.isEmpty()) {
            query.put("after", after);
        }
        for (String name : List.of("types", "nodes")) {
            if (follow.feed.filter.get(name) instanceof List<?> names) {
                query.put(name, names.stream().map(String::valueOf).collect(Collectors.joining(",")));
            }
        }
        return "/executions/" + encoded(follow.feed.id) + "/events?" + query(query);
    }

    private static String text(Reader.Place place) {
        String epoch = place.epoch();
        return epoch != null ? PositionText.of(epoch, place.seq()) : place.isLatest() ? "latest" : "";
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    private static String query(Map<String, String> query) {
        return query.entrySet().stream()
                .map(each -> each.getKey() + "=" + encoded(each.getValue()))
                .collect(Collectors.joining("&"));
    }

    /** An execution that does not exist may begin yet; other refusals are for this execution or for the whole link. */
    private void refused(Follow follow, Network.Reply reply) {
        String code = reply.code();
        Feed feed = follow.feed;
        boolean mayBegin = code.equals("execution_not_found")
                && feed.epoch == null
                && context.loop().nanoTime() - feed.since < NOT_FOUND.toNanos();
        if (mayBegin) {
            if (isStreaming) {
                follow.alarm.set(SOON, () -> stream(follow));
            }
        } else if (isOfTheConnection(reply) || reply.status() == 429 || reply.status() >= 500) {
            fail(problem(reply), reply.retryAfter());
        } else {
            Map<String, @Nullable Object> data = new LinkedHashMap<>(reply.members());
            data.put("code", code);
            data.put("message", problem(reply).getMessage());
            data.put("executionId", feed.id);
            route.connection().receive(Message.made("error", feed.request == null ? null : feed.request.id, data));
        }
    }

    // ---- streams ----

    private void stream(Follow follow) {
        Map<String, String> all = new HashMap<>(headers);
        all.put("Accept", "text/event-stream");
        Duration timeout = context.settings().connectTimeout();
        follow.alarm.set(timeout, () -> silent(follow));
        CompletableFuture<Network.Reply> request = context.network().stream(
                new Network.Request("GET", address(path(follow, Map.of())), all, null, timeout),
                new StreamEvents(follow));
        follow.request = request;
        then(request, (reply, error) -> {
            if (!follow.isPresent() || follow.request != request) {
                return;
            }
            if (error != null) {
                broken(follow, unreachable(error));
            } else if (reply.status() == 200) {
                // The server ends a stream after the last event, or to be asked again.
                broken(follow, new ConnectionException("connection_lost", "The stream has ended"));
            } else if (reply.status() == 204) {
                nothingMore(follow);
            } else {
                follow.alarm.clear();
                if (reply.code().equals(Network.Reply.FOREIGN) && !hasStreamed) {
                    pollInstead(); // a proxy, not the server
                } else {
                    refused(follow, reply);
                }
            }
        });
    }

    /** The listener of one stream. */
    private final class StreamEvents implements Network.StreamListener {

        private final Follow follow;

        StreamEvents(Follow follow) {
            this.follow = follow;
        }

        @Override
        public void received(List<ByteBuffer> part, Runnable more) {
            List<EventStreamParser.Block> blocks = new ArrayList<>();
            List<Message> messages = new ArrayList<>();
            follow.parser.read(part, block -> {
                blocks.add(block);
                messages.add(block.data().isEmpty() ? Message.made("", null, Map.of()) : Message.parse(block.data()));
            });
            context.loop().execute(() -> {
                if (follow.isPresent()) {
                    hasStreamed = true;
                    follow.alarm.set(context.settings().silence(), () -> silent(follow));
                    handle(blocks, messages);
                    more.run();
                }
            });
        }

        private void handle(List<EventStreamParser.Block> blocks, List<Message> messages) {
            for (int i = 0; i < blocks.size() && follow.isPresent(); i++) {
                String id = blocks.get(i).id();
                if (id != null) {
                    follow.cursor = id;
                }
                Message message = messages.get(i);
                Feed.Request request = follow.feed.request;
                if (message.is("error")) {
                    fail(
                            new ConnectionException(
                                    message.text("code"), String.valueOf(message.optionalText("message"))),
                            SOON);
                } else if (message.is("subscribed") && request != null) {
                    route.connection()
                            .receive(new Message(
                                    message.type(), message.timestamp(), 0, request.id, message.data(), Duration.ZERO));
                } else if (!message.is("")) {
                    route.connection().receive(message);
                }
            }
        }
    }

    private void silent(Follow follow) {
        broken(follow, new ConnectionException("connection_lost", "The stream fell silent"));
    }

    private void broken(Follow follow, ConnectionException error) {
        follow.end();
        if (hasStreamed) {
            fail(error, Duration.ZERO);
        } else {
            pollInstead();
        }
    }

    /** There are too many streams, or none comes through, as behind a proxy that waits for the end of each answer. */
    private void pollInstead() {
        isStreaming = false;
        List.copyOf(follows.keySet()).forEach(this::follow);
    }

    /** The execution has ended, and the position is behind its last event, or is the newest event whatever that is. */
    private void nothingMore(Follow follow) {
        Feed feed = follow.feed;
        Feed.Request request = feed.request;
        String text = request == null ? follow.cursor : text(request.after);
        forget(feed);
        PositionText.parse(text)
                .ifPresentOrElse(
                        at -> {
                            Map<String, @Nullable Object> data = place(feed, at, at.seq());
                            data.put("latest", at.seq());
                            data.put("status", "completed");
                            route.connection()
                                    .receive(Message.made("subscribed", request == null ? null : request.id, data));
                        },
                        () -> route.connection().ended(feed));
    }

    private static Map<String, @Nullable Object> place(Feed feed, Position at, @Nullable Long after) {
        Map<String, @Nullable Object> data = new LinkedHashMap<>();
        data.put("executionId", feed.id);
        data.put("epoch", at.epoch());
        if (after != null) {
            data.put("after", after);
        }
        return data;
    }

    // ---- polls: one after the other, so that they take one connection ----

    private void poll() {
        if (isOver || polled != null || pause.isSet()) {
            return;
        }
        Follow next = null;
        while (next == null && !round.isEmpty()) {
            next = follows.get(round.poll());
        }
        if (next != null) {
            poll(next);
        } else if (!follows.isEmpty()) {
            boolean wait = follows.size() > 1 && !isNews;
            isNews = false;
            round.addAll(follows.keySet());
            if (wait) {
                pause.set(context.settings().pollInterval(), this::poll);
            } else {
                poll();
            }
        }
    }

    private void poll(Follow follow) {
        polled = follow;
        Feed.Request request = follow.feed.request;
        // Without a place yet, the reply says where the execution stands; it is not waited for.
        long wait = request != null || follows.size() > 1
                ? 0
                : Math.min(MAX_WAIT_SECONDS, context.settings().pollWait().toSeconds());
        String path = path(follow, Map.of("wait", String.valueOf(wait), "limit", String.valueOf(POLL_LIMIT)));
        CompletableFuture<Network.Reply> future = request(
                "GET", path, Map.of(), null, context.settings().requestTimeout().plusSeconds(wait));
        follow.request = future;
        then(future, (reply, error) -> {
            polled = null;
            if (future.isCancelled() || !follow.isPresent() || follow.feed.request != request) {
                isNews = true; // another execution was added, or this one is not followed any more
            } else if (error != null) {
                fail(unreachable(error), Duration.ZERO);
            } else if (!reply.isSuccess()) {
                refused(follow, reply);
                soon();
            } else {
                page(follow, Message.object(reply.body()));
            }
            poll();
        });
    }

    /** An execution that is polled alone and does not exist yet is not asked for at once again. */
    private void soon() {
        if (follows.size() == 1 && !isOver) {
            round.addAll(follows.keySet());
            pause.set(SOON, this::poll);
        }
    }

    private void page(Follow follow, Map<String, @Nullable Object> body) {
        Feed feed = follow.feed;
        String next = Message.text(body, "next");
        Position at = PositionText.parse(next)
                .orElseThrow(() -> new ConnectionException("invalid_message", "This is no position: " + next));
        String epoch = String.valueOf(at.epoch());
        List<Message> events = new ArrayList<>();
        if (body.get("events") instanceof List<?> list) {
            list.forEach(event -> events.add(Message.of(Message.object(event))));
        }
        Feed.Request request = feed.request;
        if (request != null) {
            route.connection()
                    .receive(Message.made("subscribed", request.id, place(feed, at, after(request.after, at, events))));
        }
        events.forEach(route.connection()::receive);
        isNews |= !events.isEmpty() || feed.request != null;
        if (feed.request == null && follow.isPresent()) {
            follow.cursor = next;
            Map<String, @Nullable Object> data = place(feed, at, null);
            data.put("seq", at.seq());
            route.connection().receive(Message.made("position", null, data));
            if (Boolean.TRUE.equals(body.get("terminal"))) {
                route.connection().ended(feed, epoch, at.seq());
            }
        }
    }

    /** After which event the reply goes on; null when the server does not know the place. */
    private static @Nullable Long after(Reader.Place place, Position at, List<Message> events) {
        if (place.isLatest() && place.epoch() == null) {
            return at.seq();
        }
        boolean isGone = !events.isEmpty()
                && events.get(0).is("events_missed")
                && !String.valueOf(at.epoch()).equals(events.get(0).optionalText("epoch"));
        return isGone ? null : place.epoch() == null ? 0L : Long.valueOf(place.seq());
    }

    // ---- commands, and after them what people have seen: one after the other ----

    @Override
    public void send(Command command) {
        commands.add(command);
        sendNext();
    }

    @Override
    public void ack(String executionId, Position position) {
        if (position.epoch() != null) {
            acks.put(executionId, position);
            sendNext();
        }
    }

    @Override
    public void watch(@Nullable Map<String, Object> filter) {
        // the inbox is listed from time to time
    }

    private void sendNext() {
        commands.removeIf(waiting -> waiting.isOver); // so that no more wait than the connection takes
        if (isOver || sending != null) {
            return;
        }
        Command command = commands.poll();
        Map.Entry<String, Position> ack = command == null ? acks.poll() : null;
        if (command != null) {
            carryOut(command);
        } else if (ack != null) {
            tell(ack.getKey(), ack.getValue());
        }
    }

    private void tell(String executionId, Position seen) {
        String path = "/executions/" + encoded(executionId) + "/ack";
        String body = json(Map.of("position", PositionText.of(String.valueOf(seen.epoch()), seen.seq())));
        send(request("POST", path, Map.of(), body, context.settings().requestTimeout()), reply -> {
            if (!reply.isSuccess() && isOfTheConnection(reply)) {
                fail(problem(reply), reply.retryAfter());
            }
        });
    }

    private void send(CompletableFuture<Network.Reply> future, Consumer<Network.Reply> handler) {
        sending = future;
        then(future, (reply, error) -> {
            sending = null;
            if (error != null) {
                fail(unreachable(error), Duration.ZERO);
            } else {
                handler.accept(reply);
                sendNext();
            }
        });
    }

    private void carryOut(Command command) {
        send(request(command), reply -> {
            if (reply.isSuccess()) {
                route.connection().receive(RestReplies.reply(command, Message.object(reply.body())));
            } else if (isOfTheConnection(reply)) {
                fail(problem(reply), reply.retryAfter());
            } else {
                route.connection().receive(RestReplies.refusal(command, reply));
            }
        });
    }

    private CompletableFuture<Network.Reply> request(Command command) {
        Duration timeout = context.settings().requestTimeout();
        if (command.type.equals("interactions")) {
            Map<String, String> query = new LinkedHashMap<>();
            command.data.forEach((name, value) -> {
                if (!List.of("live", "count", "requestedBefore", "olderThan").contains(name)) {
                    query.put(
                            name,
                            value instanceof List<?> many
                                    ? many.stream().map(String::valueOf).collect(Collectors.joining(","))
                                    : String.valueOf(value));
                }
            });
            return request("GET", "/interactions?" + query(query), Map.of(), null, timeout);
        }
        Map<String, @Nullable Object> body = new LinkedHashMap<>(command.data);
        String path;
        if (command.type.equals("execute")) {
            path = "/workflows/" + encoded(String.valueOf(body.remove("workflowId"))) + "/execute";
        } else {
            path = "/executions/" + encoded(String.valueOf(body.remove("executionId"))) + "/" + command.type;
        }
        Map<String, String> more = new HashMap<>(Map.of("Idempotency-Key", command.id));
        if (command.traceparent != null) {
            more.put("traceparent", command.traceparent);
        }
        return request("POST", path, more, json(body), timeout);
    }

    private static String json(Object value) {
        return new String(JsonWriter.write(value), StandardCharsets.UTF_8);
    }
}
