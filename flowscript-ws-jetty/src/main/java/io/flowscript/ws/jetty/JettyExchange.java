package io.flowscript.ws.jetty;

import io.flowscript.core.bridge.ClientChannel.SendCallback;
import io.flowscript.http.BodyWanted;
import io.flowscript.http.EventExchange;
import io.flowscript.http.EventSink;
import io.flowscript.http.HttpRequest;
import io.flowscript.http.HttpResponse;
import io.flowscript.http.HttpResult;
import java.io.EOFException;
import java.nio.ByteBuffer;
import java.security.Principal;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.BufferUtil;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/** One request on Jetty, and its answer: does what the HTTP side says. Safe for use by any thread. */
final class JettyExchange implements EventSink {

    private final Request request;
    private final Response response;
    private final Callback callback;
    private final AtomicBoolean completed = new AtomicBoolean();

    /** The request for events; null when it is another one. */
    private volatile @Nullable EventExchange events;

    /** Watches the connection of a request for events; null when there is nothing to watch. */
    private volatile @Nullable ConnectionWatch watch;

    JettyExchange(Request request, Response response, Callback callback) {
        this.request = request;
        this.response = response;
        this.callback = callback;
    }

    /** The head of a request, as the HTTP side sees it. */
    static HttpRequest head(Request request) {
        Map<String, List<String>> headers = new LinkedHashMap<>();
        for (HttpField field : request.getHeaders()) {
            headers.computeIfAbsent(
                    field.getLowerCaseName(),
                    name -> request.getHeaders().getFields(name).stream()
                            .map(HttpField::getValue)
                            .map(value -> Objects.requireNonNullElse(value, ""))
                            .toList());
        }
        return new HttpRequest(
                request.getMethod(),
                rawPathOf(request),
                request.getHttpURI().getQuery(),
                headers,
                authorityOf(request),
                Request.getRemoteAddr(request),
                request.isSecure(),
                principalOf(request));
    }

    /** The path as it was sent, so that an id that holds an escaped slash stays one id. */
    private static String rawPathOf(Request request) {
        String context = Objects.requireNonNullElse(Request.getContextPath(request), "");
        String path = Objects.requireNonNullElse(request.getHttpURI().getCanonicalPath(), "");
        return context.length() > 1 && path.startsWith(context) ? path.substring(context.length()) : path;
    }

    private static @Nullable String authorityOf(Request request) {
        String name = Request.getServerName(request);
        int port = Request.getServerPort(request);
        return name == null || port <= 0 ? name : name + ":" + port;
    }

    private static @Nullable Principal principalOf(Request request) {
        Request.AuthenticationState known = Request.getAuthenticationState(request);
        return known == null ? null : known.getUserPrincipal();
    }

    /** Sends a complete answer. */
    static void send(HttpResponse answer, Response response, Callback callback) {
        describe(answer, response);
        ByteBuffer body = answer.body();
        if (body.hasRemaining()) {
            response.getHeaders().put(HttpHeader.CONTENT_LENGTH, body.remaining());
        }
        response.write(true, body, callback);
    }

    private static void describe(HttpResponse head, Response response) {
        response.setStatus(head.status());
        addTo(response, head.headers());
    }

    /** Adds header fields, each value as a field of its own. */
    static void addTo(Response response, Map<String, List<String>> headers) {
        headers.forEach((name, values) -> {
            response.getHeaders().remove(name);
            values.forEach(value -> response.getHeaders().add(name, value));
        });
    }

    /** Does what is to be done with the request. */
    void carryOut(HttpResult result) {
        if (result instanceof HttpResponse answer) {
            send(answer, response, callback);
        } else if (result instanceof BodyWanted wanted) {
            read(wanted);
        } else if (result instanceof EventExchange exchange) {
            events = exchange;
            Request.addCompletionListener(request, cause -> exchange.closed());
            request.addIdleTimeoutListener(timeout -> false); // the bridge's heartbeat tells who is gone
            request.addFailureListener(this::complete);
            ConnectionWatch begun = ConnectionWatch.of(request, this::complete);
            watch = begun;
            if (begun != null) {
                begun.start();
            }
            exchange.start(this);
        }
    }

    private void read(BodyWanted wanted) {
        if (!wanted.allowsLength(request.getLength())) {
            refuse(wanted);
            return;
        }
        while (true) {
            Content.Chunk chunk = request.read();
            if (chunk == null) {
                request.demand(() -> read(wanted));
                return;
            }
            if (Content.Chunk.isFailure(chunk)) {
                send(wanted.unreadable(), response, callback);
                return;
            }
            boolean last = chunk.isLast();
            boolean taken = wanted.add(chunk.getByteBuffer());
            chunk.release(); // a copy is kept, so that Jetty's buffers do not wait for a slow client
            if (last) {
                wanted.respond(answer -> send(answer, response, callback));
                return;
            }
            if (!taken) {
                refuse(wanted);
                return;
            }
        }
    }

    /** Jetty closes the connection of one that waits for leave to send the body; of others it is read and dropped. */
    private void refuse(BodyWanted wanted) {
        BodyDiscarder rest = new BodyDiscarder(request, wanted, callback);
        send(wanted.refusal(), response, Callback.from(rest, callback::failed));
    }

    @Override
    public void respond(HttpResponse answer) {
        stopWatching();
        unlessCompleted(
                () -> send(answer, response, Callback.from(() -> complete(null), this::complete)), this::complete);
    }

    @Override
    public void start(HttpResponse head) {
        unlessCompleted(() -> describe(head, response), this::complete);
    }

    @Override
    public void write(ByteBuffer bytes, SendCallback taken) {
        unlessCompleted(() -> response.write(false, bytes, Callback.from(taken::sent, taken::failed)), taken::failed);
    }

    @Override
    public void end() {
        stopWatching();
        unlessCompleted(
                () -> response.write(
                        true, BufferUtil.EMPTY_BUFFER, Callback.from(() -> complete(null), this::complete)),
                this::complete);
    }

    /** Uses the response. Jetty throws when the request was completed meanwhile, because the client has gone. */
    private void unlessCompleted(Runnable use, Consumer<Throwable> failed) {
        if (completed.get()) {
            failed.accept(new EOFException("The request is over"));
            return;
        }
        try {
            use.run();
        } catch (RuntimeException e) {
            if (!completed.get()) {
                throw e;
            }
            failed.accept(e);
        }
    }

    @Override
    public void abort(Throwable cause) {
        complete(cause);
    }

    private void stopWatching() {
        ConnectionWatch begun = watch;
        if (begun != null) {
            begun.stop();
        }
    }

    /** The answer is through, or has failed. What is said first counts. */
    private void complete(@Nullable Throwable failure) {
        if (completed.compareAndSet(false, true)) {
            stopWatching();
            if (failure == null) {
                callback.succeeded();
            } else {
                EventExchange failed = events;
                if (failed != null) {
                    failed.closed(); // now: with a write in progress, Jetty does not return before its idle timeout
                }
                callback.failed(failure);
            }
        }
    }
}
