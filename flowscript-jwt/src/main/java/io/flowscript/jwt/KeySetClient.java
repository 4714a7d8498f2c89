package io.flowscript.jwt;

import com.nimbusds.jose.jwk.JWKSet;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.text.ParseException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** Fetches a set of keys over HTTP: in a bounded time, of a bounded size, from that address alone. Safe for use by any thread. */
final class KeySetClient implements Supplier<CompletableFuture<JWKSet>> {

    static final int MAX_BYTES = 256 << 10;

    private static final int OK = 200;

    private final HttpClient http;
    private final HttpRequest request;
    private final Duration timeout;

    KeySetClient(URI address, Duration timeout) {
        this.http = HttpClient.newBuilder()
                .connectTimeout(timeout)
                .followRedirects(HttpClient.Redirect.NEVER)
                .build();
        this.request = HttpRequest.newBuilder(address)
                .header("Accept", "application/jwk-set+json, application/json")
                .timeout(timeout)
                .build();
        this.timeout = timeout;
    }

    @Override
    public CompletableFuture<JWKSet> get() {
        CompletableFuture<HttpResponse<byte[]>> exchange = http.sendAsync(request, head -> new Bounded());
        return exchange.thenApply(KeySetClient::parse)
                .orTimeout(timeout.toMillis(), TimeUnit.MILLISECONDS)
                .whenComplete((keys, failure) -> exchange.cancel(true)); // a body may come drop by drop
    }

    private static JWKSet parse(HttpResponse<byte[]> response) {
        if (response.statusCode() != OK) {
            throw new CompletionException(new IOException("The answer has status " + response.statusCode()));
        }
        try {
            return JWKSet.parse(new String(response.body(), StandardCharsets.UTF_8));
        } catch (ParseException | RuntimeException e) {
            throw new CompletionException(new IOException("The answer is no set of keys", e));
        }
    }

    /** A body of bounded size. */
    private static final class Bounded implements HttpResponse.BodySubscriber<byte[]> {

        private final HttpResponse.BodySubscriber<byte[]> bytes = HttpResponse.BodySubscribers.ofByteArray();
        private final CompletableFuture<Flow.Subscription> source = new CompletableFuture<>();
        private long received;

        @Override
        public CompletionStage<byte[]> getBody() {
            return bytes.getBody();
        }

        @Override
        public void onSubscribe(Flow.Subscription subscription) {
            source.complete(subscription);
            bytes.onSubscribe(subscription);
        }

        @Override
        public void onNext(List<ByteBuffer> parts) {
            received += parts.stream().mapToInt(ByteBuffer::remaining).sum();
            if (received <= MAX_BYTES) {
                bytes.onNext(parts);
            } else {
                source.join().cancel();
                bytes.onError(new IOException("The answer has more than " + MAX_BYTES + " bytes"));
            }
        }

        @Override
        public void onError(Throwable failure) {
            bytes.onError(failure);
        }

        @Override
        public void onComplete() {
            bytes.onComplete();
        }
    }
}
