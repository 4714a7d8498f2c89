package io.flowscript.testkit;

import io.flowscript.core.event.RecordedEvent;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The grammar of an execution's events (protocol, section 1): what comes first and last, how visits, retries and questions read. Any sequence that
 * an engine makes keeps to it, so a test may check every sequence it meets, whatever the workflow.
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
     * @throws AssertionError naming every breach with its rule and its place, and the sequence
     */
    public static void check(List<RecordedEvent> events) {
        report(breaches(events), events);
    }

    /**
     * Checks the events of an execution that is under way: its visit and its questions may be open, and its last event is
     * still to come.
     *
     * @param events every event so far, from the first
     * @throws AssertionError naming every breach with its rule and its place, and the sequence
     */
    public static void checkUnfinished(List<RecordedEvent> events) {
        report(new GrammarReader().read(events), events);
    }

    /**
     * What is wrong with the events of an execution that has ended.
     *
     * @param events every event, from the first to the last
     * @return the breaches, in the order of the events; empty when there are none
     */
    public static List<Breach> breaches(List<RecordedEvent> events) {
        GrammarReader reader = new GrammarReader();
        reader.read(events);
        return reader.end();
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
        /** All events are of one execution, one workflow and one epoch of its log. */
        ONE_EXECUTION,
        /** Numbers begin with 1 and have no hole and no double. */
        CONTIGUOUS,
        /** Time never goes back. */
        TIME_MOVES_ON,
        /** {@code workflow:started} is the first event and comes once. */
        STARTED_FIRST,
        /** Exactly one last event, after which nothing comes. */
        ONE_LAST_EVENT,
        /** {@code node:executing} begins a visit that is new, while no other is open, with attempt 1. */
        VISIT_BEGINS,
        /** {@code node:completed} or {@code node:failed} ends the visit that is open, under its name and attempt. */
        VISIT_ENDS,
        /** After {@code node:failed} that says so, the same visit begins its next attempt, or is given up. */
        RETRY,
        /** {@code state:updated} stands right before {@code node:completed}, with nothing but others of its kind between. */
        STATE_BEFORE_COMPLETED,
        /** What people are asked, and what a node emits, belongs to the visit that is open. */
        WITHIN_VISIT,
        /** {@code human:input:required} stands right after its {@code workflow:paused}. */
        ASKED_WHEN_PAUSED,
        /** {@code workflow:resumed} ends a pause that is open, right after how its question was closed. */
        RESUMED_WHEN_CLOSED,
        /** Every pause is over before its visit is. */
        PAUSES_END_FIRST
    }

    /**
     * A place where a sequence breaks a rule.
     *
     * @param rule the rule
     * @param seq the number of the event at which it shows; the last one's for what is missing at the end
     * @param message what was found and what would be right
     */
    public record Breach(Rule rule, long seq, String message) {
        @Override
        public String toString() {
            return "at " + seq + ": " + message + " [" + rule + "]";
        }
    }
}
