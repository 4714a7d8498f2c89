package io.flowscript.testkit.fault;

import io.flowscript.core.bridge.ClientChannel;
import io.flowscript.core.bridge.ClientInfo;
import io.flowscript.core.bridge.ClientSession;
import io.flowscript.core.bridge.EventBridge;
import io.flowscript.core.runtime.EngineClock;
import io.flowscript.testkit.fault.ConnectionFaults.Strike;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Deque;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Queue;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * A connection without a network, between an {@link EventBridge} and a client that a test plays. It fails according
 * to a plan and a seed; the same plan, seed and order of calls give the same failures. If the bridge breaks the rules
 * for using a transport, an {@link AssertionError} is thrown and also kept in {@link #misuse}.
 *
 * <p>For use with a {@link io.flowscript.core.testing.ManualClock} and a {@link
 * io.flowscript.core.testing.ManualExecutor}, on the thread of the test.
 *
 * @since 0.1.0
 */
public final class FaultyChannel implements ClientChannel {

    /** How many messages of the client may wait for the bridge. */
    public static final int MAX_UNSENT = 10_000;

    private final Random random;
    private final ConnectionFaults fate;
    private final EngineClock clock;
    private final Executor executor;
    private final Client client;
    private final Set<Fault> struck = EnumSet.noneOf(Fault.class);
    private final Deque<Runnable> arriving = new ArrayDeque<>();
    private final Queue<ByteBuffer> unsent = new ArrayDeque<>();
    private @Nullable ClientSession session;
    private @Nullable AssertionError misuse;
    private long sentBytes;
    private boolean sending;
    private boolean receiving;
    private int closeCode;
    private boolean clientGone;

    /** Receives what arrives at the client. Called on the test's thread. */
    public interface Client {

        /**
         * Receives a frame.
         *
         * @param frame the frame as the bridge sent it; the client may keep it
         */
        void received(ByteBuffer frame);

        /**
         * Called when the connection has ended. Not called if the client left, or if the connection is half open.
         *
         * @param code see {@link io.flowscript.core.bridge.CloseCode}; 0 if the connection broke off
         */
        void ended(int code);
    }

    /**
     * Creates a connection that is not open yet.
     *
     * @param plan the faults
     * @param seed the seed of the test
     * @param number the number of this connection in the test
     * @param clock the clock for delayed arrivals
     * @param executor runs what does not happen at once
     * @param client receives what arrives
     */
    public FaultyChannel(FaultPlan plan, long seed, int number, EngineClock clock, Executor executor, Client client) {
        this.random = ConnectionFaults.random(seed, number);
        this.fate = ConnectionFaults.of(plan, random);
        this.clock = clock;
        this.executor = executor;
        this.client = client;
    }

    /**
     * Connects.
     *
     * @param bridge the bridge to connect to
     * @param info who the client is and which framing it uses
     * @throws io.flowscript.core.FlowScriptException if the bridge accepts no more clients
     */
    public void connect(EventBridge bridge, ClientInfo info) {
        ClientSession begun = bridge.connect(this, info);
        session = begun;
        if (clientGone) {
            begun.closed();
        }
    }

    /**
     * Sends a message of the client. It reaches the bridge after the earlier messages; in a half-open connection it
     * is lost.
     *
     * @param message one message, UTF-8
     * @throws IllegalStateException if {@value #MAX_UNSENT} messages wait
     */
    public void say(ByteBuffer message) {
        if (unsent.size() >= MAX_UNSENT) {
            throw new IllegalStateException(MAX_UNSENT + " messages wait for the bridge to take them");
        }
        unsent.add(message);
        handOver();
    }

    /** Disconnects the client. The bridge is notified, unless the connection is half open. */
    public void leave() {
        if (!clientGone) {
            clientGone = true;
            arriving.clear();
            unsent.clear();
            if (!isLost(false)) {
                tellBridge();
            }
        }
    }

    /** {@return the faults that have struck so far} */
    public Set<Fault> struck() {
        return Collections.unmodifiableSet(struck);
    }

    /** {@return whether the client has left or has seen the end of the connection} */
    public boolean isOver() {
        return clientGone;
    }

    /**
     * {@return the code with which the bridge ended the connection, see {@link io.flowscript.core.bridge.CloseCode};
     * 0 if it did not}
     */
    public int closeCode() {
        return closeCode;
    }

    /**
     * {@return whether the bridge still has a session: it has neither ended the connection nor been notified of its
     * end}
     */
    public boolean isHeld() {
        return session != null;
    }

    /** {@return how many bytes the bridge has sent} */
    long sentBytes() {
        return sentBytes;
    }

    /** {@return the rule that the bridge broke; null if it broke none} */
    public @Nullable AssertionError misuse() {
        return misuse;
    }

    @Override
    public void send(List<ByteBuffer> frames, SendCallback done) {
        if (sending || closeCode != 0) {
            misuse = new AssertionError(sending ? "sent before the last batch was done" : "sent after the close");
            throw misuse;
        }
        sending = true;
        Deque<ByteBuffer> copies = new ArrayDeque<>();
        for (ByteBuffer frame : frames) {
            sentBytes += frame.remaining();
            copies.add(ByteBuffer.allocate(frame.remaining())
                    .put(frame.duplicate())
                    .flip());
        }
        if (clientGone && !isLost(true)) {
            complete(done, new IOException("The client is gone"));
        } else if (isLost(true)) {
            complete(done, null);
        } else if (strikes(Fault.TRUNCATE)) {
            int whole = random.nextInt(copies.size());
            while (copies.size() > whole) {
                copies.removeLast();
            }
            arrive(copies);
            breakOff(done, false);
        } else if (strikes(Fault.RESET)) {
            if (random.nextBoolean()) {
                arrive(copies);
            }
            breakOff(done, false);
        } else if (strikes(Fault.END)) {
            arrive(copies);
            breakOff(done, true);
        } else if (strikes(Fault.STALL)) {
            long wait = Objects.requireNonNull(fate.get(Fault.STALL)).time().toNanos();
            later(wait, () -> {
                arrive(copies);
                complete(done, null);
            });
        } else if (fate.get(Fault.REORDER) != null && random.nextBoolean()) {
            complete(done, null); // the network has it, the client not yet
            arrive(copies);
        } else {
            arrive(copies);
            complete(done, null);
        }
    }

    @Override
    public boolean ping(Runnable pong) {
        if (!isLost(true) && !isLost(false)) {
            inOrder(() -> {
                if (!clientGone) {
                    if (fate.get(Fault.REORDER) != null) {
                        struck.add(Fault.REORDER);
                        elsewhere(pong);
                    } else {
                        pong.run();
                    }
                }
            });
        }
        return true;
    }

    @Override
    public void close(int code, String reason) {
        closeCode = code;
        session = null;
        if (isLost(true)) {
            return;
        }
        if (fate.get(Fault.DELAY) != null) {
            inOrder(() -> end(code));
        } else {
            while (!arriving.isEmpty()) {
                arriveNext();
            }
            end(code);
        }
    }

    private void end(int code) {
        if (!clientGone) {
            clientGone = true;
            arriving.clear();
            unsent.clear();
            client.ended(code);
        }
    }

    /** Whether a one-time fault strikes now. */
    private boolean strikes(Fault fault) {
        return fate.hasStruck(fault, sentBytes) && struck.add(fault);
    }

    /** Whether data in one direction is lost. */
    private boolean isLost(boolean fromServer) {
        Strike halfOpen = fate.get(Fault.HALF_OPEN);
        if (halfOpen == null || !fate.hasStruck(Fault.HALF_OPEN, sentBytes)) {
            return false;
        }
        struck.add(Fault.HALF_OPEN);
        return fromServer ? halfOpen.fromServer() : halfOpen.fromClient();
    }

    /** Delivers frames to the client, after the earlier ones. */
    private void arrive(Deque<ByteBuffer> frames) {
        inOrder(() -> {
            for (ByteBuffer frame = frames.poll(); frame != null && !clientGone; frame = frames.poll()) {
                client.received(frame);
            }
        });
    }

    /** Runs an arrival in order with the earlier ones, at once or late. */
    private void inOrder(Runnable arrival) {
        arriving.add(arrival);
        Strike delay = fate.get(Fault.DELAY);
        if (delay != null && delay.fromServer()) {
            struck.add(Fault.DELAY);
            later((long) (random.nextDouble() * delay.time().toNanos()), this::arriveNext);
        } else if (fate.get(Fault.REORDER) != null) {
            executor.execute(this::arriveNext);
        } else {
            arriveNext();
        }
    }

    private void arriveNext() {
        Runnable first = arriving.poll();
        if (first != null) {
            first.run();
        }
    }

    /**
     * Breaks the connection off. The bridge is notified by the current batch, by the session, or by both, in any
     * order.
     */
    private void breakOff(SendCallback done, boolean inGoodOrder) {
        IOException cause = inGoodOrder ? null : new IOException("reset by peer");
        inOrder(() -> end(0));
        if (random.nextBoolean()) {
            complete(done, cause);
            elsewhere(this::tellBridge);
        } else {
            tellBridge();
            elsewhere(() -> complete(done, cause));
        }
    }

    private void tellBridge() {
        ClientSession to = session;
        session = null;
        if (to != null) {
            to.closed();
        }
    }

    private void complete(SendCallback done, @Nullable Exception cause) {
        Runnable word = () -> {
            sending = false;
            if (cause == null) {
                done.sent();
            } else {
                done.failed(cause);
            }
        };
        if (fate.get(Fault.REORDER) == null) {
            word.run();
        } else {
            struck.add(Fault.REORDER);
            elsewhere(word);
        }
    }

    /** Runs a notification now, in a task of its own, or later. */
    private void elsewhere(Runnable word) {
        switch (random.nextInt(3)) {
            case 0 -> word.run();
            case 1 -> executor.execute(word);
            default -> later(random.nextInt(5_000_000), word);
        }
    }

    private void later(long nanos, Runnable work) {
        clock.schedule(Duration.ofNanos(nanos), () -> executor.execute(work));
    }

    private void handOver() {
        ClientSession to = session;
        if (to == null || receiving || clientGone) {
            return;
        }
        if (isLost(false)) {
            unsent.clear();
        }
        ByteBuffer message = unsent.poll();
        if (message != null) {
            receiving = true;
            to.receive(message, this::wanted);
        }
    }

    private void wanted() {
        receiving = false;
        if (fate.get(Fault.REORDER) != null && random.nextBoolean()) {
            executor.execute(this::handOver);
        } else {
            handOver();
        }
    }
}
