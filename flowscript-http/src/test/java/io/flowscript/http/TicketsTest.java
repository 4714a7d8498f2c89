package io.flowscript.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flowscript.core.FlowScriptException;
import io.flowscript.core.bridge.Login;
import io.flowscript.core.testing.ManualClock;
import io.flowscript.engine.FlowScript;
import io.flowscript.events.delivery.FlowScriptBridge;
import io.flowscript.json.codec.JsonReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("A ticket opens one WebSocket, in place of what it was fetched with")
class TicketsTest {

    private final ManualClock clock = new ManualClock();
    private final FlowScript flows = FlowScript.builder().clock(clock).build();
    private final FlowScriptBridge bridge = FlowScriptBridge.builder(flows).build();

    /** The names that may log in. */
    private final Set<String> known = ConcurrentHashMap.newKeySet();

    private final HttpSettings.Builder settings = HttpSettings.builder()
            .allowedHosts("here")
            .allowedOrigins("https://page.example")
            .authenticator(
                    request -> request.bearerToken().filter(known::contains).map(Login::of));

    private final HttpApi api =
            HttpApi.of(bridge, bridge, settings.tickets(Duration.ofSeconds(30)).build());

    @AfterEach
    void close() {
        bridge.close();
        flows.close();
    }

    private HttpResponse fetch(String token, String... more) {
        Map<String, List<String>> headers = more.length == 0
                ? Map.of("authorization", List.of("Bearer " + token))
                : Map.of("authorization", List.of("Bearer " + token), more[0], List.of(more[1]));
        return (HttpResponse)
                api.handle(new HttpRequest("POST", "/tickets", null, headers, "here", "127.0.0.1", false, null))
                        .orElseThrow();
    }

    private String ticket(String token) {
        HttpResponse response = fetch(token);
        assertThat(response.status()).isEqualTo(200);
        Map<?, ?> body = (Map<?, ?>) new JsonReader(9)
                .read(StandardCharsets.UTF_8.decode(response.body()).toString());
        assertThat(body.get("expiresAt"))
                .isEqualTo(clock.instant().plusSeconds(30).toString().replace("Z", ".000Z"));
        return (String) body.get("ticket");
    }

    private Optional<String> open(@Nullable String query, String host, String... headers) {
        Admission admission = api.admit(new HttpRequest(
                "GET",
                "/ws",
                query,
                headers.length == 0 ? Map.of() : Map.of(headers[0], List.of(headers[1])),
                host,
                "127.0.0.1",
                false,
                null));
        if (admission instanceof Admission.Admitted in) {
            return Optional.of(in.login().identity().name());
        }
        assertThat(((Admission.Refused) admission).response().status()).isIn(401, 403);
        return Optional.empty();
    }

    @Test
    @DisplayName("and no second one")
    void once() {
        known.add("ann");
        String ticket = ticket("ann");
        assertThat(ticket).matches("[A-Za-z0-9_-]{32}").isNotEqualTo(ticket("ann"));
        assertThat(open("ticket=" + ticket, "here")).contains("ann");
        assertThat(open("ticket=" + ticket, "here")).isEmpty();
    }

    @Test
    @DisplayName("and only until its time is over, and only one that was given out")
    void expires() {
        known.add("ann");
        String early = ticket("ann");
        clock.advance(Duration.ofSeconds(1));
        String late = ticket("ann");
        clock.advance(Duration.ofSeconds(29));
        assertThat(open("ticket=" + early, "here")).isEmpty();
        assertThat(open("ticket=" + late, "here")).contains("ann");
        assertThat(open("ticket=", "here")).isEmpty();
        assertThat(open("ticket=none", "here")).isEmpty();
        assertThat(open("ticket=none", "here", "authorization", "Bearer ann"))
                .as("nothing else counts beside a ticket")
                .isEmpty();
        assertThat(open("ticket=" + ticket("ann") + "&ticket=" + ticket("ann"), "here"))
                .isEmpty();
    }

    @Test
    @DisplayName("and not when what it was fetched with does not count any more")
    void revoked() {
        known.add("ann");
        String ticket = ticket("ann");
        known.clear();
        assertThat(open("ticket=" + ticket, "here")).isEmpty();
    }

    @Test
    @DisplayName("and the rules about hosts and origins hold for it, at either end")
    void pages() {
        known.add("ann");
        assertThat(fetch("ann", "origin", "https://elsewhere.example").status()).isEqualTo(403);
        String ticket = ticket("ann");
        assertThat(open("ticket=" + ticket, "here", "origin", "https://elsewhere.example"))
                .isEmpty();
        assertThat(open("ticket=" + ticket, "elsewhere")).isEmpty();
        assertThat(open("ticket=" + ticket, "here", "origin", "https://page.example"))
                .contains("ann");
    }

    @Test
    @DisplayName("and nobody gets one who is not known, or too many of them")
    void bounded() {
        assertThat(fetch("eve").status()).isEqualTo(401);
        known.addAll(Set.of("ann", "bob"));
        for (int i = 0; i < 20; i++) {
            ticket("ann");
        }
        clock.advance(Duration.ofSeconds(2));
        HttpResponse tooMany = fetch("ann");
        assertThat(tooMany.status()).isEqualTo(429);
        assertThat(tooMany.headers()).as("until the oldest is over").containsEntry("Retry-After", List.of("28"));
        String other = ticket("bob");
        clock.advance(Duration.ofSeconds(30));
        assertThat(open("ticket=" + other, "here")).isEmpty();
        assertThat(ticket("ann")).isNotEmpty();
    }

    @Test
    @DisplayName("and there are none unless the server is told so, and none without a REST that gives them")
    void off() {
        HttpApi without = HttpApi.of(bridge, bridge, HttpSettings.builder().build());
        assertThat(without.handle(
                        new HttpRequest("POST", "/tickets", null, Map.of(), "localhost", "127.0.0.1", false, null)))
                .isEmpty();
        HttpSettings on = HttpSettings.builder().tickets(Duration.ofSeconds(1)).build();
        assertThatThrownBy(() -> HttpApi.withoutRest(on)).isInstanceOf(FlowScriptException.class);
    }
}
