package io.flowscript.events.memory;

import io.flowscript.core.FlowScriptException;
import io.flowscript.core.bridge.ClientChannel;
import io.flowscript.core.bridge.ClientInfo.Framing;
import io.flowscript.core.bridge.ClientSession;
import io.flowscript.core.bridge.CloseCode;
import io.flowscript.core.json.Json;
import io.flowscript.json.codec.JsonReader;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One connection of a client: what stands between the bridge and {@link MemoryClient} as a socket would. */
final class MemoryConnection implements ClientChannel {

    private static final Logger LOGGER = LoggerFactory.getLogger(MemoryConnection.class);
    private static final JsonReader READER = new JsonReader(Json.MAX_DEPTH);

    private final MemoryClient client;
    private final Framing framing;
    private final int maxMessageBytes;

    /** How often it was asked to read; whoever asks first reads, also for those who ask meanwhile. */
    private final AtomicInteger reads = new AtomicInteger();

    /** Guards everything below; nothing is called with it held. */
    private final Object lock = new Object();

    private final Queue<ByteBuffer> unsent = new ArrayDeque<>();
    private final Queue<Held> held = new ArrayDeque<>();
    private @Nullable ClientSession session;
    private int unsentBytes;
    private boolean wanted = true;
    private boolean handing;
    private boolean over;

    MemoryConnection(MemoryClient client, Framing framing, int maxMessageBytes) {
        this.client = client;
        this.framing = framing;
        this.maxMessageBytes = maxMessageBytes;
    }

    /** What the client takes when it reads. */
    private interface Held {
        void taken();

        void lost();
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
            if (unsent.size() >= MemoryClient.MAX_UNSENT
                    || (!unsent.isEmpty() && message.remaining() > MemoryClient.MAX_UNSENT_BYTES - unsentBytes)) {
                throw new FlowScriptException(
                        "too_many_messages",
                        unsent.size() + " messages of " + unsentBytes + " bytes wait for the server to take them");
            }
            if (!over) {
                unsent.add(message);
                unsentBytes += message.remaining();
            }
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

    /** Takes what was held up; in a loop, not deeper, when more comes of it. */
    void readOn() {
        if (reads.getAndIncrement() > 0) {
            return;
        }
        int asked;
        do {
            asked = reads.get();
            Held first = client.isReading() ? pollHeld() : null;
            while (first != null) {
                first.taken();
                first = client.isReading() ? pollHeld() : null;
            }
        } while (reads.addAndGet(-asked) > 0);
    }

    @Override
    public void send(List<ByteBuffer> frames, SendCallback done) {
        // Copied now, as a socket would have it in its buffer; read when the client reads.
        hold(new Delivery(frames.stream().map(MemoryConnection::copy).toList(), done));
    }

    @Override
    public boolean ping(Runnable pong) {
        if (!client.isSilent()) {
            hold(new Ping(pong));
        }
        return true;
    }

    @Override
    public void close(int code, String reason) {
        end();
        client.closed(this, code, reason);
    }

    private void hold(Held item) {
        boolean lost;
        synchronized (lock) {
            lost = over;
            if (!lost) {
                held.add(item);
            }
        }
        if (lost) {
            item.lost();
        } else {
            readOn();
        }
    }

    private @Nullable Held pollHeld() {
        synchronized (lock) {
            return held.poll();
        }
    }

    private @Nullable ClientSession end() {
        ClientSession left;
        List<Held> lost;
        synchronized (lock) {
            over = true;
            unsent.clear();
            unsentBytes = 0;
            lost = List.copyOf(held);
            held.clear();
            left = session;
            session = null;
        }
        lost.forEach(Held::lost);
        return left;
    }

    /** Hands messages in as long as the next one is wanted; in a loop, not deeper. */
    private void sendNext() {
        Handover next = nextHandover();
        while (next != null) {
            handIn(next);
            synchronized (lock) {
                handing = false;
            }
            next = nextHandover();
        }
    }

    private record Handover(ClientSession to, ByteBuffer message) {}

    private @Nullable Handover nextHandover() {
        synchronized (lock) {
            ClientSession to = session;
            if (to == null || !wanted || handing || unsent.isEmpty()) {
                return null;
            }
            wanted = false;
            handing = true;
            ByteBuffer message = unsent.remove();
            unsentBytes -= message.remaining();
            return new Handover(to, message);
        }
    }

    private void handIn(Handover next) {
        try {
            if (next.message.remaining() > maxMessageBytes) {
                next.to.reject(
                        "message_too_large",
                        "A message may have " + maxMessageBytes + " bytes at the most, this one has "
                                + next.message.remaining(),
                        this::wanted);
            } else {
                next.to.receive(next.message, this::wanted);
            }
        } catch (RuntimeException e) {
            LOGGER.error("A message could not be handed in; its client is disconnected", e);
            client.closed(this, CloseCode.OVERLOADED, "internal");
            leave();
        }
    }

    private void wanted() {
        synchronized (lock) {
            wanted = true;
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

    /** Frames that were sent to the client. */
    private final class Delivery implements Held {

        private final List<ByteBuffer> frames;
        private final SendCallback done;

        Delivery(List<ByteBuffer> frames, SendCallback done) {
            this.frames = frames;
            this.done = done;
        }

        @Override
        public void taken() {
            List<Map<String, @Nullable Object>> messages = new ArrayList<>();
            try {
                frames.forEach(frame -> read(frame, messages));
            } catch (RuntimeException e) {
                done.failed(e);
                return;
            }
            client.received(MemoryConnection.this, messages, frames.size());
            done.sent();
        }

        @Override
        public void lost() {
            done.failed(new FlowScriptException("not_connected", "The client is gone"));
        }
    }

    /** The wish for a sign of life. */
    private record Ping(Runnable pong) implements Held {
        @Override
        public void taken() {
            pong.run();
        }

        @Override
        public void lost() {
            // no sign of life
        }
    }
}
