package io.flowscript.events.delivery;

import io.flowscript.core.bridge.ClientInfo;
import io.flowscript.core.bridge.ClientInfo.Framing;
import io.flowscript.core.engine.Execution;
import io.flowscript.core.engine.ExecutionSnapshot;
import io.flowscript.core.event.EventType;
import io.flowscript.core.event.RecordedEvent;
import io.flowscript.core.log.Cursor;
import io.flowscript.core.log.EventLog;
import io.flowscript.core.log.Position;
import io.flowscript.core.log.Read;
import io.flowscript.core.runtime.EngineClock;
import io.flowscript.json.protocol.ClientMessage;
import io.flowscript.json.protocol.ErrorCode;
import io.flowscript.json.protocol.Scope;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One client's way through one execution's events, whatever subscriptions of the client it falls under: a cursor, or the wait for
 * the execution to come to be. Used by the client's pump alone, but for {@link #appeared} and the wake-ups.
 *
 * <pre>
 *   JOINING --its turn comes--> ATTACHED --its last event was sent--> ENDED
 *   PENDING --the execution appears, and may be seen--> ATTACHED
 *   PENDING --the wait is over--> ENDED
 *   ATTACHED --asked for again, and may not be seen any more--> PENDING
 *   ATTACHED --moved together with many--> JOINING
 * </pre>
 */
final class Feed {

    /** What a turn came to. */
    enum Turn {
        /** There may be more at once. */
        MORE,
        /** It will be woken. */
        WAITING,
        /** Nothing more will come. */
        ENDED
    }

    private static final String STATE_UPDATED = EventType.STATE_UPDATED.wireName();

    private static final int BYTES_PER_RUN = 128 << 10;

    /** Of events that are looked at one by one. */
    private static final int EVENTS_PER_TURN = 64;

    /** How far is looked ahead for events that stand for older ones. */
    private static final int CONFLATED_PER_TURN = 1_024;

    private final Delivery delivery;
    private final ClientInfo client;
    private final String executionId;
    private final Runnable wake;
    private final AtomicBoolean woken = new AtomicBoolean();
    private final PositionMarks marks;
    private volatile @Nullable Execution appeared;
    private volatile boolean expired;

    private Subscription activeSubscription;
    private boolean queued;
    private boolean joining;
    private boolean joined;
    private @Nullable Position joinedAt;
    private @Nullable String workflowId;
    private @Nullable String requestId;
    private boolean placed;
    private @Nullable Position start;
    private EngineClock.@Nullable Timer expiry;
    private @Nullable Attached attached;

    /** Whether the client is to be told where it stands before anything else. */
    private boolean markFirst;

    /** What is there once the execution is. */
    private record Attached(
            Execution execution,
            EventLog log,
            EncodedLog encoded,
            Cursor cursor,
            @Nullable V1View view) {

        Attached movedTo(Position position) {
            cursor.close();
            return new Attached(execution, log, encoded, log.cursor(position), view);
        }

        /** Whether a position is one of this log, and not of another epoch's numbers. */
        boolean knows(Position position) {
            return position.epoch() == null || position.epoch().equals(log.epoch());
        }
    }

    /**
     * Makes a feed that stands nowhere yet.
     *
     * @param start where it begins if the client does not say
     * @param activeSubscription the narrowest subscription to the execution
     * @param waker is handed this feed when there is something to do for it, by any thread
     */
    Feed(
            Delivery delivery,
            ClientInfo client,
            String executionId,
            Position start,
            Subscription activeSubscription,
            Consumer<Feed> waker) {
        this.delivery = delivery;
        this.client = client;
        this.executionId = executionId;
        this.start = start;
        this.activeSubscription = activeSubscription;
        this.wake = () -> {
            if (woken.compareAndSet(false, true)) {
                waker.accept(this);
            }
        };
        this.marks = new PositionMarks(delivery.clock(), wake);
    }

    String executionId() {
        return executionId;
    }

    /** The workflow that the execution runs, null while it is not there. */
    @Nullable
    String workflowId() {
        return workflowId;
    }

    /** Whether it stands in the line of those that are ready; kept by {@link Subscriptions}. */
    boolean isQueued() {
        return queued;
    }

    void queued(boolean inLine) {
        queued = inLine;
    }

    /** Whether a subscription to many executions has this one too; kept by {@link Subscriptions}. */
    boolean isJoined() {
        return joined;
    }

    void joined(String runs, @Nullable Position at) {
        if (!joined) {
            workflowId = runs;
            joined = true;
            joinedAt = at;
        }
    }

    void left() {
        joined = false;
    }

    /** The subscription whose filter, pace and position apply. */
    Subscription activeSubscription() {
        return activeSubscription;
    }

    /** Heeds another subscription from the next turn on. What the old one held back is accounted for before. */
    void activate(Subscription other) {
        forgetPace();
        activeSubscription = other;
        markFirst = marks.isPending();
        if (attached == null && !joining && joined && !(other.scope() instanceof Scope.OneExecution)) {
            stopWaiting(); // it waited for the execution, and is not to wait any more
            joining = true;
            start = joinedAt;
        }
    }

    /**
     * Joins a subscription to many executions: tells the client so in its next turn, and goes on from there.
     *
     * @param runs the workflow of the execution
     * @param from where to begin; null for the end of the log as it will be then
     */
    void join(String runs, @Nullable Position from) {
        detach();
        stopWaiting();
        joined(runs, from);
        joining = true;
        start = from;
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
     * @param request the request, for this execution alone
     * @param out takes the replies
     * @return false when the subscription cannot be had, which the client was told
     */
    boolean request(ClientMessage.Subscribe request, Consumer<byte[]> out) {
        requestId = request.id();
        joining = false;
        Attached before = attached;
        if (before != null && !delivery.sees(client.identity(), before.execution)) {
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
        if (now != null) {
            return advance(now, batch);
        }
        return joining ? advanceJoining(batch) : advancePending(batch);
    }

    /** Gives everything back. */
    void close() {
        detach();
        stopWaiting();
        forgetPace();
        marks.close();
    }

    /** Where the next subscription to the same goes on. */
    Position position() {
        if (attached != null) {
            return attached.cursor.position();
        }
        return start == null ? Position.START : start;
    }

    private boolean find(Consumer<byte[]> out) {
        Execution execution = delivery.find(client.identity(), executionId).orElse(null);
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
                out.accept(delivery.refusal(
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
        out.accept(delivery.messages().subscribed(requestId, new Scope.OneExecution(executionId)));
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
        Attached here = attached;
        if (place || here == null) {
            detach();
            Position from = start == null ? Position.after(now.epoch(), now.seq()) : start;
            V1View view = placed || client.framing() != Framing.SINGLE ? null : new V1View(execution, now.seq());
            here = new Attached(execution, log, delivery.encoded().of(log), log.cursor(from), view);
            attached = here;
            workflowId = log.workflowId();
        }
        marks.reported();
        markFirst = false;
        Position at = here.cursor.position();
        Long after = here.knows(at) ? at.seq() : null;
        out.accept(delivery.messages()
                .subscribed(replyTo, executionId, now.epoch(), after, log.oldest(), now.seq(), now.status()));
        out.accept(delivery.messages().executionStatus(null, now));
    }

    private void detach() {
        if (attached != null) {
            attached.cursor.close();
            attached = null;
        }
    }

    private void forgetPace() {
        Pacer pacer = activeSubscription.pacer();
        if (pacer != null) {
            pacer.forget(this);
        }
    }

    private Turn advanceJoining(Batch batch) {
        joining = false;
        Execution execution = delivery.flows().executions().find(executionId).orElse(null);
        if (execution != null && delivery.sees(client.identity(), execution)) {
            enter(execution, true, batch::add, null);
            return Turn.MORE;
        }
        Position from = execution == null ? start : null;
        String epoch = from == null ? null : from.epoch();
        if (from != null && epoch != null) {
            // It came, ended and was forgotten before this client could be told.
            batch.add(delivery.messages().eventsMissed(executionId, epoch, from.seq() + 1, null));
            delivery.observer().holeTold();
        }
        return Turn.ENDED;
    }

    private Turn advancePending(Batch batch) {
        Execution execution = appeared;
        appeared = null;
        if (execution != null && delivery.sees(client.identity(), execution)) {
            stopWaiting();
            enter(execution, true, batch::add, null);
            return Turn.MORE;
        }
        if (expired) {
            stopWaiting();
            batch.add(delivery.refusal(
                    requestId,
                    ErrorCode.EXECUTION_NOT_FOUND,
                    "There is no execution " + executionId + ", and it did not come to be in time",
                    Map.of("executionId", executionId)));
            return Turn.ENDED;
        }
        return Turn.WAITING;
    }

    private Turn advance(Attached now, Batch batch) {
        if (markFirst) {
            mark(now, now.cursor.position().seq(), batch);
        }
        Pacer pacer = activeSubscription.pacer();
        int allowed = pacer == null ? Integer.MAX_VALUE : pacer.available();
        if (pacer != null && allowed <= 0) {
            pacer.await(this);
            return Turn.WAITING;
        }
        int max = Math.min(batch.frameRoom(), allowed);
        return activeSubscription.isPlain() && now.view == null
                ? advanceRun(now, batch, Math.min(EncodedLog.EVENTS_PER_CHUNK, max))
                : advanceSelection(now, batch, Math.min(EVENTS_PER_TURN, max));
    }

    /** A run of events as it lies in the encoded log. */
    private Turn advanceRun(Attached now, Batch batch, int max) {
        Position here = now.cursor.position();
        List<EncodedLine> lines = now.knows(here)
                ? now.encoded.lines(now.log, here.seq(), max, Math.min(BYTES_PER_RUN, batch.room()), wake)
                : List.of(); // the cursor knows what to say of another epoch's numbers
        if (lines == null) {
            return Turn.WAITING; // another pump is encoding these very events, and wakes this one
        }
        Read read = now.cursor.read(Math.max(1, lines.size()));
        if (!(read instanceof Read.Events found)) {
            return advanceWithoutEvents(now, read, batch);
        }
        if (lines.isEmpty()) {
            attached = now.movedTo(here); // it came in since they were looked for: back to it
        } else {
            batch.add(lines.subList(0, found.events().size()));
            batch.count(found.events().size(), 0);
            sent(found.events().size());
        }
        return Turn.MORE;
    }

    /** Events that are chosen one by one, before they are encoded. */
    private Turn advanceSelection(Attached now, Batch batch, int max) {
        Read read = now.cursor.read(activeSubscription.conflate() ? CONFLATED_PER_TURN : EVENTS_PER_TURN);
        if (!(read instanceof Read.Events found)) {
            return advanceWithoutEvents(now, read, batch);
        }
        List<@Nullable RecordedEvent> chosen = new ArrayList<>(found.events().size());
        found.events().forEach(event -> chosen.add(choose(event, now.view)));
        BitSet superseded = activeSubscription.conflate() ? Conflation.superseded(chosen) : new BitSet();
        long skippedFrom = 0;
        long skippedTo = 0;
        int room = max;
        int sent = 0;
        for (int i = 0; i < chosen.size(); i++) {
            RecordedEvent event = found.events().get(i);
            RecordedEvent seen = chosen.get(i);
            if (superseded.get(i)) {
                skippedFrom = skippedFrom == 0 ? event.seq() : skippedFrom;
                skippedTo = event.seq();
                continue;
            }
            if (seen == null) {
                heldBack(now, event, skippedFrom == 0, batch);
                continue;
            }
            boolean full = room == 0 || batch.isFull();
            boolean asItIs = event.equals(seen);
            EncodedLine line = asItIs && !full ? now.encoded.line(now.log, event, wake) : null;
            if (full || (line == null && asItIs)) {
                long before = (skippedFrom == 0 ? event.seq() : skippedFrom) - 1;
                attached = now.movedTo(Position.after(event.epoch(), before));
                batch.count(sent, (int) (before - found.events().get(0).seq()) + 1 - sent);
                return full ? Turn.MORE : Turn.WAITING; // else another pump is encoding, and wakes this one
            }
            if (skippedFrom > 0) {
                batch.add(delivery.messages().eventsSkipped(executionId, skippedFrom, skippedTo));
                skippedFrom = 0;
            }
            if (line == null) {
                batch.add(delivery.encoded().encode(seen));
            } else {
                batch.add(line);
            }
            sent(1);
            sent++;
            room--;
        }
        batch.count(sent, chosen.size() - sent);
        return Turn.MORE;
    }

    /** What the client sees of an event, null for nothing. */
    private @Nullable RecordedEvent choose(RecordedEvent event, @Nullable V1View view) {
        RecordedEvent seen = view == null
                ? event
                : view.of(event, activeSubscription.filter().types().contains(STATE_UPDATED));
        return seen != null && activeSubscription.filter().passes(seen.event()) ? seen : null;
    }

    private void sent(int events) {
        marks.reported();
        Pacer pacer = activeSubscription.pacer();
        if (pacer != null) {
            pacer.take(events);
        }
    }

    /** An event does not go out. A client with a filter is told now and then how far it has come. */
    private void heldBack(Attached now, RecordedEvent event, boolean canBeTold, Batch batch) {
        if (!activeSubscription.filter().isEmpty()) {
            marks.heldBack();
            if (canBeTold && marks.isDue()) {
                mark(now, event.seq(), batch);
            }
        }
    }

    private Turn advanceWithoutEvents(Attached now, Read read, Batch batch) {
        if (read instanceof Read.Missed hole) {
            if (marks.isPending() && hole.epoch().equals(now.log.epoch())) {
                mark(now, hole.from() - 1, batch);
            }
            batch.add(delivery.messages().eventsMissed(executionId, hole.epoch(), hole.from(), hole.to()));
            delivery.observer().holeTold();
            batch.add(delivery.messages().executionStatus(null, now.execution.snapshot()));
            marks.heldBack(); // should no event follow, the client is told where it stands now
            return Turn.MORE;
        }
        if (read instanceof Read.Nothing) {
            if (marks.isDueWhenIdle()) {
                mark(now, now.cursor.position().seq(), batch);
            }
            now.cursor.wakeWhenReadable(wake);
            return Turn.WAITING;
        }
        if (marks.isPending()) {
            mark(now, now.cursor.position().seq(), batch);
        }
        return Turn.ENDED;
    }

    private void mark(Attached now, long seq, Batch batch) {
        batch.add(delivery.messages().position(executionId, now.log.epoch(), seq));
        marks.reported();
        markFirst = false;
    }
}
