package io.flowscript.client;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The network by the JDK's HTTP client. Safe for use by any thread. */
final class JdkNetwork implements Network {

    private static final int CLOSING_SECONDS = 1;
    private static final String SUBPROTOCOL = "flowscript.v2";

    /** Why FlowScript refuses a WebSocket for other reasons than the moment. */
    private static final Set<String> REFUSALS = Set.of("unauthorized", "forbidden");

    private final HttpClient http;

    JdkNetwork(HttpClient http) {
        this.http = http;
    }

    @Override
    public Socket open(URI address, Map<String, String> headers, Duration timeout, SocketListener listener) {
        OpenSocket socket = new OpenSocket(listener);
        WebSocket.Builder builder =
                http.newWebSocketBuilder().subprotocols(SUBPROTOCOL).connectTimeout(timeout);
        headers.forEach(builder::header);
        socket.opened(builder.buildAsync(address, socket));
        return socket;
    }

    @Override
    public CompletableFuture<Reply> send(Request request) {
        // The timeout of the JDK's request ends with the head of the response; this one counts until the end of its
        // body.
        return cancelling(http.sendAsync(builder(request).build(), HttpResponse.BodyHandlers.ofString()))
                .orTimeout(request.timeout().toNanos(), TimeUnit.NANOSECONDS);
    }

    @Override
    public CompletableFuture<Reply> stream(Request request, StreamListener listener) {
        return cancelling(http.sendAsync(
                builder(request).build(),
                head -> head.statusCode() == 200
                        ? new StreamBody(listener)
                        : HttpResponse.BodySubscribers.ofString(StandardCharsets.UTF_8)));
    }

    private static HttpRequest.Builder builder(Request request) {
        String body = request.body();
        HttpRequest.Builder builder = HttpRequest.newBuilder(request.address())
                .method(
                        request.method(),
                        body == null ? HttpRequest.BodyPublishers.noBody() : HttpRequest.BodyPublishers.ofString(body));
        request.headers().forEach(builder::setHeader);
        return builder;
    }

    /** The reply of a response; when it is cancelled or too late, the request is cancelled. */
    private static CompletableFuture<Reply> cancelling(CompletableFuture<HttpResponse<String>> response) {
        CompletableFuture<Reply> reply = new CompletableFuture<>();
        var unused = response.whenComplete((got, error) -> {
            if (error == null) {
                reply.complete(reply(got));
            } else {
                reply.completeExceptionally(cause(error));
            }
        });
        var unusedEnd = reply.whenComplete((got, error) -> {
            if (error != null) {
                response.cancel(true);
            }
        });
        return reply;
    }

    private static Reply reply(HttpResponse<?> got) {
        return new Reply(got.statusCode(), retryAfter(got.headers()), got.body() instanceof String text ? text : "");
    }

    private static Throwable cause(Throwable error) {
        return error instanceof CompletionException && error.getCause() != null ? error.getCause() : error;
    }

    private static Duration retryAfter(HttpHeaders headers) {
        try {
            return Duration.ofSeconds(
                    Math.max(0, headers.firstValueAsLong("Retry-After").orElse(0)));
        } catch (NumberFormatException e) {
            return Duration.ZERO; // a date, as some proxies send
        }
    }

    /** A body whose parts are asked for one by one. */
    private static final class StreamBody implements HttpResponse.BodySubscriber<String> {

        private final StreamListener listener;
        private final CompletableFuture<String> whole = new CompletableFuture<>();
        private Flow.@Nullable Subscription subscription;

        StreamBody(StreamListener listener) {
            this.listener = listener;
        }

        @Override
        public CompletionStage<String> getBody() {
            return whole;
        }

        @Override
        public void onSubscribe(Flow.Subscription its) {
            subscription = its;
            its.request(1);
        }

        @Override
        public void onNext(List<ByteBuffer> part) {
            Flow.Subscription its = subscription;
            if (its == null) {
                return;
            }
            try {
                listener.received(part, () -> its.request(1));
            } catch (RuntimeException e) {
                its.cancel();
                whole.completeExceptionally(e);
            }
        }

        @Override
        public void onError(Throwable error) {
            whole.completeExceptionally(error);
        }

        @Override
        public void onComplete() {
            whole.complete("");
        }
    }

    /** A WebSocket. The next message is asked for only when the last one was handled. */
    private static final class OpenSocket implements Socket, WebSocket.Listener {

        private static final int MAX_TEXT = 16 << 20;

        private final SocketListener listener;
        private final StringBuilder partial = new StringBuilder();
        private final Object lock = new Object();
        private CompletableFuture<WebSocket> sending = new CompletableFuture<>();
        private volatile @Nullable WebSocket socket;
        private volatile boolean isClosed;

        OpenSocket(SocketListener listener) {
            this.listener = listener;
        }

        void opened(CompletableFuture<WebSocket> opening) {
            CompletableFuture<WebSocket> first = sending;
            var unused = opening.whenComplete((open, error) -> {
                if (error != null) {
                    failed(cause(error));
                } else if (isClosed) {
                    open.abort();
                } else {
                    first.complete(open);
                }
            });
        }

        private void failed(Throwable error) {
            Duration retryAfter = Duration.ZERO;
            String code = socket == null ? "unreachable" : "connection_lost";
            String message = error.getMessage() == null ? error.getClass().getSimpleName() : error.getMessage();
            if (error instanceof WebSocketHandshakeException refused && refused.getResponse() != null) {
                Reply reply = reply(refused.getResponse());
                retryAfter = reply.retryAfter();
                code = REFUSALS.contains(reply.code()) ? reply.code() : code;
                message = "The server refused the WebSocket with status " + reply.status();
            }
            ended(new ConnectionException(code, message, 0, error), retryAfter);
        }

        private void ended(ConnectionException error, Duration retryAfter) {
            if (!isClosed) {
                listener.ended(error, retryAfter);
            }
        }

        @Override
        public void send(String text) {
            synchronized (lock) {
                sending = sending.thenCompose(open -> open.sendText(text, true));
                var unused = sending.whenComplete((open, error) -> {
                    if (error != null) {
                        failed(cause(error));
                    }
                });
            }
        }

        @Override
        public void request() {
            WebSocket open = socket;
            if (open != null) {
                open.request(1);
            }
        }

        @Override
        public void close() {
            isClosed = true;
            WebSocket open = socket;
            if (open == null) {
                return; // it is aborted when it opens
            }
            CompletableFuture<WebSocket> last;
            synchronized (lock) {
                last = sending;
            }
            var unused = last.thenCompose(sent -> sent.sendClose(WebSocket.NORMAL_CLOSURE, ""))
                    .orTimeout(CLOSING_SECONDS, TimeUnit.SECONDS)
                    .whenComplete((sent, error) -> open.abort());
        }

        @Override
        public void onOpen(WebSocket opened) {
            socket = opened;
            opened.request(1);
        }

        @Override
        public @Nullable CompletionStage<?> onText(WebSocket from, CharSequence data, boolean last) {
            partial.append(data);
            if (partial.length() > MAX_TEXT) {
                ended(
                        new ConnectionException("message_too_large", "The server sent a message that is too large"),
                        Duration.ZERO);
                return null;
            }
            if (!last) {
                from.request(1);
                return null;
            }
            String text = partial.toString();
            partial.setLength(0);
            List<Message> messages = new ArrayList<>();
            try {
                // A frame has one or more messages, each of which ends with a newline.
                text.lines().filter(line -> !line.isBlank()).map(Message::parse).forEach(messages::add);
            } catch (RuntimeException e) {
                ended(
                        new ConnectionException("invalid_json", "The server sent what is no message", 0, e),
                        Duration.ZERO);
                return null;
            }
            listener.received(messages);
            return null;
        }

        @Override
        public @Nullable CompletionStage<?> onClose(WebSocket from, int status, String reason) {
            ended(
                    new ConnectionException(
                            "connection_lost",
                            "The WebSocket was closed with " + status + (reason.isEmpty() ? "" : ": " + reason),
                            status,
                            null),
                    Duration.ZERO);
            return null;
        }

        @Override
        public void onError(WebSocket from, Throwable error) {
            failed(error instanceof IOException ? error : cause(error));
        }
    }
}
