package io.flowscript.testkit;

import io.flowscript.core.Identity;
import io.flowscript.core.event.Event;
import io.flowscript.core.event.HumanEvent;
import io.flowscript.core.event.NodeEvent;
import io.flowscript.core.event.RecordedEvent;
import io.flowscript.core.interaction.AnswerOptions;
import io.flowscript.core.interaction.Interaction;
import io.flowscript.core.interaction.Receipt;
import io.flowscript.core.json.Json;
import io.flowscript.engine.Execution;
import io.flowscript.testkit.AnswerExplorer.Subject;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Runs the workflow again with only the accepted answers, at the same times. If the nodes depend on nothing else, the
 * end must be the same. Remembers the ends that it has seen. For one thread.
 */
final class PlainReplay {

    private final Subject subject;
    private final Map<List<Said>, String> ends = new HashMap<>();

    PlainReplay(Subject subject) {
        this.subject = subject;
    }

    /**
     * An answer that counted.
     *
     * @param question the number of the interaction, in order of opening
     * @param by the person
     * @param answer the answer
     * @param at the time
     */
    private record Said(int question, String by, @Nullable Object answer, Instant at) {}

    /** {@return the difference from the plain run; null if there is none} */
    @Nullable
    String difference(Execution execution, List<GivenAnswer> attempts) {
        String end = end(execution);
        String plain = ends.computeIfAbsent(said(execution, attempts), this::play);
        return plain.equals(end)
                ? null
                : "The same answers without other actions lead to\n  " + plain + "\nbut this run led to\n  " + end;
    }

    private static String end(Execution execution) {
        List<String> edges = new ArrayList<>();
        for (RecordedEvent event : Events.of(execution.events())) {
            if (event.event() instanceof NodeEvent.Completed completed) {
                edges.add(completed.nodeName() + " -> " + completed.edge());
            }
        }
        return execution.status().id() + " after " + edges + " with "
                + EventLines.json(execution.snapshot().state());
    }

    private static List<Said> said(Execution execution, List<GivenAnswer> attempts) {
        List<String> tokens = new ArrayList<>();
        List<Said> said = new ArrayList<>();
        Set<GivenAnswer> used = new HashSet<>();
        for (RecordedEvent recorded : Events.of(execution.events())) {
            Event event = recorded.event();
            if (event instanceof HumanEvent.InputRequired required) {
                tokens.add(required.tokenId());
            }
            String by = event instanceof HumanEvent.InputReceived received
                    ? received.by()
                    : event instanceof HumanEvent.InputVoted voted ? voted.by() : null;
            if (by != null) {
                String token = ((HumanEvent) event).tokenId();
                GivenAnswer attempt = counted(attempts, token, by, used);
                used.add(attempt);
                said.add(new Said(tokens.indexOf(token), by, attempt.answer(), recorded.time()));
            }
        }
        return said;
    }

    private static GivenAnswer counted(List<GivenAnswer> attempts, String token, String by, Set<GivenAnswer> used) {
        for (GivenAnswer attempt : attempts) {
            if (attempt.isAbout(token)
                    && attempt.by().name().equals(by)
                    && attempt.receipt() instanceof Receipt.Accepted
                    && !used.contains(attempt)) {
                return attempt;
            }
        }
        throw new AssertionError("The log contains an answer of " + by + ", but none was accepted");
    }

    private String play(List<Said> said) {
        try (TestFlows flows = TestFlows.of(subject.setup())) {
            List<Interaction> asked = new ArrayList<>();
            Set<String> tokens = new HashSet<>();
            flows.flows()
                    .executions()
                    .onInteraction(changed -> changed.interactions().stream()
                            .filter(question -> question.question() != null
                                    && tokens.add(question.token().tokenId()))
                            .forEach(asked::add));
            Execution execution = flows.start(subject.workflowId(), subject.input(), "explored");
            for (Said one : said) {
                flows.advance(Duration.between(flows.clock().instant(), one.at()));
                if (asked.size() <= one.question()) {
                    return "no interaction " + (one.question() + 1) + " at "
                            + TimeOffsets.between(TestFlows.START, one.at());
                }
                flows.flows()
                        .interactions()
                        .answer(
                                asked.get(one.question()).token(),
                                Json.freeze(one.answer()),
                                AnswerOptions.by(Identity.of(one.by())));
                flows.settle();
            }
            Instant next = flows.clock().next();
            while (!execution.status().isEnded() && next != null) {
                flows.advance(Duration.between(flows.clock().instant(), next));
                next = flows.clock().next();
            }
            return end(execution);
        }
    }
}
