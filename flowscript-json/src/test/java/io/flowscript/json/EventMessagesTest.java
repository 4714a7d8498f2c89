package io.flowscript.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flowscript.core.FlowScriptException;
import io.flowscript.core.event.CustomEvent;
import io.flowscript.core.event.Event;
import io.flowscript.core.event.EventType;
import io.flowscript.core.event.HumanEvent;
import io.flowscript.core.event.RecordedEvent;
import io.flowscript.core.event.WorkflowEvent;
import io.flowscript.core.json.Json;
import io.flowscript.json.codec.JsonReader;
import io.flowscript.json.codec.Plain;
import io.flowscript.json.protocol.EventEncoder;
import io.flowscript.json.protocol.WireSettings;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class EventMessagesTest {

    private static final JsonReader READER = new JsonReader(Json.MAX_DEPTH + 16);

    private static Map<String, Object> message(Event event, WireSettings settings) {
        RecordedEvent recorded = new RecordedEvent("run", "flow", "epoch", 7, Instant.EPOCH, event);
        return Plain.object(READER.read(ByteBuffer.wrap(new EventEncoder(settings).encode(recorded))));
    }

    private static Event event(Map<String, Object> message) {
        return EventMessages.event((String) message.get("type"), Plain.object(message.get("data")));
    }

    /** Without what is computed of values that a message does not have exactly: characters that are none, nanoseconds. */
    private static Object said(Object value) {
        if (value instanceof Map<?, ?> fields) {
            Map<Object, Object> said = new LinkedHashMap<>();
            fields.forEach((name, field) -> {
                if (!Set.of("contextHash", "timeout").contains(name)) {
                    said.put(name, said(field));
                }
            });
            return said;
        }
        return value;
    }

    static List<Class<?>> records() {
        return AnyEvent.records();
    }

    @ParameterizedTest
    @MethodSource("records")
    @DisplayName("The event of a message has everything that the message says, whatever type it is of")
    void theEventHasWhatTheMessageSays(Class<?> type) {
        for (int seed = 0; seed < 100; seed++) {
            for (AnyEvent.Nulls nulls : AnyEvent.Nulls.values()) {
                Event original = new AnyEvent(seed, nulls).event(type);
                Map<String, Object> message = message(original, WireSettings.DEFAULTS);
                Event made = event(message);
                assertThat(made).hasSameClassAs(original);
                assertThat(said(message(made, WireSettings.DEFAULTS))).isEqualTo(said(message));
            }
        }
    }

    @Test
    void whatTheServerLeavesOutIsAbsent() {
        Event completed = new WorkflowEvent.Completed(Map.of("a", 1), null);
        Event made = event(message(completed, WireSettings.DEFAULTS.withoutState()));
        assertThat(made).isEqualTo(new WorkflowEvent.Completed(Map.of(), null));
    }

    @Test
    void aTypeOfALaterVersionIsAnEventOfTheApplication() {
        Event made = EventMessages.event("workflow_archived", Map.of("nodeId", "x-1", "by", "ann"));
        assertThat(made)
                .isEqualTo(new CustomEvent(
                        EventType.of("workflow_archived"), "x-1", "x", Map.of("nodeId", "x-1", "by", "ann"), null));
    }

    @Test
    void dataThatDoesNotFitIsRefused() {
        assertThatThrownBy(() -> EventMessages.event("node_started", Map.of("nodeId", "x-1", "attempt", "first")))
                .isInstanceOfSatisfying(
                        FlowScriptException.class, e -> assertThat(e.code()).isEqualTo("invalid_events"));
        assertThatThrownBy(() -> EventMessages.info(Map.of()))
                .isInstanceOfSatisfying(
                        FlowScriptException.class, e -> assertThat(e.code()).isEqualTo("invalid_events"));
    }

    @Test
    void whatPeopleAreShownIsReadAlone() {
        HumanEvent.InputRequired asked =
                (HumanEvent.InputRequired) new AnyEvent(3, AnyEvent.Nulls.NONE).event(HumanEvent.InputRequired.class);
        Map<String, Object> data =
                Plain.object(message(asked, WireSettings.DEFAULTS).get("data"));
        HumanEvent.Info info = EventMessages.info(Plain.object(data.get("nodeInfo")));
        assertThat(info.name()).isEqualTo(asked.info().name());
        assertThat(info.assignment()).isEqualTo(asked.info().assignment());
    }
}
