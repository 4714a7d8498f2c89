package io.flowscript.benchmarks.load;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;

/** The client of all servers counts events and their ages, however frames and reads cut them. */
class MarkedTest {

    @Test
    void eventsAreCountedHoweverTheyAreCut() {
        String frame = "[" + event(1, System.nanoTime()) + "," + event(2, System.nanoTime()) + "]";
        for (int cut = 1; cut < frame.length(); cut++) {
            Histogram ages = new Histogram(3);
            Marked inbound = new Marked(ages);
            int counted = inbound.take(bytes(frame.substring(0, cut)), false);
            counted += inbound.take(bytes(frame.substring(cut)), true);
            assertThat(counted).isEqualTo(2);
            assertThat(inbound.events()).isEqualTo(2);
            assertThat(ages.getTotalCount()).isEqualTo(2);
            assertThat(inbound.heard()).isNull();
        }
    }

    @Test
    void anAgeCountsFromWhenTheEventWasDue() {
        Histogram ages = new Histogram(3);
        long due = System.nanoTime() - 5_000_000_000L;
        new Marked(ages).take(bytes(event(1, due) + event(2, due)), true);
        assertThat(ages.getMinValue()).isGreaterThan(4_990_000_000L);
        assertThat(ages.getMaxValue()).isLessThan(60_000_000_000L);
    }

    @Test
    void aFrameWithoutAnEventIsHeardOnce() {
        Marked inbound = new Marked(null);
        inbound.take(bytes(event(1, 0)), true);
        inbound.take(bytes("{\"type\":"), false);
        inbound.take(bytes("\"subscribed\"}"), true);
        assertThat(inbound.heard()).isEqualTo("{\"type\":\"subscribed\"}");
        assertThat(inbound.heard()).isNull();
    }

    @Test
    void anEventThatComesLateKeepsItsDueTime() {
        List<Long> due = new ArrayList<>();
        long[] first = new long[1];
        Pace.keep(1_000, Duration.ofMillis(20), (number, time) -> {
            if (number == 0) {
                first[0] = time;
                while (System.nanoTime() - time < 30_000_000) {
                    Thread.onSpinWait(); // longer than the whole time
                }
            }
            due.add(time - first[0]);
        });
        assertThat(due).hasSize(20);
        assertThat(due.get(19)).isEqualTo(19_000_000);
    }

    @Test
    void eachKindOfServerIsGreetedAsItWants() {
        Greeting socketIo = Greeting.of("socketio");
        assertThat(socketIo.opened()).isEmpty();
        assertThat(socketIo.heard("0{\"sid\":\"x\"}")).containsExactly("40");
        assertThat(socketIo.heard("40{\"sid\":\"x\"}")).containsExactly("42[\"subscribe\",\"load-execution\"]");
        assertThat(socketIo.isDone(9)).isFalse();
        assertThat(socketIo.heard("42[\"subscribed\",\"load-execution\"]")).isEmpty();
        assertThat(socketIo.isDone(0)).isTrue();
        assertThat(socketIo.heard("2")).containsExactly("3");

        Greeting bayeux = Greeting.of("bayeux");
        assertThat(bayeux.opened()).singleElement().asString().contains("/meta/handshake");
        assertThat(bayeux.heard("[{\"channel\":\"/meta/handshake\",\"clientId\":\"abc\",\"successful\":true}]"))
                .hasSize(3)
                .allMatch(message -> message.contains("\"clientId\":\"abc\""));
        assertThat(bayeux.heard("[{\"channel\":\"/meta/subscribe\",\"successful\":true}]"))
                .isEmpty();
        assertThat(bayeux.isDone(0)).isTrue();
    }

    private static String event(int number, long due) {
        return new String(Events.encoded(number, due), StandardCharsets.UTF_8);
    }

    private static ByteBuffer bytes(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
    }
}
