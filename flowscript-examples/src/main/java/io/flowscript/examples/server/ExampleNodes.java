package io.flowscript.examples.server;

import io.flowscript.core.runtime.Edge;
import io.flowscript.core.runtime.ExecutionContext;
import io.flowscript.core.runtime.NamedNode;
import io.flowscript.core.runtime.Node;
import io.flowscript.core.runtime.Outcome;
import io.flowscript.core.runtime.RetryPolicy;
import io.flowscript.engine.FlowScriptBuilder;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** The nodes of the example workflows that are not built in, as an application would write them. Stateless. */
public final class ExampleNodes {

    private static final int HIGHEST_NUMBER = 100;

    private ExampleNodes() {}

    /**
     * Adds all example nodes to an engine's builder.
     *
     * @param builder the builder
     * @return the same builder
     */
    public static FlowScriptBuilder addTo(FlowScriptBuilder builder) {
        all().forEach(builder::node);
        return builder;
    }

    private static List<NamedNode> all() {
        return List.of(
                Node.named("bookExpense")
                        .description("Books an approved expense and emits an event")
                        .edges("booked")
                        .retry(RetryPolicy.exponential(3, Duration.ofMillis(200)))
                        .run(ExampleNodes::bookExpense),
                Node.named("addToTotal")
                        .description("Adds an amount to the total in the state")
                        .edges("success")
                        .run(ExampleNodes::addToTotal),
                Node.named("chargeCard")
                        .description("Charges a card, which is refused as often as it is told")
                        .edges("paid")
                        .run(ExampleNodes::chargeCard),
                Node.named("callCourier")
                        .description("Calls a courier, who is silent as often as he is told")
                        .edges("called")
                        .run(ExampleNodes::callCourier),
                Node.named("compareGuess")
                        .description("Decides whether the guess is right, too low or too high")
                        .edges("right", "tooLow", "tooHigh")
                        .run(ExampleNodes::compareGuess));
    }

    private static Outcome bookExpense(ExecutionContext context) {
        String employee = context.state().get("employee").asString();
        Object amount = context.state().get("amount").raw();
        String receipt = "R-" + context.runtime().nodeId();
        context.state().set("receipt", receipt);
        context.runtime().emit("expense:booked", Map.of("employee", employee, "amount", amount, "receipt", receipt));
        return Edge.of("booked", Map.of("receipt", receipt));
    }

    private static Outcome addToTotal(ExecutionContext context) {
        long amount = context.config().get("amount").asLong();
        long total = context.state().get("total").orElse(0).asLong() + amount;
        context.state().set("total", total);
        // A newer total replaces older ones for clients that ask for conflation.
        context.runtime().emit("total:changed", Map.of("total", total), "total");
        return Edge.of("success");
    }

    private static Outcome chargeCard(ExecutionContext context) {
        if (context.attempt() <= context.config().get("refusals").asInt()) {
            throw new IllegalStateException("The bank refuses the card");
        }
        return Edge.of("paid");
    }

    private static Outcome callCourier(ExecutionContext context) {
        if (context.attempt() <= context.config().get("silence").asInt()) {
            throw new IllegalStateException("The courier does not answer");
        }
        return Edge.of("called");
    }

    private static Outcome compareGuess(ExecutionContext context) {
        int guess = context.state().get("guess.number").asInt();
        int secret = numberToGuess(context);
        if (guess == secret) {
            context.state().set("found", true).set("hint", guess + " is right!");
            return Edge.of("right");
        }
        boolean tooLow = guess < secret;
        context.state().set("hint", guess + (tooLow ? " is too low." : " is too high."));
        return Edge.of(tooLow ? "tooLow" : "tooHigh");
    }

    /**
     * Returns the number to guess. It follows from the execution's id, unless the input has one. It is not in the state,
     * because whoever plays sees the state.
     */
    private static int numberToGuess(ExecutionContext context) {
        int drawn = 1 + Math.floorMod(context.runtime().executionId().hashCode(), HIGHEST_NUMBER);
        return context.state().get("secret").orElse(drawn).asInt();
    }
}
