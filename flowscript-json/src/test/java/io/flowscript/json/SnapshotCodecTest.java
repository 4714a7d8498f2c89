package io.flowscript.json;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flowscript.core.Assignment;
import io.flowscript.core.CommandKey;
import io.flowscript.core.FlowScriptException;
import io.flowscript.core.Identity;
import io.flowscript.core.event.EventType;
import io.flowscript.core.event.WorkflowEvent;
import io.flowscript.core.interaction.Interaction;
import io.flowscript.core.json.Json;
import io.flowscript.core.json.JsonPath;
import io.flowscript.core.json.SecretPaths;
import io.flowscript.core.json.Value;
import io.flowscript.core.runtime.Answer;
import io.flowscript.core.runtime.PauseToken;
import io.flowscript.core.runtime.Question;
import io.flowscript.core.runtime.Quorum;
import io.flowscript.core.snapshot.CommandReceipt;
import io.flowscript.core.snapshot.ExecutionResult;
import io.flowscript.core.snapshot.ExecutionSnapshot;
import io.flowscript.core.snapshot.ExecutionStatus;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.Supplier;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SnapshotCodecTest {

    @Test
    @Tag("slow")
    @DisplayName("F16: what was written down comes back the same: 500 random snapshots")
    void comesBackTheSame() {
        for (int seed = 0; seed < 500; seed++) {
            ExecutionSnapshot snapshot = new Maker(seed).snapshot();

            ExecutionSnapshot back = SnapshotCodec.read(SnapshotCodec.write(snapshot));

            // Strictly, so that an int that comes back as a long would show.
            assertThat(back)
                    .as("seed " + seed)
                    .usingRecursiveComparison()
                    .withStrictTypeChecking()
                    .isEqualTo(snapshot);
            assertThat(back.state()).isEqualTo(snapshot.state());
            assertThat(List.copyOf(back.state().keySet()))
                    .isEqualTo(List.copyOf(snapshot.state().keySet()));
            assertThat(SnapshotCodec.write(back)).isEqualTo(SnapshotCodec.write(snapshot));
        }
    }

    @Test
    @DisplayName("A snapshot of format 2, with each field that there is, is read and written back byte for byte")
    void keepsFormatTwo() throws IOException {
        byte[] stored = golden("snapshot-format-2.json");

        assertThat(new String(SnapshotCodec.write(SnapshotCodec.read(stored)), UTF_8))
                .isEqualTo(new String(stored, UTF_8).strip());
    }

    @Test
    @DisplayName("The same snapshot of format 1 is read as the same, and written in format 2")
    void readsFormatOne() throws IOException {
        ExecutionSnapshot snapshot = SnapshotCodec.read(golden("snapshot-format-1.json"));

        assertThat(snapshot)
                .usingRecursiveComparison()
                .withStrictTypeChecking()
                .isEqualTo(SnapshotCodec.read(golden("snapshot-format-2.json")));
        assertThat(SnapshotCodec.write(snapshot))
                .isEqualTo(SnapshotCodec.write(SnapshotCodec.read(golden("snapshot-format-2.json"))));
    }

    private byte[] golden(String name) throws IOException {
        try (InputStream in = getClass().getResourceAsStream("/golden/" + name)) {
            return in.readAllBytes();
        }
    }

    @Test
    @DisplayName("What is null or an empty list is left out, but for an answer of null, which differs from none")
    void leavesOutWhatIsNotThere() {
        ExecutionSnapshot waiting = ExecutionSnapshot.builder()
                .executionId("e")
                .workflowId("w")
                .definitionHash("h")
                .createdAt(Instant.EPOCH)
                .epoch("p")
                .lastEventAt(Instant.EPOCH)
                .build();
        assertThat(new String(SnapshotCodec.write(waiting), UTF_8))
                .isEqualTo("{\"format\":2,\"executionId\":\"e\",\"workflowId\":\"w\",\"definitionHash\":\"h\","
                        + "\"status\":\"PENDING\",\"position\":0,\"state\":{},\"visits\":0,\"steps\":0,\"worked\":\"PT0S\","
                        + "\"createdAt\":\"1970-01-01T00:00:00Z\",\"epoch\":\"p\",\"seq\":0,"
                        + "\"lastEventAt\":\"1970-01-01T00:00:00Z\"}");
        for (Value data : List.of(Value.of(null), Value.of(null).get("data"))) {
            ExecutionSnapshot answered = waiting.toBuilder()
                    .visit(ExecutionSnapshot.Visit.builder()
                            .nodeId("n-1")
                            .nodeName("n")
                            .attempt(1)
                            .startedAt(Instant.EPOCH)
                            .phase(ExecutionSnapshot.Phase.WORKING)
                            .answer(new Answer(data, null, Instant.EPOCH, false))
                            .build())
                    .build();
            Answer back =
                    SnapshotCodec.read(SnapshotCodec.write(answered)).visit().answer();
            assertThat(back.data().isMissing()).isEqualTo(data.isMissing());
            assertThat(back.data().raw()).isNull();
        }
    }

    @Test
    @DisplayName("Secret paths are written only when there are some, and come back the same")
    void secretPaths() {
        ExecutionSnapshot open = new Maker(1).snapshot();
        assertThat(new String(SnapshotCodec.write(open), UTF_8)).doesNotContain("\"secrets\"");
        SecretPaths secrets = SecretPaths.of(List.of(JsonPath.parse("$['a card'].no"), JsonPath.parse("$.pin")));
        ExecutionSnapshot secret = open.toBuilder().secrets(secrets).build();
        ExecutionSnapshot back = SnapshotCodec.read(SnapshotCodec.write(secret));
        assertThat(back.secrets()).isEqualTo(secrets);
        assertThat(back.equals(secret)).isTrue();
        assertThat(back.equals(open)).isFalse();
    }

    @Test
    @DisplayName("The context of a trace is written only when there is one, and comes back the same")
    void trace() {
        ExecutionSnapshot plain =
                new Maker(1).snapshot().toBuilder().trace(null).build();
        assertThat(new String(SnapshotCodec.write(plain), UTF_8)).doesNotContain("\"trace\"");
        ExecutionSnapshot traced = plain.toBuilder().trace("00-0a-0b-01").build();
        assertThat(SnapshotCodec.read(SnapshotCodec.write(traced)).trace()).isEqualTo("00-0a-0b-01");
        assertThat(traced.equals(plain)).isFalse();
    }

    @Test
    void aStateAloneIsOneLineAndComesBackTheSame() {
        Map<String, Object> state = new LinkedHashMap<>();
        state.put("\n\ud800", List.of(1L, "\n\r\u2028", new BigDecimal("1.0")));
        state.put("b", null);
        state.put("a", Map.of("@long", "5"));

        byte[] json = SnapshotCodec.writeState(state);

        assertThat(new String(json, UTF_8)).matches("[\\x20-\\x7e]+");
        assertThat(SnapshotCodec.readState(json)).isEqualTo(state);
        assertThat(List.copyOf(SnapshotCodec.readState(json).keySet())).isEqualTo(List.copyOf(state.keySet()));
        assertThatThrownBy(() -> SnapshotCodec.readState("{\"format\":3}".getBytes(UTF_8)))
                .isInstanceOfSatisfying(
                        FlowScriptException.class, e -> assertThat(e.code()).isEqualTo("unknown_snapshot_format"));
    }

    @Test
    void keepsTheTypeOfEachNumberAndEachCharacter() {
        List<Object> values = new ArrayList<>(List.of(
                1,
                1L,
                BigInteger.ONE,
                1.0,
                new BigDecimal("1"),
                new BigDecimal("1.0"),
                new BigDecimal("1.00"),
                new BigDecimal("1E+5"),
                new BigDecimal("1E-900000"),
                -0.0,
                Double.MIN_VALUE,
                Double.MAX_VALUE,
                Long.MIN_VALUE,
                Integer.MIN_VALUE,
                BigInteger.TEN.pow(2_000),
                "",
                "\ud800\u0000\n😀",
                Map.of("@long", "5"),
                Map.of("@object", Map.of("@double", 1)),
                Map.of("@", List.of()),
                Map.of("\ud800", 5L),
                Map.of("@long", 1, "b", 2)));
        values.add(null);
        ExecutionSnapshot snapshot = new Maker(1).with(Map.of("values", values));

        List<Object> back = new ArrayList<>((List<?>)
                SnapshotCodec.read(SnapshotCodec.write(snapshot)).state().get("values"));

        assertThat(back).isEqualTo(values);
        for (int i = 0; i < values.size(); i++) {
            if (values.get(i) instanceof Number) {
                assertThat(back.get(i).getClass()).isEqualTo(values.get(i).getClass());
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"@x", "\ud800"})
    void bearsTheDeepestValueThatThereIs(String key) {
        Object deep = 1L;
        for (int i = 0; i < Json.MAX_DEPTH - 1; i++) {
            deep = Map.of(key, deep);
        }
        ExecutionSnapshot snapshot = new Maker(1).with(Map.of("deep", deep));

        assertThat(SnapshotCodec.read(SnapshotCodec.write(snapshot)).state()).isEqualTo(snapshot.state());
    }

    @Test
    void bearsLongKeys() {
        ExecutionSnapshot snapshot = new Maker(1).with(Map.of("k".repeat(10_000), 1L));

        assertThat(SnapshotCodec.read(SnapshotCodec.write(snapshot)).state()).isEqualTo(snapshot.state());
    }

    @Test
    void saysItsFormatAndRefusesOthers() {
        String json = new String(SnapshotCodec.write(new Maker(1).snapshot()), UTF_8);
        assertThat(json).startsWith("{\"format\":2,");

        for (String other : List.of("0", "3", "10", "2.0", "\"2\"")) {
            assertCode(
                    json.replace("{\"format\":2,", "{\"format\":" + other + ","),
                    "unknown_snapshot_format",
                    "has format " + other.replace("\"", "") + "; this version reads formats 1 to 2");
        }
        assertCode(json.replace("{\"format\":2,", "{"), "unknown_snapshot_format", "format null");
        assertCode(json.substring(0, json.length() / 2), "invalid_snapshot", "ends too early");
        assertCode("[]", "invalid_snapshot", "no JSON object");
        assertCode("{\"format\":2}", "invalid_snapshot", "cut or changed");
        assertCode(json.replace("\"status\":\"", "\"status\":\"X"), "invalid_snapshot", "cut or changed");
    }

    private static void assertCode(String json, String code, String part) {
        assertThatThrownBy(() -> SnapshotCodec.read(json.getBytes(UTF_8)))
                .isInstanceOf(FlowScriptException.class)
                .hasMessageContaining(part)
                .extracting(e -> ((FlowScriptException) e).code())
                .isEqualTo(code);
    }

    /** Makes any snapshot there could be. */
    private static final class Maker {

        private final Random random;

        Maker(int seed) {
            random = new Random(seed);
        }

        ExecutionSnapshot snapshot() {
            return with(object(4));
        }

        ExecutionSnapshot with(Map<String, Object> state) {
            String workflowId = text();
            return ExecutionSnapshot.builder()
                    .executionId(text())
                    .workflowId(workflowId)
                    .definitionHash(text())
                    .status(pick(ExecutionStatus.values()))
                    .position(random.nextInt(1000))
                    .frames(list(() -> new ExecutionSnapshot.LoopFrame(
                            random.nextInt(100), random.nextLong(1L << 40), value(3), object(2))))
                    .state(state)
                    .previous(value(3))
                    .visit(maybe(this::visit))
                    .open(list(() -> interaction(workflowId)))
                    .closed(list(() -> interaction(workflowId)))
                    .commands(list(() -> new CommandReceipt(
                            new CommandKey(text(), text(), text()),
                            time(),
                            maybe(this::token),
                            maybe(() -> new Interaction.Claim(text(), time())))))
                    .visits(random.nextLong(1L << 40))
                    .steps(random.nextInt(9))
                    .worked(duration())
                    .createdAt(time())
                    .result(maybe(() -> new ExecutionResult(
                            pick(ExecutionStatus.values()),
                            object(2),
                            maybe(this::text),
                            maybe(this::text),
                            maybe(this::text),
                            maybe(() -> new WorkflowEvent.Cause(maybe(this::text), maybe(this::text))),
                            maybe(this::text),
                            time())))
                    .epoch(text())
                    .seq(random.nextLong(1L << 40))
                    .lastEventAt(time())
                    .trace(maybe(this::text))
                    .build();
        }

        private ExecutionSnapshot.Visit visit() {
            Value data =
                    random.nextBoolean() ? Value.of(value(2)) : Value.of(null).get("data");
            return ExecutionSnapshot.Visit.builder()
                    .nodeId(text())
                    .nodeName(text())
                    .step(maybe(this::text))
                    .attempt(1 + random.nextInt(5))
                    .startedAt(time())
                    .phase(pick(ExecutionSnapshot.Phase.values()))
                    .memo(value(3))
                    .answer(maybe(() -> new Answer(data, maybe(this::identity), time(), random.nextBoolean())))
                    .wakeAt(maybe(this::time))
                    .worked(duration())
                    .writes(list(() ->
                            new ExecutionSnapshot.Write("$." + random.nextInt(9), value(2), random.nextBoolean())))
                    .build();
        }

        private Interaction interaction(String workflowId) {
            return Interaction.builder()
                    .token(token())
                    .workflowId(workflowId)
                    .nodeName(text())
                    .step(maybe(this::text))
                    .question(maybe(this::question))
                    .seq(random.nextLong(1L << 40))
                    .requestedAt(time())
                    .deadline(maybe(this::time))
                    .assignment(assignment())
                    .status(pick(Interaction.Status.values()))
                    .schedule(list(() -> new Interaction.Due(time(), maybe(this::assignment))))
                    .claim(maybe(() -> new Interaction.Claim(text(), time())))
                    .replies(list(
                            () -> new Interaction.Reply(maybe(this::identity), time(), maybe(this::text), value(2))))
                    .shownBefore(list(() -> object(2)))
                    .history(list(() -> new Interaction.Change(
                            random.nextBoolean()
                                    ? pick(EventType.BUILT_IN.toArray(EventType[]::new))
                                    : EventType.of("a:b"),
                            time(),
                            maybe(this::text))))
                    .seenBy(list(this::text))
                    .closedAt(maybe(this::time))
                    .build();
        }

        private Assignment assignment() {
            return new Assignment(list(this::text), list(this::text));
        }

        private Question question() {
            Question question = random.nextBoolean() ? Question.open() : Question.form(object(3));
            question = question.hints(value(2))
                    .defaults(value(2))
                    .assigned(assignment())
                    .notBy(list(this::text).toArray(new String[0]))
                    .remind(list(() -> duration().plusNanos(1)).toArray(new Duration[0]));
            question = random.nextBoolean() ? question.escalate(duration().plusNanos(1), assignment()) : question;
            question = random.nextBoolean()
                    ? question.decidedBy(new Quorum(text(), Map.of("a" + text(), 1 + random.nextInt(9))))
                    : question;
            question = random.nextBoolean() ? question.showing(object(2)) : question;
            question = random.nextBoolean() ? question.within(duration().plusNanos(1)) : question;
            question = random.nextBoolean() ? question.because(text()) : question;
            return random.nextBoolean() ? question.cancellable() : question;
        }

        private PauseToken token() {
            return new PauseToken(text(), text(), text());
        }

        private Identity identity() {
            return new Identity("n" + text(), Set.copyOf(list(this::text)));
        }

        private Instant time() {
            return Instant.ofEpochSecond(random.nextInt(), random.nextInt(1_000_000_000));
        }

        private Duration duration() {
            return Duration.ofSeconds(random.nextInt(1_000_000), random.nextInt(1_000_000_000));
        }

        private String text() {
            StringBuilder out = new StringBuilder();
            int length = random.nextInt(8);
            for (int i = 0; i < length; i++) {
                out.append((char) (random.nextInt(5) == 0 ? random.nextInt(0x10000) : 'a' + random.nextInt(26)));
            }
            return out.toString();
        }

        private Map<String, Object> object(int depth) {
            Map<String, Object> out = new LinkedHashMap<>();
            int size = random.nextInt(5);
            for (int i = 0; i < size; i++) {
                out.put((random.nextInt(4) == 0 ? "@" : "") + text(), value(depth - 1));
            }
            return out;
        }

        private Object value(int depth) {
            return switch (random.nextInt(depth > 0 ? 12 : 10)) {
                case 0 -> null;
                case 1 -> random.nextBoolean();
                case 2 -> random.nextInt();
                case 3 -> random.nextLong();
                case 4 -> (long) random.nextInt(100);
                case 5 -> random.nextGaussian();
                case 6 -> new BigDecimal(new BigInteger(random.nextInt(80), random), random.nextInt(40) - 20);
                case 7 -> new BigInteger(random.nextInt(200), random);
                case 8, 9 -> text();
                case 10 -> list(() -> value(depth - 1));
                default -> object(depth);
            };
        }

        private <T> List<T> list(Supplier<T> item) {
            List<T> out = new ArrayList<>();
            int size = random.nextInt(4);
            for (int i = 0; i < size; i++) {
                out.add(item.get());
            }
            return out;
        }

        private <T> T maybe(Supplier<T> value) {
            return random.nextBoolean() ? value.get() : null;
        }

        private <T> T pick(T[] values) {
            return values[random.nextInt(values.length)];
        }
    }
}
