package io.flowscript.testkit;

import io.flowscript.core.Assignment;
import io.flowscript.core.runtime.Edge;
import io.flowscript.core.runtime.NamedNode;
import io.flowscript.core.runtime.Node;
import io.flowscript.core.runtime.Question;
import io.flowscript.core.workflow.Workflow;
import io.flowscript.core.workflow.WorkflowDefinition;
import io.flowscript.engine.FlowScriptBuilder;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** A workflow in which somebody is asked, that most tests of the kit run. */
final class Expenses {

    static final Map<String, Object> FORM = Map.of(
            "type", "object",
            "properties", Map.of("decision", Map.of("enum", List.of("approved", "rejected"))),
            "required", List.of("decision"));
    static final Map<String, Object> APPROVED = Map.of("decision", "approved");
    static final Map<String, Object> REJECTED = Map.of("decision", "rejected");

    /** Asked of carl for thirty days, reminded after one and ten, and of the directors after twenty. */
    static final NamedNode REVIEW = Node.named("review")
            .edges("approved", "rejected", "expired")
            .ask(context -> Question.form(FORM)
                    .showing(Map.of("amount", context.state().get("amount").raw()))
                    .assignedTo("carl")
                    .remind(Duration.ofDays(1), Duration.ofDays(10))
                    .escalate(Duration.ofDays(20), new Assignment(List.of(), List.of("directors")))
                    .within(Duration.ofDays(30)))
            .answered((context, answer) -> {
                if (answer.timedOut()) {
                    return Edge.of("expired");
                }
                String decision = answer.get("decision").asString();
                context.state().set("approved", decision.equals("approved"));
                return Edge.of(decision);
            });

    static final NamedNode BOOK = Node.named("book").edges("booked").run(context -> {
        context.runtime()
                .emit(
                        "expense:booked",
                        Map.of("amount", context.state().get("amount").raw()));
        return Edge.of("booked");
    });

    static final WorkflowDefinition WORKFLOW =
            Workflow.named("expense").step("review").step("book").build();

    private Expenses() {}

    static void addTo(FlowScriptBuilder builder) {
        builder.node(REVIEW).node(BOOK).workflow(WORKFLOW);
    }

    static TestFlows flows() {
        return TestFlows.of(Expenses::addTo);
    }
}
