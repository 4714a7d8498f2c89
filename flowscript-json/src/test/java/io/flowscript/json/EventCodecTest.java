package io.flowscript.json;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flowscript.core.FlowScriptException;
import io.flowscript.core.event.CustomEvent;
import io.flowscript.core.event.EncodedEvent;
import io.flowscript.core.event.Event;
import io.flowscript.core.event.EventType;
import io.flowscript.core.event.HumanEvent;
import io.flowscript.core.event.NodeEvent;
import io.flowscript.core.event.RecordedEvent;
import io.flowscript.core.event.StateUpdated;
import io.flowscript.core.event.WorkflowEvent;
import io.flowscript.core.json.Json;
import io.flowscript.json.protocol.EventEncoder;
import io.flowscript.json.protocol.WireSettings;
import java.io.ByteArrayOutputStream;
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
    private static final RecordedEvent FIRST = recorded(7, new NodeEvent.Executing("x-1", "x", "action", 1, "s0"));
    private static final RecordedEvent SECOND =
            recorded(8, new CustomEvent(EventType.of("order:packed"), "x-1", "x", Map.of("boxes", 3), "key"));
    private static final String SOME = text(EventCodec.write(List.of(FIRST, SECOND)));

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
    @DisplayName(
            "Events of format 2, of each type with each field, and those without the fields that came later, are read and written back byte for"
                    + " byte")
    void keepsFormatTwo() throws IOException {
        byte[] stored;
        try (InputStream in = getClass().getResourceAsStream("/golden/events-format-2.txt")) {
            stored = in.readAllBytes();
        }

        List<RecordedEvent> events = EventCodec.read("e-1", "expense", stored);

        Set<Class<?>> stillMissing = new HashSet<>(records());
        events.forEach(event -> stillMissing.remove(event.event().getClass()));
        assertThat(stillMissing).as("records without an event in the file").isEmpty();
        assertThat(events)
                .extracting(RecordedEvent::event)
                .contains(
                        new WorkflowEvent.Started("expense", null, null),
                        new WorkflowEvent.Started(
                                "expense", "0a".repeat(32), Map.of("amount", 250, "rate", new BigDecimal("0.10"))),
                        new NodeEvent.Executing("approve-2", "approve", "human", 1, null),
                        new NodeEvent.Executing("approve-2", "approve", "human", 1, "s1"));
        assertThat(text(EventCodec.write(events))).isEqualTo(text(stored));
        assertThat(text(EventCodec.write(
                        events.stream().map(EventCodecTest::asObject).toList())))
                .as("encoded anew")
                .isEqualTo(text(stored));
    }

    @Test
    @DisplayName("Events of format 1, which was one JSON object, are refused with a message that says so")
    void refusesFormatOne() {
        assertCode(
                "{\"format\":1,\"epoch\":\"epoch\",\"first\":7,\"events\":[]}",
                "unknown_events_format",
                "has format 1; this version reads format 2");
    }

    @Test
    @DisplayName(
            "An event is its message without what the list says already, and a line with what the message does not say")
    void theMessageComesFirst() {
        assertThat(SOME.substring(SOME.indexOf(' ', 13))).isEqualTo("""
                         7 2 1700000000130 "epoch"
                        node_started 0 ,"nodeId":"x-1","nodeName":"x","nodeType":"action","attempt":1,"step":"s0"}}
                        workflow_event 1 ,"event":"order:packed","nodeId":"x-1","payload":{"boxes":3}}}
                        +{"conflationKey":"key"}
                        """);
    }

    @Test
    @DisplayName("What is read are the bytes of the message to clients, whatever is in the event and in the ids")
    void theBytesThatAreReadAreTheMessage() {
        EventEncoder encoder = new EventEncoder(WireSettings.DEFAULTS);
        for (String id : List.of("e-1", "a \"b\" \\ \u0001 ä 😀 \ud800")) {
            for (Class<?> type : records()) {
                Event event = new AnyEvent(3, AnyEvent.Nulls.SOME).event(type);
                RecordedEvent recorded = new RecordedEvent(id, "w", "epoch", 12, Instant.ofEpochMilli(-5), event);
                byte[] message = encoder.encode(recorded);
                RecordedEvent read = EventCodec.read(id, "w", EventCodec.write(List.of(recorded)))
                        .get(0);

                assertThat(text(recorded.encoded().message())).isEqualTo(text(message));
                assertThat(text(read.encoded().message())).isEqualTo(text(message));
                assertThat(read).isEqualTo(recorded);
            }
        }
    }

    @Test
    @DisplayName("What the message says is not said again")
    void saysNothingTwice() {
        assertRest(new WorkflowEvent.Cancelled(null, null), null);
        assertRest(new NodeEvent.Completed("x-1", "x", "done", 1.5, Duration.ofMillis(7)), "{\"#\":\"d\"}");
        assertRest(
                new NodeEvent.Completed("x-1", "x", "done", List.of(1, 7L), Duration.ofNanos(7)),
                "{\"durationMs\":\"PT0.000000007S\",\"#\":\".l\"}");
        assertRest(new HumanEvent.InputReminded("ask-me-12", "ask-me", "t"), null);
        assertRest(new HumanEvent.InputReminded("ask-me", "ask-me", "t"), "{\"nodeName\":\"ask-me\"}");
        assertRest(new CustomEvent(EventType.of("a:b"), "x-1", null, null, null), "{\"nodeName\":null}");
        assertRest(new StateUpdated("$.a", "\ud800"), "{\"newValue\":\"\\uD800\"}");
    }

    private static void assertRest(Event event, String rest) {
        String list = text(EventCodec.write(List.of(recorded(1, event))));
        assertThat(list.substring(list.indexOf('\n', list.indexOf('\n') + 1) + 1))
                .as(event.toString())
                .isEqualTo(rest == null ? "" : "+" + rest + "\n");
        comesBackTheSame(List.of(event), event.toString());
    }

    @Test
    @DisplayName("An event that was written has its part of the list as its bytes, and is not encoded again")
    void writtenEventsHaveTheirBytes() {
        List<RecordedEvent> events = List.of(asObject(FIRST), asObject(SECOND));
        assertThat(events).allMatch(event -> event.encoded() == null);
        byte[] list = EventCodec.write(events);

        for (RecordedEvent event : events) {
            String message = text(event.encoded().message());
            assertThat(text(list)).contains(message.substring(message.indexOf(",\"nodeId\"")) + "\n");
            EncodedEvent bytes = event.encoded();
            EventCodec.write(List.of(event));
            assertThat(event.encoded()).isSameAs(bytes);
        }
        // A message that no encoder writes proves that it is copied.
        String marked = SOME.replace("\"attempt\":1", "\"attempt\":  1");
        List<RecordedEvent> read = EventCodec.read("e-1", "w", signed(marked));
        assertThat(text(new EventEncoder(WireSettings.DEFAULTS).encode(read.get(0))))
                .contains("\"attempt\":  1");
        assertThat(EventCodec.write(read)).isEqualTo(signed(marked));
    }

    @Test
    @DisplayName("Type, node and key are known of an event that is kept as bytes alone, and each call decodes anew")
    void whatFiltersNeedIsKnownWithoutDecoding() {
        for (Class<?> type : records()) {
            RecordedEvent event = recorded(7, new AnyEvent(7, AnyEvent.Nulls.NONE).event(type));
            RecordedEvent other = asObject(event);
            EventCodec.write(List.of(event));
            event.keepBytesOnly();

            assertThat(event.hasObject()).isFalse();
            assertThat(event.type()).isEqualTo(other.event().type());
            assertThat(event.nodeName()).isEqualTo(other.event().nodeName());
            assertThat(event.conflationKey()).isEqualTo(other.event().conflationKey());
            assertThat(event.hasObject()).isFalse();
            assertThat(event).isEqualTo(other).hasSameHashCodeAs(other).hasToString(other.toString());
            assertThat(event.event()).isNotSameAs(event.event());
            assertThat(event.hasObject()).isFalse();
        }
    }

    @Test
    @DisplayName("An event that was read has no object until somebody asks for it")
    void readEventsAreDecodedOnDemand() {
        RecordedEvent read = EventCodec.read("e-1", "w", bytes(SOME)).get(1);

        assertThat(read.hasObject()).isFalse();
        assertThat(read.seq()).isEqualTo(8);
        assertThat(read.time()).isEqualTo(NOW.plusMillis(8));
        assertThat(read.inEpoch("other").hasObject()).isFalse();
        assertThat(read.type()).isEqualTo(EventType.of("order:packed"));
        assertThat(read.hasObject()).isTrue();
        assertThat(read.event()).isSameAs(read.event());
        assertThat(read.inEpoch("other").event()).isSameAs(read.event());
    }

    @Test
    void refusesOtherFormats() {
        assertCode(
                SOME.replace("\"format\":2", "\"format\":3"),
                "unknown_events_format",
                "has format 3; this version reads format 2");
        assertCode(SOME.replace("\"format\":2", "\"format\":10"), "unknown_events_format", "has format 10");
    }

    @Test
    void refusesAListThatIsCutAnywhere() {
        for (int length = 0; length < SOME.length(); length++) {
            assertCode(SOME.substring(0, length), "invalid_events", "cannot be read");
        }
    }

    @Test
    @DisplayName("A list in which any bit was changed is refused, with its execution and the checksums")
    void refusesAListThatWasChangedAnywhere() {
        for (int bit = 13 * 8; bit < SOME.length() * 8; bit++) {
            byte[] changed = bytes(SOME);
            changed[bit / 8] ^= (byte) (1 << (bit % 8));
            assertCode(changed, "invalid_events", "of execution e-1 cannot be read");
        }
        assertCode(SOME.replace("boxes", "boxen"), "invalid_events", "It has been cut or changed since it was written");
    }

    @Test
    void refusesWhatIsNoListOfEvents() {
        assertCode("", "invalid_events", "does not begin like one");
        assertCode("[]", "invalid_events", "does not begin like one");
        assertCode("null", "invalid_events", "does not begin like one");
        assertCode("{\"format\":2} x", "invalid_events", "does not begin like one");
        assertCode("{\"format\":\"1\"}", "invalid_events", "does not begin like one");
        assertCode(SOME + "x", "invalid_events", "checksum");
        changed(" 7 2 ", " 0 2 ", "2 events from number 0, at byte");
        changed(" 7 2 ", " 7 0 ", "0 events from number 7, at byte");
        changed(" 7 2 ", " x 2 ", "A number is missing, at byte 22");
        changed(" 7 2 ", " 7 3 ", "A line has no end, at byte");
        changed(" 7 2 ", " 7 1 ", "Something follows the last event, at byte");
        changed("1700000000130", "-", "A number is missing, at byte 26");
        changed("\"epoch\"", "1", "The epoch is missing, at byte 40");
        changed("\"epoch\"", "", "The epoch is missing, at byte 40");
        changed("node_started 0", "node_started x", "A number is missing, at byte");
        changed("node_started 0 ", "node_started 0", "is missing, at byte");
        changed("\"key\"}\n", "\"key\"}", "A line has no end, at byte");
    }

    @Test
    @DisplayName("An event that cannot be decoded is named, with its execution and the place")
    void refusesWhatIsNoEvent() {
        undecodable("\"attempt\":1", "\"attempt\":true", 7, "cut or changed");
        undecodable("\"attempt\":1", "\"attempt\":4294967297", 7, "cut or changed");
        undecodable("\"attempt\":1", "\"attemt\":1", 7, "cut or changed");
        undecodable("\"attempt\":1", "\"attempt\":", 7, "at character 1");
        undecodable("\"step\":\"s0\"}}", "\"step\":\"s0\"}", 7, "at character 1");
        undecodable("\"step\":\"s0\"}}", "\"step\":\"s0\"}}x", 7, "at character 1");
        undecodable("\"nodeName\":\"x\"", "\"nodeName\":[\"x\"]", 7, "cut or changed");
        undecodable("\"event\":", "\"evnt\":", 8, "cut or changed");
        undecodable("{\"conflationKey\":\"key\"}", "{\"conflationKey\":3}", 8, "cut or changed");
        undecodable("\"key\"}", "\"key\"", 8, "The JSON ends too early");
        undecodable(
                "{\"conflationKey\":\"key\"}",
                "{\"#\":\"x\"}",
                8,
                "A number has not the type that it was written with");
        undecodable("{\"conflationKey\":\"key\"}", "{\"payload\":{\"@unknown\":\"3\"}}", 8, "cut or changed");
        undecodable("{\"conflationKey\":\"key\"}", "{\"payload\":{\"@entries\":[[]]}}", 8, "cut or changed");
        undecodable("{\"conflationKey\":\"key\"}", "null", 8, "cut or changed");
    }

    @Test
    void refusesTypesThatItDoesNotKnow() {
        undecodable("node_started", "node_exploded", 7, "This version does not know the event type node_exploded");
        undecodable("order:packed", "workflow:started", 8, "Only the engine emits");
        undecodable("order:packed", "", 8, "An event type has");
    }

    @Test
    @DisplayName("Clients get the bytes of an event unless their bridge leaves something out of it")
    void bytesAreSentUnlessSomethingIsLeftOut() {
        WireSettings narrow = WireSettings.DEFAULTS.maxValueBytes(40);
        for (WireSettings settings :
                List.of(WireSettings.DEFAULTS, narrow, WireSettings.DEFAULTS.withoutState(), narrow.withoutState())) {
            for (Class<?> type : records()) {
                for (int seed = 0; seed < 20; seed++) {
                    RecordedEvent event = recorded(7, new AnyEvent(seed, AnyEvent.Nulls.SOME).event(type));
                    EventEncoder encoder = new EventEncoder(settings);
                    byte[] before = encoder.encode(event);
                    byte[] firstVersion = encoder.forFirstVersion().encode(event);
                    ByteArrayOutputStream out = new ByteArrayOutputStream();
                    boolean whole = encoder.encode(event, out);
                    boolean wholeForFirst = encoder.forFirstVersion().encode(event, new ByteArrayOutputStream());
                    EventCodec.write(List.of(event));

                    assertThat(text(encoder.encode(event))).isEqualTo(text(before));
                    assertThat(text(encoder.forFirstVersion().encode(event))).isEqualTo(text(firstVersion));
                    assertThat(whole)
                            .isEqualTo(Arrays.equals(before, event.encoded().message()));
                    assertThat(wholeForFirst).isFalse();
                }
            }
        }
    }

    @Test
    void refusesToWriteWhatItCouldNotReadBack() {
        Event event = new WorkflowEvent.Started("w", null, null);
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
        assertThat(EventCodec.write(back.stream().map(EventCodecTest::asObject).toList()))
                .as(as)
                .isEqualTo(bytes);
    }

    private static void changed(String part, String other, String why) {
        assertThat(SOME).contains(part);
        assertCode(signed(SOME.replace(part, other)), "invalid_events", why);
    }

    private static void undecodable(String part, String other, int seq, String why) {
        assertThat(SOME).contains(part);
        List<RecordedEvent> events = EventCodec.read("e-1", "w", signed(SOME.replace(part, other)));
        assertThatThrownBy(() -> events.get(seq - 7).event())
                .as(other)
                .isInstanceOf(FlowScriptException.class)
                .hasMessageContaining("Event " + seq + " of execution e-1 cannot be read. ")
                .hasMessageContaining(why)
                .extracting(e -> ((FlowScriptException) e).code())
                .isEqualTo("invalid_events");
    }

    /** The list with the checksum that it would have been written with. */
    private static byte[] signed(String list) {
        return bytes(list.substring(0, 13) + StoredList.checksum(bytes(list)) + list.substring(21));
    }

    private static void assertCode(String list, String code, String part) {
        assertCode(bytes(list), code, part);
    }

    private static void assertCode(byte[] list, String code, String part) {
        assertThatThrownBy(() -> EventCodec.read("e-1", "w", list))
                .as(text(list))
                .isInstanceOf(FlowScriptException.class)
                .hasMessageContaining(part)
                .extracting(e -> ((FlowScriptException) e).code())
                .isEqualTo(code);
    }

    private static RecordedEvent asObject(RecordedEvent event) {
        return new RecordedEvent(
                event.executionId(), event.workflowId(), event.epoch(), event.seq(), event.time(), event.event());
    }

    private static byte[] bytes(String text) {
        return text.getBytes(UTF_8);
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
