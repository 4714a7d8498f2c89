package io.flowscript.testsupport.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.flowscript.engine.FlowScript;
import io.flowscript.events.delivery.FlowScriptBridge;
import io.flowscript.testkit.fault.SocketSchedules;
import io.flowscript.testkit.fault.SocketSchedules.Listener;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Seeded schedules over real sockets, for each transport and for clients that go from one to another. See {@link SocketSchedules} for what a
 * seed fixes: {@code -Dflowscript.fault.sockets=2000} plays more of them, {@code -Dflowscript.fault.seed=N} one.
 */
@Timeout(7_200)
@DisplayName("I2: over real sockets, whatever befalls connections and listeners, nothing is lost, doubled or reordered")
public abstract class SocketScheduleContract {

    /** How many schedules are played for each transport, unless the property says another number. */
    protected int usual() {
        return 60;
    }

    /** Whether the server is a container, which answers by itself when it has stopped the application. */
    protected boolean isInContainer() {
        return false;
    }

    private SocketClients clients() {
        return new SocketClients(isInContainer());
    }

    @Test
    void overWebSocket() {
        check(schedules()
                .way("websocket", clients()::webSocket)
                .way("websocket, one by one", clients()::webSocketOneByOne)
                .play(usual()));
    }

    @Test
    void overServerSentEvents() {
        check(schedules().way("stream", clients()::stream).play(usual()));
    }

    @Test
    void overLongPoll() {
        check(schedules().way("poll", clients()::poll).play(usual()));
    }

    @Test
    @DisplayName("I2: from WebSocket to a stream to a poll and back in mid-stream, by nothing but positions")
    void fromOneToAnother() {
        check(schedules()
                .way("websocket", clients()::webSocket)
                .way("stream", clients()::stream)
                .way("poll", clients()::poll)
                .play(usual()));
    }

    private SocketSchedules schedules() {
        return SocketSchedules.of(this::listen);
    }

    /** A server that takes very many requests, not started yet. */
    protected abstract TestServer server(FlowScriptBridge bridge);

    private Listener listen(FlowScript flows, FlowScriptBridge bridge) {
        TestServer server = server(bridge);
        server.start(bridge);
        return new Listening(server, server.port());
    }

    private static void check(Map<String, Integer> seen) {
        if (seen.getOrDefault("events", 0) > 1_000) {
            assertThat(seen)
                    .containsKeys(
                            "listener restarted",
                            "bridge restarted",
                            "cut",
                            "holes",
                            "marks",
                            "fault DELAY",
                            "fault STALL",
                            "fault END",
                            "fault RESET",
                            "fault TRUNCATE",
                            "fault HALF_OPEN",
                            "fault IDLE");
        }
    }
}
