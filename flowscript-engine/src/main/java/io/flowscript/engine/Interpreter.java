package io.flowscript.engine;

import io.flowscript.core.event.NodeEvent;
import io.flowscript.core.event.StateUpdated;
import io.flowscript.core.event.WorkflowEvent;
import io.flowscript.core.event.WorkflowEvent.Cause;
import io.flowscript.core.interaction.Interaction;
import io.flowscript.core.interaction.Interaction.Reply;
import io.flowscript.core.interaction.Interaction.Status;
import io.flowscript.core.json.Json;
import io.flowscript.core.json.JsonPath;
import io.flowscript.core.json.SecretPaths;
import io.flowscript.core.json.Value;
import io.flowscript.core.runtime.Answer;
import io.flowscript.core.runtime.Edge;
import io.flowscript.core.runtime.RetryPolicy;
import io.flowscript.core.runtime.Sleep;
import io.flowscript.core.snapshot.ExecutionSnapshot;
import io.flowscript.core.snapshot.ExecutionSnapshot.LoopFrame;
import io.flowscript.core.snapshot.ExecutionSnapshot.Phase;
import io.flowscript.core.snapshot.ExecutionSnapshot.Visit;
import io.flowscript.core.snapshot.ExecutionSnapshot.Write;
import io.flowscript.core.snapshot.ExecutionStatus;
import io.flowscript.core.workflow.EdgeNames;
import io.flowscript.core.workflow.WorkflowDefinition;
import io.flowscript.engine.Timeline.Wait;
import io.flowscript.engine.program.CompiledStep;
import io.flowscript.engine.program.Instruction;
import io.flowscript.engine.program.Program;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What a workflow does next: for each thing that can happen to an execution, a function from the program and the
 * snapshot to the next snapshot, its events, and whether a node is to be called. It calls no other code, keeps no
 * state, takes the time from the draft, and processes a program in a loop without recursion.
 *
 * <p>Immutable; one interpreter serves all executions of a program.
 */
final class Interpreter {

    private final Program program;
    private final EngineLimits limits;
    private final SecretPaths secrets;

    Interpreter(Program program, EngineLimits limits) {
        this.program = program;
        this.secrets = program.definition().secrets();
        this.limits = limits;
    }

    Program program() {
        return program;
    }

    WorkflowDefinition definition() {
        return program.definition();
    }

    boolean runs(String definitionHash) {
        return definition().hash().equals(definitionHash);
    }

    /** The step that the execution stands at, while a visit is under way. */
    CompiledStep step(ExecutionSnapshot at) {
        return step(at.position());
    }

    /** The names that loops give where the execution stands. A loop's controller stands outside of its loop. */
    Map<String, @Nullable Object> bindings(ExecutionSnapshot at) {
        return bindings(at.frames(), program.loopDepth(at.position()));
    }

    /** It begins. */
    void begin(SnapshotDraft draft) {
        start(draft);
        goTo(draft, 0);
    }

    /** The node returned an edge. */
    void left(SnapshotDraft draft, Edge edge, @Nullable Object data, BufferedWrites writes) {
        CompiledStep step = step(draft.position);
        if (!isAllowed(step, edge.name())) {
            failed(draft, undeclared(step, edge.name()), 0);
            return;
        }
        Map<String, @Nullable Object> state = writes.state();
        Map<String, @Nullable Object> merged = Map.of();
        if (program.at(draft.position) instanceof Instruction.Loop
                && edge.name().equals(EdgeNames.NEXT_ITERATION)) {
            Failure refused = refuseMerge(draft, data);
            if (refused != null) {
                failed(draft, refused, 0);
                return;
            }
            merged = PlainValues.object(data);
            state = PlainValues.merge(state, merged);
        }
        if (Json.weight(state) > limits.maxStateBytes()) {
            failed(draft, Failure.of(PlainValues.stateTooLarge(limits.maxStateBytes())), 0);
            return;
        }
        draft.endCall();
        Visit visit = draft.endVisit();
        Object shown = SecretValues.of(secrets, draft.state, state).mask(data);
        draft.state = state;
        for (Write write : writes.list()) {
            draft.events.add(updated(write.path(), write.value()));
        }
        merged.forEach((name, value) ->
                draft.events.add(updated(JsonPath.ROOT.child(name).toString(), value)));
        draft.events.add(new NodeEvent.Completed(
                visit.nodeId(), visit.nodeName(), edge.name(), shown, draft.reading.lasted(visit)));
        draft.previous = data;
        leave(draft, visit, edge, shown);
    }

    private StateUpdated updated(String path, @Nullable Object value) {
        return new StateUpdated(path, secrets.isEmpty() ? value : secrets.mask(JsonPath.parse(path), value));
    }

    /** The node asks. */
    void asked(SnapshotDraft draft, Interaction interaction, @Nullable Object memo, BufferedWrites writes) {
        Visit visit = draft.visit();
        draft.endCall();
        draft.visit = waiting(visit, Phase.ASKING, memo, null, writes.list());
        draft.open(interaction);
    }

    /** The node sleeps. */
    void slept(SnapshotDraft draft, Sleep sleep, BufferedWrites writes) {
        draft.endCall();
        Instant wakeAt = draft.now.plus(sleep.duration());
        draft.visit = waiting(draft.visit(), Phase.SLEEPING, sleep.memo(), wakeAt, writes.list());
    }

    /**
     * The attempt failed.
     *
     * @param random a number from 0 to 1 for the delay before the next attempt
     */
    void failed(SnapshotDraft draft, Failure failure, double random) {
        Visit visit = draft.visit();
        RetryPolicy retry = step(draft.position).retry();
        boolean again = visit.attempt() < retry.attempts();
        draft.endCall();
        draft.events.add(new NodeEvent.Failed(
                visit.nodeId(), visit.nodeName(), failure.message(), failure.code(), visit.attempt(), again));
        if (again) {
            Instant wakeAt = draft.now.plus(retry.delayAfter(visit.attempt(), random));
            draft.visit = visit.toBuilder()
                    .phase(Phase.RETRYING)
                    .memo(firstMemo(draft))
                    .answer(null)
                    .wakeAt(wakeAt)
                    .worked(Duration.ZERO)
                    .writes(List.of())
                    .build();
            return;
        }
        draft.visit = null;
        Integer target = failureTarget(program.at(draft.position), failure);
        if (target == null) {
            fail(draft, visit, failure.code(), "failed: " + failure.message());
            return;
        }
        Map<String, @Nullable Object> told = new LinkedHashMap<>();
        told.put("error", failure.message());
        told.put("code", failure.code());
        told.put("nodeName", visit.nodeName());
        draft.previous = Json.object(told);
        goTo(draft, target);
    }

    /** An attempt exceeded its timeout. */
    void nodeTimedOut(SnapshotDraft draft, Duration limit, double random) {
        failed(
                draft,
                new Failure("It worked for longer than the " + limit.toMillis() + " ms it may", Failure.NODE_TIMEOUT),
                random);
    }

    /** All nodes together exceeded the execution timeout. */
    void executionTimedOut(SnapshotDraft draft, Duration limit) {
        abort(
                draft,
                new Failure(
                        "The nodes of this execution worked for longer than the " + limit.toMillis()
                                + " ms they may in all",
                        "execution_timeout"));
    }

    /** An interaction was answered, and the node goes on with the outcome. */
    void answered(SnapshotDraft draft, Interaction interaction, Reply reply, @Nullable Object outcome) {
        draft.answered(interaction, reply, outcome);
        Visit visit = draft.visit();
        if (visit.phase() == Phase.ASKING) {
            call(draft, working(visit, new Answer(Value.of(outcome), reply.by(), draft.now, false)), false);
        }
    }

    /** Something fell due in an interaction: its deadline, or what comes before that. */
    void fellDue(SnapshotDraft draft, Interaction interaction) {
        if (!draft.reading.isOver(Wait.deadline(interaction))) {
            draft.fellDue(interaction);
            return;
        }
        draft.withdraw(interaction, Status.EXPIRED);
        Visit visit = draft.visit();
        if (visit.phase() == Phase.ASKING) {
            call(draft, working(visit, new Answer(Value.missing("$"), null, draft.now, true)), false);
        }
    }

    /** A sleep, or the delay before the next attempt, is over. */
    void woken(SnapshotDraft draft) {
        Visit visit = draft.visit();
        if (visit.phase() == Phase.RETRYING) {
            nextAttempt(draft, visit);
        } else {
            call(draft, working(visit, visit.answer()), false);
        }
    }

    /** It was cancelled. */
    void cancelled(SnapshotDraft draft, @Nullable String reason, @Nullable String by) {
        start(draft);
        Failure failure = new Failure(
                reason == null ? "The execution was cancelled" : "The execution was cancelled: " + reason, "cancelled");
        Visit visit = endVisit(draft, failure);
        draft.end(ExecutionStatus.CANCELLED, null, failure.message(), failure.code(), null, nodeId(visit));
        draft.events.add(new WorkflowEvent.Cancelled(reason == null ? null : Failure.printable(reason), by));
    }

    /** The execution failed in a way that neither a retry nor an edge can handle. */
    void abort(SnapshotDraft draft, Failure failure) {
        start(draft);
        fail(draft, endVisit(draft, failure), failure, null);
    }

    /**
     * The execution was restored from a snapshot. If a node was working, its progress is unknown: the interactions
     * that it opened are cancelled, and the node is called again with its memo and answer.
     */
    void restored(SnapshotDraft draft) {
        Visit visit = draft.visit;
        if (visit == null || visit.phase() != Phase.WORKING) {
            return;
        }
        draft.endCall();
        draft.events.add(new NodeEvent.Failed(
                visit.nodeId(),
                visit.nodeName(),
                "It was interrupted: the engine that ran it is gone",
                "interrupted",
                visit.attempt(),
                true));
        nextAttempt(draft, visit);
    }

    private void start(SnapshotDraft draft) {
        if (draft.status == ExecutionStatus.PENDING) {
            draft.status = ExecutionStatus.RUNNING;
            draft.events.add(
                    new WorkflowEvent.Started(draft.workflowId(), draft.definitionHash, secrets.mask(draft.state)));
        }
    }

    /** Continues at an instruction, up to the next node or the end. */
    private void goTo(SnapshotDraft draft, int index) {
        int at = index;
        // Without a node in between, no program goes further than through each of its instructions.
        for (int hops = 0; hops <= program.size(); hops++) {
            Instruction instruction = program.at(at);
            if (instruction instanceof Instruction.Jump jump) {
                at = jump.target();
                leaveLoops(draft, program.loopDepth(at));
            } else if (instruction instanceof Instruction.Repeat repeat) {
                at = repeat.loop();
                leaveLoops(draft, program.loopDepth(at) + 1);
                visit(draft, at);
                return;
            } else if (instruction instanceof Instruction.Exit exit) {
                complete(draft, exit.explicit());
                return;
            } else {
                leaveLoops(draft, program.loopDepth(at));
                if (instruction instanceof Instruction.Loop) {
                    enterLoop(draft, at);
                }
                visit(draft, at);
                return;
            }
        }
        throw new IllegalStateException("The program goes in a circle at instruction " + index);
    }

    private static void leaveLoops(SnapshotDraft draft, int depth) {
        if (draft.frames.size() > depth) {
            draft.frames = List.copyOf(draft.frames.subList(0, depth));
        }
    }

    private static void enterLoop(SnapshotDraft draft, int loop) {
        List<LoopFrame> frames = new ArrayList<>(draft.frames);
        frames.add(new LoopFrame(loop, 0, null, Map.of()));
        draft.frames = List.copyOf(frames);
    }

    private void visit(SnapshotDraft draft, int index) {
        draft.position = index;
        draft.visits++;
        String name = step(index).name();
        Visit first = Visit.builder()
                .nodeId(name + "-" + draft.visits)
                .nodeName(name)
                .step(program.stepId(index))
                .startedAt(draft.now)
                .memo(firstMemo(draft))
                .build();
        call(draft, first, true);
    }

    private void nextAttempt(SnapshotDraft draft, Visit visit) {
        Visit next = visit.toBuilder()
                .attempt(visit.attempt() + 1)
                .phase(Phase.WORKING)
                .wakeAt(null)
                .worked(Duration.ZERO)
                .build();
        call(draft, next, true);
    }

    /** Calls the node of a visit, as long as there are steps left. */
    private void call(SnapshotDraft draft, Visit visit, boolean attemptBegins) {
        if (draft.steps >= limits.maxSteps()) {
            abort(
                    draft,
                    new Failure(
                            "It took " + limits.maxSteps() + " steps, the limit, and is not at its end; it stands at "
                                    + place(draft.position, visit.nodeName()),
                            "step_limit"));
            return;
        }
        draft.steps++;
        draft.visit = visit;
        draft.callsNode = true;
        if (attemptBegins) {
            String type = step(draft.position).metadata().type().id();
            draft.events.add(new NodeEvent.Executing(
                    visit.nodeId(), visit.nodeName(), type, visit.attempt(), program.stepId(draft.position)));
        }
    }

    /** Goes by an edge, after the visit is over. What is shown of the edge's data has no secret in it. */
    private void leave(SnapshotDraft draft, Visit visit, Edge edge, @Nullable Object shown) {
        String name = edge.name();
        if (name.equals(EdgeNames.EXIT)) {
            complete(draft, true);
        } else if (name.startsWith(EdgeNames.LOOP_TO)) {
            OptionalInt target = program.loopTarget(draft.position, name.substring(EdgeNames.LOOP_TO.length()));
            if (target.isPresent()) {
                goTo(draft, target.getAsInt());
            } else {
                fail(
                        draft,
                        visit,
                        "unknown_loop_target",
                        "left by \"" + name + "\", but no step of that name can be reached from there");
            }
        } else if (program.at(draft.position) instanceof Instruction.Loop loop) {
            leaveController(draft, visit, edge, loop);
        } else if (program.at(draft.position) instanceof Instruction.Run run) {
            leaveStep(draft, visit, name, run, shown);
        }
    }

    private void leaveController(SnapshotDraft draft, Visit visit, Edge edge, Instruction.Loop loop) {
        if (edge.name().equals(EdgeNames.NEXT_ITERATION)) {
            List<LoopFrame> frames = new ArrayList<>(draft.frames);
            LoopFrame frame = frames.remove(frames.size() - 1);
            frames.add(new LoopFrame(frame.loop(), frame.iterations() + 1, edge.memo(), edge.bindings()));
            draft.frames = List.copyOf(frames);
            goTo(draft, loop.body());
        } else if (edge.name().equals(EdgeNames.EXIT_LOOP)) {
            goTo(draft, loop.next());
        } else {
            fail(
                    draft,
                    visit,
                    "invalid_loop_edge",
                    "left by \"" + edge.name()
                            + "\", but the controller of a loop leaves by \"next_iteration\" or \"exit_loop\"");
        }
    }

    private void leaveStep(SnapshotDraft draft, Visit visit, String edge, Instruction.Run run, @Nullable Object shown) {
        Integer target = run.targets().get(edge);
        if (target != null) {
            goTo(draft, target);
        } else if (EdgeNames.isFailure(edge)) {
            Cause cause = Failure.cause(shown);
            String why = cause == null || cause.error() == null ? "" : ": " + cause.error();
            String what = "left by \"" + edge + "\", and there is no flow for that edge" + why;
            fail(draft, visit, failure(draft, visit, Failure.UNHANDLED_EDGE, what), cause);
        } else {
            goTo(draft, run.targets().getOrDefault(EdgeNames.DEFAULT, run.next()));
        }
    }

    private void complete(SnapshotDraft draft, boolean explicit) {
        String signal = explicit ? "explicit_exit" : null;
        draft.end(ExecutionStatus.COMPLETED, signal, null, null, null, null);
        draft.events.add(new WorkflowEvent.Completed(secrets.mask(draft.state), signal));
    }

    /** Fails the workflow for what a visit came to, after the visit is over. */
    private void fail(SnapshotDraft draft, Visit visit, String code, String what) {
        fail(draft, visit, failure(draft, visit, code, what), null);
    }

    private Failure failure(SnapshotDraft draft, Visit visit, String code, String what) {
        return new Failure(place(draft.position, visit.nodeName()) + " " + what, code);
    }

    private static void fail(SnapshotDraft draft, @Nullable Visit visit, Failure failure, @Nullable Cause cause) {
        draft.end(ExecutionStatus.FAILED, null, failure.message(), failure.code(), cause, nodeId(visit));
        draft.events.add(new WorkflowEvent.Failed(
                failure.message(), failure.code(), nodeId(visit), visit == null ? null : visit.nodeName(), cause));
    }

    private static @Nullable String nodeId(@Nullable Visit visit) {
        return visit == null ? null : visit.nodeId();
    }

    /** Ends what is under way; null when nothing is. */
    private static @Nullable Visit endVisit(SnapshotDraft draft, Failure failure) {
        Visit visit = draft.visit;
        draft.endCall();
        if (visit == null) {
            return null;
        }
        draft.events.add(new NodeEvent.Failed(
                visit.nodeId(), visit.nodeName(), failure.message(), failure.code(), visit.attempt(), false));
        return visit;
    }

    private static @Nullable Integer failureTarget(Instruction instruction, Failure failure) {
        if (!(instruction instanceof Instruction.Run run)) {
            return null;
        }
        Integer timeout =
                failure.code().equals(Failure.NODE_TIMEOUT) ? run.targets().get(EdgeNames.TIMEOUT) : null;
        return timeout == null ? run.targets().get(EdgeNames.ERROR) : timeout;
    }

    private static boolean isAllowed(CompiledStep step, String edge) {
        Set<String> declared = step.metadata().edges();
        return declared.isEmpty() || declared.contains(edge) || EdgeNames.isJump(edge);
    }

    private static Failure undeclared(CompiledStep step, String edge) {
        return new Failure(
                "It left by the edge \"" + edge + "\", which is not one of those it declares: "
                        + String.join(", ", new TreeSet<>(step.metadata().edges())),
                "undeclared_edge");
    }

    /** Returns the reason why data cannot be merged into the state; null when it can. */
    private @Nullable Failure refuseMerge(SnapshotDraft draft, @Nullable Object data) {
        if (data != null && !(data instanceof Map)) {
            return new Failure(
                    "The data of \"next_iteration\" is merged into the state, so it must be an object, not "
                            + Json.typeName(data),
                    "invalid_value");
        }
        Map<String, @Nullable Object> names = bindings(draft.frames, program.loopDepth(draft.position));
        for (String name : PlainValues.object(data).keySet()) {
            if (names.containsKey(name)) {
                return new Failure("\"" + name + "\" is a name that a loop gives; it cannot be written", "loop_name");
            }
        }
        return null;
    }

    private @Nullable Object firstMemo(SnapshotDraft draft) {
        return program.at(draft.position) instanceof Instruction.Loop
                ? draft.frames.get(draft.frames.size() - 1).memo()
                : null;
    }

    private static Map<String, @Nullable Object> bindings(List<LoopFrame> frames, int depth) {
        if (depth == 0) {
            return Map.of();
        }
        if (depth == 1) {
            return frames.get(0).bindings();
        }
        Map<String, @Nullable Object> all = new LinkedHashMap<>();
        frames.subList(0, depth).forEach(frame -> all.putAll(frame.bindings()));
        return all;
    }

    private CompiledStep step(int index) {
        Instruction instruction = program.at(index);
        if (instruction instanceof Instruction.Run run) {
            return run.step();
        }
        if (instruction instanceof Instruction.Loop loop) {
            return loop.step();
        }
        throw new IllegalStateException("There is no step at instruction " + index);
    }

    /** A step for people: its name and its place in the document. */
    private String place(int index, String name) {
        return "Step \"" + name + "\" at " + program.at(index).pointer();
    }

    private static Visit waiting(
            Visit visit, Phase phase, @Nullable Object memo, @Nullable Instant wakeAt, List<Write> writes) {
        return visit.toBuilder()
                .phase(phase)
                .memo(memo)
                .answer(phase == Phase.ASKING ? null : visit.answer())
                .wakeAt(wakeAt)
                .writes(writes)
                .build();
    }

    private static Visit working(Visit visit, @Nullable Answer answer) {
        return visit.toBuilder()
                .phase(Phase.WORKING)
                .answer(answer)
                .wakeAt(null)
                .build();
    }
}
