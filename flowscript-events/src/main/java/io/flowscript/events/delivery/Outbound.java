package io.flowscript.events.delivery;

import io.flowscript.core.bridge.ClientChannel;
import io.flowscript.core.bridge.ClientInfo.Framing;
import io.flowscript.core.runtime.EngineClock;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * The messages that go out to one client. Replies go first, then events. At most one batch is in flight: the next one
 * is sent after the channel has taken the last one.
 *
 * <p>Batches double in size while the channel takes each full batch at once, because large batches cost less per event.
 * They return to the initial size when the channel is slow.
 *
 * <p>The client's next message is demanded only when all replies to its last one were written, and a message with many
 * replies is handled step by step. Replies therefore cannot pile up.
 *
 * <p>Only the client's pump uses this class. The channel's callback may run on any thread; it stores the outcome and
 * signals the pump.
 */
final class Outbound {

    private static final int FEW_REPLIES = 3;

    private final ClientChannel channel;
    private final Framing framing;
    private final BridgeLimits limits;
    private final EngineClock clock;
    private final Runnable onComplete;

    /** Null while no reply waits. */
    private @Nullable Queue<byte[]> replies;

    private long replyBytes;
    private int nextBatchBytes;

    private @Nullable InFlight inFlight;

    /** The last batch that the channel did not take at once. Read by any thread. */
    private volatile @Nullable InFlight waitedFor;

    private boolean repliesInFlight;
    /** Demands the client's next message; null when it was demanded already. */
    private @Nullable Runnable nextDemand;

    Outbound(ClientChannel channel, Framing framing, BridgeLimits limits, EngineClock clock, Runnable onComplete) {
        this.channel = channel;
        this.framing = framing;
        this.limits = limits;
        this.nextBatchBytes = limits.batchBytes();
        this.clock = clock;
        this.onComplete = onComplete;
    }

    /** Queues a reply. */
    void reply(byte[] message) {
        Queue<byte[]> waiting = replies;
        if (waiting == null) {
            waiting = new ArrayDeque<>(FEW_REPLIES);
            replies = waiting;
        }
        waiting.add(message);
        replyBytes += message.length;
    }

    /** Whether the replies that wait are less than a batch. */
    boolean hasRoomForReplies() {
        return replyBytes < limits.batchBytes();
    }

    /** Stores how to demand the client's next message once all replies were written. */
    void demandAfterReplies(Runnable demandNext) {
        nextDemand = demandNext;
    }

    /** Whether no batch is in flight, as of the last {@link #checkLastSend}. */
    boolean canSend() {
        return inFlight == null;
    }

    /** Returns how long a batch has been in flight; null when none is. */
    @Nullable
    Duration busyFor() {
        return inFlight == null || inFlight.outcome.get() != null
                ? null
                : Duration.ofNanos(clock.nanoTime() - inFlight.since);
    }

    /** Returns for how many nanoseconds the channel has not taken a batch; 0 when it takes what comes. Any thread. */
    long waitingNanos() {
        InFlight last = waitedFor;
        return last == null || last.outcome.get() != null ? 0 : clock.nanoTime() - last.since;
    }

    /** Returns the bytes that were handed to the channel and that it has not taken yet. */
    int outstandingBytes() {
        return inFlight == null || inFlight.outcome.get() != null ? 0 : inFlight.bytes;
    }

    /**
     * Collects the outcome of the batch in flight, if the channel has reported one.
     *
     * @return why the client is no longer reachable; null when it is
     */
    @Nullable
    Throwable checkLastSend() {
        InFlight last = inFlight;
        Outcome outcome = last == null ? null : last.outcome.get();
        if (outcome == null) {
            return null;
        }
        inFlight = null;
        waitedFor = null;
        repliesInFlight = false;
        return outcome.failure;
    }

    /** Creates a batch that starts with the waiting replies, as many as fit. */
    Batch newBatch() {
        Batch batch = new Batch(framing, nextBatchBytes, limits.batchFrames());
        Queue<byte[]> waiting = replies;
        while (waiting != null && !waiting.isEmpty() && !batch.isFull()) {
            byte[] reply = waiting.remove();
            replyBytes -= reply.length;
            batch.add(reply);
            repliesInFlight = true;
        }
        replies = waiting == null || waiting.isEmpty() ? null : waiting;
        return batch;
    }

    /**
     * Hands a batch to the channel. If the channel takes it within this call, the pump is not signalled; the caller has
     * to call {@link #checkLastSend} afterwards.
     */
    void send(Batch batch) {
        send(batch.frames(), batch.bytes());
        if (batch.isFull() && canSendMore()) {
            nextBatchBytes = (int) Math.min(2L * nextBatchBytes, maxBatchBytes());
        }
    }

    /** Whether the client waits for nothing else: no reply, and no batch in flight. */
    boolean isIdle() {
        return inFlight == null && replies == null && nextDemand == null;
    }

    /** Hands frames to the channel as {@link #send(Batch)} does. */
    void send(List<ByteBuffer> frames, int bytes) {
        InFlight sending = new InFlight(bytes);
        inFlight = sending;
        sending.sender = Thread.currentThread();
        try {
            channel.send(frames, sending);
        } finally {
            sending.sender = null;
        }
        if (sending.outcome.get() == null) {
            sending.since = clock.nanoTime();
            waitedFor = sending;
            nextBatchBytes = limits.batchBytes();
        }
    }

    /** The largest size that batches grow to. */
    private long maxBatchBytes() {
        return Math.min((long) BridgeLimits.BATCH_GROWTH * limits.batchBytes(), Integer.MAX_VALUE);
    }

    private boolean canSendMore() {
        return inFlight != null && inFlight.outcome.get() != null;
    }

    /** Demands the client's next message if all replies were written. */
    void demandIfReplied() {
        Runnable demanded = nextDemand;
        if (demanded != null && replies == null && !repliesInFlight) {
            nextDemand = null;
            demanded.run();
        }
    }

    private record Outcome(@Nullable Throwable failure) {
        static final Outcome SENT = new Outcome(null);
    }

    /** A batch that was handed to the channel. Only the channel's first report counts. */
    private final class InFlight implements ClientChannel.SendCallback {

        private final int bytes;
        private final AtomicReference<@Nullable Outcome> outcome = new AtomicReference<>();

        /** The thread that is handing the batch to the channel; null afterwards. Only that thread has to see its value. */
        private @Nullable Thread sender;

        /** When the batch was handed over, unless the channel took it at once. Set before it is {@code waitedFor}. */
        private long since;

        InFlight(int bytes) {
            this.bytes = bytes;
        }

        @Override
        public void sent() {
            complete(Outcome.SENT);
        }

        @Override
        public void failed(Throwable cause) {
            complete(new Outcome(cause));
        }

        private void complete(Outcome how) {
            if (outcome.compareAndSet(null, how) && sender != Thread.currentThread()) {
                onComplete.run();
            }
        }
    }
}
