package io.flowscript.testkit.fault;

import io.flowscript.core.bridge.ClientChannel;
import io.flowscript.core.bridge.ClientInfo;
import io.flowscript.core.bridge.ClientSession;
import io.flowscript.core.bridge.EventBridge;
import io.flowscript.core.runtime.EngineClock;
import io.flowscript.testkit.fault.ConnectionFaults.Strike;
import java.io.IOException;
import java.nio.ByteBuffer;
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
 * A connection without a network between an {@link EventBridge} and a client that a test plays. It fails as a plan and a seed say, and is always the
 * same for the same plan, seed and order of calls. What the bridge does that no transport may be asked to do is an {@link AssertionError}, which is
 * kept too, in {@link #misuse}.
 *
 * <p>For a {@link io.flowscript.core.testing.ManualClock} and a {@link io.flowscript.core.testing.ManualExecutor}, on the thread of the test.
 *
 * @since 0.1.0
 */
public final class FaultyChannel implements ClientChannel {

    /** How many messages of the client may wait to be taken by the bridge. */
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

    /** Takes what arrives; called on the test's thread. */
    public interface Client {

        /**
         * A frame arrived.
         *
         * @param frame as the bridge sent it; the client's own
         */
        void received(ByteBuffer frame);

        /**
         * The connection is over. Not called when it was the client that left, nor in a connection that nobody is told of.
         *
         * @param code see {@link io.flowscript.core.bridge.CloseCode}; 0 when it just broke off
         */
        void ended(int code);
    }

    /**
     * A connection that is not open yet.
     *
     * @param plan what befalls it
     * @param seed the seed of the test
     * @param number which connection of the test it is
     * @param clock when things arrive that are late
     * @param executor where things happen that do not happen at once
     * @param client takes what arrives
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
     * @param bridge takes the client in
     * @param info who it is and how it wants to be spoken to
     * @throws io.flowscript.core.FlowScriptException when the bridge takes no more clients
     */
    public void connect(EventBridge bridge, ClientInfo info) {
        ClientSession begun = bridge.connect(this, info);
        session = begun;
        if (clientGone) {
            begun.closed();
        }
    }

    /**
     * The client says something. It goes to the bridge when the messages before it were taken, and vanishes in a connection that is half open.
     *
     * @param message one message, UTF-8
     * @throws IllegalStateException when {@value #MAX_UNSENT} messages wait
     */
    public void say(ByteBuffer message) {
        if (unsent.size() >= MAX_UNSENT) {
            throw new IllegalStateException(MAX_UNSENT + " messages wait for the bridge to take them");
        }
        unsent.add(message);
        handOver();
    }

    /** The client goes. The bridge is told, unless the connection is half open. */
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

    /** {@return what has struck it so far} */
    public Set<Fault> struck() {
        return Collections.unmodifiableSet(struck);
    }

    /** {@return whether the client has gone, or was told that the connection is over} */
    public boolean isOver() {
        return clientGone;
    }

    /** {@return why the bridge ended it, see {@link io.flowscript.core.bridge.CloseCode}; 0 when it did not} */
    public int closeCode() {
        return closeCode;
    }

    /** {@return whether the bridge holds a session for it: it has neither ended it nor been told that it is over} */
    public boolean isHeld() {
        return session != null;
    }

    /** {@return what the bridge did that it must not do; null when it did not} */
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

    /** Whether a fault that strikes once does so now. */
    private boolean strikes(Fault fault) {
        return fate.hasStruck(fault, sentBytes) && struck.add(fault);
    }

    /** Whether what goes one way vanishes. */
    private boolean isLost(boolean fromServer) {
        Strike halfOpen = fate.get(Fault.HALF_OPEN);
        if (halfOpen == null || !fate.hasStruck(Fault.HALF_OPEN, sentBytes)) {
            return false;
        }
        struck.add(Fault.HALF_OPEN);
        return fromServer ? halfOpen.fromServer() : halfOpen.fromClient();
    }

    /** The frames come to the client, behind those before them. */
    private void arrive(Deque<ByteBuffer> frames) {
        inOrder(() -> {
            for (ByteBuffer frame = frames.poll(); frame != null && !clientGone; frame = frames.poll()) {
                client.received(frame);
            }
        });
    }

    /** What comes to the client comes in order, whether at once or late. */
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

    /** The connection breaks off: the bridge learns it by the batch under way, by the session, or by both, in whatever order. */
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

    /** Now, in a task of its own, or later. */
    private void elsewhere(Runnable word) {
        switch (random.nextInt(3)) {
            case 0 -> word.run();
            case 1 -> executor.execute(word);
            default -> later(random.nextInt(5_000_000), word);
        }
    }

    private void later(long nanos, Runnable work) {
        clock.schedule(clock.instant().plusNanos(nanos), () -> executor.execute(work));
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
