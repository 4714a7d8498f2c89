package io.flowscript.testkit;

import io.flowscript.core.Identity;
import io.flowscript.core.interaction.Interaction;
import io.flowscript.core.interaction.Receipt;
import io.flowscript.core.log.Retention;
import io.flowscript.core.snapshot.ExecutionSnapshot;
import io.flowscript.core.snapshot.ExecutionStatus;
import io.flowscript.core.testing.ManualClock;
import io.flowscript.core.testing.ManualExecutor;
import io.flowscript.engine.Execution;
import io.flowscript.engine.FlowScript;
import io.flowscript.engine.FlowScriptBuilder;
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
 * An engine for a test. Its clock moves only when the test advances it, everything runs on the thread of the test,
 * ids are equal in every run, and people follow scripts that the test sets. A year passes in milliseconds, with
 * everything in it in the right order. Executions are kept after their end.
 *
 * <pre>{@code
 * flows.whenAsked("review").by("ann").answer(Map.of("decision", "approved")).after(Duration.ofDays(1));
 * Execution run = flows.start("expense", Map.of("amount", 250));
 * flows.advance(Duration.ofDays(2));
 * }</pre>
 *
 * <p>{@link FlowScriptExtension} passes it to test methods; {@link #of(Consumer)} creates one directly. For the
 * thread of the test.
 *
 * @since 0.1.0
 */
public final class TestFlows implements AutoCloseable {

    /** Default time at which a test begins: 2026-01-01T00:00:00Z. */
    public static final Instant START = ManualClock.START;

    /** Keeps executions long after their end, for assertions. */
    private static final Retention KEPT =
            new Retention(Retention.defaults().maxEvents(), Retention.defaults().maxBytes(), Duration.ofDays(36_525));

    private static final int MAX_ROUNDS = 100_000;
    private static final int MAX_PAGE = 1_000;

    /** The owner of each execution, so that an assertion can report what people did. */
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
            this.flows = builder.clock(clock)
                    .executor(executor)
                    .engineExecutor(executor)
                    .build();
        } catch (RuntimeException | Error e) {
            log.close();
            throw e;
        }
        this.people = new People(flows);
        WeakReference<TestFlows> self = new WeakReference<>(this);
        flows.executions().onCreated(execution -> OWNERS.put(execution, self));
    }

    /**
     * What a person did, following their {@link PersonScript}.
     *
     * @param what the action in a word, such as {@code claimed}
     * @param by the person; null if anonymous
     * @param question the interaction before the action
     * @param answer the answer; null for other actions
     * @param receipt the receipt; null for other actions
     * @param code {@code accepted}, or the code of the refusal
     * @param at the time of the action
     * @param after the number of the event before the action
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
     * Creates an engine that begins at {@link #START}.
     *
     * @param setup gives it workflows and nodes; must not set a clock or an executor
     * @return the engine, to be closed by the caller
     * @throws io.flowscript.core.workflow.InvalidWorkflowException with every problem of every invalid workflow
     */
    public static TestFlows of(Consumer<? super FlowScriptBuilder> setup) {
        return of(START, setup);
    }

    /**
     * Creates an engine that begins at a given time.
     *
     * @param start the time
     * @param setup gives it workflows and nodes; must not set a clock or an executor
     * @return the engine, to be closed by the caller
     * @throws io.flowscript.core.workflow.InvalidWorkflowException with every problem of every invalid workflow
     */
    public static TestFlows of(Instant start, Consumer<? super FlowScriptBuilder> setup) {
        return new TestFlows(start, new ManualExecutor(), setup);
    }

    /** {@return the owner of an execution; null if no test engine runs it} */
    static @Nullable TestFlows of(Execution execution) {
        WeakReference<TestFlows> owner = OWNERS.get(execution);
        return owner == null ? null : owner.get();
    }

    /**
     * Starts a workflow and runs it until it waits or ends. The execution's id is the workflow's id with a number,
     * such as {@code expense-1}.
     *
     * @param workflowId the workflow
     * @param input merged over the workflow's initial state
     * @return the execution
     */
    public Execution start(String workflowId, Map<String, ? extends @Nullable Object> input) {
        started++;
        return start(workflowId, input, workflowId + "-" + started);
    }

    /**
     * Starts a workflow under a given id and runs it until it waits or ends.
     *
     * @param workflowId the workflow
     * @param input merged over the workflow's initial state
     * @param executionId the id
     * @return the execution
     */
    public Execution start(String workflowId, Map<String, ? extends @Nullable Object> input, String executionId) {
        Execution execution = flows.start(workflowId, input, executionId);
        settle();
        return execution;
    }

    /**
     * Advances the clock, stopping at each moment at which something is due. At each moment, timers fire first, then
     * everything that follows from them runs, then the people whose time has come act, one after the other.
     *
     * @param duration how long, zero or more
     * @throws IllegalArgumentException if the duration is negative
     */
    public void advance(Duration duration) {
        if (duration.isNegative()) {
            throw new IllegalArgumentException("advance takes a duration of zero or more, not " + duration + "");
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

    /** Runs everything that can run now, without advancing the clock. */
    public void settle() {
        int rounds = 0;
        do {
            if (++rounds > MAX_ROUNDS) {
                throw new AssertionError("The engine does not come to rest at "
                        + clock.instant() + ": after " + MAX_ROUNDS
                        + " rounds there is still work");
            }
            executor.runAll();
            clock.advance(Duration.ZERO);
        } while (executor.pending() > 0 || people.act());
    }

    /**
     * Begins a script for what a person does when a node asks.
     *
     * @param node the name of the node
     * @return the script, to be completed with who does what and when
     */
    public PersonScript whenAsked(String node) {
        Objects.requireNonNull(node, "node");
        return script(
                "whenAsked(\"" + node + "\")", question -> question.nodeName().equals(node));
    }

    /**
     * Begins a script for what a person does when a node of one workflow asks.
     *
     * @param workflowId the workflow
     * @param node the name of the node
     * @return the script, to be completed with who does what and when
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
     * Begins a script for what a person does with certain interactions.
     *
     * @param questions selects the interactions; called once for each, and again when a script is added while it is
     *     open
     * @return the script, to be completed with who does what and when
     */
    public PersonScript whenAsked(Predicate<? super Interaction> questions) {
        return script("whenAsked(...)", questions);
    }

    private PersonScript script(String title, Predicate<? super Interaction> questions) {
        PersonScript script = new PersonScript(title, questions);
        people.add(script);
        return script;
    }

    /** {@return what people did so far, in order} */
    public List<Act> acts() {
        return people.acts();
    }

    /** {@return the receipts of all answers so far, in order} */
    public List<Receipt> receipts() {
        return acts().stream().map(Act::receipt).filter(Objects::nonNull).toList();
    }

    /**
     * Returns the receipts of one person.
     *
     * @param person the person's name
     * @return the receipts, in the order of the answers
     */
    public List<Receipt> receipts(String person) {
        return acts().stream()
                .filter(act -> act.by() != null && act.by().name().equals(person))
                .map(Act::receipt)
                .filter(Objects::nonNull)
                .toList();
    }

    /**
     * Returns and clears the logged errors, so that {@link #close} does not report them.
     *
     * @return one line for each
     */
    public List<String> takeErrors() {
        return log.take();
    }

    /** {@return the engine} */
    public FlowScript flows() {
        return flows;
    }

    /** {@return the engine's clock; {@link #advance} moves it} */
    public ManualClock clock() {
        return clock;
    }

    /** {@return the engine's executor; {@link #settle} runs its tasks} */
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
     * Closes the engine and checks that nothing is left: no execution that has not begun or whose node has not
     * returned, no task, no timer, no logged error. An execution that sleeps or waits for people is not a fault.
     *
     * @throws AssertionError that names everything that is left
     */
    @Override
    public void close() {
        List<String> left = new ArrayList<>();
        for (Execution execution : flows.executions().list(null, null, null, MAX_PAGE)) {
            if (execution.status() == ExecutionStatus.PENDING) {
                left.add(execution.id() + " has not begun; call settle()");
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
                    + "; close what was opened on this engine, such as a bridge, before the engine");
        }
        log.take().forEach(error -> left.add("logged: " + error));
        if (!left.isEmpty()) {
            throw new AssertionError("At the end of the test, these are left:\n  " + String.join("\n  ", left));
        }
    }

    /** Closes the engine without checks. */
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
