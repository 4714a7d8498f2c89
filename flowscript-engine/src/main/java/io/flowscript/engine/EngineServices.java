package io.flowscript.engine;

import io.flowscript.core.concurrent.MemoryBudget;
import io.flowscript.core.observe.FlowScriptTracer;
import io.flowscript.core.runtime.BusinessTime;
import io.flowscript.core.runtime.EngineClock;
import io.flowscript.core.store.ExecutionChange;
import java.util.function.Supplier;

/** The services of the engine that every execution needs. Immutable. */
final class EngineServices {

    final EngineClock clock;

    final EngineThreads threads;

    final EngineLimits limits;

    /** The memory of all executions together, without their logs. */
    final MemoryBudget memory;

    /** Checks answers. */
    final FormCache forms;

    /** Computes business time. */
    final BusinessTime businessTime;

    /** Makes ids. */
    final Supplier<String> ids;

    final Callbacks callbacks;

    /** Carries out commands, here or where the execution goes on. */
    final RemoteCommands remote;

    /** Counts what happens, and tells the observer; called with no lock held, and never throws. */
    final Observation observer;

    /** Makes spans; called with no lock held, and never throws. */
    final FlowScriptTracer tracer;

    EngineServices(
            EngineClock clock,
            EngineThreads threads,
            EngineLimits limits,
            MemoryBudget memory,
            FormCache forms,
            BusinessTime businessTime,
            Supplier<String> ids,
            Callbacks callbacks,
            RemoteCommands remote,
            Observation observer,
            FlowScriptTracer tracer) {
        this.clock = clock;
        this.threads = threads;
        this.limits = limits;
        this.memory = memory;
        this.forms = forms;
        this.businessTime = businessTime;
        this.ids = ids;
        this.callbacks = callbacks;
        this.remote = remote;
        this.observer = observer;
        this.tracer = tracer;
    }

    /** The events that an execution reports to the engine. Called with no lock held. */
    interface Callbacks {

        /** An execution that was not shown can be found from now on; called once, before its first events are shown. */
        void created(WorkflowExecution execution);

        /** An execution has ended; called once for each, and again when it threw something. */
        void ended(WorkflowExecution execution);

        /** An execution can neither continue nor be ended; called at most once for each. */
        void broken(WorkflowExecution execution);

        /** An execution that is stored waits, for a person or for a time, and could leave memory. */
        void waiting(WorkflowExecution execution);

        /**
         * An execution that has left memory is about to take in what somebody has asked for. It is brought up to date before, which may block.
         *
         * @return whether it is active, or has ended; false when it goes on elsewhere
         */
        boolean activate(WorkflowExecution execution);

        /**
         * An execution that has left memory is about to go on by itself. Does not block.
         *
         * @return whether it is active, or has ended; false when it goes on elsewhere, or has until now: then who brings it back lets it go on
         */
        boolean activateIfCurrent(WorkflowExecution execution);

        /** A command for an execution was carried out elsewhere. When this returns, its effect is seen here. Blocks. */
        void changedElsewhere(WorkflowExecution execution);

        /** An execution was changed by this engine when it had lost it already. Does not block. */
        void storedWhenLost(ExecutionChange change);

        /** The shard of an execution has another owner, so that nothing more of it can be stored here. */
        void lost(WorkflowExecution execution);

        /** Whether a passive execution is kept from being collected. Called with the lock of the execution held. */
        void keep(WorkflowExecution execution, boolean kept);

        /** The interactions of an execution have changed. */
        void interactionsChanged(WorkflowExecution execution);

        /** A log has grown. */
        void logGrown();
    }
}
