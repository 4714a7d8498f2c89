package io.flowscript.events.delivery;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.flowscript.core.Identity;
import io.flowscript.core.bridge.ClientInfo.Framing;
import io.flowscript.core.event.EncodedEvent;
import io.flowscript.core.event.RecordedEvent;
import io.flowscript.core.log.Position;
import io.flowscript.core.log.Retention;
import io.flowscript.core.runtime.Edge;
import io.flowscript.core.store.Commit;
import io.flowscript.core.testing.ForwardingStore;
import io.flowscript.core.testing.MemoryStore;
import io.flowscript.core.workflow.WorkflowDefinition;
import io.flowscript.engine.Execution;
import io.flowscript.engine.FlowScript;
import io.flowscript.events.memory.MemoryClient;
import io.flowscript.events.memory.MemoryTransport;
import io.flowscript.json.EventCodec;
import io.flowscript.json.protocol.EventEncoder;
import io.flowscript.json.protocol.ServerMessages;
import io.flowscript.json.protocol.WireSettings;
import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** An event is encoded once in its life: the bytes that a store keeps lie in memory and go to clients of the second version. */
@Timeout(60)
class StoredOnceTest {

    private static final int EMITTED = 1_000;
    private static final int NEWEST = 64;

    private final CountDownLatch begin = new CountDownLatch(1);
    private final Map<Long, Integer> encodings = new ConcurrentHashMap<>();
    private final Map<Long, String> sent = new ConcurrentHashMap<>();
    private final List<byte[]> lists = new CopyOnWriteArrayList<>();
    private FlowScript flows;
    private ConnectionManager bridge;
    private MemoryTransport transport;
    private Execution run;

    /** A store that keeps events as bytes alone. */
    private final class ByteStore extends ForwardingStore {

        ByteStore() {
            super(new MemoryStore());
        }

        @Override
        public CompletionStage<@Nullable Void> commit(Commit commit) {
            if (!commit.events().isEmpty()) {
                commit.events().forEach(StoredOnceTest.this::countIfEncoded);
                lists.add(EventCodec.write(commit.events()));
            }
            return super.commit(commit);
        }

        @Override
        public List<RecordedEvent> events(String executionId, long after, int max) {
            return stored().stream()
                    .filter(event -> event.seq() > after && event.seq() <= after + max)
                    .toList();
        }
    }

    private List<RecordedEvent> stored() {
        List<RecordedEvent> all = new ArrayList<>();
        lists.forEach(list -> all.addAll(EventCodec.read("run", "w", list)));
        return all;
    }

    private void countIfEncoded(RecordedEvent event) {
        if (event.encoded() == null) {
            encodings.merge(event.seq(), 1, Integer::sum);
        }
    }

    private void start(int keptEvents, WireSettings wire, boolean durable) {
        var builder = FlowScript.builder()
                .retention(new Retention(keptEvents, 1 << 24, Duration.ofHours(1)))
                .node("emit", context -> {
                    begin.await();
                    for (int i = 1; i <= EMITTED; i++) {
                        context.state().set("count", i);
                        context.runtime().emit(i % 2 == 0 ? "app:even" : "app:odd", Map.of("number", (long) i));
                    }
                    return Edge.of("done");
                })
                .workflow(WorkflowDefinition.of(Map.of("id", "w", "nodes", List.of("emit"))));
        flows = (durable ? builder.store(new ByteStore()) : builder).build();
        EventEncoder encoder = new EventEncoder(wire);
        bridge = FlowScriptBridge.builder(flows)
                .build(
                        new ServerMessages(flows.clock(), wire),
                        (event, redaction, out) -> encode(encoder, event, out),
                        encoder.forFirstVersion()::encode,
                        EventBridgeBuilder.pumps(flows.engineExecutor()));
        transport = MemoryTransport.on(bridge);
        run = flows.start("w", Map.of(), "run");
    }

    @AfterEach
    void stop() {
        transport.close();
        bridge.close();
        flows.close();
    }

    private boolean encode(EventEncoder encoder, RecordedEvent event, ByteArrayOutputStream out) {
        countIfEncoded(event);
        boolean whole = encoder.encode(event, out);
        sent.put(event.seq(), out.toString(UTF_8));
        return whole;
    }

    private void getsAll(MemoryClient client) {
        List<Long> all =
                LongStream.rangeClosed(1, run.events().latest()).boxed().toList();
        await().untilAsserted(() -> assertThat(client.events("run").stream()
                        .map(event -> ((Number) event.get("seq")).longValue())
                        .toList())
                .isEqualTo(all));
    }

    private MemoryClient follow() {
        MemoryClient client = transport.connect(Identity.of("alice"), Framing.LINES);
        client.subscribe("run", Position.START);
        return client;
    }

    private void end() {
        begin.countDown();
        await().until(() -> run.events().isEnded()); // the log has the last event after the status is seen
    }

    @Test
    @DisplayName(
            "for the store, a client at the time, one with a filter, and one that comes when it is in the store only")
    void encodedOnceInItsLife() {
        start(10, WireSettings.DEFAULTS, true);
        MemoryClient live = follow();
        MemoryClient filtered = transport.connect(Identity.of("bob"), Framing.LINES);
        filtered.subscribe(Map.of("executionId", "run", "events", List.of("workflow_event", "workflow_completed")));
        end();
        getsAll(live);
        filtered.await("workflow_completed");
        getsAll(follow());

        assertThat(encodings).hasSize((int) run.events().latest());
        assertThat(encodings.values()).containsOnly(1);
    }

    @Test
    @DisplayName("The bytes that are stored are the bytes that are sent")
    void storedIsSent() {
        start(100_000, WireSettings.DEFAULTS, true);
        MemoryClient live = follow();
        end();
        getsAll(live);

        assertThat(stored()).hasSize((int) run.events().latest());
        for (RecordedEvent event : stored()) {
            assertThat(new String(event.encoded().message(), UTF_8)).isEqualTo(sent.get(event.seq()));
        }
    }

    @Test
    @DisplayName("The older events of a log are bytes alone, the newest are objects too, and all are what was emitted")
    void olderEventsAreBytesAlone() {
        start(100_000, WireSettings.DEFAULTS, true);
        MemoryClient live = follow();
        end();
        getsAll(live);

        holdsOlderAsBytes();
    }

    @Test
    @DisplayName("Without a store, they are bytes alone as soon as a client has had them, early or late")
    void bytesAloneWithoutStore() {
        start(100_000, WireSettings.DEFAULTS, false);
        end();
        List<RecordedEvent> all = run.events().readFromMemory(Position.START, 100_000);
        assertThat(all).as("nobody needed bytes").allMatch(event -> event.encoded() == null && event.hasObject());

        getsAll(follow());

        holdsOlderAsBytes();
        assertThat(encodings).hasSize(all.size());
        assertThat(encodings.values()).containsOnly(1);
    }

    private void holdsOlderAsBytes() {
        List<RecordedEvent> all = run.events().readFromMemory(Position.START, 100_000);
        int older = all.size() - NEWEST;
        assertThat(all.subList(0, older)).allMatch(event -> !event.hasObject());
        assertThat(all.subList(older, all.size())).allMatch(RecordedEvent::hasObject);
        // Reading them does not turn them into objects again.
        List<Object> numbers = new ArrayList<>();
        all.stream()
                .filter(event -> event.type().name().startsWith("app:"))
                .forEach(event -> numbers.add(((io.flowscript.core.event.CustomEvent) event.event()).payload()));
        assertThat(numbers)
                .isEqualTo(LongStream.rangeClosed(1, EMITTED)
                        .<Object>mapToObj(i -> Map.of("number", i))
                        .toList());
        assertThat(all.subList(0, older)).allMatch(event -> !event.hasObject());
        assertThat(Arrays.asList(all.toArray())).isEqualTo(all);
    }

    @Test
    @DisplayName("What a bridge leaves out stays in the store and in the log")
    void redactionIsOfTheBridgeAlone() {
        start(100_000, WireSettings.DEFAULTS.withoutState(), true);
        MemoryClient live = follow();
        end();
        getsAll(live);

        assertThat(encodings.values()).containsOnly(1);
        boolean anyState = false;
        for (RecordedEvent event : stored()) {
            EncodedEvent inLog = run.events()
                    .readFromMemory(Position.after(event.seq() - 1), 1)
                    .get(0)
                    .encoded();
            assertThat(inLog.message()).isEqualTo(event.encoded().message());
            String message = new String(event.encoded().message(), UTF_8);
            if (message.contains("\"newValue\"")) {
                anyState = true;
                assertThat(sent.get(event.seq()))
                        .contains("\"omitted\":[\"newValue\"]")
                        .doesNotContain("\"newValue\":");
            }
        }
        assertThat(anyState).isTrue();
    }
}
