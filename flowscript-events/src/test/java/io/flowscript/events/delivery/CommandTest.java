package io.flowscript.events.delivery;

import static io.flowscript.events.delivery.Messages.assertSeqs;
import static io.flowscript.events.delivery.Messages.code;
import static io.flowscript.events.delivery.Messages.data;
import static io.flowscript.events.delivery.Messages.types;
import static org.assertj.core.api.Assertions.assertThat;

import io.flowscript.core.bridge.ClientInfo.Framing;
import io.flowscript.core.interaction.Interaction;
import io.flowscript.core.snapshot.ExecutionStatus;
import io.flowscript.engine.EngineLimits;
import io.flowscript.engine.Execution;
import io.flowscript.events.memory.MemoryClient;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class CommandTest {

    private Fixture fixture = new Fixture();
    private MemoryClient client = fixture.connect();

    @AfterEach
    void close() {
        fixture.close();
    }

    @Test
    void pingGetsPong() {
        String request = client.ping();
        fixture.run();

        assertThat(client.awaitReply(request)).containsEntry("type", "pong");
    }

    @Test
    void executeStartsAndTellsTheStatus() {
        String request = client.execute("burst", Map.of("count", 2));
        fixture.run();

        Map<String, Object> status = MemoryClient.data(client.awaitReply(request));
        assertThat(status).containsEntry("workflowId", "burst");
        String id = (String) status.get("executionId");
        client.subscribe(id);
        fixture.run();
        assertSeqs(client, id, 1, 6);
    }

    @Test
    void executeWithAnIdThatIsTakenIsRefused() {
        fixture.startLive("run");
        send("execute", "r1", Map.of("workflowId", "live", "executionId", "run"));
        send("execute", "r2", Map.of("workflowId", "nothing"));

        assertThat(code(client, "r1")).isEqualTo("execution_exists");
        assertThat(code(client, "r2")).isEqualTo("workflow_not_found");
    }

    @Test
    void cancelEndsAnExecution() {
        Live live = fixture.startLive("run");
        String request = client.cancel("run");
        String none = client.cancel("none");
        fixture.run();

        assertThat(live.execution().status()).isEqualTo(ExecutionStatus.CANCELLED);
        assertThat(MemoryClient.data(client.awaitReply(request))).containsEntry("status", "cancelled");
        assertThat(code(client, none)).isEqualTo("execution_not_found");
    }

    @Test
    @DisplayName(
            "F9, F10: an answer that breaks the form is refused with every violation, and the interaction stays open")
    void anInvalidAnswerLeavesTheQuestionOpen() {
        Interaction question = ask("run");
        String wrong = client.resume("run", question.token().nodeId(), "many");
        fixture.run();

        Map<String, Object> refusal = MemoryClient.data(client.awaitReply(wrong));
        assertThat(client.awaitReply(wrong)).containsEntry("type", "resume_error");
        assertThat(refusal)
                .containsEntry("code", "validation_failed")
                .containsEntry(
                        "violations", List.of(Map.of("path", "$", "keyword", "type", "message", "must be an integer")));
        assertThat(execution("run").interactions()).containsExactly(question);

        String right = client.resume("run", question.token().nodeId(), 7);
        fixture.run();
        assertThat(client.awaitReply(right)).containsEntry("type", "resume_success");
        assertThat(execution("run").status()).isEqualTo(ExecutionStatus.COMPLETED);
    }

    @Test
    @DisplayName(
            "F14, I6: a second answer learns who was first, and the same answer under the same id gets the same receipt")
    void theSecondAnswerLearnsWhoWasFirst() {
        Interaction question = ask("run");
        MemoryClient bob = fixture.connect("bob", Framing.LINES);
        Map<String, Object> answer = answer(question, 7);
        send("resume", "key", answer);
        String late = bob.resume("run", question.token().nodeId(), 8);
        fixture.run();
        send("resume", "key", answer);
        send("resume", "key", answer(question, 9));

        assertThat(MemoryClient.data(bob.awaitReply(late)))
                .containsEntry("code", "already_resolved")
                .containsEntry("by", "alice")
                .containsKey("at");
        List<String> replies =
                types(client).stream().filter(type -> type.startsWith("resume")).toList();
        assertThat(replies).containsExactly("resume_success", "resume_success", "resume_error");
        assertThat(data(client, "resume_error")).containsEntry("code", "idempotency_conflict");
    }

    @ParameterizedTest
    @DisplayName("F15: false, 0, the empty string and null are answers, and each gets a reply")
    @ValueSource(strings = {"false", "0", "\"\"", "null", "[]"})
    void falsyAnswersGetAReply(String answer) {
        Interaction question = ask("run");
        client.send("{\"type\":\"resume\",\"id\":\"r\",\"data\":{\"executionId\":\"run\",\"nodeId\":\""
                + question.token().nodeId() + "\",\"data\":" + answer + "}}");
        fixture.run();

        assertThat(client.awaitReply("r").get("type"))
                .isEqualTo(answer.equals("0") ? "resume_success" : "resume_error");
    }

    @Test
    void aQuestionIsAnsweredByItsTokenAlone() {
        Interaction question = ask("run");
        send("resume", "none", Map.of("executionId", "run", "tokenId", "guessed", "data", 1));
        send(
                "resume",
                "other",
                Map.of("executionId", "run", "tokenId", question.token().tokenId(), "nodeId", "x-1", "data", 1));
        send(
                "resume",
                "right",
                Map.of("executionId", "run", "tokenId", question.token().tokenId(), "data", 1));

        assertThat(code(client, "none")).isEqualTo("interaction_not_found");
        assertThat(code(client, "other")).isEqualTo("interaction_not_found");
        assertThat(client.awaitReply("right")).containsEntry("type", "resume_success");
    }

    @Test
    @DisplayName("F13: an answer given the moment the interaction is seen counts")
    void answersTheMomentItIsAsked() {
        fixture.flows.start("ask-twice", Map.of(), "run");
        client.subscribe("run");
        fixture.run();

        for (int i = 0; i < 2; i++) {
            Map<String, Object> asked = data(client, "human_interaction_required");
            client.resume("run", (String) asked.get("nodeId"), i);
            fixture.run();
        }

        assertThat(types(client)).endsWith("workflow_completed").contains("resume_success");
        assertThat(execution("run").status()).isEqualTo(ExecutionStatus.COMPLETED);
    }

    @Test
    @DisplayName("F5, F6: the form, the answer and every human event reach the client")
    void theWholeConversationReachesTheClient() {
        client.subscribe("run");
        fixture.run();
        Interaction question = ask("run");
        client.resume("run", question.token().nodeId(), 7);
        fixture.run();

        assertThat(types(client.events("run")))
                .containsExactly(
                        "workflow_started",
                        "node_started",
                        "workflow_paused",
                        "human_interaction_required",
                        "human_interaction_received",
                        "workflow_resumed",
                        "node_completed",
                        "workflow_completed");
        assertThat(data(client, "human_interaction_required"))
                .containsEntry("tokenId", question.token().tokenId())
                .extractingByKey("nodeInfo")
                .asString()
                .contains("formSchema={type=integer}", "contextData={secret=no}");
        assertThat(data(client, "human_interaction_received")).containsEntry("by", "alice");
        assertThat(data(client, "workflow_resumed")).containsEntry("data", 7);
    }

    @Test
    @DisplayName(
            "F11, F12: an interaction of 30 days is open for 30 days, and an answer after that is told that it is late")
    void aLateAnswerIsToldSo() {
        client.subscribe("run");
        fixture.flows.start("ask-for-30-days", Map.of(), "run");
        fixture.run();
        String nodeId = (String) data(client, "human_interaction_required").get("nodeId");
        client.disconnect();
        fixture.pass(Duration.ofDays(29));
        client.reconnect();
        fixture.run();
        assertThat(types(client)).doesNotContain("human_interaction_timeout");

        client.disconnect();
        fixture.pass(Duration.ofDays(1));
        client.reconnect();
        String late = client.resume("run", nodeId, 1);
        fixture.run();

        assertThat(data(client, "human_interaction_timeout")).containsEntry("reason", "deadline");
        assertThat(code(client, late)).isEqualTo("expired");
        assertThat(types(client)).containsOnlyOnce("human_interaction_timeout", "workflow_resumed");
    }

    @Test
    void whatTheEngineRefusesIsSaidInTheCodesOfTheProtocol() {
        fixture.close();
        fixture =
                Fixture.with().engine(EngineLimits.defaults().maxExecutions(1)).build();
        client = fixture.connect();
        fixture.startLive("run");
        String more = client.execute("live", Map.of());
        fixture.run();
        assertThat(code(client, more)).isEqualTo("too_many_executions");

        fixture.flows.close();
        String closed = client.execute("live", Map.of());
        fixture.run();
        assertThat(code(client, closed)).isEqualTo("server_closing");
    }

    @Test
    @DisplayName("F16: what is open is in the status of whoever comes, whenever")
    void openQuestionsAreInTheStatus() {
        Interaction question = ask("run");
        client.subscribeToLatest("run");
        fixture.run();

        assertThat(data(client, "execution_status"))
                .extractingByKey("interactions")
                .asString()
                .contains(question.token().tokenId(), "formSchema={type=integer}");
    }

    @Test
    @DisplayName("F30: what one may not see cannot be answered or cancelled either, and looks like nothing")
    void whatOneMayNotSeeLooksLikeNothing() {
        fixture.close();
        fixture = Fixture.with()
                .policy((who, action, workflow, execution) -> switch (action) {
                    case VIEW -> !who.name().equals("alice");
                    case START, CLAIM, ANSWER, CANCEL, OBSERVE -> who.name().equals("bob");
                })
                .build();
        Interaction question = ask("run");
        client = fixture.connect("alice", Framing.LINES);
        String answer = client.resume("run", question.token().nodeId(), 1);
        String nothing = client.resume("none", question.token().nodeId(), 1);
        String cancel = client.cancel("run");
        String execute = client.execute("burst", Map.of());
        String unknown = client.execute("nothing", Map.of());
        MemoryClient eve = fixture.connect("eve", Framing.LINES);
        String seen = eve.resume("run", question.token().nodeId(), 1);
        String seenCancel = eve.cancel("run");
        String seenExecute = eve.execute("burst", Map.of());
        fixture.run();

        assertThat(code(client, answer)).isEqualTo(code(client, nothing)).isEqualTo("execution_not_found");
        assertThat(code(client, cancel)).isEqualTo("execution_not_found");
        assertThat(code(client, execute)).isEqualTo(code(client, unknown)).isEqualTo("workflow_not_found");
        assertThat(List.of(code(eve, seen), code(eve, seenCancel), code(eve, seenExecute)))
                .containsOnly("forbidden");
        assertThat(execution("run").interactions()).containsExactly(question);
    }

    @Test
    @DisplayName("I7: an access policy that fails permits nothing and hurts nobody else")
    void aPolicyThatFailsPermitsNothing() {
        fixture.close();
        fixture = Fixture.with()
                .policy((who, action, workflow, execution) -> {
                    throw new IllegalStateException("no database");
                })
                .build();
        client = fixture.connect();
        String request = client.execute("burst", Map.of());
        fixture.run();

        assertThat(code(client, request)).isEqualTo("workflow_not_found");
        assertThat(client.received().toString()).doesNotContain("no database", "IllegalState");
        assertThat(client.isConnected()).isTrue();
    }

    private Interaction ask(String id) {
        fixture.flows.start("ask", Map.of(), id);
        fixture.run();
        return execution(id).interactions().get(0);
    }

    private Execution execution(String id) {
        return fixture.flows.executions().find(id).orElseThrow();
    }

    private static Map<String, Object> answer(Interaction question, Object value) {
        Map<String, Object> data = new LinkedHashMap<>();
        data.put("executionId", question.token().executionId());
        data.put("nodeId", question.token().nodeId());
        data.put("data", value);
        return data;
    }

    private void send(String type, String id, Map<String, Object> data) {
        client.send(Map.of("type", type, "id", id, "data", data));
        fixture.run();
    }
}
