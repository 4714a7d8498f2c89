package io.flowscript.http;

import io.flowscript.core.FlowScriptException;
import io.flowscript.core.bridge.ClientInfo;
import io.flowscript.core.bridge.ClientSession;
import io.flowscript.core.bridge.CloseCode;
import io.flowscript.core.bridge.EventBridge;
import io.flowscript.core.concurrent.Guard;
import java.nio.ByteBuffer;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;
import java.util.concurrent.atomic.AtomicReferenceFieldUpdater;
import org.jspecify.annotations.Nullable;

/**
 * A connected WebSocket, as far as it is the same on every container: it takes the client in, gathers its messages, hands them to the bridge one
 * by one, and refuses what is none. It knows no message. A subclass of an adapter connects it to the container: it calls the protected methods
 * that say what has happened, and implements those that say what to do.
 *
 * <p>{@link #received} is called by one thread at a time. Everything else is safe for use by any thread.
 *
 * @since 0.1.0
 */
public abstract class WebSocketConnection implements LiveClient {

    /** The close code for an internal error (RFC 6455, section 7.4.1). */
    private static final int SERVER_ERROR = 1011;

    private static final System.Logger LOG = System.getLogger(WebSocketConnection.class.getName());

    private static final AtomicIntegerFieldUpdater<WebSocketConnection> CLOSING =
            AtomicIntegerFieldUpdater.newUpdater(WebSocketConnection.class, "closing");

    private static final AtomicReferenceFieldUpdater<WebSocketConnection, @Nullable Runnable> AWAITED_PONG =
            AtomicReferenceFieldUpdater.newUpdater(WebSocketConnection.class, Runnable.class, "awaitedPong");

    @SuppressWarnings("rawtypes") // a class object has no type arguments
    private static final AtomicReferenceFieldUpdater<WebSocketConnection, @Nullable CompletableFuture> ENDED =
            AtomicReferenceFieldUpdater.newUpdater(WebSocketConnection.class, CompletableFuture.class, "ended");

    private static final CompletableFuture<Void> OVER = CompletableFuture.completedFuture(null);

    private final EventBridge bridge;
    private final HttpApi http;

    /** Who the client is; null once it was taken in. */
    private @Nullable ClientInfo client;

    /** The message that is coming in; null between messages. */
    private volatile @Nullable IncomingMessage incoming;

    /** 1 when the connection is being closed. */
    private volatile int closing;

    @SuppressWarnings("UnusedVariable") // read and written by its updater
    private volatile @Nullable Runnable awaitedPong;

    /** {@link #OVER} when the connection has ended; null while nobody has asked for it. */
    private volatile @Nullable CompletableFuture<Void> ended;

    private volatile @Nullable ClientSession session;

    /**
     * Creates a connection that is not open yet.
     *
     * @param bridge takes the client in
     * @param client who it is, and the framing that it expects
     * @param http keeps the clients and the memory for their messages
     */
    protected WebSocketConnection(EventBridge bridge, ClientInfo client, HttpApi http) {
        this.bridge = bridge;
        this.client = client;
        this.http = http;
    }

    // To be implemented by an adapter.

    /** Lets the next part of a message come in, which {@link #received} is called with. Any thread may call it, also within {@code received}. */
    protected abstract void wantNext();

    /**
     * Begins the closing handshake, after what was sent before, and cuts the connection when the client has not gone in time. Called at most once, by
     * any thread. It must not block. Frames that still come in are handed to {@link #received} as before.
     *
     * @param code the close code
     * @param reason the reason, for people
     */
    protected abstract void leave(int code, String reason);

    /** Sends a ping, without blocking. */
    protected abstract void sendPing();

    // Called by an adapter.

    /** Takes the client in. Called once, when frames can be sent and {@link #close} can be called. */
    protected final void opened() {
        http.clients().add(this);
        try {
            ClientSession begun = bridge.connect(this, Objects.requireNonNull(client));
            client = null; // others keep what they need of it
            session = begun;
            if (isOver()) {
                begun.closed();
            }
            wantNext();
        } catch (FlowScriptException refused) {
            boolean gone = refused.code().equals("server_closing");
            close(
                    gone ? CloseCode.GOING_AWAY : CloseCode.OVERLOADED,
                    gone ? "the server is closing" : "the server takes no more clients");
        } catch (Throwable e) {
            failed("taking a client in", e);
        }
        if (isOver()) {
            http.clients().remove(this); // over() ran before the client was added
        }
    }

    /**
     * Says that the next message begins.
     *
     * @param binary whether it is binary, and not text
     */
    protected final void begins(boolean binary) {
        forgetIncoming();
        incoming = new IncomingMessage(binary, bridge.maxMessageBytes(), http.inbound(), this::evicted);
    }

    /**
     * Takes a part of a message in.
     *
     * @param part the part; it is copied
     * @param last whether the message is complete with it
     * @param copied run when the part has been copied, and before the next one is wanted
     */
    protected final void received(ByteBuffer part, boolean last, Runnable copied) {
        ClientSession to = session;
        IncomingMessage message = incoming;
        if (to == null || message == null || closing != 0) {
            copied.run();
            wantNext();
            return;
        }
        IncomingMessage.State state = message.add(part, last);
        copied.run();
        switch (state) {
            case PARTIAL -> wantNext();
            case TEXT ->
                to.receive(message.take(), () -> {
                    forgetIncoming();
                    wantNext();
                });
            case EVICTED -> {} // the connection is being closed
            case BINARY ->
                to.reject(
                        "invalid_message",
                        "A binary frame cannot be a message; send JSON as text",
                        ByteBuffer.allocate(0),
                        this::wantNext);
            case NOT_UTF8 -> close(CloseCode.INVALID_DATA, "text must be UTF-8");
            case TOO_LARGE -> {
                String told = "A message may have " + bridge.maxMessageBytes() + " bytes at the most";
                to.reject("message_too_large", told, message.take(), () -> close(CloseCode.MESSAGE_TOO_BIG, told));
            }
        }
    }

    /** Says that a pong has come in. One that nobody waits for has no effect. */
    protected final void ponged() {
        Runnable pong = AWAITED_PONG.getAndSet(this, null);
        if (pong != null) {
            pong.run();
        }
    }

    /** Says that the connection has ended, for whatever reason. Calling it again has no effect. */
    protected final void over() {
        http.clients().remove(this);
        forgetIncoming();
        CompletableFuture<?> awaited = ENDED.getAndSet(this, OVER);
        if (awaited != null) {
            awaited.complete(null);
        }
        ClientSession over = session;
        if (over != null) {
            over.closed();
        }
    }

    /**
     * Reports that something has failed that must not, and closes the connection.
     *
     * @param doing what was being done, for the log
     * @param cause the failure
     */
    protected final void failed(String doing, Throwable cause) {
        Guard.report(
                cause,
                shown -> LOG.log(
                        System.Logger.Level.ERROR, "The connection of a client is ended: " + doing + " failed", shown));
        close(SERVER_ERROR, "internal error");
    }

    // Called by the bridge and the server.

    @Override
    public final CompletableFuture<Void> ended() {
        CompletableFuture<Void> asked = ended;
        while (asked == null) {
            boolean unused = ENDED.compareAndSet(this, null, new CompletableFuture<Void>());
            asked = ended;
        }
        return asked;
    }

    @Override
    public final void close(int code, String reason) {
        if (CLOSING.compareAndSet(this, 0, 1)) {
            leave(code, reason);
        }
    }

    @Override
    public final boolean ping(Runnable pong) {
        awaitedPong = pong;
        sendPing();
        return true;
    }

    private boolean isOver() {
        CompletableFuture<Void> known = ended;
        return known != null && known.isDone();
    }

    /** Gives the memory of the message back. Any thread. */
    private void forgetIncoming() {
        IncomingMessage gone = incoming;
        if (gone != null) {
            incoming = null;
            gone.drop();
        }
    }

    /** Called when the server is short of memory and this connection's unfinished message is the largest. */
    private void evicted() {
        close(CloseCode.OVERLOADED, "the server is short of memory for messages");
    }
}
