package io.flowscript.json;

import static java.util.Map.entry;

import io.flowscript.core.Assignment;
import io.flowscript.core.FlowScriptException;
import io.flowscript.core.event.CustomEvent;
import io.flowscript.core.event.Event;
import io.flowscript.core.event.EventType;
import io.flowscript.core.event.HumanEvent;
import io.flowscript.core.event.NodeEvent;
import io.flowscript.core.event.StateUpdated;
import io.flowscript.core.event.WorkflowEvent;
import java.util.Map;
import java.util.function.Function;

/** Makes the event of each type of the fields of its message, which {@link Event#describe} has written. Stateless. */
// The nullness of the type arguments of constructors elsewhere is not in the class files that JDK 17 reads.
@SuppressWarnings("NullAway")
final class StoredEvents {

    private static final Map<String, Function<MessageFields, Event>> EVENTS = Map.ofEntries(
            of(EventType.WORKFLOW_STARTED, StoredEvents::started),
            of(EventType.WORKFLOW_PAUSED, StoredEvents::paused),
            of(EventType.WORKFLOW_RESUMED, StoredEvents::resumed),
            of(EventType.WORKFLOW_COMPLETED, StoredEvents::completed),
            of(EventType.WORKFLOW_FAILED, StoredEvents::failed),
            of(EventType.WORKFLOW_CANCELLED, StoredEvents::cancelled),
            of(EventType.NODE_EXECUTING, StoredEvents::nodeExecuting),
            of(EventType.NODE_COMPLETED, StoredEvents::nodeCompleted),
            of(EventType.NODE_FAILED, StoredEvents::nodeFailed),
            of(EventType.HUMAN_INPUT_REQUIRED, StoredEvents::inputRequired),
            of(EventType.HUMAN_INPUT_RECEIVED, StoredEvents::inputReceived),
            of(EventType.HUMAN_INPUT_TIMEOUT, StoredEvents::inputTimeout),
            of(EventType.HUMAN_INPUT_VOTED, StoredEvents::inputVoted),
            of(EventType.HUMAN_INPUT_REVISED, StoredEvents::inputRevised),
            of(EventType.HUMAN_INPUT_CLAIMED, StoredEvents::inputClaimed),
            of(EventType.HUMAN_INPUT_RELEASED, StoredEvents::inputReleased),
            of(EventType.HUMAN_INPUT_REMINDED, StoredEvents::inputReminded),
            of(EventType.HUMAN_INPUT_ESCALATED, StoredEvents::inputEscalated),
            of(EventType.STATE_UPDATED, fields -> new StateUpdated(fields.text("path"), fields.value("newValue"))),
            entry(EventType.CUSTOM_WIRE_NAME, StoredEvents::custom));

    private StoredEvents() {}

    /**
     * Makes an event.
     *
     * @param type the type of the message
     * @param fields its data
     * @throws FlowScriptException with code {@code invalid_events} when the type is not known
     * @throws RuntimeException of another kind when a field is absent or has another type
     */
    static Event event(String type, MessageFields fields) {
        Function<MessageFields, Event> known = EVENTS.get(type);
        if (known == null) {
            throw new FlowScriptException("invalid_events", "This version does not know the event type " + type);
        }
        return known.apply(fields);
    }

    private static Map.Entry<String, Function<MessageFields, Event>> of(
            EventType type, Function<MessageFields, Event> event) {
        return entry(type.wireName(), event);
    }

    private static Event started(MessageFields fields) {
        return new WorkflowEvent.Started(
                fields.text("workflowId"), fields.optionalText("hash"), fields.optionalObject("state"));
    }

    private static Event paused(MessageFields fields) {
        return new WorkflowEvent.Paused(
                fields.text("nodeId"), fields.nodeName(), fields.text("tokenId"), fields.optionalText("reason"));
    }

    private static Event resumed(MessageFields fields) {
        return new WorkflowEvent.Resumed(
                fields.text("nodeId"), fields.nodeName(), fields.text("tokenId"), fields.value("data"));
    }

    private static Event completed(MessageFields fields) {
        return new WorkflowEvent.Completed(fields.object("finalState"), fields.optionalText("exitSignal"));
    }

    private static Event failed(MessageFields fields) {
        MessageFields cause = fields.optionalPart("cause");
        return new WorkflowEvent.Failed(
                fields.text("error"),
                fields.text("code"),
                fields.optionalText("nodeId"),
                fields.optionalNodeName(),
                cause == null
                        ? null
                        : new WorkflowEvent.Cause(cause.optionalText("code"), cause.optionalText("error")));
    }

    private static Event cancelled(MessageFields fields) {
        return new WorkflowEvent.Cancelled(fields.optionalText("reason"), fields.optionalText("by"));
    }

    private static Event nodeExecuting(MessageFields fields) {
        return new NodeEvent.Executing(
                fields.text("nodeId"),
                fields.nodeName(),
                fields.text("nodeType"),
                fields.number("attempt"),
                fields.optionalText("step"));
    }

    private static Event nodeCompleted(MessageFields fields) {
        return new NodeEvent.Completed(
                fields.text("nodeId"),
                fields.nodeName(),
                fields.text("edge"),
                fields.value("data"),
                fields.duration("durationMs"));
    }

    private static Event nodeFailed(MessageFields fields) {
        return new NodeEvent.Failed(
                fields.text("nodeId"),
                fields.nodeName(),
                fields.text("error"),
                fields.text("code"),
                fields.number("attempt"),
                fields.flag("willRetry"));
    }

    private static Event inputRequired(MessageFields fields) {
        return new HumanEvent.InputRequired(
                fields.text("nodeId"), fields.text("tokenId"), info(fields.part("nodeInfo")));
    }

    /** Reads what people are shown. */
    static HumanEvent.Info info(MessageFields fields) {
        return new HumanEvent.Info(
                fields.text("name"),
                fields.value("formSchema"),
                fields.value("uiHints"),
                fields.optionalObject("contextData"),
                fields.value("defaultValues"),
                fields.time("requestedAt"),
                fields.optionalTime("deadline"),
                assignment(fields),
                fields.value("quorum"));
    }

    private static Assignment assignment(MessageFields fields) {
        return new Assignment(fields.texts("assignees"), fields.texts("groups"));
    }

    private static Event inputReceived(MessageFields fields) {
        return new HumanEvent.InputReceived(
                fields.text("nodeId"), fields.nodeName(), fields.text("tokenId"), fields.optionalText("by"));
    }

    private static Event inputTimeout(MessageFields fields) {
        return new HumanEvent.InputTimeout(
                fields.text("nodeId"), fields.nodeName(), fields.text("tokenId"), fields.text("reason"));
    }

    private static Event inputVoted(MessageFields fields) {
        return new HumanEvent.InputVoted(
                fields.text("nodeId"),
                fields.nodeName(),
                fields.text("tokenId"),
                fields.text("by"),
                fields.number("votes"));
    }

    private static Event inputRevised(MessageFields fields) {
        return new HumanEvent.InputRevised(
                fields.text("nodeId"),
                fields.nodeName(),
                fields.text("tokenId"),
                fields.object("contextData"),
                fields.optionalText("by"));
    }

    private static Event inputClaimed(MessageFields fields) {
        return new HumanEvent.InputClaimed(
                fields.text("nodeId"),
                fields.nodeName(),
                fields.text("tokenId"),
                fields.text("by"),
                fields.time("until"));
    }

    private static Event inputReleased(MessageFields fields) {
        return new HumanEvent.InputReleased(
                fields.text("nodeId"),
                fields.nodeName(),
                fields.text("tokenId"),
                fields.text("by"),
                fields.flag("lapsed"));
    }

    private static Event inputReminded(MessageFields fields) {
        return new HumanEvent.InputReminded(fields.text("nodeId"), fields.nodeName(), fields.text("tokenId"));
    }

    private static Event inputEscalated(MessageFields fields) {
        return new HumanEvent.InputEscalated(
                fields.text("nodeId"), fields.nodeName(), fields.text("tokenId"), assignment(fields));
    }

    private static Event custom(MessageFields fields) {
        return new CustomEvent(
                EventType.of(fields.text("event")),
                fields.optionalText("nodeId"),
                fields.optionalNodeName(),
                fields.value("payload"),
                fields.internal("conflationKey"));
    }
}
