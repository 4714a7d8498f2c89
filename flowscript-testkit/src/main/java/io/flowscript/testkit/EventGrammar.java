package io.flowscript.testkit;

import io.flowscript.core.event.RecordedEvent;
import io.flowscript.core.workflow.WorkflowGraph;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The grammar of an execution's events (protocol, section 1): which event comes first and last, and the order of the
 * events of visits, retries and interactions. Every sequence that an engine produces follows it, so a test may check
 * any sequence, whatever the workflow.
 *
 * <pre>{@code
 * EventGrammar.check(execution.events().read(Position.START, 1_000));
 * }</pre>
 *
 * <p>Stateless; safe for use by any thread.
 *
 * @since 0.1.0
 */
public final class EventGrammar {

    private EventGrammar() {}

    /**
     * Checks all events of an execution that has ended.
     *
     * @param events every event, from the first to the last
     * @throws AssertionError with every breach (rule and place) and the sequence
     */
    public static void check(List<RecordedEvent> events) {
        report(breaches(events), events);
    }

    /**
     * Checks the events of an execution that has not ended: its visit and its interactions may be open, and its last
     * event is missing.
     *
     * @param events every event so far, from the first
     * @throws AssertionError with every breach (rule and place) and the sequence
     */
    public static void checkUnfinished(List<RecordedEvent> events) {
        report(new GrammarReader().read(events), events);
    }

    /**
     * Returns the breaches in the events of an execution that has ended.
     *
     * @param events every event, from the first to the last
     * @return the breaches in the order of the events; empty if there are none
     */
    public static List<Breach> breaches(List<RecordedEvent> events) {
        GrammarReader reader = new GrammarReader();
        reader.read(events);
        return reader.end();
    }

    /**
     * Checks that the events of an execution are a way through the graph of its workflow: each visit is of a step of the graph, and
     * flows of the graph lead from the beginning over all visits, by the edges that were returned, to the end. A
     * node may also return {@code exit} or {@code loopTo:name} by itself.
     *
     * @param events the events so far, from the first
     * @param graph the graph of the version that the execution runs
     * @throws AssertionError with every breach (rule and place) and the sequence
     */
    public static void checkWay(List<RecordedEvent> events, WorkflowGraph graph) {
        report(new WayThroughGraph(graph).read(events), events);
    }

    private static void report(List<Breach> breaches, List<RecordedEvent> events) {
        if (breaches.isEmpty()) {
            return;
        }
        throw new AssertionError(breaches.stream()
                        .map(breach -> "\n  " + breach)
                        .collect(Collectors.joining("", "The events break the grammar:", "\nThe events:"))
                + events.stream()
                        .map(event -> "\n  " + event.seq() + " " + event.event())
                        .collect(Collectors.joining()));
    }

    /** A rule of the grammar. */
    public enum Rule {
        /** All events belong to one execution, one workflow and one epoch of its log. */
        ONE_EXECUTION,
        /** Numbers start at 1, without holes or duplicates. */
        CONTIGUOUS,
        /** Times never decrease. */
        TIME_MOVES_ON,
        /** {@code workflow:started} is the first event and occurs once. */
        STARTED_FIRST,
        /** There is exactly one last event, and nothing follows it. */
        ONE_LAST_EVENT,
        /** {@code node:executing} begins a new visit with attempt 1, while no other visit is open. */
        VISIT_BEGINS,
        /** {@code node:completed} or {@code node:failed} ends the open visit, with its name and attempt. */
        VISIT_ENDS,
        /**
         * After a {@code node:failed} that announces a retry, the same visit begins its next attempt or is given up.
         */
        RETRY,
        /**
         * {@code state:updated} comes right before {@code node:completed}, with only other {@code state:updated}
         * between.
         */
        STATE_BEFORE_COMPLETED,
        /** Interactions and events that a node emits belong to the open visit. */
        WITHIN_VISIT,
        /** {@code human:input:required} comes right after its {@code workflow:paused}. */
        ASKED_WHEN_PAUSED,
        /** {@code workflow:resumed} ends an open pause, right after the event that closed its interaction. */
        RESUMED_WHEN_CLOSED,
        /** Every pause ends before its visit ends. */
        PAUSES_END_FIRST,
        /** {@code node:executing} names a step of the workflow's graph, which has the name and the type of the node. */
        STEP_IN_GRAPH,
        /** A flow of the workflow's graph leads to each visit, and to the end. */
        FLOW_IN_GRAPH
    }

    /**
     * A place where a sequence breaks a rule.
     *
     * @param rule the rule
     * @param seq the number of the event at which the breach shows; that of the last event if something is missing at
     *     the end
     * @param message what was found and what would be right
     */
    public record Breach(Rule rule, long seq, String message) {
        @Override
        public String toString() {
            return "at " + seq + ": " + message + " [" + rule + "]";
        }
    }
}
