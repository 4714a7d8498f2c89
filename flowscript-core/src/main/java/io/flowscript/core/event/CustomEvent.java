package io.flowscript.core.event;

import io.flowscript.core.FlowScriptException;
import io.flowscript.core.json.Json;
import org.jspecify.annotations.Nullable;

/**
 * An event that the application defines and one of its nodes emits.
 *
 * @param type a type that is not built in, such as {@code order:packed}
 * @param nodeId the id of the node visit that emitted it, or null
 * @param nodeName the name of the node that emitted it, or null
 * @param payload any JSON value; null is JSON null
 * @param conflationKey see {@link Event#conflationKey}; null for an event that is never skipped
 * @since 0.1.0
 */
public record CustomEvent(
        EventType type,
        @Nullable String nodeId,
        @Nullable String nodeName,
        @Nullable Object payload,
        @Nullable String conflationKey)
        implements Event {

    /**
     * Checks the type and makes the payload immutable.
     *
     * @param type a type that is not built in
     * @param nodeId the id of the node visit that emitted it, or null
     * @param nodeName the name of the node that emitted it, or null
     * @param payload any value that {@link Json#freeze} takes
     * @param conflationKey see {@link Event#conflationKey}, or null
     * @throws FlowScriptException with code {@code reserved_event_type} when the type is built in
     * @throws io.flowscript.core.json.JsonException as {@link Json#freeze}
     */
    public CustomEvent {
        if (type.isBuiltIn()) {
            throw new FlowScriptException(
                    "reserved_event_type",
                    "Only the engine emits " + type + "; choose a name of your own, such as app:" + type.name());
        }
        payload = Json.freeze(payload);
    }

    @Override
    public void describe(EventFields out) {
        out.name("event", type.name())
                .name("nodeId", nodeId)
                .value("payload", payload)
                .internal("conflationKey", conflationKey);
    }
}
