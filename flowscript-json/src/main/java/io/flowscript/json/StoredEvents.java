package io.flowscript.json;

import static io.flowscript.json.FieldTypes.ASSIGNMENT;
import static io.flowscript.json.FieldTypes.CAUSE;
import static io.flowscript.json.FieldTypes.DURATION;
import static io.flowscript.json.FieldTypes.FLAG;
import static io.flowscript.json.FieldTypes.INT;
import static io.flowscript.json.FieldTypes.OBJECT;
import static io.flowscript.json.FieldTypes.TEXT;
import static io.flowscript.json.FieldTypes.TIME;
import static io.flowscript.json.FieldTypes.VALUE;
import static io.flowscript.json.JsonFields.FieldType.describedBy;
import static java.util.Map.entry;

import io.flowscript.core.FlowScriptException;
import io.flowscript.core.event.CustomEvent;
import io.flowscript.core.event.Event;
import io.flowscript.core.event.EventType;
import io.flowscript.core.event.HumanEvent;
import io.flowscript.core.event.NodeEvent;
import io.flowscript.core.event.StateUpdated;
import io.flowscript.core.event.WorkflowEvent;
import io.flowscript.json.JsonFields.FieldType;
import java.util.Map;
import java.util.function.Function;

/**
 * The fields of each type of event, for both directions. They are all fields of the record, with those that no client
 * receives. A field that is null is left out.
 */
// The nullness of the type arguments of constructors elsewhere is not in the class files that JDK 17 reads.
@SuppressWarnings("NullAway")
final class StoredEvents {

    /** The type that stands for all types of the application, whose name is a field of its own. */
    private static final String CUSTOM = "custom";

    private static final FieldType<HumanEvent.Info> INFO = describedBy(StoredEvents::info);

    private static final Map<String, Description<?>> DESCRIPTIONS = Map.ofEntries(
            of(EventType.WORKFLOW_STARTED, WorkflowEvent.Started.class, StoredEvents::started),
            of(EventType.WORKFLOW_PAUSED, WorkflowEvent.Paused.class, StoredEvents::paused),
            of(EventType.WORKFLOW_RESUMED, WorkflowEvent.Resumed.class, StoredEvents::resumed),
            of(EventType.WORKFLOW_COMPLETED, WorkflowEvent.Completed.class, StoredEvents::completed),
            of(EventType.WORKFLOW_FAILED, WorkflowEvent.Failed.class, StoredEvents::failed),
            of(EventType.WORKFLOW_CANCELLED, WorkflowEvent.Cancelled.class, StoredEvents::cancelled),
            of(EventType.NODE_EXECUTING, NodeEvent.Executing.class, StoredEvents::nodeExecuting),
            of(EventType.NODE_COMPLETED, NodeEvent.Completed.class, StoredEvents::nodeCompleted),
            of(EventType.NODE_FAILED, NodeEvent.Failed.class, StoredEvents::nodeFailed),
            of(EventType.HUMAN_INPUT_REQUIRED, HumanEvent.InputRequired.class, StoredEvents::inputRequired),
            of(EventType.HUMAN_INPUT_RECEIVED, HumanEvent.InputReceived.class, StoredEvents::inputReceived),
            of(EventType.HUMAN_INPUT_TIMEOUT, HumanEvent.InputTimeout.class, StoredEvents::inputTimeout),
            of(EventType.HUMAN_INPUT_VOTED, HumanEvent.InputVoted.class, StoredEvents::inputVoted),
            of(EventType.HUMAN_INPUT_REVISED, HumanEvent.InputRevised.class, StoredEvents::inputRevised),
            of(EventType.HUMAN_INPUT_CLAIMED, HumanEvent.InputClaimed.class, StoredEvents::inputClaimed),
            of(EventType.HUMAN_INPUT_RELEASED, HumanEvent.InputReleased.class, StoredEvents::inputReleased),
            of(EventType.HUMAN_INPUT_REMINDED, HumanEvent.InputReminded.class, StoredEvents::inputReminded),
            of(EventType.HUMAN_INPUT_ESCALATED, HumanEvent.InputEscalated.class, StoredEvents::inputEscalated),
            of(EventType.STATE_UPDATED, StateUpdated.class, StoredEvents::stateUpdated),
            entry(CUSTOM, new Description<>(CustomEvent.class, StoredEvents::custom)));

    private StoredEvents() {}

    private record Description<E extends Event>(Class<E> type, Function<JsonFields<E>, E> fields) {

        <T> Event apply(JsonFields<T> outer, Function<T, Event> get) {
            return outer.part(object -> type.cast(get.apply(object)), fields);
        }
    }

    /** The type and the fields of an event, among the fields of an object that has the event. */
    static <T> Event fields(JsonFields<T> outer, Function<T, Event> get) {
        String type = outer.required("type", object -> type(get.apply(object)), TEXT);
        Description<?> description = DESCRIPTIONS.get(type);
        if (description == null) {
            throw new FlowScriptException("invalid_events", "This version does not know the event type " + type);
        }
        return description.apply(outer, get);
    }

    private static String type(Event event) {
        return event instanceof CustomEvent ? CUSTOM : event.type().name();
    }

    private static <E extends Event> Map.Entry<String, Description<?>> of(
            EventType type, Class<E> record, Function<JsonFields<E>, E> fields) {
        return entry(type.name(), new Description<>(record, fields));
    }

    private static WorkflowEvent.Started started(JsonFields<WorkflowEvent.Started> fields) {
        return new WorkflowEvent.Started(fields.required("workflowId", WorkflowEvent.Started::workflowId, TEXT));
    }

    private static WorkflowEvent.Paused paused(JsonFields<WorkflowEvent.Paused> fields) {
        return new WorkflowEvent.Paused(
                fields.required("nodeId", WorkflowEvent.Paused::nodeId, TEXT),
                fields.required("nodeName", WorkflowEvent.Paused::nodeName, TEXT),
                fields.required("tokenId", WorkflowEvent.Paused::tokenId, TEXT),
                fields.unlessNull("reason", WorkflowEvent.Paused::reason, TEXT));
    }

    private static WorkflowEvent.Resumed resumed(JsonFields<WorkflowEvent.Resumed> fields) {
        return new WorkflowEvent.Resumed(
                fields.required("nodeId", WorkflowEvent.Resumed::nodeId, TEXT),
                fields.required("nodeName", WorkflowEvent.Resumed::nodeName, TEXT),
                fields.required("tokenId", WorkflowEvent.Resumed::tokenId, TEXT),
                fields.unlessNull("data", WorkflowEvent.Resumed::data, VALUE));
    }

    private static WorkflowEvent.Completed completed(JsonFields<WorkflowEvent.Completed> fields) {
        return new WorkflowEvent.Completed(
                fields.required("finalState", WorkflowEvent.Completed::finalState, OBJECT),
                fields.unlessNull("exitSignal", WorkflowEvent.Completed::exitSignal, TEXT));
    }

    private static WorkflowEvent.Failed failed(JsonFields<WorkflowEvent.Failed> fields) {
        return new WorkflowEvent.Failed(
                fields.required("error", WorkflowEvent.Failed::error, TEXT),
                fields.required("code", WorkflowEvent.Failed::code, TEXT),
                fields.unlessNull("nodeId", WorkflowEvent.Failed::nodeId, TEXT),
                fields.unlessNull("nodeName", WorkflowEvent.Failed::nodeName, TEXT),
                fields.unlessNull("cause", WorkflowEvent.Failed::cause, CAUSE));
    }

    private static WorkflowEvent.Cancelled cancelled(JsonFields<WorkflowEvent.Cancelled> fields) {
        return new WorkflowEvent.Cancelled(
                fields.unlessNull("reason", WorkflowEvent.Cancelled::reason, TEXT),
                fields.unlessNull("by", WorkflowEvent.Cancelled::by, TEXT));
    }

    private static NodeEvent.Executing nodeExecuting(JsonFields<NodeEvent.Executing> fields) {
        return new NodeEvent.Executing(
                fields.required("nodeId", NodeEvent.Executing::nodeId, TEXT),
                fields.required("nodeName", NodeEvent.Executing::nodeName, TEXT),
                fields.required("nodeType", NodeEvent.Executing::nodeType, TEXT),
                fields.required("attempt", NodeEvent.Executing::attempt, INT));
    }

    private static NodeEvent.Completed nodeCompleted(JsonFields<NodeEvent.Completed> fields) {
        return new NodeEvent.Completed(
                fields.required("nodeId", NodeEvent.Completed::nodeId, TEXT),
                fields.required("nodeName", NodeEvent.Completed::nodeName, TEXT),
                fields.required("edge", NodeEvent.Completed::edge, TEXT),
                fields.unlessNull("data", NodeEvent.Completed::data, VALUE),
                fields.required("duration", NodeEvent.Completed::duration, DURATION));
    }

    private static NodeEvent.Failed nodeFailed(JsonFields<NodeEvent.Failed> fields) {
        return new NodeEvent.Failed(
                fields.required("nodeId", NodeEvent.Failed::nodeId, TEXT),
                fields.required("nodeName", NodeEvent.Failed::nodeName, TEXT),
                fields.required("error", NodeEvent.Failed::error, TEXT),
                fields.required("code", NodeEvent.Failed::code, TEXT),
                fields.required("attempt", NodeEvent.Failed::attempt, INT),
                fields.required("willRetry", NodeEvent.Failed::willRetry, FLAG));
    }

    private static HumanEvent.InputRequired inputRequired(JsonFields<HumanEvent.InputRequired> fields) {
        return new HumanEvent.InputRequired(
                fields.required("nodeId", HumanEvent.InputRequired::nodeId, TEXT),
                fields.required("tokenId", HumanEvent.InputRequired::tokenId, TEXT),
                fields.required("info", HumanEvent.InputRequired::info, INFO));
    }

    private static HumanEvent.Info info(JsonFields<HumanEvent.Info> fields) {
        return new HumanEvent.Info(
                fields.required("name", HumanEvent.Info::name, TEXT),
                fields.unlessNull("formSchema", HumanEvent.Info::formSchema, VALUE),
                fields.unlessNull("uiHints", HumanEvent.Info::uiHints, VALUE),
                fields.unlessNull("contextData", HumanEvent.Info::contextData, OBJECT),
                fields.unlessNull("defaultValues", HumanEvent.Info::defaultValues, VALUE),
                fields.required("requestedAt", HumanEvent.Info::requestedAt, TIME),
                fields.unlessNull("deadline", HumanEvent.Info::deadline, TIME),
                fields.required("assignment", HumanEvent.Info::assignment, ASSIGNMENT),
                fields.unlessNull("quorum", HumanEvent.Info::quorum, VALUE));
    }

    private static HumanEvent.InputReceived inputReceived(JsonFields<HumanEvent.InputReceived> fields) {
        return new HumanEvent.InputReceived(
                fields.required("nodeId", HumanEvent.InputReceived::nodeId, TEXT),
                fields.required("nodeName", HumanEvent.InputReceived::nodeName, TEXT),
                fields.required("tokenId", HumanEvent.InputReceived::tokenId, TEXT),
                fields.unlessNull("by", HumanEvent.InputReceived::by, TEXT));
    }

    private static HumanEvent.InputTimeout inputTimeout(JsonFields<HumanEvent.InputTimeout> fields) {
        return new HumanEvent.InputTimeout(
                fields.required("nodeId", HumanEvent.InputTimeout::nodeId, TEXT),
                fields.required("nodeName", HumanEvent.InputTimeout::nodeName, TEXT),
                fields.required("tokenId", HumanEvent.InputTimeout::tokenId, TEXT),
                fields.required("reason", HumanEvent.InputTimeout::reason, TEXT));
    }

    private static HumanEvent.InputVoted inputVoted(JsonFields<HumanEvent.InputVoted> fields) {
        return new HumanEvent.InputVoted(
                fields.required("nodeId", HumanEvent.InputVoted::nodeId, TEXT),
                fields.required("nodeName", HumanEvent.InputVoted::nodeName, TEXT),
                fields.required("tokenId", HumanEvent.InputVoted::tokenId, TEXT),
                fields.required("by", HumanEvent.InputVoted::by, TEXT),
                fields.required("votes", HumanEvent.InputVoted::votes, INT));
    }

    private static HumanEvent.InputRevised inputRevised(JsonFields<HumanEvent.InputRevised> fields) {
        return new HumanEvent.InputRevised(
                fields.required("nodeId", HumanEvent.InputRevised::nodeId, TEXT),
                fields.required("nodeName", HumanEvent.InputRevised::nodeName, TEXT),
                fields.required("tokenId", HumanEvent.InputRevised::tokenId, TEXT),
                fields.required("contextData", HumanEvent.InputRevised::contextData, OBJECT),
                fields.unlessNull("by", HumanEvent.InputRevised::by, TEXT));
    }

    private static HumanEvent.InputClaimed inputClaimed(JsonFields<HumanEvent.InputClaimed> fields) {
        return new HumanEvent.InputClaimed(
                fields.required("nodeId", HumanEvent.InputClaimed::nodeId, TEXT),
                fields.required("nodeName", HumanEvent.InputClaimed::nodeName, TEXT),
                fields.required("tokenId", HumanEvent.InputClaimed::tokenId, TEXT),
                fields.required("by", HumanEvent.InputClaimed::by, TEXT),
                fields.required("until", HumanEvent.InputClaimed::until, TIME));
    }

    private static HumanEvent.InputReleased inputReleased(JsonFields<HumanEvent.InputReleased> fields) {
        return new HumanEvent.InputReleased(
                fields.required("nodeId", HumanEvent.InputReleased::nodeId, TEXT),
                fields.required("nodeName", HumanEvent.InputReleased::nodeName, TEXT),
                fields.required("tokenId", HumanEvent.InputReleased::tokenId, TEXT),
                fields.required("by", HumanEvent.InputReleased::by, TEXT),
                fields.required("lapsed", HumanEvent.InputReleased::lapsed, FLAG));
    }

    private static HumanEvent.InputReminded inputReminded(JsonFields<HumanEvent.InputReminded> fields) {
        return new HumanEvent.InputReminded(
                fields.required("nodeId", HumanEvent.InputReminded::nodeId, TEXT),
                fields.required("nodeName", HumanEvent.InputReminded::nodeName, TEXT),
                fields.required("tokenId", HumanEvent.InputReminded::tokenId, TEXT));
    }

    private static HumanEvent.InputEscalated inputEscalated(JsonFields<HumanEvent.InputEscalated> fields) {
        return new HumanEvent.InputEscalated(
                fields.required("nodeId", HumanEvent.InputEscalated::nodeId, TEXT),
                fields.required("nodeName", HumanEvent.InputEscalated::nodeName, TEXT),
                fields.required("tokenId", HumanEvent.InputEscalated::tokenId, TEXT),
                fields.required("assignment", HumanEvent.InputEscalated::assignment, ASSIGNMENT));
    }

    private static StateUpdated stateUpdated(JsonFields<StateUpdated> fields) {
        return new StateUpdated(
                fields.required("path", StateUpdated::path, TEXT),
                fields.unlessNull("newValue", StateUpdated::newValue, VALUE));
    }

    private static CustomEvent custom(JsonFields<CustomEvent> fields) {
        return new CustomEvent(
                EventType.of(fields.required("event", event -> event.type().name(), TEXT)),
                fields.unlessNull("nodeId", CustomEvent::nodeId, TEXT),
                fields.unlessNull("nodeName", CustomEvent::nodeName, TEXT),
                fields.unlessNull("payload", CustomEvent::payload, VALUE),
                fields.unlessNull("conflationKey", CustomEvent::conflationKey, TEXT));
    }
}
