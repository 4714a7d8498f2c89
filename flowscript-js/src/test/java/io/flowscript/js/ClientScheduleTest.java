package io.flowscript.js;

import static org.assertj.core.api.Assertions.assertThat;

import io.flowscript.json.codec.JsonReader;
import io.flowscript.testsupport.NodeProcess;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.LongStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Seeded schedules of the JavaScript client against a real server behind a faulty network. {@code
 * -Dflowscript.fault.sockets=500} plays more of them, {@code -Dflowscript.fault.seed=N} one.
 */
@Timeout(3_600)
@DisplayName(
        "I2: whatever befalls its connections, the JavaScript client loses, doubles and reorders nothing, and each command is carried out once")
@Tag("slow")
class ClientScheduleTest {

    private static final int USUAL = 30;
    private static final int AT_ONCE = 6;
    private static final int JSON_DEPTH = 64;

    private final Map<Long, CompletableFuture<String>> waiting = new ConcurrentHashMap<>();

    @BeforeEach
    void needs() {
        NodeProcess.require(Path.of(""));
    }

    @Test
    void overAFaultyNetwork() throws Exception {
        Long one = Long.getLong("flowscript.fault.seed");
        long[] seeds = one != null
                ? new long[] {one}
                : LongStream.rangeClosed(1, Integer.getInteger("flowscript.fault.sockets", USUAL))
                        .toArray();
        Map<String, Integer> seen = new TreeMap<>();
        List<Throwable> failures = new ArrayList<>();
        ExecutorService threads = Executors.newFixedThreadPool(AT_ONCE);
        try (NodeProcess node = NodeProcess.start(Path.of(""), "src/test/js/faults.mjs")) {
            Thread reader = new Thread(() -> hear(node), "node-output");
            reader.setDaemon(true);
            reader.start();
            List<Callable<Map<String, Integer>>> schedules = new ArrayList<>();
            for (long seed : seeds) {
                schedules.add(new ClientSchedule(seed, line -> ask(node, seed, line))::play);
            }
            for (Future<Map<String, Integer>> played : threads.invokeAll(schedules)) {
                try {
                    played.get().forEach((what, times) -> seen.merge(what, times, Integer::sum));
                } catch (ExecutionException e) {
                    failures.add(e.getCause());
                }
            }
        } finally {
            threads.shutdownNow();
        }
        System.out.println("seen: " + seen);
        assertThat(failures).isEmpty();
        if (one == null) {
            assertThat(seen)
                    .containsKeys(
                            "restarts",
                            "shared",
                            "alone",
                            "reconnects",
                            "doubles dropped",
                            "online websocket",
                            "online sse",
                            "online poll",
                            "fault END",
                            "fault RESET",
                            "fault TRUNCATE",
                            "fault HALF_OPEN",
                            "fault STALL");
        }
    }

    private CompletableFuture<String> ask(NodeProcess node, long seed, String line) {
        CompletableFuture<String> result = new CompletableFuture<>();
        waiting.put(seed, result);
        node.say(line);
        return result;
    }

    private void hear(NodeProcess node) {
        for (Optional<String> line = node.read(); line.isPresent(); line = node.read()) {
            String text = line.get();
            try {
                Map<?, ?> told = (Map<?, ?>) new JsonReader(JSON_DEPTH).read(text);
                waiting.get(((Number) told.get("seed")).longValue()).complete(text);
            } catch (RuntimeException e) {
                AssertionError said = new AssertionError(text);
                waiting.values().forEach(result -> result.completeExceptionally(said));
            }
        }
        waiting.values().forEach(result -> result.completeExceptionally(new AssertionError("Node.js has ended")));
    }
}
