package io.flowscript.testkit;

import io.flowscript.core.FlowScriptException;
import io.flowscript.core.Identity;
import io.flowscript.core.interaction.AnswerOptions;
import io.flowscript.core.interaction.Interaction;
import io.flowscript.core.interaction.Interactions;
import io.flowscript.core.interaction.Receipt;
import io.flowscript.core.testing.ManualClock;
import io.flowscript.core.testing.ManualExecutor;
import io.flowscript.engine.Execution;
import io.flowscript.testkit.AnswerExplorer.Subject;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One run of a workflow in which people act at moments that a plan chooses: before and after each task and timer, as
 * a listener receives an event, and while the engine notifies an observer of an interaction. Records every answer
 * with its receipt. For one thread.
 */
final class ExploredRun implements AutoCloseable {

    private static final int MAX_MOMENTS = 20_000;

    private final Subject subject;
    private final ExplorationPlan plan;
    private final TestFlows flows;
    private final Interactions interactions;
    private final Execution execution;
    private final Map<String, Interaction> asked = new LinkedHashMap<>();
    private final List<GivenAnswer> attempts = new ArrayList<>();
    private final List<String> places = new ArrayList<>();
    private @Nullable Instant approached;
    private boolean acting;
    private boolean cancelled;
    private int keys;

    ExploredRun(Subject subject, ExplorationPlan plan) {
        this.subject = subject;
        this.plan = plan;
        ManualExecutor executor = plan.isDrawn() ? new ManualExecutor(plan.seed()) : new ManualExecutor();
        this.flows = new TestFlows(TestFlows.START, executor, subject.setup());
        this.interactions = subject.through().apply(flows.flows().interactions());
        flows.flows().executions().onInteraction(changed -> moment("an observer is notified of an interaction"));
        this.execution = flows.flows().start(subject.workflowId(), subject.input(), "explored");
        execution.listen(event -> moment("a listener receives " + event.type()));
    }

    /** Runs the execution to its end, and then answers everything once more. */
    void play() {
        while (!execution.status().isEnded()) {
            step();
            if (places.size() > MAX_MOMENTS) {
                throw new AssertionError("It has not ended after " + MAX_MOMENTS + " moments\n" + Story.of(execution));
            }
        }
        while (flows.executor().runOne()) {
            moment("before a task, after the end");
        }
        look();
        act(Action.LATE);
        flows.executor().runAll();
    }

    Execution execution() {
        return execution;
    }

    List<GivenAnswer> attempts() {
        return attempts;
    }

    /** {@return the number of moments} */
    int moments() {
        return places.size();
    }

    boolean wasCancelled() {
        return cancelled;
    }

    /** {@return what was done and what happened} */
    String story() {
        StringBuilder story = new StringBuilder("The run: " + plan);
        if (plan.moment() >= 0 && plan.moment() < places.size()) {
            story.append(" (").append(places.get(plan.moment())).append(")");
        }
        attempts.forEach(attempt -> story.append("\n  ").append(attempt));
        return story.append('\n').append(Story.of(execution)).toString();
    }

    @Override
    public void close() {
        flows.end();
    }

    private void step() {
        ManualExecutor executor = flows.executor();
        if (executor.pending() > 0) {
            moment("before a task");
            executor.runOne();
            return;
        }
        moment("when nothing else can run");
        if (executor.pending() > 0 || execution.status().isEnded()) {
            return;
        }
        Instant due = flows.clock().next();
        if (plan.eager() || due == null) {
            boolean open = !execution.interactions().isEmpty();
            answerPlainly();
            if (executor.pending() > 0 || execution.status().isEnded()) {
                return;
            }
            if (due == null) {
                throw new AssertionError(
                        open
                                ? "Nobody can close the interaction, and no timer does; set more people or other answers\n"
                                        + story()
                                : "Nothing can run any more, but the execution has not ended\n" + story());
            }
        }
        letTimePass(due);
    }

    private void letTimePass(Instant due) {
        ManualClock clock = flows.clock();
        Instant before = due.minusMillis(1);
        if (before.isAfter(clock.instant()) && !due.equals(approached)) {
            approached = due;
            clock.advance(Duration.between(clock.instant(), before));
            moment("just before a timer");
            return;
        }
        Duration still = Duration.between(clock.instant(), due);
        clock.advance(still.isNegative() ? Duration.ZERO : still);
        moment("right after a timer");
    }

    private void moment(String place) {
        if (acting) {
            return;
        }
        int now = places.size();
        places.add(place);
        acting = true;
        try {
            look();
            plan.at(now).forEach(this::act);
        } finally {
            acting = false;
        }
    }

    private void look() {
        for (Interaction question : execution.interactions()) {
            asked.put(question.token().tokenId(), question);
        }
    }

    private void act(Action deed) {
        List<Identity> people = people();
        Identity one = people.get(0);
        List<Interaction> open = execution.interactions();
        switch (deed) {
            case ANSWER -> open.forEach(question -> answer(question, one, 0, null));
            case TWICE ->
                open.forEach(question -> {
                    answer(question, one, 0, null);
                    answer(question, one, 0, null);
                });
            case SENT_AGAIN ->
                open.forEach(question -> {
                    String key = "key-" + keys++;
                    answer(question, one, 0, key);
                    answer(question, one, 0, key);
                });
            case EVERYBODY -> open.forEach(question -> everybody(question, people));
            case WRONG -> open.forEach(question -> answerWrongly(question, one));
            case LATE ->
                List.copyOf(asked.values()).stream()
                        .filter(question -> !isOpen(question))
                        .forEach(question -> everybody(question, people));
            case CLAIM -> open.forEach(question -> claim(question, one, true));
            case RELEASE -> open.forEach(question -> claim(question, one, false));
            case CANCEL -> cancelled |= execution.cancel("explored", one);
        }
    }

    /** Everybody tries to answer until each open interaction is closed. */
    private void answerPlainly() {
        acting = true;
        try {
            look();
            for (Interaction question : execution.interactions()) {
                for (Identity person : subject.people()) {
                    if (isOpen(question)) {
                        answer(question, person, 0, null);
                    }
                }
            }
        } finally {
            acting = false;
        }
    }

    private List<Identity> people() {
        List<Identity> people = new ArrayList<>(subject.people());
        if (plan.isDrawn()) {
            Collections.shuffle(people, plan.random());
        }
        return people;
    }

    private void everybody(Interaction question, List<Identity> people) {
        for (int i = 0; i < people.size(); i++) {
            answer(question, people.get(i), i, null);
        }
    }

    private void answer(Interaction question, Identity by, int which, @Nullable String key) {
        if (question.question() != null) {
            List<@Nullable Object> answers = subject.rightAnswers(question);
            answer(question, by, answers.get(which % answers.size()), true, key);
        }
    }

    private void answerWrongly(Interaction question, Identity by) {
        subject.wrongAnswers(question).forEach(wrong -> answer(question, by, wrong, false, null));
    }

    private void answer(
            Interaction question, Identity by, @Nullable Object answer, boolean right, @Nullable String key) {
        boolean open = isOpen(question);
        Receipt receipt = interactions.answer(question.token(), answer, new AnswerOptions(by, key, null));
        attempts.add(new GivenAnswer(
                Math.max(0, places.size() - 1),
                by,
                key,
                question.token(),
                question.nodeName(),
                answer,
                right,
                open,
                receipt));
    }

    private void claim(Interaction question, Identity by, boolean take) {
        try {
            if (take) {
                interactions.claim(question.token(), by, Interactions.DEFAULT_LEASE);
            } else {
                interactions.release(question.token(), by);
            }
        } catch (FlowScriptException refused) {
            // Another person has claimed it, or it was just closed. The answers show whether that is right.
        }
    }

    private boolean isOpen(Interaction question) {
        return execution.interactions().stream().anyMatch(open -> open.token().equals(question.token()));
    }
}
