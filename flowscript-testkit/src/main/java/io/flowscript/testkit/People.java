package io.flowscript.testkit;

import io.flowscript.core.FlowScriptException;
import io.flowscript.core.Identity;
import io.flowscript.core.interaction.AnswerOptions;
import io.flowscript.core.interaction.Interaction;
import io.flowscript.core.interaction.Receipt;
import io.flowscript.engine.Execution;
import io.flowscript.engine.FlowScript;
import io.flowscript.testkit.PersonScript.Kind;
import io.flowscript.testkit.PersonScript.Step;
import io.flowscript.testkit.TestFlows.Act;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;

/**
 * People who follow their scripts. The engine reports interactions on any thread; people act only on the thread of
 * the test.
 */
final class People {

    private final FlowScript flows;
    private final List<PersonScript> scripts = new ArrayList<>();
    private final Queue<Execution> changed = new ConcurrentLinkedQueue<>();
    private final Map<String, Asked> open = new LinkedHashMap<>();
    private final PriorityQueue<Planned> plan =
            new PriorityQueue<>(Comparator.comparing(Planned::at).thenComparingLong(Planned::order));
    private final List<Act> acts = new ArrayList<>();
    private long planned;
    private boolean outdated;

    People(FlowScript flows) {
        this.flows = flows;
        flows.executions().onInteraction(changed::add);
    }

    /** An open interaction, its scripts, and which of their steps are done. */
    private record Asked(Interaction question, List<PersonScript> scripts, Set<Step> done) {}

    /** A step that somebody will do, and when. */
    private record Planned(Instant at, long order, Asked asked, PersonScript script, Step step) {}

    void add(PersonScript script) {
        scripts.add(script);
        outdated = true;
    }

    /** {@return when somebody acts next; null if nobody does} */
    @Nullable
    Instant next() {
        look();
        Planned first = plan.peek();
        return first == null ? null : first.at();
    }

    /** Lets the first person act if it is time. Returns false if it is not. */
    boolean act() {
        Instant due = next();
        Instant now = flows.clock().instant();
        if (due == null || due.isAfter(now)) {
            return false;
        }
        Planned next = plan.remove();
        next.asked().done().add(next.step());
        acts.add(done(next, now));
        return true;
    }

    List<Act> acts() {
        return List.copyOf(acts);
    }

    boolean isScriptedFor(Interaction question) {
        look();
        Asked asked = open.get(question.token().tokenId());
        return asked != null && !asked.scripts().isEmpty();
    }

    List<PersonScript> scripts() {
        return List.copyOf(scripts);
    }

    private Act done(Planned next, Instant now) {
        PersonScript script = next.script();
        Step step = next.step();
        Interaction asked = next.asked().question();
        Interaction question = flows.interactions().find(asked.token()).orElse(asked);
        Identity by = script.by();
        long seq = flows.executions()
                .find(asked.token().executionId())
                .map(execution -> execution.events().latest())
                .orElse(0L);
        if (step.kind() == Kind.ANSWER) {
            Object answer = step.answer().apply(question);
            Receipt receipt = flows.interactions().answer(question.token(), answer, new AnswerOptions(by, null, null));
            return new Act(step.kind().toString(), by, question, answer, receipt, receipt.code(), now, seq);
        }
        return new Act(step.kind().toString(), by, question, null, null, leased(step, question, by), now, seq);
    }

    private String leased(Step step, Interaction question, @Nullable Identity by) {
        Identity who = by == null ? Identity.ANONYMOUS : by;
        try {
            if (step.kind() == Kind.CLAIM) {
                flows.interactions().claim(question.token(), who, step.lease());
            } else {
                flows.interactions().release(question.token(), who);
            }
            return "accepted";
        } catch (FlowScriptException refused) {
            return refused.code();
        }
    }

    /** Reads new interactions and new scripts. */
    private void look() {
        Execution execution = changed.poll();
        while (execution != null) {
            look(execution);
            execution = changed.poll();
        }
        if (outdated) {
            outdated = false;
            List<Asked> asked = List.copyOf(open.values());
            asked.forEach(this::forget);
            asked.forEach(one -> plan(one.question(), one.done()));
        }
    }

    private void look(Execution execution) {
        Set<String> tokens = new HashSet<>();
        for (Interaction question : execution.interactions()) {
            tokens.add(question.token().tokenId());
            if (question.question() != null
                    && !open.containsKey(question.token().tokenId())) {
                plan(question, Collections.newSetFromMap(new IdentityHashMap<>()));
            }
        }
        open.values()
                .removeIf(asked -> asked.question().token().executionId().equals(execution.id())
                        && !tokens.contains(asked.question().token().tokenId()));
    }

    private void forget(Asked asked) {
        plan.removeIf(act -> act.asked().equals(asked));
        for (PersonScript script : asked.scripts()) {
            if (script.steps().stream().noneMatch(asked.done()::contains)) {
                script.unuse();
            }
        }
    }

    /** Plans who does what with an interaction. */
    private void plan(Interaction question, Set<Step> done) {
        Deque<PersonScript> chosen = new ArrayDeque<>();
        Set<@Nullable Identity> decided = new HashSet<>();
        for (int i = scripts.size() - 1; i >= 0; i--) {
            PersonScript script = scripts.get(i);
            if (script.isFor(question)
                    && !decided.contains(script.by())
                    && (script.steps().stream().anyMatch(done::contains) || script.use())) {
                decided.add(script.by());
                chosen.addFirst(script);
                if (script.silencesAll()) {
                    break;
                }
            }
        }
        Asked asked = new Asked(question, List.copyOf(chosen), done);
        open.put(question.token().tokenId(), asked);
        for (PersonScript script : asked.scripts()) {
            for (Step step : script.steps()) {
                if (!done.contains(step)) {
                    plan.add(new Planned(question.requestedAt().plus(step.after()), planned++, asked, script, step));
                }
            }
        }
    }
}
