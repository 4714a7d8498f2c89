package io.flowscript.json;

import io.flowscript.core.FlowScriptException;
import io.flowscript.core.event.CustomEvent;
import io.flowscript.core.event.Event;
import io.flowscript.core.event.EventType;
import io.flowscript.core.event.HumanEvent;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Makes events of the messages that clients receive (protocol, section 1). Stateless; safe for use by any thread.
 *
 * <p>A message does not say everything: times and durations are in milliseconds, and numbers have the types that the reader of
 * the JSON gives them. {@link EventCodec} keeps events without any loss.
 *
 * @since 0.1.0
 */
public final class EventMessages {

    private static final String OMITTED = "omitted";

    /** The objects that an event must have, and that a server can leave out of its message. */
    private static final List<String> OBJECTS = List.of("finalState", "contextData");

    private EventMessages() {}

    /**
     * Makes an event of its message. A value that the server left out is absent, or an empty object where the event must have
     * one. A message of a type that this version does not know becomes a {@link CustomEvent} with the message's type and
     * its data as payload.
     *
     * @param type the type of the message, such as {@code node_started}
     * @param data the data of the message
     * @return the event
     * @throws FlowScriptException with code {@code invalid_events} when the data is not that of an event of this type
     */
    public static Event event(String type, Map<String, @Nullable Object> data) {
        try {
            if (EventType.ofWireName(type).isEmpty() && !type.equals(EventType.CUSTOM_WIRE_NAME)) {
                return unknown(type, data);
            }
            return StoredEvents.event(type, new MessageFields(complete(data), Map.of()));
        } catch (FlowScriptException e) {
            throw e;
        } catch (RuntimeException e) {
            throw invalid("The data of this " + type + " does not fit: " + e.getMessage(), e);
        }
    }

    /**
     * Reads what people are shown when they are asked.
     *
     * @param nodeInfo the object of that name in a message
     * @return what it says
     * @throws FlowScriptException with code {@code invalid_events} when the object is not one of this kind
     */
    public static HumanEvent.Info info(Map<String, @Nullable Object> nodeInfo) {
        try {
            return StoredEvents.info(new MessageFields(nodeInfo, Map.of()));
        } catch (RuntimeException e) {
            throw invalid("This nodeInfo does not fit: " + e.getMessage(), e);
        }
    }

    private static Event unknown(String type, Map<String, @Nullable Object> data) {
        String nodeId = data.get(MessageRest.NODE_ID) instanceof String text ? text : null;
        String nodeName = data.get(MessageRest.NODE_NAME) instanceof String text ? text : MessageRest.nameIn(nodeId);
        return new CustomEvent(EventType.of(type), nodeId, nodeName, data, null);
    }

    private static Map<String, @Nullable Object> complete(Map<String, @Nullable Object> data) {
        Map<String, @Nullable Object> complete = new LinkedHashMap<>(data);
        if (data.get(MessageRest.NODE_ID) instanceof String nodeId && MessageRest.nameIn(nodeId) == null) {
            complete.putIfAbsent(MessageRest.NODE_NAME, nodeId); // of a server that makes ids in another way
        }
        if (data.get(OMITTED) instanceof List<?> omitted) {
            OBJECTS.stream().filter(omitted::contains).forEach(name -> complete.put(name, Map.of()));
        }
        return complete;
    }

    private static FlowScriptException invalid(String message, RuntimeException cause) {
        return new FlowScriptException("invalid_events", message, cause);
    }
}
