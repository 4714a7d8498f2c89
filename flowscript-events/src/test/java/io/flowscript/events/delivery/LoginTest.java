package io.flowscript.events.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import io.flowscript.core.Identity;
import io.flowscript.core.bridge.ClientInfo;
import io.flowscript.core.bridge.ClientInfo.Framing;
import io.flowscript.core.bridge.CloseCode;
import io.flowscript.core.bridge.Login;
import io.flowscript.engine.Execution;
import io.flowscript.events.memory.MemoryClient;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("A session lasts as long as its login")
class LoginTest {

    private final Fixture fixture = Fixture.with()
            .policy((who, action, workflowId, executionId) ->
                    !String.valueOf(executionId).startsWith("secret")
                            || who.groups().contains("managers"))
            .build();
    private final Map<String, Login> tokens = new HashMap<>();

    @AfterEach
    void close() {
        fixture.close();
    }

    private Instant in(Duration time) {
        return fixture.clock.instant().plus(time);
    }

    private MemoryClient connect(Login login) {
        MemoryClient client = fixture.transport.connect(
                new ClientInfo(login, null, Framing.LINES, token -> Optional.ofNullable(tokens.get(token))));
        fixture.run();
        return client;
    }

    @Test
    @DisplayName("and ends with a code of its own at the moment when the login expires, also while nothing happens")
    void expires() {
        MemoryClient client = connect(new Login(Identity.of("ann"), in(Duration.ofMinutes(5))));
        client.subscribe("run");
        fixture.run();

        fixture.passSlowly(299);
        assertThat(client.isConnected()).isTrue();
        fixture.passSlowly(1);

        assertThat(client.closeCode()).isEqualTo(CloseCode.LOGIN_EXPIRED);
        assertThat(fixture.bridge.size()).isZero();
        assertThat(fixture.clock.pending()).as("timers").isZero();
    }

    @Test
    @DisplayName("and the first message says when that ends, if it does")
    void toldAtOnce() {
        Instant end = in(Duration.ofMinutes(5));
        MemoryClient expiring = connect(new Login(Identity.of("ann"), end));
        assertThat(Messages.data(expiring, "connected").get("expiresAt")).isEqualTo(end.toEpochMilli());
        assertThat(Messages.data(connect(Login.of("ann")), "connected")).doesNotContainKey("expiresAt");
    }

    @Test
    @DisplayName("and needs one timer for it, and none when the login does not expire or the session has ended")
    void oneTimer() {
        MemoryClient lasting = connect(Login.of("ann"));
        int without = fixture.clock.pending();
        MemoryClient expiring = connect(new Login(Identity.of("ann"), in(Duration.ofHours(1))));
        assertThat(fixture.clock.pending()).isEqualTo(2 * without + 1);

        expiring.disconnect();
        lasting.disconnect();
        fixture.run();

        assertThat(fixture.clock.pending()).isZero();
    }

    @Test
    @DisplayName("and ends at once when the login has expired already")
    void expiredAlready() {
        MemoryClient client = connect(new Login(Identity.of("ann"), fixture.clock.instant()));
        fixture.pass(Duration.ZERO);
        assertThat(client.closeCode()).isEqualTo(CloseCode.LOGIN_EXPIRED);
    }

    private static void authenticate(MemoryClient client, String token) {
        client.send("{\"type\":\"authenticate\",\"id\":\"a\",\"data\":{\"token\":\"" + token + "\"}}");
    }

    private static Object code(MemoryClient client) {
        return Messages.data(client, "error").get("code");
    }

    @Test
    @DisplayName("and goes on when the login is renewed before that, until the new login expires")
    void renewed() {
        MemoryClient client = connect(new Login(Identity.of("ann"), in(Duration.ofMinutes(5))));
        Instant later = in(Duration.ofMinutes(8));
        tokens.put("new", new Login(Identity.of("ann"), later));

        int timers = fixture.clock.pending();
        authenticate(client, "new");
        fixture.run();
        assertThat(fixture.clock.pending()).as("timers").isEqualTo(timers);
        assertThat(Messages.data(client, "authenticated").get("expiresAt")).isEqualTo(later.toEpochMilli());
        fixture.passSlowly(479);
        assertThat(client.isConnected()).isTrue();
        fixture.passSlowly(1);

        assertThat(client.closeCode()).isEqualTo(CloseCode.LOGIN_EXPIRED);
        assertThat(fixture.clock.pending()).as("timers").isZero();
    }

    @Test
    @DisplayName("and changes nothing when the token is of nobody or of somebody else, which look the same")
    void refused() {
        MemoryClient client = connect(new Login(Identity.of("ann"), in(Duration.ofMinutes(5))));
        tokens.put("of bob", Login.of("bob", "managers"));
        Execution secret = fixture.startLive("secret").execution();

        authenticate(client, "of nobody");
        fixture.run();
        Map<String, ?> nobody = Messages.data(client, "error");
        client.clear();
        authenticate(client, "of bob");
        fixture.run();

        assertThat(nobody.get("code")).isEqualTo("unauthorized");
        assertThat(Messages.data(client, "error")).isEqualTo(nobody);
        client.subscribe(secret.id());
        fixture.run();
        assertThat(Messages.ofType(client, "execution_status")).isEmpty();
        fixture.passSlowly(300);
        assertThat(client.closeCode()).isEqualTo(CloseCode.LOGIN_EXPIRED);
    }

    @Test
    @DisplayName("and what its subscriptions may see is asked anew when its groups change, both ways")
    void groups() {
        MemoryClient client = connect(Login.of("ann"));
        client.subscribe("secret-1");
        client.subscribe(Map.of("all", true));
        fixture.startLive("secret-1");
        fixture.startLive("secret-2");
        fixture.startLive("open");
        assertThat(executions(client)).containsExactly("open");

        client.clear();
        tokens.put("promoted", Login.of("ann", "managers"));
        authenticate(client, "promoted");
        fixture.run();
        assertThat(executions(client)).as("gained").containsExactlyInAnyOrder("secret-1", "secret-2");

        client.clear();
        tokens.put("demoted", Login.of("ann"));
        authenticate(client, "demoted");
        fixture.run();
        assertThat(code(client)).isEqualTo("execution_not_found");
        fixture.live("secret-1").emit(3);
        fixture.live("secret-2").emit(3);
        fixture.live("open").emit(1);
        fixture.run();
        assertThat(Messages.ofType(client, "workflow_event").stream().map(LoginTest::executionId))
                .as("lost")
                .containsExactly("open");
    }

    private static Set<Object> executions(MemoryClient client) {
        return Messages.ofType(client, "execution_status").stream()
                .map(LoginTest::executionId)
                .collect(Collectors.toSet());
    }

    private static Object executionId(Map<String, Object> message) {
        return MemoryClient.data(message).get("executionId");
    }

    @Test
    @DisplayName("and a client with a live inbox is told to list it again when its groups change, and only then")
    void inbox() {
        MemoryClient client = connect(Login.of("ann"));
        client.interactions(Map.of("live", true));
        fixture.run();
        tokens.put("same", new Login(Identity.of("ann"), in(Duration.ofHours(1))));
        tokens.put("promoted", Login.of("ann", "managers"));

        authenticate(client, "same");
        fixture.run();
        assertThat(Messages.ofType(client, "interactions_missed")).isEmpty();
        authenticate(client, "promoted");
        fixture.run();
        assertThat(Messages.ofType(client, "interactions_missed")).hasSize(1);
    }

    @Test
    @DisplayName("and ends when the application ends it, with a code of its own, and others go on")
    void ended() {
        MemoryClient ann = connect(Login.of("ann"));
        MemoryClient also = connect(Login.of("ann"));
        MemoryClient bob = connect(Login.of("bob"));

        assertThat(fixture.bridge.disconnect(who -> who.name().equals("ann"))).isEqualTo(2);
        fixture.run();

        assertThat(ann.closeCode()).isEqualTo(CloseCode.SESSION_ENDED);
        assertThat(also.closeCode()).isEqualTo(CloseCode.SESSION_ENDED);
        assertThat(bob.isConnected()).isTrue();
    }
}
