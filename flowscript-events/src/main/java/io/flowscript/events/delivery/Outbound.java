package io.flowscript.events.delivery;

import io.flowscript.core.bridge.ClientChannel;
import io.flowscript.core.bridge.ClientInfo.Framing;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * What goes out to one client: replies first, then what its subscriptions have; one batch is under way at a time. Batches
 * grow while the channel takes each at once, since a large one costs less, and are small for a client that is slow. The client's next
 * message is demanded when its replies have been written, so they do not pile up. Used by the client's pump alone, but for
 * the channel's word that a batch was sent.
 */
final class Outbound {

    private final ClientChannel channel;
    private final Framing framing;
    private final int maxFrames;
    private final InstantSource clock;
    private final Runnable landed;
    private final Queue<byte[]> replies = new ArrayDeque<>();
    private final int usualBytes;

    /** Up to how many they grow. */
    private final int grownBytes;

    private int nextBytes;

    private @Nullable Flight flight;
    private boolean repliesInFlight;
    private @Nullable Runnable next;

    Outbound(ClientChannel channel, Framing framing, BridgeLimits limits, InstantSource clock, Runnable landed) {
        this.channel = channel;
        this.framing = framing;
        this.maxFrames = limits.batchFrames();
        this.usualBytes = limits.batchBytes();
        this.grownBytes = (int) Math.min((long) BridgeLimits.BATCH_GROWTH * usualBytes, Integer.MAX_VALUE);
        this.nextBytes = usualBytes;
        this.clock = clock;
        this.landed = landed;
    }

    /** Queues a reply. */
    void reply(byte[] message) {
        replies.add(message);
    }

    /** Remembers to demand the client's next message. */
    void demand(Runnable nextMessage) {
        next = nextMessage;
    }

    /** Whether a message of the client is still being replied to. */
    boolean isReplying() {
        return next != null;
    }

    /** Whether the channel takes a batch, as far as was {@link #settle settled}. */
    boolean isFree() {
        return flight == null;
    }

    /** Since when a batch has been under way, null when none is. */
    @Nullable
    Instant busySince() {
        return flight == null || flight.outcome.get() != null ? null : flight.since;
    }

    /** How many bytes the channel was given and has not taken. */
    int outstandingBytes() {
        return flight == null || flight.outcome.get() != null ? 0 : flight.bytes;
    }

    /**
     * Takes note of what became of the batch that was under way.
     *
     * @return why the client cannot be reached any more, null when it can
     */
    @Nullable
    Throwable settle() {
        Flight last = flight;
        Outcome outcome = last == null ? null : last.outcome.get();
        if (outcome == null) {
            return null;
        }
        flight = null;
        repliesInFlight = false;
        return outcome.failure;
    }

    /** A batch that begins with the replies that wait, as many as it takes. */
    Batch begin() {
        Batch batch = new Batch(framing, nextBytes, maxFrames);
        while (!replies.isEmpty() && !batch.isFull()) {
            batch.add(replies.remove());
            repliesInFlight = true;
        }
        return batch;
    }

    /** Hands a batch to the channel. What becomes of it within this call is to be {@link #settle settled} after it, and not signalled. */
    void send(Batch batch) {
        Flight begun = new Flight(batch.bytes());
        flight = begun;
        begun.sender = Thread.currentThread();
        try {
            channel.send(batch.frames(), begun);
        } finally {
            begun.sender = null;
        }
        if (begun.outcome.get() == null) {
            begun.since = clock.instant();
            nextBytes = usualBytes;
        } else if (batch.isFull()) {
            nextBytes = (int) Math.min(2L * nextBytes, grownBytes);
        }
    }

    /** Demands the client's next message if it may send one. */
    void demandNext() {
        Runnable demanded = next;
        if (demanded != null && replies.isEmpty() && !repliesInFlight) {
            next = null;
            demanded.run();
        }
    }

    private record Outcome(@Nullable Throwable failure) {
        static final Outcome SENT = new Outcome(null);
    }

    /** A batch on its way. What the channel says more than once is not heard. */
    private final class Flight implements ClientChannel.SendCallback {

        private final int bytes;
        private final AtomicReference<@Nullable Outcome> outcome = new AtomicReference<>();

        /** The thread that hands the batch to the channel, while it does so. Others need not see it change. */
        private @Nullable Thread sender;

        /** When it was handed over, if it was not taken at once. For the pump. */
        private @Nullable Instant since;

        Flight(int bytes) {
            this.bytes = bytes;
        }

        @Override
        public void sent() {
            land(Outcome.SENT);
        }

        @Override
        public void failed(Throwable cause) {
            land(new Outcome(cause));
        }

        private void land(Outcome how) {
            if (outcome.compareAndSet(null, how) && sender != Thread.currentThread()) {
                landed.run();
            }
        }
    }
}
