package io.flowscript.engine;

import io.flowscript.core.Assignment;
import io.flowscript.core.CommandKey;
import io.flowscript.core.event.Event;
import io.flowscript.core.event.HumanEvent;
import io.flowscript.core.event.WorkflowEvent;
import io.flowscript.core.interaction.Interaction;
import io.flowscript.core.interaction.Interaction.Change;
import io.flowscript.core.interaction.Interaction.Claim;
import io.flowscript.core.interaction.Interaction.Due;
import io.flowscript.core.interaction.Interaction.Reply;
import io.flowscript.core.interaction.Interaction.Status;
import io.flowscript.core.json.SecretPaths;
import io.flowscript.core.runtime.PauseToken;
import io.flowscript.core.runtime.Question;
import io.flowscript.core.snapshot.CommandReceipt;
import io.flowscript.core.snapshot.ExecutionResult;
import io.flowscript.core.snapshot.ExecutionSnapshot;
import io.flowscript.core.snapshot.ExecutionSnapshot.LoopFrame;
import io.flowscript.core.snapshot.ExecutionSnapshot.Visit;
import io.flowscript.core.snapshot.ExecutionStatus;
import io.flowscript.engine.Timeline.Wait;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The next snapshot under construction, with the events that lead to it and whether a node must be called then. It is
 * discarded on an error, so a snapshot is never incomplete. For use by one thread.
 */
final class SnapshotDraft {

    /** The time of day. */
    final Instant now;

    /** The reading of the clock that this draft is made by. */
    final ClockReading reading;

    final List<Event> events = new ArrayList<>(4);

    ExecutionStatus status;
    int position;
    List<LoopFrame> frames;
    Map<String, @Nullable Object> state;

    @Nullable
    Object previous;

    /** The visit under way. The one that it began with has not the time yet that it has worked since; {@link #visit()} adds it. */
    @Nullable
    Visit visit;

    List<Interaction> open;
    List<Interaction> closed;
    List<CommandReceipt> commands;
    long visits;
    long steps;

    @Nullable
    ExecutionResult result;

    /** Whether the node of the visit must be called. */
    boolean callsNode;

    /** The call that was under way, if there was one, is over: later results of this call are ignored. */
    boolean endsCall;

    /** Whether that call came to an outcome that is not a failure. */
    boolean callSucceeded;

    /** The hash of the definition that the execution runs. */
    String definitionHash;

    private final ExecutionSnapshot from;
    private final EngineLimits limits;
    private final Duration worked;

    /**
     * A draft that begins as a copy.
     *
     * @param limits how many closed interactions, commands and names of those who have seen an interaction are kept
     */
    SnapshotDraft(ExecutionSnapshot from, ClockReading reading, EngineLimits limits) {
        this.from = from;
        this.now = reading.time;
        this.reading = reading;
        this.limits = limits;
        worked = from.worked().plus(reading.worked);
        status = from.status();
        position = from.position();
        frames = from.frames();
        state = from.state();
        previous = from.previous();
        visit = from.visit();
        open = from.open();
        closed = from.closed();
        commands = from.commands();
        visits = from.visits();
        steps = from.steps();
        result = from.result();
        definitionHash = from.definitionHash();
    }

    /** Notes that the call that this ends came to an outcome. */
    SnapshotDraft succeeded() {
        callSucceeded = true;
        return this;
    }

    String workflowId() {
        return from.workflowId();
    }

    /** {@return the visit under way, with the time that it has worked} */
    Visit visit() {
        return Objects.requireNonNull(counted(), "no visit is under way");
    }

    @SuppressWarnings("ReferenceEquality") // a visit that was changed is another object, and has its time
    private @Nullable Visit counted() {
        Visit now = visit;
        return now == null || now != from.visit() || reading.worked.isZero()
                ? now
                : now.toBuilder().worked(now.worked().plus(reading.worked)).build();
    }

    /** Ends the visit under way. {@return it, without the time that it has worked since} */
    Visit endVisit() {
        Visit ended = Objects.requireNonNull(visit, "no visit is under way");
        visit = null;
        return ended;
    }

    /** {@return whether anything is different, apart from the time that was worked} */
    @SuppressWarnings("ReferenceEquality") // what is unchanged is the same object
    boolean hasChanges() {
        return !events.isEmpty()
                || callsNode
                || visit != from.visit()
                || status != from.status()
                || position != from.position()
                || frames != from.frames()
                || state != from.state()
                || previous != from.previous()
                || open != from.open()
                || closed != from.closed()
                || commands != from.commands()
                || visits != from.visits()
                || steps != from.steps()
                || result != from.result();
    }

    ExecutionSnapshot seal(String epoch, long seq, Instant lastEventAt) {
        return from.toBuilder()
                .definitionHash(definitionHash)
                .status(status)
                .position(position)
                .frames(frames)
                .state(state)
                .previous(previous)
                .visit(counted())
                .open(open)
                .closed(closed)
                .commands(commands)
                .visits(visits)
                .steps(steps)
                .worked(worked)
                .result(result)
                .epoch(epoch)
                .seq(seq)
                .lastEventAt(lastEventAt)
                .build();
    }

    /** Moves the visit and the interactions that it has opened to a place in another version. */
    void movedTo(StepMapping.Place place, String step) {
        position = place.position();
        frames = place.frames();
        visit = visit().toBuilder().nodeName(place.stepName()).step(step).build();
        open = open.stream().map(asked -> asked.toBuilder().step(step).build()).toList();
    }

    /** Opens an interaction, with a question or without one. */
    void open(Interaction interaction) {
        status = ExecutionStatus.PAUSED;
        PauseToken token = interaction.token();
        Question question = interaction.question();
        events.add(new WorkflowEvent.Paused(
                token.nodeId(), interaction.nodeName(), token.tokenId(), question == null ? null : question.reason()));
        HumanEvent.Info info = interaction.info();
        if (info != null) {
            events.add(new HumanEvent.InputRequired(token.nodeId(), token.tokenId(), info));
        }
        Interaction asked =
                interaction.toBuilder().seq(from.seq() + events.size()).build();
        open = List.copyOf(PlainValues.append(open, asked));
    }

    /** Changes an interaction that stays open, and returns the changed one. */
    Interaction change(Interaction interaction, Interaction.Builder to, HumanEvent event, @Nullable String by) {
        Interaction next = remember(interaction, to, event, by);
        replace(interaction, next);
        events.add(event);
        return next;
    }

    private void replace(Interaction interaction, Interaction next) {
        List<Interaction> changed = new ArrayList<>(open);
        changed.set(open.indexOf(interaction), next);
        open = List.copyOf(changed);
    }

    /** Records that a person has seen an interaction, unless the name is known or too many are. */
    void seen(Interaction interaction, String by) {
        List<String> names = seenBy(interaction, by);
        if (names.size() > interaction.seenBy().size()) {
            replace(interaction, interaction.toBuilder().seenBy(names).build());
        }
    }

    List<String> seenBy(Interaction interaction, String by) {
        List<String> names = interaction.seenBy();
        return names.size() >= limits.maxSeenBy() || names.contains(by) ? names : PlainValues.append(names, by);
    }

    /**
     * Remembers the command that makes this change.
     *
     * @param key identifies the command; null to remember none
     * @param changed the interaction that it has changed; null when it is about the execution
     */
    void remember(@Nullable CommandKey key, @Nullable Interaction changed) {
        if (key != null) {
            CommandReceipt receipt = new CommandReceipt(
                    key, now, changed == null ? null : changed.token(), changed == null ? null : changed.claim());
            commands = remembered(receipt);
        }
    }

    /** {@return the newest commands; the one that has started the execution stays, or else it could start another one} */
    private List<CommandReceipt> remembered(CommandReceipt newest) {
        List<CommandReceipt> kept = new ArrayList<>(commands);
        kept.add(newest);
        int start = kept.get(0).at().equals(from.createdAt()) ? 1 : 0;
        while (kept.size() > Math.max(start, limits.rememberedCommands())) {
            kept.remove(start);
        }
        return List.copyOf(kept);
    }

    /** An interaction as it is once a claim that is past its time has lapsed, whether or not its alarm has rung. */
    Interaction lapse(Interaction interaction) {
        Claim claim = interaction.claim();
        return claim == null || !reading.isOver(Wait.claim(claim))
                ? interaction
                : ClaimRules.over(interaction, this, claim, true);
    }

    /** Records a vote that does not decide. */
    void voted(Interaction asked, Reply vote) {
        Interaction interaction = lapse(asked);
        PauseToken token = interaction.token();
        String by = Objects.requireNonNull(InteractionRules.name(vote.by()), "by");
        List<Reply> votes = PlainValues.append(interaction.replies(), vote);
        change(
                interaction,
                ClaimRules.released(interaction).replies(votes).seenBy(seenBy(interaction, by)),
                new HumanEvent.InputVoted(token.nodeId(), interaction.nodeName(), token.tokenId(), by, votes.size()),
                by);
    }

    /** Closes an interaction by an answer, and stores what the node gets. */
    void answered(Interaction asked, Reply reply, @Nullable Object outcome) {
        Interaction interaction = lapse(asked);
        PauseToken token = interaction.token();
        String by = InteractionRules.name(reply.by());
        close(
                interaction,
                interaction.toBuilder()
                        .status(Status.ANSWERED)
                        .replies(PlainValues.append(interaction.replies(), reply)),
                new HumanEvent.InputReceived(token.nodeId(), interaction.nodeName(), token.tokenId(), by),
                by,
                outcome);
    }

    /** Closes an interaction without an answer. */
    void withdraw(Interaction interaction, Status how) {
        PauseToken token = interaction.token();
        String reason = how == Status.EXPIRED ? "deadline" : "cancelled";
        close(
                interaction,
                interaction.toBuilder().status(how),
                new HumanEvent.InputTimeout(token.nodeId(), interaction.nodeName(), token.tokenId(), reason),
                null,
                null);
    }

    /** What falls due in an interaction before its deadline: a claim lapses, people are reminded, or it goes on to others. */
    void fellDue(Interaction interaction) {
        if (interaction.claim() != null && lapse(interaction).claim() == null) {
            return;
        }
        PauseToken token = interaction.token();
        Assignment next = interaction.schedule().get(0).to();
        List<Due> later =
                interaction.schedule().subList(1, interaction.schedule().size());
        if (next == null) {
            change(
                    interaction,
                    interaction.toBuilder().schedule(later),
                    new HumanEvent.InputReminded(token.nodeId(), interaction.nodeName(), token.tokenId()),
                    null);
        } else {
            change(
                    interaction,
                    ClaimRules.released(interaction).schedule(later).assignment(next),
                    new HumanEvent.InputEscalated(token.nodeId(), interaction.nodeName(), token.tokenId(), next),
                    null);
        }
    }

    /** Ends the call that is under way: the interactions that it left open are cancelled. */
    void endCall() {
        endsCall = true;
        for (Interaction interaction : open) {
            withdraw(interaction, Status.CANCELLED);
        }
    }

    /** Ends the execution, after the visit that is open was ended. */
    @SuppressWarnings("NullAway") // that a cause may be null is not in the class file that JDK 17 reads
    void end(
            ExecutionStatus how,
            @Nullable String exitSignal,
            @Nullable String error,
            @Nullable String code,
            WorkflowEvent.@Nullable Cause cause,
            @Nullable String nodeId) {
        endsCall = true;
        callsNode = false;
        visit = null;
        frames = List.of();
        previous = null;
        status = how;
        result = new ExecutionResult(how, state, exitSignal, error, code, cause, nodeId, now);
    }

    private void close(
            Interaction interaction,
            Interaction.Builder to,
            HumanEvent event,
            @Nullable String by,
            @Nullable Object outcome) {
        if (interaction.question() != null) {
            events.add(event);
        }
        List<Interaction> left = new ArrayList<>(open);
        left.remove(interaction);
        open = List.copyOf(left);
        to.claim(null).schedule(List.of()).seenBy(List.of()).closedAt(now);
        closed = List.copyOf(
                PlainValues.append(closed, remember(interaction, to, event, by), limits.rememberedInteractions()));
        status = open.isEmpty() ? ExecutionStatus.RUNNING : ExecutionStatus.PAUSED;
        PauseToken token = interaction.token();
        // An answer has no place in the state yet, so whether it is secret cannot be known.
        Object shown = outcome == null || from.secrets().isEmpty() ? outcome : SecretPaths.MASK;
        events.add(new WorkflowEvent.Resumed(token.nodeId(), interaction.nodeName(), token.tokenId(), shown));
    }

    /** The interaction as it is to be, with what happened as the last line of its history. */
    private Interaction remember(Interaction before, Interaction.Builder to, HumanEvent event, @Nullable String by) {
        Change change = new Change(event.type(), now, by);
        return to.history(PlainValues.append(before.history(), change, Interaction.MAX_HISTORY))
                .build();
    }
}
