package io.flowscript.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.flowscript.core.Identity;
import io.flowscript.core.bridge.ClientChannel.SendCallback;
import io.flowscript.core.bridge.Login;
import io.flowscript.core.log.EventLog;
import io.flowscript.core.runtime.Edge;
import io.flowscript.core.runtime.Sleep;
import io.flowscript.core.testing.ManualClock;
import io.flowscript.core.testing.ManualExecutor;
import io.flowscript.core.workflow.WorkflowDefinition;
import io.flowscript.engine.FlowScript;
import io.flowscript.events.delivery.FlowScriptBridge;
import io.flowscript.json.protocol.PositionText;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("A login over HTTP counts until it expires")
class LoginOverHttpTest {

    private static final Duration HOUR = Duration.ofHours(1);

    private final ManualClock clock = new ManualClock();
    private final ManualExecutor executor = new ManualExecutor();
    private final FlowScript flows = FlowScript.builder()
            .clock(clock)
            .executor(executor)
            .engineExecutor(executor)
            .node("sleeps", context -> context.memo().isMissing() ? new Sleep(Duration.ofDays(9), 1) : Edge.of("ok"))
            .workflow(WorkflowDefinition.of(Map.of("id", "long", "nodes", List.of("sleeps"))))
            .build();
    private final FlowScriptBridge bridge = FlowScriptBridge.builder(flows).build();
    private final Instant start = clock.instant();
    private volatile Login login = new Login(Identity.of("ann"), start.plus(HOUR));

    @BeforeEach
    void begin() {
        flows.start("long", Map.of(), "one");
        executor.runAll();
    }

    @AfterEach
    void close() {
        bridge.close();
        flows.close();
        executor.runAll();
    }

    private HttpApi api() {
        return HttpApi.of(
                bridge,
                bridge,
                HttpSettings.builder()
                        .authenticator(request -> Optional.of(login))
                        .build());
    }

    private static HttpRequest request(String path, @Nullable String query, Map<String, List<String>> headers) {
        return new HttpRequest("GET", path, query, headers, "localhost", "127.0.0.1", false, null);
    }

    private static Login admitted(HttpApi api) {
        return ((Admission.Admitted) api.admit(request("/ws", null, Map.of()))).login();
    }

    private Answer events(HttpApi api, @Nullable String query, String accept) {
        EventExchange exchange =
                (EventExchange) api.handle(request("/executions/one/events", query, Map.of("accept", List.of(accept))))
                        .orElseThrow();
        Answer answer = new Answer(exchange);
        exchange.start(answer);
        executor.runAll();
        return answer;
    }

    private Answer waitingPoll(HttpApi api) {
        EventLog log = flows.executions().find("one").orElseThrow().events();
        return events(api, "wait=30&after=" + PositionText.of(log.epoch(), log.latest()), HttpResponse.JSON);
    }

    private void pass(Duration time) {
        clock.advance(time);
        executor.runAll();
    }

    @Test
    @DisplayName("and is refused with 401 after that, as somebody unknown is")
    void refused() {
        HttpApi api = api();
        assertThat(status(api)).isEqualTo(200);
        clock.advance(HOUR);
        assertThat(status(api)).isEqualTo(401);
        assertThat(api.admit(request("/ws", null, Map.of())))
                .isInstanceOfSatisfying(
                        Admission.Refused.class,
                        refused -> assertThat(refused.response().status()).isEqualTo(401));
    }

    private static int status(HttpApi api) {
        return ((HttpResponse) api.handle(request("/whoami", null, Map.of())).orElseThrow()).status();
    }

    @Test
    @DisplayName("and no longer than the oldest age of a session, which does not bound clients without a login")
    void bounded() {
        HttpApi api = HttpApi.of(
                bridge,
                bridge,
                HttpSettings.builder()
                        .authenticator(request -> Optional.of(login))
                        .maxSessionAge(Duration.ofMinutes(10))
                        .build());
        Instant tenMinutes = start.plus(Duration.ofMinutes(10));
        assertThat(admitted(api).expiresAt()).isEqualTo(tenMinutes);
        login = Login.of("ann");
        assertThat(admitted(api).expiresAt()).isEqualTo(tenMinutes);
        assertThat(admitted(api()).expiresAt()).isEqualTo(start.plus(Duration.ofHours(12)));
        login = new Login(Identity.of("ann"), start.plusSeconds(9));
        assertThat(admitted(api).expiresAt()).isEqualTo(start.plusSeconds(9));
        login = Login.ANONYMOUS;
        assertThat(admitted(api)).isEqualTo(Login.ANONYMOUS);
    }

    @Test
    @DisplayName("and a stream ends with an error that says so")
    void stream() {
        Answer stream = events(api(), null, EventStream.TYPE);
        for (int i = 0; i < 3_599; i++) {
            pass(Duration.ofSeconds(1));
        }
        assertThat(stream.ended).isFalse();
        pass(Duration.ofSeconds(1));
        assertThat(stream.ended).isTrue();
        assertThat(stream.text()).contains("event: error\n", "\"code\":\"unauthorized\"", "The login has expired");
        stream.exchange.closed();
        executor.runAll();
        assertThat(bridge.stats().connections()).isZero();
    }

    @Test
    @DisplayName("and a waiting poll is answered with 401")
    void poll() {
        login = new Login(Identity.of("ann"), start.plusSeconds(20));
        Answer poll = waitingPoll(api());
        pass(Duration.ofSeconds(19));
        assertThat(poll.status).isZero();
        pass(Duration.ofSeconds(1));
        assertThat(poll.status).isEqualTo(401);
        poll.exchange.closed();
        executor.runAll();
    }

    @Test
    @DisplayName("and a new token alone renews it: nothing else of the request that opened the connection counts")
    void renewal() {
        AtomicReference<ClientRequest> seen = new AtomicReference<>();
        HttpApi api = HttpApi.of(
                bridge,
                bridge,
                HttpSettings.builder()
                        .authenticator(request -> {
                            seen.set(request);
                            return Optional.of(login);
                        })
                        .build());
        Map<String, List<String>> headers = Map.of(
                "authorization", List.of("Bearer old"),
                "cookie", List.of("session=1"),
                "x-api-key", List.of("k"),
                "sec-websocket-protocol", List.of("flowscript.bearer.old"));
        Admission.Admitted admitted = (Admission.Admitted)
                api.admit(new HttpRequest("GET", "/ws", "user=bob", headers, "h", "127.0.0.1", true, () -> "ann"));
        assertThat(seen.get().headers()).hasSize(4);

        login = new Login(Identity.of("ann"), start.plus(Duration.ofHours(99)));
        assertThat(admitted.renewal().login("new")).contains(login.until(start.plus(Duration.ofHours(12))));
        assertThat(seen.get())
                .isEqualTo(new ClientRequest(
                        "GET",
                        "/ws",
                        Map.of(),
                        Map.of("authorization", List.of("Bearer new")),
                        Map.of(),
                        "127.0.0.1",
                        true,
                        null));
        login = new Login(Identity.of("ann"), start);
        assertThat(admitted.renewal().login("expired")).isEmpty();
    }

    @Test
    @DisplayName("and the application can end streams and polls too, which are told that they may not come back so")
    void ended() {
        HttpApi api = api();
        Answer stream = events(api, null, EventStream.TYPE);
        Answer poll = waitingPoll(api);
        login = Login.of("bob");
        Answer other = waitingPoll(api);

        assertThat(bridge.disconnect(who -> who.name().equals("ann"))).isEqualTo(2);
        executor.runAll();

        assertThat(stream.ended).isTrue();
        assertThat(stream.text()).contains("event: error\n", "\"code\":\"forbidden\"");
        assertThat(poll.status).isEqualTo(403);
        assertThat(other.status).isZero();
        for (Answer answer : List.of(stream, poll, other)) {
            answer.exchange.closed();
        }
        executor.runAll();
        assertThat(clock.pending()).as("timers but that of the execution").isEqualTo(1);
    }

    /** Takes the response to a request for events. */
    private static final class Answer implements EventSink {

        private final EventExchange exchange;
        private final StringBuilder written = new StringBuilder();
        private int status;
        private boolean ended;

        Answer(EventExchange exchange) {
            this.exchange = exchange;
        }

        String text() {
            return written.toString();
        }

        @Override
        public void respond(HttpResponse answer) {
            status = answer.status();
            written.append(StandardCharsets.UTF_8.decode(answer.body()));
        }

        @Override
        public void start(HttpResponse head) {
            status = head.status();
        }

        @Override
        public void write(ByteBuffer bytes, SendCallback taken) {
            written.append(StandardCharsets.UTF_8.decode(bytes.duplicate()));
            taken.sent();
        }

        @Override
        public void end() {
            ended = true;
        }

        @Override
        public void abort(Throwable cause) {
            ended = true;
        }
    }
}
