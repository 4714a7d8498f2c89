package io.flowscript.engine;

import io.flowscript.core.event.Event;
import io.flowscript.core.event.WorkflowEvent;
import io.flowscript.core.observe.FlowScriptTracer.Traced;
import io.flowscript.core.snapshot.ExecutionResult;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What an execution has decided under its lock, to be done after it. */
final class Decision {

    /** The events of this step. */
    final List<Event> events;

    /** The node to call next, or null. */
    @Nullable
    NodeCall next;

    /** The call that is over, or null. */
    @Nullable
    NodeCall ended;

    /** Whether that call came to an outcome that is not a failure. */
    boolean succeeded;

    /** How long that call took, in nanoseconds, if there is an observer. */
    long nanos;

    /** How the execution ended, if this was its end. */
    @Nullable
    ExecutionResult result;

    /** Whether the interactions have changed. */
    boolean interactionsChanged;

    /** Whether it counts as a step of the execution. */
    boolean isStep = true;

    /** Whether the journal has it, and performs its actions later. */
    boolean recorded;

    Decision(List<Event> events) {
        this.events = events;
    }

    /** Tells the observer and the tracer of it, with no lock held. */
    void report(WorkflowExecution execution, EngineServices services) {
        Observation observer = services.observer;
        for (Event event : events) {
            observer.appended(event);
            if (event instanceof WorkflowEvent.Paused) {
                observer.asked(execution.workflowId());
            }
        }
        NodeCall call = ended;
        if (call != null && observer.isObserved()) {
            observer.nodeCalled(execution.workflowId(), call.nodeName(), succeeded, nanos);
        }
        if (isStep) {
            observer.stepped();
        }
        if (result != null) {
            Event last = events.get(events.size() - 1);
            observer.executionEnded(execution.workflowId(), last.type());
            Traced traced = execution.traced();
            if (traced != null) {
                services.tracer.ended(traced, execution.createdAt(), result.endedAt(), last.type());
            }
        }
    }
}
