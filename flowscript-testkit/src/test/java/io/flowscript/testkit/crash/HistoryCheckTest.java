package io.flowscript.testkit.crash;

import static org.assertj.core.api.Assertions.assertThat;

import io.flowscript.core.event.Event;
import io.flowscript.core.event.HumanEvent;
import io.flowscript.core.event.NodeEvent;
import io.flowscript.core.event.RecordedEvent;
import io.flowscript.core.event.StateUpdated;
import io.flowscript.core.event.WorkflowEvent;
import io.flowscript.core.snapshot.ExecutionSnapshot;
import io.flowscript.core.snapshot.ExecutionStatus;
import io.flowscript.core.store.Durability;
import io.flowscript.core.store.StoredExecution;
import io.flowscript.core.testing.MemoryStore;
import io.flowscript.testkit.crash.Observation.Answered;
import io.flowscript.testkit.crash.Observation.Called;
import io.flowscript.testkit.crash.Observation.Seen;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A whole history has no fault, and each fault that is put into it is found by its rule and by no other. */
class HistoryCheckTest {

    private static final Map<String, StoredExecution> STORED = new TreeMap<>();
    private static final Map<String, String> WORKFLOWS = new HashMap<>();
    private static final List<Observation> OBSERVATIONS = new ArrayList<>();

    /** A history of one execution that can be changed. */
    private static final class History {
        final String id;
        final List<Observation> observations = new ArrayList<>(OBSERVATIONS);
        StoredExecution stored;

        History(String workflow) {
            id = WORKFLOWS.get(workflow);
            stored = STORED.get(id);
        }

        void event(Class<? extends Event> type, Event instead) {
            List<RecordedEvent> log = new ArrayList<>(stored.events());
            int place = lastOf(type, log);
            RecordedEvent was = log.get(place);
            RecordedEvent now =
                    new RecordedEvent(was.executionId(), was.workflowId(), was.epoch(), was.seq(), was.time(), instead);
            log.set(place, now);
            stored =
                    new StoredExecution(stored.snapshot(), stored.number(), stored.definition(), stored.lastSeq(), log);
            Seen before = Seen.of("early", was);
            Seen after = Seen.of("early", now);
            observations.replaceAll(each -> each.equals(before) ? after : each);
        }

        private static int lastOf(Class<? extends Event> type, List<RecordedEvent> log) {
            int place = log.size() - 1;
            while (!type.isInstance(log.get(place).event())) {
                place--;
            }
            return place;
        }

        <E extends Event> E last(Class<E> type) {
            List<RecordedEvent> log = stored.events();
            return type.cast(log.get(lastOf(type, log)).event());
        }

        void snapshot(UnaryOperator<ExecutionSnapshot.Builder> change) {
            ExecutionSnapshot changed =
                    change.apply(stored.snapshot().toBuilder()).build();
            stored = new StoredExecution(
                    changed, stored.number(), stored.definition(), stored.lastSeq(), stored.events());
        }

        <O extends Observation> O first(Class<O> type, Predicate<O> which) {
            return observations.stream()
                    .filter(each -> each.executionId().equals(id))
                    .filter(type::isInstance)
                    .map(type::cast)
                    .filter(which)
                    .findFirst()
                    .orElseThrow();
        }

        Called call(String nodeId) {
            return first(Called.class, call -> call.nodeId().equals(nodeId));
        }

        void addAfter(Observation place, Observation added) {
            observations.add(observations.indexOf(place) + 1, added);
        }

        Set<HistoryRule> broken(Durability durability) {
            return HistoryCheck.like(STORED.get(id))
                    .durability(durability)
                    .askingAnew(CrashWorkflows.WAITS)
                    .check(id, observations, stored)
                    .stream()
                    .map(Violation::rule)
                    .collect(Collectors.toSet());
        }
    }

    /** A fault of a history. */
    private record Fault(HistoryRule rule, String what, History history) {
        @Override
        public String toString() {
            return rule + ": " + what;
        }
    }

    /** Puts a fault into a history. */
    private interface Damage {
        void to(History history);
    }

    @BeforeAll
    static void observe() throws Exception {
        if (STORED.isEmpty()) {
            MemoryStore[] store = {new MemoryStore()};
            CrashSchedule schedule = new CrashSchedule(0, () -> store[0] = store[0].reopen(), 0);
            STORED.putAll(schedule.play());
            OBSERVATIONS.addAll(schedule.observations());
            schedule.workflows().forEach((id, workflow) -> WORKFLOWS.putIfAbsent(workflow, id));
        }
    }

    @Test
    @DisplayName("A history without a fault breaks no rule, with any durability")
    void whole() {
        for (String workflow : WORKFLOWS.keySet()) {
            assertThat(new History(workflow).broken(Durability.SYNC)).isEmpty();
            assertThat(new History(workflow).broken(Durability.ASYNC)).isEmpty();
        }
    }

    @ParameterizedTest
    @MethodSource("faults")
    @DisplayName("Each fault is found by its rule and by no other")
    void found(Fault fault) {
        assertThat(fault.history().broken(Durability.SYNC)).containsExactly(fault.rule());
    }

    @Test
    @DisplayName("There is a fault for each rule")
    void all() throws Exception {
        assertThat(faults().map(Fault::rule)).contains(HistoryRule.values());
    }

    @Test
    @DisplayName("The guide lists the rules")
    void guide() throws Exception {
        String guide = Files.readString(Path.of("../docs/guide-durable.md"));
        assertThat(HistoryRule.values()).allSatisfy(rule -> assertThat(guide).contains("| `" + rule + "` | "));
    }

    @Test
    @DisplayName("With ASYNC, a node may run again whose end nobody has seen, and not one whose end was seen")
    void async() {
        History unseen = new History(CrashWorkflows.TOUR);
        unseen.addAfter(unseen.call("plain-1"), unseen.call("plain-1"));
        assertThat(unseen.broken(Durability.SYNC)).containsExactly(HistoryRule.FINISHED_RUNS_ONCE);
        assertThat(unseen.broken(Durability.ASYNC)).isEmpty();

        History seen = new History(CrashWorkflows.TOUR);
        seen.observations.add(seen.call("plain-1"));
        assertThat(seen.broken(Durability.ASYNC)).containsExactly(HistoryRule.FINISHED_RUNS_ONCE);
    }

    @Test
    @DisplayName("A node that waits in its middle may ask anew if the check says so")
    void askingAnew() {
        History history = new History(CrashWorkflows.PAUSES);
        askAgain(history);
        assertThat(history.broken(Durability.SYNC)).isEmpty();
        assertThat(HistoryCheck.like(STORED.get(history.id)).check(history.id, history.observations, history.stored))
                .extracting(Violation::rule)
                .containsExactly(HistoryRule.ASKED_ONCE);
    }

    static Stream<Fault> faults() throws Exception {
        observe();
        return Stream.of(
                fault(
                        HistoryRule.STARTED_STAYS,
                        "started again",
                        history -> history.observations.add(new Observation.Started(history.id))),
                fault(HistoryRule.STARTED_STAYS, "not there", history -> history.stored = null),
                fault(
                        HistoryRule.CONTIGUOUS_LOG,
                        "the last number",
                        history -> history.stored = new StoredExecution(
                                history.stored.snapshot(),
                                history.stored.number(),
                                history.stored.definition(),
                                history.stored.lastSeq() + 1,
                                history.stored.events())),
                fault(
                        HistoryRule.CONTIGUOUS_LOG,
                        "the number in the snapshot",
                        history -> history.snapshot(snapshot -> snapshot.seq(7))),
                fault(
                        HistoryRule.SEEN_STAYS,
                        "another event",
                        history -> history.observations.replaceAll(each ->
                                each instanceof Seen seen && seen.executionId().equals(history.id) && seen.seq() == 5
                                        ? new Seen(seen.executionId(), seen.subscriber(), seen.epoch(), 5, "another")
                                        : each)),
                fault(
                        HistoryRule.SEEN_STAYS,
                        "another epoch",
                        history -> history.observations.replaceAll(each ->
                                each instanceof Seen seen && seen.executionId().equals(history.id) && seen.seq() == 5
                                        ? new Seen(seen.executionId(), seen.subscriber(), "another", 5, seen.event())
                                        : each)),
                fault(
                        HistoryRule.SEEN_ONCE,
                        "one is missing",
                        history -> history.observations.remove(history.first(Seen.class, seen -> seen.seq() == 5))),
                fault(
                        HistoryRule.SEEN_ONCE,
                        "the last is missing",
                        history -> history.observations.remove(
                                history.first(Seen.class, seen -> seen.seq() == history.stored.lastSeq()))),
                fault(HistoryRule.SEEN_ONCE, "one comes twice", history -> {
                    Seen seen = history.first(Seen.class, each -> each.seq() == 5);
                    history.addAfter(seen, seen);
                }),
                fault(
                        HistoryRule.SEEN_ONCE,
                        "a hole is told",
                        history -> history.observations.add(new Observation.Missed(history.id, "early", "2 to 3"))),
                fault(
                        HistoryRule.ONE_END_OF_A_VISIT,
                        "a second end",
                        history -> history.event(
                                StateUpdated.class,
                                new NodeEvent.Completed("plain-1", "plain", "done", null, Duration.ZERO))),
                fault(
                        HistoryRule.FINISHED_RUNS_ONCE,
                        "called again at the end",
                        history -> history.observations.add(history.call("plain-1"))),
                fault(
                        HistoryRule.FINISHED_RUNS_ONCE,
                        "called again after the next node",
                        history -> history.addAfter(history.call("emits-2"), history.call("plain-1"))),
                fault(HistoryRule.CALL_IS_STORED, "an attempt that is not in the log", history -> {
                    Called call = history.call("plain-27");
                    history.addAfter(call, new Called(history.id, call.nodeId(), 2, call.stage(), call.key()));
                }),
                fault(
                        HistoryRule.SAME_KEY,
                        "the key of another visit",
                        history -> rekey(
                                history, "plain-5", history.call("plain-1").key())),
                fault(HistoryRule.SAME_KEY, "another key", history -> rekey(history, "asks-14", "another")),
                fault(
                        HistoryRule.QUESTION_STAYS,
                        "not in the log",
                        history -> history.observations.add(new Observation.Asked(history.id, "asks-14", "another"))),
                fault(
                        HistoryRule.QUESTION_STAYS,
                        "not known",
                        history -> history.observations.add(new Answered(
                                history.id, "asks-14", "another", "ada", "ada", "interaction_not_found", null))),
                fault(HistoryRule.ASKED_ONCE, "a second question", HistoryCheckTest::askAgain),
                new Fault(
                        HistoryRule.ASKED_ONCE,
                        "asked anew while it is open",
                        damaged(CrashWorkflows.PAUSES, history -> {
                            HumanEvent.InputRequired question = history.last(HumanEvent.InputRequired.class);
                            history.event(
                                    WorkflowEvent.Paused.class,
                                    new HumanEvent.InputRequired(question.nodeId(), "another", question.info()));
                        })),
                fault(
                        HistoryRule.ACCEPTED_STAYS,
                        "not in the log",
                        history -> history.event(HumanEvent.InputReceived.class, new StateUpdated("$.other", 1))),
                fault(HistoryRule.ACCEPTED_STAYS, "another answer", history -> {
                    Map<String, Object> state =
                            new HashMap<>(history.stored.snapshot().state());
                    state.put(HistoryCheck.ANSWERS, Map.of("asks-14", "another", "asks-23", "another"));
                    history.snapshot(snapshot -> snapshot.state(state));
                }),
                fault(HistoryRule.ONE_RECEIPT, "another time", history -> {
                    Answered answer = history.first(Answered.class, Answered::isAccepted);
                    history.observations.add(
                            with(answer, "accepted", answer.at().plusSeconds(1)));
                }),
                fault(
                        HistoryRule.ONE_RECEIPT,
                        "taken back",
                        history -> history.observations.add(
                                with(history.first(Answered.class, Answered::isAccepted), "already_resolved", null))),
                fault(
                        HistoryRule.DUE_ONCE,
                        "a reminder too many",
                        history -> history.event(
                                StateUpdated.class, new HumanEvent.InputReminded("asks-14", "asks", "any"))),
                new Fault(
                        HistoryRule.DUE_ONCE,
                        "no reminder",
                        damaged(
                                CrashWorkflows.DUE,
                                history ->
                                        history.event(HumanEvent.InputReminded.class, new StateUpdated("$.other", 1)))),
                fault(
                        HistoryRule.CANCEL_STAYS,
                        "it completes",
                        history -> history.observations.add(new Observation.Cancelled(history.id))),
                fault(HistoryRule.SAME_END, "another state", history -> {
                    Map<String, Object> state =
                            new HashMap<>(history.stored.snapshot().state());
                    state.put("more", 1);
                    history.snapshot(snapshot -> snapshot.state(state));
                }),
                fault(
                        HistoryRule.SAME_END,
                        "not ended",
                        history -> history.snapshot(snapshot -> snapshot.status(ExecutionStatus.PAUSED))),
                fault(
                        HistoryRule.SAME_END,
                        "another status was told",
                        history ->
                                history.observations.add(new Observation.Ended(history.id, ExecutionStatus.FAILED))));
    }

    private static Fault fault(HistoryRule rule, String what, Damage damage) {
        return new Fault(rule, what, damaged(CrashWorkflows.TOUR, damage));
    }

    private static History damaged(String workflow, Damage damage) {
        History history = new History(workflow);
        damage.to(history);
        return history;
    }

    private static void askAgain(History history) {
        HumanEvent.InputRequired question = history.last(HumanEvent.InputRequired.class);
        history.event(StateUpdated.class, new HumanEvent.InputRequired(question.nodeId(), "another", question.info()));
    }

    private static void rekey(History history, String nodeId, String key) {
        Called call = history.call(nodeId);
        history.observations.set(
                history.observations.indexOf(call), new Called(history.id, nodeId, call.attempt(), call.stage(), key));
    }

    private static Answered with(Answered answer, String code, Instant at) {
        return new Answered(
                answer.executionId(), answer.nodeId(), answer.tokenId(), answer.by(), answer.answer(), code, at);
    }
}
