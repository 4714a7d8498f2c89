package io.flowscript.servlet;

import io.flowscript.http.BodyWanted;
import io.flowscript.http.HttpResponse;
import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Reads the body of a request without holding a thread. What a client still sends of a body when it has been answered already is read and dropped, up to a bound: a
 * connection that is closed while its client is sending is reset, and the answer may be lost with it (RFC 9112, section 9.6). The container calls it, one thread at a time.
 */
final class BodyReader implements ReadListener {

    private static final int BUFFER_BYTES = 8 << 10;

    private final BodyWanted wanted;
    private final HttpServletRequest request;
    private final ServletExchange exchange;
    private @Nullable ServletInputStream body;
    private boolean isAnswered;
    private long discarded;

    BodyReader(BodyWanted wanted, HttpServletRequest request, ServletExchange exchange) {
        this.wanted = wanted;
        this.request = request;
        this.exchange = exchange;
    }

    /** Begins to read, unless the request announces a body that is too large and waits for leave to send it. */
    void start() throws IOException {
        if (!wanted.allowsLength(request.getContentLengthLong())) {
            if (request.getHeader("Expect") != null) {
                exchange.respond(wanted.refusal());
                return;
            }
            refuse();
        }
        ServletInputStream in = request.getInputStream(); // now: it may give the client leave
        body = in;
        in.setReadListener(this);
    }

    @Override
    public void onDataAvailable() throws IOException {
        ServletInputStream in = Objects.requireNonNull(body);
        byte[] buffer = new byte[BUFFER_BYTES];
        while ((!isAnswered || wanted.mayDiscard(discarded)) && in.isReady() && !in.isFinished()) {
            int count = in.read(buffer);
            if (count > 0 && isAnswered) {
                discarded += count;
            } else if (count > 0 && !wanted.add(ByteBuffer.wrap(buffer, 0, count))) {
                refuse();
            }
        }
        if (isAnswered && !wanted.mayDiscard(discarded)) {
            exchange.bodyIsOver();
        }
    }

    @Override
    public void onAllDataRead() {
        if (isAnswered) {
            exchange.bodyIsOver();
        } else {
            isAnswered = true;
            wanted.respond(exchange::respond);
        }
    }

    @Override
    public void onError(Throwable cause) {
        if (isAnswered) {
            exchange.bodyIsOver();
        } else {
            answer(wanted.unreadable());
        }
    }

    private void refuse() {
        exchange.awaitBody();
        answer(wanted.refusal());
    }

    private void answer(HttpResponse response) {
        isAnswered = true;
        exchange.respond(response);
    }
}
