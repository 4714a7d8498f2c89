package io.flowscript.events.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flowscript.core.Identity;
import io.flowscript.core.bridge.ClientInfo;
import io.flowscript.core.bridge.ClientInfo.Framing;
import io.flowscript.core.bridge.EventRedactor;
import io.flowscript.core.bridge.Login;
import io.flowscript.core.bridge.Redaction;
import io.flowscript.core.interaction.AnswerOptions;
import io.flowscript.core.interaction.Interaction;
import io.flowscript.core.log.Position;
import io.flowscript.core.observe.FlowScriptObserver;
import io.flowscript.core.runtime.Question;
import io.flowscript.engine.Execution;
import io.flowscript.events.inbox.InboxQuery;
import io.flowscript.events.memory.MemoryClient;
import io.flowscript.events.operations.OperationException;
import io.flowscript.events.operations.Operations;
import io.flowscript.events.operations.Sender;
import io.flowscript.json.protocol.ClientMessage;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** {@code ann} sees everything. From auditors names are masked and what is internal is removed. For {@code eve} the redactor fails. */
@DisplayName("What a redactor hides")
class EventRedactorTest {

    private static final String NAME = "Zaphod";
    private static final String INTERNAL = "Magrathea";
    private static final int AMOUNT = 31_415_926;

    private final AtomicInteger failures = new AtomicInteger();
    private final Fixture fixture = Fixture.with()
            .observer(new FlowScriptObserver() {
                @Override
                public void redactionFailed() {
                    failures.incrementAndGet();
                }
            })
            .bridge(bridges -> bridges.redactor(EventRedactorTest::redact))
            .build();
    private final Map<String, Login> tokens = new HashMap<>();

    private static Redaction redact(Identity who, String workflowId, String executionId) {
        if (who.name().equals("eve")) {
            throw new IllegalStateException("no rights today");
        }
        return who.groups().contains("auditors")
                ? Redaction.NONE.mask("**.name", "by", "seenBy").remove("state.internal", "**.secret")
                : Redaction.NONE;
    }

    @AfterEach
    void close() {
        fixture.close();
    }

    private MemoryClient connect(Login login, Framing framing) {
        MemoryClient client = fixture.transport.connect(
                new ClientInfo(login, null, framing, token -> Optional.ofNullable(tokens.get(token))));
        fixture.run();
        return client;
    }

    private MemoryClient auditor(String name, Framing framing) {
        return connect(Login.of(name, "auditors"), framing);
    }

    private MemoryClient following(MemoryClient client, String executionId) {
        client.subscribe(executionId);
        fixture.run();
        return client;
    }

    /** An execution whose events and state have what is hidden from auditors. */
    private Live busy(String id) {
        fixture.flows.start("live", Map.of("name", NAME, "amount", AMOUNT, "internal", Map.of("planet", INTERNAL)), id);
        fixture.run();
        Live live = fixture.live(id);
        act(live);
        return live;
    }

    private void act(Live live) {
        live.emit("test:paid", Map.of("name", NAME, "amount", AMOUNT, "lines", List.of(Map.of("secret", INTERNAL))));
        live.set("$.customer", Map.of("name", NAME, "amount", AMOUNT));
        live.set("$.internal.more", INTERNAL);
        fixture.run();
    }

    private static String all(MemoryClient client) {
        return client.received().toString();
    }

    private static void assertRedacted(MemoryClient client) {
        assertThat(all(client)).contains(String.valueOf(AMOUNT), Redaction.MASK).doesNotContain(NAME, INTERNAL);
    }

    @ParameterizedTest
    @EnumSource(Framing.class)
    @DisplayName("is in no live event, no replayed one and no status, and each event still comes with its number")
    void liveAndReplayed(Framing framing) {
        MemoryClient early = following(auditor("al", framing), "run");
        MemoryClient all = following(connect(Login.of("ann"), framing), "run");
        Live live = busy("run");
        MemoryClient late = following(auditor("amy", framing), "run");
        act(live);
        live.end();
        fixture.run();
        MemoryClient after = auditor("abe", framing);
        after.subscribe("run", Position.START);
        fixture.run();

        assertThat(all(all)).contains(NAME, INTERNAL).doesNotContain(Redaction.MASK);
        List.of(early, late, after).forEach(EventRedactorTest::assertRedacted);
        assertThat(Messages.seqs(early, "run")).isEqualTo(Messages.seqs(all, "run"));
        assertThat(Messages.seqs(late, "run")).isEqualTo(Messages.seqs(all, "run"));
        Messages.assertSeqs(after, "run", 1, latest("run"));
    }

    @Test
    @DisplayName("is in no event that a filter or conflation has chosen")
    void chosen() {
        MemoryClient client = auditor("al", Framing.LINES);
        client.subscribe(
                Map.of("executionId", "run", "conflate", true, "filter", Map.of("types", List.of("state_updated"))));
        fixture.run();
        busy("run").end();
        fixture.run();

        assertThat(client.events("run")).isNotEmpty();
        assertThat(all(client)).doesNotContain(NAME, INTERNAL);
    }

    @Test
    @DisplayName("leaves no trace in what conflation leaves out: changes that look the same replace each other")
    void conflated() {
        Live live = fixture.startLive("run");
        for (int i = 0; i < 10; i++) {
            live.set("$.internal.k" + i, i);
            live.set("$.open.k" + i, i);
        }
        live.end();
        fixture.run();
        MemoryClient client = auditor("al", Framing.LINES);
        client.subscribe(Map.of("executionId", "run", "conflate", true, "after", 0));
        fixture.run();

        List<?> paths = Messages.ofType(client, "state_updated").stream()
                .map(event -> ((Map<?, ?>) event.get("data")).get("path"))
                .toList();
        assertThat(paths).filteredOn("$.internal"::equals).hasSize(1);
        assertThat(paths).hasSize(11);
    }

    @ParameterizedTest
    @EnumSource(Framing.class)
    @DisplayName("is everything when the redactor throws, which is counted; the events come and nothing hangs")
    void failing(Framing framing) {
        MemoryClient eve = following(connect(Login.of("eve"), framing), "run");
        Live live = busy("run");
        live.end();
        fixture.run();

        assertThat(Messages.seqs(eve, "run")).last().isEqualTo(latest("run"));
        assertThat(all(eve)).doesNotContain(NAME, INTERNAL, String.valueOf(AMOUNT));
        assertThat(failures.get()).isPositive();
        assertThat(fixture.bridge.operations().redaction(Identity.of("eve"), "live", "run"))
                .isEqualTo(Redaction.ALL);
    }

    @Test
    @DisplayName("is everything when the redactor returns null")
    void nothingReturned() {
        Operations operations = Operations.builder(fixture.flows)
                .redactor((who, workflowId, executionId) -> null)
                .build();
        assertThat(operations.redaction(Identity.ANONYMOUS, "w", "e")).isEqualTo(Redaction.ALL);
        assertThat(failures.get()).isEqualTo(1);
        operations.close();
    }

    @Test
    @DisplayName("follows the groups of a login that is renewed, both ways")
    void renewed() {
        MemoryClient client = following(auditor("al", Framing.LINES), "run");
        Live live = busy("run");
        assertRedacted(client);

        tokens.put("all", Login.of("al"));
        authenticate(client, "all");
        client.clear();
        act(live);
        assertThat(all(client)).contains(NAME, INTERNAL).doesNotContain(Redaction.MASK);

        tokens.put("less", Login.of("al", "auditors"));
        authenticate(client, "less");
        client.clear();
        act(live);
        assertRedacted(client);
        assertThat(Messages.seqs(client, "run")).containsExactly(latest("run"));
    }

    private long latest(String id) {
        return fixture.flows.executions().find(id).orElseThrow().events().latest();
    }

    private void authenticate(MemoryClient client, String token) {
        client.send("{\"type\":\"authenticate\",\"data\":{\"token\":\"" + token + "\"}}");
        fixture.run();
    }

    @Test
    @DisplayName("is hidden by an encoding that clients with an equal redaction share, and others do not pay for")
    void encodedOnce() {
        for (int i = 0; i < 5; i++) {
            following(auditor("a" + i, Framing.LINES), "run");
            following(connect(Login.of("b" + i), Framing.LINES), "run");
        }
        busy("run").end();
        fixture.run();

        long latest = latest("run");
        assertThat(fixture.encodings).hasSize((int) (2 * latest));
        assertThat(fixture.encodings.values()).containsOnly(1);
    }

    @Test
    @DisplayName("is not in the bytes that the log keeps of an event")
    void keptBytes() {
        Live live = busy("run");
        MemoryClient first = auditor("al", Framing.LINES);
        first.subscribe("run", Position.START);
        fixture.run();
        MemoryClient second = connect(Login.of("ann"), Framing.LINES);
        second.subscribe("run", Position.START);
        fixture.run();
        live.end();

        assertRedacted(first);
        assertThat(all(second)).contains(NAME, INTERNAL).doesNotContain(Redaction.MASK);
    }

    private Interaction asked(String id) {
        fixture.flows.start("ask", Map.of(), id);
        fixture.run();
        return fixture.flows.executions().find(id).orElseThrow().interactions().get(0);
    }

    private Sender auditor() {
        return new Sender(Identity.of("al", "auditors"), "c");
    }

    @Test
    @DisplayName("is in no interaction, whether it is listed, followed or told by a status")
    void interactions() {
        MemoryClient client = auditor("al", Framing.LINES);
        client.send("{\"type\":\"interactions\",\"data\":{\"live\":true}}");
        following(client, "run");
        Interaction asked = asked("run");
        fixture.flows
                .interactions()
                .revise(asked.token(), Map.of("secret", NAME, "open", String.valueOf(AMOUNT)), Identity.of("ann"));
        fixture.flows.interactions().claim(asked.token(), Identity.of(INTERNAL), Duration.ofMinutes(1));
        fixture.run();
        client.send("{\"type\":\"interactions\",\"data\":{}}");
        fixture.run();

        assertThat(Messages.types(client))
                .contains("interaction_changed", "interactions", "human_interaction_required", "execution_status");
        assertRedacted(client);
    }

    @Test
    @DisplayName("is found by no search: of texts, of people who have claimed")
    void searches() {
        Interaction asked = asked("run");
        fixture.flows
                .interactions()
                .revise(asked.token(), Map.of("secret", NAME, "open", String.valueOf(AMOUNT)), Identity.of("ann"));
        fixture.flows.interactions().claim(asked.token(), Identity.of("bob"), Duration.ofMinutes(1));
        fixture.run();
        Operations operations = fixture.bridge.operations();
        for (InboxQuery hidden : List.of(InboxQuery.OPEN.containing(NAME), InboxQuery.OPEN.claimedBy("bob"))) {
            assertThat(operations
                            .interactions(auditor().who(), hidden, null, 10)
                            .interactions())
                    .isEmpty();
            assertThat(operations.count(auditor().who(), hidden).value()).isZero();
            assertThat(operations
                            .interactions(Identity.of("ann"), hidden, null, 10)
                            .interactions())
                    .hasSize(1);
            assertThat(operations.count(Identity.of("ann"), hidden).value()).isEqualTo(1);
        }
        assertThat(operations
                        .interactions(auditor().who(), InboxQuery.OPEN.containing(String.valueOf(AMOUNT)), null, 10)
                        .interactions())
                .hasSize(1);
    }

    @Test
    @DisplayName("is not told by a refusal: of who has claimed or answered")
    void refusals() {
        Interaction asked = asked("run");
        fixture.flows.interactions().claim(asked.token(), Identity.of(NAME), Duration.ofMinutes(1));
        fixture.run();
        Operations operations = fixture.bridge.operations();
        String token = asked.token().tokenId();
        ClientMessage.Claim claim = new ClientMessage.Claim(null, "run", null, token, null);
        assertNameless(() -> operations.claim(auditor(), claim), "already_claimed");
        assertNameless(() -> operations.answer(auditor(), answer(token, null)), "already_claimed");

        fixture.flows.interactions().answer(asked.token(), 7, AnswerOptions.by(Identity.of(NAME)));
        fixture.run();
        assertNameless(() -> operations.answer(auditor(), answer(token, null)), "already_resolved");
        assertThatThrownBy(() -> operations.answer(new Sender(Identity.of("ann"), "c"), answer(token, null)))
                .hasMessageContaining(NAME);
    }

    private static ClientMessage.Resume answer(String token, String seen) {
        return new ClientMessage.Resume(null, "run", null, token, 5, seen);
    }

    private static void assertNameless(Runnable command, String code) {
        assertThatThrownBy(command::run).isInstanceOfSatisfying(OperationException.class, refused -> {
            assertThat(refused.code()).isEqualTo(code);
            assertThat(refused + " " + refused.details()).doesNotContain(NAME);
        });
    }

    @Test
    @DisplayName("is not found out by answering with guessed hashes: the hash is that of what is shown")
    void guessedHashes() {
        MemoryClient client = following(auditor("al", Framing.LINES), "run");
        Interaction asked = asked("run");
        Map<String, Object> real = Map.of("secret", NAME, "open", String.valueOf(AMOUNT));
        fixture.flows.interactions().revise(asked.token(), real, Identity.of("ann"));
        fixture.run();
        String shown = Question.contextHash(Map.of("open", String.valueOf(AMOUNT)));
        assertThat(Messages.data(client, "human_interaction_revised").get("contextHash"))
                .isEqualTo(shown);

        Operations operations = fixture.bridge.operations();
        String token = asked.token().tokenId();
        assertThatThrownBy(() -> operations.answer(auditor(), answer(token, Question.contextHash(real))))
                .isInstanceOfSatisfying(OperationException.class, refused -> {
                    assertThat(refused.code()).isEqualTo("stale");
                    assertThat(refused.details()).containsEntry("contextHash", shown);
                    assertThat(refused.details().toString()).doesNotContain(NAME);
                });
        assertThat(operations.answer(auditor(), answer(token, shown)).closes()).isTrue();
    }

    @Test
    @DisplayName("is in no reply to a command")
    void replies() {
        MemoryClient client = auditor("al", Framing.LINES);
        client.send(
                "{\"type\":\"execute\",\"id\":\"1\",\"data\":{\"workflowId\":\"live\",\"executionId\":\"run\",\"input\":"
                        + "{\"name\":\"" + NAME + "\",\"amount\":" + AMOUNT + ",\"internal\":\"" + INTERNAL + "\"}}}");
        fixture.run();
        client.send("{\"type\":\"cancel\",\"id\":\"2\",\"data\":{\"executionId\":\"run\"}}");
        fixture.run();
        assertThat(Messages.ofType(client, "execution_status")).hasSize(2);
        assertRedacted(client);
    }

    @Test
    @DisplayName("is gone from memory when no client uses it and there is no room")
    void bounded() {
        EncodedLogs logs = new EncodedLogs(
                (event, redaction, out) -> {
                    out.writeBytes(new byte[1_000]);
                    return false;
                },
                20_000);
        Execution run = fixture.runBurst("run", 50);
        for (int i = 0; i < 100; i++) {
            logs.of(run.events(), Redaction.NONE.mask("p" + i)).lines(run.events(), 0, 100, 1 << 20, () -> {});
        }
        assertThat(logs.bytes()).isLessThanOrEqualTo(20_000);
        assertThat(Set.of(logs.of(run.events(), Redaction.ALL), logs.of(run.events())))
                .hasSize(2);
        EncodedLog same = logs.of(run.events(), Redaction.ALL);
        assertThat(logs.of(run.events(), Redaction.NONE.mask("**"))).isSameAs(same);
    }

    @Test
    @DisplayName("is nothing unless the application says so")
    void byDefault() {
        try (Fixture plain = new Fixture()) {
            assertThat(plain.bridge.operations().redaction(Identity.ANONYMOUS, "w", "e"))
                    .isSameAs(Redaction.NONE);
        }
        assertThat(EventRedactor.NONE.redaction(Identity.ANONYMOUS, "w", "e")).isSameAs(Redaction.NONE);
    }
}
