package io.flowscript.testkit.transport;

import io.flowscript.core.bridge.ClientChannel;
import io.flowscript.core.bridge.ClientInfo;
import io.flowscript.core.bridge.ClientInfo.Framing;
import io.flowscript.core.bridge.ClientSession;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * The bridge's view of one connection. Sends batches one after the other, as a bridge does, and records what the
 * transport passes in.
 */
final class BridgeConnection implements ClientSession {

    private final RecordingBridge bridge;
    private final int number;
    private final ClientChannel channel;
    private final ClientInfo info;

    private final AtomicInteger work = new AtomicInteger();
    private final AtomicInteger inSend = new AtomicInteger();
    private final AtomicInteger inReceive = new AtomicInteger();
    private final AtomicInteger closed = new AtomicInteger();
    private final AtomicInteger taken = new AtomicInteger();
    private final AtomicInteger early = new AtomicInteger();
    private final AtomicInteger late = new AtomicInteger();
    private final List<Sending> sendings = new CopyOnWriteArrayList<>();
    private final Queue<String> received = new ConcurrentLinkedQueue<>();
    private final Queue<String> rejected = new ConcurrentLinkedQueue<>();
    private final Queue<Runnable> wanting = new ConcurrentLinkedQueue<>();
    private volatile boolean awaiting = true;
    private volatile boolean ending;
    private volatile boolean busy;
    private volatile boolean takenIn;
    private volatile @Nullable TestConnection line;
    private volatile long position = -1;
    private boolean greeted;
    private volatile boolean subscribed;

    BridgeConnection(RecordingBridge bridge, int number, ClientChannel channel, ClientInfo info) {
        this.bridge = bridge;
        this.number = number;
        this.channel = channel;
        this.info = info;
    }

    // Called by the rules.

    ClientChannel channel() {
        return channel;
    }

    Framing framing() {
        return info.framing();
    }

    /** Whether it is greeted, subscribed if necessary, and all sends are done. */
    boolean isIdle() {
        TestConnection of = line;
        return takenIn
                && inReceive.get() == 0
                && of != null
                && position >= of.last()
                && (!bridge.subscribes() || subscribed)
                && !busy; // last: it is set before a batch is taken
    }

    /** Whether everything was given to the transport, but the transport is not done with it. */
    boolean isGiven() {
        TestConnection of = line;
        return of != null && position >= of.last() && busy && !isInSend();
    }

    boolean isOver() {
        return ending || closed.get() > 0;
    }

    /** Whether the transport reported its end. */
    boolean isClosed() {
        return closed.get() > 0;
    }

    /** Whether a call of send has not returned. */
    boolean isInSend() {
        return inSend.get() > 0;
    }

    /** {@return all sends so far} */
    List<Sending> sendings() {
        return sendings;
    }

    /** {@return the messages passed in, without the transport's own} */
    List<String> received() {
        return List.copyOf(received);
    }

    int taken() {
        return taken.get();
    }

    List<String> rejected() {
        return List.copyOf(rejected);
    }

    /** {@return the number of messages passed in before they were requested} */
    int early() {
        return early.get();
    }

    /** {@return the number of messages passed in after the end} */
    int late() {
        return late.get();
    }

    /** Whether a message was passed in and the next one is not requested yet. */
    boolean isAsked() {
        return !wanting.isEmpty();
    }

    /** Requests the next message, if the bridge does not do so by itself. */
    void wantNext() {
        Runnable next = wanting.poll();
        if (next != null) {
            awaiting = true;
            next.run();
        }
    }

    /** Sends frames unchanged, even if that breaks the order of events. */
    Sending send(List<ByteBuffer> frames, Runnable then) {
        Sending sending = new Sending(() -> {
            then.run();
            bridge.changed();
        });
        sendings.add(sending);
        inSend.incrementAndGet();
        try {
            channel.send(frames, sending);
        } finally {
            inSend.decrementAndGet();
        }
        return sending;
    }

    void close(int code, String reason) {
        ending = true;
        TestConnection of = line;
        if (of != null) {
            of.sendAway();
        }
        channel.close(code, reason);
    }

    // Done by the connection itself.

    /** Sends the greeting, before {@code connect} returns. */
    void begin(@Nullable TestConnection of) {
        if (of != null) {
            assign(of, 0);
        }
        if (work.getAndIncrement() == 0) {
            run();
        }
    }

    /** Called when {@code connect} has done its work. */
    void takenIn() {
        takenIn = true;
    }

    /** Continues sending on another thread. */
    void signal() {
        if (work.getAndIncrement() == 0) {
            bridge.execute(this::run);
        }
    }

    private void run() {
        int done;
        do {
            done = work.get();
            sendNext();
        } while (work.addAndGet(-done) > 0);
    }

    private void sendNext() {
        if (busy || isOver()) {
            return;
        }
        busy = true;
        List<ByteBuffer> batch = nextBatch();
        if (batch.isEmpty()) {
            busy = false;
            bridge.changed();
        } else {
            send(batch, () -> {
                busy = false;
                signal();
            });
        }
    }

    private List<ByteBuffer> nextBatch() {
        if (!greeted) {
            greeted = true;
            return List.of(frame(List.of(Messages.connected(number))));
        }
        TestConnection of = line;
        if (of == null) {
            return List.of();
        }
        if (bridge.subscribes() && !subscribed) {
            subscribed = true;
            return List.of(frame(List.of(Messages.subscribed(bridge.executionOf(of), position))));
        }
        int perFrame = info.framing() == Framing.LINES ? of.perFrame() : 1;
        long from = position;
        List<byte[]> events = of.after(from, perFrame * of.framesPerSend());
        List<ByteBuffer> frames = new ArrayList<>();
        for (int i = 0; i < events.size(); i += perFrame) {
            frames.add(frame(events.subList(i, Math.min(i + perFrame, events.size()))));
        }
        position = from + events.size();
        return frames;
    }

    /** {@return messages as a frame for this connection} */
    ByteBuffer frame(List<byte[]> messages) {
        if (info.framing() == Framing.SINGLE) {
            return ByteBuffer.wrap(messages.get(0)).asReadOnlyBuffer();
        }
        ByteArrayOutputStream lines = new ByteArrayOutputStream();
        for (byte[] message : messages) {
            lines.writeBytes(message);
            lines.write('\n');
        }
        return ByteBuffer.wrap(lines.toByteArray()).asReadOnlyBuffer();
    }

    private void assign(TestConnection of, long after) {
        position = after;
        line = of;
        of.use(this);
    }

    // Called by the transport.

    @Override
    public String clientId() {
        return "client-" + number;
    }

    @Override
    public void receive(ByteBuffer message, Runnable next) {
        inReceive.incrementAndGet();
        try {
            handedIn();
            take(StandardCharsets.UTF_8.decode(message).toString());
            bridge.onReceive(this);
        } finally {
            inReceive.decrementAndGet();
        }
        goOn(next);
    }

    private void take(String text) {
        if (bridge.subscribes() && line == null) {
            TestConnection of = bridge.lineOf(Messages.executionOf(text));
            assign(of, Messages.afterOf(text));
            if (of.isSentAway()) {
                close(bridge.awayCode(), "away");
            } else {
                signal();
            }
        } else {
            received.add(text);
            taken.incrementAndGet(); // last: whoever waits for it reads what was received
        }
    }

    @Override
    public void reject(String code, String message, ByteBuffer beginning, Runnable next) {
        handedIn();
        rejected.add(code);
        goOn(next);
    }

    @Override
    public void closed() {
        closed.incrementAndGet();
        bridge.changed();
    }

    private void handedIn() {
        if (!awaiting) {
            early.incrementAndGet();
        }
        if (ending) {
            late.incrementAndGet();
        }
        awaiting = false;
    }

    private void goOn(Runnable next) {
        bridge.changed();
        if (isOver()) {
            return; // a bridge requests no more from a session that has ended
        }
        if (bridge.isEager()) {
            awaiting = true;
            next.run();
        } else {
            wanting.add(next);
        }
    }

    @Override
    public String toString() {
        Sending last = sendings.isEmpty() ? null : sendings.get(sendings.size() - 1);
        return "connection " + number + ", " + sendings.size() + " sends, the last one " + last + ", " + received.size()
                + " messages in, " + rejected.size() + " rejected, closed() " + closed + " times"
                + (ending ? ", ended by the bridge" : "");
    }
}
