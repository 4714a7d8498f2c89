package io.flowscript.events.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import io.flowscript.core.Identity;
import io.flowscript.core.bridge.ClientChannel;
import io.flowscript.core.bridge.ClientInfo;
import io.flowscript.core.bridge.CloseCode;
import io.flowscript.core.bridge.EventBridge;
import io.flowscript.core.runtime.Edge;
import io.flowscript.core.runtime.FormValidator;
import io.flowscript.core.runtime.Node;
import io.flowscript.core.runtime.Question;
import io.flowscript.core.workflow.WorkflowDefinition;
import io.flowscript.engine.Execution;
import io.flowscript.engine.FlowScript;
import io.flowscript.events.inbox.Inbox;
import io.flowscript.events.inbox.InboxQuery;
import io.flowscript.events.memory.MemoryClient;
import io.flowscript.events.memory.MemoryTransport;
import io.flowscript.testsupport.Thrown;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Whatever code of the application throws while clients are served, the clients are served on. */
@Timeout(60)
class ForeignCodeTest {

    /** More than there are workers for the pumps and threads of the engine. */
    private static final int TIMES = 3 * (Runtime.getRuntime().availableProcessors() + 2);

    private static FlowScript engine(FormValidator forms) {
        return FlowScript.builder()
                .forms(forms)
                .node(Node.named("ask")
                        .ask(context -> Question.form(Map.of("type", "string")))
                        .answered((context, answer) -> Edge.of("done")))
                .workflow(WorkflowDefinition.of(Map.of("id", "ask", "nodes", List.of("ask"))))
                .build();
    }

    private static void servesOn(MemoryTransport transport) {
        MemoryClient client = transport.connect();
        client.await("connected");
        assertThat(client.awaitReply(client.ping())).containsEntry("type", "pong");
    }

    @ParameterizedTest
    @EnumSource
    void anAccessPolicy(Thrown thrown) {
        AtomicBoolean broken = new AtomicBoolean(true);
        try (FlowScript flows = engine(schema -> answer -> List.of());
                EventBridge bridge = FlowScriptBridge.builder(flows)
                        .accessPolicy((who, action, workflowId, executionId) -> broken.get() ? thrown.fling() : true)
                        .build();
                MemoryTransport transport = MemoryTransport.on(bridge)) {
            for (int i = 0; i < TIMES; i++) {
                MemoryClient client = transport.connect(Identity.of("client" + i));
                assertThat(client.awaitReply(client.execute("ask", Map.of()))).containsEntry("type", "error");
                client.awaitReply(client.subscribe(Map.of("all", true)));
            }
            flows.start("ask", Map.of());
            broken.set(false);
            servesOn(transport);
        }
    }

    @ParameterizedTest
    @EnumSource
    void aFormValidator(Thrown thrown) {
        AtomicBoolean broken = new AtomicBoolean(true);
        try (FlowScript flows = engine(schema -> answer -> broken.get() ? thrown.fling() : List.of());
                EventBridge bridge = FlowScriptBridge.builder(flows).build();
                MemoryTransport transport = MemoryTransport.on(bridge)) {
            Execution asking = flows.start("ask", Map.of());
            MemoryClient watching = transport.connect();
            watching.subscribe(asking.id());
            watching.await("human_interaction_required");
            String nodeId = asking.interactions().get(0).token().nodeId();
            for (int i = 0; i < TIMES; i++) {
                MemoryClient client = transport.connect();
                assertThat(client.awaitReply(client.resume(asking.id(), nodeId, "yes")))
                        .containsEntry("type", "resume_error");
            }
            broken.set(false);
            servesOn(transport);
            watching.resume(asking.id(), nodeId, "yes");
            watching.await("workflow_completed");
        }
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("a listener of the inbox hears what comes after its failure, and so does one of unseen interactions")
    void listenersOfTheInbox(Thrown thrown) {
        AtomicInteger heard = new AtomicInteger();
        try (FlowScript flows = engine(schema -> answer -> List.of());
                Inbox inbox = Inbox.of(flows)) {
            inbox.subscribe(InboxQuery.OPEN, change -> {
                heard.incrementAndGet();
                thrown.fling();
            });
            inbox.onUnseen(InboxQuery.OPEN, Duration.ofMillis(1), interaction -> {
                heard.incrementAndGet();
                thrown.fling();
            });
            for (int i = 0; i < TIMES; i++) {
                flows.start("ask", Map.of());
            }
            Awaitility.await().until(() -> heard.get() == 2 * TIMES);
        }
    }

    @ParameterizedTest
    @EnumSource
    void theChannelOfATransport(Thrown thrown) {
        AtomicInteger closed = new AtomicInteger();
        try (FlowScript flows = engine(schema -> answer -> List.of());
                EventBridge bridge = FlowScriptBridge.builder(flows).build();
                MemoryTransport transport = MemoryTransport.on(bridge)) {
            for (int i = 0; i < TIMES; i++) {
                bridge.connect(
                        new ClientChannel() {
                            @Override
                            public void send(List<ByteBuffer> frames, SendCallback done) {
                                thrown.fling();
                            }

                            @Override
                            public void close(int code, String reason) {
                                assertThat(code).isEqualTo(CloseCode.OVERLOADED);
                                closed.incrementAndGet();
                                thrown.fling();
                            }
                        },
                        new ClientInfo(Identity.ANONYMOUS, ClientInfo.Framing.LINES));
            }
            Awaitility.await().until(() -> closed.get() == TIMES);
            servesOn(transport);
        }
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("an encoder leaves a hole that is told, and the client goes on")
    void theEncoder(Thrown thrown) {
        try (Fixture fixture = Fixture.with()
                .encoder(encoder -> event -> event.seq() == 4 ? thrown.fling() : encoder.apply(event))
                .build()) {
            MemoryClient client = fixture.connect();
            client.subscribe("run");
            fixture.runBurst("run", 3);

            assertThat(client.received())
                    .filteredOn(message -> "events_missed".equals(message.get("type")))
                    .hasSize(1)
                    .allSatisfy(missed -> assertThat(MemoryClient.data(missed))
                            .containsEntry("from", 4)
                            .containsEntry("to", 4));
            assertThat(client.events("run")).hasSize(6);
        }
    }
}
