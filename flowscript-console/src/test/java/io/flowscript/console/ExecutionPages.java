package io.flowscript.console;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.awaitility.Awaitility.await;

import io.flowscript.core.Identity;
import io.flowscript.core.interaction.AnswerOptions;
import io.flowscript.core.log.Retention;
import io.flowscript.core.runtime.Edge;
import io.flowscript.core.runtime.EngineClock;
import io.flowscript.core.runtime.ExecutionContext;
import io.flowscript.core.runtime.NamedNode;
import io.flowscript.core.runtime.Node;
import io.flowscript.core.runtime.PauseToken;
import io.flowscript.core.runtime.RetryPolicy;
import io.flowscript.core.workflow.WorkflowDefinition;
import io.flowscript.engine.Execution;
import io.flowscript.engine.FlowScript;
import io.flowscript.engine.FlowScriptBuilder;
import io.flowscript.events.delivery.FlowScriptBridge;
import io.flowscript.http.Authenticator;
import io.flowscript.json.Workflows;
import io.flowscript.ws.jetty.FlowScriptWebSocketServer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A server with the console, the workflows of the demo, and two more: one that counts, and one whose step fails at first. */
final class ExecutionPages implements AutoCloseable {

    private static final Path DEMO = Path.of("..", "flowscript-examples", "src", "main", "resources", "workflows");
    private static final AnswerOptions BY_ADA = AnswerOptions.by(Identity.of("ada"));

    final FlowScript flows;
    private final Map<String, Execution> runs = new ConcurrentHashMap<>();
    private final AtomicInteger deliveries = new AtomicInteger();
    private final FlowScriptBridge bridge;
    private final FlowScriptWebSocketServer server;

    /**
     * Starts the server.
     *
     * @param clock the time of the engine; null for the system's
     * @param retention what is kept of the events
     */
    ExecutionPages(@Nullable EngineClock clock, Retention retention) {
        FlowScriptBuilder builder = FlowScript.builder().retention(retention);
        if (clock != null) {
            builder.clock(clock);
        }
        nodes().forEach(builder::node);
        Stream.of("expense-approval", "guessing-game", "data-processing", "five-hundred-steps")
                .map(name -> Workflows.read(DEMO.resolve(name + ".json")))
                .forEach(builder::workflow);
        flows = builder.workflow(counting()).workflow(delivering()).build();
        bridge = FlowScriptBridge.builder(flows).build();
        // With a clock that stands still, the rate of requests has no next second.
        server = FlowScriptWebSocketServer.builder(bridge)
                .authenticator(Authenticator.development())
                .requestsPerSecond(clock == null ? 100 : 100_000)
                .console()
                .start();
    }

    private List<NamedNode> nodes() {
        return List.of(
                Node.named("bookExpense").edges("booked").run(ExecutionPages::book),
                Node.named("addToTotal").edges("success").run(ExecutionPages::add),
                Node.named("compareGuess").edges("right", "tooLow", "tooHigh").run(ExecutionPages::compare),
                Node.named("deliver")
                        .edges("delivered")
                        .retry(RetryPolicy.fixed(3, Duration.ofMillis(300)))
                        .run(this::deliver));
    }

    private static Edge book(ExecutionContext context) {
        context.state().set("receipt", "R-1");
        context.runtime().emit("expense:booked", Map.of("receipt", "R-1"));
        return Edge.of("booked");
    }

    private static Edge add(ExecutionContext context) {
        long amount = context.config().get("amount").asLong();
        context.state().set("total", context.state().get("total").orElse(0).asLong() + amount);
        return Edge.of("success");
    }

    private static Edge compare(ExecutionContext context) {
        int guess = context.state().get("guess.number").asInt();
        int secret = context.state().get("secret").asInt();
        context.state()
                .set("found", guess == secret)
                .set("hint", guess + " is " + (guess < secret ? "too low" : "not it"));
        return Edge.of(guess == secret ? "right" : guess < secret ? "tooLow" : "tooHigh");
    }

    private Edge deliver(ExecutionContext context) {
        if (deliveries.incrementAndGet() <= context.state().get("failures").asInt()) {
            throw new IllegalStateException("The carrier does not answer");
        }
        context.state().set("delivered", true);
        return Edge.of("delivered");
    }

    /** Eight events in each round. */
    private static WorkflowDefinition counting() {
        return WorkflowDefinition.of(Map.of(
                "id",
                "counting",
                "name",
                "Counting",
                "initialState",
                Map.of("n", 0, "rounds", 10),
                "nodes",
                List.of(List.of(
                        Map.of("whileCondition", Map.of("condition", "n < rounds")),
                        List.of(
                                Map.of("incrementCounter", Map.of("field", "n")),
                                Map.of("setData", Map.of("path", "$.last", "value", Map.of("n", "{{n}}"))))))));
    }

    private static WorkflowDefinition delivering() {
        return WorkflowDefinition.of(Map.of(
                "id",
                "delivering",
                "name",
                "Delivery",
                "initialState",
                Map.of("failures", 2, "order", "A-17"),
                "nodes",
                List.of("deliver", Map.of("log", Map.of("message", "delivered {{order}}")))));
    }

    /** Starts a workflow, and returns when it has ended or waits for people. */
    Execution start(String workflow, Map<String, Object> input, String id) {
        Execution run = flows.start(workflow, input, id);
        runs.put(id, run);
        return settled(run);
    }

    /** Answers the open question of an execution, and returns when it has ended or asks again. */
    Execution answer(String id, Map<String, Object> answer) {
        Execution run = runs.get(id);
        PauseToken token = run.interactions().get(0).token();
        flows.interactions().answer(token, answer, BY_ADA);
        await().atMost(10, SECONDS)
                .until(() -> run.interactions().stream()
                        .noneMatch(open -> open.token().equals(token)));
        return settled(run);
    }

    private static Execution settled(Execution run) {
        await().atMost(60, SECONDS)
                .until(() -> run.status().isEnded() || !run.interactions().isEmpty());
        return run;
    }

    String uri() {
        return server.uri().toString();
    }

    @Override
    public void close() {
        server.close();
        bridge.close();
        flows.close();
    }
}
