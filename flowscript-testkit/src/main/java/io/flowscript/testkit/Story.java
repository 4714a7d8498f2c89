package io.flowscript.testkit;

import io.flowscript.core.Assignment;
import io.flowscript.core.event.RecordedEvent;
import io.flowscript.core.interaction.Interaction;
import io.flowscript.core.interaction.Receipt;
import io.flowscript.engine.Execution;
import io.flowscript.testkit.TestFlows.Act;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Describes what happened in an execution, for the message of a failed test. Stateless. */
final class Story {

    private static final int MAX_LINE = 300;
    private static final int MAX_LINES = 200;

    private Story() {}

    static String of(Execution execution) {
        List<RecordedEvent> events = Events.of(execution.events());
        TestFlows flows = TestFlows.of(execution);
        List<Act> acts = flows == null
                ? List.of()
                : flows.acts().stream()
                        .filter(act -> act.question().token().executionId().equals(execution.id()))
                        .toList();
        Instant start = events.isEmpty() ? Instant.EPOCH : events.get(0).time();
        List<String> lines = lines(events, acts, start);
        int left = Math.max(0, lines.size() - MAX_LINES);
        StringBuilder story = new StringBuilder("What happened to " + execution.id() + ", which is "
                + execution.status().id() + ":");
        if (left > 0) {
            story.append("\n  (").append(left).append(" lines before)");
        }
        lines.subList(left, lines.size())
                .forEach(line -> story.append("\n  ").append(line.length() > MAX_LINE ? cut(line) : line));
        for (Interaction question : execution.interactions()) {
            story.append("\n  ").append(waiting(question, start, flows));
        }
        return story.toString();
    }

    private static List<String> lines(List<RecordedEvent> events, List<Act> acts, Instant start) {
        EventLines text = new EventLines(start);
        List<String> lines = new ArrayList<>();
        int told = 0;
        for (RecordedEvent event : events) {
            while (told < acts.size() && acts.get(told).after() < event.seq()) {
                lines.add(line(acts.get(told++), start));
            }
            lines.add(text.line(event));
        }
        acts.subList(told, acts.size()).forEach(act -> lines.add(line(act, start)));
        return lines;
    }

    private static String line(Act act, Instant start) {
        String who = act.by() == null ? "somebody" : act.by().name();
        Receipt receipt = act.receipt();
        return "%-10s > %s %s %s%s: %s"
                .formatted(
                        TimeOffsets.between(start, act.at()),
                        who,
                        act.what(),
                        act.question().nodeName(),
                        receipt == null ? "" : " with " + EventLines.json(act.answer()),
                        receipt == null ? act.code() : text(receipt));
    }

    /** {@return a short text for a receipt: its code and the reason} */
    static String text(Receipt receipt) {
        if (receipt instanceof Receipt.Invalid invalid) {
            return invalid.code() + ", "
                    + invalid.violations().stream()
                            .map(violation -> violation.path() + " " + violation.message())
                            .collect(Collectors.joining("; "));
        }
        if (receipt instanceof Receipt.AlreadyResolved resolved) {
            return resolved.code() + " by "
                    + (resolved.by() == null ? "somebody" : resolved.by().name()) + " at " + resolved.at();
        }
        if (receipt instanceof Receipt.Forbidden forbidden) {
            return forbidden.code() + ", " + forbidden.message();
        }
        if (receipt instanceof Receipt.Accepted accepted && !accepted.closes()) {
            return "accepted, more answers are needed";
        }
        return receipt.code();
    }

    private static String waiting(Interaction question, Instant start, @Nullable TestFlows flows) {
        Assignment assignment = question.assignment();
        String whom = assignment.isForAnybody() ? "anybody" : whom(assignment);
        String waits = "It waits for " + whom + " to answer \"" + question.nodeName() + "\", asked at "
                + TimeOffsets.between(start, question.requestedAt());
        if (flows == null || question.question() == null) {
            return waits + ".";
        }
        if (flows.isScriptedFor(question)) {
            return waits + ".";
        }
        String scripted = flows.scripts().stream().map(PersonScript::toString).collect(Collectors.joining(", "));
        return waits + ". Nobody is scripted for it"
                + (scripted.isEmpty()
                        ? ": whenAsked(\"" + question.nodeName() + "\") says what a person does."
                        : ", only " + scripted + ".");
    }

    private static String whom(Assignment assignment) {
        List<String> names = new ArrayList<>(assignment.people());
        assignment.groups().forEach(group -> names.add("one of " + group));
        return String.join(" or ", names);
    }

    private static String cut(String line) {
        return line.substring(0, MAX_LINE) + "...";
    }
}
