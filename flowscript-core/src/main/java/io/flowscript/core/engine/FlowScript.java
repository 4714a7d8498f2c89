package io.flowscript.core.engine;

import io.flowscript.core.interaction.Interactions;
import io.flowscript.core.observe.FlowScriptObserver;
import io.flowscript.core.runtime.EngineClock;
import io.flowscript.core.workflow.WorkflowDefinition;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * The engine: knows nodes and workflows, runs executions, takes answers. Safe for use by any thread.
 *
 * <p>One thread advances an execution at a time; a waiting execution holds none. {@link #close} ends all that this
 * engine started.
 *
 * @since 0.1.0
 */
public interface FlowScript extends AutoCloseable {

    /**
     * Begins an engine with the built-in nodes and what {@link EngineExtension extensions} bring.
     *
     * @return the beginning of an engine
     */
    static FlowScriptBuilder builder() {
        return new FlowScriptBuilder();
    }

    /**
     * Starts a workflow under a new id that cannot be guessed.
     *
     * @param workflowId a workflow that this engine knows
     * @param input merged over the workflow's initial state, key by key
     * @return the execution, which has its log already
     * @throws io.flowscript.core.FlowScriptException with code {@code workflow_not_found}, {@code invalid_value},
     *     {@code too_many_executions} or {@code engine_closed}
     */
    Execution start(String workflowId, Map<String, ? extends @Nullable Object> input);

    /**
     * Starts a workflow under an id of the application's own.
     *
     * @param workflowId a workflow that this engine knows
     * @param input merged over the workflow's initial state, key by key
     * @param executionId 1 to 128 characters: letters, digits, and {@code . _ : -}; neither {@code .} nor {@code ..}, which no URL can name
     * @return the execution
     * @throws io.flowscript.core.FlowScriptException as above, with code {@code execution_exists}, or {@code invalid_execution_id}
     */
    Execution start(String workflowId, Map<String, ? extends @Nullable Object> input, String executionId);

    /**
     * Continues an execution that was written down, here or by another engine. Its events go on with the next number, in
     * the same epoch; those of before are not here, and whoever asks for them is told so.
     *
     * @param snapshot the execution as it was
     * @return the execution
     * @throws io.flowscript.core.FlowScriptException with code {@code workflow_not_found}, {@code definition_changed} when
     *     the workflow of that id is not the one it was begun with, {@code execution_exists}, or {@code engine_closed}
     */
    Execution restore(ExecutionSnapshot snapshot);

    /** {@return every execution} */
    ExecutionManager executions();

    /** {@return the questions that wait for people, and the way to answer them} */
    Interactions interactions();

    /**
     * Adds a workflow, or replaces the one with its id for executions that start from now on.
     *
     * @param definition the workflow
     * @throws io.flowscript.core.workflow.InvalidWorkflowException with every problem that is in it
     */
    void register(WorkflowDefinition definition);

    /** {@return the workflows that can be started, by id} */
    List<WorkflowDefinition> workflows();

    /** {@return the clock that this engine runs by} */
    EngineClock clock();

    /** {@return the executor that nodes and listeners run on} */
    Executor executor();

    /**
     * What this engine reports to, for what serves its clients to report to as well.
     *
     * @return the observer that the engine was built with, in a guard: its methods throw nothing
     */
    FlowScriptObserver observer();

    /**
     * Ends this engine: no execution takes another step, results that are still awaited fail with code {@code engine_closed}, and threads and
     * timers that it started end. What an execution was at that moment can still be read as its snapshot. Closing twice is harmless.
     */
    @Override
    void close();
}
