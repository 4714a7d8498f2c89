package io.flowscript.json;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flowscript.core.FlowScriptException;
import io.flowscript.core.event.CustomEvent;
import io.flowscript.core.event.Event;
import io.flowscript.core.event.EventType;
import io.flowscript.core.event.NodeEvent;
import io.flowscript.core.event.RecordedEvent;
import io.flowscript.core.event.StateUpdated;
import io.flowscript.core.event.WorkflowEvent;
import io.flowscript.core.json.Json;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class EventCodecTest {

    private static final Instant NOW = Instant.ofEpochMilli(1_700_000_000_123L);
    private static final String SOME = text(EventCodec.write(List.of(
            recorded(7, new NodeEvent.Executing("x-1", "x", "action", 1)),
            recorded(8, new CustomEvent(EventType.of("order:packed"), "x-1", "x", Map.of("boxes", 3), "key")))));

    static List<Class<?>> records() {
        return AnyEvent.records();
    }

    @ParameterizedTest
    @MethodSource("records")
    @DisplayName(
            "Every type of event comes back the same: with all fields, with those alone that are never null, and with some")
    void everyTypeComesBackTheSame(Class<?> type) {
        comesBackTheSame(List.of(new AnyEvent(0, AnyEvent.Nulls.ALL).event(type)), "all null");
        for (int seed = 0; seed < 50; seed++) {
            comesBackTheSame(List.of(new AnyEvent(seed, AnyEvent.Nulls.NONE).event(type)), "no null, seed " + seed);
            comesBackTheSame(List.of(new AnyEvent(seed, AnyEvent.Nulls.SOME).event(type)), "seed " + seed);
        }
    }

    @Test
    void everyBuiltInTypeIsAmongTheRecords() {
        Set<EventType> types = new HashSet<>();
        records()
                .forEach(record -> types.add(
                        new AnyEvent(0, AnyEvent.Nulls.SOME).event(record).type()));

        assertThat(types).containsAll(EventType.BUILT_IN).hasSize(EventType.BUILT_IN.size() + 1);
    }

    @Test
    void listsOfAnyEventsComeBackTheSame() {
        for (int seed = 0; seed < 200; seed++) {
            AnyEvent any = new AnyEvent(seed, AnyEvent.Nulls.SOME);
            List<Event> events = new ArrayList<>();
            for (int i = 0; i <= seed % 7; i++) {
                events.add(any.event());
            }
            comesBackTheSame(events, "seed " + seed);
        }
    }

    @Test
    void anyPayloadComesBackTheSame() {
        for (int seed = 0; seed < 1_000; seed++) {
            AnyEvent any = new AnyEvent(seed, AnyEvent.Nulls.SOME);
            comesBackTheSame(
                    List.of(new CustomEvent(EventType.of("a:b"), null, null, any.value(5), any.text())),
                    "seed " + seed);
        }
    }

    @Test
    void keepsTheTypeOfEachNumberAndEachCharacter() {
        comesBackTheSame(
                List.of(new StateUpdated(
                        "$.a",
                        Arrays.asList(
                                1,
                                1L,
                                BigInteger.ONE,
                                1.0,
                                new BigDecimal("1"),
                                new BigDecimal("1.00"),
                                new BigDecimal("1E-900000"),
                                -0.0,
                                Long.MIN_VALUE,
                                BigInteger.TEN.pow(2_000),
                                null,
                                "\ud800\u0000\n😀",
                                Map.of("@long", "5"),
                                Map.of("\ud800", 5L)))),
                "odd values");
    }

    @ParameterizedTest
    @ValueSource(strings = {"x", "@x", "\ud800"})
    void bearsTheDeepestValueThatThereIs(String key) {
        Object deep = 1L;
        for (int i = 0; i < Json.MAX_DEPTH; i++) {
            deep = Map.of(key, deep);
        }
        comesBackTheSame(List.of(new StateUpdated("$.deep", deep)), key);
    }

    @ParameterizedTest
    @ValueSource(ints = {8_191, 8_192, 8_193, 100_000})
    void bearsLongKeys(int length) {
        for (String character : List.of("k", "ä", "\u0001")) {
            comesBackTheSame(
                    List.of(new StateUpdated("$.long", Map.of(character.repeat(length), 1, "b", 2L))), character);
        }
    }

    @Test
    @DisplayName("Events of format 1, of each type with each field, are read and written back byte for byte")
    void keepsFormatOne() throws IOException {
        byte[] stored;
        try (InputStream in = getClass().getResourceAsStream("/golden/events-format-1.json")) {
            stored = in.readAllBytes();
        }

        List<RecordedEvent> events = EventCodec.read("e-1", "expense", stored);

        assertThat(text(EventCodec.write(events))).isEqualTo(text(stored).strip());
        Set<Class<?>> stillMissing = new HashSet<>(records());
        events.forEach(event -> stillMissing.remove(event.event().getClass()));
        assertThat(stillMissing).as("records without an event in the file").isEmpty();
    }

    @Test
    @DisplayName("What a list has once is said once, and what is null is left out")
    void saysWhatAllHaveOnce() {
        assertThat(SOME)
                .isEqualTo("{\"format\":1,\"epoch\":\"epoch\",\"first\":7,\"events\":["
                        + "{\"at\":1700000000130,\"type\":\"node:executing\",\"nodeId\":\"x-1\",\"nodeName\":\"x\","
                        + "\"nodeType\":\"action\",\"attempt\":1},"
                        + "{\"at\":1700000000131,\"type\":\"custom\",\"event\":\"order:packed\",\"nodeId\":\"x-1\","
                        + "\"nodeName\":\"x\",\"payload\":{\"boxes\":3},\"conflationKey\":\"key\"}]}");
        assertThat(text(EventCodec.write(List.of(recorded(1, new WorkflowEvent.Cancelled(null, null))))))
                .endsWith("[{\"at\":1700000000124,\"type\":\"workflow:cancelled\"}]}");
    }

    @Test
    void refusesOtherFormats() {
        assertCode(
                SOME.replace("\"format\":1", "\"format\":2"),
                "unknown_events_format",
                "has format 2; this version reads format 1");
        assertCode(SOME.replace("\"format\":1", "\"format\":\"1\""), "unknown_events_format", "has format 1");
        assertCode("{}", "unknown_events_format", "format null");
    }

    @Test
    void refusesAListThatIsCutAnywhere() {
        for (int length = 0; length < SOME.length(); length++) {
            assertCode(SOME.substring(0, length), "invalid_events", "cannot be read");
        }
    }

    @Test
    void refusesWhatIsNoListOfEvents() {
        assertCode("[]", "invalid_events", "no JSON object");
        assertCode("null", "invalid_events", "no JSON object");
        assertCode("{\"format\":1}", "invalid_events", "cut or changed");
        assertCode("{\"format\":1,\"epoch\":\"e\",\"first\":1,\"events\":[]}", "invalid_events", "cut or changed");
        assertCode(SOME + "x", "invalid_events", "cannot be read");
        changed("\"first\":7", "\"first\":0");
        changed("\"first\":7", "\"first\":\"7\"");
        changed("\"first\":7", "\"first\":7.5");
        changed("\"first\":7", "\"first\":70000000000000000000");
        changed("\"epoch\":\"epoch\"", "\"epoch\":1");
        changed("\"events\":[", "\"events\":[null,");
        changed("\"events\":[", "\"events\":[1,");
        changed("\"at\":1700000000130", "\"at\":\"2023-11-14T22:13:20Z\"");
        changed("\"at\":1700000000130", "\"at\":null");
        changed("\"attempt\":1", "\"attempt\":true");
        changed("\"attempt\":1", "\"attempt\":4294967297");
        changed("\"attempt\":1", "\"attemt\":1");
        changed("\"nodeName\":\"x\"", "\"nodeName\":[\"x\"]");
        changed("{\"boxes\":3}", "{\"@long\":\"three\"}");
        changed("{\"boxes\":3}", "{\"@unknown\":\"3\"}");
        changed("{\"boxes\":3}", "{\"@entries\":[[]]}");
    }

    @Test
    void refusesTypesThatItDoesNotKnow() {
        assertCode(
                SOME.replace("node:executing", "node:exploded"),
                "invalid_events",
                "This version does not know the event type node:exploded");
        assertCode(SOME.replace("order:packed", "workflow:started"), "invalid_events", "Only the engine emits");
        assertCode(SOME.replace("order:packed", ""), "invalid_events", "An event type has");
        assertCode(SOME.replace("\"type\":\"custom\",", ""), "invalid_events", "cut or changed");
    }

    @Test
    void refusesToWriteWhatItCouldNotReadBack() {
        Event event = new WorkflowEvent.Started("w");
        RecordedEvent first = recorded(1, event);

        assertRefused(List.of());
        assertRefused(List.of(recorded(0, event)));
        assertRefused(List.of(first, recorded(3, event)));
        assertRefused(List.of(first, first));
        assertRefused(List.of(first, new RecordedEvent("e-2", "w", "epoch", 2, NOW, event)));
        assertRefused(List.of(first, new RecordedEvent("e-1", "v", "epoch", 2, NOW, event)));
        assertRefused(List.of(first, new RecordedEvent("e-1", "w", "other", 2, NOW, event)));
        assertRefused(List.of(new RecordedEvent("e-1", "w", "epoch", 1, NOW.plusNanos(1), event)));
    }

    @Test
    void timesBeforeTheEpochAndLongDurationsAreExact() {
        List<RecordedEvent> events = List.of(new RecordedEvent(
                "e-1",
                "w",
                "epoch",
                Long.MAX_VALUE,
                Instant.ofEpochMilli(-1),
                new NodeEvent.Completed("x-1", "x", "done", null, Duration.ofSeconds(Long.MAX_VALUE, 999_999_999))));

        assertThat(EventCodec.read("e-1", "w", EventCodec.write(events))).isEqualTo(events);
    }

    private static void comesBackTheSame(List<Event> events, String as) {
        List<RecordedEvent> recorded = new ArrayList<>();
        events.forEach(event -> recorded.add(recorded(5 + recorded.size(), event)));

        byte[] bytes = EventCodec.write(recorded);
        List<RecordedEvent> back = EventCodec.read("e-1", "w", bytes);

        assertThat(back).as(as).isEqualTo(recorded);
        // Texts, since objects whose keys have another order are equal.
        assertThat(back).as(as).hasToString(recorded.toString());
        assertThat(EventCodec.write(back)).as(as).isEqualTo(bytes);
    }

    private static void changed(String part, String other) {
        assertThat(SOME).contains(part);
        assertCode(SOME.replace(part, other), "invalid_events", "cannot be read");
    }

    private static void assertCode(String json, String code, String part) {
        assertThatThrownBy(() -> EventCodec.read("e-1", "w", json.getBytes(UTF_8)))
                .as(json)
                .isInstanceOf(FlowScriptException.class)
                .hasMessageContaining(part)
                .extracting(e -> ((FlowScriptException) e).code())
                .isEqualTo(code);
    }

    private static void assertRefused(List<RecordedEvent> events) {
        assertThatThrownBy(() -> EventCodec.write(events)).isInstanceOf(IllegalArgumentException.class);
    }

    private static RecordedEvent recorded(long seq, Event event) {
        return new RecordedEvent("e-1", "w", "epoch", seq, NOW.plusMillis(seq), event);
    }

    private static String text(byte[] bytes) {
        return new String(bytes, UTF_8);
    }
}
