package io.flowscript.events.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.flowscript.core.Identity;
import io.flowscript.core.bridge.ClientInfo.Framing;
import io.flowscript.core.event.RecordedEvent;
import io.flowscript.core.log.Position;
import io.flowscript.core.log.Retention;
import io.flowscript.core.runtime.Edge;
import io.flowscript.core.testing.ForwardingStore;
import io.flowscript.core.testing.MemoryStore;
import io.flowscript.core.workflow.WorkflowDefinition;
import io.flowscript.engine.Execution;
import io.flowscript.engine.FlowScript;
import io.flowscript.events.memory.MemoryClient;
import io.flowscript.events.memory.MemoryTransport;
import io.flowscript.json.protocol.EventEncoder;
import io.flowscript.json.protocol.ServerMessages;
import io.flowscript.json.protocol.WireSettings;
import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** With a store, a bridge encodes an event once, although it is soon no longer in memory. */
@Timeout(60)
class EncodedOnceTest {

    private static final int EMITTED = 1_000;

    private final CountDownLatch begin = new CountDownLatch(1);
    private final Map<Long, Integer> encodings = new ConcurrentHashMap<>();
    private final AtomicInteger reads = new AtomicInteger();
    private FlowScript flows;
    private ConnectionManager bridge;
    private MemoryTransport transport;
    private Execution run;

    private void start(UnaryOperator<BridgeLimits> limits) {
        flows = FlowScript.builder()
                .store(new ForwardingStore(new MemoryStore()) {
                    @Override
                    public List<RecordedEvent> events(String executionId, long after, int max) {
                        reads.incrementAndGet();
                        return super.events(executionId, after, max);
                    }
                })
                .retention(new Retention(10, 1 << 20, Duration.ofHours(1)))
                .node("emit", context -> {
                    begin.await();
                    for (int i = 1; i <= EMITTED; i++) {
                        context.runtime().emit(i % 2 == 0 ? "app:even" : "app:odd", i);
                    }
                    return Edge.of("done");
                })
                .workflow(WorkflowDefinition.of(Map.of("id", "w", "nodes", List.of("emit"))))
                .build();
        EventEncoder encoder = new EventEncoder(WireSettings.DEFAULTS);
        bridge = FlowScriptBridge.builder(flows)
                .limits(limits.apply(BridgeLimits.defaults()))
                .build(
                        new ServerMessages(flows.clock(), WireSettings.DEFAULTS),
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
        encodings.merge(event.seq(), 1, Integer::sum);
        return encoder.encode(event, out);
    }

    private MemoryClient connect() {
        return transport.connect(Identity.of("alice"), Framing.LINES);
    }

    private void getsAll(MemoryClient client) {
        List<Long> all =
                LongStream.rangeClosed(1, run.events().latest()).boxed().toList();
        await().untilAsserted(() -> assertThat(client.events("run").stream()
                        .map(event -> ((Number) event.get("seq")).longValue())
                        .toList())
                .isEqualTo(all));
        assertThat(client.received()).noneMatch(message -> "events_missed".equals(message.get("type")));
    }

    @Test
    @DisplayName("for two clients at once, and for one that comes when it is in the store only")
    void onceForAll() {
        start(limits -> limits);
        List<MemoryClient> live = List.of(connect(), connect());
        live.forEach(client -> client.subscribe("run", Position.START));
        begin.countDown();
        await().until(() -> run.events().isEnded()); // the log has the last event after the status is seen
        live.forEach(this::getsAll);
        assertThat(run.events().oldestInMemory()).isGreaterThan(EMITTED - 20);
        assertThat(encodings).hasSize((int) run.events().latest());
        int readBefore = reads.get();

        MemoryClient late = connect();
        late.subscribe("run", Position.START);
        getsAll(late);

        assertThat(reads).as("reads of the store").hasValue(readBefore);
        assertThat(encodings.values()).containsOnly(1);
    }

    @Test
    @DisplayName("for clients that all come late")
    void onceForLateOnes() {
        start(limits -> limits);
        begin.countDown();
        await().until(() -> run.events().isEnded()); // the log has the last event after the status is seen
        for (int i = 0; i < 3; i++) {
            MemoryClient late = connect();
            late.subscribe("run", Position.START);
            getsAll(late);
        }
        assertThat(encodings).hasSize((int) run.events().latest());
        assertThat(encodings.values()).containsOnly(1);
    }

    @Test
    @DisplayName("what has no room in the encoded logs is read from the store and encoded again")
    void againWithoutRoom() {
        start(limits -> limits.encodedBytes(4_096));
        begin.countDown();
        await().until(() -> run.events().isEnded()); // the log has the last event after the status is seen
        for (int i = 0; i < 2; i++) {
            MemoryClient late = connect();
            late.subscribe("run", Position.START);
            getsAll(late);
        }
        assertThat(encodings.get(1L)).isEqualTo(2);
        assertThat(bridge.stats().encodedBytes()).isLessThanOrEqualTo(4_096);
    }
}
