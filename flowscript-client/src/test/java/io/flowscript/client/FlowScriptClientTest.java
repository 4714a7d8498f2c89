package io.flowscript.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flowscript.core.Identity;
import io.flowscript.core.bridge.Login;
import io.flowscript.core.event.CustomEvent;
import io.flowscript.core.event.EventType;
import io.flowscript.core.event.HumanEvent;
import io.flowscript.core.event.WorkflowEvent;
import io.flowscript.core.interaction.AnswerOptions;
import io.flowscript.core.interaction.Receipt;
import io.flowscript.core.runtime.Edge;
import io.flowscript.core.runtime.PauseToken;
import io.flowscript.core.snapshot.ExecutionResult;
import io.flowscript.core.snapshot.ExecutionStatus;
import io.flowscript.events.delivery.BridgeLimits;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The client against a server, over each transport. */
@Timeout(60)
class FlowScriptClientTest {

    private static final Duration PATIENCE = Duration.ofSeconds(TestServer.SECONDS);

    private TestServer server;

    @BeforeEach
    void start() {
        server = TestServer.start();
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private FlowScriptClient over(ClientTransport transport) {
        return server.client()
                .settings(ClientSettings.defaults().transports(transport).pollInterval(Duration.ofMillis(20)))
                .build();
    }

    @ParameterizedTest
    @EnumSource
    void followsAnExecutionFromItsFirstEventToItsLast(ClientTransport transport) throws Exception {
        try (FlowScriptClient client = over(transport)) {
            RemoteExecution run = client.execute("busy", Map.of("a", 1)).get(TestServer.SECONDS, TimeUnit.SECONDS);
            List<ClientEvent.Happened> seen = new ArrayList<>();
            try (EventReader reader = run.events().read(PATIENCE)) {
                server.emit(100);
                server.outcome.complete(Edge.of("done"));
                reader.forEach(event -> seen.add((ClientEvent.Happened) event));
            }
            assertThat(seen.stream().map(ClientEvent.Happened::seq))
                    .isEqualTo(LongStream.rangeClosed(1, seen.size()).boxed().toList());
            assertThat(seen.get(0).event()).isInstanceOf(WorkflowEvent.Started.class);
            assertThat(seen.get(seen.size() - 1).event()).isInstanceOf(WorkflowEvent.Completed.class);
            assertThat(seen.stream().filter(each -> each.event() instanceof CustomEvent))
                    .hasSize(100);
            ExecutionResult result = run.result(PATIENCE);
            assertThat(result.isCompleted()).isTrue();
            assertThat(result.get("$.a").raw()).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @EnumSource
    void anExecutionIsInTheTraceOfWhoStartsIt(ClientTransport transport) {
        String span = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
        try (FlowScriptClient client = server.client()
                .settings(ClientSettings.defaults().transports(transport))
                .traceContext(() -> span)
                .build()) {
            RemoteExecution run = client.execute("busy", Map.of()).join();
            assertThat(server.flows
                            .executions()
                            .find(run.id())
                            .orElseThrow()
                            .snapshot()
                            .trace())
                    .isEqualTo(span);
        }
    }

    @ParameterizedTest
    @EnumSource
    void goesOnAfterAKeptPosition(ClientTransport transport) throws Exception {
        try (FlowScriptClient client = over(transport)) {
            RemoteExecution run = client.execute("busy", Map.of()).join();
            server.emit(20);
            ClientEvent fifth = null;
            try (EventReader reader = run.events().read(PATIENCE)) {
                for (int i = 0; i < 5; i++) {
                    fifth = reader.next();
                }
            }
            try (EventReader reader = run.events().from(fifth.position()).read(PATIENCE)) {
                assertThat(((ClientEvent.Happened) reader.next()).seq()).isEqualTo(6);
            }
            try (EventReader reader =
                    run.events().types(EventType.of("test:text")).read(PATIENCE)) {
                ClientEvent.Happened first = (ClientEvent.Happened) reader.next();
                assertThat(((CustomEvent) first.event()).payload()).isEqualTo("event 0");
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void aSubscriptionToNodesEndsWithTheExecutionToo(ClientTransport transport) throws Exception {
        try (FlowScriptClient client = over(transport)) {
            RemoteExecution run = client.execute("busy", Map.of()).join();
            List<ClientEvent> seen = new ArrayList<>();
            try (EventReader reader = run.events().nodes("busy").read(PATIENCE)) {
                seen.add(reader.next());
                server.emit(3);
                server.outcome.complete(Edge.of("done"));
                reader.forEach(seen::add);
            }
            assertThat(seen)
                    .extracting(event -> ((ClientEvent.Happened) event).event().nodeName())
                    .containsOnly("busy");
        }
    }

    @ParameterizedTest
    @EnumSource
    void answersAndTellsWhyAnAnswerDoesNotCount(ClientTransport transport) throws Exception {
        try (FlowScriptClient client = over(transport)) {
            RemoteExecution run = client.execute("asks", Map.of()).join();
            PauseToken token = question(run);

            Receipt wrong = client.answer(token, Map.of("amount", "much")).join();
            assertThat(wrong)
                    .isInstanceOfSatisfying(
                            Receipt.Invalid.class,
                            invalid -> assertThat(invalid.violations())
                                    .singleElement()
                                    .satisfies(violation ->
                                            assertThat(violation.path()).isEqualTo("$.amount")));
            assertThat(client.claim(token, Duration.ofMinutes(1)).join().by()).isEqualTo("ann");
            client.release(token).join();
            AnswerOptions options = AnswerOptions.NONE.idempotencyKey("one");
            Receipt counts = client.answer(token, Map.of("amount", 5), options).join();
            assertThat(counts).isInstanceOfSatisfying(Receipt.Accepted.class, accepted -> {
                assertThat(accepted.closes()).isTrue();
                assertThat(accepted.token()).isEqualTo(token);
            });
            assertThat(client.answer(token, Map.of("amount", 5), options).join())
                    .isInstanceOf(Receipt.Accepted.class);
            assertThat(client.answer(token, Map.of("amount", 6)).join())
                    .isInstanceOfSatisfying(
                            Receipt.AlreadyResolved.class,
                            late -> assertThat(late.by().name()).isEqualTo("ann"));
            assertThat(client.answer(token, Map.of("amount", 6), options).join())
                    .isInstanceOf(Receipt.Conflict.class);
            assertThat(run.result(PATIENCE).isCompleted()).isTrue();
        }
    }

    private static PauseToken question(RemoteExecution run) {
        try (EventReader reader =
                run.events().types(EventType.HUMAN_INPUT_REQUIRED).read(PATIENCE)) {
            HumanEvent.InputRequired asked = (HumanEvent.InputRequired) ((ClientEvent.Happened) reader.next()).event();
            return new PauseToken(run.id(), asked.nodeId(), asked.tokenId());
        }
    }

    @ParameterizedTest
    @EnumSource
    void cancelsAndTellsRefusals(ClientTransport transport) {
        try (FlowScriptClient client = over(transport)) {
            RemoteExecution run = client.execute("asks", Map.of(), "mine").join();
            assertThat(run.cancel("no more").join()).isEqualTo(ExecutionStatus.CANCELLED);
            assertThat(run.result(PATIENCE).status()).isEqualTo(ExecutionStatus.CANCELLED);
            assertThat(run.result(PATIENCE).error()).isEqualTo("no more");
            assertThatThrownBy(() -> client.execute("asks", Map.of(), "mine").join())
                    .isInstanceOf(CompletionException.class)
                    .cause()
                    .isInstanceOfSatisfying(
                            RefusedException.class, e -> assertThat(e.code()).isEqualTo("execution_exists"));
            assertThatThrownBy(() -> client.execute("nothing", Map.of()).join())
                    .cause()
                    .isInstanceOfSatisfying(
                            RefusedException.class, e -> assertThat(e.code()).isEqualTo("workflow_not_found"));
        }
    }

    @ParameterizedTest
    @EnumSource
    void followsTheInbox(ClientTransport transport) throws Exception {
        LinkedBlockingQueue<InboxPage> pages = new LinkedBlockingQueue<>();
        try (FlowScriptClient client = server.client()
                .settings(ClientSettings.defaults()
                        .transports(transport)
                        .inboxInterval(Duration.ofMillis(10))
                        .inboxPoll(Duration.ofMillis(30)))
                .build()) {
            EventSubscription inbox = client.inbox(InboxFilter.ALL.workflowId("asks"), pages::add);
            assertThat(pages.poll(TestServer.SECONDS, TimeUnit.SECONDS).items()).isEmpty();
            RemoteExecution run = client.execute("asks", Map.of()).join();
            InboxItem item = null;
            while (item == null) {
                InboxPage page = pages.poll(TestServer.SECONDS, TimeUnit.SECONDS);
                item = page.items().isEmpty() ? null : page.items().get(0);
            }
            assertThat(item.token().executionId()).isEqualTo(run.id());
            assertThat(item.info().name()).isEqualTo("formInput");
            client.answer(item.token(), Map.of("amount", 1)).join();
            Awaitility.await()
                    .until(() -> pages.poll(TestServer.SECONDS, TimeUnit.SECONDS)
                            .items()
                            .isEmpty());
            inbox.close();
        }
    }

    @Test
    void followsTheExecutionsOfAWorkflow() throws Exception {
        LinkedBlockingQueue<ClientEvent> seen = new LinkedBlockingQueue<>();
        try (FlowScriptClient client = server.client().build()) {
            EventSubscription many = client.workflow("counts").forEach(seen::add);
            // A subscription to many has no beginning that can be seen; the first execution that it tells of ends the
            // wait.
            Awaitility.await().until(() -> {
                client.execute("counts", Map.of("key", "first")).join();
                return seen.poll(100, TimeUnit.MILLISECONDS) != null;
            });
            RemoteExecution run =
                    client.execute("counts", Map.of("key", "second")).join();
            List<Long> numbers = new ArrayList<>();
            boolean isOver = false;
            while (!isOver) {
                ClientEvent.Happened event = (ClientEvent.Happened) seen.poll(TestServer.SECONDS, TimeUnit.SECONDS);
                if (event.executionId().equals(run.id())) {
                    numbers.add(event.seq());
                    assertThat(event.workflowId()).isEqualTo("counts");
                    isOver = event.event().isTerminal();
                }
            }
            assertThat(numbers)
                    .isEqualTo(LongStream.rangeClosed(1, numbers.size()).boxed().toList());
            many.close();
        }
    }

    @Test
    @DisplayName("A server that is full closes with 1013, and the client comes back until there is room")
    void itComesBackToAServerThatIsFull() throws Exception {
        LinkedBlockingQueue<ConnectionChange> changes = new LinkedBlockingQueue<>();
        try (TestServer full = TestServer.start(BridgeLimits.defaults().maxConnections(1));
                FlowScriptClient first = full.client()
                        .settings(ClientSettings.defaults().idle(Duration.ofMillis(50)))
                        .build();
                FlowScriptClient second = full.client()
                        .settings(ClientSettings.defaults()
                                .transports(ClientTransport.WEBSOCKET)
                                .maxBackoff(Duration.ofMillis(20)))
                        .onConnectionChange(changes::add)
                        .build()) {
            RemoteExecution run = first.execute("asks", Map.of()).join();
            // The first one may have left when it subscribes; it has its place again when it receives.
            CountDownLatch received = new CountDownLatch(1);
            EventSubscription held = run.events().forEach(event -> received.countDown());
            assertThat(received.await(TestServer.SECONDS, TimeUnit.SECONDS)).isTrue();
            List<ClientEvent> seen = new CopyOnWriteArrayList<>();
            EventSubscription waiting = second.execution(run.id()).events().forEach(seen::add);
            Awaitility.await()
                    .until(() -> changes.stream()
                            .anyMatch(change -> change.error() != null
                                    && change.error().closeCode().orElse(0) == 1013));
            assertThat(seen).isEmpty();
            held.close();
            Awaitility.await().until(() -> !seen.isEmpty());
            waiting.close();
        }
    }

    @ParameterizedTest
    @EnumSource
    void credentialsAreRenewedWhenTheyAreRefused(ClientTransport transport) {
        List<Boolean> asked = new CopyOnWriteArrayList<>();
        try (TestServer guarded = TestServer.withToken("new");
                FlowScriptClient client = FlowScriptClient.builder(guarded.address())
                        .settings(ClientSettings.defaults().transports(transport))
                        .credentials(refused -> {
                            asked.add(refused);
                            return Credentials.bearer(refused ? "new" : "old");
                        })
                        .build()) {
            RemoteExecution run = client.execute("counts", Map.of("key", "one")).join();
            assertThat(run.result(PATIENCE).isCompleted()).isTrue();
            assertThat(asked).startsWith(false, true);
            assertThat(guarded.started).containsExactly(Map.entry("one", 1));
        }
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("A login that expires while events come is renewed by fresh credentials, and no event is lost")
    void aLoginThatExpiresLosesNothing(ClientTransport transport) throws Exception {
        Instant end = Instant.now().plusMillis(1_500);
        List<Boolean> asked = new CopyOnWriteArrayList<>();
        List<Long> numbers = new CopyOnWriteArrayList<>();
        try (TestServer expiring = TestServer.with(request -> request.bearerToken()
                        .map(token -> token.equals("new") ? Login.of("ann") : new Login(Identity.of("ann"), end)));
                FlowScriptClient client = FlowScriptClient.builder(expiring.address())
                        .settings(ClientSettings.defaults().transports(transport))
                        .credentials(refused -> {
                            asked.add(refused);
                            return Credentials.bearer(asked.contains(true) ? "new" : "old");
                        })
                        .build()) {
            RemoteExecution run = client.execute("busy", Map.of()).join();
            run.events().forEach(event -> numbers.add(event.position().seq()));
            expiring.emit(3);
            Awaitility.await().until(() -> numbers.size() >= 5);
            Awaitility.await().until(() -> asked.contains(true));
            expiring.emit(3);
            Awaitility.await().until(() -> numbers.size() >= 8);
            assertThat(numbers).containsExactly(1L, 2L, 3L, 4L, 5L, 6L, 7L, 8L);
        }
    }

    @Test
    void credentialsThatAreRefusedTwiceEndWhatWasAsked() {
        try (TestServer guarded = TestServer.withToken("new");
                FlowScriptClient client = FlowScriptClient.builder(guarded.address())
                        .credentials(refused -> Credentials.bearer("old"))
                        .build()) {
            assertThatThrownBy(() -> client.execute("counts", Map.of()).join())
                    .cause()
                    .isInstanceOfSatisfying(
                            ConnectionException.class, e -> assertThat(e.code()).isEqualTo("unauthorized"));
        }
    }

    @Test
    void closeEndsEverything() throws Exception {
        FlowScriptClient client = server.client().build();
        RemoteExecution run = client.execute("busy", Map.of()).join();
        EventSubscription subscription = run.events().forEach(event -> {});
        Awaitility.await().until(() -> client.stats().events() > 0);
        client.close();
        client.close();
        subscription.ended().get(TestServer.SECONDS, TimeUnit.SECONDS);
        assertThatThrownBy(() -> client.execute("busy", Map.of()).get(TestServer.SECONDS, TimeUnit.SECONDS))
                .cause()
                .isInstanceOfSatisfying(
                        ClientException.class, e -> assertThat(e.code()).isEqualTo("closed"));
        assertThat(client.stats().connections()).isZero();
        Awaitility.await()
                .untilAsserted(() -> assertThat(Thread.getAllStackTraces().keySet())
                        .noneMatch(thread -> thread.getName().equals("flowscript-client")));
    }
}
