package io.flowscript.events.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import io.flowscript.core.bridge.Redaction;
import io.flowscript.core.concurrent.MemoryBudget;
import io.flowscript.core.event.CustomEvent;
import io.flowscript.core.event.EventType;
import io.flowscript.core.event.RecordedEvent;
import io.flowscript.core.log.Position;
import io.flowscript.core.log.Retention;
import io.flowscript.core.log.memory.MemoryEventLog;
import java.io.ByteArrayOutputStream;
import java.lang.ref.WeakReference;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class EncodedLogTest {

    private static final int ALL = Integer.MAX_VALUE;

    private final Map<Long, Integer> encodings = new ConcurrentHashMap<>();
    private final MemoryEventLog log = log(new Retention(10_000, 1 << 30, Duration.ofHours(1)));

    @Test
    void aRunOfEventsIsOneSliceOfOneSegment() {
        append(50);
        EncodedLog encoded = new EncodedLogs(this::encode, 1 << 20).of(log);

        List<EncodedLine> lines = encoded.lines(log, 0, ALL, ALL, EncodedLogTest::unexpected);

        assertThat(lines).hasSize(50);
        for (int i = 1; i < 50; i++) {
            assertThat(lines.get(i - 1).isFollowedBy(lines.get(i))).isTrue();
        }
        String slice = StandardCharsets.UTF_8
                .decode(lines.get(0).sliceThrough(lines.get(49)))
                .toString();
        assertThat(slice.lines().toList()).hasSize(50).startsWith("event 1").endsWith("event 50");
        assertThat(slice).endsWith("event 50\n");
        assertThat(StandardCharsets.UTF_8.decode(lines.get(7).message()).toString())
                .isEqualTo("event 8");
        assertThat(lines.get(0).sliceThrough(lines.get(49)).isReadOnly()).isTrue();
    }

    @Test
    void givesNoMoreThanIsAskedForButOneLineAtLeast() {
        append(50);
        EncodedLog encoded = new EncodedLogs(this::encode, 1 << 20).of(log);

        assertThat(encoded.lines(log, 0, 3, ALL, EncodedLogTest::unexpected)).hasSize(3);
        assertThat(encoded.lines(log, 0, ALL, 20, EncodedLogTest::unexpected)).hasSize(2);
        assertThat(encoded.lines(log, 0, ALL, 1, EncodedLogTest::unexpected)).hasSize(1);
        assertThat(encoded.lines(log, 49, ALL, ALL, EncodedLogTest::unexpected)).hasSize(1);
        assertThat(encoded.lines(log, 50, ALL, ALL, EncodedLogTest::unexpected)).isEmpty();
    }

    @Test
    void anEventIsEncodedOnceHoweverManyReadItAtTheSameTime() throws Exception {
        int readers = 8;
        append(5_000);
        EncodedLog encoded = new EncodedLogs(this::encode, 1 << 30).of(log);
        ExecutorService threads = Executors.newFixedThreadPool(readers);
        try {
            CyclicBarrier start = new CyclicBarrier(readers);
            List<Future<Integer>> reads = new ArrayList<>();
            for (int i = 0; i < readers; i++) {
                reads.add(threads.submit(() -> {
                    start.await();
                    return readAll(encoded);
                }));
            }
            for (Future<Integer> read : reads) {
                assertThat(read.get()).isEqualTo(5_000);
            }
        } finally {
            threads.shutdownNow();
        }
        assertThat(encodings)
                .hasSize(5_000)
                .allSatisfy((seq, times) ->
                        assertThat(times).as("encodings of event " + seq).isEqualTo(1));
    }

    @Test
    void whoComesWhileAnotherEncodesDoesNotWaitAndIsWoken() throws Exception {
        append(1);
        CountDownLatch encoding = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        EncodedLog encoded = new EncodedLogs(
                        (event, redaction, out) -> {
                            encoding.countDown();
                            await(goOn);
                            return encode(event, redaction, out);
                        },
                        1 << 20)
                .of(log);
        ExecutorService thread = Executors.newSingleThreadExecutor();
        try {
            Future<List<EncodedLine>> first =
                    thread.submit(() -> encoded.lines(log, 0, ALL, ALL, EncodedLogTest::unexpected));
            await(encoding);
            CountDownLatch woken = new CountDownLatch(1);

            assertThat(encoded.lines(log, 0, ALL, ALL, woken::countDown)).isNull();
            goOn.countDown();

            await(woken);
            assertThat(first.get()).hasSize(1);
            assertThat(encoded.lines(log, 0, ALL, ALL, EncodedLogTest::unexpected))
                    .hasSize(1);
        } finally {
            thread.shutdownNow();
        }
        assertThat(encodings).containsOnly(Map.entry(1L, 1));
    }

    @Test
    void keepsToItsBudgetAndEncodesAgainWhatWasDropped() {
        append(5_000);
        EncodedLogs logs = new EncodedLogs(this::encode, 8_000);
        EncodedLog encoded = logs.of(log);

        assertThat(readAll(encoded)).isEqualTo(5_000);

        assertThat(logs.bytes()).isBetween(1L, 8_000L);
        assertThat(readAll(encoded)).isEqualTo(5_000);
        assertThat(encodings.get(1L)).isEqualTo(2);
    }

    @Test
    void countsWhatALogTakesThatHasHardlyAnyEvents() {
        append(1);
        EncodedLogs logs = new EncodedLogs(this::encode, 1 << 20);

        assertThat(readAll(logs.of(log))).isEqualTo(1);
        assertThat(logs.bytes()).isEqualTo((1 << 10) + 4L * 256);
    }

    @Test
    void worksWithoutAnyBudget() {
        append(500);
        EncodedLogs logs = new EncodedLogs(this::encode, 0);

        assertThat(readAll(logs.of(log))).isEqualTo(500);
        assertThat(logs.bytes()).isZero();
    }

    @Test
    void keepsNothingThatTheLogDoesNotKeep() {
        MemoryEventLog shortLog = log(new Retention(100, 1 << 30, Duration.ofHours(1)));
        EncodedLogs logs = new EncodedLogs(this::encode, 1 << 30);
        EncodedLog encoded = logs.of(shortLog);
        long most = 0;
        for (int i = 0; i < 10_000; i++) {
            append(shortLog, 1);
            assertThat(encoded.lines(shortLog, i, ALL, ALL, EncodedLogTest::unexpected))
                    .hasSize(1);
            most = Math.max(most, logs.bytes());
        }
        assertThat(most)
                .as("bytes for 100 to 356 events of 10 bytes, and the tables of two chunks")
                .isLessThan(20_000);
    }

    @Test
    void anEventThatFillsTheBudgetAloneIsStillGiven() {
        append(1);
        EncodedLogs logs = new EncodedLogs(
                (event, redaction, out) -> {
                    out.writeBytes(new byte[1 << 20]);
                    return false;
                },
                1_000);

        assertThat(logs.of(log).lines(log, 0, ALL, ALL, EncodedLogTest::unexpected))
                .hasSize(1);
        assertThat(logs.bytes()).isZero();
    }

    @Test
    void anEncodedLogGoesWithItsLog() {
        EncodedLogs logs = new EncodedLogs(this::encode, 1 << 30);
        WeakReference<MemoryEventLog> forgotten = encodeAndForget(logs);

        Awaitility.await().until(() -> {
            System.gc();
            return forgotten.refersTo(null);
        });
        Awaitility.await().until(() -> {
            logs.of(log);
            return logs.bytes() == 0;
        });
    }

    @Test
    void anotherLogOfTheSameExecutionHasItsOwnBytes() {
        append(1);
        EncodedLogs logs = new EncodedLogs(this::encode, 1 << 20);
        EncodedLog first = logs.of(log);

        assertThat(logs.of(log)).isSameAs(first);
        assertThat(logs.of(log(Retention.defaults()))).isNotSameAs(first);
    }

    private WeakReference<MemoryEventLog> encodeAndForget(EncodedLogs logs) {
        MemoryEventLog other = log(Retention.defaults());
        append(other, 10);
        logs.of(other).lines(other, 0, ALL, ALL, EncodedLogTest::unexpected);
        assertThat(logs.bytes()).isPositive();
        return new WeakReference<>(other);
    }

    private int readAll(EncodedLog encoded) {
        int read = 0;
        Semaphore free = new Semaphore(0);
        while (read < log.latest()) {
            List<EncodedLine> lines = encoded.lines(log, read, 64, 16 << 10, free::release);
            if (lines == null) {
                free.acquireUninterruptibly();
            } else {
                read += lines.size();
            }
        }
        return read;
    }

    private boolean encode(RecordedEvent event, Redaction redaction, ByteArrayOutputStream out) {
        encodings.merge(event.seq(), 1, Integer::sum);
        out.writeBytes(("event " + event.seq()).getBytes(StandardCharsets.UTF_8));
        return false;
    }

    private void append(int events) {
        append(log, events);
    }

    private static void append(MemoryEventLog to, int events) {
        for (int i = 0; i < events; i++) {
            to.append(new CustomEvent(EventType.of("test:tick"), null, null, i, null), Instant.EPOCH);
        }
    }

    private static MemoryEventLog log(Retention retention) {
        return new MemoryEventLog(
                "run",
                "flow",
                "epoch",
                Position.START,
                Instant.EPOCH,
                retention,
                new MemoryBudget(1 << 30),
                Runnable::run,
                true);
    }

    private static void unexpected() {
        throw new AssertionError("nobody else is encoding");
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(10, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
