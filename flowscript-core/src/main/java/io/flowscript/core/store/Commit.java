package io.flowscript.core.store;

import io.flowscript.core.event.RecordedEvent;
import io.flowscript.core.snapshot.ExecutionSnapshot;
import io.flowscript.core.workflow.WorkflowDefinition;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A change of one execution, which a store writes as a whole or not at all: its new events, and what the execution is after
 * them. Immutable.
 *
 * @since 0.1.0
 */
public final class Commit {

    private final String executionId;
    private final List<RecordedEvent> events;
    private final @Nullable ExecutionSnapshot snapshot;
    private final @Nullable ExecutionSnapshot before;
    private final @Nullable WorkflowDefinition definition;
    private final long number;
    private final long fence;

    /**
     * Creates a change.
     *
     * @param executionId the id of the execution
     * @param events the new events, in their order; may be empty
     * @param snapshot the execution after this change; null when nothing but the log has changed
     * @param before the snapshot of the last commit that had one, for stores that write only what is different; null for the first
     *     commit of an execution
     * @param definition the workflow that the execution runs from now on, in the first commit of an execution and when it has
     *     moved to another version; null in all others
     * @param number the place of the execution in the order in which executions were started. An engine gives each execution
     *     a greater number than all that it has started before. A store writes it with the first commit.
     * @param fence the fence of the execution's shard in a {@link SharedStore}, as the engine knows it; of no meaning in other stores
     */
    public Commit(
            String executionId,
            List<RecordedEvent> events,
            @Nullable ExecutionSnapshot snapshot,
            @Nullable ExecutionSnapshot before,
            @Nullable WorkflowDefinition definition,
            long number,
            long fence) {
        this.executionId = Objects.requireNonNull(executionId, "executionId");
        this.events = List.copyOf(events);
        this.snapshot = snapshot;
        this.before = before;
        this.definition = definition;
        this.number = number;
        this.fence = fence;
    }

    /**
     * Creates a change for a store that is not shared.
     *
     * @param executionId the id of the execution
     * @param events the new events, in their order; may be empty
     * @param snapshot the execution after this change; null when nothing but the log has changed
     * @param before the snapshot of the last commit that had one; null for the first commit of an execution
     * @param definition the workflow that the execution runs from now on; null when that has not changed
     * @param number the place of the execution in the order in which executions were started
     */
    public Commit(
            String executionId,
            List<RecordedEvent> events,
            @Nullable ExecutionSnapshot snapshot,
            @Nullable ExecutionSnapshot before,
            @Nullable WorkflowDefinition definition,
            long number) {
        this(executionId, events, snapshot, before, definition, number, 0);
    }

    /** {@return the id of the execution} */
    public String executionId() {
        return executionId;
    }

    /** {@return the new events, in their order; they follow those of the commit before without a gap} */
    public List<RecordedEvent> events() {
        return events;
    }

    /**
     * Returns the execution after this change.
     *
     * @return the snapshot; null when nothing but the log has changed
     */
    public @Nullable ExecutionSnapshot snapshot() {
        return snapshot;
    }

    /**
     * Returns the snapshot of the last commit that had one.
     *
     * @return the snapshot, whose unchanged parts are the same objects as in {@link #snapshot}; null in the first commit of
     *     an execution
     */
    public @Nullable ExecutionSnapshot before() {
        return before;
    }

    /**
     * Returns the workflow that the execution runs from now on.
     *
     * @return the workflow, in the first commit of an execution and when it has moved to another version; null in all others
     */
    public @Nullable WorkflowDefinition definition() {
        return definition;
    }

    /** {@return the place of the execution in the order in which executions were started} */
    public long number() {
        return number;
    }

    /**
     * Returns the fence of the execution's shard. A {@link SharedStore} refuses the commit with code {@code shard_lost} when it
     * is not the fence of that shard any more.
     *
     * @return the fence; of no meaning when the store is not shared
     */
    public long fence() {
        return fence;
    }

    /**
     * Returns whether the workflow of the execution marks parts of its state as secret. Any value of such a commit can hold
     * a secret: the state, but also an answer, the data of an edge or what a person is shown. So a store encrypts the events
     * and the snapshot as a whole, or refuses the commit with code {@code no_cipher}.
     *
     * @return whether the events and the snapshot must not be written to a disk as they are
     */
    public boolean hasSecrets() {
        ExecutionSnapshot known = snapshot == null ? before : snapshot;
        return (definition != null && !definition.secrets().isEmpty())
                || (known != null && !known.secrets().isEmpty());
    }

    /** {@return whether this is the first commit of an execution} */
    public boolean isFirst() {
        return before == null && definition != null;
    }
}
