package io.flowscript.events.delivery;

import io.flowscript.core.bridge.ClientInfo.Framing;
import io.flowscript.core.bridge.Redaction;
import io.flowscript.core.event.EventType;
import io.flowscript.core.event.RecordedEvent;
import io.flowscript.core.log.Cursor;
import io.flowscript.core.log.EventLog;
import io.flowscript.core.log.Position;
import io.flowscript.core.log.Read;
import io.flowscript.core.runtime.EngineClock;
import io.flowscript.core.snapshot.ExecutionSnapshot;
import io.flowscript.engine.Execution;
import io.flowscript.json.protocol.ClientMessage;
import io.flowscript.json.protocol.ErrorCode;
import io.flowscript.json.protocol.Scope;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The delivery of one execution's events to one client, whatever subscriptions of the client cover the execution. It
 * holds a cursor in the execution's log, or waits until the execution exists.
 *
 * <p>{@link Subscriptions} gives it turns with {@link #advance}. A turn reads some events after the cursor and adds
 * them to the batch. There are two ways. Without a filter, conflation or the version 1 view, a run of events is taken
 * from the encoded log as it is. Otherwise events are chosen one by one before they are encoded. When there is nothing
 * to read, the cursor wakes the feed later, or the feed joins a {@link LiveGroup}, which gives it what follows together with other
 * clients. The client learns every gap and, if a filter holds events back, its position ({@link PositionMarks}).
 *
 * <p>Only the client's pump uses this class, except for {@link #executionCreated}, {@link #take} and {@link #run}, which may
 * run on any thread.
 *
 * <pre>
 *   JOINING --its turn comes--> ATTACHED --its last event was sent--> ENDED
 *   PENDING --the execution is created and visible--> ATTACHED
 *   PENDING --the wait is over--> ENDED
 *   ATTACHED --subscribed again, no longer visible--> PENDING
 *   ATTACHED --repositioned by a wide subscription--> JOINING
 * </pre>
 */
final class Feed extends WakeUps.Sleeper implements Runnable {

    /** The result of a turn. */
    enum Turn {
        /** There may be more to send now. */
        MORE,
        /** There is nothing to send now; a wake-up follows. */
        WAITING,
        /** The feed has ended. */
        ENDED
    }

    private static final String STATE_UPDATED = EventType.STATE_UPDATED.wireName();

    private static final int MAX_RUN_BYTES = 128 << 10;

    /** The largest number of events per turn when they are chosen one by one. */
    private static final int SELECTED_PER_TURN = 64;

    /** How many events are searched for newer ones that replace older ones. */
    private static final int CONFLATION_WINDOW = 1_024;

    private final Delivery delivery;
    private final ConnectedClient client;
    private final LiveClient liveClient;
    private final String executionId;

    /** Null while nothing was held back. */
    private @Nullable PositionMarks marks;

    private volatile @Nullable Execution createdExecution;
    private volatile boolean waitExpired;

    /** Whether the store could not be read when the execution was looked for. */
    private volatile boolean unreadable;

    private Subscription activeSubscription;
    private boolean ready;
    private @Nullable Feed nextReady;
    private boolean joining;

    /** The execution to join, when another engine has it. */
    private @Nullable Execution heldElsewhere;

    private boolean joined;
    private @Nullable Position joinedAt;
    private @Nullable String workflowId;
    private @Nullable String requestId;
    private boolean clientChosePosition;
    private @Nullable Position start;
    private EngineClock.@Nullable Timer waitTimer;
    private @Nullable Attached attached;

    /** Whether the client has to get its position before anything else. */
    private boolean reportPositionFirst;

    /** Whether the client has had all events once, so that what comes is no replay. */
    private boolean hasCaughtUp;

    /** The group that gives this feed what follows; null while it reads by itself. */
    private @Nullable LiveGroup liveGroup;

    /** The number of the last event that the group has given. */
    private long liveSeq;

    /** Whether the last events were in memory. Those of another engine never are, and no group can give them. */
    private boolean readsFromMemory = true;

    /**
     * The state that exists once the execution does.
     *
     * @param reader null while a group reads for this feed
     */
    private record Attached(
            Execution execution,
            EventLog log,
            Redaction redaction,
            EncodedLog encoded,
            @Nullable Cursor reader,
            @Nullable V1View view) {

        Cursor cursor() {
            return Objects.requireNonNull(reader);
        }

        Attached movedTo(Position position) {
            return with(log.cursor(position));
        }

        Attached with(@Nullable Cursor other) {
            close();
            return new Attached(execution, log, redaction, encoded, other, view);
        }

        Attached hiding(Redaction other, EncodedLog encodedSo) {
            return new Attached(execution, log, other, encodedSo, reader, view);
        }

        void close() {
            if (reader != null) {
                reader.close();
            }
        }

        /** Whether the next event is no longer in memory. Unless its line is still there, it is read from the store. */
        boolean isBehindMemory() {
            return cursor().position().seq() + 1 < log.oldestInMemory();
        }

        /**
         * Whether the lines of the next events are still there, so that the store need not be read. This must be so for a
         * whole turn or up to what is in memory, since the cursor reads many events at a time from the store.
         */
        boolean isStillEncoded() {
            Position at = cursor().position();
            return isSameEpoch(at)
                    && at.seq() + 1 >= log.oldest()
                    && encoded.hasAll(at.seq(), Math.min(at.seq() + SELECTED_PER_TURN, log.oldestInMemory() - 1));
        }

        /** Whether a position has the epoch of this log, or none. */
        boolean isSameEpoch(Position position) {
            return position.epoch() == null || position.epoch().equals(log.epoch());
        }
    }

    /**
     * Creates a feed that is not attached to a log.
     *
     * @param liveClient takes the events that a group gives, and is woken when the feed has something to do
     * @param start the position from which to send if the client names none
     * @param activeSubscription the narrowest subscription that covers the execution
     */
    Feed(
            Delivery delivery,
            ConnectedClient client,
            LiveClient liveClient,
            String executionId,
            Position start,
            Subscription activeSubscription) {
        this.delivery = delivery;
        this.client = client;
        this.executionId = executionId;
        this.liveClient = liveClient;
        this.start = start;
        this.activeSubscription = activeSubscription;
    }

    ConnectedClient client() {
        return client;
    }

    String executionId() {
        return executionId;
    }

    /** Returns the workflow of the execution; null while the execution does not exist. */
    @Nullable
    String workflowId() {
        return workflowId;
    }

    /** Whether the feed is in the queue of ready feeds. Maintained by {@link ReadyFeeds}, as is {@link #nextReady}. */
    boolean isReady() {
        return ready;
    }

    void setReady(boolean isReady) {
        ready = isReady;
    }

    /** The feed that is ready after this one; null when it is the last. */
    @Nullable
    Feed nextReady() {
        return nextReady;
    }

    void setNextReady(@Nullable Feed next) {
        nextReady = next;
    }

    /** Where the client stands in the log; empty while there is none. */
    Optional<Backlog.Place> place() {
        Attached now = attached;
        return now == null
                ? Optional.empty()
                : Optional.of(new Backlog.Place(now.log, position(now).seq()));
    }

    /** Whether a wide subscription covers the execution too. Maintained by {@link Subscriptions}. */
    boolean isJoined() {
        return joined;
    }

    /** Notes that a wide subscription covers the execution, and from which position it counts. */
    void markJoined(String ofWorkflow, @Nullable Position at) {
        if (!joined) {
            workflowId = ofWorkflow;
            joined = true;
            joinedAt = at;
        }
    }

    /** Notes that no wide subscription covers the execution any more. */
    void markLeft() {
        joined = false;
    }

    /** Returns the subscription whose filter, pace and position apply. */
    Subscription activeSubscription() {
        return activeSubscription;
    }

    /**
     * Applies another subscription from the next turn on. If the previous one has held events back, the client gets its
     * position first.
     */
    void activate(Subscription other) {
        leaveGroup();
        leavePacer();
        activeSubscription = other;
        reportPositionFirst = isPositionPending();
        if (attached == null && !joining && joined && !(other.scope() instanceof Scope.OneExecution)) {
            stopWaiting(); // only the single subscription waited for the execution
            joining = true;
            start = joinedAt;
        }
    }

    /**
     * Moves the feed to where a wide subscription starts. The client is informed in the feed's next turn.
     *
     * @param ofWorkflow the workflow of the execution
     * @param from the position to start after; null for the end of the log at that turn
     * @param held the execution, when another engine has it; null to find it in memory
     */
    void join(String ofWorkflow, @Nullable Position from, @Nullable Execution held) {
        detach();
        stopWaiting();
        markJoined(ofWorkflow, from);
        joining = true;
        heldElsewhere = held;
        start = from;
    }

    /** Whether the client may see the execution, as far as it has got one. */
    boolean isPermitted() {
        return attached == null || delivery.sees(client.identity(), attached.execution);
    }

    /** Finds out anew what is hidden from the client. */
    void redact() {
        if (liveGroup != null) {
            leaveGroup(); // it gets what others see
            run();
        }
        Attached now = attached;
        if (now != null) {
            Redaction redaction = delivery.redaction(client.identity(), now.execution);
            attached = now.hiding(redaction, delivery.encoded().of(now.log, redaction));
        }
    }

    /** Looks again for an execution that it waits for: the client may be allowed to see it by now. */
    void lookAgain() {
        if (waitTimer != null) {
            var unused = delivery.flows()
                    .executions()
                    .findLater(executionId)
                    .thenAccept(execution -> execution.ifPresent(this::executionCreated));
        }
    }

    /** The engine has created the execution. Any thread. */
    void executionCreated(Execution execution) {
        createdExecution = execution;
        run();
    }

    /** The store could not be read. Any thread. */
    private void cannotBeRead() {
        unreadable = true;
        run();
    }

    /** Lets the client's pump give this feed a turn. Any thread. */
    @Override
    public void run() {
        liveClient.wake(this);
    }

    /** Offers the next events of the feed's group to the client. {@return whether it has taken them} Called by the group. */
    boolean take(LiveGroup.Run run) {
        return liveClient.take(this, run);
    }

    /** Whether a run follows what the client has. It does not when the feed has left the group meanwhile, or left and joined again. */
    boolean isNext(LiveGroup.Run run) {
        return liveGroup == run.by() && liveSeq == run.after();
    }

    /** Notes that the client has got a run of events. */
    void took(LiveGroup.Run run) {
        liveSeq = run.to();
    }

    /**
     * Handles a request for this execution and replies.
     *
     * @param request the request
     * @param out receives the replies
     * @return false when the subscription is refused; the refusal is among the replies
     */
    boolean request(ClientMessage.Subscribe request, Consumer<byte[]> out) {
        leaveGroup();
        requestId = request.id();
        joining = false;
        Attached before = attached;
        if (before != null && !delivery.sees(client.identity(), before.execution)) {
            start = before.cursor().position();
            detach();
        }
        boolean moves = request.after() != null || request.latest();
        if (moves) {
            clientChosePosition = true;
            start = request.after();
        }
        if (attached == null) {
            return attachIfExists(out) || awaitExecution(out);
        }
        redact();
        attach(attached.execution, moves, out, requestId);
        return true;
    }

    /**
     * Adds the next messages to a batch that is not full.
     *
     * @return the result of the turn
     */
    Turn advance(Batch batch) {
        leaveGroup();
        Attached now = attached;
        if (now != null) {
            return advanceAttached(now, batch);
        }
        return joining ? advanceJoining(batch) : advancePending(batch);
    }

    /** Releases the cursor and the timers. */
    void close() {
        detach();
        stopWaiting();
        leavePacer();
        if (marks != null) {
            marks.close();
        }
    }

    /** Returns the position after which a later subscription to the same execution continues. */
    Position position() {
        if (attached != null) {
            return position(attached);
        }
        return start == null ? Position.START : start;
    }

    /** Whether the execution has ended, and the client has got all of it. */
    boolean hasAll() {
        Attached now = attached;
        return now != null && now.log.isEnded() && position(now).seq() >= now.log.latest();
    }

    /** Where the client stands. A feed in a group has no cursor. */
    private Position position(Attached now) {
        return liveGroup == null ? now.cursor().position() : Position.after(now.log.epoch(), liveSeq);
    }

    /** Reads by itself from now on. */
    private void leaveGroup() {
        LiveGroup group = liveGroup;
        Attached now = attached;
        if (group != null && now != null) {
            group.leave(this);
            attached = now.movedTo(Position.after(now.log.epoch(), liveSeq));
            liveGroup = null;
        }
    }

    /** {@return whether a group gives this feed what follows, which has read all there is} */
    private boolean joinGroup(Attached now) {
        Position here = now.cursor().position();
        LiveGroup.Form form = client.framing() == Framing.LINES
                ? LiveGroup.Form.LINES
                : now.view == null ? LiveGroup.Form.SINGLE : LiveGroup.Form.FIRST_VERSION;
        if (!activeSubscription.isPlain()
                || activeSubscription.pacer() != null
                || isPositionPending()
                || !readsFromMemory
                || now.log.isPassive()
                || !now.isSameEpoch(here)
                || (now.view != null && !now.view.isLiveAfter(here.seq()))) {
            return false;
        }
        liveSeq = here.seq();
        liveGroup = now.encoded.liveGroups().join(this, now.log, liveSeq, form, delivery);
        attached = now.with(null);
        return true;
    }

    /** Attaches to the log if the execution is in memory and visible to the client. Otherwise it is looked for in the store. */
    private boolean attachIfExists(Consumer<byte[]> out) {
        CompletableFuture<Optional<Execution>> found =
                delivery.flows().executions().findLater(executionId).toCompletableFuture();
        if (!found.isDone()) {
            var unused = found.thenAccept(execution -> execution.ifPresent(this::executionCreated))
                    .whenComplete((nothing, failure) -> {
                        if (failure != null) {
                            cannotBeRead();
                        }
                    });
            return false;
        }
        Execution execution = found.join().orElse(null);
        if (execution == null || !delivery.sees(client.identity(), execution)) {
            return false;
        }
        stopWaiting();
        attach(execution, true, out, requestId);
        return true;
    }

    /** Waits for the execution. An execution that the client may not see is treated as one that does not exist. */
    private boolean awaitExecution(Consumer<byte[]> out) {
        if (start == null) {
            start = Position.START;
        }
        if (waitTimer == null) {
            if (!delivery.pending().add(this)) {
                out.accept(delivery.refusal(
                        requestId,
                        ErrorCode.TOO_MANY_SUBSCRIPTIONS,
                        "Too many subscriptions wait for executions that do not exist yet; subscribe after the execution has started",
                        Map.of("executionId", executionId)));
                return false;
            }
            waitExpired = false;
            waitTimer = delivery.clock().schedule(delivery.timing().pending(), this::expire);
            if (delivery.flows().executions().isLoaded(executionId) && attachIfExists(out)) {
                return true; // it was created after the first check
            }
        }
        out.accept(delivery.messages().subscribed(requestId, new Scope.OneExecution(executionId)));
        return true;
    }

    private void expire() {
        waitExpired = true;
        run();
    }

    private void stopWaiting() {
        if (waitTimer != null) {
            waitTimer.cancel();
            waitTimer = null;
            delivery.pending().remove(this);
        }
    }

    /** Opens the cursor, or moves it if {@code move} is true, and sends the client the state of the execution. */
    private void attach(Execution execution, boolean move, Consumer<byte[]> out, @Nullable String replyTo) {
        ExecutionSnapshot now = execution.snapshot();
        EventLog log = execution.events();
        Attached here = attached;
        if (move || here == null) {
            detach();
            Position from = start == null ? Position.after(log.epoch(), now.seq()) : start;
            V1View view =
                    clientChosePosition || client.framing() != Framing.SINGLE ? null : new V1View(execution, now.seq());
            Redaction redaction = delivery.redaction(client.identity(), execution);
            EncodedLog encoded = delivery.encoded().of(log, redaction);
            here = new Attached(execution, log, redaction, encoded, log.cursor(from), view);
            attached = here;
            workflowId = log.workflowId();
            start = null;
        }
        requestId = null;
        positionReported();
        Position at = here.cursor().position();
        Long after = here.isSameEpoch(at) ? at.seq() : null;
        out.accept(delivery.messages()
                .subscribed(replyTo, executionId, log.epoch(), after, log.oldest(), now.seq(), now.status()));
        out.accept(delivery.messages().executionStatus(null, now, here.redaction));
    }

    private void detach() {
        leaveGroup();
        if (attached != null) {
            attached.close();
            attached = null;
        }
    }

    private void leavePacer() {
        Pacer pacer = activeSubscription.pacer();
        if (pacer != null) {
            pacer.removeWaiting(this);
        }
    }

    private Turn advanceJoining(Batch batch) {
        joining = false;
        Execution execution = heldElsewhere;
        heldElsewhere = null;
        if (execution == null && delivery.flows().executions().isLoaded(executionId)) {
            execution = delivery.flows().executions().find(executionId).orElse(null);
        }
        if (execution != null && delivery.sees(client.identity(), execution)) {
            attach(execution, true, batch::add, null);
            return Turn.MORE;
        }
        Position from = execution == null ? start : null;
        String epoch = from == null ? null : from.epoch();
        if (from != null && epoch != null) {
            // The execution started, ended and was forgotten before this turn.
            batch.add(delivery.messages().eventsMissed(executionId, epoch, from.seq() + 1, null));
            delivery.observer().holeTold("gone");
        }
        return Turn.ENDED;
    }

    private Turn advancePending(Batch batch) {
        Execution execution = createdExecution;
        createdExecution = null;
        if (execution != null && delivery.sees(client.identity(), execution)) {
            stopWaiting();
            attach(execution, true, batch::add, null);
            return Turn.MORE;
        }
        if (unreadable) {
            stopWaiting();
            batch.add(delivery.refusal(
                    requestId,
                    ErrorCode.STORE_UNAVAILABLE,
                    "The server cannot read what it has stored at the moment; subscribe again later",
                    Map.of("executionId", executionId)));
            return Turn.ENDED;
        }
        if (waitExpired) {
            stopWaiting();
            batch.add(delivery.refusal(
                    requestId,
                    ErrorCode.EXECUTION_NOT_FOUND,
                    "Execution " + executionId + " does not exist, and it was not started within the waiting time",
                    Map.of("executionId", executionId)));
            return Turn.ENDED;
        }
        return Turn.WAITING;
    }

    private Turn advanceAttached(Attached now, Batch batch) {
        if (reportPositionFirst) {
            reportPosition(now, now.cursor().position().seq(), batch);
        }
        Pacer pacer = activeSubscription.pacer();
        int allowed = pacer == null ? Integer.MAX_VALUE : pacer.available();
        if (pacer != null && allowed <= 0) {
            pacer.addWaiting(this);
            return Turn.WAITING;
        }
        int max = Math.min(batch.remainingFrames(), allowed);
        readsFromMemory = !now.isBehindMemory();
        if (!activeSubscription.isPlain() || now.view != null) {
            return advanceSelection(now, batch, Math.min(SELECTED_PER_TURN, max));
        }
        int maxRun = Math.min(EncodedLog.EVENTS_PER_CHUNK, max);
        if (readsFromMemory) {
            return advanceRun(now, batch, maxRun);
        }
        return now.isStillEncoded()
                ? advanceEncoded(now, batch, maxRun)
                : advanceSelection(now, batch, Math.min(SELECTED_PER_TURN, max));
    }

    /** Sends a run of events that are no longer in memory and whose lines are still there. */
    private Turn advanceEncoded(Attached now, Batch batch, int max) {
        long after = now.cursor().position().seq();
        List<EncodedLine> lines = now.encoded.linesHere(after, max, Math.min(MAX_RUN_BYTES, batch.remainingBytes()));
        if (!lines.isEmpty()) {
            attached = now.movedTo(Position.after(now.log.epoch(), after + lines.size()));
            batch.add(lines);
            batch.count(lines.size(), 0, 0);
            sent(lines.size());
        }
        return Turn.MORE;
    }

    /** Sends a run of events from the encoded log. */
    private Turn advanceRun(Attached now, Batch batch, int max) {
        Position here = now.cursor().position();
        List<EncodedLine> lines = now.isSameEpoch(here)
                ? now.encoded.lines(now.log, here.seq(), max, Math.min(MAX_RUN_BYTES, batch.remainingBytes()), this)
                : List.of(); // the cursor reports a position of another epoch as a gap
        if (lines == null) {
            return Turn.WAITING; // another pump is encoding these events and wakes this one
        }
        Read read = now.cursor().read(Math.max(1, lines.size()));
        if (!(read instanceof Read.Events found)) {
            return advanceWithoutEvents(now, read, batch);
        }
        if (lines.isEmpty()) {
            attached = now.movedTo(here); // the events were appended after the lookup: move the cursor back
        } else {
            batch.add(lines.subList(0, found.events().size()));
            batch.count(found.events().size(), 0, 0);
            noteLive(batch, found.events().get(found.events().size() - 1));
            sent(found.events().size());
        }
        return Turn.MORE;
    }

    /** Sends events that are chosen one by one before they are encoded. */
    private Turn advanceSelection(Attached now, Batch batch, int max) {
        Read read = now.cursor().read(activeSubscription.conflate() ? CONFLATION_WINDOW : SELECTED_PER_TURN);
        if (!(read instanceof Read.Events found)) {
            return advanceWithoutEvents(now, read, batch);
        }
        List<@Nullable RecordedEvent> chosen = new ArrayList<>(found.events().size());
        found.events().forEach(event -> chosen.add(choose(event, now.view)));
        BitSet superseded = activeSubscription.conflate() ? Conflation.superseded(chosen, now.redaction) : new BitSet();
        long skippedFrom = 0;
        long skippedTo = 0;
        int permits = max;
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
                noteHeldBack(now, event, skippedFrom == 0, batch);
                continue;
            }
            boolean full = permits == 0 || batch.isFull();
            boolean unchanged = event.equals(seen);
            EncodedLine line = unchanged && !full ? now.encoded.line(now.log, event, this) : null;
            if (full || (line == null && unchanged)) {
                long before = (skippedFrom == 0 ? event.seq() : skippedFrom) - 1;
                attached = now.movedTo(Position.after(event.epoch(), before));
                count(batch, sent, (int) (before - found.events().get(0).seq()) + 1, superseded);
                return full ? Turn.MORE : Turn.WAITING; // when waiting: another pump is encoding and wakes this one
            }
            if (skippedFrom > 0) {
                batch.add(delivery.messages().eventsSkipped(executionId, skippedFrom, skippedTo));
                skippedFrom = 0;
            }
            if (line == null) {
                batch.add(delivery.encoded().encode(seen, now.redaction));
            } else {
                batch.add(line);
            }
            sent(1);
            noteLive(batch, seen);
            sent++;
            permits--;
        }
        count(batch, sent, chosen.size(), superseded);
        return Turn.MORE;
    }

    /** Counts the events of a run that are over: those that were sent, replaced by newer ones, and filtered. */
    private static void count(Batch batch, int sent, int all, BitSet superseded) {
        int conflated = superseded.get(0, all).cardinality();
        batch.count(sent, all - sent - conflated, conflated);
    }

    private void noteLive(Batch batch, RecordedEvent event) {
        if (hasCaughtUp) {
            batch.live(event.time());
        }
    }

    /** Returns what the client sees of an event; null when it sees nothing. */
    private @Nullable RecordedEvent choose(RecordedEvent event, @Nullable V1View view) {
        RecordedEvent seen = view == null
                ? event
                : view.of(event, activeSubscription.filter().types().contains(STATE_UPDATED));
        return seen != null && activeSubscription.filter().passes(seen) ? seen : null;
    }

    private void sent(int events) {
        positionReported();
        Pacer pacer = activeSubscription.pacer();
        if (pacer != null) {
            pacer.take(events);
        }
    }

    /** Notes that an event is not sent. A client with a filter regularly gets its position. */
    private void noteHeldBack(Attached now, RecordedEvent event, boolean mayReport, Batch batch) {
        if (!activeSubscription.filter().isEmpty()) {
            marks().heldBack();
            if (mayReport && marks().isDue()) {
                reportPosition(now, event.seq(), batch);
            }
        }
    }

    private Turn advanceWithoutEvents(Attached now, Read read, Batch batch) {
        if (read instanceof Read.Missed hole) {
            if (isPositionPending() && hole.epoch().equals(now.log.epoch())) {
                reportPosition(now, hole.from() - 1, batch);
            }
            batch.add(delivery.messages().eventsMissed(executionId, hole.epoch(), hole.from(), hole.to()));
            delivery.observer().holeTold("retention");
            batch.add(delivery.messages().executionStatus(null, now.execution.snapshot(), now.redaction));
            marks().heldBack(); // if no event follows, the client gets its position
            return Turn.MORE;
        }
        if (read instanceof Read.Nothing) {
            if (marks != null && marks.isDueWhenIdle()) {
                reportPosition(now, now.cursor().position().seq(), batch);
            }
            hasCaughtUp = true;
            if (joinGroup(now)) {
                return Turn.WAITING;
            }
            now.cursor().wakeWhenReadable(this);
            return mayLetGo(now) ? Turn.ENDED : Turn.WAITING;
        }
        if (isPositionPending()) {
            reportPosition(now, now.cursor().position().seq(), batch);
        }
        return Turn.ENDED;
    }

    /** Whether the execution has left memory and joins the wide subscription again when it comes back. */
    private boolean mayLetGo(Attached now) {
        return now.log.isPassive()
                && now.cursor().position().seq() >= now.log.latest()
                && !isPositionPending()
                && !(activeSubscription.scope() instanceof Scope.OneExecution);
    }

    private void reportPosition(Attached now, long seq, Batch batch) {
        batch.add(delivery.messages().position(executionId, now.log.epoch(), seq));
        positionReported();
    }

    private PositionMarks marks() {
        PositionMarks made = marks;
        if (made == null) {
            made = new PositionMarks(delivery.clock(), this);
            marks = made;
        }
        return made;
    }

    /** Whether events were held back since the client last got its position. */
    private boolean isPositionPending() {
        return marks != null && marks.isPending();
    }

    /** Notes that a message has told the client its position. */
    private void positionReported() {
        reportPositionFirst = false;
        if (marks != null) {
            marks.reported();
        }
    }
}
