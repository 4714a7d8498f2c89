package io.flowscript.examples.http;

import com.sun.net.httpserver.HttpExchange;
import io.flowscript.core.bridge.ClientChannel.SendCallback;
import io.flowscript.http.BodyWanted;
import io.flowscript.http.EventExchange;
import io.flowscript.http.EventSink;
import io.flowscript.http.HttpRequest;
import io.flowscript.http.HttpResponse;
import io.flowscript.http.HttpResult;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** One request, and its answer: does what the HTTP side says. What is written is written by a thread of the executor, one write at a time. */
final class JdkExchange implements EventSink {

    private static final int BUFFER_BYTES = 8 << 10;
    private static final int NO_BODY = -1;
    private static final int CHUNKS = 0;

    private final HttpExchange exchange;
    private final Executor threads;

    /** Guards what stands below; nothing foreign is called under it. */
    private final Object lock = new Object();

    private @Nullable EventExchange events;
    private @Nullable HttpResponse head;
    private @Nullable Thread writer;
    private boolean aborted;

    JdkExchange(HttpExchange exchange, Executor threads) {
        this.exchange = exchange;
        this.threads = threads;
    }

    /** The head of the request, as the HTTP side sees it. */
    HttpRequest head() {
        return new HttpRequest(
                exchange.getRequestMethod(),
                exchange.getRequestURI().normalize().getRawPath(),
                exchange.getRequestURI().getRawQuery(),
                exchange.getRequestHeaders(),
                exchange.getRequestHeaders().getFirst("Host"),
                exchange.getRemoteAddress().getAddress().getHostAddress(),
                false,
                exchange.getPrincipal());
    }

    /** Does what is to be done with the request; returns when that is done, but for events. */
    void carryOut(HttpResult result) {
        if (result instanceof EventExchange wanted) {
            events = wanted;
            wanted.start(this);
            return;
        }
        try (exchange) {
            if (result instanceof HttpResponse answer) {
                send(answer);
            } else if (result instanceof BodyWanted wanted) {
                answerBody(wanted);
            }
        } catch (IOException e) {
            // The client is gone.
        }
    }

    private void answerBody(BodyWanted wanted) throws IOException {
        InputStream in = exchange.getRequestBody();
        byte[] part = new byte[BUFFER_BYTES];
        for (int read = in.read(part); read >= 0; read = in.read(part)) { // a body that breaks off throws
            if (!wanted.add(ByteBuffer.wrap(part, 0, read))) {
                send(wanted.refusal());
                for (long discarded = 0; read >= 0 && wanted.mayDiscard(discarded); discarded += Math.max(read, 0)) {
                    read = in.read(part);
                }
                return;
            }
        }
        CompletableFuture<HttpResponse> answer = new CompletableFuture<>();
        wanted.respond(answer::complete);
        send(answer.join());
    }

    private void send(HttpResponse answer) throws IOException {
        ByteBuffer body = answer.body();
        exchange.getResponseHeaders().putAll(answer.headers());
        if (body.hasRemaining() && exchange.getRequestMethod().equals("HEAD")) {
            exchange.getResponseHeaders().set("Content-Length", String.valueOf(body.remaining()));
            body = ByteBuffer.allocate(0);
        }
        exchange.sendResponseHeaders(answer.status(), body.hasRemaining() ? body.remaining() : NO_BODY);
        if (body.hasRemaining()) {
            write(body);
        }
    }

    private void write(ByteBuffer bytes) throws IOException {
        Channels.newChannel(exchange.getResponseBody()).write(bytes);
        exchange.getResponseBody().flush();
    }

    @Override
    public void respond(HttpResponse answer) {
        run(() -> sendAndClose(answer), this::over, cause -> over());
    }

    private void sendAndClose(HttpResponse answer) throws IOException {
        send(answer);
        exchange.close();
    }

    @Override
    public void start(HttpResponse begun) {
        head = begun;
    }

    @Override
    public void write(ByteBuffer bytes, SendCallback taken) {
        run(() -> writeOn(bytes), taken::sent, taken::failed);
    }

    private void writeOn(ByteBuffer bytes) throws IOException {
        sendHead(CHUNKS);
        write(bytes);
    }

    private void sendHead(int length) throws IOException {
        HttpResponse begun = head;
        if (begun != null) {
            head = null;
            exchange.getResponseHeaders().putAll(begun.headers());
            exchange.sendResponseHeaders(begun.status(), length);
        }
    }

    @Override
    public void end() {
        run(this::sendEnd, this::over, cause -> over());
    }

    /** A response that ends before anything was written has a head all the same. */
    private void sendEnd() throws IOException {
        sendHead(NO_BODY);
        exchange.close();
    }

    /** A thread that waits in a write is interrupted, which closes the connection. */
    @Override
    public void abort(Throwable cause) {
        synchronized (lock) {
            aborted = true;
            if (writer != null) {
                writer.interrupt();
                return;
            }
        }
        run(exchange::close, this::over, failure -> over());
    }

    private interface Write {
        void run() throws IOException;
    }

    /** Does something with the answer in a thread of its own, and tells how that went. */
    private void run(Write write, Runnable done, Consumer<Throwable> failed) {
        try {
            threads.execute(() -> {
                synchronized (lock) {
                    writer = Thread.currentThread();
                }
                IOException failure = null;
                try {
                    write.run();
                } catch (IOException e) {
                    failure = e;
                }
                boolean cut;
                synchronized (lock) {
                    writer = null;
                    cut = aborted;
                }
                if (failure == null) {
                    done.run();
                } else {
                    failed.accept(failure);
                }
                if (cut) {
                    over();
                }
            });
        } catch (RejectedExecutionException stopped) {
            failed.accept(stopped);
        }
    }

    /** Closes what is left of the exchange, and tells the HTTP side that it is over. */
    private void over() {
        exchange.close();
        if (events != null) {
            events.closed();
        }
    }
}
