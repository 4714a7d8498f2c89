package io.flowscript.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.flowscript.core.Identity;
import io.flowscript.core.bridge.Login;
import io.flowscript.http.ClientRequest;
import io.flowscript.testsupport.server.ClientSchedules;
import io.flowscript.testsupport.server.Listening;
import io.flowscript.ws.jetty.FlowScriptWebSocketServer;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Seeded schedules of the client. See {@link ClientSchedules} for how to play more of them, or one. */
@Tag("integration")
@Timeout(7_200)
@DisplayName(
        "I2: whatever befalls its connections, the client loses, doubles and reorders nothing, and each command is carried out once")
class ClientScheduleTest {

    private static final int USUAL = 12;
    private static final int LOGIN_MILLIS = 700;

    private final AtomicInteger renewals = new AtomicInteger();

    @Test
    void overAFaultyNetwork() throws Exception {
        ClientSchedules.play(
                USUAL,
                (flows, bridge) -> {
                    FlowScriptWebSocketServer server = TestServer.listen(bridge, this::login);
                    return new Listening(server, server.port());
                },
                ScheduledClient::new,
                "restarts",
                "doubles dropped",
                "ONLINE WEBSOCKET",
                "ONLINE SSE",
                "ONLINE POLL",
                "fault RESET",
                "fault STALL");
        assertThat(renewals).as("renewals").hasPositiveValue();
    }

    /** A login lasts for a moment. So connections are renewed, or end and come back, in the middle of everything. */
    private Optional<Login> login(ClientRequest request) {
        if (request.headers().keySet().equals(Set.of("authorization"))) {
            renewals.incrementAndGet(); // a handshake has more fields than the token
        }
        Instant end = Instant.now().plusMillis(LOGIN_MILLIS);
        return request.bearerToken().map(name -> new Login(Identity.of(name), end));
    }
}
