package io.flowscript.testkit.crash;

import io.flowscript.core.Identity;
import io.flowscript.core.event.EventType;
import io.flowscript.core.event.HumanEvent;
import io.flowscript.core.interaction.AnswerOptions;
import io.flowscript.core.json.Value;
import io.flowscript.core.runtime.Edge;
import io.flowscript.core.runtime.ExecutionContext;
import io.flowscript.core.runtime.Outcome;
import io.flowscript.core.runtime.PauseToken;
import io.flowscript.core.runtime.Question;
import io.flowscript.core.store.StoredExecution;
import io.flowscript.core.testing.MemoryStore;
import io.flowscript.core.workflow.WorkflowDefinition;
import io.flowscript.engine.Execution;
import io.flowscript.engine.FlowScript;
import io.flowscript.engine.FlowScriptBuilder;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A workflow for tests of several processes on one store: three nodes that work, and a question after the first and the second
 * one. The state counts the works, and has the answers where {@link HistoryCheck} looks for them. Stateless.
 *
 * @since 0.1.0
 */
public final class ClusterWorkflow {

    /** The id of the workflow. */
    public static final String ID = "shared";

    /** The entry of the state that counts the nodes that have worked; 3 when the execution has completed. */
    public static final String WORKS = "works";

    private ClusterWorkflow() {}

    /**
     * Registers the workflow and its nodes.
     *
     * @param builder the engine
     * @param called notes each call of a node that works; called by the thread of the node
     * @return the same builder
     */
    public static FlowScriptBuilder addTo(FlowScriptBuilder builder, Consumer<Observation.Called> called) {
        return builder.node("work", context -> work(context, called))
                .node("ask", ClusterWorkflow::ask)
                .workflow(WorkflowDefinition.of(
                        Map.of("id", ID, "nodes", List.of("work", "ask", "work", "ask", "work"))));
    }

    private static Outcome work(ExecutionContext context, Consumer<Observation.Called> called) {
        called.accept(Observation.Called.of(context, "only"));
        int works = context.state().get(WORKS).orElse(0).asInt() + 1;
        context.runtime().emit("worked", Map.of(WORKS, works));
        context.state().set(WORKS, works);
        return Edge.of("ok");
    }

    private static Outcome ask(ExecutionContext context) {
        if (context.answer() == null) {
            return Question.open().ask("?");
        }
        Value known = context.state().get(HistoryCheck.ANSWERS);
        Map<String, @Nullable Object> answers = new LinkedHashMap<>(known.isMissing() ? Map.of() : known.asMap());
        answers.put(context.runtime().nodeId(), context.answer().data().asString());
        context.state().set(HistoryCheck.ANSWERS, answers);
        return Edge.of("ok");
    }

    /** {@return an execution that nothing has interrupted, with all its events} */
    static StoredExecution uninterrupted() {
        MemoryStore store = new MemoryStore();
        try (FlowScript flows =
                addTo(FlowScript.builder(), called -> {}).store(store).build()) {
            Execution run = flows.start(ID, Map.of());
            run.listen(
                    event -> {
                        if (event.event() instanceof HumanEvent.InputRequired asked) {
                            flows.interactions()
                                    .answer(
                                            new PauseToken(run.id(), asked.nodeId(), asked.tokenId()),
                                            "yes",
                                            AnswerOptions.by(Identity.of("ann")));
                        }
                    },
                    EventType.HUMAN_INPUT_REQUIRED);
            run.result().join();
            return store.find(run.id(), Integer.MAX_VALUE).orElseThrow();
        }
    }
}
