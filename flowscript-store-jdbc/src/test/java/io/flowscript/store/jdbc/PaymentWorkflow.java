package io.flowscript.store.jdbc;

import io.flowscript.core.runtime.Edge;
import io.flowscript.core.runtime.ExecutionContext;
import io.flowscript.core.runtime.Outcome;
import io.flowscript.core.runtime.Question;
import io.flowscript.core.workflow.WorkflowDefinition;
import io.flowscript.engine.FlowScript;
import io.flowscript.engine.FlowScriptBuilder;
import java.util.List;
import java.util.Map;

/**
 * A workflow that brings secrets to each place where an execution can have one, and asks twice. Beside it is one that has the
 * same nodes and marks nothing.
 */
final class PaymentWorkflow {

    static final String SECRET = "payment";
    static final String OPEN = "openPayment";

    private PaymentWorkflow() {}

    private static WorkflowDefinition definition(String id, List<String> secrets) {
        return WorkflowDefinition.of(Map.of(
                "id", id, "secrets", secrets, "nodes", List.of("take", "askFirst", "keep", "askAgain", "charge")));
    }

    /** {@return a builder with both workflows and their nodes} */
    static FlowScriptBuilder engine() {
        return FlowScript.builder()
                .workflow(definition(SECRET, List.of("$.card", "$.customer.pin", "$.vault")))
                .workflow(definition(OPEN, List.of()))
                .node("take", PaymentWorkflow::take)
                .node("askFirst", PaymentWorkflow::ask)
                .node("keep", PaymentWorkflow::keep)
                .node("askAgain", PaymentWorkflow::ask)
                .node("charge", context -> {
                    throw new IllegalStateException("The card " + card(context) + " is refused");
                });
    }

    /** {@return the input of an execution whose secrets all contain a text} */
    static Map<String, Object> input(String text) {
        return Map.of("card", "card-" + text, "vault", ("vault-" + text + " ").repeat(1_000));
    }

    private static String card(ExecutionContext context) {
        return context.state().get("card").asString();
    }

    private static Edge take(ExecutionContext context) {
        context.runtime().emit("app:taken", Map.of("card", card(context)));
        context.state().set("customer", Map.of("name", "Ada", "pin", "pin of " + card(context)));
        return Edge.of("taken", Map.of("card", card(context), "customer", "Ada"));
    }

    private static Outcome ask(ExecutionContext context) {
        return context.answer() == null
                ? Question.open().showing(Map.of("card", card(context))).ask(card(context))
                : Edge.of("answered", context.answer().data().raw());
    }

    private static Edge keep(ExecutionContext context) {
        context.state().set("answer", "of " + context.previous().get("who").asString());
        return Edge.of("kept", context.previous().raw());
    }
}
