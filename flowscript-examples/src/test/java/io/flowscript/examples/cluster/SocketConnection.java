package io.flowscript.examples.cluster;

import io.flowscript.core.json.Value;
import io.flowscript.json.codec.JsonWriter;
import io.flowscript.testkit.crash.ClusterMember.Event;
import io.flowscript.testkit.crash.ClusterMember.Follower;
import io.flowscript.testkit.crash.ClusterMember.Unavailable;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A WebSocket of one person with {@code flowscript.v2}: requests with their replies, and subscriptions with their events, at the
 * same time. Whatever the protocol does not allow, such as an event without a subscription, ends it, and fails whatever is asked
 * of it. Safe for use by any thread.
 */
final class SocketConnection implements WebSocket.Listener {

    /** The close codes after which a client comes back. */
    private static final Set<Integer> COME_BACK = Set.of(1001, 1013, 4408, 4409);

    private static final HttpClient HTTP =
            HttpClient.newBuilder().connectTimeout(ProtocolClient.PATIENCE).build();

    private final StringBuilder frame = new StringBuilder();
    private final ConcurrentMap<String, Request> requests = new ConcurrentHashMap<>();
    private final ConcurrentMap<String, Subscription> subscriptions = new ConcurrentHashMap<>();

    /** Fails when the connection ends. */
    private final CompletableFuture<Void> end = new CompletableFuture<>();

    private WebSocket socket;

    private SocketConnection() {}

    /** A request without a reply yet; the subscription that it makes, null for none. */
    private record Request(CompletableFuture<Value> reply, Subscription makes) {}

    static SocketConnection open(int port, String by) throws Unavailable, InterruptedException {
        SocketConnection connection = new SocketConnection();
        CompletableFuture<WebSocket> opening = HTTP.newWebSocketBuilder()
                .subprotocols("flowscript.v2")
                .header("X-FlowScript-User", by)
                .connectTimeout(ProtocolClient.PATIENCE)
                .buildAsync(URI.create("ws://localhost:" + port + "/ws"), connection);
        try {
            connection.socket = opening.get(ProtocolClient.PATIENCE.toSeconds(), TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            throw new Unavailable("There was no connection in time");
        } catch (ExecutionException e) {
            if (e.getCause() instanceof WebSocketHandshakeException refused
                    && refused.getResponse().statusCode() != 503) {
                throw new IllegalStateException("No WebSocket, but " + refused.getResponse(), e);
            }
            throw new Unavailable("There was no connection: " + e.getCause());
        }
        return connection;
    }

    static String newId() {
        return UUID.randomUUID().toString();
    }

    boolean isOpen() {
        return !end.isDone();
    }

    /** Sends a request, and waits for its reply. */
    Value ask(String type, String id, Map<String, ?> data) throws Unavailable, InterruptedException {
        return await(send(type, id, data, null), type + " " + id);
    }

    /** Subscribes, and waits for the reply. */
    Subscription subscribe(String executionId, Map<String, ?> data) throws Unavailable, InterruptedException {
        Subscription subscription = new Subscription(executionId);
        Value reply = await(send("subscribe", newId(), data, subscription), "subscribe " + executionId);
        if (!reply.get("type").asString().equals("subscribed")) {
            throw ProtocolClient.again(reply.get("data").get("code").asString(), reply.toString());
        }
        return subscription;
    }

    private CompletableFuture<Value> send(String type, String id, Map<String, ?> data, Subscription makes) {
        CompletableFuture<Value> reply = new CompletableFuture<>();
        if (requests.putIfAbsent(id, new Request(reply, makes)) != null) {
            throw new IllegalStateException("Two requests have the id " + id);
        }
        end.exceptionally(thrown -> {
            reply.completeExceptionally(thrown);
            return null;
        });
        byte[] text = JsonWriter.write(Map.of("type", type, "id", id, "data", data));
        synchronized (this) { // a WebSocket sends one message at a time
            try {
                socket.sendText(new String(text, StandardCharsets.UTF_8), true).join();
            } catch (CompletionException e) {
                ended(new Unavailable("The connection broke: " + e.getCause()));
            }
        }
        return reply;
    }

    private static Value await(CompletableFuture<Value> reply, String what) throws Unavailable, InterruptedException {
        try {
            return reply.get(ProtocolClient.PATIENCE.toSeconds(), TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            throw new IllegalStateException("There was no reply in time to " + what, e);
        } catch (ExecutionException e) {
            throw rethrown(e.getCause());
        }
    }

    private static Unavailable rethrown(Throwable thrown) {
        if (thrown instanceof Unavailable unavailable) {
            return unavailable;
        }
        throw new IllegalStateException(thrown.getMessage(), thrown);
    }

    void close() {
        ended(new Unavailable("The client has closed the connection"));
        CompletableFuture<WebSocket> unused = socket.sendClose(WebSocket.NORMAL_CLOSURE, "");
    }

    private void ended(Exception why) {
        end.completeExceptionally(why);
        subscriptions.values().forEach(subscription -> subscription.arrived(new Arrived(null, why)));
    }

    @Override
    public CompletionStage<?> onText(WebSocket from, CharSequence part, boolean last) {
        frame.append(part);
        if (last) {
            String all = frame.toString();
            frame.setLength(0);
            try {
                all.lines().forEach(line -> take(ProtocolClient.read(line), line));
            } catch (RuntimeException e) {
                ended(e);
            }
        }
        from.request(1);
        return null;
    }

    @Override
    public CompletionStage<?> onClose(WebSocket from, int code, String reason) {
        ended(
                COME_BACK.contains(code)
                        ? new Unavailable("The server has closed the connection: " + code + " " + reason)
                        : new IllegalStateException("The server does not want the client: " + code + " " + reason));
        return null;
    }

    @Override
    public void onError(WebSocket from, Throwable error) {
        ended(new Unavailable("The connection broke: " + error));
    }

    private void take(Value message, String text) {
        Event event = ProtocolClient.event(message, text);
        String type = message.get("type").asString();
        String executionId = message.get("data").get("executionId").isMissing()
                ? ""
                : message.get("data").get("executionId").asString();
        if (event != null) {
            known(executionId, text).arrived(new Arrived(event, null));
        } else if (!message.get("replyTo").isMissing()) {
            replied(message, type, executionId);
        } else if (type.equals("subscribed")) {
            known(executionId, text).begun(message);
        } else if (type.equals("execution_status")) {
            known(executionId, text).status.complete(message);
        } else if (type.equals("error")) {
            throw new IllegalStateException("An error that belongs to no request: " + text);
        }
    }

    private Subscription known(String executionId, String text) {
        Subscription subscription = subscriptions.get(executionId);
        if (subscription == null) {
            throw new IllegalStateException("There is no subscription for " + text);
        }
        return subscription;
    }

    private void replied(Value message, String type, String executionId) {
        Request request = requests.remove(message.get("replyTo").asString());
        if (request == null) {
            throw new IllegalStateException("There is no request for " + message);
        }
        if (type.equals("subscribed")) {
            subscriptions.put(executionId, request.makes);
            request.makes.begun(message);
        } else if (type.equals("unsubscribed")) {
            subscriptions.remove(executionId);
        }
        request.reply.complete(message);
    }

    /** An event, or why there are no more. */
    private record Arrived(Event event, Exception end) {}

    /** The events of one execution from a position on. */
    final class Subscription implements Follower {

        private final String executionId;
        private final BlockingQueue<Arrived> arrived = new LinkedBlockingQueue<>();
        private final CompletableFuture<Value> status = new CompletableFuture<>();
        private final CompletableFuture<Value> begun = new CompletableFuture<>();

        Subscription(String executionId) {
            this.executionId = executionId;
            end.exceptionally(thrown -> {
                status.completeExceptionally(thrown);
                begun.completeExceptionally(thrown);
                return null;
            });
        }

        /** {@return the epoch of the log; a server that has yet to read the execution tells it somewhat later} */
        String epoch() throws Unavailable, InterruptedException {
            return await(begun, "the epoch of " + executionId)
                    .get("data")
                    .get("epoch")
                    .asString();
        }

        /** {@return the execution as it was when the subscription began} */
        Value status() throws Unavailable, InterruptedException {
            return await(status, "the status of " + executionId);
        }

        private void begun(Value subscribed) {
            if (!subscribed.get("data").get("epoch").isMissing()) {
                begun.complete(subscribed);
            }
        }

        private void arrived(Arrived next) {
            arrived.add(next);
        }

        @Override
        public List<Event> next() throws Unavailable, InterruptedException {
            Arrived next = arrived.poll(ProtocolClient.PATIENCE.toSeconds(), TimeUnit.SECONDS);
            if (next == null) {
                return List.of();
            } else if (next.end != null) {
                throw rethrown(next.end);
            }
            return List.of(next.event);
        }

        /** Ends the subscription. Until the server says that it has, its events come here, where nobody reads them. */
        @Override
        public void close() {
            if (isOpen()) {
                CompletableFuture<Value> unused =
                        send("unsubscribe", newId(), Map.of("executionId", executionId), null);
            }
        }
    }
}
