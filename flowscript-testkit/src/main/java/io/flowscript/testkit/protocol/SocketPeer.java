package io.flowscript.testkit.protocol;

import io.flowscript.core.FlowScriptException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** A client over the JDK's WebSocket. Strict about how messages are put into frames (docs/protocol.md, section 6). */
final class SocketPeer extends Peer {

    /** The status of a successful upgrade. */
    static final int UPGRADED = 101;

    private final Duration patience;
    private final boolean lines;
    private @Nullable WebSocket socket;

    private SocketPeer(Step.Connect step, Duration patience) {
        super(step.skip());
        this.patience = patience;
        this.lines = step.subprotocol() != null;
    }

    /** The result of a handshake: a client, or the status with which it was refused. */
    record Handshake(@Nullable SocketPeer peer, int status) {}

    static Handshake connect(
            HttpClient http, URI uri, Map<String, String> headers, Step.Connect step, Duration patience)
            throws InterruptedException {
        SocketPeer peer = new SocketPeer(step, patience);
        WebSocket.Builder builder = http.newWebSocketBuilder().connectTimeout(patience);
        headers.forEach(builder::header);
        if (step.subprotocol() != null) {
            builder.subprotocols(step.subprotocol());
        }
        try {
            WebSocket opened =
                    builder.buildAsync(uri, peer.new Listener()).get(patience.toNanos(), TimeUnit.NANOSECONDS);
            peer.socket = opened;
            String chosen = opened.getSubprotocol();
            if (peer.lines && !chosen.equals(step.subprotocol())) {
                peer.arrived(new ReceivedMessage.Broken(
                        "the subprotocol that was offered is not taken, but \"" + chosen + "\""));
            }
            return new Handshake(peer, UPGRADED);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof WebSocketHandshakeException refused) {
                return new Handshake(null, refused.getResponse().statusCode());
            }
            throw new AssertionError("no connection to " + uri + ": " + e.getCause(), e);
        } catch (TimeoutException e) {
            throw new AssertionError("no connection to " + uri + " within " + patience, e);
        }
    }

    /** Sends one message. If the connection has ended meanwhile, the next read shows it. */
    void send(List<String> fragments, Step.Send.Form form) {
        if (form == Step.Send.Form.BINARY) {
            send(opened().sendBinary(
                            ByteBuffer.wrap(String.join("", fragments).getBytes(StandardCharsets.UTF_8)), true));
        } else if (form == Step.Send.Form.TEXT) {
            send(opened().sendText(String.join("", fragments), true));
        } else {
            for (int i = 0; i < fragments.size(); i++) {
                send(opened().sendText(fragments.get(i), i == fragments.size() - 1));
            }
        }
    }

    /** Closes, and waits for the server to close too. */
    void close(int code, Duration patience) throws InterruptedException {
        send(opened().sendClose(code, ""));
        long end = System.nanoTime() + patience.toNanos();
        ReceivedMessage arrival;
        do {
            arrival = take(end);
            if (arrival == null) {
                throw new AssertionError("the server does not answer a close within " + patience);
            }
        } while (!(arrival instanceof ReceivedMessage.Closed));
    }

    @Override
    void cut() {
        opened().abort();
    }

    private void send(CompletableFuture<WebSocket> sending) {
        try {
            sending.orTimeout(patience.toNanos(), TimeUnit.NANOSECONDS).join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof TimeoutException) {
                throw new AssertionError("the server accepts no message within " + patience, e);
            }
        }
    }

    private WebSocket opened() {
        if (socket == null) {
            throw new IllegalStateException("There is no connection");
        }
        return socket;
    }

    private final class Listener implements WebSocket.Listener {

        private final StringBuilder text = new StringBuilder();

        @Override
        public @Nullable CompletionStage<?> onText(WebSocket from, CharSequence part, boolean last) {
            text.append(part);
            if (last) {
                take(text.toString());
                text.setLength(0);
            }
            from.request(1);
            return null;
        }

        private void take(String frame) {
            if (lines && !frame.endsWith("\n")) {
                arrived(new ReceivedMessage.Broken("a frame that does not end with a newline: " + frame));
            } else if (!lines && frame.contains("\n")) {
                arrived(new ReceivedMessage.Broken("a frame with a newline in it: " + frame));
            } else {
                frame.lines().forEach(this::message);
            }
        }

        private void message(String line) {
            try {
                arrived(new ReceivedMessage.Message(JsonTexts.read(line)));
            } catch (FlowScriptException e) {
                arrived(new ReceivedMessage.Broken("what is not JSON: " + line));
            }
        }

        @Override
        public @Nullable CompletionStage<?> onBinary(WebSocket from, ByteBuffer data, boolean last) {
            arrived(new ReceivedMessage.Broken("a binary frame"));
            from.request(1);
            return null;
        }

        @Override
        public @Nullable CompletionStage<?> onClose(WebSocket from, int code, String reason) {
            arrived(new ReceivedMessage.Closed(code, reason));
            return null;
        }

        @Override
        public void onError(WebSocket from, Throwable cause) {
            arrived(new ReceivedMessage.Broken("the connection broke off: " + cause.getMessage()));
        }
    }
}
