package io.flowscript.events.delivery;

import io.flowscript.core.bridge.AccessPolicy.Action;
import io.flowscript.core.bridge.ClientInfo;
import io.flowscript.core.bridge.ClientInfo.Framing;
import io.flowscript.core.engine.Execution;
import io.flowscript.core.engine.ExecutionSnapshot;
import io.flowscript.core.event.RecordedEvent;
import io.flowscript.core.log.Cursor;
import io.flowscript.core.log.EventLog;
import io.flowscript.core.log.Position;
import io.flowscript.core.log.Read;
import io.flowscript.core.runtime.EngineClock;
import io.flowscript.events.protocol.ClientMessage;
import io.flowscript.events.protocol.ErrorCode;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One client's way through one execution's events: a cursor, or the wait for the execution to come to be. Used by the client's
 * pump alone, but for {@link #appeared} and the wake-ups.
 *
 * <pre>
 *   PENDING --the execution appears, and may be seen--> ATTACHED --its last event was sent--> ENDED
 *   PENDING --the wait is over--> ENDED
 *   ATTACHED --asked for again, and may not be seen any more--> PENDING
 * </pre>
 */
final class Subscription {

    /** What a turn came to. */
    enum Turn {
        /** There may be more at once. */
        MORE,
        /** It will be woken. */
        WAITING,
        /** Nothing more will come. */
        ENDED
    }

    private static final int EVENTS_PER_TURN = 64;
    private static final int BYTES_PER_TURN = 32 << 10;

    private final Delivery delivery;
    private final ClientInfo client;
    private final String executionId;
    private final Runnable wake;
    private final AtomicBoolean woken = new AtomicBoolean();
    private volatile @Nullable Execution appeared;
    private volatile boolean expired;

    private boolean queued;
    private @Nullable String requestId;
    private boolean placed;
    private @Nullable Position start;
    private EngineClock.@Nullable Timer expiry;
    private @Nullable Attached attached;

    /** What is there once the execution is. */
    private record Attached(
            Execution execution,
            EventLog log,
            EncodedLog encoded,
            Cursor cursor,
            @Nullable V1View view) {}

    /**
     * Makes a subscription that stands nowhere yet.
     *
     * @param start where it begins if the client does not say
     * @param waker is handed this subscription when there is something to do for it, by any thread
     */
    Subscription(
            Delivery delivery, ClientInfo client, String executionId, Position start, Consumer<Subscription> waker) {
        this.delivery = delivery;
        this.client = client;
        this.executionId = executionId;
        this.start = start;
        this.wake = () -> {
            if (woken.compareAndSet(false, true)) {
                waker.accept(this);
            }
        };
    }

    String executionId() {
        return executionId;
    }

    /** Whether it stands in the line of those that are ready; kept by {@link Subscriptions}. */
    boolean isQueued() {
        return queued;
    }

    void queued(boolean inLine) {
        queued = inLine;
    }

    /** Any thread: the execution has come to be. */
    void appeared(Execution execution) {
        appeared = execution;
        wake.run();
    }

    /** From here on it can be woken again. To be called before looking at what there is to do. */
    void rearm() {
        woken.set(false);
    }

    /**
     * Does what the client asks and replies.
     *
     * @param request the request
     * @param out takes the replies
     * @return false when the subscription cannot be had, which the client was told
     */
    boolean request(ClientMessage.Subscribe request, Consumer<byte[]> out) {
        requestId = request.id();
        Attached before = attached;
        if (before != null && !delivery.permits(client.identity(), Action.VIEW, before.execution)) {
            start = before.cursor.position();
            detach();
        }
        boolean moves = request.after() != null || request.latest();
        if (moves) {
            placed = true;
            start = request.after();
        }
        if (attached == null) {
            return find(out) || await(out);
        }
        enter(attached.execution, moves, out, requestId);
        return true;
    }

    /**
     * Puts what comes next into a batch that is not full.
     *
     * @return what came of it
     */
    Turn advance(Batch batch) {
        Attached now = attached;
        return now == null ? advancePending(batch) : advance(now, batch);
    }

    /** Gives everything back. */
    void close() {
        detach();
        stopWaiting();
    }

    /** Where the next subscription to the same goes on. */
    Position position() {
        if (attached != null) {
            return attached.cursor.position();
        }
        return start == null ? Position.START : start;
    }

    private boolean find(Consumer<byte[]> out) {
        Execution execution =
                delivery.find(client.identity(), Action.VIEW, executionId).orElse(null);
        if (execution == null) {
            return false;
        }
        stopWaiting();
        enter(execution, true, out, requestId);
        return true;
    }

    /** Waits for the execution. What one may not see is waited for like what does not exist. */
    private boolean await(Consumer<byte[]> out) {
        if (start == null) {
            start = Position.START;
        }
        if (expiry == null) {
            if (!delivery.pending().add(this)) {
                out.accept(delivery.messages()
                        .error(
                                requestId,
                                ErrorCode.TOO_MANY_SUBSCRIPTIONS,
                                "Too many subscriptions wait for executions that do not exist yet; subscribe when it exists",
                                Map.of("executionId", executionId)));
                return false;
            }
            expired = false;
            EngineClock clock = delivery.clock();
            expiry = clock.schedule(clock.instant().plus(delivery.timing().pending()), this::expire);
            if (find(out)) {
                return true; // it came to be between the first look and the waiting
            }
        }
        out.accept(delivery.messages().subscribed(requestId, executionId));
        return true;
    }

    private void expire() {
        expired = true;
        wake.run();
    }

    private void stopWaiting() {
        if (expiry != null) {
            expiry.cancel();
            expiry = null;
            delivery.pending().remove(this);
        }
    }

    /** Takes its place in the log, if it is to, and says how things stand there. */
    private void enter(Execution execution, boolean place, Consumer<byte[]> out, @Nullable String replyTo) {
        ExecutionSnapshot now = execution.snapshot();
        EventLog log = execution.events();
        if (place) {
            detach();
            Position from = start == null ? Position.after(now.epoch(), now.seq()) : start;
            V1View view = placed || client.framing() != Framing.SINGLE ? null : new V1View(execution, now.seq());
            attached = new Attached(execution, log, delivery.encoded().of(log), log.cursor(from), view);
        }
        out.accept(delivery.messages()
                .subscribed(replyTo, executionId, now.epoch(), log.oldest(), now.seq(), now.status()));
        out.accept(delivery.messages().executionStatus(null, now));
    }

    private void detach() {
        if (attached != null) {
            attached.cursor.close();
            attached = null;
        }
    }

    private Turn advancePending(Batch batch) {
        Execution execution = appeared;
        appeared = null;
        if (execution != null && delivery.permits(client.identity(), Action.VIEW, execution)) {
            stopWaiting();
            enter(execution, true, batch::add, null);
            return Turn.MORE;
        }
        if (expired) {
            stopWaiting();
            batch.add(delivery.messages()
                    .error(
                            requestId,
                            ErrorCode.EXECUTION_NOT_FOUND,
                            "There is no execution " + executionId + ", and it did not come to be in time",
                            Map.of("executionId", executionId)));
            return Turn.ENDED;
        }
        return Turn.WAITING;
    }

    private Turn advance(Attached now, Batch batch) {
        Position here = now.cursor.position();
        List<Line> lines = lines(now, here, batch);
        if (lines == null) {
            return Turn.WAITING; // another pump is encoding these very events, and wakes this one
        }
        Read read = now.cursor.read(Math.max(1, lines.size()));
        if (read instanceof Read.Events found) {
            if (lines.isEmpty()) {
                // It came in since they were looked for: back to it.
                now.cursor.close();
                attached = new Attached(now.execution, now.log, now.encoded, now.log.cursor(here), now.view);
            } else {
                put(found.events(), lines, now.view, batch);
            }
            return Turn.MORE;
        }
        if (read instanceof Read.Missed hole) {
            batch.add(delivery.messages().eventsMissed(executionId, hole.epoch(), hole.from(), hole.to()));
            batch.add(delivery.messages().executionStatus(null, now.execution.snapshot()));
            return Turn.MORE;
        }
        if (read instanceof Read.Nothing) {
            now.cursor.wakeWhenReadable(wake);
            return Turn.WAITING;
        }
        return Turn.ENDED;
    }

    private @Nullable List<Line> lines(Attached now, Position here, Batch batch) {
        if (here.epoch() != null && !here.epoch().equals(now.log.epoch())) {
            return List.of(); // the cursor knows what to say of another epoch's numbers
        }
        int max = Math.min(EVENTS_PER_TURN, batch.frameRoom());
        return now.encoded.lines(now.log, here.seq(), max, Math.min(BYTES_PER_TURN, batch.room()), wake);
    }

    private void put(List<RecordedEvent> events, List<Line> lines, @Nullable V1View view, Batch batch) {
        if (view == null) {
            batch.add(lines.subList(0, events.size()));
            return;
        }
        for (int i = 0; i < events.size(); i++) {
            RecordedEvent event = events.get(i);
            RecordedEvent seen = view.of(event);
            if (event.equals(seen)) {
                batch.add(lines.get(i));
            } else if (seen != null) {
                batch.add(delivery.encoded().encode(seen));
            }
        }
    }
}
