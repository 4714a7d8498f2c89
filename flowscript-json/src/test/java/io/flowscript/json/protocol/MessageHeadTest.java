package io.flowscript.json.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flowscript.core.FlowScriptException;
import io.flowscript.core.bridge.ClientInfo.Framing;
import io.flowscript.core.event.CustomEvent;
import io.flowscript.core.event.EventType;
import io.flowscript.core.event.RecordedEvent;
import io.flowscript.core.log.Position;
import io.flowscript.core.testing.ManualClock;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a transport reads of a message, and a position as one string. */
class MessageHeadTest {

    private final ServerMessages messages = new ServerMessages(new ManualClock(), WireSettings.DEFAULTS);

    private static MessageHead head(String text) {
        return MessageHead.of(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
    }

    @Test
    void readsWhatTheLibraryWrites() {
        EventEncoder encoder = new EventEncoder(WireSettings.DEFAULTS);
        for (long seq : new long[] {1, 9, 10, 123_456_789_012L, Long.MAX_VALUE}) {
            RecordedEvent event = new RecordedEvent(
                    "run",
                    "workflow",
                    "epoch",
                    seq,
                    Instant.ofEpochMilli(1_800_000_000_000L),
                    new CustomEvent(new EventType("my:own"), null, null, Map.of("seq", 7), null));
            assertThat(MessageHead.of(ByteBuffer.wrap(encoder.encode(event))))
                    .isEqualTo(new MessageHead("workflow_event", seq));
        }
        assertThat(MessageHead.of(ByteBuffer.wrap(messages.position("run", "epoch", 5))))
                .isEqualTo(new MessageHead("position", null));
        assertThat(MessageHead.of(ByteBuffer.wrap(
                        messages.connected("me", Framing.LINES, Duration.ofSeconds(30), 1_000, 100, 200, null))))
                .isEqualTo(new MessageHead("connected", null));
        assertThat(MessageHead.of(ByteBuffer.wrap(messages.pong("1")))).isEqualTo(new MessageHead("pong", null));
    }

    @Test
    void looksAtOneMessageAmongOthers() {
        ByteBuffer lines = ByteBuffer.wrap(
                "{\"type\":\"a\",\"timestamp\":1}\n{\"type\":\"b\",\"timestamp\":2,\"seq\":3,\"data\":{\"x\":1}}"
                        .getBytes(StandardCharsets.UTF_8));
        lines.position(27);
        assertThat(MessageHead.of(lines)).isEqualTo(new MessageHead("b", 3L));
        assertThat(MessageHead.data(lines)).isEqualTo(Map.of("x", 1));
        assertThat(lines.position()).isEqualTo(27);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"timestamp\":1,\"seq\":4,\"type\":\"late\"} | late | 4",
                "{ \"type\" : \"spaced\", \"timestamp\":1 } | spaced |",
                "{\"type\":\"Upper\",\"timestamp\":1,\"seq\":2} | Upper | 2",
                "{\"type\":\"bare\"} | bare |"
            })
    void readsWhatAnotherBridgeWrites(String text, String type, Long seq) {
        assertThat(head(text)).isEqualTo(new MessageHead(type, seq));
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "[]", "7", "{\"type\":7}", "{\"type\":\"a\\nb\"}", "{\"type\":null,\"seq\":1}"})
    void refusesWhatIsNoMessage(String text) {
        assertThatThrownBy(() -> head(text)).isInstanceOf(FlowScriptException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"e:0", "e:7", "a:b:12", "-_~.:9223372036854775807"})
    void positionsGoThereAndBack(String text) {
        Position read = PositionText.parse(text).orElseThrow();
        assertThat(PositionText.of(String.valueOf(read.epoch()), read.seq())).isEqualTo(text);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ":",
                "e",
                "e:",
                ":1",
                "e:-1",
                "e:+1",
                "e:01",
                "e: 1",
                " e:1",
                "e:1 ",
                "e\n:1",
                "é:1",
                "e:9223372036854775808",
                "e:1.0",
                "e:x"
            })
    void nothingElseIsAPosition(String text) {
        assertThat(PositionText.parse(text)).isEmpty();
    }

    @Test
    void aPositionIsShort() {
        assertThat(PositionText.parse("e".repeat(300) + ":1")).isEmpty();
    }
}
