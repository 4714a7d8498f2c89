package io.flowscript.store.jdbc;

import io.flowscript.core.engine.FlowScript;
import io.flowscript.core.engine.FlowScriptBuilder;
import io.flowscript.core.json.Value;
import io.flowscript.core.runtime.Edge;
import io.flowscript.core.runtime.ExecutionContext;
import io.flowscript.core.runtime.Node;
import io.flowscript.core.runtime.Outcome;
import io.flowscript.core.runtime.Question;
import io.flowscript.core.runtime.RetryPolicy;
import io.flowscript.core.runtime.Sleep;
import io.flowscript.core.store.Durability;
import io.flowscript.core.workflow.WorkflowDefinition;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/**
 * The workflow of a crash test. Each call of a node that counts leaves one entry in the list {@code trail} of the state, so
 * an effect that is lost or doubled shows at the end. The answers are in {@code answers}, by the visit that asked.
 */
final class CrashWorkflow {

    static final String ID = "crash";

    private static final int BURST = 20;

    private CrashWorkflow() {}

    /** Is told of the calls. */
    interface Watch {

        void called(ExecutionContext context, String stage);

        void finishes(ExecutionContext context, String stage, String outcome);
    }

    /** What a node does at one call. */
    private interface Work {

        Outcome run(ExecutionContext context);
    }

    static FlowScriptBuilder engine(Watch watch) {
        RetryPolicy retry = RetryPolicy.fixed(3, Duration.ofMillis(1));
        return FlowScript.builder()
                .durability(Durability.SYNC)
                .workflow(definition())
                .node("plain", watched(watch, context -> Edge.of("done", 1)))
                .node("forEach", watched(watch, CrashWorkflow::forEach))
                .node("emits", watched(watch, CrashWorkflow::emits))
                .node("asks", watched(watch, CrashWorkflow::asks))
                .node("naps", watched(watch, CrashWorkflow::naps))
                .node(Node.named("fails").retry(retry).run(watched(watch, CrashWorkflow::fails)))
                .node(Node.named("later")
                        .async(context ->
                                CompletableFuture.supplyAsync(() -> call(watch, context, c -> Edge.of("done")))));
    }

    private static WorkflowDefinition definition() {
        Object loop = List.of(Map.of("forEach", Map.of("items", "$.rows", "as", "row")), List.of("plain", "emits"));
        return WorkflowDefinition.of(Map.of(
                "id",
                ID,
                "initialState",
                Map.of("rows", List.of("a", "b", "c")),
                "nodes",
                List.of(
                        "plain", "emits", "later", loop, "asks", "plain", "fails", "naps", "plain", "asks", "emits",
                        "later", "fails", "plain")));
    }

    private static Node watched(Watch watch, Work work) {
        return context -> call(watch, context, work);
    }

    private static Outcome call(Watch watch, ExecutionContext context, Work work) {
        String stage = context.answer() != null
                ? "answered"
                : context.memo().isMissing()
                        ? "first"
                        : "memo-" + context.memo().raw();
        watch.called(context, stage);
        List<Object> trail = new ArrayList<>(context.state().get("trail").orElse(List.of()).asList().stream()
                .map(Value::raw)
                .toList());
        trail.add(context.runtime().nodeId() + " " + stage);
        context.state().set("trail", trail);
        Outcome outcome;
        try {
            outcome = work.run(context);
        } catch (RuntimeException e) {
            watch.finishes(context, stage, "fails");
            throw e;
        }
        watch.finishes(context, stage, outcome instanceof Edge edge ? edge.name() : "waits");
        return outcome;
    }

    private static Edge forEach(ExecutionContext context) {
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

    /** So many that they do not fit into the commit of one step: some are stored while the node still works. */
    private static Edge emits(ExecutionContext context) {
        String visit = context.runtime().nodeId() + " " + context.attempt();
        for (int i = 0; i < BURST; i++) {
            context.runtime().emit("app:tick", visit + " " + i);
        }
        context.state().set("cell", context.state().get("row").orElse("none").asString());
        return Edge.of("done");
    }

    private static Outcome asks(ExecutionContext context) {
        if (context.answer() == null) {
            return Question.open().because("a crash test").ask("asked");
        }
        context.state()
                .set(
                        "answers." + context.runtime().nodeId().replace('-', '_'),
                        context.answer().data().asString());
        return Edge.of("answered");
    }

    private static Outcome naps(ExecutionContext context) {
        return context.memo().isMissing() ? new Sleep(Duration.ofMillis(5), "slept") : Edge.of("done");
    }

    private static Edge fails(ExecutionContext context) {
        if (context.attempt() == 1) {
            throw new IllegalStateException("The first attempt fails");
        }
        return Edge.of("done");
    }
}
