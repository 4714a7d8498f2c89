package io.flowscript.core.engine;

import io.flowscript.core.runtime.BusinessTime;
import io.flowscript.core.runtime.EngineClock;
import java.util.concurrent.Executor;
import java.util.function.Supplier;

/** What every execution needs of its engine. Immutable. */
final class Services {

    final EngineClock clock;

    /** Runs nodes. */
    final Executor executor;

    final EngineLimits limits;

    /** Checks answers. */
    final Forms forms;

    /** How human time passes. */
    final BusinessTime businessTime;

    /** Makes ids. */
    final Supplier<String> ids;

    final Keeper keeper;

    Services(
            EngineClock clock,
            Executor executor,
            EngineLimits limits,
            Forms forms,
            BusinessTime businessTime,
            Supplier<String> ids,
            Keeper keeper) {
        this.clock = clock;
        this.executor = executor;
        this.limits = limits;
        this.forms = forms;
        this.businessTime = businessTime;
        this.ids = ids;
        this.keeper = keeper;
    }

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
