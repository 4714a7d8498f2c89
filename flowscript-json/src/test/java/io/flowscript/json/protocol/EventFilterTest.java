package io.flowscript.json.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import io.flowscript.core.event.CustomEvent;
import io.flowscript.core.event.Event;
import io.flowscript.core.event.EventType;
import io.flowscript.core.event.HumanEvent;
import io.flowscript.core.event.NodeEvent;
import io.flowscript.core.event.StateUpdated;
import io.flowscript.core.event.WorkflowEvent;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class EventFilterTest {

    private static final EventFilter OF_NODE = new EventFilter(Set.of(), Set.of("sign-off"));

    static Stream<Event> eventsOfTheNode() {
        String visit = "sign-off-12";
        return Stream.of(
                new NodeEvent.Executing(visit, "sign-off", "human", 1, "s0"),
                new NodeEvent.Completed(visit, "sign-off", "done", null, Duration.ZERO),
                new NodeEvent.Failed(visit, "sign-off", "No", "node_failed", 1, false),
                new WorkflowEvent.Paused(visit, "sign-off", "t", null),
                new WorkflowEvent.Resumed(visit, "sign-off", "t", 1),
                new WorkflowEvent.Failed("No", "node_failed", visit, "sign-off", null),
                new HumanEvent.InputReceived(visit, "sign-off", "t", "ann"),
                new HumanEvent.InputTimeout(visit, "sign-off", "t", "deadline"),
                new CustomEvent(EventType.of("order:packed"), visit, "sign-off", 1, null),
                new CustomEvent(EventType.of("order:packed"), "a visit by any name", "sign-off", 1, null));
    }

    static Stream<Event> otherEvents() {
        return Stream.of(
                new WorkflowEvent.Started("sign-off", null, null),
                new WorkflowEvent.Completed(Map.of(), null),
                new WorkflowEvent.Failed("No", "step_limit", null, null, null),
                new WorkflowEvent.Cancelled(null, null),
                new StateUpdated("$.sign-off", 1),
                new CustomEvent(EventType.of("order:packed"), null, null, 1, null),
                new CustomEvent(EventType.of("order:packed"), "sign-off-1", null, 1, null),
                new NodeEvent.Executing("sign-1", "sign", "human", 1, "s0"),
                new WorkflowEvent.Paused("sign-off-1", "sign", "t", null));
    }

    @ParameterizedTest
    @MethodSource("eventsOfTheNode")
    @DisplayName("Every event of a visit of the node passes, whatever its kind")
    void passesWhatBelongsToTheNode(Event event) {
        assertThat(OF_NODE.passes(event)).isTrue();
        assertThat(EventFilter.NONE.passes(event)).isTrue();
    }

    @ParameterizedTest
    @MethodSource("otherEvents")
    @DisplayName("No event of another node passes, nor one that belongs to none")
    void holdsBackWhatDoesNot(Event event) {
        assertThat(OF_NODE.passes(event)).isFalse();
        assertThat(EventFilter.NONE.passes(event)).isTrue();
    }

    @Test
    void typesAreNamesOnTheWire() {
        EventFilter filter = new EventFilter(Set.of("workflow_event", "node_started"), Set.of());

        assertThat(filter.passes(new CustomEvent(EventType.of("order:packed"), null, null, 1, null)))
                .isTrue();
        assertThat(filter.passes(new NodeEvent.Executing("x-1", "x", "action", 1, "s0")))
                .isTrue();
        assertThat(filter.passes(new WorkflowEvent.Started("w", null, null))).isFalse();
        assertThat(filter.size()).isEqualTo(2);
        assertThat(filter.isEmpty()).isFalse();
    }
}
