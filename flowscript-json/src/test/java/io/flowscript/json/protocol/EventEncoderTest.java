package io.flowscript.json.protocol;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flowscript.core.Assignment;
import io.flowscript.core.event.CustomEvent;
import io.flowscript.core.event.Event;
import io.flowscript.core.event.EventType;
import io.flowscript.core.event.HumanEvent;
import io.flowscript.core.event.NodeEvent;
import io.flowscript.core.event.RecordedEvent;
import io.flowscript.core.event.StateUpdated;
import io.flowscript.core.event.WorkflowEvent;
import io.flowscript.core.runtime.Question;
import io.flowscript.json.EventCodec;
import io.flowscript.json.codec.JsonReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class EventEncoderTest {

    private static final Instant NOW = Instant.ofEpochMilli(1_700_000_000_123L);

    private final EventEncoder encoder = new EventEncoder(WireSettings.DEFAULTS);

    @Test
    @DisplayName("F5: a completed node's edge and data, and a resumed workflow's answer, reach the client")
    void carriesTheDataThatWasLostBefore() {
        assertThat(text(new NodeEvent.Completed(
                        "x-1", "x", "paid", Map.of("sum", new BigDecimal("0.10")), Duration.ofMillis(5))))
                .isEqualTo(
                        "{\"type\":\"node_completed\",\"timestamp\":1700000000123,\"seq\":7,\"data\":{\"executionId\":\"e-1\","
                                + "\"nodeId\":\"x-1\",\"nodeName\":\"x\",\"edge\":\"paid\",\"data\":{\"sum\":0.10},\"durationMs\":5}}");
        assertThat(text(new WorkflowEvent.Resumed("x-1", "x", "t", false)))
                .isEqualTo(
                        "{\"type\":\"workflow_resumed\",\"timestamp\":1700000000123,\"seq\":7,\"data\":{\"executionId\":\"e-1\","
                                + "\"nodeId\":\"x-1\",\"tokenId\":\"t\",\"data\":false}}");
    }

    @Test
    @DisplayName("F5: the form with schema, context, token and timeout reaches the client")
    void carriesTheWholeForm() {
        HumanEvent.Info info = new HumanEvent.Info(
                "approve",
                Map.of("type", "object"),
                Map.of("submitLabel", "OK"),
                Map.of("amount", 250),
                Map.of("decision", "yes"),
                NOW,
                NOW.plus(Duration.ofDays(30)),
                new Assignment(List.of("ann"), List.of("managers")),
                null);

        assertThat(text(new HumanEvent.InputRequired("approve-2", "t1", info)))
                .endsWith(
                        "\"data\":{\"executionId\":\"e-1\",\"nodeId\":\"approve-2\",\"tokenId\":\"t1\",\"nodeInfo\":{\"name\":\"approve\","
                                + "\"formSchema\":{\"type\":\"object\"},\"uiHints\":{\"submitLabel\":\"OK\"},\"contextData\":{\"amount\":250},"
                                + "\"contextHash\":\"" + Question.contextHash(Map.of("amount", 250)) + "\","
                                + "\"defaultValues\":{\"decision\":\"yes\"},\"requestedAt\":1700000000123,\"timeout\":2592000000,"
                                + "\"deadline\":1702592000123,\"assignees\":[\"ann\"],\"groups\":[\"managers\"]}}}");
    }

    @Test
    @DisplayName("F6: writes to the state, answers, deadlines and cancellation have events of their own")
    void carriesTheEventsThatWereMissing() {
        assertThat(text(new StateUpdated("$.a", 1)))
                .contains("\"type\":\"state_updated\"", "\"path\":\"$.a\",\"newValue\":1");
        assertThat(text(new HumanEvent.InputReceived("n-1", "n", "t", "ann")))
                .contains("\"type\":\"human_interaction_received\"", "\"by\":\"ann\"");
        assertThat(text(new HumanEvent.InputTimeout("n-1", "n", "t", "deadline")))
                .contains("\"type\":\"human_interaction_timeout\"", "\"reason\":\"deadline\"");
        assertThat(text(new WorkflowEvent.Cancelled("why", "ann")))
                .contains("\"type\":\"workflow_cancelled\"", "\"reason\":\"why\",\"by\":\"ann\"");
    }

    @Test
    void aCustomEventIsNamedInItsData() {
        assertThat(text(new CustomEvent(EventType.of("order:packed"), "x-1", "x", 3, "key")))
                .endsWith(
                        "\"data\":{\"executionId\":\"e-1\",\"event\":\"order:packed\",\"nodeId\":\"x-1\",\"payload\":3}}")
                .startsWith("{\"type\":\"workflow_event\"");
    }

    @Test
    @DisplayName("I5: a value over the bound is left out and named, to the byte; the rest stays")
    void leavesOutWhatIsTooLarge() {
        EventEncoder bounded = new EventEncoder(WireSettings.DEFAULTS.maxValueBytes(100));

        assertThat(new String(bounded.encode(recorded(new StateUpdated("$.a", "x".repeat(98)))), UTF_8))
                .contains("\"newValue\":\"xxx")
                .doesNotContain("omitted");
        assertThat(new String(bounded.encode(recorded(new StateUpdated("$.a", "x".repeat(99)))), UTF_8))
                .endsWith("\"data\":{\"executionId\":\"e-1\",\"path\":\"$.a\",\"omitted\":[\"newValue\"]}}");
        assertThat(new String(bounded.encode(recorded(new StateUpdated("$.a", "ä".repeat(50)))), UTF_8))
                .contains("omitted");
        assertThat(new String(bounded.encode(recorded(new StateUpdated("$.a", "\u0001".repeat(17)))), UTF_8))
                .contains("omitted");

        HumanEvent.Info info = new HumanEvent.Info(
                "approve",
                Map.of("title", "x".repeat(200)),
                null,
                Map.of("a", 1),
                "y".repeat(200),
                NOW,
                null,
                Assignment.ANYBODY,
                null);
        assertThat(new String(bounded.encode(recorded(new HumanEvent.InputRequired("n-1", "t", info))), UTF_8))
                .contains("\"contextData\":{\"a\":1}")
                .endsWith("\"omitted\":[\"nodeInfo.formSchema\",\"nodeInfo.defaultValues\"]}}");
    }

    @Test
    @DisplayName("F31: a setting keeps the state to itself")
    void leavesOutTheState() {
        EventEncoder discreet = new EventEncoder(WireSettings.DEFAULTS.withoutState());

        assertThat(new String(discreet.encode(recorded(new WorkflowEvent.Completed(Map.of("secret", 1), null))), UTF_8))
                .endsWith("\"data\":{\"executionId\":\"e-1\",\"omitted\":[\"finalState\"]}}");
        assertThat(new String(discreet.encode(recorded(new StateUpdated("$.secret", 1))), UTF_8))
                .endsWith("\"path\":\"$.secret\",\"omitted\":[\"newValue\"]}}");
    }

    private static final String HASH = "0a".repeat(32);

    @Test
    @DisplayName(
            "F31: the state at the beginning is told like the one at the end: left out when it is too large or not to be shown,"
                    + " also when the event has its bytes already")
    void theStateAtTheBeginning() {
        RecordedEvent started = recorded(new WorkflowEvent.Started("w", HASH, Map.of("amount", "x".repeat(100))));
        byte[] whole = encoder.encode(started);
        assertThat(new String(whole, UTF_8))
                .endsWith("\"data\":{\"executionId\":\"e-1\",\"workflowId\":\"w\",\"hash\":\"" + HASH
                        + "\",\"state\":{\"amount\":\"" + "x".repeat(100) + "\"}}}");
        EventCodec.keep(started, whole, 0, whole.length);
        for (EventEncoder less : List.of(
                new EventEncoder(WireSettings.DEFAULTS.withoutState()),
                new EventEncoder(WireSettings.DEFAULTS.maxValueBytes(100)))) {
            assertThat(new String(less.encode(started), UTF_8))
                    .endsWith("\"workflowId\":\"w\",\"hash\":\"" + HASH + "\",\"omitted\":[\"state\"]}}");
        }
        assertThat(text(new WorkflowEvent.Started("w", null, null)))
                .endsWith("\"data\":{\"executionId\":\"e-1\",\"workflowId\":\"w\"}}");
    }

    @Test
    @DisplayName(
            "a client of the first version gets neither step nor hash nor the state at the beginning, and all else")
    void theFirstVersionKnowsNoGraph() {
        EventEncoder first = encoder.forFirstVersion();
        assertThat(new String(first.encode(recorded(new WorkflowEvent.Started("w", HASH, Map.of("a", 1)))), UTF_8))
                .endsWith("\"data\":{\"timestamp\":1700000000123,\"executionId\":\"e-1\",\"workflowId\":\"w\"}}");
        assertThat(new String(first.encode(recorded(new NodeEvent.Executing("x-1", "x", "action", 1, "s0"))), UTF_8))
                .endsWith("\"nodeId\":\"x-1@e-1\",\"nodeName\":\"x\",\"nodeType\":\"action\",\"attempt\":1}}");
        assertThat(new String(first.encode(recorded(new WorkflowEvent.Completed(Map.of("a", 1), null))), UTF_8))
                .contains("\"finalState\":{\"a\":1}");
        assertThat(text(new NodeEvent.Executing("x-1", "x", "action", 1, "s0")))
                .endsWith("\"attempt\":1,\"step\":\"s0\"}}");
    }

    @Test
    void anyStringGoesOutAsWellFormedUtf8() {
        String odd = "a\ud800b\udc00\u0000\n\"\\😀\u2028\ud83d";
        byte[] bytes = encoder.encode(recorded(new StateUpdated("$.a", Map.of("k\udc00", odd))));

        Object message = new JsonReader(10).read(ByteBuffer.wrap(bytes));
        assertThat(message.toString()).contains("{k\uFFFD=a\uFFFDb\uFFFD\u0000\n\"\\😀\u2028\uFFFD}");
        assertThat(new String(bytes, UTF_8)).doesNotContain("\n");
    }

    @Test
    void appendsToAStreamThatStaysOpen() {
        ByteArrayOutputStream segment = new ByteArrayOutputStream() {
            @Override
            public void close() {
                throw new AssertionError("closed");
            }
        };
        RecordedEvent event = recorded(new WorkflowEvent.Started("w", null, null));

        encoder.encode(event, segment);
        encoder.encode(event, segment);

        byte[] once = encoder.encode(event);
        assertThat(segment.size()).isEqualTo(2 * once.length);
        assertThat(segment.toByteArray()).startsWith(once).endsWith(once);
    }

    @Test
    @DisplayName(
            "an event is encoded as if it were the only one, after others, after one that failed, and for the first version")
    void eventsLeaveNothingBehindForTheNext() {
        EventEncoder bounded = new EventEncoder(WireSettings.DEFAULTS.maxValueBytes(100));
        RecordedEvent small = recorded(new StateUpdated("$.a", 1));
        RecordedEvent large = recorded(new StateUpdated("$.a", "x".repeat(20_000)));
        OutputStream broken = new OutputStream() {
            @Override
            public void write(int b) throws IOException {
                throw new IOException("full");
            }
        };
        for (EventEncoder each : List.of(bounded, bounded.forFirstVersion(), encoder)) {
            byte[] alone = each.encode(small);

            each.encode(large);
            assertThat(each.encode(small)).isEqualTo(alone);
            assertThatThrownBy(() -> each.encode(large, broken)).hasMessageContaining("full");
            assertThat(each.encode(small)).isEqualTo(alone);
        }
    }

    @Test
    void threadsEncodeWithOneEncoderAtTheSameTime() throws Exception {
        int threads = 4;
        ExecutorService pool = Executors.newFixedThreadPool(threads);
        try {
            CyclicBarrier start = new CyclicBarrier(threads);
            List<Future<Boolean>> same = IntStream.range(0, threads)
                    .mapToObj(thread -> pool.submit(() -> {
                        RecordedEvent event = recorded(new StateUpdated(
                                "$.thread", String.valueOf(thread).repeat(thread * 5_000)));
                        byte[] alone = new EventEncoder(WireSettings.DEFAULTS).encode(event);
                        start.await();
                        return IntStream.range(0, 500).allMatch(i -> Arrays.equals(alone, encoder.encode(event)));
                    }))
                    .toList();
            for (Future<Boolean> each : same) {
                assertThat(each.get()).isTrue();
            }
        } finally {
            pool.shutdownNow();
        }
    }

    private String text(Event event) {
        return new String(encoder.encode(recorded(event)), UTF_8);
    }

    private static RecordedEvent recorded(Event event) {
        return new RecordedEvent("e-1", "expense", "epoch", 7, NOW, event);
    }
}
