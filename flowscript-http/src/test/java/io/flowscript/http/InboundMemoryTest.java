package io.flowscript.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.flowscript.http.InboundMemory.Message;
import io.flowscript.http.InboundMemory.Message.Added;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class InboundMemoryTest {

    private static final int LIMIT = 1_000_000;
    private static final int MAX = 200_000;

    private final InboundMemory memory = new InboundMemory(LIMIT);
    private final List<String> evicted = new ArrayList<>();

    private Message message(String name) {
        return memory.message(MAX, () -> evicted.add(name));
    }

    private static ByteBuffer bytes(int size) {
        return ByteBuffer.allocate(size);
    }

    @Test
    void collectsTheParts() {
        Message message = message("one");
        assertThat(message.add(ByteBuffer.wrap(new byte[] {1, 2}), false)).isEqualTo(Added.TAKEN);
        assertThat(message.add(ByteBuffer.wrap(new byte[] {3}), true)).isEqualTo(Added.TAKEN);
        assertThat(message.take()).isEqualTo(ByteBuffer.wrap(new byte[] {1, 2, 3}));
        assertThat(memory.used()).isPositive();
        message.drop();
        assertThat(memory.used()).isZero();
    }

    @Test
    void keepsTheBeginningOfWhatIsTooLarge() {
        Message message = message("one");
        assertThat(message.add(bytes(MAX - 1), false)).isEqualTo(Added.TAKEN);
        assertThat(message.add(ByteBuffer.wrap(new byte[] {7, 8, 9}), true)).isEqualTo(Added.TOO_LARGE);
        assertThat(message.take().remaining()).isEqualTo(MAX);
        message.drop();
        assertThat(memory.used()).isZero();
    }

    @Test
    void aSmallMessageThatArrivesCompleteIsNotCounted() {
        Message message = message("one");
        assertThat(message.add(bytes(5_000), true)).isEqualTo(Added.TAKEN);
        assertThat(memory.used()).isZero();
    }

    @Test
    @DisplayName("The largest unfinished messages are given up, and a small one is received all the while")
    void givesTheLargestUp() {
        List<Message> large = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            large.add(message("large " + i));
            assertThat(large.get(i).add(bytes(190_000 + i), false)).isEqualTo(Added.TAKEN);
        }
        assertThat(evicted).isEmpty();
        Message small = message("small");
        for (int i = 0; i < 100; i++) {
            assertThat(small.add(bytes(1_000), i == 99)).isEqualTo(Added.TAKEN);
        }
        assertThat(evicted).containsExactly("large 4");
        assertThat(large.get(4).add(bytes(1), true)).isEqualTo(Added.EVICTED);
        assertThat(large.get(3).add(bytes(1), true)).isEqualTo(Added.TAKEN);
        assertThat(small.take().remaining()).isEqualTo(100_000);
        large.forEach(Message::drop);
        small.drop();
        assertThat(memory.used()).isZero();
    }

    @Test
    void whatIsBeingHandledIsNotGivenUpButCounts() {
        List<Message> handled = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            handled.add(message("handled"));
            assertThat(handled.get(i).add(bytes(190_000), true)).isEqualTo(Added.TAKEN);
            assertThat(handled.get(i).take().remaining()).isEqualTo(190_000);
        }
        Message more = message("more");
        assertThat(more.add(bytes(100_000), false)).isEqualTo(Added.EVICTED);
        assertThat(evicted).containsExactly("more");
        handled.forEach(Message::drop);
        assertThat(memory.used()).isZero();
    }

    @Test
    @DisplayName("Eight threads fill and drop messages, and at the end no memory is counted")
    void nothingIsCountedAtTheEnd() throws Exception {
        AtomicInteger given = new AtomicInteger();
        ExecutorService threads = Executors.newFixedThreadPool(8);
        try {
            List<Future<?>> all = new ArrayList<>();
            for (int t = 0; t < 8; t++) {
                Random random = new Random(t);
                all.add(threads.submit(() -> {
                    for (int i = 0; i < 500; i++) {
                        Message message = memory.message(MAX, given::incrementAndGet);
                        Added added = Added.TAKEN;
                        while (added == Added.TAKEN && random.nextInt(20) > 0) {
                            added = message.add(bytes(random.nextInt(60_000)), random.nextInt(10) == 0);
                        }
                        if (added == Added.TAKEN && random.nextBoolean()) {
                            message.take();
                        }
                        message.drop();
                    }
                }));
            }
            for (Future<?> one : all) {
                one.get();
            }
        } finally {
            threads.shutdownNow();
        }
        assertThat(memory.used()).isZero();
        assertThat(given.get()).isPositive();
    }
}
