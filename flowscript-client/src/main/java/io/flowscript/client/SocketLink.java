package io.flowscript.client;

import io.flowscript.core.log.Position;
import io.flowscript.json.codec.JsonWriter;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A WebSocket: its handshake, its signs of life, and its messages. For the loop's thread. */
final class SocketLink implements Link, Network.SocketListener {

    /** How many executions one subscribe names. */
    private static final int BATCH = 200;

    private final ClientContext context;
    private final Route route;
    private final Credentials credentials;
    private final Loop.Alarm alarm;
    private final Renewal renewal;
    private final PacedAcks acks;
    private Network.@Nullable Socket socket;
    private boolean isUp;
    private boolean isOver;
    private long heard;
    private boolean isAsking;
    private Duration heartbeat = Duration.ofSeconds(30);
    private long maxBytes = Long.MAX_VALUE;

    SocketLink(ClientContext context, Route route, Credentials credentials) {
        this.context = context;
        this.route = route;
        this.credentials = credentials;
        alarm = context.loop().new Alarm();
        acks = new PacedAcks(context.loop(), this::writeAck);
        renewal = new Renewal(context, credentials, token -> write("authenticate", Map.of("token", token)));
    }

    @Override
    public ClientTransport transport() {
        return ClientTransport.WEBSOCKET;
    }

    @Override
    public boolean isUp() {
        return isUp;
    }

    @Override
    public boolean takesMany() {
        return true;
    }

    @Override
    public void open() {
        Duration timeout = context.settings().connectTimeout();
        alarm.set(
                timeout,
                () -> fail(
                        new ConnectionException("timeout", "The server did not answer in " + timeout), Duration.ZERO));
        URI address = URI.create(context.server().toString().replaceFirst("^http", "ws") + "/ws");
        socket = context.network().open(address, credentials.headers(), timeout, this);
    }

    @Override
    public void stop() {
        isOver = true;
        isUp = false;
        alarm.clear();
        renewal.stop();
        acks.stop();
        if (socket != null) {
            socket.close();
        }
    }

    private void fail(ConnectionException error, Duration retryAfter) {
        if (!isOver) {
            stop();
            route.down(this, error, retryAfter);
        }
    }

    // ---- what the network tells, on its threads ----

    @Override
    public void received(List<Message> messages) {
        context.loop().execute(() -> handle(messages));
    }

    @Override
    public void ended(ConnectionException error, Duration retryAfter) {
        context.loop().execute(() -> fail(error, retryAfter));
    }

    private void handle(List<Message> messages) {
        heard = context.loop().nanoTime();
        if (isUp && isAsking) {
            isAsking = false; // whatever comes is a sign of life
            listen();
        }
        for (Message message : messages) {
            if (isOver) {
                return;
            }
            handle(message);
        }
        if (socket != null && !isOver) {
            socket.request();
        }
    }

    private void handle(Message message) {
        if (message.is("connected") && !isUp) {
            isUp = true;
            heartbeat = Duration.ofMillis(message.number("heartbeatMillis", heartbeat.toMillis()));
            maxBytes = message.number("maxMessageBytes", maxBytes);
            listen();
            renewal.login(message);
            route.up(this);
            return;
        }
        if (message.is("authenticated")) {
            renewal.login(message);
        }
        try {
            route.connection().receive(message);
        } catch (RuntimeException e) {
            fail(
                    new ConnectionException(
                            "invalid_message", "The server sent a " + message.type() + " that is none", 0, e),
                    Duration.ZERO);
        }
    }

    // ---- signs of life ----

    /** Asks for a sign of life when nothing was heard for as long as the server's heartbeat. */
    private void listen() {
        long quiet = context.loop().nanoTime() - heard;
        Duration left = heartbeat.minusNanos(quiet);
        if (left.isNegative() || left.isZero()) {
            ask();
        } else {
            alarm.set(left, this::listen);
        }
    }

    private void ask() {
        isAsking = true;
        alarm.set(
                context.settings().pongTimeout(),
                () -> fail(
                        new ConnectionException("heartbeat_missed", "The server gave no sign of life"), Duration.ZERO));
        write("ping", Map.of());
    }

    // ---- what is sent ----

    @Override
    public void attach(Collection<Feed> feeds) {
        Map<Map<String, Object>, List<Feed>> groups = new LinkedHashMap<>();
        for (Feed feed : feeds) {
            groups.computeIfAbsent(feed.filter, filter -> new ArrayList<>()).add(feed);
        }
        groups.forEach((filter, group) -> {
            for (int i = 0; i < group.size(); i += BATCH) {
                subscribe(group.subList(i, Math.min(group.size(), i + BATCH)), filter);
            }
        });
    }

    private void subscribe(List<Feed> feeds, Map<String, Object> filter) {
        Map<String, @Nullable Object> data = new LinkedHashMap<>();
        List<Map<String, Object>> places = new ArrayList<>();
        List<Feed> requested = new ArrayList<>();
        for (Feed feed : feeds) {
            Feed.Request request = feed.request;
            if (request != null) {
                places.add(place(feed.id, request.after));
                requested.add(feed);
            }
        }
        if (places.size() == 1) {
            data.putAll(places.get(0));
        } else {
            data.put("executions", places);
        }
        data.putAll(filter);
        String id = ClientContext.newId();
        for (Feed feed : requested) {
            if (feed.request != null) {
                feed.request.id = id;
            }
        }
        write("subscribe", id, null, data);
    }

    private static Map<String, Object> place(String executionId, Reader.Place after) {
        Map<String, Object> place = new LinkedHashMap<>();
        place.put("executionId", executionId);
        if (after.isLatest()) {
            place.put("after", "latest");
        } else {
            place.put("after", after.seq());
            String epoch = after.epoch();
            if (epoch != null) {
                place.put("epoch", epoch);
            }
        }
        return place;
    }

    @Override
    public void refilter(Feed feed) {
        Map<String, @Nullable Object> data = new LinkedHashMap<>();
        data.put("executionId", feed.id);
        data.putAll(feed.filter);
        write("subscribe", data);
    }

    @Override
    public void forget(Feed feed) {
        write("unsubscribe", Map.of("executionId", feed.id));
    }

    @Override
    public String subscribe(Map<String, Object> scope, Map<String, Object> filter) {
        Map<String, @Nullable Object> data = new LinkedHashMap<>(scope);
        data.putAll(filter);
        return write("subscribe", data);
    }

    @Override
    public void send(Command command) {
        if (!write(command.type, command.id, command.traceparent, command.data)) {
            Map<String, @Nullable Object> data = new LinkedHashMap<>();
            data.put("code", "message_too_large");
            data.put("message", "The server takes messages of " + maxBytes + " bytes");
            route.connection().receive(Message.made("error", command.id, data));
        }
    }

    @Override
    public void ack(String executionId, Position position) {
        acks.put(executionId, position);
    }

    private void writeAck(String executionId, Position position) {
        Map<String, @Nullable Object> data = new LinkedHashMap<>();
        data.put("executionId", executionId);
        data.put("seq", position.seq());
        if (position.epoch() != null) {
            data.put("epoch", position.epoch());
        }
        write("ack", data);
    }

    @Override
    public void watch(@Nullable Map<String, Object> filter) {
        if (filter == null) {
            write("unsubscribe", Map.of("interactions", true));
        } else {
            Map<String, @Nullable Object> data = new LinkedHashMap<>(filter);
            data.put("limit", 1);
            data.put("live", true);
            write("interactions", data);
        }
    }

    private String write(String type, Map<String, ? extends @Nullable Object> data) {
        String id = ClientContext.newId();
        write(type, id, null, data);
        return id;
    }

    /** Sends a message. {@return false when it is larger than the server takes} */
    private boolean write(
            String type, String id, @Nullable String traceparent, Map<String, ? extends @Nullable Object> data) {
        Map<String, Object> message = new LinkedHashMap<>();
        message.put("type", type);
        message.put("id", id);
        if (traceparent != null) {
            message.put("traceparent", traceparent);
        }
        message.put("data", data);
        byte[] json = JsonWriter.write(message);
        if (json.length > maxBytes) {
            return false;
        }
        if (socket != null) {
            socket.send(new String(json, StandardCharsets.UTF_8));
        }
        return true;
    }
}
