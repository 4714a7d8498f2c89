package io.flowscript.events.delivery;

import static io.flowscript.events.delivery.Messages.ofType;
import static io.flowscript.events.delivery.Messages.types;
import static org.assertj.core.api.Assertions.assertThat;

import io.flowscript.core.Identity;
import io.flowscript.core.bridge.AccessPolicy;
import io.flowscript.core.bridge.AccessPolicy.Action;
import io.flowscript.core.bridge.ClientInfo.Framing;
import io.flowscript.core.interaction.Interaction;
import io.flowscript.core.log.Position;
import io.flowscript.events.inbox.Inbox;
import io.flowscript.events.inbox.InboxQuery;
import io.flowscript.events.memory.MemoryClient;
import io.flowscript.events.memory.MemoryTransport;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("A client says what it has seen")
final class AckTest {

    private Fixture fixture = new Fixture();

    @AfterEach
    void close() {
        fixture.close();
    }

    @Test
    void whoAcknowledgesTheQuestionHasSeenIt() {
        MemoryClient ann = fixture.connect("ann", Framing.LINES);
        MemoryClient bob = fixture.connect("bob", Framing.LINES);
        ann.subscribe("run");
        ask("run");
        assertThat(interaction(bob, Map.of("unseen", true)))
                .containsEntry("seenBy", List.of())
                .containsEntry("askedSeq", 4);

        ann.ack("run");
        fixture.run();
        assertThat(interaction(bob, Map.of())).containsEntry("seenBy", List.of("ann"));
        assertThat(interactions(bob, Map.of("unseen", true, "count", true))).containsEntry("total", 0);
        assertThat(types(ann))
                .as("there is no reply")
                .doesNotContain("error", "ack")
                .endsWith("human_interaction_required");
    }

    @Test
    @DisplayName("Who follows the inbox is told when somebody sees an interaction")
    void itIsToldLive() {
        MemoryClient all = fixture.connect("all", Framing.LINES);
        MemoryClient unseen = fixture.connect("unseen", Framing.LINES);
        interactions(all, Map.of("live", true));
        interactions(unseen, Map.of("live", true, "unseen", true));
        ask("run");
        MemoryClient ann = fixture.connect("ann", Framing.LINES);
        all.clear();
        unseen.clear();
        ann.ack("run", Position.after(3));
        fixture.run();
        assertThat(types(all)).isEmpty();
        ann.ack("run", Position.after(4));
        fixture.run();
        ann.ack("run", Position.after(4));
        fixture.run();

        assertThat(types(all)).containsExactly("interaction_changed");
        assertThat(MemoryClient.data(all.received().get(0)))
                .extractingByKey("interaction")
                .asString()
                .contains("seenBy=[ann]");
        assertThat(types(unseen)).containsExactly("interaction_gone");
    }

    @Test
    @DisplayName(
            "F30: what one may not see one cannot have seen, be it the execution or the interaction, and nothing is told of it")
    void whoMayNotSeeHasNotSeen() {
        fixture.close();
        fixture = Fixture.with()
                .policy(new AccessPolicy() {
                    @Override
                    public boolean permits(
                            Identity who, Action action, @Nullable String workflowId, @Nullable String executionId) {
                        return !who.name().equals("stranger");
                    }

                    @Override
                    public boolean permits(Identity who, Action action, Interaction interaction) {
                        return !who.name().equals("watcher");
                    }
                })
                .build();
        ask("run");
        MemoryClient ann = fixture.connect("ann", Framing.LINES);
        for (String name : List.of("stranger", "watcher")) {
            MemoryClient client = fixture.connect(name, Framing.LINES);
            client.ack("run", Position.after(99));
            client.ack("none", Position.after(99));
            fixture.run();
            assertThat(types(client)).containsExactly("connected");
        }
        assertThat(interaction(ann, Map.of())).containsEntry("seenBy", List.of());
        ann.ack("run", Position.after(99));
        assertThat(interaction(ann, Map.of())).containsEntry("seenBy", List.of("ann"));
    }

    @Test
    void anotherEpochCountsForNothing() {
        ask("run");
        MemoryClient ann = fixture.connect("ann", Framing.LINES);
        ann.ack("run", Position.after("another", 99));
        assertThat(interaction(ann, Map.of())).containsEntry("seenBy", List.of());
    }

    @Test
    @DisplayName("The application knows it too, where the bridge has its inbox")
    void theApplicationsInboxKnowsIt() {
        try (Inbox inbox = Inbox.of(fixture.flows);
                FlowScriptBridge bridge =
                        FlowScriptBridge.builder(fixture.flows).inbox(inbox).build()) {
            Interaction asked = ask("run");
            MemoryClient ann = MemoryTransport.on(bridge).connect(Identity.of("ann"), Framing.LINES);
            ann.ack("run", Position.after(asked.seq()));
            fixture.run();
            assertThat(inbox.seenBy(asked.token())).containsExactly("ann");
            assertThat(inbox.count(InboxQuery.OPEN.unseen()).value()).isZero();
        }
    }

    @Test
    void aWrongOneIsRefused() {
        MemoryClient ann = fixture.connect("ann", Framing.LINES);
        ann.send(Map.of("type", "ack", "id", "a", "data", Map.of("executionId", "run")));
        fixture.run();
        assertThat(ofType(ann, "error")).hasSize(1);
        assertThat(MemoryClient.data(ann.awaitReply("a"))).containsEntry("code", "invalid_message");
    }

    private Interaction ask(String id) {
        fixture.flows.start("ask", Map.of(), id);
        fixture.run();
        return fixture.flows.executions().find(id).orElseThrow().interactions().get(0);
    }

    private Map<String, Object> interactions(MemoryClient client, Map<String, Object> query) {
        String request = client.interactions(query);
        fixture.run();
        return MemoryClient.data(client.awaitReply(request));
    }

    @SuppressWarnings("unchecked") // as the protocol has it
    private Map<String, Object> interaction(MemoryClient client, Map<String, Object> query) {
        List<Map<String, Object>> found =
                (List<Map<String, Object>>) interactions(client, query).get("interactions");
        assertThat(found).hasSize(1);
        return found.get(0);
    }
}
