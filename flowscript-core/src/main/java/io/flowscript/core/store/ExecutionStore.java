package io.flowscript.core.store;

import io.flowscript.core.FlowScriptException;
import io.flowscript.core.event.RecordedEvent;
import io.flowscript.core.interaction.InteractionOrder;
import io.flowscript.core.interaction.InteractionPage;
import io.flowscript.core.interaction.InteractionPlace;
import io.flowscript.core.interaction.InteractionQuery;
import io.flowscript.core.workflow.WorkflowDefinition;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Keeps executions beyond the end of the process. One engine uses a store at a time, unless it is a {@link SharedStore}.
 *
 * <p>The engine tells nobody of a change before its commit has completed: no client, listener, observer or caller, and
 * with {@link Durability#SYNC} no node. An implementation therefore must not complete a commit before it would survive a
 * crash.
 *
 * <p>All methods may be called by any thread. {@link #commit} is called by threads of the engine and must not block; the
 * other methods may.
 *
 * <p>{@code StoreContract} in {@code flowscript-testkit} tests a store against numbered rules.
 *
 * @since 0.1.0
 */
public interface ExecutionStore extends AutoCloseable {

    /**
     * Writes a change of an execution: all of it or nothing.
     *
     * <p>The engine waits for one commit of an execution before it hands in the next one. Commits of different executions
     * come at the same time, and in any number up to the number of executions; a store gathers them into one
     * transaction.
     *
     * @param commit the change
     * @return completes when the change is durable. While the database cannot be reached, the store tries again, and the
     *     stage completes later. It completes exceptionally, with a {@link FlowScriptException}, when
     *     the change is not written and never will be: with code {@code execution_exists} when the first commit of an
     *     execution has an id that is already there, {@code store_closed} after {@link #close}, and {@code store_failed}
     *     otherwise. The engine then stops the execution, which continues from its last commit after a restart. The thread
     *     that completes the stage also runs the engine's next steps, which do not block; it should not be the one that
     *     writes.
     */
    CompletionStage<@Nullable Void> commit(Commit commit);

    /**
     * Returns whether executions may be handed in whose {@linkplain Commit#hasSecrets workflow marks secrets}: the store
     * encrypts them, or it writes nothing to a disk. An engine refuses such workflows otherwise.
     *
     * @return false unless the store says so
     */
    default boolean keepsSecrets() {
        return false;
    }

    /**
     * Reads executions, without events.
     *
     * @param query which ones, in which order, and how many at most
     * @return the executions; empty when there are none. When there are some, at least one is returned; a store may return
     *     fewer than the limit so that they do not need too much memory. Those that cannot be decrypted are left out, and the
     *     store logs which.
     * @throws io.flowscript.core.FlowScriptException with code {@code store_failed} when they cannot be read, and
     *     {@code store_closed} after {@link #close}
     */
    List<StoredExecution> list(ExecutionQuery query);

    /**
     * Counts executions by workflow and status, those that cannot be decrypted too.
     *
     * @param most where the count ends, from 1
     * @return one for each workflow and status that occur, in any order. When there are more executions than {@code most}, any
     *     {@code most} of them are counted.
     * @throws IllegalArgumentException when {@code most} is less than 1
     * @throws FlowScriptException as for {@link #list}
     */
    List<ExecutionCount> count(int most);

    /**
     * Reads the interactions with a question of all executions: those that are open, and the closed ones that the snapshot
     * of their execution remembers, also when it has ended. They are as the last commit of their execution has left them.
     *
     * @param query which ones
     * @param order in which order
     * @param after the place after which the page begins, which need not be that of an interaction; null for the beginning
     * @param limit how many at most, from 1
     * @return the page. A store may return fewer than the limit so that they do not need too much memory. Those that cannot
     *     be decrypted are left out.
     * @throws IllegalArgumentException when the limit is less than 1
     * @throws FlowScriptException as for {@link #list}
     */
    InteractionPage interactions(
            InteractionQuery query, InteractionOrder order, @Nullable InteractionPlace after, int limit);

    /**
     * Counts interactions, those that cannot be decrypted too.
     *
     * @param query which ones
     * @param most where the count ends, from 1
     * @return how many there are; {@code most} when there are as many or more
     * @throws IllegalArgumentException when {@code most} is less than 1
     * @throws FlowScriptException as for {@link #list}
     */
    long countInteractions(InteractionQuery query, long most);

    /**
     * Returns how much is kept of executions that have ended.
     *
     * @return the usage
     * @throws io.flowscript.core.FlowScriptException with code {@code store_failed} when it cannot be read, and
     *     {@code store_closed} after {@link #close}
     */
    StoreUsage usage();

    /**
     * Finds an execution.
     *
     * @param executionId the id of the execution
     * @param maxEvents how many of its newest events are returned, from 0
     * @return the execution; empty when there is none with this id
     * @throws IllegalArgumentException when {@code maxEvents} is negative
     * @throws FlowScriptException with code {@code store_failed} when it cannot be read,
     *     {@code no_cipher}, {@code no_cipher_key} or {@code decryption_failed} when it cannot be decrypted, and
     *     {@code store_closed} after {@link #close}
     */
    Optional<StoredExecution> find(String executionId, int maxEvents);

    /**
     * Finds a definition that executions were committed with.
     *
     * @param hash the {@linkplain WorkflowDefinition#hash hash} of the definition
     * @return the definition, or another one with this hash; empty when the store has none. While it has an execution of the
     *     definition, it has the definition.
     * @throws FlowScriptException as for {@link #list}
     */
    Optional<WorkflowDefinition> definition(String hash);

    /**
     * Reads events of an execution.
     *
     * @param executionId the id of the execution
     * @param after the number of an event, from 0
     * @param max the greatest number of events, from 1
     * @return the events that follow this number, in their order and without a gap; empty when there are none, or no such
     *     execution. When some follow, at least one is returned; a store may return fewer than {@code max} so that they
     *     do not need too much memory.
     * @throws IllegalArgumentException when a number is out of its range
     * @throws FlowScriptException as for {@link #find}
     */
    List<RecordedEvent> events(String executionId, long after, int max);

    /**
     * Removes an execution with its events. Removing one that does not exist has no effect.
     *
     * @param executionId the id of an execution that has ended
     * @return completes when it is removed; exceptionally as for {@link #commit}
     */
    CompletionStage<@Nullable Void> remove(String executionId);

    /**
     * Returns for how long the store has been trying to write the same changes. The engine reads it often, so it must not
     * block. When it is long, the engine refuses new executions and commands, and says that it is not healthy.
     *
     * @return the time; {@link Duration#ZERO} when nothing is being written, and when the store does not measure it
     */
    default Duration stalled() {
        return Duration.ZERO;
    }

    /**
     * Ends the store. Commits that were handed in before are written or fail. All threads and connections that the store
     * has opened end. Closing it again has no effect.
     */
    @Override
    void close();
}
