package io.flowscript.testsupport.server;

import static org.awaitility.Awaitility.await;

import io.flowscript.json.codec.JsonReader;
import io.flowscript.json.codec.JsonWriter;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/** A client over a real WebSocket, as the JDK has it. It keeps every message. */
public final class SocketClient implements AutoCloseable {

    public static final Duration PATIENCE = Duration.ofSeconds(20);

    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private static final JsonReader JSON = new JsonReader(100);

    public final List<Map<String, Object>> received = new CopyOnWriteArrayList<>();
    public volatile int closeCode;
    private final WebSocket socket;

    private SocketClient(URI server, String... subprotocols) throws Exception {
        WebSocket.Builder builder = HTTP.newWebSocketBuilder();
        if (subprotocols.length > 0) {
            builder.subprotocols(subprotocols[0]);
        }
        socket = builder.buildAsync(URI.create("ws://localhost:" + server.getPort() + "/ws"), new Listener())
                .get(20, TimeUnit.SECONDS);
    }

    /** A client that knows positions. */
    public static SocketClient v2(URI server) throws Exception {
        return new SocketClient(server, "flowscript.v2");
    }

    /** A client of the first protocol version. */
    public static SocketClient v1(URI server) throws Exception {
        return new SocketClient(server);
    }

    public void send(String type, Map<String, ?> data) {
        send(new String(JsonWriter.write(Map.of("type", type, "data", data)), StandardCharsets.UTF_8));
    }

    /** Sends a ping as a message, and waits for its answer. */
    public void awaitAnswer(String id) {
        send(new String(JsonWriter.write(Map.of("type", "ping", "id", id, "data", Map.of())), StandardCharsets.UTF_8));
        awaitMessage(message -> id.equals(message.get("replyTo")));
    }

    public void send(String text) {
        socket.sendText(text, true).join();
    }

    public void subscribe(String executionId, long after, String epoch) {
        send(
                "subscribe",
                epoch == null
                        ? Map.of("executionId", executionId, "after", after)
                        : Map.of("executionId", executionId, "after", after, "epoch", epoch));
    }

    public Map<String, Object> awaitMessage(String type) {
        return awaitMessage(message -> message.get("type").equals(type));
    }

    public Map<String, Object> awaitMessage(Predicate<Map<String, Object>> wanted) {
        await().atMost(PATIENCE)
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(5))
                .until(() -> received.stream().anyMatch(wanted));
        return received.stream().filter(wanted).findFirst().orElseThrow();
    }

    /** The workflow's events, without what the server says of itself. */
    public List<Map<String, Object>> events() {
        return received.stream().filter(message -> message.containsKey("seq")).toList();
    }

    public List<Integer> numbers() {
        return events().stream().map(event -> (Integer) event.get("seq")).toList();
    }

    @SuppressWarnings("unchecked") // data is a JSON object
    public static Map<String, Object> data(Map<String, Object> message) {
        return (Map<String, Object>) message.get("data");
    }

    /** Gives the connection up without a word. */
    public void abort() {
        socket.abort();
    }

    @Override
    public void close() {
        socket.abort();
    }

    private final class Listener implements WebSocket.Listener {

        private final StringBuilder text = new StringBuilder();

        @Override
        @SuppressWarnings("unchecked") // every message is a JSON object
        public CompletionStage<?> onText(WebSocket from, CharSequence part, boolean last) {
            text.append(part);
            if (last) {
                for (String line : text.toString().split("\n", -1)) {
                    if (!line.isEmpty()) {
                        received.add((Map<String, Object>) JSON.read(line));
                    }
                }
                text.setLength(0);
            }
            from.request(1);
            return null;
        }

        @Override
        public CompletionStage<?> onClose(WebSocket from, int code, String reason) {
            closeCode = code;
            return null;
        }
    }
}
