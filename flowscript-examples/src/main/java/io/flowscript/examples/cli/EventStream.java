package io.flowscript.examples.cli;

import io.flowscript.core.FlowScriptException;
import io.flowscript.core.json.Value;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The messages of one execution over WebSocket. Keeps the position, so that it resumes exactly there after a lost
 * connection. For one thread.
 */
final class EventStream implements AutoCloseable {

    private static final int MAX_TRIES = 8;
    private static final Duration FIRST_PAUSE = Duration.ofMillis(250);

    private final HttpClient http;
    private final URI address;
    private final String executionId;
    private @Nullable Connection connection;
    private @Nullable Object after;
    private @Nullable String epoch;
    private boolean wasConnected;

    /**
     * Creates a stream that is not connected yet.
     *
     * @param after the position to begin after: a number, or {@code "latest"}
     */
    EventStream(HttpClient http, ClientOptions options, String executionId, Object after) {
        this.http = http;
        this.address = URI.create(options.server().toString().replaceFirst("^http", "ws") + "/ws" + options.query());
        this.executionId = executionId;
        this.after = after;
    }

    /**
     * Returns the next message. Waits for it, and reconnects if the connection is lost. If there never was a
     * connection, it fails at once.
     */
    Value next() throws InterruptedException {
        for (int tries = 1; ; tries++) {
            try {
                Value message = connected().next();
                remember(message);
                return message;
            } catch (ConnectionLost lost) {
                close();
                if (tries == MAX_TRIES || !wasConnected) {
                    throw new FlowScriptException("unreachable", "No server answers at " + address, lost);
                }
                TimeUnit.MILLISECONDS.sleep(FIRST_PAUSE.toMillis() << (tries - 1));
            }
        }
    }

    /** Sends a message to the server. */
    void send(String type, Map<String, ? extends @Nullable Object> data) {
        connected().send(type, data);
    }

    @Override
    public void close() {
        if (connection != null) {
            connection.close();
            connection = null;
        }
    }

    private Connection connected() {
        Connection present = connection;
        if (present == null) {
            present = Connection.open(http, address);
            Map<String, Object> data = new LinkedHashMap<>();
            data.put("executionId", executionId);
            if (after != null) {
                data.put("after", after);
            }
            if (epoch != null) {
                data.put("epoch", epoch);
            }
            present.send("subscribe", data);
            connection = present;
            wasConnected = true;
        }
        return present;
    }

    private void remember(Value message) {
        if (message.get("type").asString().equals("subscribed")) {
            epoch = message.get("data.epoch").isNull()
                    ? null
                    : message.get("data.epoch").asString();
            if ("latest".equals(after)) {
                after = message.get("data.latest").orElse(0).asLong();
            }
        } else if (!message.get("seq").isMissing()) {
            after = message.get("seq").asLong();
        }
    }

    /** Thrown when the connection ended or could not be opened. */
    private static final class ConnectionLost extends RuntimeException {

        private static final long serialVersionUID = 1L;

        ConnectionLost(String message, @Nullable Throwable cause) {
            super(message, cause);
        }
    }

    /** One WebSocket. Requests the next message only when the last one was read. */
    private static final class Connection implements WebSocket.Listener {

        private static final String END = "";

        private final BlockingQueue<String> messages = new LinkedBlockingQueue<>();
        private final StringBuilder partial = new StringBuilder();
        private @Nullable WebSocket socket;

        static Connection open(HttpClient http, URI address) {
            Connection connection = new Connection();
            try {
                connection.socket = http.newWebSocketBuilder()
                        .subprotocols("flowscript.v2")
                        .connectTimeout(Duration.ofSeconds(10))
                        .buildAsync(address, connection)
                        .join();
            } catch (CompletionException e) {
                throw new ConnectionLost("cannot connect", e);
            }
            return connection;
        }

        Value next() throws InterruptedException {
            String json = messages.take();
            if (json.equals(END)) {
                throw new ConnectionLost("the connection ended", null);
            }
            if (messages.isEmpty() && socket != null) {
                socket.request(1);
            }
            return ServerApi.parse(json, "A message of the server");
        }

        void send(String type, Map<String, ? extends @Nullable Object> data) {
            if (socket != null) {
                Map<String, Object> message =
                        Map.of("type", type, "id", UUID.randomUUID().toString(), "data", data);
                socket.sendText(ServerApi.JSON.writeValueAsString(message), true)
                        .join();
            }
        }

        void close() {
            if (socket != null && !socket.isOutputClosed()) {
                socket.sendClose(WebSocket.NORMAL_CLOSURE, "").exceptionally(e -> socket);
            }
        }

        @Override
        public @Nullable CompletionStage<?> onText(WebSocket webSocket, CharSequence data, boolean last) {
            partial.append(data);
            if (!last) {
                webSocket.request(1);
                return null;
            }
            // With flowscript.v2, a frame holds one or more messages, each of which ends with a newline.
            partial.toString().lines().filter(line -> !line.isBlank()).forEach(messages::add);
            partial.setLength(0);
            return null;
        }

        @Override
        public @Nullable CompletionStage<?> onClose(WebSocket webSocket, int statusCode, String reason) {
            messages.add(END);
            return null;
        }

        @Override
        public void onError(WebSocket webSocket, Throwable error) {
            messages.add(END);
        }
    }
}
