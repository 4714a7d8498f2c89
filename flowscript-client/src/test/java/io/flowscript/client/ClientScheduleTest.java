package io.flowscript.client;

import io.flowscript.http.Authenticator;
import io.flowscript.testsupport.server.ClientSchedules;
import io.flowscript.testsupport.server.Listening;
import io.flowscript.ws.jetty.FlowScriptWebSocketServer;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Seeded schedules of the client. See {@link ClientSchedules} for how to play more of them, or one. */
@Timeout(7_200)
@DisplayName(
        "I2: whatever befalls its connections, the client loses, doubles and reorders nothing, and each command is carried out once")
class ClientScheduleTest {

    private static final int USUAL = 12;

    @Test
    void overAFaultyNetwork() throws Exception {
        ClientSchedules.play(
                USUAL,
                (flows, bridge) -> {
                    FlowScriptWebSocketServer server = TestServer.listen(bridge, Authenticator.development());
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
    }
}
