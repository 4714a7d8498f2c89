package io.flowscript.core.engine;

import io.flowscript.core.runtime.BusinessTime;
import io.flowscript.core.runtime.EngineClock;
import java.util.concurrent.Executor;
import java.util.function.Supplier;

/**
 * What every execution needs of its engine.
 *
 * @param clock the time
 * @param executor runs nodes
 * @param limits the bounds
 * @param forms checks answers
 * @param businessTime how human time passes
 * @param ids makes ids
 * @param keeper keeps the executions
 */
record Services(
        EngineClock clock,
        Executor executor,
        EngineLimits limits,
        Forms forms,
        BusinessTime businessTime,
        Supplier<String> ids,
        Keeper keeper) {

    /** Keeps the executions, and forgets them. Called with no lock held. */
    interface Keeper {

        /** An execution has come to its end; called once for each. */
        void ended(WorkflowExecution execution);

        /** What an execution asks people has changed. */
        void asks(WorkflowExecution execution);

        /** A log has grown. */
        void grown();
    }
}
