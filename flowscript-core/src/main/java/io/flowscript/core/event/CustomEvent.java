package io.flowscript.core.event;

import io.flowscript.core.FlowScriptException;
import io.flowscript.core.json.Json;
import org.jspecify.annotations.Nullable;

/**
 * An event of the application's own making, emitted by a node.
 *
 * @param type any type that is not built in, such as {@code order:packed}
 * @param nodeId the visit that emitted it, null when it was none
 * @param nodeName the stable name of the visit's node, null when it was none
 * @param payload any JSON value
 * @param conflationKey events of one type and key stand for one changing thing, so that a slow client that asked for it may be
 *     sent only the newest; null for an event that is never skipped
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
     * Freezes the payload.
     *
     * @param type any type that is not built in
     * @param nodeId the visit that emitted it, null when it was none
     * @param nodeName the stable name of the visit's node, null when it was none
     * @param payload any JSON value
     * @param conflationKey see above, or null
     * @throws FlowScriptException with code {@code reserved_event_type} for a built-in type
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
