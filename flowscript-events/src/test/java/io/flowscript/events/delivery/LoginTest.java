package io.flowscript.events.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import io.flowscript.core.Identity;
import io.flowscript.core.bridge.ClientInfo;
import io.flowscript.core.bridge.ClientInfo.Framing;
import io.flowscript.core.bridge.CloseCode;
import io.flowscript.core.bridge.Login;
import io.flowscript.events.memory.MemoryClient;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("A session lasts as long as its login")
class LoginTest {

    private final Fixture fixture = new Fixture();

    @AfterEach
    void close() {
        fixture.close();
    }

    private Instant in(Duration time) {
        return fixture.clock.instant().plus(time);
    }

    private MemoryClient connect(Login login) {
        MemoryClient client = fixture.transport.connect(new ClientInfo(login, Framing.LINES, ClientInfo.Renewal.NONE));
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
}
