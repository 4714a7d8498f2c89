package io.flowscript.testkit.transport;

import io.flowscript.core.bridge.ClientChannel;
import io.flowscript.core.bridge.ClientSession;
import io.flowscript.core.bridge.CloseCode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;

/** Both ends of a connection of {@link PipeTransport}: the bridge's and the client's. */
final class Pipe implements ClientChannel, Peer {

    private static final int MOST_WAITING_BYTES = 1 << 20;
    private static final int MAX_DEPTH = 500;

    private final PipeTransport transport;
    private final int maxMessageBytes;
    private final Object lock = new Object();
    private final List<String> received = new ArrayList<>();
    private final Queue<Parcel> parcels = new ArrayDeque<>();
    private final Queue<byte[]> letters = new ArrayDeque<>();
    private ClientSession session;
    private int number;
    private int sends;
    private int ahead;
    private int waitingBytes;
    private boolean reading = true;
    private boolean delivering;
    private boolean wanted = true;
    private boolean handing;
    private int depth;
    private boolean inDone;
    private boolean hasReceived;
    private boolean closedOnce;
    private End end;

    Pipe(PipeTransport transport, int maxMessageBytes) {
        this.transport = transport;
        this.maxMessageBytes = maxMessageBytes;
    }

    /** One send. */
    private static final class Parcel {
        private final List<byte[]> frames;
        private final SendCallback done;
        private boolean heldUp;

        Parcel(List<byte[]> frames, SendCallback done) {
            this.frames = frames;
            this.done = done;
        }
    }

    private boolean has(Fault fault) {
        return transport.fault == fault;
    }

    // Towards the client.

    @Override
    public void send(List<ByteBuffer> frames, SendCallback done) {
        if (frames.isEmpty() && has(Fault.NEVER_DONE_WITH_NOTHING)) {
            return;
        }
        Parcel parcel = new Parcel(frames.stream().map(this::read).toList(), done);
        boolean over;
        synchronized (lock) {
            sends++;
            over = end != null;
            if (!over) {
                parcels.add(parcel);
                parcel.heldUp = !reading;
            }
        }
        if (over && has(Fault.SAYS_SENT_AFTER_THE_END)) {
            done.sent();
        } else if (over) {
            done.failed(new IOException("gone"));
        } else if (has(Fault.BUFFERS_WITHOUT_BOUND) && parcel.heldUp) {
            done.sent();
        } else {
            deliver();
        }
        if (has(Fault.BLOCKS_IN_SEND)) {
            awaitReader(parcel);
        }
    }

    private byte[] read(ByteBuffer frame) {
        if (has(Fault.READS_BUFFERS_FROM_ZERO)) {
            byte[] bytes = new byte[frame.limit()];
            frame.get(0, bytes);
            return bytes;
        }
        byte[] bytes = new byte[frame.remaining()];
        (has(Fault.MOVES_POSITIONS) ? frame : frame.duplicate()).get(bytes);
        return bytes;
    }

    private void awaitReader(Parcel parcel) {
        synchronized (lock) {
            try {
                while (parcels.contains(parcel) && end == null) {
                    lock.wait();
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private void deliver() {
        Parcel next = nextParcel();
        while (next != null) {
            take(next);
            boolean first;
            synchronized (lock) {
                delivering = false;
                first = !next.heldUp || !has(Fault.BUFFERS_WITHOUT_BOUND);
                inDone = true;
                lock.notifyAll();
            }
            if (first) {
                next.done.sent();
            }
            if (has(Fault.SAYS_SENT_TWICE) && sends % 50 == 0) {
                next.done.sent();
            }
            synchronized (lock) {
                inDone = false;
            }
            next = nextParcel();
        }
    }

    private Parcel nextParcel() {
        if (has(Fault.HAS_ONE_LANE_FOR_ALL) && transport.isHeldUp(this)) {
            return null;
        }
        synchronized (lock) {
            Parcel next = parcels.peek();
            if (next == null || !reading || delivering || end != null) {
                return null;
            }
            if (has(Fault.DROPS_WHAT_IS_UNDER_WAY_ON_CLOSE) && next.frames.size() == 100) {
                return null;
            }
            delivering = true;
            return parcels.remove();
        }
    }

    private void take(Parcel parcel) {
        if (has(Fault.LOSES_WHAT_IS_SENT_WITHIN_CONNECT) && session == null) {
            return;
        }
        int frames = parcel.frames.size();
        if (has(Fault.FORGETS_FRAMES_FROM_THE_500TH)) {
            frames = Math.min(frames, 499);
        } else if (has(Fault.LOSES_WHAT_WAS_HELD_UP) && parcel.heldUp) {
            frames /= 2;
        }
        for (byte[] frame : parcel.frames.subList(0, frames)) {
            String[] messages = new String(frame, StandardCharsets.UTF_8).split("\n", -1);
            int count = has(Fault.READS_ONE_MESSAGE_A_FRAME) ? 1 : messages.length - 1;
            for (int i = 0; i < count; i++) {
                boolean cut = has(Fault.CUTS_LARGE_MESSAGES_SHORT) && messages[i].length() > 500_000;
                synchronized (lock) {
                    received.add(cut ? messages[i].substring(0, 500_000) : messages[i]);
                }
            }
        }
    }

    boolean isFull() {
        synchronized (lock) {
            return !reading && !parcels.isEmpty();
        }
    }

    @Override
    public boolean ping(Runnable pong) {
        if (end() == null || has(Fault.PONGS_FOR_THE_DEAD)) {
            pong.run();
        }
        if (end() == null && has(Fault.PONGS_TWICE)) {
            pong.run();
        }
        return true;
    }

    @Override
    public void close(int code, String reason) {
        synchronized (lock) {
            if (closedOnce && has(Fault.THROWS_ON_A_SECOND_CLOSE)) {
                throw new IllegalStateException("closed already");
            }
            closedOnce = true;
            if ((code == CloseCode.NORMAL && has(Fault.IGNORES_A_NORMAL_CLOSE))
                    || (handing && has(Fault.IGNORES_CLOSE_WITHIN_RECEIVE))
                    || (inDone && has(Fault.IGNORES_CLOSE_WITHIN_DONE))
                    || (session == null && has(Fault.IGNORES_CLOSE_WITHIN_CONNECT))
                    || (!parcels.isEmpty() && has(Fault.WAITS_FOR_THE_READER_TO_CLOSE) && !reading)) {
                return;
            }
        }
        end(new End(code, has(Fault.LOSES_THE_REASON) ? "" : reason), false);
    }

    /** The connection is over, for both ends. */
    void end(End how, boolean tellSession) {
        List<Parcel> lost;
        ClientSession left;
        synchronized (lock) {
            if (end != null) {
                return;
            }
            end = how;
            lost = List.copyOf(parcels);
            parcels.clear();
            left = session;
            lock.notifyAll();
        }
        transport.gone(this, number);
        if (tellSession && left != null) {
            left.closed();
        }
        boolean cut = how.code() == 0 && how.reason().equals("cut");
        if (!(cut && has(Fault.FORGETS_DONE_WHEN_CUT)) && !has(Fault.BUFFERS_WITHOUT_BOUND)) {
            lost.forEach(parcel -> parcel.done.failed(new IOException("gone")));
        }
    }

    // Towards the bridge.

    void opened(ClientSession with, int connection) {
        boolean over;
        synchronized (lock) {
            session = with;
            number = connection;
            over = end != null;
        }
        if (over) {
            transport.gone(this, connection);
            with.closed();
        } else {
            handIn();
        }
    }

    @Override
    public void send(List<String> messages) throws IOException {
        for (String message : messages) {
            send(message.getBytes(StandardCharsets.UTF_8));
        }
    }

    @Override
    public void sendGarbage() throws IOException {
        send(new byte[] {(byte) 0xFF});
    }

    private void send(byte[] message) throws IOException {
        synchronized (lock) {
            try {
                while (waitingBytes > MOST_WAITING_BYTES && end == null && !has(Fault.READS_A_FLOOD_INTO_MEMORY)) {
                    lock.wait();
                }
            } catch (InterruptedException e) {
                throw new IOException("interrupted", e);
            }
            if (end != null && !handsInLate()) {
                throw new IOException("gone");
            }
            letters.add(message);
            waitingBytes += message.length;
        }
        handIn();
    }

    private boolean handsInLate() {
        return has(Fault.HANDS_IN_AFTER_CLOSE) && hasReceived;
    }

    private void handIn() {
        byte[] next = nextLetter();
        while (next != null) {
            if (++depth > MAX_DEPTH) {
                // What the JVM would throw a little later. Filling the stack for real would also fail an agent that
                // works in this thread.
                throw new StackOverflowError();
            }
            handIn(next);
            depth--;
            synchronized (lock) {
                handing = false;
                lock.notifyAll();
            }
            next = nextLetter();
        }
    }

    private byte[] nextLetter() {
        synchronized (lock) {
            boolean deeper = has(Fault.GOES_DEEPER_WITH_EACH_MESSAGE);
            if (session == null || (handing && !deeper) || letters.isEmpty() || (end != null && !handsInLate())) {
                return null;
            }
            if (!wanted && !(has(Fault.HANDS_IN_ONE_TOO_MANY) && ahead++ == 0)) {
                return null;
            }
            wanted = false;
            handing = true;
            byte[] next = letters.remove();
            waitingBytes -= next.length;
            return next;
        }
    }

    private void handIn(byte[] message) {
        try {
            if (message[0] == (byte) 0xFF && !has(Fault.HANDS_IN_GARBAGE)) {
                session.reject("invalid_message", "This is no message", ByteBuffer.wrap(message), this::wanted);
            } else if (message.length > maxMessageBytes && !has(Fault.HANDS_IN_WHAT_IS_TOO_LARGE)) {
                session.reject("message_too_large", "This is too large", ByteBuffer.wrap(message), this::wanted);
            } else if (message.length > 60_000 && has(Fault.LOSES_LARGE_MESSAGES_IN)) {
                wanted();
            } else {
                session.receive(ByteBuffer.wrap(message), this::wanted);
                hasReceived = true;
            }
        } catch (RuntimeException e) {
            if (!has(Fault.KEEPS_WHOSE_RECEIVE_FAILED)) {
                end(new End(CloseCode.OVERLOADED, "internal"), true);
            }
        }
    }

    private void wanted() {
        synchronized (lock) {
            wanted = true;
            lock.notifyAll();
        }
        handIn();
    }

    // The client itself.

    @Override
    public List<String> received() {
        synchronized (lock) {
            return List.copyOf(received);
        }
    }

    @Override
    public void stopReading() {
        synchronized (lock) {
            reading = false;
        }
    }

    @Override
    public void readOn() {
        synchronized (lock) {
            reading = true;
        }
        deliver();
    }

    @Override
    public void leave() {
        end(End.PLAIN, !has(Fault.DOES_NOT_NOTICE_LEAVING));
    }

    @Override
    public void cut() {
        end(new End(0, "cut"), !has(Fault.DOES_NOT_NOTICE_A_CUT));
    }

    @Override
    public End end() {
        synchronized (lock) {
            return end;
        }
    }
}
