package io.flowscript.engine;

import io.flowscript.core.CommandKey;
import io.flowscript.core.interaction.Interactions;
import io.flowscript.core.observe.FlowScriptObserver;
import io.flowscript.core.observe.FlowScriptTracer;
import io.flowscript.core.runtime.EngineClock;
import io.flowscript.core.snapshot.ExecutionSnapshot;
import io.flowscript.core.workflow.WorkflowDefinition;
import io.flowscript.core.workflow.WorkflowGraph;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A workflow engine. It holds nodes and workflows, runs executions, and accepts answers from people. Safe for use by
 * any thread.
 *
 * <p>At most one thread at a time advances an execution; a waiting execution holds no thread. {@link #close} stops
 * everything that this engine started.
 *
 * @since 0.1.0
 */
public interface FlowScript extends AutoCloseable {

    /**
     * Returns a builder for an engine with the built-in nodes and the settings of the
     * {@link EngineExtension extensions}.
     *
     * @return the builder
     */
    static FlowScriptBuilder builder() {
        return new FlowScriptBuilder();
    }

    /**
     * Starts an execution of a workflow under a new, random id.
     *
     * @param workflowId the id of a registered workflow
     * @param input the input, which overrides the workflow's initial state key by key
     * @return the execution
     * @throws io.flowscript.core.runtime.InvalidInputException when the input does not fit the form of the workflow's input
     * @throws io.flowscript.core.FlowScriptException with code {@code workflow_not_found}, {@code invalid_value},
     *     {@code too_many_executions}, {@code memory_limit} or {@code engine_closed}
     */
    Execution start(String workflowId, Map<String, ? extends @Nullable Object> input);

    /**
     * Starts an execution of a workflow under an id that the application chooses.
     *
     * @param workflowId the id of a registered workflow
     * @param input the input, which overrides the workflow's initial state key by key
     * @param executionId the id: 1 to 128 letters, digits and characters of {@code . _ : -}. The ids {@code .} and
     *     {@code ..} are not allowed, because a URL cannot contain them.
     * @return the execution
     * @throws io.flowscript.core.FlowScriptException as for {@link #start(String, Map)}, and with code
     *     {@code execution_exists} or {@code invalid_execution_id}
     */
    default Execution start(String workflowId, Map<String, ? extends @Nullable Object> input, String executionId) {
        return start(workflowId, input, executionId, null);
    }

    /**
     * Starts an execution of a workflow as a command, which the execution remembers.
     *
     * @param workflowId the id of a registered workflow
     * @param input the input, which overrides the workflow's initial state key by key
     * @param executionId the id of the execution
     * @param key identifies the command; null to remember nothing. A key is not compared with those of other executions.
     * @return the execution
     * @throws io.flowscript.core.FlowScriptException as {@link #start(String, Map, String)}
     * @see ExecutionSnapshot#commands
     */
    Execution start(
            String workflowId,
            Map<String, ? extends @Nullable Object> input,
            String executionId,
            @Nullable CommandKey key);

    /**
     * Continues an execution from a snapshot that this or another engine made. New events continue the numbering of
     * the snapshot in a new epoch. A client that has seen no more than the snapshot counts goes on without noticing. A
     * client that has seen later events, because the snapshot is older than what happened, is notified of the gap, since
     * those events are void. Earlier events are not available; a client that asks for them is notified of the gap too.
     * An execution that had ended keeps its epoch.
     *
     * @param snapshot the snapshot
     * @return the execution
     * @throws io.flowscript.core.FlowScriptException with code {@code workflow_not_found}, {@code definition_changed}
     *     when the registered workflow differs from the one that the execution was started with,
     *     {@code execution_exists}, or {@code engine_closed}
     */
    Execution restore(ExecutionSnapshot snapshot);

    /** {@return the executions of this engine} */
    ExecutionManager executions();

    /** {@return the interactions of all executions, and the methods to answer them} */
    Interactions interactions();

    /**
     * Adds a workflow. If the id is already registered, the new workflow replaces the old one for executions that
     * start later.
     *
     * @param definition the workflow
     * @throws io.flowscript.core.workflow.InvalidWorkflowException with all problems of the workflow
     */
    void register(WorkflowDefinition definition);

    /** {@return the registered workflows, in the order of their ids} */
    List<WorkflowDefinition> workflows();

    /**
     * Finds a version of a workflow: the registered one, one of the 256 others that were used last, or one that the store has.
     * With a store, this can block.
     *
     * @param workflowId the id of the workflow
     * @param hash the {@linkplain WorkflowDefinition#hash hash} of the version; null for the registered one
     * @return the definition; empty when there is none
     * @throws io.flowscript.core.FlowScriptException with code {@code store_failed} when the store cannot be read
     */
    Optional<WorkflowDefinition> workflow(String workflowId, @Nullable String hash);

    /**
     * Returns the graph of a workflow, made of what this engine runs. The events and the snapshots of its executions name the
     * steps of this graph. Takes time in proportion to the workflow.
     *
     * @param definition the workflow, registered or not
     * @return the graph; the same for definitions with the same hash
     * @throws io.flowscript.core.workflow.InvalidWorkflowException when this engine cannot run the workflow, for example because it
     *     does not have its nodes
     */
    WorkflowGraph graph(WorkflowDefinition definition);

    /**
     * Returns the versions of a workflow: the registered one, and those that executions of this engine began with.
     *
     * @param workflowId the id of the workflow
     * @return the versions, as {@link #versions(String, Predicate)} of all executions
     */
    default List<WorkflowVersion> versions(String workflowId) {
        return versions(workflowId, execution -> true);
    }

    /**
     * Returns the versions of a workflow, and counts some executions of each. Takes time in proportion to the
     * executions of this engine, ended ones that are still kept included. Executions that change meanwhile are counted as
     * they are when they are looked at.
     *
     * @param workflowId the id of the workflow
     * @param counted which executions of the workflow to count; called with no lock held. What it throws reaches the
     *     caller.
     * @return the registered version first, then the others that have a counted execution, by their newest one; empty
     *     when there are none
     */
    List<WorkflowVersion> versions(String workflowId, Predicate<? super Execution> counted);

    /**
     * Moves executions of other versions of a workflow to the registered version, if they wait for a person or for a time. Each
     * one is moved as a whole or stays as it is; one that stays goes on with its own version. Events, interactions and the state
     * remain. Takes time in proportion to the executions of the workflow, and returns when all that were moved are stored.
     *
     * @param workflowId the id of a registered workflow
     * @param migration which step takes the place of which
     * @return how many were moved, and why others were not
     * @throws io.flowscript.core.FlowScriptException with code {@code workflow_not_found}, {@code invalid_migration} when the
     *     registered version does not have a step that the migration names, and {@code store_unavailable}. What was moved by
     *     then stays moved, and the call can be repeated.
     */
    MigrationReport migrate(String workflowId, Migration migration);

    /** {@return the clock of this engine} */
    EngineClock clock();

    /**
     * Returns the executor of the engine's own work, such as timers and the delivery of events. Nodes do not run on it, so
     * it is never taken up by nodes that block.
     *
     * @return the executor; its tasks must be short and must not block
     */
    Executor engineExecutor();

    /**
     * Returns the executor of code of the application that is no node, such as listeners.
     *
     * @return the executor; its tasks may block. It refuses a task only after the engine is closed.
     */
    Executor listenerExecutor();

    /**
     * Returns whether this engine has a store. If it has, the methods that start, cancel and answer return when their
     * effect is stored, so they can block.
     *
     * @return whether executions are stored
     */
    boolean isDurable();

    /**
     * Returns what this engine holds at this moment. Costs the same for any number of executions.
     *
     * @return the figures
     */
    EngineStats stats();

    /**
     * Returns how this engine is. It notices what shows only over time by being asked now and then, every few seconds or minutes. Costs the same
     * for any number of executions, and does not wait for the store.
     *
     * @return the health
     */
    EngineHealth health();

    /**
     * Returns how much this engine keeps. Takes time in proportion to the executions in memory, and reads the store on the calling
     * thread, which can block; so ask seldom.
     *
     * @return the sizes
     */
    EngineSizes sizes();

    /**
     * Returns what has happened in this engine since it was built. Costs the same for any number of executions.
     *
     * @return the numbers
     */
    EngineCounts counts();

    /**
     * Returns the observer of this engine. The bridge that serves clients reports to it as well.
     *
     * @return the observer that the engine was built with, wrapped so that its methods never throw and what they report is {@linkplain #counts counted}
     */
    FlowScriptObserver observer();

    /** {@return the tracer that the engine was built with, wrapped so that its methods never throw} */
    FlowScriptTracer tracer();

    /**
     * Closes this engine. No execution takes another step, pending results fail with code {@code engine_closed}, and
     * all threads and timers that the engine started end. The last snapshot of each execution can still be read.
     * Closing it again has no effect.
     */
    @Override
    void close();
}
