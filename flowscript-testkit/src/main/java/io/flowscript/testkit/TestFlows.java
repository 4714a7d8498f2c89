package io.flowscript.testkit;

import io.flowscript.core.Identity;
import io.flowscript.core.engine.Execution;
import io.flowscript.core.engine.ExecutionSnapshot;
import io.flowscript.core.engine.ExecutionStatus;
import io.flowscript.core.engine.FlowScript;
import io.flowscript.core.engine.FlowScriptBuilder;
import io.flowscript.core.interaction.Interaction;
import io.flowscript.core.interaction.Receipt;
import io.flowscript.core.log.Retention;
import io.flowscript.core.testing.ManualClock;
import io.flowscript.core.testing.ManualExecutor;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.WeakHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * An engine for a test: its time stands still until the test lets it pass, nothing runs but on the thread of the test, ids are the same in every run, and
 * people do what they are told beforehand. A year passes in milliseconds, everything in it in the right order. Executions that have ended are kept.
 *
 * <pre>{@code
 * flows.whenAsked("review").by("ann").answer(Map.of("decision", "approved")).after(Duration.ofDays(1));
 * Execution run = flows.start("expense", Map.of("amount", 250));
 * flows.advance(Duration.ofDays(2));
 * }</pre>
 *
 * <p>Given to test methods by {@link FlowScriptExtension}, or made by {@link #of(Consumer)}. For the thread of the test.
 *
 * @since 0.1.0
 */
public final class TestFlows implements AutoCloseable {

    /** The time at which a test begins when it does not say: 2026-01-01T00:00:00Z. */
    public static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

    /** A test looks at executions long after their end. */
    private static final Retention KEPT =
            new Retention(Retention.defaults().maxEvents(), Retention.defaults().maxBytes(), Duration.ofDays(36_525));

    private static final int MAX_ROUNDS = 100_000;
    private static final int MAX_PAGE = 1_000;

    /** Whose an execution is, so that an assertion can tell what people did. */
    private static final Map<Execution, WeakReference<TestFlows>> OWNERS =
            Collections.synchronizedMap(new WeakHashMap<>());

    private final ManualClock clock;
    private final ManualExecutor executor;
    private final FlowScript flows;
    private final People people;
    private final LogWatch log = LogWatch.begin();
    private int started;

    TestFlows(Instant start, ManualExecutor executor, Consumer<? super FlowScriptBuilder> setup) {
        this.clock = new ManualClock(start);
        this.executor = executor;
        AtomicLong ids = new AtomicLong();
        FlowScriptBuilder builder =
                FlowScript.builder().ids(() -> "id-" + ids.incrementAndGet()).retention(KEPT);
        try {
            setup.accept(builder);
            this.flows = builder.clock(clock).executor(executor).build();
        } catch (RuntimeException | Error e) {
            log.close();
            throw e;
        }
        this.people = new People(flows);
        WeakReference<TestFlows> self = new WeakReference<>(this);
        flows.executions().onCreated(execution -> OWNERS.put(execution, self));
    }

    /**
     * What a person did, as their {@link PersonScript} said.
     *
     * @param what in a word, such as {@code claimed}
     * @param by who; null when they did not say
     * @param question the question as it was before
     * @param answer the answer; null for what was not one
     * @param receipt what became of the answer; null for what was not one
     * @param code {@code accepted}, or why it was refused
     * @param at when
     * @param after the number of the event before
     */
    public record Act(
            String what,
            @Nullable Identity by,
            Interaction question,
            @Nullable Object answer,
            @Nullable Receipt receipt,
            String code,
            Instant at,
            long after) {}

    /**
     * An engine that begins at {@link #START}.
     *
     * @param setup gives it workflows and nodes; clock and executor are its own
     * @return the engine, to be closed by the caller
     * @throws io.flowscript.core.workflow.InvalidWorkflowException with every problem of every workflow that cannot be run
     */
    public static TestFlows of(Consumer<? super FlowScriptBuilder> setup) {
        return of(START, setup);
    }

    /**
     * An engine that begins at a time.
     *
     * @param start the time
     * @param setup gives it workflows and nodes; clock and executor are its own
     * @return the engine, to be closed by the caller
     * @throws io.flowscript.core.workflow.InvalidWorkflowException with every problem of every workflow that cannot be run
     */
    public static TestFlows of(Instant start, Consumer<? super FlowScriptBuilder> setup) {
        return new TestFlows(start, new ManualExecutor(), setup);
    }

    /** {@return whose an execution is; null when it is no test's} */
    static @Nullable TestFlows of(Execution execution) {
        WeakReference<TestFlows> owner = OWNERS.get(execution);
        return owner == null ? null : owner.get();
    }

    /**
     * Starts a workflow and lets it run up to where it waits. Its id is that of the workflow with a number: {@code expense-1}.
     *
     * @param workflowId the workflow
     * @param input merged over its initial state
     * @return the execution
     */
    public Execution start(String workflowId, Map<String, ? extends @Nullable Object> input) {
        started++;
        return start(workflowId, input, workflowId + "-" + started);
    }

    /**
     * Starts a workflow under an id and lets it run up to where it waits.
     *
     * @param workflowId the workflow
     * @param input merged over its initial state
     * @param executionId the id
     * @return the execution
     */
    public Execution start(String workflowId, Map<String, ? extends @Nullable Object> input, String executionId) {
        Execution execution = flows.start(workflowId, input, executionId);
        settle();
        return execution;
    }

    /**
     * Lets time pass, from one moment at which something falls due to the next: timers first, then all that follows from them, then the people whose time
     * has come, one after the other.
     *
     * @param duration how long, zero or more
     */
    public void advance(Duration duration) {
        if (duration.isNegative()) {
            throw new IllegalArgumentException("Time does not go back: advance(" + duration + ")");
        }
        Instant end = clock.instant().plus(duration);
        settle();
        Instant due = next();
        while (due != null && !due.isAfter(end)) {
            goTo(due);
            settle();
            due = next();
        }
        goTo(end);
    }

    /** Lets everything happen that can happen now, without time passing. */
    public void settle() {
        int rounds = 0;
        do {
            if (++rounds > MAX_ROUNDS) {
                throw new AssertionError("It does not come to rest at "
                        + clock.instant() + ": after " + MAX_ROUNDS
                        + " rounds there is still something to do");
            }
            executor.runAll();
            clock.advance(Duration.ZERO);
        } while (executor.pending() > 0 || people.act());
    }

    /**
     * Says what a person does when they are asked by a node.
     *
     * @param node the name of the node
     * @return goes on with who does what, and when
     */
    public PersonScript whenAsked(String node) {
        Objects.requireNonNull(node, "node");
        return script(
                "whenAsked(\"" + node + "\")", question -> question.nodeName().equals(node));
    }

    /**
     * Says what a person does when they are asked by a node of one workflow.
     *
     * @param workflowId the workflow
     * @param node the name of the node
     * @return goes on with who does what, and when
     */
    public PersonScript whenAsked(String workflowId, String node) {
        Objects.requireNonNull(workflowId, "workflowId");
        Objects.requireNonNull(node, "node");
        return script(
                "whenAsked(\"" + workflowId + "\", \"" + node + "\")",
                question -> question.workflowId().equals(workflowId)
                        && question.nodeName().equals(node));
    }

    /**
     * Says what a person does with some questions.
     *
     * @param questions which; asked once for each question, and again when something is scripted while it is open
     * @return goes on with who does what, and when
     */
    public PersonScript whenAsked(Predicate<? super Interaction> questions) {
        return script("whenAsked(...)", questions);
    }

    private PersonScript script(String title, Predicate<? super Interaction> questions) {
        PersonScript script = new PersonScript(title, questions);
        people.add(script);
        return script;
    }

    /** {@return what people did so far, in that order} */
    public List<Act> acts() {
        return people.acts();
    }

    /** {@return the receipts of all answers so far, in their order} */
    public List<Receipt> receipts() {
        return acts().stream().map(Act::receipt).filter(Objects::nonNull).toList();
    }

    /**
     * The receipts that somebody got.
     *
     * @param person their name
     * @return the receipts, in the order of their answers
     */
    public List<Receipt> receipts(String person) {
        return acts().stream()
                .filter(act -> act.by() != null && act.by().name().equals(person))
                .map(Act::receipt)
                .filter(Objects::nonNull)
                .toList();
    }

    /**
     * The errors that were logged and not taken yet; {@link #close} does not complain of them any more.
     *
     * @return a line for each
     */
    public List<String> takeErrors() {
        return log.take();
    }

    /** {@return the engine} */
    public FlowScript flows() {
        return flows;
    }

    /** {@return the clock of the engine; {@link #advance} lets time pass} */
    public ManualClock clock() {
        return clock;
    }

    /** {@return the executor of the engine; {@link #settle} runs what is waiting} */
    public ManualExecutor executor() {
        return executor;
    }

    boolean isScriptedFor(Interaction question) {
        return people.isScriptedFor(question);
    }

    List<PersonScript> scripts() {
        return people.scripts();
    }

    /**
     * Ends the engine and checks that nothing is left: no execution that has not begun or whose node has not returned, no task, no timer, no error in the
     * log. An execution that sleeps or waits for people is no fault.
     *
     * @throws AssertionError naming everything that is left
     */
    @Override
    public void close() {
        List<String> left = new ArrayList<>();
        for (Execution execution : flows.executions().list(null, null, null, MAX_PAGE)) {
            if (execution.status() == ExecutionStatus.PENDING) {
                left.add(execution.id() + " has not begun: settle() lets it");
            } else if (execution.status() == ExecutionStatus.RUNNING && isWorking(execution.snapshot())) {
                left.add("a node of " + execution.id() + " has not returned\n" + Story.of(execution));
            }
        }
        end();
        if (executor.pending() > 0) {
            left.add(executor.pending() + " tasks on the executor");
        }
        if (clock.pending() > 0) {
            left.add(clock.pending() + " timers, the next at " + clock.next()
                    + ": what was opened on this engine, such as a bridge, is to be closed before it");
        }
        log.take().forEach(error -> left.add("logged: " + error));
        if (!left.isEmpty()) {
            throw new AssertionError("Something is left at the end of the test:\n  " + String.join("\n  ", left));
        }
    }

    /** Ends the engine without a check. */
    void end() {
        flows.close();
        executor.runAll();
        log.close();
    }

    private static boolean isWorking(ExecutionSnapshot snapshot) {
        ExecutionSnapshot.Visit visit = snapshot.visit();
        return visit != null && visit.phase() == ExecutionSnapshot.Phase.WORKING;
    }

    private @Nullable Instant next() {
        Instant timer = clock.next();
        Instant person = people.next();
        if (timer == null || person == null) {
            return timer == null ? person : timer;
        }
        return timer.isBefore(person) ? timer : person;
    }

    private void goTo(Instant time) {
        Duration still = Duration.between(clock.instant(), time);
        clock.advance(still.isNegative() ? Duration.ZERO : still);
    }
}
