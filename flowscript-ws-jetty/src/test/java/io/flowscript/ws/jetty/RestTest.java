package io.flowscript.ws.jetty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.flowscript.core.FlowScriptException;
import io.flowscript.core.bridge.AccessPolicy;
import io.flowscript.core.bridge.Login;
import io.flowscript.core.runtime.Edge;
import io.flowscript.core.runtime.Node;
import io.flowscript.core.runtime.Question;
import io.flowscript.core.runtime.Violation;
import io.flowscript.core.snapshot.ExecutionStatus;
import io.flowscript.core.testing.ManualClock;
import io.flowscript.core.workflow.WorkflowDefinition;
import io.flowscript.engine.Execution;
import io.flowscript.engine.FlowScript;
import io.flowscript.events.delivery.EventBridgeBuilder;
import io.flowscript.events.delivery.FlowScriptBridge;
import io.flowscript.json.protocol.WireSettings;
import io.flowscript.testkit.protocol.CheckedBridge;
import io.flowscript.testsupport.server.Http;
import io.flowscript.testsupport.server.RawClient;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RestTest {

    private static final Map<String, Object> FORM = Map.of("type", "object", "required", List.of("decision"));

    private final ManualClock clock = new ManualClock();
    private FlowScript flows;
    private FlowScriptBridge bridge;
    private FlowScriptWebSocketServer server;
    private Http http;

    @BeforeEach
    void startEngine() {
        flows = FlowScript.builder()
                .clock(clock)
                .forms(schema -> answer -> answer instanceof Map<?, ?> fields && fields.containsKey("decision")
                        ? List.of()
                        : List.of(new Violation("$.decision", "required", "decision is missing")))
                .node("note", context -> Edge.of("done", Map.of("noted", true)))
                .node("fail", context -> {
                    throw new IllegalStateException("the printer is on fire");
                })
                .node(Node.named("review")
                        .ask(context -> Question.form(FORM).within(Duration.ofDays(2)))
                        .answered((context, answer) -> answer.timedOut()
                                ? Edge.of("late")
                                : Edge.of("decided", answer.data().raw())))
                .node(Node.named("anything").ask(context -> Question.open()).answered((context, answer) -> {
                    context.state().set("answer", answer.data().raw());
                    return Edge.of("told");
                }))
                .workflow(workflow("short", "note"))
                .workflow(workflow("broken", "fail"))
                .workflow(workflow("expense", "note", "review", "note"))
                .workflow(workflow("open question", "anything"))
                .build();
        serve(bridges -> bridges, builder -> builder);
    }

    @AfterEach
    void stop() {
        server.close();
        bridge.close();
        flows.close();
    }

    private static WorkflowDefinition workflow(String id, Object... nodes) {
        return WorkflowDefinition.of(Map.of(
                "id",
                id,
                "name",
                "The workflow " + id,
                "description",
                "Is tested",
                "initialState",
                Map.of("amount", 0),
                "nodes",
                List.of(nodes)));
    }

    private void serve(
            UnaryOperator<EventBridgeBuilder> rules, UnaryOperator<FlowScriptWebSocketServer.Builder> settings) {
        if (server != null) {
            server.close();
            bridge.close();
        }
        bridge = CheckedBridge.of(rules.apply(FlowScriptBridge.builder(flows)).build());
        server = settings.apply(FlowScriptWebSocketServer.builder(bridge).requestsPerSecond(10_000))
                .start();
        http = new Http(server.uri());
    }

    private Execution paused(String workflowId) {
        Execution execution = flows.start(workflowId, Map.of());
        await().until(() -> execution.status() == ExecutionStatus.PAUSED);
        return execution;
    }

    private static String nodeId(Execution execution) {
        return execution.interactions().get(0).token().nodeId();
    }

    /** A time as REST writes it: always with three digits of a second, whatever the clock counts in. */
    private static String inMillis(Instant time) {
        return DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'")
                .withZone(ZoneOffset.UTC)
                .format(time);
    }

    private static void assertProblem(Http.Reply reply, int status, String code) {
        assertThat(reply.status()).as(reply.response().body()).isEqualTo(status);
        assertThat(reply.header("Content-Type")).isEqualTo("application/problem+json");
        assertThat(reply.get("status")).isEqualTo(status);
        assertThat(reply.get("type")).isEqualTo("about:blank");
        assertThat((String) reply.get("title")).isNotBlank();
        assertThat((String) reply.get("detail")).isNotBlank();
        assertThat(reply.get("message")).isEqualTo(reply.get("detail"));
        assertThat(reply.get("code")).isEqualTo(code);
        assertThat(reply.response().body())
                .doesNotContain("Exception")
                .doesNotContain("io.flowscript")
                .doesNotContain("\tat ");
    }

    @Test
    void tellsThatItLives() throws Exception {
        Http.Reply health = http.get("/health");
        assertThat(health.status()).isEqualTo(200);
        assertThat(health.get("status")).isEqualTo("ok");
        assertThat(health.get("timestamp")).isEqualTo(inMillis(clock.instant()));
        assertThat(health.header("Content-Type")).isEqualTo("application/json");
        assertThat(health.header("X-Content-Type-Options")).isEqualTo("nosniff");
        assertThat(health.header("Cache-Control")).isEqualTo("no-store");
        assertThat(health.header("Server")).isNull();
        assertThat(http.send("HEAD", "/health", null).status()).isEqualTo(200);
    }

    @Test
    void listsTheWorkflows() throws Exception {
        Http.Reply reply = http.get("/workflows");
        assertThat(reply.status()).isEqualTo(200);
        assertThat(rows(reply, "workflows"))
                .hasSize(4)
                .contains(Map.of(
                        "id",
                        "expense",
                        "name",
                        "The workflow expense",
                        "description",
                        "Is tested",
                        "source",
                        "expense"));
    }

    @Test
    @DisplayName("the source of a workflow is the name of its file, without the directories of the server")
    void namesTheFileOfAWorkflow() throws Exception {
        flows.register(WorkflowDefinition.of(
                Map.of("id", "filed", "nodes", List.of("note")), "/srv/secret\\place/filed.json"));
        assertThat(rows(http.get("/workflows"), "workflows"))
                .filteredOn(row -> row.get("id").equals("filed"))
                .extracting(row -> row.get("source"))
                .containsExactly("filed.json");
    }

    @Test
    @DisplayName("F7: the execution has the id that it was given, in the answer and everywhere")
    void startsAWorkflow() throws Exception {
        Http.Reply reply = http.post("/workflows/short/execute", Map.of("input", Map.of("amount", 5)));
        assertThat(reply.status()).isEqualTo(201);
        assertThat(reply.get("workflowId")).isEqualTo("short");
        assertThat(reply.get("status")).isEqualTo("started");
        assertThat((String) reply.get("message")).isNotBlank();
        String id = (String) reply.get("executionId");
        Execution execution = flows.executions().find(id).orElseThrow();
        assertThat(execution.state("$.amount").asInt()).isEqualTo(5);

        Http.Reply own = http.post(
                "/workflows/short/execute", Map.of("initialInput", Map.of("amount", 6), "executionId", "mine:1"));
        assertThat(own.get("executionId")).isEqualTo("mine:1");
        assertThat(flows.executions()
                        .find("mine:1")
                        .orElseThrow()
                        .state("$.amount")
                        .asInt())
                .isEqualTo(6);
        assertThat(http.post("/workflows/short/execute", "").status()).isEqualTo(201);
        assertThat(http.post("/workflows/open%20question/execute", Map.of()).status())
                .isEqualTo(201);
    }

    @Test
    @DisplayName("a request without a body needs no type of a body; one with a body does")
    void needsNoTypeWithoutABody() throws Exception {
        assertThat(http.send("POST", "/workflows/short/execute", null).status()).isEqualTo(201);
        assertThat(http.send("POST", "/workflows/short/execute", "").status()).isEqualTo(201);
        Execution waiting = paused("expense");
        assertThat(http.send("POST", "/executions/" + waiting.id() + "/cancel", null)
                        .status())
                .isEqualTo(200);
        assertProblem(http.send("POST", "/workflows/short/execute", "{}"), 415, null);
        assertProblem(http.send("POST", "/workflows/short/execute", "", "Content-Type", "text/plain"), 415, null);
    }

    @Test
    void refusesToStartWhatItCannot() throws Exception {
        http.post("/workflows/short/execute", Map.of("executionId", "mine"));
        assertProblem(http.post("/workflows/short/execute", Map.of("executionId", "mine")), 409, "execution_exists");
        assertProblem(http.post("/workflows/none/execute", Map.of()), 404, "workflow_not_found");
        assertProblem(http.post("/workflows/short/execute", Map.of("executionId", "a/b")), 400, "invalid_message");
        assertProblem(http.post("/workflows/short/execute", Map.of("executionId", 7)), 400, "invalid_message");
        assertProblem(http.post("/workflows/short/execute", Map.of("input", List.of())), 400, "invalid_message");
        assertProblem(http.post("/workflows/short/execute", "[]"), 400, "invalid_message");
        flows.close();
        assertProblem(http.post("/workflows/short/execute", Map.of()), 503, "server_closing");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{",
                "{\"input\":{\"a\":1,\"a\":2}}",
                "{\"input\":{}} x",
                "nonsense",
                "{\"input\":{\"a\":NaN}}",
                "{'input':{}}"
            })
    void refusesABodyThatIsNotJson(String body) throws Exception {
        assertProblem(http.post("/workflows/short/execute", body), 400, "invalid_json");
        assertThat(flows.executions().size()).isZero();
    }

    @Test
    void refusesABodyThatIsTooDeep() throws Exception {
        String body = "{\"input\":{\"a\":" + "[".repeat(10_000) + "]".repeat(10_000) + "}}";
        assertProblem(http.post("/workflows/short/execute", body), 400, "invalid_json");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "text/plain",
                "application/x-www-form-urlencoded",
                "multipart/form-data; boundary=x",
                "application/json; charset=iso-8859-1",
                "application/jsonp"
            })
    @DisplayName("a page's form cannot send what is taken: JSON only")
    void takesJsonOnly(String type) throws Exception {
        assertProblem(http.send("POST", "/workflows/short/execute", "{}", "Content-Type", type), 415, null);
        assertProblem(http.send("POST", "/workflows/short/execute", "{}"), 415, null);
        assertThat(flows.executions().size()).isZero();
    }

    @Test
    void takesJsonHoweverItIsNamed() throws Exception {
        assertThat(http.send(
                                "POST",
                                "/workflows/short/execute",
                                "{}",
                                "Content-Type",
                                "Application/JSON; Charset=\"UTF-8\"")
                        .status())
                .isEqualTo(201);
    }

    @Test
    void boundsBodies() throws Exception {
        serve(bridges -> bridges, builder -> builder.maxBodyBytes(1_000));
        String large = "{\"input\":{\"a\":\"" + "x".repeat(2_000) + "\"}}";
        assertProblem(http.post("/workflows/short/execute", large), 413, "message_too_large");
        try (RawClient raw = RawClient.to(server.port())) {
            String chunk = "190\r\n" + "x".repeat(0x190) + "\r\n";
            raw.send(("POST /workflows/short/execute HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                            + "Transfer-Encoding: chunked\r\n\r\n" + chunk + chunk + chunk)
                    .getBytes(StandardCharsets.US_ASCII));
            RawClient.Answer answer = raw.readAnswer();
            assertThat(answer.status()).isEqualTo(413);
            assertThat(answer.body()).contains("message_too_large");
        }
        assertThat(flows.executions().size()).isZero();
    }

    @Test
    @DisplayName(
            "who waits for leave to send a body that is too large is refused, and its connection not kept for a body that never comes")
    void refusesWhoAsksFirst() throws Exception {
        try (RawClient client = RawClient.to(server.port())) {
            RawClient.Answer answer = client.request(
                    "POST",
                    "/workflows/short/execute",
                    null,
                    "Content-Type: application/json",
                    "Content-Length: 2000000",
                    "Expect: 100-continue");
            assertThat(answer.status()).isEqualTo(413);
            assertThat(answer.header("Connection")).isEqualTo("close");
            assertThat(client.isEnded()).isTrue();
        }
    }

    @Test
    @DisplayName("a body that is too large is answered, whatever of it is still being sent")
    void answersWhoIsStillSending() throws Exception {
        int bytes = 12 << 20; // more than what the kernel holds for both sides
        byte[] piece = new byte[1 << 20];
        for (int round = 0; round < 5; round++) {
            try (RawClient client = RawClient.to(server.port())) {
                client.send(("POST /workflows/short/execute HTTP/1.1\r\nHost: localhost:" + server.port()
                                + "\r\nContent-Type: application/json\r\nContent-Length: " + bytes + "\r\n\r\n")
                        .getBytes(StandardCharsets.US_ASCII));
                for (int sent = 0; sent < bytes; sent += piece.length) {
                    client.send(piece);
                }
                assertThat(client.readAnswer().status()).isEqualTo(413);
                assertThat(client.request("GET", "/health", "").status())
                        .as("the connection goes on")
                        .isEqualTo(200);
            }
        }
    }

    @Test
    @DisplayName(
            "no thread waits for bodies: more half-sent requests than there are threads, and the server still answers")
    void holdsNoThreadForABodyThatIsSlow() throws Exception {
        List<RawClient> slow = new ArrayList<>();
        try {
            for (int i = 0; i < 100; i++) {
                RawClient raw = RawClient.to(server.port());
                slow.add(raw);
                raw.send(("POST /workflows/short/execute HTTP/1.1\r\nHost: localhost\r\n"
                                + "Content-Type: application/json\r\nContent-Length: 2\r\n\r\n{")
                        .getBytes(StandardCharsets.US_ASCII));
            }
            assertThat(http.get("/health").status()).isEqualTo(200);
            assertThat(http.post("/workflows/short/execute", Map.of()).status()).isEqualTo(201);
            for (RawClient raw : slow) {
                raw.send(new byte[] {'}'});
                assertThat(raw.readAnswer().status()).isEqualTo(201);
            }
            assertThat(flows.executions().size()).isEqualTo(101);
        } finally {
            for (RawClient raw : slow) {
                raw.close();
            }
        }
    }

    @Test
    void tellsHowAnExecutionStands() throws Exception {
        Execution execution = paused("expense");
        Http.Reply reply = http.get("/executions/" + execution.id() + "/status");
        assertThat(reply.status()).isEqualTo(200);
        assertThat(reply.get("executionId")).isEqualTo(execution.id());
        assertThat(reply.get("workflowId")).isEqualTo("expense");
        assertThat(reply.get("status")).isEqualTo("paused");
        assertThat(reply.get("startTime")).isEqualTo(inMillis(clock.instant()));
        assertThat(reply.body()).doesNotContainKey("endTime").doesNotContainKey("error");
        assertThat(reply.get("hash")).isEqualTo(execution.snapshot().definitionHash());
        assertThat(reply.get("currentNode")).isEqualTo(Map.of("id", nodeId(execution), "name", "review", "step", "s1"));
        assertThat(reply.get("pauseTokens"))
                .isEqualTo(List.of(execution.interactions().get(0).token().tokenId()));
        assertThat(reply.get("state")).isEqualTo(Map.of("amount", 0));
        assertThat(reply.get("position"))
                .isEqualTo(execution.events().epoch() + ":" + execution.events().latest());
        assertProblem(http.get("/executions/none/status"), 404, "execution_not_found");
    }

    @Test
    void tellsHowAnExecutionEnded() throws Exception {
        Execution done = flows.start("short", Map.of());
        await().until(() -> done.status().isEnded());
        Http.Reply completed = http.get("/executions/" + done.id() + "/status");
        assertThat(completed.get("status")).isEqualTo("completed");
        assertThat(completed.get("endTime")).isEqualTo(inMillis(clock.instant()));
        assertThat(completed.get("pauseTokens")).isEqualTo(List.of());

        Execution failed = flows.start("broken", Map.of());
        await().until(() -> failed.status().isEnded());
        Http.Reply reply = http.get("/executions/" + failed.id() + "/status");
        assertThat(reply.get("status")).isEqualTo("failed");
        assertThat((String) reply.get("error"))
                .contains("the printer is on fire")
                .doesNotContain("Exception");
        assertThat(reply.get("code")).isEqualTo("node_failed");
    }

    @Test
    void listsExecutionsPageByPage() throws Exception {
        List<String> expected = new ArrayList<>();
        for (int i = 0; i < 25; i++) {
            String id = "run-" + i;
            flows.start(i % 5 == 0 ? "expense" : "short", Map.of(), id);
            expected.add(0, id);
        }
        await().until(() -> flows.executions()
                        .list(null, ExecutionStatus.COMPLETED, null, 100)
                        .size()
                == 20);
        List<String> seen = new ArrayList<>();
        String cursor = "";
        int pages = 0;
        while (cursor != null) {
            Http.Reply page = http.get("/executions?limit=10&cursor=" + cursor);
            assertThat(page.status()).isEqualTo(200);
            rows(page).forEach(row -> seen.add((String) row.get("executionId")));
            cursor = (String) page.get("next");
            pages++;
        }
        assertThat(seen).isEqualTo(expected);
        assertThat(pages).isEqualTo(3);
        assertThat(rows(http.get("/executions?workflowId=expense")))
                .hasSize(5)
                .allSatisfy(row -> assertThat(row)
                        .containsEntry("workflowId", "expense")
                        .containsEntry("status", "paused")
                        .containsKey("startTime")
                        .doesNotContainKey("endTime"));
        assertThat(rows(http.get("/executions?status=completed")))
                .hasSize(20)
                .allSatisfy(row -> assertThat(row).containsKey("endTime"));
        assertThat(rows(http.get("/executions?status=failed"))).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"limit=0", "limit=1001", "limit=x", "status=nonsense", "limit=1&limit=2", "status=%E4"})
    void refusesAListThatMakesNoSense(String query) throws Exception {
        assertProblem(http.get("/executions?" + query), 400, "invalid_message");
    }

    @ParameterizedTest
    @ValueSource(strings = {"false", "0", "\"\"", "null", "[]", "{}", "\"text\"", "[1,{\"a\":null}]"})
    @DisplayName("F15: any JSON value is an answer")
    void takesAnyJsonAsAnAnswer(String data) throws Exception {
        Execution execution = paused("open question");
        Http.Reply reply = http.post(
                "/executions/" + execution.id() + "/resume",
                "{\"nodeId\":\"" + nodeId(execution) + "\",\"data\":" + data + "}");
        assertThat(reply.status()).as(reply.response().body()).isEqualTo(200);
        assertThat(reply.get("executionId")).isEqualTo(execution.id());
        assertThat(reply.get("status")).isEqualTo("resumed");
        await().until(() -> execution.status() == ExecutionStatus.COMPLETED);
        assertThat(new String(
                        io.flowscript.json.codec.JsonWriter.write(
                                execution.state("$.answer").raw()),
                        java.nio.charset.StandardCharsets.UTF_8))
                .isEqualTo(data);
    }

    @Test
    @DisplayName(
            "F9, F10: an answer that breaks the form is refused with every violation, and the interaction stays open")
    void refusesAnAnswerThatDoesNotFit() throws Exception {
        Execution execution = paused("expense");
        String path = "/executions/" + execution.id() + "/resume";
        Http.Reply refused = http.post(path, Map.of("nodeId", nodeId(execution), "data", Map.of("x", 1)));
        assertProblem(refused, 422, "validation_failed");
        assertThat(refused.get("violations"))
                .isEqualTo(
                        List.of(Map.of("path", "$.decision", "keyword", "required", "message", "decision is missing")));
        assertThat(execution.status()).isEqualTo(ExecutionStatus.PAUSED);
        String token = execution.interactions().get(0).token().tokenId();
        assertThat(http.post(path, Map.of("tokenId", token, "data", Map.of("decision", "yes")))
                        .status())
                .isEqualTo(200);
        await().until(() -> execution.status() == ExecutionStatus.COMPLETED);
    }

    @Test
    @DisplayName("F14: a second answer learns that it lost, to whom and when; the same key gets the same receipt")
    void tellsTheSecondOneWhoWasFirst() throws Exception {
        serve(
                bridges -> bridges,
                builder -> builder.authenticator(
                        request -> request.header("X-User").map(Login::of)));
        Execution execution = paused("expense");
        String path = "/executions/" + execution.id() + "/resume";
        Map<String, ?> yes = Map.of("nodeId", nodeId(execution), "data", Map.of("decision", "yes"));
        Map<String, ?> no = Map.of("nodeId", nodeId(execution), "data", Map.of("decision", "no"));
        assertThat(http.post(path, yes, "X-User", "ann", "Idempotency-Key", "k1")
                        .status())
                .isEqualTo(200);
        await().until(() -> execution.status() == ExecutionStatus.COMPLETED);

        Http.Reply second = http.post(path, no, "X-User", "bob");
        assertProblem(second, 409, "already_resolved");
        assertThat(second.get("by")).isEqualTo("ann");
        assertThat(second.get("at")).isEqualTo(inMillis(clock.instant()));

        assertThat(http.post(path, yes, "X-User", "ann", "Idempotency-Key", "k1")
                        .status())
                .isEqualTo(200);
        assertProblem(http.post(path, no, "X-User", "ann", "Idempotency-Key", "k1"), 409, "idempotency_conflict");
        assertProblem(
                http.post(path, yes, "X-User", "ann", "Idempotency-Key", "k".repeat(257)), 400, "invalid_message");
    }

    @Test
    @DisplayName("F11: an answer after the deadline is gone")
    void refusesALateAnswer() throws Exception {
        Execution execution = paused("expense");
        String node = nodeId(execution);
        clock.advance(Duration.ofDays(2));
        await().until(() -> execution.status().isEnded());
        Http.Reply late = http.post(
                "/executions/" + execution.id() + "/resume", Map.of("nodeId", node, "data", Map.of("decision", "yes")));
        assertProblem(late, 410, "expired");
        assertThat((String) late.get("at")).isNotBlank();
    }

    @Test
    void refusesAnAnswerToNoQuestion() throws Exception {
        Execution execution = paused("expense");
        String path = "/executions/" + execution.id() + "/resume";
        assertProblem(http.post(path, Map.of("nodeId", "none", "data", 1)), 404, "interaction_not_found");
        assertProblem(http.post(path, Map.of("tokenId", "none", "data", 1)), 404, "interaction_not_found");
        assertProblem(http.post(path, Map.of("data", 1)), 400, "invalid_message");
        assertProblem(http.post(path, Map.of("nodeId", nodeId(execution))), 400, "invalid_message");
        assertProblem(
                http.post("/executions/none/resume", Map.of("nodeId", "x", "data", 1)), 404, "execution_not_found");
        Execution other = paused("open question");
        String foreign = other.interactions().get(0).token().tokenId();
        assertProblem(http.post(path, Map.of("tokenId", foreign, "data", 1)), 404, "interaction_not_found");
        assertThat(other.status()).isEqualTo(ExecutionStatus.PAUSED);
    }

    @Test
    @DisplayName("F17: cancelling cancels, and says so; a second time changes nothing")
    void cancels() throws Exception {
        Execution execution = paused("expense");
        String path = "/executions/" + execution.id() + "/cancel";
        Http.Reply reply = http.post(path, Map.of("reason", "no budget"));
        assertThat(reply.status()).as(reply.response().body()).isEqualTo(200);
        assertThat(reply.get("status")).isEqualTo("cancelled");
        assertThat(execution.status()).isEqualTo(ExecutionStatus.CANCELLED);
        Http.Reply again = http.post(path, Map.of());
        assertThat(again.status()).as(again.response().body()).isEqualTo(200);
        assertProblem(
                http.post(
                        "/executions/" + execution.id() + "/resume",
                        Map.of("nodeId", "review-2", "data", Map.of("decision", "yes"))),
                409,
                "execution_finished");

        Execution done = flows.start("short", Map.of());
        await().until(() -> done.status().isEnded());
        assertProblem(http.post("/executions/" + done.id() + "/cancel", Map.of()), 409, "execution_finished");
        assertProblem(http.post(path, Map.of("reason", "x".repeat(1_001))), 400, "invalid_message");
        assertProblem(http.post("/executions/none/cancel", Map.of()), 404, "execution_not_found");
    }

    @ParameterizedTest
    @CsvSource({
        "DELETE, /workflows, 'GET, HEAD, OPTIONS'",
        "POST, /executions, 'GET, HEAD, OPTIONS'",
        "GET, /workflows/short/execute, 'POST, OPTIONS'",
        "PUT, /executions/x/resume, 'POST, OPTIONS'",
        "TRACE, /executions/x/status, 'GET, HEAD, OPTIONS'",
    })
    void saysWhichMethodsThereAre(String method, String path, String allowed) throws Exception {
        Http.Reply reply = http.send(method, path, null);
        assertProblem(reply, 405, null);
        assertThat(reply.header("Allow")).isEqualTo(allowed);
        assertThat(http.send("OPTIONS", path, null).header("Allow")).isEqualTo(allowed);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/",
                "/nothing",
                "/health/",
                "/workflows/",
                "/workflows/none",
                "/workflows/short/nothing",
                "/executions/x",
                "/executions/x/state",
                "/executions/x/status/y",
                "/metrics",
                "/WS",
            })
    void knowsNothingElse(String path) throws Exception {
        Http.Reply reply = http.get(path);
        assertThat(reply.status()).as(reply.response().body()).isEqualTo(404);
        assertThat(reply.header("Content-Type")).isEqualTo("application/problem+json");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/executions/a%2Fb/status",
                "/executions//status",
                "/executions/%C3%28/status",
                "/executions/..%2F..%2Fetc/status",
                "/executions/%00/status",
                "/executions/../../etc/passwd",
                "/executions/%/status",
                "/executions/a;b/status",
                "/executions/a%5Cb/status",
            })
    @DisplayName("I9: a path that is not plain gets no further, and nothing of it comes back")
    void doesNotFollowStrangePaths(String path) throws Exception {
        try (RawClient raw = RawClient.to(server.port())) {
            RawClient.Answer answer = raw.request("GET", path, null);
            assertThat(answer.status()).as(answer.body()).isIn(400, 404);
            assertThat(answer.header("Content-Type")).isEqualTo("application/problem+json");
            assertThat(answer.body())
                    .doesNotContain("etc")
                    .doesNotContain("jetty")
                    .doesNotContain("Exception");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"GET\r\n\r\n", "GET / HTTP/9.9\r\n\r\n", "\u0000\u0001\u0002\r\n\r\n", "GET / HTTP/1.1\r\n\r\n"})
    void answersWhatIsNotHttpWithoutSayingWhatItIsMadeOf(String request) throws Exception {
        try (RawClient raw = RawClient.to(server.port())) {
            raw.send(request.getBytes(java.nio.charset.StandardCharsets.ISO_8859_1));
            RawClient.Answer answer = raw.readAnswer();
            assertThat(answer.status()).isBetween(400, 505);
            assertThat(answer.body().toLowerCase(java.util.Locale.ROOT))
                    .doesNotContain("jetty")
                    .doesNotContain("exception");
            assertThat(answer.header("Server")).isNull();
        }
    }

    @Test
    @DisplayName("F31: a page from elsewhere may neither start nor answer nor read anything")
    void keepsForeignPagesOut() throws Exception {
        Http.Reply start = http.post("/workflows/short/execute", Map.of(), "Origin", "https://evil.example");
        assertProblem(start, 403, "forbidden");
        assertThat(start.header("Access-Control-Allow-Origin")).isNull();
        Http.Reply preflight = http.send(
                "OPTIONS",
                "/workflows/short/execute",
                null,
                "Origin",
                "https://evil.example",
                "Access-Control-Request-Method",
                "POST");
        assertThat(preflight.status()).isEqualTo(403);
        assertThat(preflight.header("Access-Control-Allow-Origin")).isNull();
        assertProblem(http.get("/workflows", "Origin", "https://evil.example"), 403, "forbidden");
        assertThat(flows.executions().size()).isZero();
        assertThat(http.post(
                                "/workflows/short/execute",
                                Map.of(),
                                "Origin",
                                server.uri().toString())
                        .status())
                .isEqualTo(201);
    }

    @Test
    void letsListedPagesInAndTellsTheirBrowsers() throws Exception {
        serve(bridges -> bridges, builder -> builder.allowedOrigins("https://app.example.com"));
        String origin = "https://app.example.com";
        Http.Reply preflight = http.send(
                "OPTIONS", "/workflows/short/execute", null, "Origin", origin, "Access-Control-Request-Method", "POST");
        assertThat(preflight.status()).isEqualTo(204);
        assertThat(preflight.header("Access-Control-Allow-Origin")).isEqualTo(origin);
        assertThat(preflight.header("Access-Control-Allow-Methods")).contains("POST");
        assertThat(preflight.header("Access-Control-Allow-Headers")).contains("Content-Type", "Idempotency-Key");
        assertThat(preflight.header("Vary")).contains("Origin");
        Http.Reply started = http.post("/workflows/short/execute", Map.of(), "Origin", origin);
        assertThat(started.status()).isEqualTo(201);
        assertThat(started.header("Access-Control-Allow-Origin")).isEqualTo(origin);
        Http.Reply problem = http.get("/executions/none/status", "Origin", origin);
        assertProblem(problem, 404, "execution_not_found");
        assertThat(problem.header("Access-Control-Allow-Origin")).isEqualTo(origin);
    }

    @Test
    void asksWhoItIs() throws Exception {
        serve(
                bridges -> bridges,
                builder -> builder.authenticator(request ->
                        request.header("Authorization").isPresent() ? Optional.of(Login.of("ann")) : Optional.empty()));
        Http.Reply refused = http.post("/workflows/short/execute", Map.of());
        assertProblem(refused, 401, "unauthorized");
        assertThat(refused.header("WWW-Authenticate")).isNotNull();
        assertThat(http.post("/workflows/short/execute", Map.of(), "Authorization", "Bearer x")
                        .status())
                .isEqualTo(201);
        assertThat(http.get("/health").status()).isEqualTo(200);
    }

    @Test
    @DisplayName("F30: what one may not see and what does not exist look alike; the bridge's policy holds for REST too")
    void asksThePolicyOfTheBridge() throws Exception {
        AccessPolicy policy = (who, action, workflowId, executionId) -> switch (who.name()) {
            case "boss" -> true;
            case "viewer" -> action == AccessPolicy.Action.VIEW && !"short".equals(workflowId);
            case "broken" -> throw new IllegalStateException("policy");
            default -> false;
        };
        serve(
                bridges -> bridges.accessPolicy(policy),
                builder -> builder.authenticator(
                        request -> request.header("X-User").map(Login::of)));
        Execution execution = paused("expense");
        flows.start("short", Map.of());
        String status = "/executions/" + execution.id() + "/status";
        String cancel = "/executions/" + execution.id() + "/cancel";
        for (String stranger : List.of("stranger", "broken")) {
            Http.Reply hidden = http.get(status, "X-User", stranger);
            Http.Reply missing = http.get("/executions/none/status", "X-User", stranger);
            assertProblem(hidden, 404, "execution_not_found");
            assertThat(hidden.body()).isEqualTo(missing.body());
            assertThat(http.post(cancel, Map.of(), "X-User", stranger).body()).isEqualTo(missing.body());
            assertProblem(
                    http.post("/workflows/expense/execute", Map.of(), "X-User", stranger), 404, "workflow_not_found");
            assertThat(rows(http.get("/executions", "X-User", stranger))).isEmpty();
            assertThat((List<?>) http.get("/workflows", "X-User", stranger).get("workflows"))
                    .isEmpty();
        }
        assertThat(http.get(status, "X-User", "viewer").status()).isEqualTo(200);
        assertThat(rows(http.get("/executions?limit=1", "X-User", "viewer"))).hasSize(1);
        assertProblem(http.post(cancel, Map.of(), "X-User", "viewer"), 403, "forbidden");
        assertProblem(
                http.post(
                        "/executions/" + execution.id() + "/resume",
                        Map.of("nodeId", nodeId(execution), "data", 1),
                        "X-User",
                        "viewer"),
                403,
                "forbidden");
        assertProblem(http.post("/workflows/expense/execute", Map.of(), "X-User", "viewer"), 403, "forbidden");
        assertThat(http.post(cancel, Map.of(), "X-User", "boss").status()).isEqualTo(200);
    }

    @Test
    @DisplayName("F31: the state stays inside when the bridge is told so")
    void leavesTheStateOutWhenTold() throws Exception {
        serve(bridges -> bridges.wire(WireSettings.DEFAULTS.withoutState()), builder -> builder);
        Execution execution = paused("expense");
        Http.Reply reply = http.get("/executions/" + execution.id() + "/status");
        assertThat(reply.body()).doesNotContainKey("state");
        assertThat(reply.get("omitted")).isEqualTo(List.of("state"));
    }

    @Test
    void limitsTheRateOfRequests() throws Exception {
        serve(bridges -> bridges, builder -> builder.requestsPerSecond(5));
        for (int i = 0; i < 10; i++) {
            assertThat(http.get("/health").status()).isEqualTo(200);
        }
        Http.Reply refused = http.get("/health");
        assertProblem(refused, 429, "rate_limited");
        assertThat(Integer.parseInt(refused.header("Retry-After"))).isPositive();
        clock.advance(Duration.ofSeconds(1));
        for (int i = 0; i < 5; i++) {
            assertThat(http.get("/health").status()).isEqualTo(200);
        }
        assertThat(http.get("/health").status()).isEqualTo(429);
    }

    @Test
    @DisplayName("I7: what breaks inside is not shown outside")
    void showsNothingOfItsInside() throws Exception {
        try (FlowScriptBridge broken = CheckedBridge.of(
                        FlowScriptBridge.builder(failing(new UnsupportedOperationException("secret detail")))
                                .build());
                FlowScriptWebSocketServer other =
                        FlowScriptWebSocketServer.builder(broken).start()) {
            Http.Reply reply = new Http(other.uri()).get("/workflows");
            assertProblem(reply, 500, "internal");
        }
        try (FlowScriptBridge odd = CheckedBridge.of(FlowScriptBridge.builder(
                                failing(new FlowScriptException("too_many_executions", "secret detail")))
                        .build());
                FlowScriptWebSocketServer other =
                        FlowScriptWebSocketServer.builder(odd).start()) {
            Http.Reply full = new Http(other.uri()).post("/workflows/x/execute", Map.of());
            assertProblem(full, 503, "too_many_executions");
            assertThat(full.header("Retry-After")).isNotNull();
            assertThat(full.response().body()).doesNotContain("secret");
        }
    }

    /** The engine, in which everything but time, threads and the list of executions fails. */
    private FlowScript failing(RuntimeException failure) {
        return (FlowScript) java.lang.reflect.Proxy.newProxyInstance(
                getClass().getClassLoader(),
                new Class<?>[] {FlowScript.class},
                (proxy, method, arguments) -> switch (method.getName()) {
                    case "clock",
                            "engineExecutor",
                            "executions",
                            "isDurable",
                            "listenerExecutor",
                            "observer",
                            "tracer" -> method.invoke(flows, arguments);
                    default -> throw failure;
                });
    }

    private static List<Map<String, Object>> rows(Http.Reply reply) {
        return rows(reply, "executions");
    }

    @SuppressWarnings("unchecked") // each row is a JSON object
    private static List<Map<String, Object>> rows(Http.Reply reply, String name) {
        return (List<Map<String, Object>>) reply.get(name);
    }
}
