package io.flowscript.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flowscript.core.FlowScriptException;
import io.flowscript.core.bridge.Login;
import io.flowscript.core.observe.FlowScriptObserver;
import io.flowscript.core.testing.ManualClock;
import io.flowscript.engine.FlowScript;
import io.flowscript.events.delivery.FlowScriptBridge;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("An address opens so many WebSockets in a second")
class HandshakesTest {

    private static final int RATE = 5;

    private final ManualClock clock = new ManualClock();
    private final List<String> refused = new CopyOnWriteArrayList<>();
    private final AtomicInteger asked = new AtomicInteger();
    private final FlowScript flows = FlowScript.builder()
            .clock(clock)
            .observer(new FlowScriptObserver() {
                @Override
                public void refused(String code) {
                    refused.add(code);
                }
            })
            .build();
    private final FlowScriptBridge bridge = FlowScriptBridge.builder(flows).build();
    private final HttpApi api = HttpApi.of(
            bridge,
            bridge,
            HttpSettings.builder()
                    .handshakesPerSecond(RATE)
                    .authenticator(request -> {
                        asked.incrementAndGet();
                        return Optional.of(Login.of("ann"));
                    })
                    .build());

    @AfterEach
    void close() {
        bridge.close();
        flows.close();
    }

    private static HttpRequest upgrade(String address, Map<String, List<String>> headers) {
        return new HttpRequest("GET", HttpApi.WEBSOCKET_PATH, null, headers, "localhost", address, false, null);
    }

    private Admission open(String address) {
        return api.admit(upgrade(address, Map.of()));
    }

    private void fill(String address) {
        for (int i = 0; i < 2 * RATE; i++) {
            assertThat(open(address)).isInstanceOf(Admission.Admitted.class);
        }
    }

    private void assertRefused(String address) {
        assertThat(open(address)).isInstanceOfSatisfying(Admission.Refused.class, refusal -> {
            assertThat(refusal.response().status()).isEqualTo(429);
            assertThat(refusal.response().headers()).containsEntry("Retry-After", List.of("1"));
        });
    }

    @Test
    @DisplayName("whoever it is: twice as many at once, and not one more before time has passed")
    void refusesTheAddress() {
        fill("192.0.2.1");
        int before = asked.get();
        assertThat(refused).isEmpty();
        assertRefused("192.0.2.1");
        assertThat(asked).as("calls of the authenticator").hasValue(before);
        assertThat(refused).containsExactly("rate_limited");
        fill("192.0.2.2");

        clock.advance(Duration.ofSeconds(1));
        for (int i = 0; i < RATE; i++) {
            assertThat(open("192.0.2.1")).isInstanceOf(Admission.Admitted.class);
        }
        assertRefused("192.0.2.1");
    }

    @Test
    @DisplayName("and all addresses of an IPv6 network count as one")
    void networks() {
        for (int i = 0; i < 2 * RATE; i++) {
            assertThat(open("2001:db8:0:1:" + i + "::1")).isInstanceOf(Admission.Admitted.class);
        }
        assertRefused("2001:db8:0:1:ffff::9");
        fill("2001:db8:0:2::1");
    }

    @Test
    @DisplayName("and a page of another site uses up none of them")
    void foreignPages() {
        for (int i = 0; i < 5 * RATE; i++) {
            assertThat(api.admit(upgrade("192.0.2.1", Map.of("origin", List.of("https://evil.example")))))
                    .isInstanceOfSatisfying(
                            Admission.Refused.class,
                            refusal -> assertThat(refusal.response().status()).isEqualTo(403));
        }
        fill("192.0.2.1");
    }

    @Test
    @DisplayName("and requests are counted apart")
    void requests() {
        fill("192.0.2.1");
        HttpRequest health = new HttpRequest("GET", "/health", null, Map.of(), "localhost", "192.0.2.1", false, null);
        assertThat(((HttpResponse) api.handle(health).orElseThrow()).status()).isEqualTo(200);
    }

    @Test
    @DisplayName("also at a server without REST")
    void withoutRest() {
        HttpApi sockets = HttpApi.withoutRest(
                HttpSettings.builder().handshakesPerSecond(1).build());
        List<Class<?>> decisions = new CopyOnWriteArrayList<>();
        for (int i = 0; i < 50; i++) {
            decisions.add(sockets.admit(upgrade("192.0.2.1", Map.of())).getClass());
        }
        assertThat(decisions).contains(Admission.Refused.class).startsWith(Admission.Admitted.class);
    }

    @Test
    @DisplayName("200 by default, from one on")
    void settings() {
        assertThat(HttpSettings.builder().build().handshakesPerSecond()).isEqualTo(200);
        assertThatThrownBy(() -> HttpSettings.builder().handshakesPerSecond(0))
                .isInstanceOf(FlowScriptException.class)
                .extracting("code")
                .isEqualTo("invalid_setting");
    }
}
