package io.flowscript.language.nodes;

import java.io.ByteArrayOutputStream;
import java.net.InetAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.client.BytesRequestContent;
import org.eclipse.jetty.client.Request;
import org.eclipse.jetty.client.Response;
import org.eclipse.jetty.client.Result;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.jspecify.annotations.Nullable;

/**
 * One HTTP request with its redirects, up to a response. A redirect is followed for GET and HEAD within its origin, to
 * the addresses that were checked.
 */
final class HttpExchange {

    private static final int MAX_REDIRECTS = 5;

    private final PinnedClient client;
    private final Message message;
    private final List<InetAddress> addresses;
    private final int maxBytes;
    private final CompletableFuture<Reply> reply = new CompletableFuture<>();
    private volatile @Nullable Request underWay;

    /**
     * A request.
     *
     * @param method the method
     * @param uri where it goes
     * @param headers the headers
     * @param body the body, or null for none
     * @param timeout how long the exchange may take
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Message(String method, URI uri, Map<String, String> headers, byte @Nullable [] body, Duration timeout) {}

    /**
     * A response.
     *
     * @param status its status
     * @param headers its headers
     * @param body its body as it was sent
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Reply(int status, HttpFields headers, byte[] body) {}

    private HttpExchange(PinnedClient client, Message message, List<InetAddress> addresses, int maxBytes) {
        this.client = client;
        this.message = message;
        this.addresses = addresses;
        this.maxBytes = maxBytes;
    }

    /**
     * Sends a request.
     *
     * @param client what sends it
     * @param message the request
     * @param addresses the checked addresses of its host
     * @param maxBytes the largest size of the response's body
     * @return the response; fails with {@link RequestRefusedException}, with a {@link
     *     java.util.concurrent.TimeoutException} after the request's timeout, or with any other exception when there is
     *     no response. Cancelling it closes the connection.
     */
    static CompletableFuture<Reply> send(
            PinnedClient client, Message message, List<InetAddress> addresses, int maxBytes) {
        HttpExchange exchange = new HttpExchange(client, message, addresses, maxBytes);
        var unused = exchange.reply.whenComplete((done, failure) -> exchange.stop());
        try {
            exchange.send(message.uri, 0);
        } catch (RuntimeException e) {
            exchange.reply.completeExceptionally(e);
        }
        return exchange.reply.orTimeout(message.timeout.toNanos(), TimeUnit.NANOSECONDS);
    }

    private void send(URI uri, int redirects) {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        Request request = client.request(uri, addresses)
                .method(message.method)
                .idleTimeout(message.timeout.toMillis() + 1_000, TimeUnit.MILLISECONDS)
                .headers(fields -> message.headers.forEach(fields::put))
                .onResponseHeaders(this::checkLength)
                .onResponseContent((response, buffer) -> take(response, buffer, body));
        if (message.body != null) {
            request.body(new BytesRequestContent((String) null, message.body));
        }
        underWay = request;
        request.send(result -> ended(result, uri, body, redirects));
        if (reply.isDone()) {
            stop();
        }
    }

    private void checkLength(Response response) {
        boolean hasBody = !message.method.equals("HEAD");
        if (hasBody && response.getHeaders().getLongField(HttpHeader.CONTENT_LENGTH) > maxBytes) {
            refuse(response);
        }
    }

    private void take(Response response, ByteBuffer buffer, ByteArrayOutputStream body) {
        if (body.size() + buffer.remaining() > maxBytes) {
            refuse(response);
            return;
        }
        byte[] chunk = new byte[buffer.remaining()];
        buffer.get(chunk);
        body.writeBytes(chunk);
    }

    private void refuse(Response response) {
        var unused = response.abort(ResponseBody.tooLarge(maxBytes));
    }

    private void ended(Result result, URI uri, ByteArrayOutputStream body, int redirects) {
        try {
            Throwable failure = result.getResponseFailure() == null ? result.getFailure() : result.getResponseFailure();
            if (failure != null) {
                reply.completeExceptionally(failure);
                return;
            }
            Response response = result.getResponse();
            URI target = redirect(response, uri);
            if (target == null) {
                reply.complete(
                        new Reply(response.getStatus(), response.getHeaders().asImmutable(), body.toByteArray()));
            } else if (redirects >= MAX_REDIRECTS) {
                throw new RequestRefusedException(
                        "http_failed", "The server redirects more than " + MAX_REDIRECTS + " times");
            } else {
                send(target, redirects + 1);
            }
        } catch (RuntimeException e) {
            reply.completeExceptionally(e);
        }
    }

    private @Nullable URI redirect(Response response, URI from) {
        int status = response.getStatus();
        boolean redirects = status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
        boolean safe = message.method.equals("GET") || message.method.equals("HEAD");
        String location = response.getHeaders().get(HttpHeader.LOCATION);
        if (!redirects || !safe || location == null) {
            return null;
        }
        try {
            URI target = resolve(from, new URI(location));
            boolean sameOrigin = from.getScheme().equalsIgnoreCase(target.getScheme())
                    && from.getHost().equalsIgnoreCase(target.getHost())
                    && port(from) == port(target);
            return sameOrigin && target.getUserInfo() == null ? target : null;
        } catch (URISyntaxException e) {
            throw new RequestRefusedException("http_failed", "The server redirects to an invalid address");
        }
    }

    /** Resolves a reference as RFC 3986 says it, section 5.2.2. In contrast to {@link URI#resolve}, one without a path keeps that of its base. */
    private static URI resolve(URI from, URI reference) {
        if (reference.getScheme() != null || reference.getRawAuthority() != null) {
            return from.resolve(reference);
        }
        String origin = from.getScheme() + "://" + from.getRawAuthority();
        String path = from.getRawPath().isEmpty() ? "/" : from.getRawPath();
        if (!reference.getRawPath().isEmpty()) {
            return URI.create(origin + path).resolve(reference);
        }
        String query = reference.getRawQuery() == null ? from.getRawQuery() : reference.getRawQuery();
        return URI.create(origin + path + (query == null ? "" : "?" + query));
    }

    private static int port(URI uri) {
        boolean isTls = uri.getScheme().equalsIgnoreCase("https");
        return uri.getPort() >= 0 ? uri.getPort() : isTls ? 443 : 80;
    }

    /** Stops what is still running, however the exchange ends: with a response, a timeout or a cancellation. */
    private void stop() {
        Request open = underWay;
        if (open != null) {
            var unused = open.abort(new CancellationException("The exchange is over"));
        }
    }
}
