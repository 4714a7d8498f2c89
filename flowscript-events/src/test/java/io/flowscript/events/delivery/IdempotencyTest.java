package io.flowscript.events.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import io.flowscript.core.FlowScriptException;
import io.flowscript.core.Identity;
import io.flowscript.core.bridge.AccessPolicy.Action;
import io.flowscript.core.bridge.ClientInfo.Framing;
import io.flowscript.core.interaction.Interaction;
import io.flowscript.engine.EngineLimits;
import io.flowscript.engine.Execution;
import io.flowscript.events.memory.MemoryClient;
import io.flowscript.events.operations.Operations;
import io.flowscript.events.operations.Sender;
import io.flowscript.json.protocol.ClientMessage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
@DisplayName("A command that comes again under the same id comes to the same, and changes nothing")
class IdempotencyTest {

    private static final int ROUNDS = 100;
    private static final int THREADS = 64;
    private static final Map<String, Object> BURST = Map.of("workflowId", "burst", "input", Map.of("count", 2));

    private Fixture fixture = new Fixture();
    private MemoryClient client = fixture.connect();

    @AfterEach
    void close() {
        fixture.close();
    }

    @Test
    void executeStartsOnceAcrossConnections() {
        Map<String, Object> first = reply(client, "execute", "k", BURST);
        client.reconnect();
        Map<String, Object> second = reply(client, "execute", "k", BURST);
        MemoryClient tab = fixture.connect();
        Map<String, Object> third = reply(tab, "execute", "k", BURST);

        assertThat(second).containsEntry("type", "execution_status");
        assertThat(executionId(second)).isEqualTo(executionId(first)).isEqualTo(executionId(third));
        assertThat(MemoryClient.data(second)).containsEntry("status", "completed");
        assertThat(fixture.flows.executions().size()).isOne();
    }

    @Test
    void executeUnderAnIdOfTheClientsOwn() {
        Map<String, Object> own = Map.of("workflowId", "burst", "executionId", "own");
        assertThat(executionId(reply(client, "execute", "k", own))).isEqualTo("own");
        assertThat(executionId(reply(client, "execute", "k", own))).isEqualTo("own");

        fixture.startLive("theirs");
        Map<String, Object> taken = Map.of("workflowId", "burst", "executionId", "theirs");
        assertThat(replyCode(client, "execute", "l", taken)).isEqualTo("execution_exists");
        assertThat(replyCode(client, "execute", "l", taken))
                .as("what was refused is not remembered")
                .isEqualTo("execution_exists");
    }

    @Test
    void theSameIdWithSomethingElseIsAConflict() {
        reply(client, "execute", "k", BURST);
        Map<String, Object> other = Map.of("workflowId", "burst", "input", Map.of("count", 3));

        assertThat(replyCode(client, "execute", "k", other)).isEqualTo("idempotency_conflict");
        assertThat(replyCode(client, "execute", "k", Map.of("workflowId", "live")))
                .isEqualTo("idempotency_conflict");
        assertThat(replyCode(client, "cancel", "k", Map.of("executionId", "run")))
                .as("of an execution that is not there, nothing is told")
                .isEqualTo("execution_not_found");
        fixture.startLive("run");
        assertThat(replyCode(client, "cancel", "k", Map.of("executionId", "run")))
                .isEqualTo("idempotency_conflict");
        assertThat(fixture.live("run").execution().status().isEnded()).isFalse();
        assertThat(fixture.flows.executions().size()).isEqualTo(2);
        assertThat(reply(client, "execute", "k", BURST)).containsEntry("type", "execution_status");
    }

    @Test
    void equalNumbersAreTheSameCommand() {
        Map<String, Object> first = reply(client, "execute", "k", BURST);
        client.send(
                "{\"type\":\"execute\",\"id\":\"k\",\"data\":{\"input\":{\"count\":2.0},\"workflowId\":\"burst\"}}");
        fixture.run();

        assertThat(fixture.flows.executions().size()).isOne();
        assertThat(executionId(last(client))).isEqualTo(executionId(first));
    }

    @Test
    void withoutAnIdEachIsANewCommand() {
        client.send(Map.of("type", "execute", "data", BURST));
        client.send(Map.of("type", "execute", "data", BURST));
        fixture.run();

        assertThat(fixture.flows.executions().size()).isEqualTo(2);
        assertThat(fixture.bridge.operations().receipts()).isZero();
    }

    @Test
    void aLateClaimDoesNotClaimAgainAfterTheRelease() {
        Interaction asked = ask("run");
        Map<String, Object> named = named(asked);
        Map<String, Object> claimed = reply(client, "claim", "k", named);
        reply(client, "release", "l", named);
        fixture.pass(Duration.ofMinutes(1));
        Map<String, Object> late = reply(client, "claim", "k", named);

        assertThat(MemoryClient.data(late))
                .isEqualTo(MemoryClient.data(claimed))
                .containsEntry("by", "alice");
        assertThat(claim("run")).isNull();
        assertThat(reply(client, "claim", "m", named)).containsEntry("type", "claimed");
        assertThat(claim("run")).isNotNull();
        assertThat(reply(client, "release", "l", named)).containsEntry("type", "released");
        assertThat(claim("run")).as("a late release releases nothing").isNotNull();
    }

    @Test
    void aClaimWithAnotherLeaseIsAnotherCommand() {
        Interaction asked = ask("run");
        Map<String, Object> longer =
                Map.of("executionId", "run", "tokenId", asked.token().tokenId(), "lease", 3_600_000);
        Map<String, Object> usual =
                Map.of("executionId", "run", "tokenId", asked.token().tokenId(), "lease", 900_000);
        Map<String, Object> unsaid =
                Map.of("executionId", "run", "tokenId", asked.token().tokenId());
        reply(client, "claim", "k", unsaid);

        assertThat(reply(client, "claim", "k", usual)).containsEntry("type", "claimed");
        assertThat(replyCode(client, "claim", "k", longer)).isEqualTo("idempotency_conflict");
    }

    @Test
    void cancelAgainTellsTheStatus() {
        fixture.startLive("run");
        Map<String, Object> command = Map.of("executionId", "run");
        reply(client, "cancel", "k", command);

        assertThat(MemoryClient.data(reply(client, "cancel", "k", command))).containsEntry("status", "cancelled");
        assertThat(replyCode(client, "cancel", "k", Map.of("executionId", "run", "reason", "why")))
                .isEqualTo("idempotency_conflict");
    }

    @Test
    void whatFailedIsTriedAgain() {
        fixture.close();
        fixture =
                Fixture.with().engine(EngineLimits.defaults().maxExecutions(1)).build();
        client = fixture.connect();
        Live live = fixture.startLive("run");
        assertThat(replyCode(client, "execute", "k", BURST)).isEqualTo("too_many_executions");
        assertThat(fixture.bridge.operations().receipts()).isZero();

        live.end();
        fixture.run();
        assertThat(reply(client, "execute", "k", BURST)).containsEntry("type", "execution_status");
        assertThat(fixture.bridge.operations().receipts()).isOne();
    }

    @Test
    @DisplayName("Two clients without names that count their requests do not get each other's executions")
    void clientsWithoutNamesHaveTheirOwnIds() {
        MemoryClient one = fixture.transport.connect(Identity.ANONYMOUS, Framing.LINES);
        MemoryClient two = fixture.transport.connect(Identity.ANONYMOUS, Framing.LINES);
        fixture.run();
        Object first = executionId(reply(one, "execute", "1", BURST));
        Object second = executionId(reply(two, "execute", "1", BURST));

        assertThat(first).isNotEqualTo(second);
        assertThat(executionId(reply(one, "execute", "1", BURST))).isEqualTo(first);
        assertThat(fixture.bridge.operations().receipts()).isEqualTo(2);
        one.disconnect();
        fixture.run();
        assertThat(fixture.bridge.operations().receipts())
                .as("nobody can repeat it any more")
                .isOne();
    }

    @Test
    void somebodyElsesIdIsSomebodyElses() {
        Object first = executionId(reply(client, "execute", "k", BURST));
        Object second = executionId(reply(fixture.connect("bob", Framing.LINES), "execute", "k", BURST));

        assertThat(first).isNotEqualTo(second);
    }

    @Test
    @DisplayName("F30: who may start but not see learns nothing more by starting again")
    void whoMayNotSeeDoesNotSeeByRepeating() {
        fixture.close();
        fixture = Fixture.with()
                .policy((who, action, workflow, execution) -> action != Action.VIEW)
                .build();
        client = fixture.connect();

        assertThat(reply(client, "execute", "k", BURST)).containsEntry("type", "execution_status");
        assertThat(replyCode(client, "execute", "k", BURST)).isEqualTo("forbidden");
        assertThat(fixture.flows.executions().size()).isOne();
    }

    @Test
    void anExecutionThatIsForgottenIsNotStartedAgain() {
        reply(client, "execute", "k", BURST);
        fixture.pass(Duration.ofMinutes(59));
        assertThat(reply(client, "execute", "k", BURST)).containsEntry("type", "execution_status");
        fixture.close();

        fixture = Fixture.with()
                .limits(limits -> limits.receiptTime(Duration.ofDays(1)))
                .build();
        client = fixture.connect();
        reply(client, "execute", "k", BURST);
        fixture.pass(Duration.ofHours(2));
        assertThat(fixture.flows.executions().size()).isZero();

        assertThat(replyCode(client, "execute", "k", BURST)).isEqualTo("execution_not_found");
        assertThat(fixture.flows.executions().size()).isZero();
        fixture.pass(Duration.ofHours(22));
        assertThat(reply(client, "execute", "k", BURST))
                .as("forgotten, it is a new one")
                .containsEntry("type", "execution_status");
    }

    @Test
    @DisplayName("64 threads with one id start one execution, and each of them is told of it")
    void raceToExecute() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(THREADS);
        ExecutorService engine = Executors.newFixedThreadPool(2);
        fixture.close();
        fixture = Fixture.with().executor(engine).build();
        try {
            for (int round = 0; round < ROUNDS; round++) {
                Sender from = new Sender(Identity.of("alice"), "here");
                ClientMessage.Execute command =
                        new ClientMessage.Execute("round " + round, "burst", Map.of("count", 1), null);
                CyclicBarrier start = new CyclicBarrier(THREADS);
                List<Future<Execution>> told = new ArrayList<>();
                for (int i = 0; i < THREADS; i++) {
                    told.add(threads.submit(() -> {
                        start.await();
                        return fixture.bridge.operations().start(from, command).execution();
                    }));
                }
                Set<String> ids = new HashSet<>();
                for (Future<Execution> one : told) {
                    ids.add(one.get(20, TimeUnit.SECONDS).id());
                }
                assertThat(ids).hasSize(1);
                assertThat(fixture.flows.executions().size()).isEqualTo(round + 1);
            }
        } finally {
            threads.shutdownNow();
            engine.shutdownNow();
        }
    }

    @Test
    @DisplayName("While a claim is under way, the same one is told to come again, and then to what it came")
    void theSameClaimWhileItIsUnderWay() {
        Interaction asked = ask("run");
        Sender from = new Sender(Identity.of("alice"), "here");
        ClientMessage.Claim claim =
                new ClientMessage.Claim("k", "run", null, asked.token().tokenId(), null);
        List<String> codes = new ArrayList<>();
        // Told by the thread that claims, before it is done with it.
        fixture.flows.executions().onInteraction(execution -> {
            try {
                fixture.bridge.operations().claim(from, claim);
                codes.add("claimed");
            } catch (FlowScriptException e) {
                codes.add(e.code());
            }
        });
        Operations.Claimed first = fixture.bridge.operations().claim(from, claim);

        assertThat(codes).containsExactly("rate_limited");
        assertThat(fixture.bridge.operations().claim(from, claim)).isEqualTo(first);
    }

    @Test
    @DisplayName("64 threads with one claim, while it is released: one claims, and none after the release")
    void raceToClaim() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(THREADS);
        try {
            for (int round = 0; round < ROUNDS; round++) {
                Interaction asked = ask("run-" + round);
                Sender from = new Sender(Identity.of("alice"), "here");
                String executionId = asked.token().executionId();
                ClientMessage.Claim claim = new ClientMessage.Claim(
                        "claim " + round, executionId, null, asked.token().tokenId(), null);
                ClientMessage.Release release = new ClientMessage.Release(
                        "release " + round, executionId, null, asked.token().tokenId());
                CyclicBarrier start = new CyclicBarrier(THREADS);
                List<Future<?>> all = new ArrayList<>();
                for (int i = 0; i < THREADS; i++) {
                    all.add(threads.submit(() -> {
                        start.await();
                        try {
                            fixture.bridge.operations().claim(from, claim);
                            fixture.bridge.operations().release(from, release);
                        } catch (FlowScriptException underWay) {
                            assertThat(underWay.code()).isEqualTo("rate_limited");
                        }
                        return null;
                    }));
                }
                for (Future<?> one : all) {
                    one.get(20, TimeUnit.SECONDS);
                }
                List<String> history = execution(executionId).interactions().get(0).history().stream()
                        .map(change -> change.what().toString())
                        .toList();
                assertThat(history).hasSize(2);
                assertThat(claim(executionId)).isNull();
            }
        } finally {
            threads.shutdownNow();
        }
    }

    private Interaction ask(String id) {
        fixture.flows.start("ask", Map.of(), id);
        fixture.run();
        return execution(id).interactions().get(0);
    }

    private Execution execution(String id) {
        return fixture.flows.executions().find(id).orElseThrow();
    }

    private Interaction.Claim claim(String executionId) {
        return execution(executionId).interactions().get(0).claim();
    }

    private static Map<String, Object> named(Interaction asked) {
        return Map.of(
                "executionId",
                asked.token().executionId(),
                "nodeId",
                asked.token().nodeId());
    }

    private Map<String, Object> reply(MemoryClient to, String type, String id, Map<String, Object> data) {
        to.send(Map.of("type", type, "id", id, "data", data));
        fixture.run();
        Map<String, Object> reply = last(to);
        assertThat(reply).containsEntry("replyTo", id);
        return reply;
    }

    private Object replyCode(MemoryClient to, String type, String id, Map<String, Object> data) {
        return MemoryClient.data(reply(to, type, id, data)).get("code");
    }

    private static Map<String, Object> last(MemoryClient client) {
        List<Map<String, Object>> all = client.received();
        return all.get(all.size() - 1);
    }

    private static Object executionId(Map<String, Object> reply) {
        return MemoryClient.data(reply).get("executionId");
    }
}
