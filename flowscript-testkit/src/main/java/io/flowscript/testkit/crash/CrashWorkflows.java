package io.flowscript.testkit.crash;

import io.flowscript.core.Assignment;
import io.flowscript.core.interaction.Interaction;
import io.flowscript.core.json.Value;
import io.flowscript.core.runtime.Edge;
import io.flowscript.core.runtime.ExecutionContext;
import io.flowscript.core.runtime.Node;
import io.flowscript.core.runtime.Outcome;
import io.flowscript.core.runtime.PauseToken;
import io.flowscript.core.runtime.Question;
import io.flowscript.core.runtime.Quorum;
import io.flowscript.core.runtime.RetryPolicy;
import io.flowscript.core.runtime.Sleep;
import io.flowscript.core.workflow.WorkflowDefinition;
import io.flowscript.engine.FlowScriptBuilder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The workflows of crash tests, and who answers their questions. Each call of a node that counts leaves one entry in the list
 * {@code trail} of the state, so an effect that is lost or doubled shows in the state at the end. Safe for use by any thread.
 *
 * @since 0.1.0
 */
public final class CrashWorkflows {

    /** 20 nodes with a loop, two questions that two people answer, a vote of three, retries and a sleep. */
    public static final String TOUR = "tour";

    /** A node waits for an answer in its middle. */
    public static final String PAUSES = "pauses";

    /** A question that is answered when it was escalated, after a reminder, and one that nobody answers before its deadline. */
    public static final String DUE = "due";

    /** A question that nobody answers, so that it has to be cancelled. */
    public static final String CANCELS = "cancels";

    /** The node that asks anew after a crash. */
    static final String WAITS = "waits";

    private static final Assignment BOSS = new Assignment(List.of("boss"), List.of());

    private static final int BURST = 5;
    private static final int LARGE = 6_000;

    private final Watch watch;
    private final Duration pace;
    private final Executor executor;

    /**
     * Creates the workflows.
     *
     * @param watch is told of calls
     * @param pace the delay before a retry, and the time until a reminder; a sleep and an escalation take twice, a deadline
     *     ten times as long
     * @param executor completes nodes that are asynchronous
     */
    public CrashWorkflows(Watch watch, Duration pace, Executor executor) {
        this.watch = Objects.requireNonNull(watch, "watch");
        this.pace = Objects.requireNonNull(pace, "pace");
        this.executor = Objects.requireNonNull(executor, "executor");
    }

    /** Is told of the calls of nodes. */
    @FunctionalInterface
    public interface Watch {

        /**
         * A node was called.
         *
         * @param call the call
         */
        void called(Observation.Called call);

        /**
         * Makes a call of the engine that waits for the store.
         *
         * @param <T> the type of the result
         * @param executionId the id of the execution that is to be stored
         * @param call the call
         * @return the result of the call
         */
        default <T> T blocking(String executionId, Supplier<T> call) {
            return call.get();
        }
    }

    /** What a node does in one call. */
    private interface Work {

        Outcome run(ExecutionContext context);
    }

    /**
     * Adds the workflows and their nodes to an engine.
     *
     * @param builder the builder of the engine
     * @return the builder
     */
    public FlowScriptBuilder addTo(FlowScriptBuilder builder) {
        return builder.workflow(tour())
                .workflow(workflow(PAUSES, "plain", WAITS, "plain"))
                .workflow(workflow(DUE, "plain", "escalates", "expires", "plain"))
                .workflow(workflow(CANCELS, "plain", "stays", "plain"))
                .node("plain", watched(context -> Edge.of("done", 1)))
                .node("each", watched(CrashWorkflows::each))
                .node("emits", watched(CrashWorkflows::emits))
                .node("asks", watched(CrashWorkflows::asks))
                .node("votes", watched(CrashWorkflows::votes))
                .node("naps", watched(this::naps))
                .node("escalates", watched(this::escalates))
                .node("expires", watched(this::expires))
                .node("stays", watched(context -> Question.open().ask("asked")))
                .node(Node.named("fails").retry(RetryPolicy.fixed(3, pace)).run(watched(CrashWorkflows::fails)))
                .node(Node.named("later")
                        .async(context ->
                                CompletableFuture.supplyAsync(() -> call(context, now -> Edge.of("done")), executor)))
                .node(Node.named(WAITS).async(this::waits));
    }

    /**
     * Returns who answers a question.
     *
     * @param question the question
     * @return what each person answers, by their names; empty if nobody answers
     */
    public static Map<String, Object> answers(Interaction question) {
        return switch (question.nodeName()) {
            case "asks" -> Map.of("ada", "ada", "bob", "bob");
            case WAITS -> Map.of("ada", "ada");
            case "escalates" -> question.assignment().equals(BOSS) ? Map.of("boss", "yes") : Map.of();
            case "votes" -> {
                Map<String, Object> yes = Map.of("decision", "yes");
                yield Map.of("ada", yes, "bob", yes, "cy", yes);
            }
            default -> Map.of();
        };
    }

    private static WorkflowDefinition tour() {
        Object loop = List.of(Map.of("each", Map.of("items", "$.rows", "as", "row")), List.of("plain", "emits"));
        return WorkflowDefinition.of(Map.of(
                "id",
                TOUR,
                "initialState",
                Map.of("rows", List.of("a", "b", "c")),
                "nodes",
                List.of(
                        "plain", "emits", "later", loop, "asks", "plain", "fails", "naps", "plain", "votes", "plain",
                        "emits", "later", "asks", "fails", "plain", "emits", "plain")));
    }

    private static WorkflowDefinition workflow(String id, String... nodes) {
        return WorkflowDefinition.of(Map.of("id", id, "nodes", List.of(nodes)));
    }

    private Node watched(Work work) {
        return context -> call(context, work);
    }

    private Outcome call(ExecutionContext context, Work work) {
        String stage = context.answer() != null
                ? "answered"
                : context.memo().isMissing()
                        ? "first"
                        : "memo-" + context.memo().raw();
        watch.called(Observation.Called.of(context, stage));
        leaveTrail(context, stage);
        return work.run(context);
    }

    private static void leaveTrail(ExecutionContext context, String stage) {
        List<Object> trail = new ArrayList<>(context.state().get("trail").orElse(List.of()).asList().stream()
                .map(Value::raw)
                .toList());
        trail.add(context.runtime().nodeId() + " " + stage);
        context.state().set("trail", trail);
    }

    private static Edge each(ExecutionContext context) {
        List<Value> items =
                context.state().get(context.config().get("items").asString()).asList();
        int index = context.memo().isMissing() ? 0 : context.memo().asInt();
        return index == items.size()
                ? Edge.exitLoop()
                : Edge.nextIteration()
                        .keeping(index + 1)
                        .binding(Map.of(
                                context.config().get("as").asString(),
                                items.get(index).raw()));
    }

    /** Emits so much that it does not fit into the commit of one step, and changes a value that is not small. */
    private static Edge emits(ExecutionContext context) {
        String visit = context.runtime().nodeId() + " " + context.attempt();
        for (int i = 0; i < BURST; i++) {
            context.runtime().emit("crash:tick", visit + " " + i);
        }
        String cell = context.runtime().nodeId()
                + context.state().get("row").orElse("none").asString();
        context.state().set("large", cell.repeat(LARGE / cell.length()));
        return Edge.of("done");
    }

    private static Outcome asks(ExecutionContext context) {
        if (context.answer() == null) {
            return Question.open().because("a crash test").ask("asked");
        }
        keepAnswer(context, context.answer().data());
        return Edge.of("answered");
    }

    private static void keepAnswer(ExecutionContext context, Value answer) {
        Value known = context.state().get(HistoryCheck.ANSWERS);
        Map<String, @Nullable Object> answers = new LinkedHashMap<>(known.isMissing() ? Map.of() : known.asMap());
        answers.put(context.runtime().nodeId(), answer.asString());
        context.state().set(HistoryCheck.ANSWERS, answers);
    }

    private static Outcome votes(ExecutionContext context) {
        return context.answer() == null
                ? Question.open()
                        .decidedBy(new Quorum("decision", Map.of("yes", 2)))
                        .ask("asked")
                : Edge.of("decided");
    }

    private Outcome naps(ExecutionContext context) {
        return context.memo().isMissing() ? new Sleep(pace.multipliedBy(2), "slept") : Edge.of("done");
    }

    private static Edge fails(ExecutionContext context) {
        if (context.attempt() == 1) {
            throw new IllegalStateException("The first attempt fails");
        }
        return Edge.of("done");
    }

    private Outcome escalates(ExecutionContext context) {
        return context.answer() == null
                ? Question.open()
                        .remind(pace)
                        .escalate(pace.multipliedBy(2), BOSS)
                        .ask("asked")
                : Edge.of("answered");
    }

    private Outcome expires(ExecutionContext context) {
        if (context.answer() == null) {
            return Question.open().within(pace.multipliedBy(10)).ask("asked");
        }
        return Edge.of(context.answer().timedOut() ? "expired" : "answered");
    }

    private CompletionStage<Outcome> waits(ExecutionContext context) {
        watch.called(Observation.Called.of(context, "first"));
        leaveTrail(context, "first");
        PauseToken token = watch.blocking(
                context.runtime().executionId(), () -> context.runtime().pause(Question.open()));
        return context.runtime().waitForResume(token).thenApply(answer -> {
            keepAnswer(context, answer);
            return Edge.of("answered");
        });
    }
}
