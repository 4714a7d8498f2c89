package io.flowscript.events.memory;

import io.flowscript.core.FlowScriptException;
import io.flowscript.core.bridge.ClientChannel;
import io.flowscript.core.bridge.ClientInfo.Framing;
import io.flowscript.core.bridge.ClientSession;
import io.flowscript.core.json.Json;
import io.flowscript.events.codec.JsonReader;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/** One connection of a client: what stands between the bridge and {@link MemoryClient} as a socket would. */
final class Link implements ClientChannel {

    private static final JsonReader READER = new JsonReader(Json.MAX_DEPTH);

    private final MemoryClient client;
    private final Framing framing;

    /** Guards everything below; nothing is called with it held. */
    private final Object lock = new Object();

    private final Queue<ByteBuffer> unsent = new ArrayDeque<>();
    private final Queue<Runnable> held = new ArrayDeque<>();
    private @Nullable ClientSession session;
    private boolean sending;
    private boolean over;

    Link(MemoryClient client, Framing framing) {
        this.client = client;
        this.framing = framing;
    }

    /** The bridge has taken this client in. */
    void opened(ClientSession with) {
        boolean left;
        synchronized (lock) {
            left = over;
            session = left ? null : with;
        }
        if (left) {
            with.closed();
        } else {
            sendNext();
        }
    }

    /** Sends a message when those before it were taken. */
    void send(ByteBuffer message) {
        synchronized (lock) {
            if (unsent.size() >= MemoryClient.MAX_UNSENT) {
                throw new FlowScriptException(
                        "too_many_messages", MemoryClient.MAX_UNSENT + " messages wait for the server to take them");
            }
            unsent.add(message);
        }
        sendNext();
    }

    /** The client goes. */
    void leave() {
        ClientSession left = end();
        if (left != null) {
            left.closed();
        }
    }

    /** Takes what was held up. */
    void readOn() {
        Runnable first = client.isReading() ? pollHeld() : null;
        while (first != null) {
            first.run();
            first = client.isReading() ? pollHeld() : null;
        }
    }

    @Override
    public void send(List<ByteBuffer> frames, SendCallback done) {
        // Copied now, as a socket would have it in its buffer; read when the client reads.
        List<ByteBuffer> copies = frames.stream().map(Link::copy).toList();
        hold(() -> {
            if (isOver()) {
                done.failed(new FlowScriptException("not_connected", "The client is gone"));
            } else {
                List<Map<String, @Nullable Object>> messages = new ArrayList<>();
                copies.forEach(frame -> read(frame, messages));
                client.received(this, messages, copies.size());
                done.sent();
            }
        });
    }

    @Override
    public boolean ping(Runnable pong) {
        if (!client.isSilent()) {
            hold(pong);
        }
        return true;
    }

    @Override
    public void close(int code, String reason) {
        end();
        client.closed(this, code, reason);
    }

    private void hold(Runnable task) {
        synchronized (lock) {
            held.add(task);
        }
        readOn();
    }

    private @Nullable Runnable pollHeld() {
        synchronized (lock) {
            return held.poll();
        }
    }

    private boolean isOver() {
        synchronized (lock) {
            return over;
        }
    }

    private @Nullable ClientSession end() {
        synchronized (lock) {
            over = true;
            unsent.clear();
            held.clear();
            ClientSession left = session;
            session = null;
            return left;
        }
    }

    private void sendNext() {
        ClientSession to;
        ByteBuffer message;
        synchronized (lock) {
            to = session;
            if (to == null || sending || unsent.isEmpty()) {
                return;
            }
            sending = true;
            message = unsent.remove();
        }
        to.receive(message, this::wanted);
    }

    private void wanted() {
        synchronized (lock) {
            sending = false;
        }
        sendNext();
    }

    private void read(ByteBuffer frame, List<Map<String, @Nullable Object>> messages) {
        if (framing == Framing.SINGLE) {
            messages.add(parse(frame));
            return;
        }
        int start = 0;
        for (int i = 0; i < frame.limit(); i++) {
            if (frame.get(i) == '\n') {
                messages.add(parse(frame.slice(start, i - start)));
                start = i + 1;
            }
        }
        if (start != frame.limit()) {
            throw new IllegalStateException("A frame does not end with a newline");
        }
    }

    private static Map<String, @Nullable Object> parse(ByteBuffer message) {
        Object read = Json.freeze(READER.read(message));
        if (read instanceof Map) {
            return MemoryClient.entries(read);
        }
        throw new IllegalStateException("A message is not an object");
    }

    private static ByteBuffer copy(ByteBuffer frame) {
        return ByteBuffer.allocate(frame.remaining()).put(frame.duplicate()).flip();
    }
}
