package io.flowscript.events.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.flowscript.core.Identity;
import io.flowscript.core.interaction.AnswerOptions;
import io.flowscript.core.log.Position;
import io.flowscript.core.runtime.Edge;
import io.flowscript.core.runtime.Node;
import io.flowscript.core.runtime.Question;
import io.flowscript.core.testing.ManualClock;
import io.flowscript.core.testing.SharedMemoryStore;
import io.flowscript.core.workflow.WorkflowDefinition;
import io.flowscript.engine.Execution;
import io.flowscript.engine.FlowScript;
import io.flowscript.events.memory.MemoryClient;
import io.flowscript.events.memory.MemoryTransport;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** I12: clients of several engines that share a store, each with a bridge of its own. */
@Timeout(60)
class SeveralEnginesTest {

    private static final Duration LEASE = Duration.ofSeconds(10);

    private final ManualClock clock = new ManualClock();
    private final List<Server> servers = new ArrayList<>();

    /** What one process would have. */
    private final class Server {

        private final SharedMemoryStore store;
        private final FlowScript flows;
        private final FlowScriptBridge bridge;
        private final MemoryTransport transport;

        Server(SharedMemoryStore store) {
            this.store = store;
            flows = FlowScript.builder()
                    .store(store)
                    .clock(clock)
                    .forms(schema -> answer -> List.of())
                    .node(Node.named("ask")
                            .ask(context -> Question.form(Map.of("type", "string")))
                            .answered((context, answer) -> Edge.of("done")))
                    .workflow(WorkflowDefinition.of(Map.of("id", "w", "nodes", List.of("ask", "ask"))))
                    .build();
            bridge = FlowScriptBridge.builder(flows).build();
            transport = MemoryTransport.on(bridge);
        }

        Execution found(String id) {
            return flows.executions().find(id).orElseThrow();
        }

        void close() {
            transport.close();
            bridge.close();
            flows.close();
        }
    }

    @BeforeEach
    void start() {
        SharedMemoryStore first = SharedMemoryStore.create(clock, LEASE);
        servers.add(new Server(first));
        servers.add(new Server(first.join()));
        servers.add(new Server(first.join()));
        clock.advance(LEASE.dividedBy(2)); // the shards are shared out meanwhile
    }

    @AfterEach
    void stop() {
        servers.forEach(Server::close);
    }

    private void hasAll(MemoryClient client, Server server, String id) {
        List<Long> all = LongStream.rangeClosed(1, server.found(id).events().latest())
                .boxed()
                .toList();
        await().untilAsserted(() -> assertThat(
                        client.events(id).stream().map(event -> ((Number) event.get("seq")).longValue()))
                .isEqualTo(all));
        assertThat(client.received()).noneMatch(message -> "events_missed".equals(message.get("type")));
    }

    private static void awaitQuestion(Server server, String id, int visits) {
        await().until(() -> server.flows
                .executions()
                .find(id)
                .filter(now ->
                        now.snapshot().visits() == visits && !now.interactions().isEmpty())
                .isPresent());
    }

    /** Answers with a client, and waits for the receipt. */
    private static void answer(MemoryClient client, Server server, String id) {
        String node = server.found(id).interactions().get(0).token().nodeId();
        assertThat(client.awaitReply(client.resume(id, node, "yes"))).containsEntry("type", "resume_success");
    }

    @Test
    @DisplayName(
            "clients of each server start, answer and follow executions of all servers: every event once and in order")
    void everywhere() {
        List<MemoryClient> clients = new ArrayList<>();
        for (Server server : servers) {
            MemoryClient client = server.transport.connect();
            client.awaitReply(client.subscribe(Map.of("all", true)));
            clients.add(client);
        }
        List<String> runs = new ArrayList<>();
        for (int i = 0; i < 12; i++) {
            String id = "run-" + i;
            runs.add(id);
            Execution unused = servers.get(i % 3).flows.start("w", Map.of(), id);
        }
        for (int visit = 1; visit <= 2; visit++) {
            for (int i = 0; i < runs.size(); i++) {
                int at = (i + visit) % 3;
                awaitQuestion(servers.get(at), runs.get(i), visit);
                answer(clients.get(at), servers.get(at), runs.get(i));
            }
        }
        for (String run : runs) {
            await().until(() -> servers.get(0).found(run).status().isEnded());
            for (int i = 0; i < 3; i++) {
                int at = i;
                await().until(() -> servers.get(at).found(run).status().isEnded());
                hasAll(clients.get(at), servers.get(0), run);
            }
        }
    }

    @Test
    @DisplayName(
            "one who follows all gets each event once, though an execution ends elsewhere between the news and the reading")
    void endsBetweenNewsAndReading() {
        List<SlowFollower> followers = servers.stream().map(SlowFollower::new).toList();
        List<MemoryClient> others =
                servers.stream().map(server -> server.transport.connect()).toList();
        others.forEach(other -> other.awaitReply(other.subscribe(Map.of("all", true))));
        Execution begun = servers.get(0).flows.start("w", Map.of(), SlowFollower.RUN);
        await().until(() ->
                followers.stream().filter(SlowFollower::isAboutToRead).count() == 2);
        for (int visit = 1; visit <= 2; visit++) {
            awaitQuestion(servers.get(0), begun.id(), visit);
            servers.get(0)
                    .flows
                    .interactions()
                    .answer(
                            servers.get(0)
                                    .found(begun.id())
                                    .interactions()
                                    .get(0)
                                    .token(),
                            "yes",
                            AnswerOptions.NONE);
        }
        await().until(() -> servers.get(0).found(begun.id()).status().isEnded());
        for (int i = 0; i < servers.size(); i++) {
            hasAll(others.get(i), servers.get(0), begun.id());
        }
        followers.forEach(follower -> follower.mayRead.complete(null));

        Execution last = servers.get(0).flows.start("w", Map.of(), "last");
        awaitQuestion(servers.get(0), last.id(), 1);
        for (SlowFollower follower : followers) {
            hasAll(follower.client, servers.get(0), last.id());
            hasAll(follower.client, servers.get(0), begun.id());
        }
        followers.forEach(SlowFollower::close);
    }

    /** A client that follows all, and whose pump waits before it begins to read an execution of another server. */
    private static final class SlowFollower {

        static final String RUN = "run";

        private final AtomicBoolean reads = new AtomicBoolean();
        private final CompletableFuture<Void> mayRead = new CompletableFuture<>();
        private final FlowScriptBridge bridge;
        private final MemoryTransport transport;
        private final MemoryClient client;

        SlowFollower(Server server) {
            bridge = FlowScriptBridge.builder(server.flows)
                    .accessPolicy((who, action, workflowId, executionId) -> {
                        if (RUN.equals(executionId)
                                && isAskedByFeed()
                                && !server.found(RUN).isLocal()
                                && reads.compareAndSet(false, true)) {
                            mayRead.join();
                        }
                        return true;
                    })
                    .build();
            transport = MemoryTransport.on(bridge);
            client = transport.connect();
            client.awaitReply(client.subscribe(Map.of("all", true)));
        }

        /** The rights are asked when the client hears of the execution, and again when it begins to read. */
        private static boolean isAskedByFeed() {
            return StackWalker.getInstance()
                    .walk(frames ->
                            frames.anyMatch(frame -> frame.getClassName().equals(Feed.class.getName())));
        }

        boolean isAboutToRead() {
            return reads.get();
        }

        void close() {
            transport.close();
            bridge.close();
        }
    }

    @Test
    @DisplayName("when a server dies, its client goes on at another one with its position, and the execution too")
    void roams() {
        Server first = servers.get(0);
        String id = first.flows.start("w", Map.of()).id();
        awaitQuestion(first, id, 1);
        MemoryClient there = first.transport.connect();
        there.subscribe(id, Position.START);
        hasAll(there, first, id);
        Position seen = there.position(id);
        MemoryClient here = servers.get(1).transport.connect();
        here.subscribe(id, Position.START);
        hasAll(here, first, id);

        first.store.crash();
        await().until(() -> {
            clock.advance(LEASE.dividedBy(3));
            return servers.get(1).found(id).isLocal()
                    || servers.get(2).found(id).isLocal();
        });
        MemoryClient roaming = servers.get(2).transport.connect();
        roaming.subscribe(id, seen);
        for (int visit = 1; visit <= 2; visit++) {
            awaitQuestion(servers.get(2), id, visit);
            answer(roaming, servers.get(2), id);
        }
        await().until(() -> servers.get(1).found(id).status().isEnded());
        long last = servers.get(1).found(id).snapshot().seq();
        await().untilAsserted(() -> assertThat(
                        roaming.events(id).stream().map(event -> ((Number) event.get("seq")).longValue()))
                .isEqualTo(LongStream.rangeClosed(seen.seq() + 1, last).boxed().toList()));
        hasAll(here, servers.get(1), id);
    }

    /** Sends a command as ann. {@return the data of the reply} */
    private static Map<String, Object> execute(Server server, String commandId, Map<String, Object> data) {
        MemoryClient client = server.transport.connect(Identity.of("ann"));
        client.send(Map.of("type", "execute", "id", commandId, "data", data));
        return MemoryClient.data(client.awaitReply(commandId));
    }

    @Test
    @DisplayName(
            "the same execute starts one execution, at whatever server it comes again, and after all were started again")
    void executedOnce() {
        Map<String, Object> left = Map.of("workflowId", "w");
        for (int i = 0; i < 20; i++) {
            Map<String, Object> chosen = Map.of("workflowId", "w", "executionId", "run-" + i);
            Object first = execute(servers.get(i % 3), "k" + i, left).get("executionId");
            for (Server server : servers) {
                assertThat(execute(server, "k" + i, left)).containsEntry("executionId", first);
                assertThat(execute(server, "c" + i, chosen)).containsEntry("executionId", "run-" + i);
            }
            assertThat(execute(servers.get((i + 1) % 3), "k" + i, chosen))
                    .containsEntry("code", "idempotency_conflict");
            assertThat(execute(servers.get(i % 3), "other" + i, chosen)).containsEntry("code", "execution_exists");
        }
        SharedMemoryStore again = servers.get(0).store.join();
        servers.forEach(Server::close);
        servers.clear();
        servers.add(new Server(again));
        Object known = execute(servers.get(0), "k0", left).get("executionId");
        assertThat(execute(servers.get(0), "k0", left)).containsEntry("executionId", known);
        assertThat(servers.get(0).flows.executions().list(null, null, null, 100))
                .hasSize(40);
    }

    @Test
    @DisplayName("an execute under an id that was used an hour ago starts another execution, once at all servers")
    void executedAnew() {
        Map<String, Object> left = Map.of("workflowId", "w");
        Object first = execute(servers.get(0), "k", left).get("executionId");
        clock.advance(Duration.ofHours(2));
        Object second = execute(servers.get(1), "k", left).get("executionId");
        assertThat(second).isNotEqualTo(first);
        for (Server server : servers) {
            assertThat(execute(server, "k", left)).containsEntry("executionId", second);
        }
        assertThat(servers.get(0).flows.executions().list(null, null, null, 100))
                .hasSize(2);
    }
}
