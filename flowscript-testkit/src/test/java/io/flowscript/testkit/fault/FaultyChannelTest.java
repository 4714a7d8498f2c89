package io.flowscript.testkit.fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flowscript.core.Identity;
import io.flowscript.core.bridge.ClientChannel;
import io.flowscript.core.bridge.ClientInfo;
import io.flowscript.core.bridge.ClientInfo.Framing;
import io.flowscript.core.bridge.ClientSession;
import io.flowscript.core.bridge.CloseCode;
import io.flowscript.core.bridge.EventBridge;
import io.flowscript.core.testing.ManualClock;
import io.flowscript.core.testing.ManualExecutor;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Each fault alone, with a bridge that notes what it is told. */
class FaultyChannelTest {

    private final ManualClock clock = new ManualClock();
    private final ManualExecutor executor = new ManualExecutor();
    private final List<String> arrived = new ArrayList<>();
    private final List<String> told = new ArrayList<>();

    @Test
    void calmPassesEverythingAtOnce() {
        FaultyChannel channel = open(FaultPlan.CALM, 1);
        channel.say(text("hello"));
        send(channel, "a", "b");
        assertThat(arrived).containsExactly("a", "b");
        channel.ping(() -> told.add("pong"));
        channel.leave();
        assertThat(told).containsExactly("hello", "sent", "pong", "closed");
        assertThat(channel.isOver()).isTrue();
        assertThat(channel.isHeld()).isFalse();
        assertThat(channel.struck()).isEmpty();
    }

    @Test
    void takesTheNextMessageWhenThatBeforeWasTaken() {
        FaultyChannel channel = open(FaultPlan.CALM, 1);
        List<Runnable> nexts = new ArrayList<>();
        FaultyChannel slow = new FaultyChannel(FaultPlan.CALM, 1, 1, clock, executor, client());
        slow.connect(new Bridge(nexts), info());
        slow.say(text("one"));
        slow.say(text("two"));
        assertThat(told).containsExactly("one");
        nexts.get(0).run();
        assertThat(told).containsExactly("one", "two");
        assertThat(channel.isHeld()).isTrue();
    }

    @Test
    void truncates() {
        for (int seed = 1; seed <= 20; seed++) {
            begin();
            FaultyChannel channel =
                    open(FaultPlan.CALM.with(Fault.TRUNCATE, 100).after(10, 10), seed);
            send(channel, "123456");
            send(channel, "7", "8", "9", "0", "not this");
            settle();
            assertThat(arrived).startsWith("123456").hasSizeLessThan(6).doesNotContain("not this");
            assertThat(told).contains("sent", "failed", "closed", "ended 0").hasSize(4);
            assertThat(channel.struck()).containsExactly(Fault.TRUNCATE);
        }
    }

    @Test
    void endsAfterTheWholeBatch() {
        FaultyChannel channel = open(FaultPlan.CALM.with(Fault.END, 100), 1);
        send(channel, "a", "b");
        settle();
        assertThat(arrived).containsExactly("a", "b");
        assertThat(told).containsExactlyInAnyOrder("sent", "ended 0", "closed");
    }

    @Test
    void resetsWithOrWithoutTheBatch() {
        TreeSet<Integer> sizes = new TreeSet<>();
        TreeSet<String> orders = new TreeSet<>();
        for (int seed = 1; seed <= 20; seed++) {
            begin();
            FaultyChannel channel = open(FaultPlan.CALM.with(Fault.RESET, 100), seed);
            send(channel, "a", "b");
            settle();
            sizes.add(arrived.size());
            told.remove("ended 0");
            orders.add(told.toString());
        }
        assertThat(sizes).containsExactly(0, 2);
        assertThat(orders).containsExactly("[closed, failed]", "[failed, closed]");
    }

    @Test
    void fallsSilentAndTellsNobody() {
        TreeSet<String> ways = new TreeSet<>();
        for (int seed = 1; seed <= 20; seed++) {
            begin();
            FaultyChannel channel =
                    open(FaultPlan.CALM.with(Fault.HALF_OPEN, 100).after(2, 2), seed);
            send(channel, "a");
            send(channel, "b");
            channel.say(text("hello"));
            channel.ping(() -> told.add("pong"));
            channel.leave();
            settle();
            assertThat(told).startsWith("sent", "sent").doesNotContain("pong");
            ways.add(arrived.contains("b") + " " + told.contains("hello"));
            assertThat(channel.isHeld()).isEqualTo(!told.contains("hello"));
            assertThat(channel.struck()).containsExactly(Fault.HALF_OPEN);
        }
        assertThat(ways).containsExactly("false false", "false true", "true false");
    }

    @Test
    void stallsAndGoesOn() {
        FaultyChannel channel = open(FaultPlan.CALM.with(Fault.STALL, 100).lasting(Duration.ofSeconds(10)), 1);
        send(channel, "a");
        assertThat(arrived).isEmpty();
        assertThat(told).isEmpty();
        settle();
        assertThat(arrived).containsExactly("a");
        assertThat(told).containsExactly("sent");
        send(channel, "b");
        assertThat(told).as("once").containsExactly("sent", "sent");
    }

    @Test
    void delaysInOrder() {
        for (int seed = 1; seed <= 20; seed++) {
            begin();
            FaultyChannel channel = open(FaultPlan.CALM.with(Fault.DELAY, 100).with(Fault.REORDER, 100), seed);
            for (int i = 0; i < 5; i++) {
                send(channel, "a" + i, "b" + i);
                settle();
            }
            assertThat(arrived).isEqualTo(List.of("a0", "b0", "a1", "b1", "a2", "b2", "a3", "b3", "a4", "b4"));
        }
    }

    @Test
    void saysThatItWasSentWithinTheCallOrLaterBeforeOrAfterItArrives() {
        TreeSet<String> ways = new TreeSet<>();
        for (int seed = 1; seed <= 40; seed++) {
            begin();
            FaultyChannel channel = open(FaultPlan.CALM.with(Fault.REORDER, 100), seed);
            send(channel, "a");
            String way = told + "" + arrived;
            executor.runAll();
            ways.add(way + told + arrived);
            settle();
            assertThat(told + "" + arrived).isEqualTo("[sent][a]");
        }
        assertThat(ways).containsExactly("[][][][a]", "[][][sent][a]", "[sent][][sent][a]");
    }

    @Test
    void nothingMayBeSentBeforeTheLastIsDoneOrAfterTheClose() {
        FaultyChannel channel = open(FaultPlan.CALM.with(Fault.STALL, 100), 1);
        send(channel, "a");
        assertThatThrownBy(() -> send(channel, "b")).isInstanceOf(AssertionError.class);
        assertThat(channel.misuse()).hasMessageContaining("before");
        FaultyChannel closed = open(FaultPlan.CALM, 1);
        closed.close(CloseCode.TOO_SLOW, "too slow");
        assertThat(closed.closeCode()).isEqualTo(CloseCode.TOO_SLOW);
        assertThat(told).contains("ended 4409");
        assertThatThrownBy(() -> send(closed, "b")).isInstanceOf(AssertionError.class);
        assertThat(closed.misuse()).hasMessageContaining("after");
    }

    private void begin() {
        arrived.clear();
        told.clear();
    }

    private void settle() {
        for (int i = 0; i < 20; i++) {
            executor.runAll();
            clock.advance(Duration.ofSeconds(1));
        }
        executor.runAll();
    }

    private FaultyChannel open(FaultPlan plan, long seed) {
        FaultyChannel channel = new FaultyChannel(plan, seed, 1, clock, executor, client());
        channel.connect(new Bridge(null), info());
        return channel;
    }

    private void send(FaultyChannel channel, String... frames) {
        channel.send(Stream.of(frames).map(FaultyChannelTest::text).toList(), new ClientChannel.SendCallback() {
            @Override
            public void sent() {
                told.add("sent");
            }

            @Override
            public void failed(Throwable cause) {
                told.add("failed");
            }
        });
    }

    private FaultyChannel.Client client() {
        return new FaultyChannel.Client() {
            @Override
            public void received(ByteBuffer frame) {
                arrived.add(StandardCharsets.UTF_8.decode(frame).toString());
            }

            @Override
            public void ended(int code) {
                told.add("ended " + code);
            }
        };
    }

    private static ClientInfo info() {
        return new ClientInfo(Identity.ANONYMOUS, Framing.LINES);
    }

    private static ByteBuffer text(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
    }

    /** Notes what its one session is told. */
    private final class Bridge implements EventBridge {

        private final List<Runnable> nexts;

        Bridge(List<Runnable> nexts) {
            this.nexts = nexts;
        }

        @Override
        public ClientSession connect(ClientChannel channel, ClientInfo client) {
            return new ClientSession() {
                @Override
                public String clientId() {
                    return "one";
                }

                @Override
                public void receive(ByteBuffer message, Runnable next) {
                    told.add(StandardCharsets.UTF_8.decode(message).toString());
                    if (nexts == null) {
                        next.run();
                    } else {
                        nexts.add(next);
                    }
                }

                @Override
                public void reject(String code, String message, ByteBuffer beginning, Runnable next) {}

                @Override
                public void closed() {
                    told.add("closed");
                }
            };
        }

        @Override
        public int disconnect(Predicate<Identity> who) {
            return 0;
        }

        @Override
        public int maxMessageBytes() {
            return 1_000;
        }

        @Override
        public void close() {}
    }
}
