package io.flowscript.language.nodes;

import java.io.ByteArrayOutputStream;
import java.net.http.HttpHeaders;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;

/** Reads a response's body up to a maximum size, and cancels a larger one. */
final class BoundedBodySubscriber implements HttpResponse.BodySubscriber<byte[]> {

    private final int max;
    private final boolean refusedAtOnce;
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final CompletableFuture<byte[]> body = new CompletableFuture<>();
    private Flow.@Nullable Subscription subscription;

    BoundedBodySubscriber(int max, HttpHeaders headers) {
        this.max = max;
        this.refusedAtOnce = headers.firstValueAsLong("content-length").orElse(0) > max;
    }

    @Override
    public CompletionStage<byte[]> getBody() {
        return body;
    }

    @Override
    public void onSubscribe(Flow.Subscription given) {
        subscription = given;
        if (refusedAtOnce) {
            breakOff(given);
        } else {
            given.request(Long.MAX_VALUE);
        }
    }

    @Override
    public void onNext(List<ByteBuffer> buffers) {
        for (ByteBuffer buffer : buffers) {
            if (body.isDone()) {
                return;
            }
            if (bytes.size() + buffer.remaining() > max) {
                Flow.Subscription open = subscription;
                if (open != null) {
                    breakOff(open);
                }
                return;
            }
            byte[] chunk = new byte[buffer.remaining()];
            buffer.get(chunk);
            bytes.write(chunk, 0, chunk.length);
        }
    }

    @Override
    public void onError(Throwable failure) {
        body.completeExceptionally(failure);
    }

    @Override
    public void onComplete() {
        body.complete(bytes.toByteArray());
    }

    private void breakOff(Flow.Subscription open) {
        body.completeExceptionally(new HttpRequestNode.RequestRefusedException(
                "http_too_large", "The response is larger than the limit of " + max + " bytes"));
        open.cancel();
    }
}
