package io.flowscript.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.flowscript.core.Identity;
import io.flowscript.core.bridge.EventBridge;
import io.flowscript.core.json.Value;
import io.flowscript.core.log.Position;
import io.flowscript.core.snapshot.ExecutionStatus;
import io.flowscript.core.testing.ManualClock;
import io.flowscript.core.testing.ManualExecutor;
import io.flowscript.engine.Execution;
import io.flowscript.engine.FlowScript;
import io.flowscript.events.delivery.FlowScriptBridge;
import io.flowscript.events.memory.MemoryClient;
import io.flowscript.events.memory.MemoryTransport;
import io.flowscript.examples.server.ExampleNodes;
import io.flowscript.examples.server.ExampleWorkflows;
import io.flowscript.testkit.EventGrammar;
import io.flowscript.testkit.protocol.CheckedBridge;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * How an application tests itself: its own workflow and nodes, clients without a network, a manual clock and a manual executor. Nothing
 * here waits; two days pass at once.
 */
class ExpenseApplicationTest {

    private final ManualClock clock = new ManualClock();
    private final ManualExecutor executor = new ManualExecutor();
    private FlowScript flows;
    private EventBridge bridge;
    private MemoryTransport transport;

    @BeforeEach
    void start() {
        flows = ExampleNodes.addTo(
                        FlowScript.builder().clock(clock).executor(executor).engineExecutor(executor))
                .workflow(ExampleWorkflows.read("expense-approval"))
                .build();
        bridge = CheckedBridge.of(FlowScriptBridge.builder(flows).build());
        transport = MemoryTransport.on(bridge);
    }

    @AfterEach
    void end() {
        transport.close();
        bridge.close();
        flows.close();
    }

    @Test
    void aSmallExpenseIsApprovedByRule() {
        Execution run = expense(80);

        assertThat(run.status()).isEqualTo(ExecutionStatus.COMPLETED);
        assertThat(run.state("decision").asString()).isEqualTo("approved by rule");
        assertThat(run.interactions()).isEmpty();
    }

    @Test
    void aLargeOneIsShownToAPersonWithWhatItIsAbout() {
        MemoryClient manager = transport.connect(Identity.of("grace", "managers"));
        Execution run = expense(250);
        manager.subscribe(run.id());
        executor.runAll();

        Value asked = question(manager);
        assertThat(asked.get("nodeInfo.contextData.amount").asInt()).isEqualTo(250);
        assertThat(asked.get("nodeInfo.uiHints.title").asString()).isEqualTo("Ada asks for 250");

        manager.resume(run.id(), asked.get("nodeId").asString(), Map.of("decision", "approved"));
        executor.runAll();

        assertThat(run.status()).isEqualTo(ExecutionStatus.COMPLETED);
        assertThat(run.state("approved").asBoolean()).isTrue();
        assertThat(types(manager, run)).contains("human_interaction_received", "workflow_event", "workflow_completed");
        EventGrammar.check(run.events().read(Position.START, 1_000));
    }

    @Test
    void itGoesBackForMoreInformationAndIsAskedAgain() {
        MemoryClient manager = transport.connect();
        Execution run = expense(250);
        manager.subscribe(run.id());
        executor.runAll();

        answer(manager, run, Map.of("decision", "needsInfo"));
        answer(manager, run, Map.of("purpose", "a train to Zürich"));
        assertThat(run.state("rounds").asInt()).isEqualTo(1);
        assertThat(question(manager)
                        .get("nodeInfo.contextData.moreInformation.purpose")
                        .asString())
                .isEqualTo("a train to Zürich");
        answer(manager, run, Map.of("decision", "rejected"));

        assertThat(run.status()).isEqualTo(ExecutionStatus.COMPLETED);
        assertThat(run.state("decision").asString()).isEqualTo("rejected by a person");
    }

    @Test
    void aWrongAnswerIsRefusedAndTheQuestionStaysOpen() {
        MemoryClient manager = transport.connect();
        Execution run = expense(250);
        manager.subscribe(run.id());
        executor.runAll();

        answer(manager, run, Map.of("decision", "perhaps"));

        Value refused = Value.of(manager.await("resume_error"));
        assertThat(refused.get("data.code").asString()).isEqualTo("validation_failed");
        assertThat(refused.get("data.violations[0].path").asString()).isEqualTo("$.decision");
        assertThat(run.status()).isEqualTo(ExecutionStatus.PAUSED);
    }

    @Test
    void nobodyDecidesWithinTwoDays() {
        Execution run = expense(250);
        clock.advance(Duration.ofDays(2).minusMillis(1));
        executor.runAll();
        assertThat(run.status()).isEqualTo(ExecutionStatus.PAUSED);

        clock.advance(Duration.ofMillis(1));
        executor.runAll();

        assertThat(run.status()).isEqualTo(ExecutionStatus.COMPLETED);
        assertThat(run.state("decision").asString()).isEqualTo("nobody decided within two days");
    }

    @Test
    void anExpenseWithoutAnAmountIsRefusedBeforeAnybodyIsAsked() {
        Execution run = expense(0);

        assertThat(run.state("decision").asString()).startsWith("refused");
        assertThat(run.state("approved").asBoolean()).isFalse();
    }

    @Test
    void aManagerWhoComesBackSeesTheRestAndNothingTwice() {
        MemoryClient manager =
                transport.connect(Identity.of("grace"), io.flowscript.core.bridge.ClientInfo.Framing.LINES);
        Execution run = expense(250);
        manager.subscribe(run.id());
        executor.runAll();
        Value asked = question(manager);
        manager.disconnect();
        executor.runAll();

        flows.interactions()
                .answer(
                        run.interactions().get(0).token(),
                        Map.of("decision", "approved"),
                        io.flowscript.core.interaction.AnswerOptions.NONE);
        executor.runAll();
        manager.reconnect();
        executor.runAll();

        assertThat(asked.get("nodeId").asString()).isEqualTo("approve-3");
        assertThat(manager.events(run.id()).stream()
                        .map(message -> Value.of(message).get("seq").asLong()))
                .containsExactlyElementsOf(
                        java.util.stream.LongStream.rangeClosed(1, run.events().latest())
                                .boxed()
                                .toList());
    }

    private Execution expense(int amount) {
        Execution run = flows.start("expense-approval", Map.of("employee", "Ada", "amount", amount));
        executor.runAll();
        return run;
    }

    private void answer(MemoryClient by, Execution run, Object answer) {
        by.resume(run.id(), question(by).get("nodeId").asString(), answer);
        executor.runAll();
    }

    /** The newest interaction that this client was shown. */
    private static Value question(MemoryClient client) {
        List<Value> asked = client.received().stream()
                .map(Value::of)
                .filter(message -> message.get("type").asString().equals("human_interaction_required"))
                .toList();
        assertThat(asked).isNotEmpty();
        return asked.get(asked.size() - 1).get("data");
    }

    private static List<String> types(MemoryClient client, Execution run) {
        return client.events(run.id()).stream()
                .map(message -> Value.of(message).get("type").asString())
                .toList();
    }
}
