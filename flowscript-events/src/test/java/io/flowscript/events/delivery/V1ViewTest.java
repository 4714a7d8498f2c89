package io.flowscript.events.delivery;

import static io.flowscript.events.delivery.Messages.data;
import static io.flowscript.events.delivery.Messages.ofType;
import static io.flowscript.events.delivery.Messages.types;
import static org.assertj.core.api.Assertions.assertThat;

import io.flowscript.core.bridge.ClientInfo.Framing;
import io.flowscript.core.interaction.AnswerOptions;
import io.flowscript.core.log.Position;
import io.flowscript.events.memory.MemoryClient;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
@DisplayName("What a client of the first protocol version sees (protocol, section 3)")
class V1ViewTest {

    private final Fixture fixture = new Fixture();

    @AfterEach
    void close() {
        fixture.close();
    }

    @Test
    void noStateUpdated() {
        MemoryClient v1 = fixture.connect(Framing.SINGLE);
        MemoryClient v1WithPosition = fixture.connect(Framing.SINGLE);
        MemoryClient v2 = fixture.connect(Framing.LINES);
        v1.subscribe("run");
        v1WithPosition.subscribe("run", Position.START);
        v2.subscribe("run");

        fixture.flows.start("write", Map.of(), "run");
        fixture.run();

        assertThat(types(v1.events("run")))
                .containsExactly("workflow_started", "node_started", "node_completed", "workflow_completed");
        assertThat(types(v1WithPosition.events("run")))
                .contains("state_updated")
                .hasSize(5);
        assertThat(types(v2.events("run"))).isEqualTo(types(v1WithPosition.events("run")));
    }

    @Test
    void cancelledLooksLikeFailed() {
        MemoryClient v1 = fixture.connect(Framing.SINGLE);
        MemoryClient v2 = fixture.connect(Framing.LINES);
        v1.subscribe("run");
        v2.subscribe("run");
        Live live = fixture.startLive("run");

        live.execution().cancel("changed our minds", null);
        fixture.run();

        assertThat(types(v2)).endsWith("workflow_cancelled");
        assertThat(types(v1)).endsWith("workflow_failed").doesNotContain("workflow_cancelled");
        assertThat(data(v1, "workflow_failed"))
                .containsEntry("code", "cancelled")
                .containsEntry("error", "changed our minds");
        assertThat(v1.events("run").get(v1.events("run").size() - 1).get("seq"))
                .isEqualTo(v2.events("run").get(v2.events("run").size() - 1).get("seq"));
    }

    @Test
    @DisplayName("Who comes back is not asked again what is answered, but what is open")
    void closedQuestionsAreNotShownAgain() {
        fixture.flows.start("ask-twice", Map.of(), "run");
        fixture.run();
        MemoryClient v1 = fixture.connect(Framing.SINGLE);
        v1.subscribe("run");
        fixture.run();
        String first = (String) data(v1, "human_interaction_required").get("nodeId");
        v1.resume("run", first, 1);
        fixture.run();
        v1.disconnect();
        v1.clear();

        v1.reconnect();
        fixture.run();

        assertThat(ofType(v1, "human_interaction_required")).hasSize(1);
        assertThat(data(v1, "human_interaction_required").get("nodeId")).isNotEqualTo(first);
        assertThat(types(v1)).contains("workflow_started").doesNotContain("human_interaction_received");
    }

    @Test
    @DisplayName("Who comes back is not notified again of what has become of an interaction")
    void whatBecameOfAQuestionIsNotToldAgain() {
        MemoryClient v1 = fixture.connect(Framing.SINGLE);
        v1.subscribe("run");
        fixture.flows.start("ask-for-30-days", Map.of(), "run");
        fixture.run();
        fixture.clock.advance(Duration.ofDays(30));
        fixture.run();
        assertThat(types(v1)).contains("human_interaction_timeout");
        v1.disconnect();
        v1.clear();

        v1.reconnect();
        fixture.run();

        assertThat(types(v1))
                .contains("workflow_paused", "workflow_resumed", "workflow_completed")
                .noneMatch(type -> type.startsWith("human_interaction"));
    }

    @Test
    @DisplayName("Two executions of a workflow have no nodeId in common, and each is answered by its own")
    void theIdOfAVisitIsUniqueAmongAllExecutions() {
        MemoryClient v1 = fixture.connect(Framing.SINGLE);
        v1.subscribe("one");
        v1.subscribe("two");
        fixture.flows.start("ask", Map.of(), "one");
        fixture.flows.start("ask", Map.of(), "two");
        fixture.run();

        List<String> nodes = ofType(v1, "human_interaction_required").stream()
                .map(message -> (String) ((Map<?, ?>) message.get("data")).get("nodeId"))
                .toList();
        assertThat(nodes).containsExactlyInAnyOrder("ask-1@one", "ask-1@two");
        fixture.flows.executions().list(null, null, null, 2).forEach(execution -> {
            MemoryClient later = fixture.connect(Framing.SINGLE);
            later.subscribe(execution.id());
            fixture.run();
            assertThat(data(later, "execution_status").get("currentNodeId")).isEqualTo("ask-1@" + execution.id());
        });

        v1.resume("two", "ask-1@two", 1);
        v1.resume("one", "ask-1", 1);
        v1.resume("one", "ask-1@two", 1);
        fixture.run();
        assertThat(ofType(v1, "resume_success"))
                .extracting(message -> (String) ((Map<?, ?>) message.get("data")).get("nodeId"))
                .containsExactly("ask-1@two", "ask-1@one");
        assertThat(data(v1, "resume_error").get("code")).isEqualTo("interaction_not_found");
    }

    @Test
    @DisplayName("An event's time is in its data too")
    void theTimeIsInTheData() {
        MemoryClient v1 = fixture.connect(Framing.SINGLE);
        MemoryClient v2 = fixture.connect(Framing.LINES);
        v1.subscribe("run");
        v2.subscribe("run");
        fixture.flows.start("write", Map.of(), "run");
        fixture.run();

        assertThat(v1.events("run"))
                .isNotEmpty()
                .allSatisfy(event -> assertThat(((Map<?, ?>) event.get("data")).get("timestamp"))
                        .isEqualTo(event.get("timestamp")));
        assertThat(data(v2, "node_started")).doesNotContainKey("timestamp");
        assertThat(data(v2, "node_started").get("nodeId")).isEqualTo("write-1");
    }

    @Test
    void aQuestionThatIsAskedWhileItListensIsShownThoughItIsClosedAtOnce() {
        MemoryClient v1 = fixture.connect(Framing.SINGLE);
        v1.subscribe("run");
        fixture.run();
        v1.stall();
        fixture.flows.start("ask", Map.of(), "run");
        fixture.run();
        fixture.flows
                .executions()
                .find("run")
                .orElseThrow()
                .interactions()
                .forEach(open -> fixture.flows.interactions().answer(open.token(), 1, AnswerOptions.NONE));
        fixture.run();

        v1.resumeReading();
        fixture.run();

        assertThat(types(v1)).contains("human_interaction_required").endsWith("workflow_completed");
    }
}
