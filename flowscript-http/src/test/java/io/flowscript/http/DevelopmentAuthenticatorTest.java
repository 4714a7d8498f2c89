package io.flowscript.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.flowscript.core.bridge.Login;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The identity that is taken on trust on one machine. */
class DevelopmentAuthenticatorTest {

    private final Authenticator believing = Authenticator.development();

    private static ClientRequest from(String address, String user, String cookie) {
        return new ClientRequest(
                "GET",
                "/ws",
                user == null ? Map.of() : Map.of("user", List.of(user)),
                Map.of(),
                cookie == null ? Map.of() : Map.of("flowscript-user", cookie),
                address,
                false,
                null);
    }

    @ParameterizedTest
    @ValueSource(strings = {"10.0.0.1", "192.168.1.7", "0.0.0.0", "2001:db8::1", "[fe80::1]"})
    void nobodyOnAnotherMachineIsBelieved(String address) {
        assertThat(believing.authenticate(from(address, "ann", null))).isEmpty();
        assertThat(believing.authenticate(from(address, null, null))).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "127.8.8.8", "::1", "[::1]", "0:0:0:0:0:0:0:1"})
    void everybodyOnThisOneIs(String address) {
        assertThat(believing.authenticate(from(address, "ann", null))).contains(Login.of("ann"));
        assertThat(believing.authenticate(from(address, null, null))).contains(Login.ANONYMOUS);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"x-forwarded-for", "x-forwarded-proto", "x-forwarded-host", "forwarded", "via", "x-real-ip"})
    void nobodyIsBelievedWhoseRequestWasForwarded(String field) {
        ClientRequest forwarded = new ClientRequest(
                "GET",
                "/ws",
                Map.of("user", List.of("ann")),
                Map.of(field, List.of("203.0.113.7")),
                Map.of(),
                "127.0.0.1",
                false,
                null);
        assertThat(believing.authenticate(forwarded)).isEmpty();
    }

    @Test
    void aNameThatIsNoneIsRefused() {
        assertThat(believing.authenticate(from("127.0.0.1", "x".repeat(257), null)))
                .isEmpty();
        assertThat(believing.authenticate(from("127.0.0.1", null, "%zz"))).isEmpty();
    }
}
