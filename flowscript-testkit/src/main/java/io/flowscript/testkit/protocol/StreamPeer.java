package io.flowscript.testkit.protocol;

import io.flowscript.core.FlowScriptException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodySubscribers;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;

/**
 * A client of server-sent events, as in the HTML standard (section 9.2.6). Each message has its event, its data and,
 * if given, its id.
 */
final class StreamPeer extends Peer {

    static final String TYPE = "text/event-stream";

    private final CompletableFuture<?> response;
    private volatile Flow.@Nullable Subscription subscription;

    StreamPeer(HttpClient http, HttpRequest request, List<String> skip) {
        super(skip);
        response = http.sendAsync(request, this::body).whenComplete((done, failure) -> {
            if (failure != null) {
                arrived(new ReceivedMessage.Broken("the stream broke off: " + failure.getMessage()));
            }
        });
    }

    private HttpResponse.BodySubscriber<Void> body(HttpResponse.ResponseInfo info) {
        String type = info.headers().firstValue("Content-Type").orElse("none");
        if (info.statusCode() == 200 && type.startsWith(TYPE)) {
            return BodySubscribers.fromLineSubscriber(new Lines());
        }
        arrived(new ReceivedMessage.Broken("no stream, but status " + info.statusCode() + " and Content-Type " + type));
        return BodySubscribers.replacing(null);
    }

    @Override
    void cut() {
        Flow.Subscription open = subscription;
        if (open != null) {
            open.cancel();
        }
        response.cancel(true);
    }

    private final class Lines implements Flow.Subscriber<String> {

        private final StringBuilder data = new StringBuilder();
        private final Map<String, @Nullable Object> fields = new LinkedHashMap<>();

        @Override
        public void onSubscribe(Flow.Subscription begun) {
            subscription = begun;
            begun.request(Long.MAX_VALUE);
        }

        @Override
        public void onNext(String line) {
            int colon = line.indexOf(':');
            String name = colon < 0 ? line : line.substring(0, colon);
            String value = colon < 0 ? "" : line.substring(colon + 1).replaceFirst("^ ", "");
            switch (name) {
                case "" -> {
                    if (colon < 0) {
                        dispatch();
                    }
                }
                case "data" -> data.append(data.length() == 0 ? "" : "\n").append(value);
                case "id", "event" -> fields.put(name, value);
                default -> {} // retry, and unknown fields
            }
        }

        private void dispatch() {
            if (data.length() > 0) {
                try {
                    Map<String, @Nullable Object> message = new LinkedHashMap<>(fields);
                    message.put("data", JsonTexts.read(data.toString()));
                    arrived(new ReceivedMessage.Message(message));
                } catch (FlowScriptException e) {
                    arrived(new ReceivedMessage.Broken("data that is not JSON: " + data));
                }
            }
            data.setLength(0);
            fields.clear();
        }

        @Override
        public void onError(Throwable cause) {} // told by the response

        @Override
        public void onComplete() {
            arrived(new ReceivedMessage.Closed(null, ""));
        }
    }
}
