package io.flowscript.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
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
import io.flowscript.core.workflow.WorkflowGraph;
import io.flowscript.core.workflow.WorkflowGraph.Flow;
import io.flowscript.core.workflow.WorkflowGraph.Kind;
import io.flowscript.core.workflow.WorkflowGraph.Step;
import io.flowscript.testkit.EventGrammar.Breach;
import io.flowscript.testkit.EventGrammar.Rule;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@DisplayName("The grammar checker accepts valid sequences and reports each kind of breach")
class EventGrammarTest {

    private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");

    @ParameterizedTest(name = "{0}")
    @MethodSource("sound")
    void soundSequencesPass(String name, List<RecordedEvent> events) {
        assertThat(EventGrammar.breaches(events)).isEmpty();
        assertThatCode(() -> EventGrammar.check(events)).doesNotThrowAnyException();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("sound")
    void everyBeginningOfASoundSequencePassesAsUnfinished(String name, List<RecordedEvent> events) {
        for (int length = 0; length <= events.size(); length++) {
            EventGrammar.checkUnfinished(events.subList(0, length));
        }
        for (int length = 0; length < events.size(); length++) {
            assertThat(EventGrammar.breaches(events.subList(0, length)))
                    .extracting(Breach::rule)
                    .containsExactly(Rule.ONE_LAST_EVENT);
        }
    }

    @ParameterizedTest(name = "{0}: {1}")
    @MethodSource("broken")
    void brokenSequencesAreNamedByRuleAndPlace(Rule rule, String name, long seq, List<RecordedEvent> events) {
        assertThat(EventGrammar.breaches(events)).anySatisfy(breach -> {
            assertThat(breach.rule()).isEqualTo(rule);
            assertThat(breach.seq()).isEqualTo(seq);
        });
        assertThatThrownBy(() -> EventGrammar.check(events))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("at " + seq + ": ")
                .hasMessageContaining("[" + rule + "]");
    }

    @Test
    void everyRuleHasASequenceThatBreaksIt() {
        Set<Rule> broken = EnumSet.noneOf(Rule.class);
        broken().forEach(arguments -> broken.add((Rule) arguments[0]));
        astray().forEach(arguments -> broken.add((Rule) arguments[0]));
        assertThat(broken).containsExactlyInAnyOrder(Rule.values());
    }

    /** {@code a}, then a loop with {@code b}, or by another edge an exit. */
    private static final WorkflowGraph GRAPH = new WorkflowGraph(
            "s0",
            List.of(
                    new Step("s0", "a", Kind.NODE, "action", "/nodes/0/0", List.of()),
                    new Step("s1", "exit", Kind.EXIT, null, "/nodes/0/1/no", List.of()),
                    new Step("s2", "loop", Kind.LOOP, "control", "/nodes/1", List.of("s3")),
                    new Step("s3", "b", Kind.NODE, "action", "/nodes/1/1/0", List.of()),
                    new Step("s5", "end", Kind.END, null, "/nodes", List.of())),
            List.of(
                    new Flow("s0", "s1", "no"),
                    new Flow("s0", "s2", null),
                    new Flow("s0", "s5", "error"),
                    new Flow("s2", "s3", "next_iteration"),
                    new Flow("s2", "s5", "exit_loop"),
                    new Flow("s3", "s2", null)));

    private static Event at(String nodeId, String step) {
        String type = name(nodeId).equals("loop") ? "control" : "action";
        return new NodeEvent.Executing(nodeId, name(nodeId), type, 1, step);
    }

    private static Event left(String nodeId, String edge) {
        return new NodeEvent.Completed(nodeId, name(nodeId), edge, null, Duration.ZERO);
    }

    private static Event exited() {
        return new WorkflowEvent.Completed(Map.of(), "explicit_exit");
    }

    static Stream<List<RecordedEvent>> ways() {
        return Stream.of(
                numbered(started(), at("a-1", "s0"), left("a-1", "no"), exited()),
                numbered(started(), at("a-1", "s0"), left("a-1", "exit"), exited()),
                numbered(started(), at("a-1", "s0"), failed("a-1", 1, false), completed()),
                numbered(
                        started(),
                        at("a-1", "s0"),
                        left("a-1", "yes"),
                        at("loop-2", "s2"),
                        left("loop-2", "next_iteration"),
                        at("b-3", "s3"),
                        left("b-3", "done"),
                        at("loop-4", "s2"),
                        left("loop-4", "exit_loop"),
                        completed()),
                numbered(started(), at("a-1", "s0"), left("a-1", "loopTo:a"), at("a-2", "s0")));
    }

    @ParameterizedTest
    @MethodSource("ways")
    void waysThroughTheGraphPass(List<RecordedEvent> events) {
        assertThatCode(() -> EventGrammar.checkWay(events, GRAPH)).doesNotThrowAnyException();
    }

    static Stream<Object[]> astray() {
        return Stream.of(
                new Object[] {Rule.STEP_IN_GRAPH, 2, numbered(started(), at("a-1", "s9"))},
                new Object[] {Rule.STEP_IN_GRAPH, 2, numbered(started(), at("b-1", "s0"))},
                new Object[] {Rule.STEP_IN_GRAPH, 2, numbered(started(), at("loop-1", "s0"))},
                new Object[] {Rule.FLOW_IN_GRAPH, 2, numbered(started(), at("b-1", "s3"))},
                new Object[] {
                    Rule.FLOW_IN_GRAPH, 4, numbered(started(), at("a-1", "s0"), left("a-1", "no"), at("loop-2", "s2"))
                },
                new Object[] {
                    Rule.FLOW_IN_GRAPH, 4, numbered(started(), at("a-1", "s0"), left("a-1", "yes"), at("b-2", "s3"))
                },
                new Object[] {
                    Rule.FLOW_IN_GRAPH, 4, numbered(started(), at("a-1", "s0"), left("a-1", "yes"), completed())
                },
                new Object[] {
                    Rule.FLOW_IN_GRAPH, 4, numbered(started(), at("a-1", "s0"), left("a-1", "no"), completed())
                },
                new Object[] {
                    Rule.FLOW_IN_GRAPH, 4, numbered(started(), at("a-1", "s0"), left("a-1", "error"), exited())
                });
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("astray")
    void whatIsNoWayThroughTheGraphIsNamedByRuleAndPlace(Rule rule, int seq, List<RecordedEvent> events) {
        assertThatThrownBy(() -> EventGrammar.checkWay(events, GRAPH))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("at " + seq + ": ")
                .hasMessageContaining("[" + rule + "]");
    }

    @Test
    void anEventThatWasNeverRecordedIsNoticedByWhatIsLeft() {
        sound().forEach(arguments -> {
            @SuppressWarnings("unchecked")
            List<RecordedEvent> events = (List<RecordedEvent>) arguments[1];
            for (RecordedEvent gone : events) {
                if (!maybeMissing(gone.event(), events)) {
                    Event[] rest = events.stream()
                            .filter(event -> event.seq() != gone.seq())
                            .map(RecordedEvent::event)
                            .toArray(Event[]::new);
                    assertThat(EventGrammar.breaches(numbered(rest)))
                            .describedAs("%s without %s", arguments[0], gone)
                            .isNotEmpty();
                }
            }
        });
    }

    /** Whether a sequence reads well without it too: nobody is bound to emit, to write or to take a question on. */
    private static boolean maybeMissing(Event event, List<RecordedEvent> events) {
        return event instanceof CustomEvent
                || event instanceof StateUpdated
                || event instanceof HumanEvent.InputClaimed
                || event instanceof HumanEvent.InputReleased
                || event instanceof HumanEvent.InputReminded
                || event instanceof HumanEvent.InputEscalated
                || (event instanceof NodeEvent.Failed failed
                        && failed.willRetry()
                        && events.stream()
                                .anyMatch(other ->
                                        other.event() instanceof NodeEvent.Failed givenUp && !givenUp.willRetry()));
    }

    static Stream<Object[]> sound() {
        return Stream.of(
                sound("nothing to do", started(), completed()),
                sound(
                        "steps with writes and custom events",
                        started(),
                        begin("a-1"),
                        new CustomEvent(EventType.of("app:said"), "a-1", "a", 1, null),
                        state("$.x"),
                        state("$.y"),
                        done("a-1"),
                        new CustomEvent(EventType.of("app:noticed"), null, null, 1, null),
                        begin("a-2"),
                        done("a-2"),
                        completed()),
                sound(
                        "a retry that helps",
                        started(),
                        begin("a-1"),
                        failed("a-1", 1, true),
                        attempt("a-1", 2),
                        state("$.x"),
                        done("a-1"),
                        completed()),
                sound(
                        "a retry that is given up",
                        started(),
                        begin("a-1"),
                        failed("a-1", 1, true),
                        failed("a-1", 1, false),
                        new WorkflowEvent.Cancelled(null, null)),
                sound(
                        "a node that fails and an error edge",
                        started(),
                        begin("a-1"),
                        failed("a-1", 1, false),
                        begin("b-2"),
                        done("b-2"),
                        completed()),
                sound(
                        "a node that fails the workflow",
                        started(),
                        begin("a-1"),
                        failed("a-1", 1, false),
                        new WorkflowEvent.Failed("It broke", "node_failed", "a-1", "a", null)),
                sound(
                        "a question that is answered, after others took it on",
                        started(),
                        begin("q-1"),
                        paused("q-1", "t1"),
                        asked("q-1", "t1"),
                        new HumanEvent.InputClaimed("q-1", "q", "t1", "ann", NOON),
                        new HumanEvent.InputReleased("q-1", "q", "t1", "ann", false),
                        new HumanEvent.InputReminded("q-1", "q", "t1"),
                        new HumanEvent.InputEscalated("q-1", "q", "t1", new Assignment(List.of("boss"), List.of())),
                        answered("q-1", "t1"),
                        resumed("q-1", "t1"),
                        state("$.answer"),
                        done("q-1"),
                        completed()),
                sound(
                        "a deadline that passes, and a second question of the same visit",
                        started(),
                        begin("q-1"),
                        paused("q-1", "t1"),
                        asked("q-1", "t1"),
                        timedOut("q-1", "t1"),
                        resumed("q-1", "t1"),
                        paused("q-1", "t2"),
                        asked("q-1", "t2"),
                        answered("q-1", "t2"),
                        resumed("q-1", "t2"),
                        done("q-1"),
                        completed()),
                sound(
                        "two pauses at once, one of them without a question",
                        started(),
                        begin("q-1"),
                        paused("q-1", "t1"),
                        paused("q-1", "t2"),
                        asked("q-1", "t2"),
                        resumed("q-1", "t1"),
                        answered("q-1", "t2"),
                        resumed("q-1", "t2"),
                        done("q-1"),
                        completed()));
    }

    static Stream<Object[]> broken() {
        return Stream.of(
                broken(Rule.ONE_EXECUTION, "another execution", 2, List.of(at(1, started()), other("x2", "w", "e", 2))),
                broken(Rule.ONE_EXECUTION, "another workflow", 2, List.of(at(1, started()), other("x", "w2", "e", 2))),
                broken(Rule.ONE_EXECUTION, "another epoch", 2, List.of(at(1, started()), other("x", "w", "e2", 2))),
                broken(
                        Rule.ONE_EXECUTION,
                        "started as another workflow",
                        1,
                        numbered(new WorkflowEvent.Started("w2", null, null), completed())),
                broken(Rule.CONTIGUOUS, "begins with 2", 2, List.of(at(2, started()), at(3, completed()))),
                broken(Rule.CONTIGUOUS, "a hole", 3, List.of(at(1, started()), at(3, completed()))),
                broken(Rule.CONTIGUOUS, "a double", 1, List.of(at(1, started()), at(1, completed()))),
                broken(
                        Rule.TIME_MOVES_ON,
                        "a clock set back",
                        2,
                        List.of(
                                at(1, started()),
                                new RecordedEvent("x", "w", "e", 2, NOON.minusSeconds(1), completed()))),
                broken(Rule.STARTED_FIRST, "no beginning", 1, numbered(begin("a-1"), done("a-1"), completed())),
                broken(Rule.STARTED_FIRST, "two beginnings", 2, numbered(started(), started(), completed())),
                broken(Rule.ONE_LAST_EVENT, "no end", 3, numbered(started(), begin("a-1"), done("a-1"))),
                broken(Rule.ONE_LAST_EVENT, "nothing at all", 0, List.of()),
                broken(Rule.ONE_LAST_EVENT, "two ends", 3, numbered(started(), completed(), completed())),
                broken(
                        Rule.ONE_LAST_EVENT,
                        "goes on after the end",
                        3,
                        numbered(started(), completed(), begin("a-1"), done("a-1"))),
                broken(
                        Rule.VISIT_BEGINS,
                        "two visits at once",
                        3,
                        numbered(started(), begin("a-1"), begin("b-2"), done("b-2"), completed())),
                broken(
                        Rule.VISIT_BEGINS,
                        "a visit's name used twice",
                        4,
                        numbered(started(), begin("a-1"), done("a-1"), begin("a-1"), done("a-1"), completed())),
                broken(
                        Rule.VISIT_BEGINS,
                        "begins with attempt 2",
                        2,
                        numbered(started(), attempt("a-1", 2), done("a-1"), completed())),
                broken(Rule.VISIT_ENDS, "ends what never began", 2, numbered(started(), done("a-1"), completed())),
                broken(
                        Rule.VISIT_ENDS,
                        "ends another visit",
                        3,
                        numbered(started(), begin("a-1"), done("b-2"), completed())),
                broken(
                        Rule.VISIT_ENDS,
                        "ends under another name",
                        3,
                        numbered(
                                started(),
                                begin("a-1"),
                                new NodeEvent.Completed("a-1", "b", "done", null, Duration.ZERO),
                                completed())),
                broken(
                        Rule.VISIT_ENDS,
                        "fails as another attempt",
                        3,
                        numbered(started(), begin("a-1"), failed("a-1", 2, false), completed())),
                broken(Rule.VISIT_ENDS, "left open at the end", 3, numbered(started(), begin("a-1"), completed())),
                broken(
                        Rule.RETRY,
                        "another attempt of one that works",
                        3,
                        numbered(started(), begin("a-1"), attempt("a-1", 2), done("a-1"), completed())),
                broken(
                        Rule.RETRY,
                        "the same attempt again",
                        4,
                        numbered(
                                started(),
                                begin("a-1"),
                                failed("a-1", 1, true),
                                attempt("a-1", 1),
                                done("a-1"),
                                completed())),
                broken(
                        Rule.RETRY,
                        "another node in place of the retry",
                        4,
                        numbered(
                                started(),
                                begin("a-1"),
                                failed("a-1", 1, true),
                                begin("b-2"),
                                done("b-2"),
                                completed())),
                broken(
                        Rule.RETRY,
                        "completes while it waits for the next attempt",
                        4,
                        numbered(started(), begin("a-1"), failed("a-1", 1, true), done("a-1"), completed())),
                broken(
                        Rule.STATE_BEFORE_COMPLETED,
                        "a write, then something emitted",
                        4,
                        numbered(
                                started(),
                                begin("a-1"),
                                state("$.x"),
                                new CustomEvent(EventType.of("app:said"), "a-1", "a", 1, null),
                                done("a-1"),
                                completed())),
                broken(
                        Rule.STATE_BEFORE_COMPLETED,
                        "a write of an attempt that fails",
                        4,
                        numbered(
                                started(),
                                begin("a-1"),
                                state("$.x"),
                                failed("a-1", 1, false),
                                begin("b-2"),
                                done("b-2"),
                                completed())),
                broken(Rule.WITHIN_VISIT, "a write of nobody", 2, numbered(started(), state("$.x"), completed())),
                broken(
                        Rule.WITHIN_VISIT,
                        "emitted by a visit that is over",
                        4,
                        numbered(
                                started(),
                                begin("a-1"),
                                done("a-1"),
                                new CustomEvent(EventType.of("app:said"), "a-1", "a", 1, null),
                                completed())),
                broken(
                        Rule.WITHIN_VISIT,
                        "asked between two attempts",
                        4,
                        numbered(
                                started(),
                                begin("a-1"),
                                failed("a-1", 1, true),
                                paused("a-1", "t1"),
                                resumed("a-1", "t1"),
                                attempt("a-1", 2),
                                done("a-1"),
                                completed())),
                broken(
                        Rule.ASKED_WHEN_PAUSED,
                        "asked without a pause",
                        3,
                        numbered(started(), begin("q-1"), asked("q-1", "t1"), done("q-1"), completed())),
                broken(
                        Rule.ASKED_WHEN_PAUSED,
                        "something between the pause and the question",
                        5,
                        numbered(
                                started(),
                                begin("q-1"),
                                paused("q-1", "t1"),
                                new CustomEvent(EventType.of("app:said"), "q-1", "q", 1, null),
                                asked("q-1", "t1"),
                                answered("q-1", "t1"),
                                resumed("q-1", "t1"),
                                done("q-1"),
                                completed())),
                broken(
                        Rule.RESUMED_WHEN_CLOSED,
                        "resumed before anybody answered",
                        5,
                        numbered(
                                started(),
                                begin("q-1"),
                                paused("q-1", "t1"),
                                asked("q-1", "t1"),
                                resumed("q-1", "t1"),
                                done("q-1"),
                                completed())),
                broken(
                        Rule.RESUMED_WHEN_CLOSED,
                        "resumed twice",
                        7,
                        numbered(
                                started(),
                                begin("q-1"),
                                paused("q-1", "t1"),
                                asked("q-1", "t1"),
                                answered("q-1", "t1"),
                                resumed("q-1", "t1"),
                                resumed("q-1", "t1"),
                                done("q-1"),
                                completed())),
                broken(
                        Rule.RESUMED_WHEN_CLOSED,
                        "answered, and timed out too",
                        6,
                        numbered(
                                started(),
                                begin("q-1"),
                                paused("q-1", "t1"),
                                asked("q-1", "t1"),
                                answered("q-1", "t1"),
                                timedOut("q-1", "t1"),
                                resumed("q-1", "t1"),
                                done("q-1"),
                                completed())),
                broken(
                        Rule.RESUMED_WHEN_CLOSED,
                        "answered and never resumed",
                        6,
                        numbered(
                                started(),
                                begin("q-1"),
                                paused("q-1", "t1"),
                                asked("q-1", "t1"),
                                answered("q-1", "t1"),
                                done("q-1"),
                                completed())),
                broken(
                        Rule.RESUMED_WHEN_CLOSED,
                        "a token used twice",
                        7,
                        numbered(
                                started(),
                                begin("q-1"),
                                paused("q-1", "t1"),
                                asked("q-1", "t1"),
                                answered("q-1", "t1"),
                                resumed("q-1", "t1"),
                                paused("q-1", "t1"),
                                asked("q-1", "t1"),
                                answered("q-1", "t1"),
                                resumed("q-1", "t1"),
                                done("q-1"),
                                completed())),
                broken(
                        Rule.RESUMED_WHEN_CLOSED,
                        "a reminder of a question that is closed",
                        7,
                        numbered(
                                started(),
                                begin("q-1"),
                                paused("q-1", "t1"),
                                asked("q-1", "t1"),
                                answered("q-1", "t1"),
                                resumed("q-1", "t1"),
                                new HumanEvent.InputReminded("q-1", "q", "t1"),
                                done("q-1"),
                                completed())),
                broken(
                        Rule.PAUSES_END_FIRST,
                        "completes while somebody is still asked",
                        5,
                        numbered(
                                started(),
                                begin("q-1"),
                                paused("q-1", "t1"),
                                asked("q-1", "t1"),
                                done("q-1"),
                                completed())),
                broken(
                        Rule.PAUSES_END_FIRST,
                        "cancelled while somebody is still asked",
                        5,
                        numbered(
                                started(),
                                begin("q-1"),
                                paused("q-1", "t1"),
                                asked("q-1", "t1"),
                                failed("q-1", 1, false),
                                new WorkflowEvent.Cancelled(null, null))));
    }

    private static Object[] sound(String name, Event... events) {
        return new Object[] {name, numbered(events)};
    }

    private static Object[] broken(Rule rule, String name, long seq, List<RecordedEvent> events) {
        return new Object[] {rule, name, seq, events};
    }

    private static List<RecordedEvent> numbered(Event... events) {
        List<RecordedEvent> recorded = new ArrayList<>();
        Arrays.asList(events).forEach(event -> recorded.add(at(recorded.size() + 1, event)));
        return recorded;
    }

    private static RecordedEvent at(long seq, Event event) {
        return new RecordedEvent("x", "w", "e", seq, NOON.plusMillis(seq), event);
    }

    private static RecordedEvent other(String executionId, String workflowId, String epoch, long seq) {
        return new RecordedEvent(executionId, workflowId, epoch, seq, NOON.plusMillis(seq), completed());
    }

    private static Event started() {
        return new WorkflowEvent.Started("w", null, null);
    }

    private static Event completed() {
        return new WorkflowEvent.Completed(Map.of(), null);
    }

    private static Event begin(String nodeId) {
        return attempt(nodeId, 1);
    }

    private static Event attempt(String nodeId, int attempt) {
        return new NodeEvent.Executing(nodeId, name(nodeId), "action", attempt, "s0");
    }

    private static Event done(String nodeId) {
        return new NodeEvent.Completed(nodeId, name(nodeId), "done", null, Duration.ZERO);
    }

    private static Event failed(String nodeId, int attempt, boolean willRetry) {
        return new NodeEvent.Failed(nodeId, name(nodeId), "It broke", "node_failed", attempt, willRetry);
    }

    private static Event state(String path) {
        return new StateUpdated(path, 1);
    }

    private static Event paused(String nodeId, String token) {
        return new WorkflowEvent.Paused(nodeId, name(nodeId), token, null);
    }

    private static Event resumed(String nodeId, String token) {
        return new WorkflowEvent.Resumed(nodeId, name(nodeId), token, null);
    }

    private static Event asked(String nodeId, String token) {
        return new HumanEvent.InputRequired(
                nodeId,
                token,
                new HumanEvent.Info(name(nodeId), null, null, null, null, NOON, null, Assignment.ANYBODY, null));
    }

    private static Event answered(String nodeId, String token) {
        return new HumanEvent.InputReceived(nodeId, name(nodeId), token, null);
    }

    private static Event timedOut(String nodeId, String token) {
        return new HumanEvent.InputTimeout(nodeId, name(nodeId), token, "deadline");
    }

    private static String name(String nodeId) {
        return nodeId.substring(0, nodeId.lastIndexOf('-'));
    }
}
