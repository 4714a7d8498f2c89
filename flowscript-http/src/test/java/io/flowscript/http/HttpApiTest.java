package io.flowscript.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flowscript.core.FlowScriptException;
import io.flowscript.core.Identity;
import io.flowscript.core.bridge.AccessPolicy;
import io.flowscript.core.bridge.ClientChannel.SendCallback;
import io.flowscript.core.bridge.Login;
import io.flowscript.core.interaction.Interaction;
import io.flowscript.core.observe.FlowScriptObserver;
import io.flowscript.core.runtime.Edge;
import io.flowscript.core.testing.ManualClock;
import io.flowscript.core.workflow.WorkflowDefinition;
import io.flowscript.engine.FlowScript;
import io.flowscript.events.delivery.FlowScriptBridge;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@Timeout(30)
@DisplayName("The HTTP side is a function from a request to an answer")
class HttpApiTest {

    private final List<String> refused = new CopyOnWriteArrayList<>();
    private final FlowScript flows = FlowScript.builder()
            .observer(new FlowScriptObserver() {
                @Override
                public void refused(String code) {
                    refused.add(code);
                }
            })
            .node("done", context -> Edge.of("done"))
            .workflow(WorkflowDefinition.of(Map.of("id", "short", "nodes", List.of("done"))))
            .build();
    private final FlowScriptBridge bridge = FlowScriptBridge.builder(flows).build();
    private final HttpApi api =
            HttpApi.of(bridge, bridge, HttpSettings.builder().maxBodyBytes(100).build());

    @AfterEach
    void close() {
        bridge.close();
        flows.close();
    }

    private static HttpRequest request(String method, String path, String... headers) {
        Map<String, List<String>> fields = headers.length == 0 ? Map.of() : Map.of(headers[0], List.of(headers[1]));
        return new HttpRequest(method, path, null, fields, "localhost", "127.0.0.1", false, null);
    }

    private static HttpResponse respond(BodyWanted wanted) {
        CompletableFuture<HttpResponse> sent = new CompletableFuture<>();
        wanted.respond(sent::complete);
        return sent.join();
    }

    private static String text(HttpResponse response) {
        return StandardCharsets.UTF_8.decode(response.body()).toString();
    }

    @Test
    @DisplayName("the files of pages are not counted in the rate of requests, and cannot use it up")
    void filesAreNotCounted() {
        HttpApi limited = HttpApi.of(
                bridge,
                bridge,
                HttpSettings.builder()
                        .requestsPerSecond(1)
                        .assets(WebAssets.of("page", Map.of("a.js", new byte[] {1})))
                        .build());
        for (int file = 0; file < 1_000; file++) {
            assertThat(statusOf(limited, "/page/a.js")).isEqualTo(200);
        }
        assertThat(statusOf(limited, "/health")).as("the rate is unused").isEqualTo(200);
        assertThat(Stream.generate(() -> statusOf(limited, "/health")).limit(100))
                .as("requests are counted")
                .contains(429);
        assertThat(statusOf(limited, "/page/a.js")).as("also after that").isEqualTo(200);
    }

    private static int statusOf(HttpApi api, String path) {
        return ((HttpResponse) api.handle(request("GET", path)).orElseThrow()).status();
    }

    @Test
    @DisplayName(
            "each refusal with a code is reported to the observer once, whether HTTP or the engine's operations refuse")
    void reportsRefusalsOnce() {
        api.handle(request("GET", "/executions/none/status"));
        assertThat(refused).containsExactly("execution_not_found");
        BodyWanted wanted =
                (BodyWanted) api.handle(request("POST", "/workflows/short/execute", "Content-Type", "application/json"))
                        .orElseThrow();
        assertThat(wanted.add(StandardCharsets.UTF_8.encode("{"))).isTrue();
        respond(wanted);
        assertThat(wanted.allowsLength(2 << 20)).isFalse();
        wanted.refusal();
        api.handle(request("DELETE", "/health"));
        assertThat(refused).containsExactly("execution_not_found", "invalid_json", "message_too_large");
    }

    @Test
    @DisplayName(
            "a body has its time from the head on: what comes later is refused with 408, and nothing more of it is read")
    void aBodyHasItsTime() {
        ManualClock clock = new ManualClock();
        FlowScript timed = FlowScript.builder().clock(clock).build();
        FlowScriptBridge timedBridge = FlowScriptBridge.builder(timed).build();
        HttpApi slow = HttpApi.of(
                timedBridge,
                timedBridge,
                HttpSettings.builder().requestTimeout(Duration.ofSeconds(3)).build());
        BodyWanted wanted =
                (BodyWanted) slow.handle(request("POST", "/workflows/none/execute", "Content-Type", "application/json"))
                        .orElseThrow();
        clock.advance(Duration.ofSeconds(3));
        assertThat(wanted.add(StandardCharsets.UTF_8.encode("{"))).isTrue();
        assertThat(wanted.mayDiscard(0)).isTrue();
        clock.advance(Duration.ofMillis(1));
        assertThat(wanted.add(StandardCharsets.UTF_8.encode("}"))).isFalse();
        assertThat(wanted.mayDiscard(0)).isFalse();
        assertThat(respond(wanted).status()).isEqualTo(408);
        timedBridge.close();
        timed.close();
    }

    @Test
    @DisplayName("a body that was given up for lack of memory is refused, although all of it had come")
    void refusesABodyThatWasGivenUp() {
        HttpApi small = HttpApi.of(
                bridge,
                bridge,
                HttpSettings.builder()
                        .maxBodyBytes(100_000)
                        .maxInboundBytes(150_000)
                        .build());
        BodyWanted wanted = (BodyWanted)
                small.handle(request("POST", "/workflows/short/execute", "Content-Type", "application/json"))
                        .orElseThrow();
        String body = "{\"executionId\":\"one\",\"input\":{\"text\":\"" + "x".repeat(90_000) + "\"}}";
        assertThat(wanted.add(StandardCharsets.UTF_8.encode(body))).isTrue();
        var unused = small.inbound().message(100_000, () -> {}).add(ByteBuffer.allocate(80_000), false);
        HttpResponse response = respond(wanted);
        assertThat(response.status()).isEqualTo(503);
        assertThat(text(response)).contains("memory_limit");
        assertThat(flows.executions().find("one")).isEmpty();
    }

    @Test
    @DisplayName(
            "a request whose body is complete when the engine has closed is answered all the same, and its memory is given back")
    void answersWhenTheEngineHasClosed() {
        HttpApi http;
        BodyWanted wanted;
        try (FlowScript durable = FlowScript.builder()
                        .store(new StallingStore(() -> Duration.ZERO))
                        .node("done", context -> Edge.of("done"))
                        .workflow(WorkflowDefinition.of(Map.of("id", "short", "nodes", List.of("done"))))
                        .build();
                FlowScriptBridge behind = FlowScriptBridge.builder(durable).build()) {
            http = HttpApi.of(behind, behind, HttpSettings.builder().build());
            wanted = (BodyWanted)
                    http.handle(request("POST", "/workflows/short/execute", "Content-Type", "application/json"))
                            .orElseThrow();
            assertThat(wanted.add(StandardCharsets.UTF_8.encode("{}"))).isTrue();
        }
        assertThat(respond(wanted).status()).isEqualTo(503);
        assertThat(http.inbound().used()).isZero();
    }

    @Test
    void reportsARefusedWebSocketOnce() {
        HttpApi named = HttpApi.of(
                bridge,
                bridge,
                HttpSettings.builder().authenticator(seen -> Optional.empty()).build());
        named.admit(request("GET", "/ws"));
        named.admit(request("GET", "/ws", "Origin", "https://elsewhere.example"));
        named.admit(request("POST", "/ws"));
        assertThat(refused).containsExactly("unauthorized", "forbidden");
    }

    @Test
    void leavesOtherPathsToTheContainer() {
        assertThat(api.handle(request("GET", "/index.html"))).isEmpty();
        assertThat(HttpApi.withoutRest(HttpSettings.builder().build()).handle(request("GET", "/health")))
                .isEmpty();
    }

    @Test
    void answersAtOnceWhatNeedsNoBody() {
        HttpResponse health =
                (HttpResponse) api.handle(request("GET", "/health")).orElseThrow();
        assertThat(health.status()).isEqualTo(200);
        assertThat(text(health)).startsWith("{\"status\":\"ok\",\"timestamp\":\"");
        assertThat(health.headers()).containsEntry("Cache-Control", List.of("no-store"));
    }

    @Test
    @DisplayName("a store that cannot write makes the server unhealthy, and a command gets 503 with Retry-After")
    void storeUnavailable() {
        AtomicReference<Duration> stalled = new AtomicReference<>(Duration.ZERO);
        try (FlowScript durable = FlowScript.builder()
                        .store(new StallingStore(stalled::get))
                        .node("done", context -> Edge.of("done"))
                        .workflow(WorkflowDefinition.of(Map.of("id", "short", "nodes", List.of("done"))))
                        .build();
                FlowScriptBridge theirs = FlowScriptBridge.builder(durable).build()) {
            HttpApi http = HttpApi.of(theirs, theirs, HttpSettings.builder().build());
            stalled.set(Duration.ofMinutes(1));

            HttpResponse health =
                    (HttpResponse) http.handle(request("GET", "/health")).orElseThrow();
            assertThat(health.status()).isEqualTo(503);
            assertThat(text(health)).startsWith("{\"status\":\"store_unavailable\",\"timestamp\":\"");
            BodyWanted wanted = (BodyWanted)
                    http.handle(request("POST", "/workflows/short/execute", "Content-Type", "application/json"))
                            .orElseThrow();
            assertThat(wanted.add(StandardCharsets.UTF_8.encode("{}"))).isTrue();
            HttpResponse refusal = respond(wanted);
            assertThat(refusal.status()).isEqualTo(503);
            assertThat(refusal.headers()).containsEntry("Retry-After", List.of("10"));
            assertThat(text(refusal)).contains("\"code\":\"store_unavailable\"");
            assertThat(durable.executions().size()).isZero();

            stalled.set(Duration.ZERO);
            assertThat(((HttpResponse) http.handle(request("GET", "/health")).orElseThrow()).status())
                    .isEqualTo(200);
        }
    }

    @Test
    @DisplayName("a warning shows in the figures for those who may observe, and everybody learns no more than before")
    void warning() {
        ManualClock clock = new ManualClock();
        AccessPolicy policy = new AccessPolicy() {
            @Override
            public boolean permits(Identity who, Action action, String workflowId, String executionId) {
                return who.name().equals("boss");
            }

            @Override
            public boolean permits(Identity who, Action action, Interaction interaction) {
                return who.name().equals("boss");
            }
        };
        try (FlowScript warned = FlowScript.builder().clock(clock).build();
                FlowScriptBridge theirs =
                        FlowScriptBridge.builder(warned).accessPolicy(policy).build()) {
            HttpApi http = HttpApi.of(
                    theirs,
                    theirs,
                    HttpSettings.builder()
                            .stats()
                            .authenticator(seen ->
                                    Optional.of(Login.of(seen.header("X-User").orElse("ann"))))
                            .build());
            clock.jump(Duration.ofHours(3));

            HttpResponse health =
                    (HttpResponse) http.handle(request("GET", "/health")).orElseThrow();
            assertThat(health.status()).isEqualTo(200);
            assertThat(text(health)).matches("\\{\"status\":\"ok\",\"timestamp\":\"[^\"]+\"}");
            assertThat(((HttpResponse) http.handle(request("GET", "/stats")).orElseThrow()).status())
                    .isEqualTo(403);
            HttpResponse stats = (HttpResponse)
                    http.handle(request("GET", "/stats", "X-User", "boss")).orElseThrow();
            assertThat(text(stats)).contains("\"problems\":[\"clock_jumped\"]", "\"clockJump\":10800000");
        }
    }

    @Test
    void wantsTheBodyOfWhatChanges() {
        BodyWanted wanted =
                (BodyWanted) api.handle(request("POST", "/workflows/short/execute", "Content-Type", "application/json"))
                        .orElseThrow();
        assertThat(wanted.allowsLength(100)).isTrue();
        assertThat(wanted.unreadable().status()).isEqualTo(400);
        assertThat(wanted.add(StandardCharsets.UTF_8.encode("{"))).isTrue();
        assertThat(respond(wanted).status()).isEqualTo(400);
        assertThat(flows.executions().size()).isZero();
        assertThat(respond(wanted).status()).isEqualTo(201);
        assertThat(wanted.allowsLength(101)).isFalse();
        assertThat(wanted.refusal().status()).isEqualTo(413);
        assertThat(flows.executions().size()).isEqualTo(1);
        assertThat(api.clients().closeAll()).isDone();
        assertThat(wanted.unreadable().status()).isEqualTo(503);
    }

    @Test
    void drivesAnExchangeOfEvents() throws Exception {
        flows.start("short", Map.of(), "one").result().get(20, TimeUnit.SECONDS);
        Collected sink = new Collected();
        EventExchange exchange =
                (EventExchange) api.handle(request("GET", "/executions/one/events", "Accept", "text/event-stream"))
                        .orElseThrow();
        exchange.start(sink);
        assertThat(sink.ended.get(20, TimeUnit.SECONDS)).contains("event: workflow_completed");
        assertThat(api.clients().size()).isEqualTo(1);
        exchange.closed();
        assertThat(api.clients().size()).isZero();
    }

    @Test
    @DisplayName("an exchange that was over before it began takes no seat")
    void isOverBeforeItBegins() throws Exception {
        flows.start("short", Map.of(), "one").result().get(20, TimeUnit.SECONDS);
        EventExchange exchange = (EventExchange)
                api.handle(request("GET", "/executions/one/events")).orElseThrow();
        exchange.closed();
        exchange.start(new Collected());
        assertThat(api.clients().size()).isZero();
    }

    @Test
    void letsAWebSocketInOrNot() {
        HttpApi named = HttpApi.withoutRest(HttpSettings.builder()
                .authenticator(seen -> Optional.ofNullable(seen.principal()).map(who -> Login.of(who.getName())))
                .build());
        HttpRequest known = new HttpRequest("GET", "/ws", null, Map.of(), "localhost", "127.0.0.1", false, () -> "ann");
        assertThat(named.admit(known))
                .isInstanceOfSatisfying(
                        Admission.Admitted.class,
                        in -> assertThat(in.login().identity()).isEqualTo(Identity.of("ann")));
        assertThat(named.admit(request("GET", "/ws")))
                .isInstanceOfSatisfying(
                        Admission.Refused.class,
                        out -> assertThat(out.response().status()).isEqualTo(401));
        assertThat(named.clients().closeAll()).isDone();
        assertThat(named.admit(known))
                .isInstanceOfSatisfying(
                        Admission.Refused.class,
                        out -> assertThat(out.response().status()).isEqualTo(503));
    }

    @Test
    void showsNoSecretOfARequest() {
        assertThat(new HttpRequest(
                        "GET",
                        "/health",
                        "token=secret",
                        Map.of("Cookie", List.of("secret")),
                        null,
                        "127.0.0.1",
                        false,
                        null))
                .asString()
                .doesNotContain("secret");
    }

    @Test
    void refusesAClosingTimeThatIsNone() {
        assertThatThrownBy(() -> HttpSettings.builder().closingTime(java.time.Duration.ZERO))
                .isInstanceOfSatisfying(
                        FlowScriptException.class,
                        refused -> assertThat(refused.code()).isEqualTo("invalid_setting"));
    }

    /** Takes everything at once. */
    private static final class Collected implements EventSink {

        final CompletableFuture<String> ended = new CompletableFuture<>();
        private final StringBuilder text = new StringBuilder();

        @Override
        public void respond(HttpResponse response) {
            ended.complete(HttpApiTest.text(response));
        }

        @Override
        public void start(HttpResponse head) {
            text.append(head.status());
        }

        @Override
        public void write(ByteBuffer bytes, SendCallback taken) {
            text.append(StandardCharsets.UTF_8.decode(bytes));
            taken.sent();
        }

        @Override
        public void end() {
            ended.complete(text.toString());
        }

        @Override
        public void abort(Throwable cause) {
            ended.completeExceptionally(cause);
        }
    }

    private static Stream<Throwable> thrown() {
        return Stream.of(new Exception("undeclared"), new AssertionError("an error"), new RuntimeException("secret") {
            private static final long serialVersionUID = 1L;

            @Override
            public String getMessage() {
                throw new IllegalStateException("getMessage");
            }
        });
    }

    @ParameterizedTest
    @MethodSource("thrown")
    @DisplayName("whatever an authenticator throws, the request is answered and nothing of it is shown")
    void survivesAnAuthenticator(Throwable thrown) {
        HttpApi broken = HttpApi.of(
                bridge,
                bridge,
                HttpSettings.builder()
                        .authenticator(request -> HttpApiTest.<RuntimeException>fling(thrown))
                        .build());
        HttpResponse response = (HttpResponse)
                broken.handle(request("GET", "/executions/none/status")).orElseThrow();
        assertThat(response.status()).isEqualTo(500);
        assertThat(text(response)).contains("internal").doesNotContain("undeclared", "an error", "secret");
    }

    @SuppressWarnings("unchecked")
    private static <E extends Throwable> Optional<Login> fling(Throwable thrown) throws E {
        throw (E) thrown;
    }

    @Test
    @DisplayName("the development authenticator says why it refuses a request that a proxy has forwarded")
    void saysWhyAForwardedRequestIsRefused() {
        HttpApi development = HttpApi.of(
                bridge,
                bridge,
                HttpSettings.builder()
                        .authenticator(Authenticator.development())
                        .build());
        HttpResponse response = (HttpResponse) development
                .handle(request("GET", "/executions/none/status", "x-forwarded-for", "203.0.113.7"))
                .orElseThrow();
        assertThat(response.status()).isEqualTo(401);
        assertThat(text(response)).contains("a proxy has forwarded");
    }

    @Test
    @DisplayName(
            "clients behind a trusted proxy have a rate each, and its pages are of the server's own origin when it ends TLS")
    void seesThroughATrustedProxy() {
        // Its time stands still, so that the rate allows no further request.
        FlowScript still = FlowScript.builder().clock(new ManualClock()).build();
        FlowScriptBridge stillBridge = FlowScriptBridge.builder(still).build();
        HttpApi behind = HttpApi.of(
                stillBridge,
                stillBridge,
                HttpSettings.builder()
                        .requestsPerSecond(1)
                        .trustedProxies("127.0.0.1")
                        .build());
        assertThat(statuses(behind, "203.0.113.7", 3)).containsExactly(404, 404, 429);
        assertThat(statuses(behind, "203.0.113.8", 3)).containsExactly(404, 404, 429);
        assertThat(statuses(api, "203.0.113.9", 3)).containsExactly(403, 403, 403);
        stillBridge.close();
        still.close();
    }

    /** What a page of https://localhost gets behind a proxy that forwards for a client. */
    private static List<Integer> statuses(HttpApi api, String client, int requests) {
        HttpRequest forwarded = new HttpRequest(
                "GET",
                "/executions/none/status",
                null,
                Map.of(
                        "origin", List.of("https://localhost"),
                        "x-forwarded-proto", List.of("https"),
                        "x-forwarded-for", List.of(client)),
                "localhost",
                "127.0.0.1",
                false,
                null);
        return IntStream.range(0, requests)
                .mapToObj(i -> ((HttpResponse) api.handle(forwarded).orElseThrow()).status())
                .toList();
    }
}
