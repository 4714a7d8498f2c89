package io.flowscript.events.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.flowscript.core.Identity;
import io.flowscript.core.bridge.ClientChannel;
import io.flowscript.core.bridge.ClientInfo;
import io.flowscript.core.bridge.ClientInfo.Framing;
import io.flowscript.core.log.Retention;
import io.flowscript.core.workflow.WorkflowDefinition;
import io.flowscript.engine.FlowScript;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.LongStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What all threads allocate for an event that is emitted, kept, encoded and delivered to one client. */
@Timeout(60)
class BurstAllocationTest {

    private static final int EVENTS = 50_000;
    private static final int BURSTS = 4;
    private static final String TEXT = "the quick brown fox jumps over the lazy dog, ".repeat(2);

    @Test
    @DisplayName("a burst of events of 270 bytes to one client of the second version: at most 1 KB each")
    void anEventAllocatesAKilobyteAtMost() {
        Semaphore bursts = new Semaphore(0);
        try (FlowScript flows = FlowScript.builder()
                        .retention(new Retention(BURSTS * EVENTS, 1L << 30, Duration.ZERO))
                        .node("bursts", context -> {
                            while (true) {
                                bursts.acquire();
                                for (int i = 0; i < EVENTS; i++) {
                                    context.runtime()
                                            .emit(
                                                    "load:progress",
                                                    Map.of("n", i, "at", System.nanoTime(), "text", TEXT));
                                }
                            }
                        })
                        .workflow(WorkflowDefinition.of(Map.of("id", "bursts", "nodes", List.of("bursts"))))
                        .build();
                FlowScriptBridge bridge = FlowScriptBridge.builder(flows).build()) {
            CountingClient client = new CountingClient();
            bridge.connect(client, new ClientInfo(Identity.ANONYMOUS, Framing.LINES))
                    .receive(
                            ByteBuffer.wrap("{\"type\":\"subscribe\",\"data\":{\"executionId\":\"one\",\"after\":0}}"
                                    .getBytes(StandardCharsets.UTF_8)),
                            () -> {});
            flows.start("bursts", Map.of(), "one");
            long least = Long.MAX_VALUE; // what other threads allocate meanwhile comes on top
            for (int burst = 1; burst <= BURSTS; burst++) {
                long before = allocated();
                bursts.release();
                long expected = (long) burst * EVENTS * 250;
                Awaitility.await().until(() -> client.bytes.get() >= expected);
                least = Math.min(least, allocated() - before);
            }
            assertThat(least / EVENTS).as("bytes for each event").isBetween(100L, 1_024L);
        }
    }

    private static long allocated() {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        return LongStream.of(threads.getThreadAllocatedBytes(threads.getAllThreadIds()))
                .filter(bytes -> bytes > 0)
                .sum();
    }

    /** Takes everything at once. */
    private static final class CountingClient implements ClientChannel {

        private final AtomicLong bytes = new AtomicLong();

        @Override
        public void send(List<ByteBuffer> frames, SendCallback done) {
            frames.forEach(frame -> bytes.addAndGet(frame.remaining()));
            done.sent();
        }

        @Override
        public void close(int code, String reason) {
            // the end of the test
        }
    }
}
