package io.flowscript.ws.jetty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.flowscript.core.Identity;
import io.flowscript.core.bridge.AccessPolicy;
import io.flowscript.core.bridge.Login;
import io.flowscript.core.interaction.Interaction;
import io.flowscript.core.runtime.Edge;
import io.flowscript.core.runtime.NamedNode;
import io.flowscript.core.runtime.Node;
import io.flowscript.core.runtime.Question;
import io.flowscript.core.runtime.Quorum;
import io.flowscript.core.snapshot.ExecutionStatus;
import io.flowscript.core.testing.ManualClock;
import io.flowscript.core.workflow.WorkflowDefinition;
import io.flowscript.engine.Execution;
import io.flowscript.engine.FlowScript;
import io.flowscript.events.delivery.FlowScriptBridge;
import io.flowscript.events.inbox.Inbox;
import io.flowscript.events.inbox.InboxQuery;
import io.flowscript.events.links.AnswerLink;
import io.flowscript.events.links.AnswerLinks;
import io.flowscript.json.protocol.ShownChanges;
import io.flowscript.testkit.protocol.CheckedBridge;
import io.flowscript.testsupport.server.Http;
import io.flowscript.testsupport.server.RawClient;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class InteractionsRestTest {

    private static final Object FORM = Map.of(
            "title",
            "Approve?",
            "type",
            "object",
            "required",
            List.of("decision"),
            "properties",
            Map.of("decision", Map.of("enum", List.of("approved", "rejected"))));
    private static final Map<String, Object> YES = Map.of("decision", "approved");
    private static final Map<String, Object> NO = Map.of("decision", "rejected");
    private static final Identity ANN = Identity.of("ann", "managers");

    private final ManualClock clock = new ManualClock();
    private final AnswerLinks links = AnswerLinks.signedWith(key(1));
    private FlowScript flows;
    private FlowScriptBridge bridge;
    private FlowScriptWebSocketServer server;
    private Http http;

    private static byte[] key(int seed) {
        byte[] key = new byte[32];
        Arrays.fill(key, (byte) seed);
        return key;
    }

    @BeforeEach
    void start() {
        flows = FlowScript.builder()
                .clock(clock)
                .node(asks(
                        "review",
                        Question.form(FORM)
                                .showing(Map.of("amount", 250, "item", Map.of("name", "desk", "a/b", 1)))
                                .hints(Map.of("order", List.of("decision")))
                                .defaults(Map.of("decision", "approved"))
                                .candidates("managers")
                                .within(Duration.ofDays(2))))
                .node(asks("board", Question.form(FORM).decidedBy(new Quorum("decision", Map.of("approved", 2)))))
                .node(asks("hinted", Question.form(FORM).hints(Map.of("title", "bob asks for 250"))))
                .workflow(WorkflowDefinition.of(Map.of("id", "hinted", "nodes", List.of("hinted"))))
                .workflow(WorkflowDefinition.of(Map.of("id", "expense", "nodes", List.of("review"))))
                .workflow(WorkflowDefinition.of(Map.of("id", "budget", "nodes", List.of("board"))))
                .build();
        serve(AccessPolicy.EVERYONE);
    }

    private static NamedNode asks(String name, Question question) {
        return Node.named(name).ask(context -> question).answered((context, answer) -> {
            context.state()
                    .set(
                            "answer",
                            answer.timedOut() ? "too late" : answer.data().raw());
            return Edge.of("answered");
        });
    }

    private void serve(AccessPolicy policy) {
        if (server != null) {
            server.close();
            bridge.close();
        }
        bridge = CheckedBridge.of(
                FlowScriptBridge.builder(flows).accessPolicy(policy).build());
        server = FlowScriptWebSocketServer.builder(bridge)
                .requestsPerSecond(10_000)
                .authenticator(request -> request.header("X-User")
                        .map(name -> new Identity(
                                name, java.util.Set.copyOf(request.headers().getOrDefault("x-group", List.of()))))
                        .map(Login::of)
                        .or(() -> java.util.Optional.of(Login.ANONYMOUS)))
                .answerLinks(links)
                .start();
        http = new Http(server.uri());
    }

    @AfterEach
    void stop() {
        server.close();
        bridge.close();
        flows.close();
    }

    /** The clock counts whole seconds; a time has three digits more all the same. */
    private static String inMillis(Instant time) {
        return time.toString().replace("Z", ".000Z");
    }

    private Execution paused(String workflowId) {
        Execution execution = flows.start(workflowId, Map.of());
        await().until(() -> execution.status() == ExecutionStatus.PAUSED);
        return execution;
    }

    private static Interaction question(Execution execution) {
        return execution.interactions().get(0);
    }

    private static String path(Execution execution) {
        return "/interactions/" + execution.id() + "/"
                + question(execution).token().tokenId();
    }

    private static String action(Execution execution, String action) {
        return "/executions/" + execution.id() + "/" + action;
    }

    private static Map<String, Object> named(Execution execution) {
        return Map.of("tokenId", question(execution).token().tokenId());
    }

    private static Map<String, Object> answer(Execution execution, Object data) {
        return Map.of("tokenId", question(execution).token().tokenId(), "data", data);
    }

    private String link(Execution execution, Identity who) {
        return links.sign(
                AnswerLink.to(question(execution), who, clock.instant().plus(Duration.ofDays(1))));
    }

    private static void assertProblem(Http.Reply reply, int status, @Nullable String code) {
        assertThat(reply.status()).as(reply.response().body()).isEqualTo(status);
        assertThat(reply.header("Content-Type")).isEqualTo("application/problem+json");
        assertThat(reply.get("code")).isEqualTo(code);
        assertThat((String) reply.get("detail")).isNotBlank();
        assertThat(reply.response().body()).doesNotContain("Exception").doesNotContain("io.flowscript");
    }

    @SuppressWarnings("unchecked") // each is a JSON object
    private static Map<String, Object> object(Http.Reply reply, String name) {
        return (Map<String, Object>) reply.get(name);
    }

    @Test
    void showsAQuestionWithAllThatBelongsToIt() throws Exception {
        Execution execution = paused("expense");
        Interaction asked = question(execution);
        http.post(action(execution, "claim"), named(execution), "X-User", "ann");

        Http.Reply reply = http.get(path(execution));

        assertThat(reply.status()).as(reply.response().body()).isEqualTo(200);
        assertThat(reply.body())
                .containsEntry("executionId", execution.id())
                .containsEntry("nodeId", asked.token().nodeId())
                .containsEntry("tokenId", asked.token().tokenId())
                .containsEntry("workflowId", "expense")
                .containsEntry("status", "claimed")
                .doesNotContainKeys("closedAt", "omitted", "votes");
        assertThat(object(reply, "nodeInfo"))
                .containsEntry("name", "review")
                .containsEntry("formSchema", FORM)
                .containsEntry("contextData", Map.of("amount", 250, "item", Map.of("name", "desk", "a/b", 1)))
                .containsEntry(
                        "contextHash", Question.contextHash(asked.question().context()))
                .containsEntry("uiHints", Map.of("order", List.of("decision")))
                .containsEntry("defaultValues", YES)
                .containsEntry("requestedAt", inMillis(clock.instant()))
                .containsEntry("deadline", inMillis(clock.instant().plus(Duration.ofDays(2))))
                .containsEntry("groups", List.of("managers"));
        assertThat(object(reply, "claim"))
                .containsEntry("by", "ann")
                .containsEntry("until", inMillis(clock.instant().plus(Duration.ofMinutes(15))));
        assertThat(reply.get("history"))
                .isEqualTo(List.of(
                        Map.of("type", "human_interaction_claimed", "at", inMillis(clock.instant()), "by", "ann")));
    }

    @Test
    void showsAQuestionThatIsClosed() throws Exception {
        Execution execution = paused("expense");
        String path = path(execution);
        http.post(action(execution, "resume"), answer(execution, YES), "X-User", "ann");
        Http.Reply reply = http.get(path);
        assertThat(reply.body())
                .containsEntry("status", "answered")
                .containsEntry("closedAt", inMillis(clock.instant()));
    }

    @Test
    void doesNotShowWhatIsNotThere() throws Exception {
        Execution execution = paused("expense");
        assertProblem(http.get("/interactions/" + execution.id() + "/none"), 404, "interaction_not_found");
        assertProblem(http.get("/interactions/none/none"), 404, "interaction_not_found");
        assertProblem(
                http.get("/interactions/" + paused("expense").id() + "/"
                        + question(execution).token().tokenId()),
                404,
                "interaction_not_found");
    }

    @Test
    void showsVotesButNotWhatTheySay() throws Exception {
        Execution execution = paused("budget");
        Http.Reply first = http.post(action(execution, "resume"), answer(execution, YES), "X-User", "ann");
        assertThat(first.status()).isEqualTo(200);
        assertThat(first.body()).containsEntry("status", "paused").containsEntry("closes", false);
        Http.Reply reply = http.get(path(execution));
        assertThat(reply.get("votes")).isEqualTo(List.of(Map.of("by", "ann", "at", inMillis(clock.instant()))));
        assertProblem(
                http.post(action(execution, "resume"), answer(execution, YES), "X-User", "ann"), 403, "forbidden");
        Http.Reply last = http.post(action(execution, "resume"), answer(execution, YES), "X-User", "bob");
        assertThat(last.body()).containsEntry("status", "resumed").containsEntry("closes", true);
    }

    @Test
    void claimsAndReleases() throws Exception {
        Execution execution = paused("expense");
        Http.Reply claimed = http.post(
                action(execution, "claim"),
                Map.of("nodeId", question(execution).token().nodeId(), "lease", 60_000),
                "X-User",
                "ann");
        assertThat(claimed.status()).as(claimed.response().body()).isEqualTo(200);
        assertThat(claimed.body()).containsEntry("status", "claimed").containsKey("tokenId");
        assertThat(claimed.get("claim"))
                .isEqualTo(Map.of("by", "ann", "until", inMillis(clock.instant().plusSeconds(60))));

        Http.Reply taken = http.post(action(execution, "claim"), named(execution), "X-User", "bob");
        assertProblem(taken, 409, "already_claimed");
        Http.Reply answered = http.post(action(execution, "resume"), answer(execution, YES), "X-User", "bob");
        assertProblem(answered, 409, "already_claimed");
        assertThat(answered.get("claim")).isEqualTo(claimed.get("claim"));
        assertProblem(
                http.post(action(execution, "release"), named(execution), "X-User", "bob"), 409, "already_claimed");

        Http.Reply released = http.post(action(execution, "release"), named(execution), "X-User", "ann");
        assertThat(released.body()).containsEntry("status", "open");
        assertThat(http.post(action(execution, "resume"), answer(execution, YES), "X-User", "bob")
                        .status())
                .isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "-1", "604800001", "\"x\"", "1.5", "99999999999999999999", "[]"})
    void refusesALeaseThatIsNone(String lease) throws Exception {
        Execution execution = paused("expense");
        Http.Reply reply = http.post(
                action(execution, "claim"),
                "{\"tokenId\":\"" + question(execution).token().tokenId() + "\",\"lease\":" + lease + "}",
                "X-User",
                "ann");
        assertProblem(reply, 400, "invalid_message");
        assertThat(question(execution).claim()).isNull();
    }

    @Test
    void refusesToClaimForNobodyOrNothing() throws Exception {
        Execution execution = paused("expense");
        assertProblem(http.post(action(execution, "claim"), named(execution)), 403, "forbidden");
        assertProblem(http.post(action(execution, "claim"), Map.of(), "X-User", "ann"), 400, "invalid_message");
        assertProblem(
                http.post(action(execution, "claim"), Map.of("nodeId", "none"), "X-User", "ann"),
                404,
                "interaction_not_found");
        assertProblem(
                http.post("/executions/none/claim", Map.of("nodeId", "x"), "X-User", "ann"),
                404,
                "execution_not_found");
        Map<String, Object> named = named(execution);
        http.post(action(execution, "resume"), answer(execution, YES), "X-User", "bob");
        assertProblem(http.post(action(execution, "claim"), named, "X-User", "ann"), 409, "already_resolved");
        assertProblem(http.post(action(execution, "release"), named, "X-User", "ann"), 409, "already_resolved");
    }

    @Test
    @DisplayName("while a command is under way, the same one is told to come again in a second, not in a minute")
    void theSameCommandWhileItIsUnderWay() throws Exception {
        Execution execution = paused("expense");
        Queue<Http.Reply> repeated = new ConcurrentLinkedQueue<>();
        // Told by the thread that claims, before it is done with it.
        flows.executions().onInteraction(changed -> repeated.add(claim(execution)));
        assertThat(claim(execution).status()).isEqualTo(200);
        Http.Reply refused = repeated.remove();
        assertProblem(refused, 429, "rate_limited");
        assertThat(refused.header("Retry-After")).isEqualTo("1");
        assertThat(claim(execution).status()).isEqualTo(200);
        assertThat(repeated).isEmpty();
    }

    private Http.Reply claim(Execution execution) {
        try {
            return http.post(
                    action(execution, "claim"), named(execution), "X-User", "ann", "Idempotency-Key", "the same");
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    @Test
    @DisplayName("claims cannot flood a log: too many of them are refused, and it is said for how long")
    void limitsTheRateOfClaims() throws Exception {
        Execution execution = paused("expense");
        for (int i = 0; i < 5; i++) {
            http.post(action(execution, "claim"), named(execution), "X-User", "ann");
            http.post(action(execution, "release"), named(execution), "X-User", "ann");
        }
        Http.Reply refused = http.post(action(execution, "claim"), named(execution), "X-User", "ann");
        assertProblem(refused, 429, "rate_limited");
        assertThat(refused.header("Retry-After")).isEqualTo("60");
    }

    @Test
    @DisplayName(
            "what you saw is what you approve: an answer to something else is stale, and it is said what has changed")
    void tellsWhatHasChangedSince() throws Exception {
        Execution execution = paused("expense");
        String seen = Question.contextHash(question(execution).question().context());
        Map<String, Object> now = Map.of("amount", 9_000, "item", Map.of("name", "desk", "a/b", 2), "new", List.of(1));
        flows.interactions().revise(question(execution).token(), now, null);

        Map<String, Object> body = Map.of("tokenId", question(execution).token().tokenId(), "data", YES, "seen", seen);
        Http.Reply stale = http.post(action(execution, "resume"), body, "X-User", "ann");
        assertProblem(stale, 409, "stale");
        assertThat(stale.get("contextData")).isEqualTo(now);
        assertThat(stale.get("seenData")).isEqualTo(Map.of("amount", 250, "item", Map.of("name", "desk", "a/b", 1)));
        assertThat((List<?>) stale.get("changes"))
                .asInstanceOf(org.assertj.core.api.InstanceOfAssertFactories.LIST)
                .containsExactlyInAnyOrder(
                        Map.of("path", "/amount", "before", 250, "after", 9_000),
                        Map.of("path", "/item/a~1b", "before", 1, "after", 2),
                        Map.of("path", "/new", "after", List.of(1)));
        assertThat(execution.status()).isEqualTo(ExecutionStatus.PAUSED);

        Map<String, Object> again =
                Map.of("tokenId", question(execution).token().tokenId(), "data", YES, "seen", stale.get("contextHash"));
        assertThat(http.post(action(execution, "resume"), again, "X-User", "ann")
                        .status())
                .isEqualTo(200);
    }

    @Test
    void changesAreBounded() {
        Map<String, Object> many = new java.util.LinkedHashMap<>();
        for (int i = 0; i < 1_000; i++) {
            many.put("name" + i, i);
        }
        assertThat(ShownChanges.between(many, null)).hasSize(ShownChanges.MAX_CHANGES);
        assertThat(ShownChanges.between(many, many)).isEmpty();
    }

    @Test
    @DisplayName("the policy is asked about each interaction, besides its execution: not seen looks like not there")
    void asksThePolicyAboutTheQuestion() throws Exception {
        serve(AccessPolicy.ASSIGNED);
        Execution execution = paused("expense");
        Http.Reply hidden = http.get(path(execution), "X-User", "eve");
        Http.Reply missing = http.get("/interactions/" + execution.id() + "/none", "X-User", "eve");
        assertProblem(hidden, 404, "interaction_not_found");
        assertThat(hidden.body()).isEqualTo(missing.body());
        for (String action : List.of("claim", "release", "resume")) {
            assertProblem(
                    http.post(action(execution, action), answer(execution, YES), "X-User", "eve"),
                    404,
                    "interaction_not_found");
        }
        assertThat(execution.status()).isEqualTo(ExecutionStatus.PAUSED);
        String[] ann = {"X-User", "ann", "X-Group", "managers"};
        assertThat(http.get(path(execution), ann).status()).isEqualTo(200);
        assertThat(http.post(action(execution, "claim"), named(execution), ann).status())
                .isEqualTo(200);
        assertThat(http.post(action(execution, "resume"), answer(execution, YES), ann)
                        .status())
                .isEqualTo(200);
    }

    @Test
    void mayAllowToSeeAQuestionButNotToAnswerIt() throws Exception {
        serve(new AccessPolicy() {
            @Override
            public boolean permits(
                    Identity who, Action action, @Nullable String workflowId, @Nullable String executionId) {
                return true;
            }

            @Override
            public boolean permits(Identity who, Action action, Interaction interaction) {
                return action == Action.VIEW || who.name().equals("ann");
            }
        });
        Execution execution = paused("expense");
        assertThat(http.get(path(execution), "X-User", "eve").status()).isEqualTo(200);
        for (String action : List.of("claim", "release", "resume")) {
            assertProblem(
                    http.post(action(execution, action), answer(execution, YES), "X-User", "eve"), 403, "forbidden");
        }
        String link = link(execution, Identity.of("eve"));
        assertThat(http.get("/links/" + link).status()).isEqualTo(200);
        assertProblem(http.post("/links/" + link, Map.of("data", YES)), 403, "forbidden");
    }

    @Test
    void leavesOutWhatIsTooLarge() throws Exception {
        server.close();
        bridge.close();
        bridge = CheckedBridge.of(FlowScriptBridge.builder(flows)
                .wire(io.flowscript.json.protocol.WireSettings.DEFAULTS.maxValueBytes(60))
                .build());
        server = FlowScriptWebSocketServer.builder(bridge).start();
        http = new Http(server.uri());
        Http.Reply reply = http.get(path(paused("expense")));
        assertThat(reply.get("omitted")).isEqualTo(List.of("nodeInfo.formSchema"));
        assertThat(object(reply, "nodeInfo")).doesNotContainKey("formSchema").containsKey("contextData");
    }

    @Test
    @DisplayName("a link shows the interaction and answers it, with no other identity than its own")
    void answersByLink() throws Exception {
        Execution execution = paused("expense");
        String link = "/links/" + link(execution, ANN);

        Http.Reply shown = http.get(link);
        assertThat(shown.status()).as(shown.response().body()).isEqualTo(200);
        assertThat(shown.body())
                .containsEntry("as", "ann")
                .containsEntry("status", "open")
                .containsEntry("until", inMillis(clock.instant().plus(Duration.ofDays(1))))
                .doesNotContainKeys("only", "tokenId", "executionId", "history");
        assertThat(object(shown, "nodeInfo"))
                .containsEntry("formSchema", FORM)
                .containsKeys("contextData", "contextHash", "defaultValues");
        assertThat(shown.header("Referrer-Policy")).isEqualTo("no-referrer");
        assertThat(shown.header("Cache-Control")).isEqualTo("no-store");

        Http.Reply answered = http.post(link, Map.of("data", YES), "X-User", "eve");
        assertThat(answered.status()).as(answered.response().body()).isEqualTo(200);
        assertThat(answered.body()).containsEntry("status", "resumed").doesNotContainKey("executionId");
        assertThat(answered.header("Referrer-Policy")).isEqualTo("no-referrer");
        await().until(() -> execution.status() == ExecutionStatus.COMPLETED);
        assertThat(execution.state("$.answer").raw()).isEqualTo(YES);
        assertThat(execution.snapshot().closed().get(0).replies().get(0).by()).isEqualTo(ANN);

        assertThat(http.post(link, Map.of("data", YES)).body()).isEqualTo(answered.body());
        assertProblem(http.post(link, Map.of("data", NO)), 409, "idempotency_conflict");
        Http.Reply spent = http.get(link);
        assertThat(spent.body())
                .containsEntry("status", "answered")
                .containsKey("closedAt")
                .doesNotContainKeys("nodeInfo", "claim");
    }

    @Test
    @DisplayName("nothing but POST answers: what a mail scanner does leaves the interaction open")
    void lookingNeverAnswers() throws Exception {
        Execution execution = paused("expense");
        String link = "/links/"
                + links.sign(
                        AnswerLink.to(question(execution), ANN, clock.instant().plusSeconds(60))
                                .onlyAnswering(YES));
        long before = execution.events().latest();
        for (int i = 0; i < 10; i++) {
            assertThat(http.get(link).get("only")).isEqualTo(YES);
            assertThat(http.send("HEAD", link, null).status()).isEqualTo(200);
            assertThat(http.send("OPTIONS", link, null).header("Allow")).isEqualTo("GET, HEAD, POST, OPTIONS");
            assertProblem(http.send("PUT", link, "{}"), 405, null);
        }
        assertThat(execution.events().latest()).isEqualTo(before);
        assertThat(http.post(link, Map.of()).status()).isEqualTo(200);
    }

    @Test
    void aLinkForOneAnswerTakesNoOther() throws Exception {
        Execution execution = paused("expense");
        String link = "/links/"
                + links.sign(
                        AnswerLink.to(question(execution), ANN, clock.instant().plusSeconds(60))
                                .onlyAnswering(YES));
        assertProblem(http.post(link, Map.of("data", NO)), 403, "forbidden");
        assertThat(http.post(link, Map.of("data", YES)).status()).isEqualTo(200);
    }

    @Test
    void aLinkAnswersNothingByItself() throws Exception {
        Execution execution = paused("expense");
        String link = "/links/" + link(execution, ANN);
        assertProblem(http.post(link, Map.of()), 400, "invalid_message");
        assertProblem(http.post(link, ""), 400, "invalid_message");
        Http.Reply invalid = http.post(link, Map.of("data", Map.of("decision", "perhaps")));
        assertProblem(invalid, 422, "validation_failed");
        assertThat((List<?>) invalid.get("violations")).hasSize(1);
        assertThat(http.post(link, Map.of("data", YES)).status()).isEqualTo(200);
    }

    @Test
    void refusesALinkThatIsNone() throws Exception {
        Execution execution = paused("expense");
        String good = link(execution, ANN);
        String forged = AnswerLinks.signedWith(key(2))
                .sign(AnswerLink.to(question(execution), ANN, clock.instant().plusSeconds(60)));
        for (String bad : List.of(
                "x", forged, good.substring(1), good.substring(0, good.length() - 1), good + "A", "1".repeat(5_000))) {
            Http.Reply shown = http.get("/links/" + bad);
            assertProblem(shown, 404, "invalid_link");
            assertThat(shown.header("Referrer-Policy")).isEqualTo("no-referrer");
            assertThat(http.post("/links/" + bad, Map.of("data", YES)).body()).isEqualTo(shown.body());
        }
        clock.advance(Duration.ofDays(1));
        assertProblem(http.get("/links/" + good), 410, "link_expired");
        assertProblem(http.post("/links/" + good, Map.of("data", YES)), 410, "link_expired");
        assertThat(execution.status()).isEqualTo(ExecutionStatus.PAUSED);
    }

    @Test
    @DisplayName("a link is stale once something else is shown; who looked again answers with that")
    void aLinkIsStaleToo() throws Exception {
        Execution execution = paused("expense");
        String link = "/links/" + link(execution, ANN);
        flows.interactions().revise(question(execution).token(), Map.of("amount", 9_000), null);
        Http.Reply stale = http.post(link, Map.of("data", YES));
        assertProblem(stale, 409, "stale");
        String hash = (String) object(http.get(link), "nodeInfo").get("contextHash");
        assertThat(hash).isEqualTo(stale.get("contextHash"));
        assertThat(http.post(link, Map.of("data", YES, "seen", hash)).status()).isEqualTo(200);
    }

    @Test
    @DisplayName(
            "a link does not outlive its person's right: whom the interaction was taken from does not answer any more")
    void aLinkIsNoWayAroundThePolicy() throws Exception {
        serve(AccessPolicy.ASSIGNED);
        Execution execution = paused("expense");
        String link = "/links/" + link(execution, Identity.of("eve"));
        assertProblem(http.get(link), 403, "forbidden");
        assertProblem(http.post(link, Map.of("data", YES)), 403, "forbidden");
        assertThat(http.post("/links/" + link(execution, ANN), Map.of("data", YES))
                        .status())
                .isEqualTo(200);
    }

    @Test
    @DisplayName("nor the right to its execution, also where the policy decides about interactions alone")
    void aLinkNeedsTheExecutionToo() throws Exception {
        serve(new AccessPolicy() {
            @Override
            public boolean permits(Identity who, Action action, String workflowId, String executionId) {
                return executionId == null;
            }

            @Override
            public boolean permits(Identity who, Action action, Interaction interaction) {
                return true;
            }
        });
        String link = "/links/" + link(paused("expense"), ANN);
        assertProblem(http.get(link), 403, "forbidden");
        assertProblem(http.post(link, Map.of("data", YES)), 403, "forbidden");
    }

    @Test
    void aForeignPageCannotUseALink() throws Exception {
        Execution execution = paused("expense");
        String link = "/links/" + link(execution, ANN);
        assertProblem(http.post(link, Map.of("data", YES), "Origin", "https://evil.example"), 403, "forbidden");
        assertProblem(http.send("POST", link, "{\"data\":1}", "Content-Type", "text/plain"), 415, null);
        try (RawClient raw = RawClient.to(server.port())) {
            raw.send(("GET " + link + " HTTP/1.1\r\nHost: evil.example\r\n\r\n")
                    .getBytes(java.nio.charset.StandardCharsets.US_ASCII));
            assertThat(raw.readAnswer().status()).isEqualTo(403);
        }
    }

    @Test
    void withoutKeysThereAreNoLinks() throws Exception {
        try (FlowScriptWebSocketServer plain =
                FlowScriptWebSocketServer.builder(bridge).start()) {
            Http.Reply reply = new Http(plain.uri()).get("/links/" + link(paused("expense"), ANN));
            assertProblem(reply, 404, null);
        }
    }

    private List<String> listed(String query, String... headers) throws Exception {
        Http.Reply reply = http.get("/interactions?limit=2&" + query, headers);
        List<String> found = new ArrayList<>();
        while (true) {
            assertThat(reply.status()).as(reply.response().body()).isEqualTo(200);
            for (Object row : (List<?>) reply.get("interactions")) {
                found.add((String) ((Map<?, ?>) row).get("executionId"));
            }
            if (reply.get("next") == null) {
                return found;
            }
            reply = http.get("/interactions?limit=2&" + query + "&cursor=" + reply.get("next"), headers);
        }
    }

    private Object counted(String query, String... headers) throws Exception {
        Http.Reply reply = http.get("/interactions/count?" + query, headers);
        assertThat(reply.get("exact")).as(reply.response().body()).isEqualTo(true);
        return reply.get("count");
    }

    private String pausedAs(String id, String workflowId) {
        Execution execution = flows.start(workflowId, Map.of(), id);
        await().until(() -> execution.status() == ExecutionStatus.PAUSED);
        clock.advance(Duration.ofMillis(1));
        return id;
    }

    @Test
    @DisplayName("Who has seen an interaction is told by an ack of the event that asked it")
    void acknowledges() throws Exception {
        Execution execution = flows.executions().find(pausedAs("e", "expense")).orElseThrow();
        String epoch = execution.events().epoch();
        long seq = question(execution).seq();
        String path = action(execution, "ack");
        Map<?, ?> row = (Map<?, ?>) ((List<?>) http.get("/interactions").get("interactions")).get(0);
        assertThat(row.get("seenBy")).isEqualTo(List.of());
        assertThat(row.get("position")).isEqualTo(epoch + ":" + seq);

        for (String early : List.of(epoch + ":" + (seq - 1), "another:" + seq)) {
            Http.Reply reply = http.post(path, Map.of("position", early), "X-User", "ann");
            assertThat(reply.status()).isEqualTo(204);
            assertThat(reply.response().body()).isEmpty();
        }
        assertThat(listed("unseen=true")).containsExactly("e");
        assertThat(counted("unseen=true")).isEqualTo(1);

        assertThat(http.post(path, Map.of("position", row.get("position")), "X-User", "ann")
                        .status())
                .isEqualTo(204);
        assertThat(listed("unseen=true")).isEmpty();
        assertThat(counted("unseen=true")).isEqualTo(0);
        assertThat(listed("unseen=false")).containsExactly("e");
        row = (Map<?, ?>) ((List<?>) http.get("/interactions").get("interactions")).get(0);
        assertThat(row.get("seenBy")).isEqualTo(List.of("ann"));
        assertThat(question(execution).seenBy()).containsExactly("ann");

        assertProblem(http.post(path, Map.of()), 400, "invalid_message");
        assertProblem(http.post(path, Map.of("position", "4")), 400, "invalid_message");
        assertProblem(http.post("/executions/none/ack", Map.of("position", "x:4")), 404, "execution_not_found");
        assertProblem(http.get("/interactions?unseen=perhaps"), 400, "invalid_message");
    }

    @Test
    @DisplayName("F30: what one may not see one cannot have seen")
    void acknowledgesOnlyWhatMayBeSeen() throws Exception {
        serve(new AccessPolicy() {
            @Override
            public boolean permits(
                    Identity who, Action action, @Nullable String workflowId, @Nullable String executionId) {
                return !who.name().equals("stranger");
            }

            @Override
            public boolean permits(Identity who, Action action, Interaction interaction) {
                return who.name().equals("ann");
            }
        });
        Execution execution = paused("expense");
        Map<String, ?> ack = Map.of("position", execution.events().epoch() + ":99");
        assertProblem(http.post(action(execution, "ack"), ack, "X-User", "stranger"), 404, "execution_not_found");
        assertThat(http.post(action(execution, "ack"), ack, "X-User", "eve").status())
                .isEqualTo(204);
        assertThat(question(execution).seenBy()).isEmpty();
        http.post(action(execution, "ack"), ack, "X-User", "ann");
        assertThat(question(execution).seenBy()).containsExactly("ann");
    }

    @Test
    void listsAndCountsWhatIsAsked() throws Exception {
        for (int i = 0; i < 5; i++) {
            pausedAs("e" + i, "expense");
        }
        pausedAs("b0", "budget");
        Execution answered = flows.executions().find("e1").orElseThrow();
        http.post(action(answered, "resume"), answer(answered, YES), "X-User", "ann");
        Execution claimed = flows.executions().find("e2").orElseThrow();
        http.post(action(claimed, "claim"), named(claimed), "X-User", "ann");

        assertThat(listed("")).containsExactly("e0", "e2", "e3", "e4", "b0");
        assertThat(listed("sort=newest")).containsExactly("b0", "e4", "e3", "e2", "e0");
        assertThat(listed("sort=deadline")).containsExactly("e0", "e2", "e3", "e4", "b0");
        assertThat(listed("status=answered")).containsExactly("e1");
        assertThat(listed("status=answered,claimed")).containsExactly("e1", "e2");
        assertThat(listed("workflowId=budget")).containsExactly("b0");
        assertThat(listed("executionId=e3")).containsExactly("e3");
        assertThat(listed("group=managers&workflowId=expense")).containsExactly("e0", "e2", "e3", "e4");
        assertThat(listed("assignee=ann")).isEmpty();
        assertThat(listed("claimedBy=ann")).containsExactly("e2");
        assertThat(listed("text=DESK")).containsExactly("e0", "e2", "e3", "e4");
        assertThat(listed("text=nothing")).isEmpty();
        assertThat(listed("mine=true", "X-User", "eve")).containsExactly("b0");
        assertThat(listed("mine=false", "X-User", "eve")).hasSize(5);
        assertThat(listed("mine=true", "X-User", "ann", "X-Group", "managers")).hasSize(5);
        assertThat(counted("")).isEqualTo(5);
        assertThat(counted("status=answered")).isEqualTo(1);
        assertThat(counted("text=desk")).isEqualTo(4);
        assertThat(counted("mine=true", "X-User", "eve")).isEqualTo(1);

        Map<?, ?> row =
                (Map<?, ?>) ((List<?>) http.get("/interactions?executionId=e2").get("interactions")).get(0);
        assertThat(row.keySet().stream().map(String::valueOf))
                .containsExactlyInAnyOrder(
                        "executionId",
                        "nodeId",
                        "tokenId",
                        "workflowId",
                        "nodeName",
                        "step",
                        "title",
                        "status",
                        "seenBy",
                        "position",
                        "requestedAt",
                        "deadline",
                        "claim",
                        "groups");
        assertThat(row.get("title")).isEqualTo("Approve?");
        assertThat(row.get("status")).isEqualTo("claimed");
    }

    @Test
    @DisplayName("what one may not see is neither listed nor counted")
    void listsOnlyWhatMayBeSeen() throws Exception {
        serve(AccessPolicy.ASSIGNED);
        pausedAs("e0", "expense");
        pausedAs("b0", "budget");
        assertThat(listed("", "X-User", "eve")).containsExactly("b0");
        assertThat(counted("", "X-User", "eve")).isEqualTo(1);
        assertThat(listed("", "X-User", "ann", "X-Group", "managers")).containsExactly("e0", "b0");
        assertThat(counted("", "X-User", "ann", "X-Group", "managers")).isEqualTo(2);

        serve((who, action, workflowId, executionId) -> !"budget".equals(workflowId));
        assertThat(listed("")).containsExactly("e0");
        assertThat(counted("")).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "limit=0",
                "limit=1001",
                "status=nonsense",
                "status=open,",
                "mine=1",
                "sort=OLDEST",
                "cursor=x",
                "text=a&text=b"
            })
    void refusesAQueryThatMakesNoSense(String query) throws Exception {
        assertProblem(http.get("/interactions?" + query), 400, "invalid_message");
        assertProblem(http.get("/interactions?text=" + "x".repeat(257)), 400, "invalid_message");
    }

    @Test
    void usesTheInboxOfTheApplicationAndLeavesItOpen() throws Exception {
        pausedAs("e0", "expense");
        try (Inbox inbox = Inbox.of(flows)) {
            FlowScriptBridge shared = CheckedBridge.of(
                    FlowScriptBridge.builder(flows).inbox(inbox).build());
            FlowScriptWebSocketServer other =
                    FlowScriptWebSocketServer.builder(shared).start();
            try (shared;
                    other) {
                assertThat(new Http(other.uri()).get("/interactions/count").get("count"))
                        .isEqualTo(1);
            }
            assertThat(inbox.count(InboxQuery.OPEN).value()).isEqualTo(1);
        }
    }

    @Test
    @DisplayName("the title in the hints, where built-in nodes have it, is the title of the entry")
    void theTitleInTheHintsIsShown() throws Exception {
        paused("hinted");
        Map<?, ?> row = (Map<?, ?>) ((List<?>) http.get("/interactions").get("interactions")).get(0);
        assertThat(row.get("title")).isEqualTo("bob asks for 250");
    }
}
