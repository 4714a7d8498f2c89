package io.flowscript.events.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flowscript.core.Identity;
import io.flowscript.core.bridge.AccessPolicy;
import io.flowscript.core.bridge.AccessPolicy.Action;
import io.flowscript.core.bridge.ClientInfo;
import io.flowscript.core.bridge.ClientInfo.Framing;
import io.flowscript.core.bridge.ClientSession;
import io.flowscript.core.interaction.AnswerOptions;
import io.flowscript.core.interaction.Interaction;
import io.flowscript.core.runtime.Question;
import io.flowscript.engine.Execution;
import io.flowscript.events.inbox.InboxQuery;
import io.flowscript.events.memory.MemoryClient;
import io.flowscript.events.operations.Operations;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** Clients that list, follow, claim and answer what is asked. */
final class InboxFeedTest {

    @Test
    void aClientListsWhatIsAskedPageByPage() {
        try (Fixture fixture = new Fixture()) {
            for (int i = 0; i < 5; i++) {
                ask(fixture, "e" + i);
                fixture.pass(Duration.ofSeconds(1));
            }
            MemoryClient client = fixture.connect();
            Map<String, Object> first = ask(fixture, client, Map.of("limit", 3, "count", true));
            assertThat(ids(first)).containsExactly("e0", "e1", "e2");
            assertThat(first).containsEntry("total", 5).containsEntry("exact", true);
            Map<String, Object> second = ask(fixture, client, Map.of("limit", 3, "cursor", first.get("next")));
            assertThat(ids(second)).containsExactly("e3", "e4");
            assertThat(second).doesNotContainKeys("next", "total");
            assertThat(ids(ask(fixture, client, Map.of("executionId", "e3")))).containsExactly("e3");
            assertThat(ids(ask(fixture, client, Map.of("olderThan", 4_000)))).containsExactly("e0");
            assertThat(ids(ask(fixture, client, Map.of("status", "answered")))).isEmpty();
            assertThat(ids(ask(fixture, client, Map.of("text", "ASK")))).hasSize(5);
            assertThat(ask(fixture, client, Map.of("cursor", "nonsense"))).containsEntry("code", "invalid_message");
        }
    }

    @Test
    void aClientIsToldWhatChangesUntilItHasEnough() {
        try (Fixture fixture = new Fixture()) {
            MemoryClient client = fixture.connect();
            assertThat(ids(ask(fixture, client, Map.of("live", true)))).isEmpty();
            client.clear();
            Execution execution = ask(fixture, "e");
            String nodeId = nodeId(execution);
            client.claim("e", nodeId);
            fixture.run();
            answer(fixture, execution, "alice");
            assertThat(told(client)).containsExactly("changed open", "changed claimed", "gone");

            client.clear();
            client.unsubscribe(Map.of("interactions", true));
            fixture.run();
            assertThat(MemoryClient.data(client.await("unsubscribed"))).containsEntry("interactions", true);
            ask(fixture, "late");
            assertThat(told(client)).isEmpty();
        }
    }

    @Test
    void aSlowClientIsToldTheLatestOnly() {
        try (Fixture fixture = new Fixture()) {
            MemoryClient client = fixture.connect(Framing.SINGLE);
            ask(fixture, client, Map.of("live", true));
            client.clear();
            client.stall();
            List<Execution> asked = new ArrayList<>();
            for (int i = 0; i < 400; i++) {
                asked.add(ask(fixture, "e" + i));
            }
            asked.forEach(one -> answer(fixture, one, "bob"));
            client.resumeReading();
            fixture.run();
            List<String> told = told(client);
            assertThat(told).hasSizeLessThan(400);
            assertThat(told.stream().filter("gone"::equals).count())
                    .isEqualTo(told.stream().filter("changed open"::equals).count());
        }
    }

    @Test
    void aClientThatTakesAllAtOnceIsToldOfMoreThanOneBatch() {
        try (Fixture fixture = new Fixture()) {
            FakeChannel channel = new FakeChannel();
            ClientSession session =
                    fixture.bridge.connect(channel, new ClientInfo(Identity.of("alice"), Framing.SINGLE));
            channel.automatic = true;
            fixture.run();
            session.receive(
                    ByteBuffer.wrap(
                            "{\"type\":\"interactions\",\"data\":{\"live\":true}}".getBytes(StandardCharsets.UTF_8)),
                    () -> {});
            fixture.run();
            channel.automatic = false;
            for (int i = 0; i < 200; i++) {
                ask(fixture, "e" + i);
            }
            channel.automatic = true;
            channel.sent();
            fixture.run();

            assertThat(channel.frames.stream().filter(frame -> frame.contains("interaction_changed")))
                    .hasSizeGreaterThanOrEqualTo(200);
        }
    }

    @Test
    void whoMayNotSeeAQuestionLearnsNothingOfIt() {
        AccessPolicy policy = AccessPolicy.ASSIGNED;
        try (Fixture fixture = Fixture.with().policy(policy(policy, "bob")).build()) {
            MemoryClient alice = fixture.connect("alice", Framing.LINES);
            MemoryClient bob = fixture.connect("bob", Framing.LINES);
            ask(fixture, alice, Map.of("live", true));
            ask(fixture, bob, Map.of("live", true));
            alice.clear();
            Execution execution = ask(fixture, "e");
            assertThat(told(alice)).isEmpty();
            assertThat(told(bob)).containsExactly("changed open");
            assertThat(ids(ask(fixture, alice, Map.of()))).isEmpty();
            assertThat(ask(fixture, alice, Map.of("count", true))).containsEntry("total", 0);

            String claim = alice.claim("e", nodeId(execution));
            String resume = alice.resume("e", nodeId(execution), 1);
            String wrong = alice.claim("e", "ask-99");
            fixture.run();
            assertThat(data(alice, claim)).containsEntry("code", "interaction_not_found");
            assertThat(data(alice, resume)).containsEntry("code", "interaction_not_found");
            assertThat(data(alice, wrong).get("message"))
                    .isEqualTo(data(alice, claim).get("message"));
            assertThat(execution.interactions()).hasSize(1);
        }
    }

    @Test
    void whoMaySeeAQuestionAndNotAnswerItIsForbidden() {
        AccessPolicy lookOnly = new AccessPolicy() {
            @Override
            public boolean permits(Identity who, Action action, String workflowId, String executionId) {
                return true;
            }

            @Override
            public boolean permits(Identity who, Action action, Interaction interaction) {
                return action == Action.VIEW;
            }
        };
        try (Fixture fixture = Fixture.with().policy(lookOnly).build()) {
            MemoryClient client = fixture.connect();
            Execution execution = ask(fixture, "e");
            String claim = client.claim("e", nodeId(execution));
            String release = client.release("e", nodeId(execution));
            String resume = client.resume("e", nodeId(execution), 1);
            fixture.run();
            for (String request : List.of(claim, release, resume)) {
                assertThat(data(client, request)).containsEntry("code", "forbidden");
            }
            assertThat(execution.interactions()).hasSize(1);
        }
    }

    @Test
    void whoIsNotToSeeAQuestionAnyMoreIsToldThatItIsGone() {
        AtomicBoolean blind = new AtomicBoolean();
        AccessPolicy policy = (who, action, workflowId, executionId) -> !blind.get();
        try (Fixture fixture = Fixture.with().policy(policy).build()) {
            MemoryClient client = fixture.connect();
            Execution execution = ask(fixture, "e");
            ask(fixture, client, Map.of("live", true));
            client.clear();
            fixture.flows
                    .interactions()
                    .claim(execution.interactions().get(0).token(), Identity.of("bob"), Duration.ofHours(1));
            blind.set(true);
            fixture.run();
            assertThat(told(client)).doesNotContain("changed claimed");
        }
    }

    @Test
    void aClaimIsOnesAndGivenBack() {
        try (Fixture fixture = new Fixture()) {
            MemoryClient alice = fixture.connect("alice", Framing.LINES);
            MemoryClient bob = fixture.connect("bob", Framing.LINES);
            Execution execution = ask(fixture, "e");
            String nodeId = nodeId(execution);
            String first = alice.claim("e", nodeId);
            fixture.run();
            assertThat(data(alice, first)).containsEntry("by", "alice").containsKeys("until", "tokenId");
            String second = bob.claim("e", nodeId);
            String back = bob.release("e", nodeId);
            String answer = bob.resume("e", nodeId, 1);
            fixture.run();
            for (String request : List.of(second, back, answer)) {
                assertThat(data(bob, request)).containsEntry("code", "already_claimed");
            }
            String release = alice.release("e", nodeId);
            fixture.run();
            assertThat(data(alice, release)).containsEntry("by", "alice");
            assertThat(execution.interactions().get(0).claim()).isNull();
            String none = alice.claim("nowhere", nodeId);
            fixture.run();
            assertThat(data(alice, none)).containsEntry("code", "execution_not_found");
        }
    }

    @Test
    void whoSawSomethingElseIsToldWhatHasChanged() {
        try (Fixture fixture = new Fixture()) {
            MemoryClient client = fixture.connect();
            Execution execution = ask(fixture, "e");
            Interaction asked = execution.interactions().get(0);
            String seen = Question.contextHash(asked.question().context());
            fixture.flows.interactions().revise(asked.token(), Map.of("secret", "yes"), null);
            String stale = client.resume(
                    Map.of("executionId", "e", "tokenId", asked.token().tokenId(), "data", 1, "seen", seen));
            fixture.run();
            Map<String, Object> data = data(client, stale);
            assertThat(data).containsEntry("code", "stale");
            assertThat(data.get("changes"))
                    .isEqualTo(List.of(Map.of("path", "/secret", "before", "no", "after", "yes")));
            String again = client.resume(Map.of(
                    "executionId",
                    "e",
                    "tokenId",
                    asked.token().tokenId(),
                    "data",
                    1,
                    "seen",
                    data.get("contextHash")));
            fixture.run();
            assertThat(client.awaitReply(again)).containsEntry("type", "resume_success");
        }
    }

    @Test
    void theBridgeClosesItsOwnInbox() {
        try (Fixture fixture = new Fixture()) {
            Operations operations = fixture.bridge.operations();
            assertThat(operations.count(Identity.of("ann"), InboxQuery.OPEN).value())
                    .isZero();
            fixture.bridge.close();
            assertThatThrownBy(() -> operations.count(Identity.of("ann"), InboxQuery.OPEN))
                    .extracting("code")
                    .isEqualTo("server_closing");
        }
    }

    /** What only one person may see. */
    private static AccessPolicy policy(AccessPolicy rest, String only) {
        return new AccessPolicy() {
            @Override
            public boolean permits(Identity who, Action action, String workflowId, String executionId) {
                return rest.permits(who, action, workflowId, executionId);
            }

            @Override
            public boolean permits(Identity who, Action action, Interaction interaction) {
                return who.name().equals(only);
            }
        };
    }

    private static Execution ask(Fixture fixture, String executionId) {
        Execution execution = fixture.flows.start("ask", Map.of(), executionId);
        fixture.run();
        return execution;
    }

    private static void answer(Fixture fixture, Execution execution, String who) {
        fixture.flows
                .interactions()
                .answer(execution.interactions().get(0).token(), 1, AnswerOptions.by(Identity.of(who)));
        fixture.run();
    }

    private static String nodeId(Execution execution) {
        return execution.interactions().get(0).token().nodeId();
    }

    private static Map<String, Object> ask(Fixture fixture, MemoryClient client, Map<String, ?> query) {
        String request = client.interactions(query);
        fixture.run();
        return data(client, request);
    }

    private static Map<String, Object> data(MemoryClient client, String request) {
        return MemoryClient.data(client.awaitReply(request));
    }

    private static List<String> ids(Map<String, Object> page) {
        List<String> ids = new ArrayList<>();
        for (Object interaction : (List<?>) page.get("interactions")) {
            ids.add((String) ((Map<?, ?>) interaction).get("executionId"));
        }
        return ids;
    }

    private static List<String> told(MemoryClient client) {
        List<String> told = new ArrayList<>();
        for (Map<String, Object> message : client.received()) {
            if ("interaction_changed".equals(message.get("type"))) {
                Map<?, ?> now = (Map<?, ?>) MemoryClient.data(message).get("interaction");
                told.add("changed " + now.get("status"));
            } else if ("interaction_gone".equals(message.get("type"))) {
                told.add("gone");
            }
        }
        return told;
    }
}
