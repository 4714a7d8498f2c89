package io.flowscript.events.delivery;

import static io.flowscript.events.delivery.Messages.assertSeqs;
import static io.flowscript.events.delivery.Messages.ofType;
import static io.flowscript.events.delivery.Messages.types;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flowscript.core.FlowScriptException;
import io.flowscript.core.Identity;
import io.flowscript.core.bridge.ClientChannel;
import io.flowscript.core.bridge.ClientInfo;
import io.flowscript.core.bridge.ClientInfo.Framing;
import io.flowscript.core.bridge.CloseCode;
import io.flowscript.core.event.HumanEvent;
import io.flowscript.core.interaction.Interaction;
import io.flowscript.core.log.Position;
import io.flowscript.core.snapshot.ExecutionStatus;
import io.flowscript.core.testing.ManualExecutor;
import io.flowscript.engine.Execution;
import io.flowscript.events.memory.MemoryClient;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class LifecycleTest {

    private Fixture fixture = new Fixture();

    @AfterEach
    void close() {
        fixture.close();
    }

    @Test
    @DisplayName("F30: the names of connections cannot be guessed")
    void namesCannotBeGuessed() {
        Set<String> names = new HashSet<>();
        for (int i = 0; i < 1_000; i++) {
            names.add((String) Messages.data(fixture.connect(), "connected").get("clientId"));
        }
        assertThat(names).hasSize(1_000).allSatisfy(name -> assertThat(name).matches("[A-Za-z0-9_-]{22}"));
    }

    @Test
    @DisplayName("The first sign of life is asked for at a random moment, then at every interval")
    void theFirstHeartbeatComesAtARandomMoment() {
        Set<Integer> seconds = new HashSet<>();
        for (int i = 0; i < 20; i++) {
            FakeChannel channel = new FakeChannel();
            channel.automatic = true;
            channel.pongs = true;
            fixture.bridge.connect(channel, new ClientInfo(Identity.ANONYMOUS, Framing.LINES));
            int second = 0;
            while (channel.pings.get() == 0) {
                fixture.pass(Duration.ofSeconds(1));
                second++;
            }
            seconds.add(second);
            fixture.passSlowly(300);
            assertThat(channel.pings).hasValue(11);
            assertThat(channel.closeCode).isZero();
        }
        assertThat(seconds)
                .hasSizeGreaterThan(1)
                .allSatisfy(second -> assertThat(second).isBetween(1, 30));
    }

    @Test
    void noSignOfLifeByTheNextOneEndsTheConnection() {
        MemoryClient dead = fixture.connect();
        MemoryClient alive = fixture.connect();
        dead.subscribe("run");
        fixture.run();
        dead.playDead();

        fixture.passSlowly(60);

        assertThat(dead.closeCode()).isEqualTo(CloseCode.HEARTBEAT_MISSED);
        assertThat(alive.isConnected()).isTrue();
        assertThat(fixture.bridge.size()).isEqualTo(1);
        assertThat(fixture.clock.pending())
                .as("the heartbeat of the one that is alive")
                .isEqualTo(1);
    }

    @Test
    void aTransportWithoutHeartbeatGetsNone() {
        ClientChannel channel = new FakeChannel() {
            @Override
            public boolean ping(Runnable pong) {
                super.ping(pong);
                return false;
            }
        };
        fixture.bridge.connect(channel, new ClientInfo(Identity.ANONYMOUS, Framing.LINES));
        fixture.run();
        ((FakeChannel) channel).sent();
        fixture.run();

        fixture.pass(Duration.ofHours(1));

        assertThat(((FakeChannel) channel).pings).hasValue(1);
        assertThat(((FakeChannel) channel).closeCode).isZero();
        assertThat(fixture.clock.pending()).isZero();
    }

    @Test
    @DisplayName("close() tells every client that the server is going away, and takes none after it")
    void closing() {
        MemoryClient one = fixture.connect();
        MemoryClient other = fixture.connect(Framing.SINGLE);
        other.subscribe("run");
        fixture.run();

        fixture.bridge.close();

        assertThat(one.closeCode()).isEqualTo(CloseCode.GOING_AWAY);
        assertThat(other.closeCode()).isEqualTo(CloseCode.GOING_AWAY);
        assertThat(fixture.bridge.size()).isZero();
        assertThat(fixture.clock.pending()).isZero();
        assertThatThrownBy(() -> fixture.connect())
                .isInstanceOf(FlowScriptException.class)
                .extracting("code")
                .isEqualTo("server_closing");
        fixture.bridge.close();
    }

    @Test
    @DisplayName("I8: nothing is left after 10,000 rounds of coming, subscribing and going")
    void leavesNothingBehind() {
        Live live = fixture.startLive("run");
        int timers = fixture.clock.pending();
        for (int round = 0; round < 10_000; round++) {
            MemoryClient client = fixture.transport.connect();
            client.subscribe("run", Position.after(live.execution().events().latest()));
            client.subscribe("none-" + round);
            if (round % 3 != 0) {
                fixture.run();
            }
            if (round % 7 == 0) {
                client.stall();
                live.emit(1);
            }
            client.disconnect();
            if (round % 100 == 0) {
                fixture.run();
            }
        }
        fixture.run();

        assertThat(fixture.bridge.size()).isZero();
        assertThat(fixture.bridge.pending()).isZero();
        assertThat(fixture.transport.connections()).isZero();
        assertThat(fixture.clock.pending()).isEqualTo(timers);
        assertThat(fixture.executor.pending()).isZero();
    }

    @Test
    @DisplayName("I8: 10,000 bridges opened and closed leave nothing in the engine")
    void bridgesLeaveNothingBehind() {
        for (int round = 0; round < 10_000; round++) {
            ConnectionManager bridge =
                    (ConnectionManager) FlowScriptBridge.builder(fixture.flows).build();
            FakeChannel channel = new FakeChannel();
            bridge.connect(channel, new ClientInfo(Identity.ANONYMOUS, Framing.LINES));
            bridge.close();
            fixture.run();
            assertThat(channel.closeCode).isEqualTo(CloseCode.GOING_AWAY);
        }
        assertThat(fixture.clock.pending()).isZero();
    }

    @Test
    void anEngineThatIsClosedUnderTheBridgeTakesItsClientsAlong() {
        MemoryClient client = fixture.connect();
        client.subscribe("run");
        fixture.run();
        fixture.startLive("run");

        fixture.bridge.close();
        fixture.flows.close();
        fixture.run();

        assertThat(client.closeCode()).isEqualTo(CloseCode.GOING_AWAY);
    }

    @Test
    @DisplayName("An executor that takes no more work sends the clients away, to come back later")
    void anExecutorThatRefusesSendsTheClientsAway() {
        fixture.close();
        ManualExecutor tasks = new ManualExecutor();
        AtomicBoolean shut = new AtomicBoolean();
        fixture = Fixture.with()
                .executor(task -> {
                    if (shut.get()) {
                        throw new RejectedExecutionException("shut down");
                    }
                    tasks.execute(task);
                })
                .build();
        MemoryClient client = fixture.transport.connect();
        tasks.runAll();
        shut.set(true);

        client.ping();

        assertThat(client.closeCode()).isEqualTo(CloseCode.GOING_AWAY);
        assertThat(fixture.bridge.size()).isZero();
        assertThat(fixture.clock.pending()).isZero();
    }

    @Test
    @DisplayName("An executor that runs tasks on the calling thread will do")
    void worksOnTheCallingThread() {
        fixture.close();
        fixture = Fixture.with().executor(Runnable::run).build();
        MemoryClient client = fixture.transport.connect();
        client.subscribe("run");
        fixture.flows.start("burst", Map.of("count", 2_000), "run");

        assertSeqs(client, "run", 1, 2_004);
        for (int i = 0; i < 150; i++) {
            client.ping();
        }
        assertThat(ofType(client, "pong")).hasSize(150);
    }

    @Test
    @DisplayName("I7: an event that cannot be encoded is a hole that is told, and the rest comes")
    void anEventThatCannotBeEncodedIsToldAsAHole() {
        fixture.close();
        fixture = Fixture.with()
                .encoder(encoder -> event -> {
                    if (event.seq() == 4) {
                        throw new IllegalStateException("broken codec");
                    }
                    return encoder.apply(event);
                })
                .build();
        MemoryClient client = fixture.connect();
        client.subscribe("run");
        fixture.runBurst("run", 3);

        assertThat(ofType(client, "events_missed"))
                .hasSize(1)
                .allSatisfy(missed -> assertThat(MemoryClient.data(missed))
                        .containsEntry("from", 4)
                        .containsEntry("to", 4));
        assertThat(types(client.events("run"))).hasSize(6).endsWith("workflow_completed");
        assertThat(client.received().toString()).doesNotContain("broken codec");
    }

    @Test
    @DisplayName("I7, F3: a channel that throws hurts only its client; the run and the others go on")
    void aChannelThatThrowsHurtsOnlyItsClient() {
        FakeChannel throwing = new FakeChannel() {
            @Override
            public void send(List<ByteBuffer> batch, SendCallback done) {
                throw new IllegalStateException("broken transport");
            }

            @Override
            public void close(int code, String reason) {
                super.close(code, reason);
                throw new IllegalStateException("broken close");
            }
        };
        MemoryClient other = fixture.connect();
        other.subscribe("run");
        fixture.bridge.connect(throwing, new ClientInfo(Identity.ANONYMOUS, Framing.LINES));
        fixture.run();

        Execution run = fixture.runBurst("run", 3);

        assertThat(throwing.closeCode).isNotZero();
        assertThat(fixture.bridge.size()).isEqualTo(1);
        assertThat(run.status()).isEqualTo(ExecutionStatus.COMPLETED);
        assertSeqs(other, "run", 1, 7);
    }

    @Test
    @DisplayName(
            "I7: an answer whose reply breaks the channel is not lost: log and snapshot have it, and so has the receipt when it is sent again")
    void anAnswerOutlivesTheChannelItCameBy() {
        Execution run = fixture.flows.start("ask", Map.of(), "run");
        fixture.run();
        String nodeId = run.interactions().get(0).token().nodeId();
        FakeChannel throwing = new FakeChannel() {
            @Override
            public void send(List<ByteBuffer> batch, SendCallback done) {
                throw new IllegalStateException("broken transport");
            }
        };
        String resume = "{\"type\":\"resume\",\"id\":\"key\",\"data\":{\"executionId\":\"run\",\"nodeId\":\"" + nodeId
                + "\",\"data\":7}}";
        fixture.bridge
                .connect(throwing, new ClientInfo(Identity.of("alice"), Framing.LINES))
                .receive(ByteBuffer.wrap(resume.getBytes(UTF_8)), () -> {});
        fixture.run();

        assertThat(throwing.closeCode).isNotZero();
        assertThat(run.status()).isEqualTo(ExecutionStatus.COMPLETED);
        assertThat(run.snapshot().closed().get(0).status()).isEqualTo(Interaction.Status.ANSWERED);
        MemoryClient again = fixture.connect();
        again.send(resume);
        fixture.run();
        assertThat(again.awaitReply("key")).containsEntry("type", "resume_success");
        assertThat(run.events().read(Position.START, 100).stream()
                        .filter(event -> event.event() instanceof HumanEvent.InputReceived))
                .hasSize(1);
    }

    @Test
    void aClientThatCannotBeReachedIsCleanedUp() {
        FakeChannel channel = new FakeChannel();
        fixture.bridge.connect(channel, new ClientInfo(Identity.ANONYMOUS, Framing.LINES));
        fixture.run();
        channel.failed();
        fixture.run();

        assertThat(fixture.bridge.size()).isZero();
        assertThat(fixture.clock.pending()).isZero();
    }

    @Test
    @DisplayName(
            "F4: that a run ends, or a client goes, takes nothing from the others and from the application's listeners")
    void anEndTakesNothingFromOthers() {
        int[] heard = new int[1];
        fixture.flows.executions().listen(event -> heard[0]++);
        MemoryClient going = fixture.connect();
        MemoryClient staying = fixture.connect();
        for (MemoryClient client : List.of(going, staying)) {
            client.subscribe("one");
            client.subscribe("two");
        }
        fixture.run();
        fixture.runBurst("one", 1);
        going.disconnect();
        fixture.runBurst("two", 1);

        assertSeqs(staying, "one", 1, 5);
        assertSeqs(staying, "two", 1, 5);
        assertThat(heard[0]).isEqualTo(10);
    }

    @Test
    @DisplayName("Memory is given back at the end of an execution: no cursor, no timer, nothing but a position")
    void endedSubscriptionsGiveTheirMemoryBack() {
        MemoryClient client = fixture.connect();
        client.subscribe("run");
        fixture.run();
        Live live = fixture.startLive("run");
        live.end();
        fixture.run();

        client.subscribe("run", Position.after(3));
        fixture.run();

        assertThat(types(client.events("run"))).endsWith("workflow_completed", "workflow_completed");
        assertThat(Map.copyOf(client.events("run").get(0))).containsEntry("seq", 1);
    }
}
