package io.flowscript.core.log.memory;

import io.flowscript.core.Assignment;
import io.flowscript.core.event.CustomEvent;
import io.flowscript.core.event.Event;
import io.flowscript.core.event.HumanEvent;
import io.flowscript.core.event.NodeEvent;
import io.flowscript.core.event.StateUpdated;
import io.flowscript.core.event.WorkflowEvent;
import io.flowscript.core.json.Json;

/**
 * An estimate of the memory that one recorded event holds. The same event always weighs the same, so what was added when
 * it came is what is taken off when it goes. Data that events share is counted for each of them.
 */
final class EventWeight {

    /** The record with its number and time, the event, its short names and ids, and its slot in the ring. */
    static final long OVERHEAD = 256;

    private EventWeight() {}

    static long of(Event event) {
        return OVERHEAD + data(event);
    }

    private static long data(Event event) {
        if (event instanceof StateUpdated updated) {
            return Json.weight(updated.path()) + Json.weight(updated.newValue());
        }
        if (event instanceof NodeEvent.Completed completed) {
            return Json.weight(completed.data());
        }
        if (event instanceof NodeEvent.Failed failed) {
            return Json.weight(failed.error());
        }
        if (event instanceof CustomEvent custom) {
            return Json.weight(custom.payload()) + Json.weight(custom.conflationKey());
        }
        if (event instanceof WorkflowEvent.Paused paused) {
            return Json.weight(paused.reason());
        }
        if (event instanceof WorkflowEvent.Resumed resumed) {
            return Json.weight(resumed.data());
        }
        if (event instanceof WorkflowEvent.Completed completed) {
            return Json.weight(completed.finalState());
        }
        if (event instanceof WorkflowEvent.Failed failed) {
            return Json.weight(failed.error());
        }
        if (event instanceof WorkflowEvent.Cancelled cancelled) {
            return Json.weight(cancelled.reason());
        }
        if (event instanceof HumanEvent.InputRequired required) {
            HumanEvent.Info info = required.info();
            return Json.weight(info.formSchema())
                    + Json.weight(info.uiHints())
                    + Json.weight(info.contextData())
                    + Json.weight(info.defaultValues())
                    + names(info.assignment());
        }
        if (event instanceof HumanEvent.InputRevised revised) {
            return Json.weight(revised.contextData());
        }
        if (event instanceof HumanEvent.InputEscalated escalated) {
            return names(escalated.assignment());
        }
        return 0;
    }

    private static long names(Assignment assignment) {
        return Json.weight(assignment.people()) + Json.weight(assignment.groups());
    }
}
