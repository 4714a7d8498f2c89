package io.flowscript.testkit;

import io.flowscript.core.Identity;
import io.flowscript.core.event.RecordedEvent;
import io.flowscript.core.interaction.Interaction;
import io.flowscript.core.interaction.Interactions;
import io.flowscript.core.json.Json;
import io.flowscript.core.runtime.Question;
import io.flowscript.engine.Execution;
import io.flowscript.engine.FlowScriptBuilder;
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
 * Tests that answers cannot get lost. Runs a workflow many times and answers its interactions at every possible
 * moment: between any two tasks, just before and right after a timer fires, while a listener receives an event, and
 * from within an observer. Answers are also given twice, repeated under the same key, given too late, invalid, given
 * by several people at once, and given while others claim, release or cancel.
 *
 * <p>After each run it checks that the events follow the {@link EventGrammar}, that each interaction was closed
 * exactly once, that receipts and log agree, that no answer was lost or counted twice, and that the execution ended
 * like one that was given only the accepted answers at the same times. The nodes must therefore depend only on state,
 * answers and time.
 *
 * <pre>{@code
 * AnswerExplorer.of(builder -> builder.workflow(expense))
 *         .start("expense", Map.of("amount", 250))
 *         .answering("review", Map.of("decision", "approved"), Map.of("decision", "rejected"))
 *         .explore();
 * }</pre>
 *
 * <p>First, each moment is combined with each action, once with people who answer as soon as they can and once with
 * people who let every timer fire. The remaining runs draw moments, actions and the order of tasks from a seed. The
 * same settings explore the same runs. Not thread-safe.
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
     * The subject of the exploration.
     *
     * @param setup gives an engine its workflows and nodes
     * @param workflowId the workflow
     * @param input its input
     * @param people the people who answer
     * @param right valid answers by node
     * @param wrong invalid answers by node
     * @param through wraps the interactions that receive the answers
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
                        "\"" + question.nodeName() + "\" opens an interaction, but has no answers; add answering(\""
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
     * The result of an exploration.
     *
     * @param runs the number of runs
     * @param moments the number of moments in the longest run without actions
     * @param receipts the number of answers for each receipt code
     */
    public record Explored(int runs, int moments, Map<String, Integer> receipts) {
        /**
         * Copies the map.
         *
         * @param runs the number of runs
         * @param moments the number of moments in the longest run without actions
         * @param receipts the number of answers for each receipt code
         */
        public Explored {
            receipts = Collections.unmodifiableMap(new TreeMap<>(receipts));
        }
    }

    /**
     * Creates an explorer.
     *
     * @param setup gives an engine workflows and nodes; called for each run
     * @return the explorer
     */
    public static AnswerExplorer of(Consumer<? super FlowScriptBuilder> setup) {
        return new AnswerExplorer(setup);
    }

    /**
     * Sets the workflow to run.
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
     * Sets valid answers for a node. People give the first one unless another is being explored.
     *
     * @param node the name of the node
     * @param answers JSON values that are valid for its form; at least one
     * @return this
     */
    public AnswerExplorer answering(String node, @Nullable Object... answers) {
        right.put(node, frozen(node, answers));
        return this;
    }

    /**
     * Sets invalid answers for a node. Default: an array if the form requires an object, none for other forms.
     *
     * @param node the name of the node
     * @param answers JSON values that are not valid for its form; at least one
     * @return this
     */
    public AnswerExplorer answeringWrongly(String node, @Nullable Object... answers) {
        wrong.put(node, frozen(node, answers));
        return this;
    }

    /**
     * Sets the people who answer. Default: ann, bob and carl.
     *
     * @param names the names of the people; at least as many as are needed to close each interaction
     * @return this
     */
    public AnswerExplorer people(String... names) {
        if (names.length == 0) {
            throw new IllegalArgumentException("people() needs at least one name");
        }
        people = Arrays.stream(names).map(Identity::of).toList();
        return this;
    }

    /**
     * Sets what answers pass through on their way to the engine, for an application that wraps the engine's {@link
     * Interactions}.
     *
     * @param own wraps the engine's interactions
     * @return this
     */
    public AnswerExplorer through(UnaryOperator<Interactions> own) {
        through = own;
        return this;
    }

    /**
     * Sets the maximum number of runs. Default: 1,000. If there are more combinations of moments and actions, some
     * are drawn at random.
     *
     * @param most from 10
     * @return this
     */
    public AnswerExplorer runs(int most) {
        if (most < 10) {
            throw new IllegalArgumentException("runs must be at least 10, not " + most + "");
        }
        runs = most;
        return this;
    }

    /**
     * Sets the seed of all random choices. Default: 1.
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
     * @return the result
     * @throws AssertionError on the first run that breaks an invariant; names the invariant, the run and what
     *     happened
     */
    public Explored explore() {
        String started = workflow;
        if (started == null) {
            throw new IllegalStateException("No workflow is set; call start(workflow, input) first");
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

    /** Runs once and returns the number of moments. */
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
