package io.flowscript.store.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import io.flowscript.core.event.HumanEvent;
import io.flowscript.core.event.NodeEvent;
import io.flowscript.core.event.RecordedEvent;
import io.flowscript.core.snapshot.ExecutionStatus;
import io.flowscript.core.store.StoredExecution;
import io.flowscript.store.jdbc.CrashLines.Kind;
import io.flowscript.store.jdbc.CrashLines.Line;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.LongStream;

/** Compares what the processes of a crash test have noted on one execution with what its store has at the end. */
final class CrashHistory {

    private final String when;
    private final List<Line> lines;
    private final StoredExecution stored;

    /**
     * Creates the comparison.
     *
     * @param when is part of every message
     * @param lines what was noted on this execution, in its order
     * @param stored what is stored at the end
     */
    CrashHistory(String when, List<Line> lines, StoredExecution stored) {
        this.when = when + ", " + stored.snapshot().executionId();
        this.lines = lines;
        this.stored = stored;
    }

    /** {@return an event as it stands in a line} */
    static String inFull(RecordedEvent event) {
        return (event.time() + " " + event.event()).replaceAll("[\t\n]", " ");
    }

    /** {@return a state without the answers, which depend on who was faster} */
    static Map<String, Object> withoutAnswers(Map<String, Object> state) {
        Map<String, Object> rest = new LinkedHashMap<>(state);
        rest.remove("answers");
        return rest;
    }

    /** @param expected the state at the end of an execution that nothing interrupts, without answers */
    void check(Map<String, Object> expected) {
        assertThat(stored.snapshot().status())
                .as("%s: %s", when, stored.snapshot().result())
                .isEqualTo(ExecutionStatus.COMPLETED);
        assertThat(withoutAnswers(stored.snapshot().state())).as(when).isEqualTo(expected);
        assertThat(stored.events())
                .as(when)
                .extracting(RecordedEvent::seq)
                .isEqualTo(LongStream.rangeClosed(1, stored.snapshot().seq())
                        .boxed()
                        .toList());
        visibleIsDurable();
        logHasOneEndOfEachVisit();
        callsAreInTheLog();
        nothingRunsAgain();
        receiptsHold();
    }

    private List<Line> of(Kind kind) {
        return lines.stream().filter(line -> line.kind() == kind).toList();
    }

    private <E> List<E> events(Class<E> type) {
        return stored.events().stream()
                .map(RecordedEvent::event)
                .filter(type::isInstance)
                .map(type::cast)
                .toList();
    }

    /** The cursors of all processes together have read each event once, as it is at the end. */
    private void visibleIsDurable() {
        assertThat(of(Kind.SEEN).stream().map(Line::fields).toList())
                .as("%s: what cursors saw is what is stored", when)
                .isEqualTo(stored.events().stream()
                        .map(event -> List.of(
                                event.executionId(),
                                event.epoch(),
                                String.valueOf(event.seq()),
                                event.event().type().toString(),
                                inFull(event)))
                        .toList());
        assertThat(stored.events())
                .as(when)
                .extracting(RecordedEvent::epoch)
                .containsOnly(stored.snapshot().epoch());
    }

    private void logHasOneEndOfEachVisit() {
        Set<String> completed = new HashSet<>();
        stored.events().forEach(recorded -> {
            if (recorded.event() instanceof NodeEvent.Completed end) {
                assertThat(completed.add(end.nodeId()))
                        .as("%s: %s has completed once", when, end.nodeId())
                        .isTrue();
            } else if (recorded.event() instanceof NodeEvent begun) {
                assertThat(completed)
                        .as("%s: %s at %d", when, begun, recorded.seq())
                        .doesNotContain(begun.nodeId());
            }
        });
    }

    /** A node is called only when that is stored. */
    private void callsAreInTheLog() {
        Set<String> attempts = new HashSet<>();
        events(NodeEvent.Executing.class).forEach(begun -> attempts.add(begun.nodeId() + " " + begun.attempt()));
        for (Line call : of(Kind.CALLED)) {
            assertThat(attempts)
                    .as("%s: the log has the call %s", when, call.fields())
                    .contains(call.at(1) + " " + call.at(2));
        }
    }

    /**
     * A call runs once, and its next one has another attempt. When anything is seen of a later visit or attempt, or of the end
     * of this one, it is not called any more.
     */
    private void nothingRunsAgain() {
        Set<String> once = new HashSet<>();
        int visit = 0;
        int attempt = 0;
        Set<String> ended = new HashSet<>();
        for (Line line : lines) {
            switch (line.kind()) {
                case CALLED -> {
                    assertThat(once.add(line.key(4)))
                            .as("%s: a second time %s", when, line.fields())
                            .isTrue();
                    assertThat(ended)
                            .as("%s: called after its end was seen", when)
                            .doesNotContain(line.at(1));
                    int called = number(line.at(1));
                    int tries = Integer.parseInt(line.at(2));
                    assertThat(called * 1_000 + tries)
                            .as("%s: visit and attempt of %s", when, line.fields())
                            .isGreaterThanOrEqualTo(visit * 1_000 + attempt);
                    visit = called;
                    attempt = tries;
                }
                case FINISHED ->
                    assertThat(line.key(2))
                            .as("%s: finishes while visit %d is called", when, visit)
                            .endsWith("-" + visit);
                case SEEN -> {
                    NodeEvent event = nodeEvent(line);
                    if (event instanceof NodeEvent.Completed) {
                        ended.add(event.nodeId());
                    } else if (event instanceof NodeEvent.Executing begun
                            && number(begun.nodeId()) * 1_000 + begun.attempt() > visit * 1_000 + attempt) {
                        visit = number(begun.nodeId());
                        attempt = begun.attempt();
                    }
                }
                default -> {}
            }
        }
    }

    private NodeEvent nodeEvent(Line seen) {
        int index = Integer.parseInt(seen.at(2)) - 1;
        return stored.events().get(index).event() instanceof NodeEvent event ? event : null;
    }

    private static int number(String visit) {
        return Integer.parseInt(visit.substring(visit.lastIndexOf('-') + 1));
    }

    private void receiptsHold() {
        Map<String, HumanEvent.InputReceived> received = new HashMap<>();
        for (HumanEvent.InputReceived answer : events(HumanEvent.InputReceived.class)) {
            assertThat(received.put(answer.tokenId(), answer)).as(when).isNull();
        }
        assertThat(events(HumanEvent.InputRequired.class))
                .as("%s: each question was asked once", when)
                .hasSize(2)
                .extracting(HumanEvent.InputRequired::tokenId)
                .doesNotHaveDuplicates()
                .containsExactlyInAnyOrderElementsOf(received.keySet());
        Map<String, Line> accepted = new HashMap<>();
        for (Line receipt : of(Kind.ACCEPTED)) {
            Line first = accepted.putIfAbsent(receipt.at(2), receipt);
            assertThat(receipt)
                    .as("%s: one answer was accepted, with one receipt", when)
                    .isEqualTo(first == null ? receipt : first);
            assertThat(received).as(when).containsKey(receipt.at(2));
            assertThat(received.get(receipt.at(2)).by()).as(when).isEqualTo(receipt.at(3));
            assertThat(stored.snapshot().state().get("answers"))
                    .as("%s: %s", when, receipt.fields())
                    .isInstanceOfSatisfying(
                            Map.class,
                            answers -> assertThat(answers.get(receipt.at(1).replace('-', '_')))
                                    .isEqualTo(receipt.at(4)));
        }
        assertThat(accepted.keySet()).as("%s: receipts", when).isEqualTo(received.keySet());
        for (Line late : of(Kind.TOO_LATE)) {
            assertThat(received.get(late.at(2)).by()).as(when).isNotEqualTo(late.at(3));
        }
    }
}
