package io.flowscript.testkit.fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flowscript.core.log.EventLog;
import io.flowscript.core.log.Retention;
import io.flowscript.core.runtime.Edge;
import io.flowscript.core.testing.ManualClock;
import io.flowscript.core.testing.ManualExecutor;
import io.flowscript.core.workflow.WorkflowDefinition;
import io.flowscript.engine.FlowScript;
import io.flowscript.json.protocol.EventFilter;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a client may be told of an execution with the events 1 started, 2 node, 3 a, 4 b, 5 a, 6 plain, 7 node, 8 completed; and what not. */
class DeliveryCheckTest {

    private static final ManualExecutor EXECUTOR = new ManualExecutor();
    private static final AtomicReference<ExpectedEvents> RECORDING = new AtomicReference<>();
    private static final EventFilter PROGRESS = new EventFilter(Set.of("workflow_event"), Set.of());

    private final FlowScript flows = engine(1_000_000);
    private final ExpectedEvents truth = truth(flows);
    private final DeliveryCheck check = new DeliveryCheck(truth, EventFilter.NONE, true);

    @AfterEach
    void end() {
        flows.close();
    }

    @Test
    void everyEventInOrder() {
        event(1, "workflow_started");
        event(2, "node_started");
        assertThat(check.positionText()).isEqualTo(truth.epoch() + ":2");
        assertThat(check.subscription()).containsEntry("after", 2L).containsEntry("epoch", truth.epoch());
        for (int seq = 3; seq <= 6; seq++) {
            event(seq, "workflow_event");
        }
        event(7, "node_completed");
        assertThat(check.isOver()).isFalse();
        event(8, "workflow_completed");
        assertThat(check.isOver()).isTrue();
        check.finish();
        assertThat(check.events()).isEqualTo(8);
    }

    @Test
    void noneMissing() {
        event(1, "workflow_started");
        wrong(() -> event(3, "workflow_event"), "Event 2 is missing");
        wrong(check::finish, "Event 2 is missing");
        wrong(() -> tell("position", Map.of("epoch", truth.epoch(), "seq", 2)), "Event 2 is missing");
        wrong(() -> check.reached(truth.epoch() + ":2"), "Event 2 is missing");
    }

    @Test
    void noneTwiceOrOutOfOrder() {
        event(1, "workflow_started");
        wrong(() -> event(1, "workflow_started"), "twice");
        wrong(() -> check.reached(truth.epoch() + ":0"), "position");
    }

    @Test
    void nothingThatDidNotHappen() {
        wrong(() -> event(1, "node_started"), "not what happened");
        wrong(() -> tell("error", Map.of("code", "internal")), "Not expected");
        wrong(() -> tell("execution_status", Map.of("latest", 9)), "ahead of the events");
        check.take(Map.of("type", "error", "data", Map.of("executionId", "another")));
    }

    @Test
    void takenUpWhereItStands() {
        tell("subscribed", Map.of("epoch", truth.epoch(), "after", 0));
        event(1, "workflow_started");
        wrong(() -> tell("subscribed", Map.of("epoch", truth.epoch(), "after", 0)), "Not resumed");
        wrong(() -> tell("subscribed", Map.of("epoch", "another", "after", 1)), "The epoch is not");
    }

    @Test
    void onlyWhatPassesTheFilter() {
        DeliveryCheck filtered = new DeliveryCheck(truth, PROGRESS, false);
        wrong(() -> filtered.take(message("workflow_started", 1, Map.of())), "not asked for");
        filtered.take(message("workflow_event", 3, Map.of()));
        wrong(() -> filtered.take(message("workflow_event", 5, Map.of())), "Event 4 is missing");
        filtered.take(message("workflow_event", 4, Map.of()));
        filtered.take(message("workflow_event", 5, Map.of()));
        assertThat(filtered.isOver()).isFalse();
        filtered.take(message("workflow_event", 6, Map.of()));
        assertThat(filtered.isOver()).isTrue();
        filtered.reached(truth.epoch() + ":8");
        assertThat(filtered.marks()).isEqualTo(1);
    }

    @Test
    void skippedOnlyWhatSomethingNewerStandsFor() {
        event(1, "workflow_started");
        event(2, "node_started");
        wrong(() -> tell("events_skipped", Map.of("from", 3, "to", 4)), "No newer event replaces event 4");
        wrong(() -> tell("events_skipped", Map.of("from", 4, "to", 4)), "Event 3 is missing");
        tell("events_skipped", Map.of("from", 3, "to", 3));
        event(4, "workflow_event");
        assertThat(check.skips()).isEqualTo(1);
        DeliveryCheck plain = new DeliveryCheck(truth, PROGRESS, false);
        wrong(() -> plain.take(message("events_skipped", null, Map.of("from", 3, "to", 3))), "Wrong range of skipped");
    }

    @Test
    void aHoleAsItIs() {
        wrong(() -> missed(truth.epoch(), 1L, 2L), "Wrong hole"); // nothing is gone
        FlowScript few = engine(3);
        DeliveryCheck late = new DeliveryCheck(truth(few), EventFilter.NONE, false);
        String epoch = late.truth().epoch();
        wrong(() -> late.take(missedMessage(epoch, 2L, 5L)), "Event 1 is missing");
        wrong(() -> late.take(missedMessage(epoch, 1L, 6L)), "Wrong hole");
        wrong(() -> late.take(missedMessage("another", 1L, 5L)), "Wrong hole");
        wrong(() -> late.take(message("workflow_event", 6, Map.of())), "Event 1 is missing");
        late.take(missedMessage(epoch, 1L, 5L));
        late.take(message("workflow_event", 6, Map.of()));
        assertThat(late.holes()).isEqualTo(1);
        few.close();
    }

    @Test
    void anotherEpochIsAHole() {
        event(1, "workflow_started");
        String before = truth.epoch();
        FlowScript again = engine(1_000_000);
        check.beginAnew(truth(again));
        wrong(check::finish, "did not announce");
        wrong(() -> event(2, "node_started"), "out of order");
        wrong(() -> missed(before, 1L, null), "Wrong hole");
        assertThat(check.isOver()).isFalse();
        missed(before, 2L, null);
        event(1, "workflow_started");
        again.close();
    }

    @Test
    void aTruthThatCameTooLateSaysSo() {
        FlowScript few = engine(3);
        EventLog log = few.start("run", Map.of(), "late").events();
        EXECUTOR.runAll();
        assertThatThrownBy(new ExpectedEvents(log)::record).isInstanceOf(IllegalStateException.class);
        few.close();
    }

    private static FlowScript engine(int kept) {
        return FlowScript.builder()
                .clock(new ManualClock())
                .executor(EXECUTOR)
                .engineExecutor(EXECUTOR)
                .retention(new Retention(kept, 1L << 40, Duration.ofHours(1)))
                .node("run", context -> {
                    for (String key : List.of("a", "b", "a")) {
                        context.runtime().emit("test:progress", 1, key);
                        record();
                    }
                    context.runtime().emit("test:plain", 1);
                    record();
                    return Edge.of("done");
                })
                .workflow(WorkflowDefinition.of(Map.of("id", "run", "nodes", List.of("run"))))
                .build();
    }

    private static void record() {
        ExpectedEvents recording = RECORDING.get();
        if (recording != null) {
            recording.record();
        }
    }

    /** Recorded event by event, so that none is dropped before. */
    private static ExpectedEvents truth(FlowScript flows) {
        ExpectedEvents truth =
                new ExpectedEvents(flows.start("run", Map.of(), "one").events());
        RECORDING.set(truth);
        EXECUTOR.runAll();
        record();
        RECORDING.set(null);
        assertThat(truth.latest()).isEqualTo(8);
        return truth;
    }

    private void event(int seq, String type) {
        check.take(message(type, seq, Map.of()));
    }

    private void tell(String type, Map<String, ?> data) {
        check.take(message(type, null, data));
    }

    private void missed(String epoch, Long from, Long to) {
        check.take(missedMessage(epoch, from, to));
    }

    private static Map<String, Object> missedMessage(String epoch, Long from, Long to) {
        Map<String, Object> data = new HashMap<>(Map.of("epoch", epoch, "from", from));
        if (to != null) {
            data.put("to", to);
        }
        return message("events_missed", null, data);
    }

    private static Map<String, Object> message(String type, Integer seq, Map<String, ?> data) {
        Map<String, Object> all = new HashMap<>(data);
        all.put("executionId", "one");
        Map<String, Object> message = new HashMap<>(Map.of("type", type, "data", all));
        if (seq != null) {
            message.put("seq", seq);
        }
        return message;
    }

    private static void wrong(org.assertj.core.api.ThrowableAssert.ThrowingCallable told, String what) {
        assertThatThrownBy(told).isInstanceOf(AssertionError.class).hasMessageContaining(what);
    }
}
