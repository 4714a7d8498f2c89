package io.flowscript.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.flowscript.core.bridge.Login;
import io.flowscript.core.testing.ManualClock;
import io.flowscript.engine.FlowScript;
import io.flowscript.events.delivery.FlowScriptBridge;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("Nobody can try out tokens")
class FailedLoginsTest {

    private final ManualClock clock = new ManualClock();
    private final FlowScript flows = FlowScript.builder().clock(clock).build();
    private final FlowScriptBridge bridge = FlowScriptBridge.builder(flows).build();
    private final AtomicInteger asked = new AtomicInteger();
    private final HttpApi api = HttpApi.of(
            bridge,
            bridge,
            HttpSettings.builder()
                    .failedLoginsPerSecond(2)
                    .authenticator(request -> {
                        asked.incrementAndGet();
                        return request.header("Authorization")
                                .filter("Bearer right"::equals)
                                .map(known -> Login.of("ann"));
                    })
                    .build());

    @AfterEach
    void close() {
        bridge.close();
        flows.close();
    }

    private static HttpRequest request(String path, String address, String token) {
        return new HttpRequest(
                "GET",
                path,
                null,
                Map.of("authorization", List.of("Bearer " + token)),
                "localhost",
                address,
                false,
                null);
    }

    private int rest(String address, String token) {
        HttpRequest request = request("/executions/none/status", address, token);
        return ((HttpResponse) api.handle(request).orElseThrow()).status();
    }

    private int webSocket(String address, String token) {
        return api.admit(request(HttpApi.WEBSOCKET_PATH, address, token)) instanceof Admission.Refused refused
                ? refused.response().status()
                : 101;
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    @DisplayName(
            "over REST and at WebSockets alike, an address fails so often and is then refused unasked, until time has passed")
    void refusesTheAddress(boolean first) {
        for (int i = 0; i < 5; i++) { // twice the rate, and the one that uses it up
            boolean byRest = first == (i % 2 == 0);
            assertThat(byRest ? rest("192.0.2.1", "wrong" + i) : webSocket("192.0.2.1", "wrong" + i))
                    .isEqualTo(401);
        }
        int before = asked.get();
        assertThat(rest("192.0.2.1", "right")).isEqualTo(429);
        assertThat(webSocket("192.0.2.1", "right")).isEqualTo(429);
        assertThat(asked).hasValue(before);
        assertThat(webSocket("192.0.2.2", "right")).isEqualTo(101);

        clock.advance(Duration.ofSeconds(1));
        assertThat(webSocket("192.0.2.1", "right")).isEqualTo(101);
    }

    @Test
    @DisplayName("logins that succeed are not counted")
    void successIsFree() {
        for (int i = 0; i < 50; i++) {
            assertThat(webSocket("192.0.2.1", "right")).isEqualTo(101);
        }
    }

    @Test
    @DisplayName("tokens that come over an open WebSocket count too")
    void renewals() {
        Admission.Admitted admitted =
                (Admission.Admitted) api.admit(request(HttpApi.WEBSOCKET_PATH, "192.0.2.1", "right"));
        for (int i = 0; i < 5; i++) {
            assertThat(admitted.renewal().login("wrong" + i)).isEmpty();
        }
        assertThat(admitted.renewal().login("right")).isEmpty();
        assertThat(rest("192.0.2.1", "right")).isEqualTo(429);
        clock.advance(Duration.ofSeconds(1));
        assertThat(admitted.renewal().login("right")).isPresent();
    }

    @Test
    @DisplayName("all addresses of an IPv6 network count as one")
    void networks() {
        for (int i = 0; i < 5; i++) {
            assertThat(rest("2001:db8:0:1:" + i + "::1", "wrong")).isEqualTo(401);
        }
        assertThat(rest("2001:db8:0:1:ffff::9", "right")).isEqualTo(429);
        assertThat(rest("2001:db8:0:2::1", "wrong")).isEqualTo(401);
    }

    @ParameterizedTest
    @CsvSource({
        "192.0.2.1, 192.0.2.1",
        "::ffff:192.0.2.1, ::ffff:192.0.2.1",
        "2001:db8::1, 20010db800000000/64",
        "2001:db8:0:0:ffff::1, 20010db800000000/64",
        "2001:db8:0:1::1, 20010db800000001/64",
        "localhost, localhost"
    })
    void namesTheNetwork(String address, String network) {
        assertThat(IpAddress.network(address)).isEqualTo(network);
    }
}
