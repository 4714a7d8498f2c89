package io.flowscript.testkit.store;

import io.flowscript.core.event.Event;
import io.flowscript.core.event.NodeEvent;
import io.flowscript.core.event.RecordedEvent;
import io.flowscript.core.event.StateUpdated;
import io.flowscript.core.event.WorkflowEvent;
import io.flowscript.core.snapshot.ExecutionSnapshot;
import io.flowscript.core.snapshot.ExecutionSnapshot.Phase;
import io.flowscript.core.snapshot.ExecutionSnapshot.Visit;
import io.flowscript.core.snapshot.ExecutionStatus;
import io.flowscript.core.store.Commit;
import io.flowscript.core.workflow.WorkflowDefinition;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * An execution without an engine: makes the commits that an engine would hand in, and keeps what a store is then to return.
 *
 * <pre>{@code
 * StoredRun run = new StoredRun("one");
 * await(store.commit(run.step()));
 * assertStored(run);
 * }</pre>
 *
 * <p>As an engine does, the test waits for one commit of a run before it makes the next one, or hands them in one after
 * the other at least. For use by one thread at a time.
 *
 * @since 0.1.0
 */
public final class StoredRun {

    static final Instant START = Instant.parse("2026-01-02T03:04:05.678Z");

    /** Each execution has a greater number than those that were made before. */
    private static final AtomicLong NUMBERS = new AtomicLong();

    private final long number = NUMBERS.incrementAndGet();
    private WorkflowDefinition definition;
    private final String id;
    private final List<RecordedEvent> events = new ArrayList<>();
    private final Map<String, @Nullable Object> state = new LinkedHashMap<>();
    private ExecutionSnapshot snapshot;
    private boolean started;

    /**
     * Creates an execution of a small workflow. Two executions that are made so have the same workflow.
     *
     * @param id the id of the execution
     */
    public StoredRun(String id) {
        this(id, workflow("orders"));
    }

    StoredRun(String id, WorkflowDefinition definition) {
        this.id = id;
        this.definition = definition;
        this.snapshot = ExecutionSnapshot.builder()
                .executionId(id)
                .workflowId(definition.id())
                .definitionHash(definition.hash())
                .secrets(definition.secrets())
                .createdAt(START)
                .epoch("epoch-1")
                .lastEventAt(START)
                .build();
        state.put("text", "x".repeat(700) + "\u00e4\u0000");
    }

    /** {@return a small workflow} */
    static WorkflowDefinition workflow(String id) {
        return WorkflowDefinition.of(Map.of("id", id, "nodes", List.of("first", "second")));
    }

    /** {@return a small workflow that marks a secret} */
    static WorkflowDefinition secretWorkflow() {
        return WorkflowDefinition.of(
                Map.of("id", "secret", "secrets", List.of("$.card"), "nodes", List.of("first", "second")));
    }

    /** {@return the id of the execution} */
    public String id() {
        return id;
    }

    /** {@return the workflow of the execution} */
    public WorkflowDefinition definition() {
        return definition;
    }

    /** {@return the place of the execution in the order in which executions were started} */
    public long number() {
        return number;
    }

    /** {@return the snapshot of the last commit that had one; before the first commit, an execution that has not started} */
    public ExecutionSnapshot snapshot() {
        return snapshot;
    }

    /** {@return the events of all commits so far, in their order; a view that cannot be changed} */
    public List<RecordedEvent> events() {
        return Collections.unmodifiableList(events);
    }

    /**
     * Writes to the state, from the next step on.
     *
     * @param key the key
     * @param value a JSON value
     * @return this run
     */
    public StoredRun put(String key, @Nullable Object value) {
        state.put(key, value);
        return this;
    }

    /** {@return a commit with two events and a snapshot; the first one starts the execution and has one event more} */
    public Commit step() {
        long step = snapshot.steps() + 1;
        List<Event> happened = new ArrayList<>();
        if (!started) {
            happened.add(new WorkflowEvent.Started(definition.id(), null, null));
        }
        happened.add(new NodeEvent.Executing("visit-" + step, "first", "first", 1, "s0"));
        happened.add(new StateUpdated("count", step));
        return step(happened, next -> next);
    }

    /**
     * Makes a commit of events alone, as of a node that emits while it works. The execution has started.
     *
     * @param count how many events, from 1
     * @return a commit without a snapshot
     */
    public Commit emit(int count) {
        List<Event> happened = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            happened.add(new StateUpdated("emitted", (long) i));
        }
        return commit(record(happened), null);
    }

    /** {@return a commit of a snapshot alone; the execution has started} */
    public Commit quietStep() {
        return step(List.of(), next -> next);
    }

    /** Makes a commit after which the execution runs another version of its workflow. */
    Commit moveTo(WorkflowDefinition version) {
        Commit step = step(List.of(new StateUpdated("count", 0L)), next -> next.definitionHash(version.hash()));
        definition = version;
        return new Commit(id, step.events(), step.snapshot(), step.before(), version, number);
    }

    /**
     * Makes a commit after which the execution sleeps.
     *
     * @param until the time at which it goes on
     */
    Commit sleep(Instant until) {
        return step(
                List.of(new StateUpdated("count", 0L)),
                next -> next.visit(Visit.builder()
                        .nodeId("visit-1")
                        .nodeName("first")
                        .startedAt(START)
                        .phase(Phase.SLEEPING)
                        .wakeAt(until)
                        .build()));
    }

    /** Makes a commit after which the execution waits for a person, and nothing is due. */
    Commit ask() {
        return step(
                List.of(new StateUpdated("count", 0L)),
                next -> next.status(ExecutionStatus.PAUSED)
                        .visit(Visit.builder()
                                .nodeId("visit-1")
                                .nodeName("first")
                                .startedAt(START)
                                .phase(Phase.ASKING)
                                .build()));
    }

    /** Makes a commit of the last event, after which the execution has completed. */
    Commit complete() {
        return step(
                List.of(new WorkflowEvent.Completed(Map.of(), null)),
                next -> next.status(ExecutionStatus.COMPLETED).visit(null));
    }

    /**
     * Makes a commit of events and a snapshot.
     *
     * @param change what else is different in the snapshot
     */
    @SuppressWarnings("NullAway") // the nullness of type arguments is not in the class files that JDK 17 reads
    Commit step(List<Event> happened, UnaryOperator<ExecutionSnapshot.Builder> change) {
        List<RecordedEvent> recorded = record(happened);
        state.put("count", snapshot.steps() + 1);
        ExecutionSnapshot next = change.apply(snapshot.toBuilder()
                        .status(ExecutionStatus.RUNNING)
                        .state(state)
                        .steps(snapshot.steps() + 1)
                        .seq(events.size())
                        .lastEventAt(START.plusMillis(events.size())))
                .build();
        return commit(recorded, next);
    }

    private List<RecordedEvent> record(List<Event> happened) {
        List<RecordedEvent> recorded = new ArrayList<>();
        for (Event event : happened) {
            long seq = events.size() + 1L;
            RecordedEvent one = new RecordedEvent(id, definition.id(), "epoch-1", seq, START.plusMillis(seq), event);
            recorded.add(one);
            events.add(one);
        }
        return recorded;
    }

    private Commit commit(List<RecordedEvent> recorded, @Nullable ExecutionSnapshot next) {
        Commit commit = new Commit(id, recorded, next, started ? snapshot : null, started ? null : definition, number);
        started = true;
        snapshot = next == null ? snapshot : next;
        return commit;
    }
}
