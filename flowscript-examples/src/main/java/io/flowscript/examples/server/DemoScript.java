package io.flowscript.examples.server;

import io.flowscript.core.Identity;
import io.flowscript.engine.Execution;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** What the colleagues of the demo do: which workflows they start, and what they answer after which time. Stateless. */
final class DemoScript {

    static final Identity ADA = Identity.of("ada", "managers");
    static final Identity BOB = Identity.of("bob", "support");

    /**
     * What they start, one after the other, and from the beginning again. The first ones ask the newcomer, need no person, are asked, and fail.
     */
    static final List<Start> STARTS = List.of(
            new Start(BOB, "team-lunch", Map.of(), 1),
            new Start(BOB, "order-delivery", Map.of("customer", "Mia", "refusals", 1), 3),
            new Start(BOB, "expense-approval", expense(250, "a chair"), 2),
            new Start(BOB, "order-delivery", Map.of("customer", "Otto", "silence", 9), 3),
            new Start(ADA, "support-question", question("Mia", "Where is my parcel?", false), 2),
            new Start(BOB, "travel-request", Map.of("requester", "bob", "city", "Vienna", "cost", 400), 1),
            new Start(ADA, "data-processing", Map.of(), 1),
            new Start(ADA, "order-delivery", Map.of("customer", "Ida", "refusals", 9), 3),
            new Start(BOB, "guessing-game", Map.of(), 1),
            new Start(ADA, "support-question", question("Otto", "Why is it broken?", true), 2),
            new Start(BOB, "expense-approval", expense(40, "pens"), 2),
            new Start(ADA, "expense-approval", expense(1_900, "a party"), 2),
            new Start(ADA, "order-delivery", Map.of("customer", "Lea"), 3));

    /** What they answer. A time is long enough for a newcomer to be faster. */
    static final List<Reply> REPLIES = List.of(
            new Reply(ADA, "expense-approval", "approve", Duration.ofSeconds(15), DemoScript::decideExpense),
            new Reply(
                    BOB,
                    "expense-approval",
                    "formInput",
                    Duration.ofSeconds(15),
                    run -> Map.of("purpose", "the old one is broken")),
            new Reply(BOB, "travel-request", "choose", Duration.ofSeconds(8), run -> Map.of("choice", "plane")),
            new Reply(ADA, "travel-request", "approve", Duration.ofSeconds(10), run -> Map.of("decision", "approved")),
            new Reply(ADA, "order-delivery", "choose", Duration.ofSeconds(20), run -> Map.of("choice", "invoice")),
            // Bob leaves unhappy customers to Ada, who is asked after 20 seconds.
            new Reply(
                    BOB,
                    "support-question",
                    "formInput",
                    Duration.ofSeconds(12),
                    run -> isUnhappy(run)
                            ? Map.of()
                            : Map.of("reply", "It is on its way, and will be there tomorrow.")),
            new Reply(
                    ADA,
                    "support-question",
                    "formInput",
                    Duration.ofSeconds(30),
                    run -> Map.of("reply", "We are sorry. A new one is on its way.")));

    private DemoScript() {}

    /**
     * A start of a workflow.
     *
     * @param who the colleague who starts it
     * @param workflowId the workflow
     * @param input the input
     * @param most it is left out while so many executions of the workflow have not ended
     */
    record Start(Identity who, String workflowId, Map<String, Object> input, int most) {}

    /**
     * A reply to the questions of a node.
     *
     * @param who the colleague who answers
     * @param workflowId the workflow
     * @param node the name of the node
     * @param after how long the question was open before
     * @param answer makes the answer; empty to leave it to somebody else
     */
    record Reply(
            Identity who,
            String workflowId,
            String node,
            Duration after,
            Function<Execution, Map<String, Object>> answer) {}

    private static Map<String, Object> expense(int amount, String purpose) {
        return Map.of("employee", "bob", "amount", amount, "purpose", purpose);
    }

    private static Map<String, Object> question(String customer, String question, boolean unhappy) {
        return Map.of("customer", customer, "question", question, "unhappy", unhappy);
    }

    private static boolean isUnhappy(Execution run) {
        return run.state("$.unhappy").orElse(false).asBoolean();
    }

    private static Map<String, Object> decideExpense(Execution run) {
        if (run.state("$.amount").asInt() > 1_000) {
            return Map.of("decision", "rejected", "comment", "too much for this year");
        }
        return run.state("$.rounds").asInt() == 0
                ? Map.of("decision", "needsInfo", "comment", "what is it for?")
                : Map.of("decision", "approved");
    }
}
