package io.flowscript.events.memory;

import io.flowscript.core.FlowScriptException;
import io.flowscript.core.bridge.ClientChannel;
import io.flowscript.core.bridge.ClientInfo.Framing;
import io.flowscript.core.bridge.ClientSession;
import io.flowscript.core.bridge.CloseCode;
import io.flowscript.core.concurrent.Guard;
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

/**
 * One connection between the bridge and a {@link MemoryClient}, in place of a socket.
 *
 * <p>It holds two queues: messages from the client that the session has not demanded yet, and frames and pings from the
 * bridge that the client has not read yet. Each queue is drained in a loop, not by recursion, by the thread that finds
 * it unattended; other threads only add to it.
 *
 * <p>Any thread may call it. A lock guards the state; no other code is called while it is held.
 */
final class MemoryConnection implements ClientChannel {

    private static final Logger LOGGER = LoggerFactory.getLogger(MemoryConnection.class);
    private static final JsonReader READER = new JsonReader(Json.MAX_DEPTH);

    private final MemoryClient client;
    private final Framing framing;
    private final int maxMessageBytes;

    /** The requests to read that were not served yet. The thread that raises it from 0 serves all of them. */
    private final AtomicInteger readRequests = new AtomicInteger();

    /** Guards all fields below. No other code is called while it is held. */
    private final Object lock = new Object();

    private final Queue<ByteBuffer> outgoing = new ArrayDeque<>();
    private final Queue<Incoming> incoming = new ArrayDeque<>();
    private @Nullable ClientSession session;
    private int outgoingBytes;
    private boolean demanded = true;
    private boolean handingIn;
    private boolean ended;

    MemoryConnection(MemoryClient client, Framing framing, int maxMessageBytes) {
        this.client = client;
        this.framing = framing;
        this.maxMessageBytes = maxMessageBytes;
    }

    /** Something that the bridge has sent and the client has not read yet. */
    private interface Incoming {
        /** The client reads it. */
        void taken();

        /** The connection has ended before the client could read it. */
        void lost();
    }

    /** Sets the session once the bridge has accepted the client. */
    void opened(ClientSession with) {
        boolean left;
        synchronized (lock) {
            left = ended;
            session = left ? null : with;
        }
        if (left) {
            with.closed();
        } else {
            sendNext();
        }
    }

    /** Queues a message and hands it in when the session demands it. */
    void send(ByteBuffer message) {
        synchronized (lock) {
            if (outgoing.size() >= MemoryClient.MAX_UNSENT
                    || (!outgoing.isEmpty() && message.remaining() > MemoryClient.MAX_UNSENT_BYTES - outgoingBytes)) {
                throw new FlowScriptException(
                        "too_many_messages",
                        "The client already has " + outgoing.size() + " unsent messages with " + outgoingBytes
                                + " bytes; wait until the server takes them");
            }
            if (!ended) {
                outgoing.add(message);
                outgoingBytes += message.remaining();
            }
        }
        sendNext();
    }

    /** The client ends the connection. */
    void disconnect() {
        ClientSession left = end();
        if (left != null) {
            left.closed();
        }
    }

    /** Reads what the bridge has sent, as long as the client is reading. */
    void readIncoming() {
        if (readRequests.getAndIncrement() > 0) {
            return;
        }
        int asked;
        do {
            asked = readRequests.get();
            Incoming first = client.isReading() ? pollIncoming() : null;
            while (first != null) {
                first.taken();
                first = client.isReading() ? pollIncoming() : null;
            }
        } while (readRequests.addAndGet(-asked) > 0);
    }

    @Override
    public void send(List<ByteBuffer> frames, SendCallback done) {
        // Copied now, like into a socket's buffer; parsed when the client reads.
        enqueueIncoming(new Delivery(frames.stream().map(MemoryConnection::copy).toList(), done));
    }

    @Override
    public boolean ping(Runnable pong) {
        if (!client.isSilent()) {
            enqueueIncoming(new Ping(pong));
        }
        return true;
    }

    @Override
    public String transport() {
        return "memory";
    }

    @Override
    public void close(int code, String reason) {
        end();
        client.closed(this, code, reason);
    }

    private void enqueueIncoming(Incoming item) {
        boolean lost;
        synchronized (lock) {
            lost = ended;
            if (!lost) {
                incoming.add(item);
            }
        }
        if (lost) {
            item.lost();
        } else {
            readIncoming();
        }
    }

    private @Nullable Incoming pollIncoming() {
        synchronized (lock) {
            return incoming.poll();
        }
    }

    private @Nullable ClientSession end() {
        ClientSession left;
        List<Incoming> lost;
        synchronized (lock) {
            ended = true;
            outgoing.clear();
            outgoingBytes = 0;
            lost = List.copyOf(incoming);
            incoming.clear();
            left = session;
            session = null;
        }
        lost.forEach(Incoming::lost);
        return left;
    }

    /** Hands in messages as long as the session demands them. */
    private void sendNext() {
        Handover next = nextHandover();
        while (next != null) {
            handIn(next);
            synchronized (lock) {
                handingIn = false;
            }
            next = nextHandover();
        }
    }

    private record Handover(ClientSession to, ByteBuffer message) {}

    private @Nullable Handover nextHandover() {
        synchronized (lock) {
            ClientSession to = session;
            if (to == null || !demanded || handingIn || outgoing.isEmpty()) {
                return null;
            }
            demanded = false;
            handingIn = true;
            ByteBuffer message = outgoing.remove();
            outgoingBytes -= message.remaining();
            return new Handover(to, message);
        }
    }

    private void handIn(Handover next) {
        try {
            if (next.message.remaining() > maxMessageBytes) {
                next.to.reject(
                        "message_too_large",
                        "A message may have at most " + maxMessageBytes + " bytes; this one has "
                                + next.message.remaining(),
                        next.message,
                        this::nextDemanded);
            } else {
                next.to.receive(next.message, this::nextDemanded);
            }
        } catch (Throwable e) {
            Guard.report(
                    e,
                    shown ->
                            LOGGER.error("The session failed to receive a message; the client is disconnected", shown));
            client.closed(this, CloseCode.OVERLOADED, "internal");
            disconnect();
        }
    }

    private void nextDemanded() {
        synchronized (lock) {
            demanded = true;
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
            throw new IllegalStateException("A frame with LINES framing does not end with a newline");
        }
    }

    private static Map<String, @Nullable Object> parse(ByteBuffer message) {
        Object read = Json.freeze(READER.read(message));
        if (read instanceof Map) {
            return MemoryClient.entries(read);
        }
        throw new IllegalStateException("A message from the server is not a JSON object");
    }

    private static ByteBuffer copy(ByteBuffer frame) {
        return ByteBuffer.allocate(frame.remaining()).put(frame.duplicate()).flip();
    }

    /** Frames for the client. */
    private final class Delivery implements Incoming {

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
            done.failed(new FlowScriptException("not_connected", "The client has disconnected"));
        }
    }

    /** A ping for the client. */
    private record Ping(Runnable pong) implements Incoming {
        @Override
        public void taken() {
            pong.run();
        }

        @Override
        public void lost() {
            // no answer
        }
    }
}
