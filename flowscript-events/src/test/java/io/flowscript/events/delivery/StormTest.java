package io.flowscript.events.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import io.flowscript.core.Identity;
import io.flowscript.core.bridge.ClientChannel;
import io.flowscript.core.bridge.ClientInfo;
import io.flowscript.core.bridge.ClientInfo.Framing;
import io.flowscript.core.bridge.ClientSession;
import io.flowscript.core.testing.ManualExecutor;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("Many clients that come back at once, each far behind")
class StormTest {

    private static final int CLIENTS = 50;
    private static final int EVENTS = 200;

    private final ManualExecutor tasks = new ManualExecutor();
    private final Fixture fixture = Fixture.with()
            .executor(tasks)
            .limits(limits -> limits.batchBytes(1_000))
            .build();

    /** Who was sent something, in turn. */
    private final List<String> sent = new ArrayList<>();

    @AfterEach
    void close() {
        fixture.close();
    }

    private Live start(String id) {
        Live live = fixture.startLive(id);
        tasks.runAll();
        return live;
    }

    private ClientSession connect(String name) {
        ClientSession session = fixture.bridge.connect(
                new ClientChannel() {
                    @Override
                    public void send(List<ByteBuffer> frames, SendCallback done) {
                        sent.add(name);
                        done.sent();
                    }

                    @Override
                    public void close(int code, String reason) {
                        sent.add(name + " closed: " + reason);
                    }
                },
                new ClientInfo(Identity.of(name), Framing.LINES));
        tasks.runAll();
        return session;
    }

    private static void subscribe(ClientSession session, String executionId) {
        String message = "{\"type\":\"subscribe\",\"data\":{\"executionId\":\"" + executionId + "\",\"after\":0}}";
        session.receive(ByteBuffer.wrap(message.getBytes(StandardCharsets.UTF_8)), () -> {});
    }

    @Test
    @DisplayName("those who are there get an event before these have caught up, and these catch up meanwhile")
    void nobodyWaitsForThem() {
        Live live = start("live");
        start("old").emit(EVENTS);
        subscribe(connect("there"), "live");
        List<ClientSession> back = new ArrayList<>();
        for (int i = 0; i < CLIENTS; i++) {
            back.add(connect("back " + i));
        }
        sent.clear();

        live.emit(1);
        back.forEach(session -> subscribe(session, "old"));
        tasks.runAll();

        assertThat(sent.indexOf("there")).isBetween(0, 4);
        assertThat(Collections.frequency(sent, "there")).isEqualTo(1);
        for (int i = 0; i < CLIENTS; i++) {
            assertThat(Collections.frequency(sent, "back " + i)).isGreaterThan(2);
        }
    }

    @Test
    @DisplayName("nor does a command of one who is there")
    void noCommandWaits() {
        start("live");
        start("old").emit(EVENTS);
        ClientSession there = connect("there");
        subscribe(there, "live");
        tasks.runAll();
        List<ClientSession> back = new ArrayList<>();
        for (int i = 0; i < CLIENTS; i++) {
            back.add(connect("back " + i));
        }
        sent.clear();

        back.forEach(session -> subscribe(session, "old"));
        there.receive(ByteBuffer.wrap("{\"type\":\"ping\"}".getBytes(StandardCharsets.UTF_8)), () -> {});
        tasks.runAll();

        assertThat(sent.indexOf("there")).isBetween(0, 2);
    }
}
