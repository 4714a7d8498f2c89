package io.flowscript.engine;

import static io.flowscript.engine.TestEngine.events;
import static io.flowscript.engine.TestEngine.story;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flowscript.core.FlowScriptException;
import io.flowscript.core.event.WorkflowEvent;
import io.flowscript.core.json.SecretPaths;
import io.flowscript.core.runtime.Edge;
import io.flowscript.core.runtime.ExecutionContext;
import io.flowscript.core.runtime.Node;
import io.flowscript.core.runtime.Question;
import io.flowscript.core.snapshot.ExecutionSnapshot;
import io.flowscript.core.snapshot.ExecutionStatus;
import io.flowscript.core.store.Durability;
import io.flowscript.core.store.StoredExecution;
import io.flowscript.core.testing.ManualClock;
import io.flowscript.core.testing.MemoryStore;
import io.flowscript.core.workflow.InvalidWorkflowException;
import io.flowscript.core.workflow.WorkflowDefinition;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What of the secret parts of a state is told: nothing, wherever the engine knows them. */
@Timeout(60)
class SecretsTest {

    private static final String CARD = "4111-1111";

    private static WorkflowDefinition secret(Object... nodes) {
        return WorkflowDefinition.of(Map.of(
                "id", "w", "secrets", List.of("$.card", "$.customer.pin", "$.cvv"), "nodes", Arrays.asList(nodes)));
    }

    private final List<TestEngine> engines = new ArrayList<>();

    @AfterEach
    void close() {
        engines.forEach(TestEngine::close);
    }

    private Execution run(WorkflowDefinition workflow, Map<String, ?> input, Map<String, Node> nodes) {
        TestEngine engine = TestEngine.of(workflow, builder -> nodes.forEach(builder::node));
        engines.add(engine);
        return engine.start(input);
    }

    private Execution run(Node node, Map<String, ?> input) {
        return run(secret("node"), input, Map.of("node", node));
    }

    private static void assertHidden(Execution execution, String... values) {
        assertThat(events(execution))
                .allSatisfy(event -> assertThat(event.toString()).doesNotContain(values));
    }

    @Test
    @DisplayName("Changes of the state are told without secrets, also of what is around them; nodes see all")
    void changes() {
        Execution execution = run(
                context -> {
                    context.state()
                            .set("card", CARD)
                            .set("customer", Map.of("pin", 1234))
                            .set("customer.pin", 5678)
                            .set("customer.name", "Ada")
                            .set("note", "paid");
                    assertThat(context.state().get("card").asString()).isEqualTo(CARD);
                    return Edge.of("done");
                },
                Map.of());
        assertThat(story(execution))
                .contains(
                        "state $.card = [secret]",
                        "state $.customer = {pin=[secret]}",
                        "state $.customer.pin = [secret]",
                        "state $.customer.name = Ada",
                        "state $.note = paid");
        assertThat(execution.state("card").asString()).isEqualTo(CARD);
        assertThat(execution.result().getNow(null).get("customer.pin").asInt()).isEqualTo(5678);
    }

    @Test
    @DisplayName("The state at the beginning is told without secrets, and the execution has them")
    void atTheBeginning() {
        Execution execution = run(
                context -> {
                    assertThat(context.state().get("card").asString()).isEqualTo(CARD);
                    return Edge.of("done");
                },
                Map.of("amount", 250, "card", CARD, "customer", Map.of("name", "Ada", "pin", 1234)));
        WorkflowEvent.Started started =
                (WorkflowEvent.Started) events(execution).get(0).event();
        assertThat(started.state())
                .isEqualTo(Map.of(
                        "amount", 250, "card", "[secret]", "customer", Map.of("name", "Ada", "pin", "[secret]")));
        assertThat(execution.status()).isEqualTo(ExecutionStatus.COMPLETED);
        assertHidden(execution, CARD);
    }

    @Test
    @DisplayName("The state at the end is told without secrets, and the result has them")
    void atTheEnd() {
        Map<String, Object> input = new LinkedHashMap<>();
        input.put("amount", 250);
        input.put("card", CARD);
        input.put("cvv", null);
        Execution execution = run(context -> Edge.of("done"), input);
        assertThat(events(execution).get(events(execution).size() - 1).event().toString())
                .contains("{amount=250, card=[secret], cvv=null}");
        assertThat(execution.result().getNow(null).state()).containsEntry("card", CARD);
        assertHidden(execution, CARD);
    }

    @Test
    @DisplayName("The data of an edge is told without values that are secret in the state before or after the step")
    void dataOfEdges() {
        Execution execution = run(
                context -> {
                    context.state().remove("card").set("cvv", 737);
                    Map<String, Object> data = new LinkedHashMap<>();
                    data.put("card", CARD);
                    data.put("text", "card " + CARD + " cvv 737, but 7370");
                    data.put("list", List.of(737, "737", 73, true));
                    data.put("amount", 250);
                    return Edge.of("done", data);
                },
                Map.of("card", CARD));
        assertThat(story(execution))
                .contains("completed node-1 done {card=[secret], text=card [secret] cvv [secret], but 7370,"
                        + " list=[[secret], [secret], 73, true], amount=250}");
    }

    @Test
    @DisplayName("What a stateKey writes to a secret path is told neither as a change nor as the data of the edge")
    void stateKeys() {
        WorkflowDefinition workflow = secret(Map.of("node", Map.of(), "stateKey", "card"), "next");
        Execution execution = run(
                workflow,
                Map.of(),
                Map.of(
                        "node",
                        context -> Edge.of("done", Map.of("number", CARD)),
                        "next",
                        context -> Edge.of(
                                "done",
                                "saw " + context.previous().get("number").asString())));
        assertThat(story(execution))
                .contains(
                        "state $.card = [secret]",
                        "completed node-1 done {number=[secret]}",
                        "completed next-2 done saw [secret]");
    }

    @Test
    @DisplayName("What a loop merges into the state is told without secrets")
    void loops() {
        WorkflowDefinition workflow = secret(List.of("each", List.of("node")));
        Execution execution = run(
                workflow,
                Map.of(),
                Map.of(
                        "each",
                        context -> context.memo().isMissing()
                                ? Edge.of(Edge.NEXT_ITERATION, Map.of("card", CARD))
                                        .keeping(1)
                                : Edge.exitLoop(),
                        "node",
                        context -> Edge.of("done")));
        assertThat(story(execution))
                .contains("state $.card = [secret]", "completed each-1 next_iteration {card=[secret]}");
    }

    @Test
    @DisplayName("An answer is not told, since nobody can know yet where it goes")
    void answers() {
        WorkflowDefinition workflow = secret("ask");
        Node ask = context -> context.answer() == null
                ? Question.open().ask()
                : Edge.of("done", context.answer().data().raw());
        try (TestEngine engine = TestEngine.of(workflow, builder -> builder.node("ask", ask))) {
            Execution execution = engine.start();
            engine.answer(execution, Map.of("card", CARD));
            assertThat(story(execution)).contains("resumed ask-1 [secret]");
        }
    }

    @Test
    @DisplayName("An event of a node is told without secrets, also of those that the node has just written")
    void customEvents() {
        Execution execution = run(
                context -> {
                    context.runtime().emit("app:a", Map.of("card", CARD, "amount", 250));
                    context.state().set("card", "5500-2222");
                    context.runtime().emit("app:b", "from " + CARD + " to 5500-2222");
                    return Edge.of("done");
                },
                Map.of("card", CARD));
        assertThat(story(execution)).contains("app:b from [secret] to [secret]");
        assertHidden(execution, CARD, "5500-2222");
    }

    @Test
    @DisplayName(
            "The text of a failure has no secret in it: in events, in the result, in what flows get, and in the log")
    void failures() {
        WorkflowDefinition workflow = secret(List.of("node", Map.of("error", "next")));
        Logger logger = Logger.getLogger(FlowScript.class.getName());
        Level before = logger.getLevel();
        logger.setLevel(Level.ALL);
        try (TestEngine engine = TestEngine.of(
                workflow,
                builder -> builder.node("node", context -> {
                            context.state().set("cvv", 737);
                            throw new IllegalStateException(
                                    "card " + CARD + "\n cvv 737", new IllegalArgumentException("cause " + CARD));
                        })
                        .node("next", SecretsTest::refuse))) {
            Execution execution = engine.start(Map.of("card", CARD));
            assertHidden(execution, CARD, "737");
            assertThat(story(execution)).contains("executing next-2", "FAILED node_failed");
            assertThat(execution.result().getNow(null).error()).contains("refused: card [secret]  cvv [secret]");
            assertThat(engine.logged.records())
                    .isNotEmpty()
                    .allSatisfy(line -> assertThat(inFull(line)).doesNotContain(CARD, "cvv 737"))
                    .anySatisfy(line -> assertThat(inFull(line))
                            .contains(
                                    "IllegalStateException: card [secret]",
                                    "IllegalArgumentException: cause [secret]",
                                    "SecretsTest.java"));
        } finally {
            logger.setLevel(before);
        }
    }

    private static Edge refuse(ExecutionContext context) {
        throw new IllegalStateException(
                "refused: " + context.previous().get("error").asString());
    }

    private static String inFull(LogRecord line) {
        StringWriter out = new StringWriter();
        out.append(line.getMessage()).append(Arrays.toString(line.getParameters()));
        if (line.getThrown() != null) {
            line.getThrown().printStackTrace(new PrintWriter(out, true));
        }
        return out.toString();
    }

    @Test
    @DisplayName("A secret is masked before a long text is cut")
    void longFailures() {
        Execution execution = run(
                context -> {
                    throw new IllegalStateException("x".repeat(995) + CARD);
                },
                Map.of("card", CARD));
        assertHidden(execution, "4111");
    }

    @Test
    @DisplayName(
            "The data of an edge that no flow takes is told without secrets, and so is that of an attempt to repeat")
    void unhandledEdges() {
        Map<String, Object> retry = Map.of("attempts", 2, "delay", "PT1S");
        Execution execution = run(
                secret(Map.of("node", Map.of(), "retry", retry)),
                Map.of("card", CARD),
                Map.of("node", context -> Edge.of("error", Map.of("error", "bad " + CARD, "code", "c-" + CARD))));
        engines.get(0).advance(Duration.ofHours(1));
        assertThat(execution.result().getNow(null).error()).endsWith("bad [secret]");
        assertThat(execution.result().getNow(null).cause().code()).isEqualTo("c-[secret]");
        assertHidden(execution, CARD);
    }

    @Test
    @DisplayName("With too many secret values to compare with, all data is masked")
    void tooMany() {
        Map<String, Object> many = new LinkedHashMap<>();
        for (int i = 0; i < 2_000; i++) {
            many.put("k" + i, "value-" + i);
        }
        Execution execution = run(context -> Edge.of("done", Map.of("any", "thing", "n", 1)), Map.of("card", many));
        assertThat(story(execution)).anyMatch(line -> line.startsWith("completed node-1 done {[secret]=[secret]"));
    }

    @Test
    @DisplayName("A node can mask a value itself, for its own log")
    void masked() {
        run(
                context -> {
                    assertThat(context.masked("of " + CARD)).isEqualTo("of [secret]");
                    assertThat(context.masked(null)).isNull();
                    assertThat(context.masked(Map.of("a", List.of(CARD)))).isEqualTo(Map.of("a", List.of("[secret]")));
                    assertThat(context.masked(7)).isEqualTo(7);
                    return Edge.of("done");
                },
                Map.of("card", CARD));
    }

    @Test
    @DisplayName("Without secrets everything is told, and the snapshot says all")
    void nothingIsSecret() {
        Execution execution = run(
                TestEngine.workflow("node"), Map.of("card", CARD), Map.of("node", context -> Edge.of("done", CARD)));
        assertThat(story(execution)).contains("completed node-1 done " + CARD);
        assertThat(execution.snapshot().toString()).contains(CARD);
        assertThat(execution.snapshot().secrets()).isSameAs(SecretPaths.NONE);
    }

    @Test
    @DisplayName("No secret is in what a snapshot, its parts, a result or a stored execution says of itself")
    void texts() {
        MemoryStore store = new MemoryStore();
        WorkflowDefinition workflow = secret("node", "ask");
        try (TestEngine engine = TestEngine.of(
                workflow,
                builder -> builder.store(store)
                        .node("node", context -> {
                            context.state().set("card", CARD);
                            return Edge.of("done", CARD);
                        })
                        .node("ask", context -> {
                            context.state().set("cvv", CARD);
                            return Question.open().ask(CARD);
                        }))) {
            Execution execution = engine.start();
            ExecutionSnapshot snapshot = execution.snapshot();
            StoredExecution stored = store.find(execution.id(), 100).orElseThrow();
            assertThat(snapshot.visit().writes()).hasSize(1);
            assertThat(List.of(snapshot, stored, snapshot.visit().writes(), execution, snapshot.secrets()))
                    .allSatisfy(each -> assertThat(each.toString()).doesNotContain(CARD));
            assertThat(snapshot.toString()).contains(execution.id(), "PAUSED", "$.card");
            execution.cancel(null, null);
            engine.executor.runAll();
            assertThat(execution.result().getNow(null).toString())
                    .contains("CANCELLED", "card")
                    .doesNotContain(CARD);
        }
    }

    @Test
    @DisplayName("A store that cannot keep secrets refuses the workflow with no_cipher, unless it is not stored")
    void storesWithoutACipher() {
        ManualClock clock = new ManualClock();
        HeldStore store = new HeldStore();
        FlowScriptBuilder builder = FlowScript.builder()
                .clock(clock)
                .store(store)
                .node("node", context -> Edge.of("done"))
                .workflow(secret("node"));
        assertThatThrownBy(builder::build).isInstanceOfSatisfying(InvalidWorkflowException.class, e -> {
            assertThat(e.problems()).hasSize(1);
            assertThat(e.problems().get(0).code()).isEqualTo("no_cipher");
            assertThat(e.problems().get(0).pointer()).isEqualTo("/secrets");
        });
        try (FlowScript flows = FlowScript.builder()
                .clock(clock)
                .store(new HeldStore())
                .durability("w", Durability.OFF)
                .node("node", context -> Edge.of("done"))
                .build()) {
            flows.register(secret("node"));
            flows.register(TestEngine.workflow("node"));
        }
        try (FlowScript flows = FlowScript.builder()
                .clock(clock)
                .store(new HeldStore())
                .node("node", context -> Edge.of("done"))
                .build()) {
            assertThatThrownBy(() -> flows.register(secret("node"))).hasMessageContaining("no cipher");
        }
    }

    @Test
    @DisplayName("A snapshot that has lost which paths are secret is not restored")
    void restoring() {
        WorkflowDefinition workflow = secret("ask");
        try (TestEngine engine = TestEngine.of(
                workflow,
                builder -> builder.node("ask", context -> Question.open().ask()))) {
            ExecutionSnapshot snapshot = engine.start(Map.of("card", CARD)).snapshot();
            ExecutionSnapshot other = snapshot.toBuilder().executionId("other").build();
            assertThat(engine.flows.restore(other).snapshot().secrets()).isEqualTo(workflow.secrets());
            ExecutionSnapshot without = snapshot.toBuilder()
                    .executionId("third")
                    .secrets(SecretPaths.NONE)
                    .build();
            assertThatThrownBy(() -> engine.flows.restore(without))
                    .isInstanceOfSatisfying(
                            FlowScriptException.class, e -> assertThat(e.code()).isEqualTo("invalid_snapshot"));
        }
    }
}
