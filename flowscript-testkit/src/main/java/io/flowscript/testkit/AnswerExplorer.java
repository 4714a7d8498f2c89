package io.flowscript.testkit;

import io.flowscript.core.Identity;
import io.flowscript.core.engine.Execution;
import io.flowscript.core.engine.FlowScriptBuilder;
import io.flowscript.core.event.RecordedEvent;
import io.flowscript.core.interaction.Interaction;
import io.flowscript.core.interaction.Interactions;
import io.flowscript.core.json.Json;
import io.flowscript.core.runtime.Question;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Finds out whether answers can get lost: runs a workflow again and again, and answers what it asks at every possible moment: between any two tasks, just before and as a
 * timer rings, as a listener hears an event, and from within an observer; also twice, under the same key again, too late, wrongly, by several people at once, and
 * while others claim, give back, or cancel.
 *
 * <p>After each run it checks that the events keep to the {@link EventGrammar}, that each question was closed exactly once, that receipts and log tell the same,
 * that no answer was lost or counted twice, and that the execution ended as one does that is given the same answers at the same times and nothing else. The nodes must therefore depend on nothing but
 * state, answers and time.
 *
 * <pre>{@code
 * AnswerExplorer.of(builder -> builder.workflow(expense))
 *         .start("expense", Map.of("amount", 250))
 *         .answering("review", Map.of("decision", "approved"), Map.of("decision", "rejected"))
 *         .explore();
 * }</pre>
 *
 * <p>First each moment with each action in turn, once with people who answer as soon as they can and once with people who let every timer ring; then
 * runs with moments, actions and the order of tasks drawn from a seed. The same setting explores the same. For one thread.
 *
 * @since 0.1.0
 */
public final class AnswerExplorer {

    private final Consumer<? super FlowScriptBuilder> setup;
    private final Map<String, List<@Nullable Object>> right = new HashMap<>();
    private final Map<String, List<@Nullable Object>> wrong = new HashMap<>();
    private @Nullable String workflow;
    private Map<String, ? extends @Nullable Object> input = Map.of();
    private List<Identity> people = List.of(Identity.of("ann"), Identity.of("bob"), Identity.of("carl"));
    private UnaryOperator<Interactions> through = UnaryOperator.identity();
    private int runs = 1_000;
    private long seed = 1;

    private AnswerExplorer(Consumer<? super FlowScriptBuilder> setup) {
        this.setup = setup;
    }

    /**
     * What is explored, for the classes that do it.
     *
     * @param setup gives an engine its workflows and nodes
     * @param workflowId the workflow
     * @param input its input
     * @param people who answer
     * @param right right answers by node
     * @param wrong wrong answers by node
     * @param through what answers go through
     */
    record Subject(
            Consumer<? super FlowScriptBuilder> setup,
            String workflowId,
            Map<String, ? extends @Nullable Object> input,
            List<Identity> people,
            Map<String, List<@Nullable Object>> right,
            Map<String, List<@Nullable Object>> wrong,
            UnaryOperator<Interactions> through) {

        List<@Nullable Object> rightAnswers(Interaction question) {
            List<@Nullable Object> answers = right.get(question.nodeName());
            if (answers == null) {
                throw new IllegalStateException(
                        "\"" + question.nodeName() + "\" asks, and how it is answered was not said: answering(\""
                                + question.nodeName() + "\", ...)");
            }
            return answers;
        }

        List<@Nullable Object> wrongAnswers(Interaction question) {
            List<@Nullable Object> answers = wrong.get(question.nodeName());
            if (answers != null) {
                return answers;
            }
            Question asked = question.question();
            boolean isObject =
                    asked != null && asked.schema() instanceof Map<?, ?> schema && "object".equals(schema.get("type"));
            return isObject ? List.of(List.of("wrong")) : List.of();
        }
    }

    /**
     * What was explored.
     *
     * @param runs how many runs
     * @param moments how many moments the longest of the plain runs had
     * @param receipts how many answers got which receipt, by its code
     */
    public record Explored(int runs, int moments, Map<String, Integer> receipts) {
        /** Copies. */
        public Explored {
            receipts = Collections.unmodifiableMap(new TreeMap<>(receipts));
        }
    }

    /**
     * Begins.
     *
     * @param setup gives an engine workflows and nodes; called for each run
     * @return what goes on with what to run
     */
    public static AnswerExplorer of(Consumer<? super FlowScriptBuilder> setup) {
        return new AnswerExplorer(setup);
    }

    /**
     * What to run.
     *
     * @param workflowId the workflow
     * @param values its input
     * @return this
     */
    public AnswerExplorer start(String workflowId, Map<String, ? extends @Nullable Object> values) {
        workflow = workflowId;
        input = values;
        return this;
    }

    /**
     * How a node can be answered rightly. The first is what people answer when nothing else is to be found out.
     *
     * @param node the name of the node
     * @param answers JSON values that its form takes, at least one
     * @return this
     */
    public AnswerExplorer answering(String node, @Nullable Object... answers) {
        right.put(node, frozen(node, answers));
        return this;
    }

    /**
     * How a node can be answered wrongly. Without it, an array where the form wants an object; nothing for other forms.
     *
     * @param node the name of the node
     * @param answers JSON values that its form does not take, at least one
     * @return this
     */
    public AnswerExplorer answeringWrongly(String node, @Nullable Object... answers) {
        wrong.put(node, frozen(node, answers));
        return this;
    }

    /**
     * Who answers. Without it, ann, bob and carl.
     *
     * @param names names of people, at least one; as many as are needed to close each question
     * @return this
     */
    public AnswerExplorer people(String... names) {
        if (names.length == 0) {
            throw new IllegalArgumentException("Somebody is needed to answer: people() names nobody");
        }
        people = Arrays.stream(names).map(Identity::of).toList();
        return this;
    }

    /**
     * What answers go through on their way to the engine, where an application has something of its own between.
     *
     * @param own makes the application's way of the engine's
     * @return this
     */
    public AnswerExplorer through(UnaryOperator<Interactions> own) {
        through = own;
        return this;
    }

    /**
     * How many runs at the most; 1,000 if nothing is said. Where there are more moments and actions, some are drawn.
     *
     * @param most from 10
     * @return this
     */
    public AnswerExplorer runs(int most) {
        if (most < 10) {
            throw new IllegalArgumentException("Fewer than 10 runs explore nothing: runs(" + most + ")");
        }
        runs = most;
        return this;
    }

    /**
     * What is drawn is drawn from this; 1 if nothing is said.
     *
     * @param value any number
     * @return this
     */
    public AnswerExplorer seed(long value) {
        seed = value;
        return this;
    }

    /**
     * Explores.
     *
     * @return what was explored
     * @throws AssertionError on the first run of which something does not hold: what, the run, and what happened
     */
    public Explored explore() {
        String started = workflow;
        if (started == null) {
            throw new IllegalStateException("Say what to run: start(workflow, input)");
        }
        Subject subject = new Subject(setup, started, input, people, right, wrong, through);
        PlainReplay replay = new PlainReplay(subject);
        Map<String, Integer> receipts = new TreeMap<>();
        int moments = 0;
        List<ExplorationPlan> plans = new ArrayList<>();
        for (boolean eager : List.of(true, false)) {
            int found = check(subject, ExplorationPlan.plain(eager), replay, receipts);
            moments = Math.max(moments, found);
            for (int moment = 0; moment < found; moment++) {
                for (Action action : Action.values()) {
                    plans.add(ExplorationPlan.at(eager, moment, action));
                }
            }
        }
        Collections.shuffle(plans, new Random(seed));
        int done = 2;
        for (ExplorationPlan plan : plans.subList(0, Math.min(plans.size(), runs * 3 / 4))) {
            check(subject, plan, replay, receipts);
            done++;
        }
        for (long drawn = seed * 1_000_003; done < runs; drawn++, done++) {
            check(subject, ExplorationPlan.drawn(drawn), replay, receipts);
        }
        return new Explored(done, moments, receipts);
    }

    /** Runs once; gives how many moments there were. */
    private static int check(Subject subject, ExplorationPlan plan, PlainReplay replay, Map<String, Integer> receipts) {
        try (ExploredRun run = new ExploredRun(subject, plan)) {
            run.play();
            Execution execution = run.execution();
            List<RecordedEvent> events = Events.of(execution.events());
            List<String> breaches = new ArrayList<>(AnswerInvariants.breaches(run.attempts(), events));
            if (breaches.isEmpty() && !run.wasCancelled()) {
                String difference = replay.difference(execution, run.attempts());
                if (difference != null) {
                    breaches.add(difference);
                }
            }
            if (!breaches.isEmpty()) {
                throw new AssertionError("Answers at every possible moment found this:\n  "
                        + String.join("\n  ", breaches) + "\n" + run.story());
            }
            run.attempts().forEach(attempt -> receipts.merge(attempt.receipt().code(), 1, Integer::sum));
            return run.moments();
        }
    }

    private static List<@Nullable Object> frozen(String node, @Nullable Object... answers) {
        if (answers.length == 0) {
            throw new IllegalArgumentException("At least one answer is needed for \"" + node + "\"");
        }
        List<@Nullable Object> all = new ArrayList<>();
        for (Object answer : answers) {
            all.add(Json.freeze(answer));
        }
        return all;
    }
}
