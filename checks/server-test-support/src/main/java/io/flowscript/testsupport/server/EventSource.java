package io.flowscript.testsupport.server;

import static org.awaitility.Awaitility.await;

import io.flowscript.json.codec.JsonReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpResponse.BodySubscribers;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;

/** One connection for server-sent events, read as the HTML standard (section 9.2.6) says. It keeps every message. */
public final class EventSource implements AutoCloseable {

    private static final JsonReader JSON = new JsonReader(100);

    /** A message as it came. */
    public record Message(String id, String event, Map<String, Object> data) {}

    public final List<Message> received = new CopyOnWriteArrayList<>();
    public final AtomicInteger comments = new AtomicInteger();
    public volatile String lastEventId = "";
    public volatile String retry;
    private final CompletableFuture<HttpResponse<Void>> response;
    private volatile Flow.Subscription subscription;

    private EventSource(HttpClient http, URI uri, String... headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(uri).header("Accept", "text/event-stream");
        for (int i = 0; i < headers.length; i += 2) {
            request.header(headers[i], headers[i + 1]);
        }
        response = http.sendAsync(
                request.build(),
                info -> info.statusCode() == 200
                        ? BodySubscribers.fromLineSubscriber(new Lines())
                        : BodyHandlers.discarding().apply(info));
    }

    public static EventSource open(HttpClient http, URI uri, String... headers) {
        return new EventSource(http, uri, headers);
    }

    /** Whether it has ended, or broken off. */
    public boolean isOver() {
        return response.isDone();
    }

    /** The answer, once the stream has ended. */
    public HttpResponse<Void> response() throws Exception {
        return response.get(20, TimeUnit.SECONDS);
    }

    public Message awaitMessage(Predicate<Message> wanted) {
        await().atMost(Duration.ofSeconds(20))
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(5))
                .until(() -> received.stream().anyMatch(wanted));
        return received.stream().filter(wanted).findFirst().orElseThrow();
    }

    public Message awaitEvent(String event) {
        return awaitMessage(message -> message.event().equals(event));
    }

    public List<Map<String, Object>> events() {
        return received.stream()
                .map(Message::data)
                .filter(data -> data.containsKey("seq"))
                .toList();
    }

    public List<Integer> numbers() {
        return events().stream().map(event -> (Integer) event.get("seq")).toList();
    }

    /** Goes away without a word. */
    @Override
    public void close() {
        Flow.Subscription open = subscription;
        if (open != null) {
            open.cancel();
        }
        response.cancel(true);
    }

    private final class Lines implements Flow.Subscriber<String> {

        private final StringBuilder data = new StringBuilder();
        private String event = "message";
        private String id = "";

        @Override
        public void onSubscribe(Flow.Subscription begun) {
            subscription = begun;
            begun.request(Long.MAX_VALUE);
        }

        @Override
        @SuppressWarnings("unchecked") // every message is a JSON object
        public void onNext(String line) {
            if (line.isEmpty()) {
                lastEventId = id;
                if (data.length() > 0) {
                    received.add(new Message(id, event, (Map<String, Object>) JSON.read(data.toString())));
                }
                data.setLength(0);
                event = "message";
            } else if (line.startsWith(":")) {
                comments.incrementAndGet();
            } else {
                field(line.substring(0, line.indexOf(':')), line.substring(line.indexOf(':') + 2));
            }
        }

        private void field(String name, String value) {
            switch (name) {
                case "id" -> id = value;
                case "event" -> event = value;
                case "retry" -> retry = value;
                case "data" -> data.append(value);
                default -> throw new AssertionError("unknown field " + name);
            }
        }

        @Override
        public void onError(Throwable cause) {}

        @Override
        public void onComplete() {}
    }
}
