package io.flowscript.json.protocol;

import io.flowscript.core.event.EventType;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * What an event type is called on the wire (protocol, section 1): the one table, for both directions.
 *
 * @since 0.1.0
 */
public final class WireNames {

    /** Every type that is not built in; its own name is in the data then. */
    public static final String CUSTOM = "workflow_event";

    private static final Map<EventType, String> NAMES = new LinkedHashMap<>();

    static {
        NAMES.put(EventType.WORKFLOW_STARTED, "workflow_started");
        NAMES.put(EventType.WORKFLOW_PAUSED, "workflow_paused");
        NAMES.put(EventType.WORKFLOW_RESUMED, "workflow_resumed");
        NAMES.put(EventType.WORKFLOW_COMPLETED, "workflow_completed");
        NAMES.put(EventType.WORKFLOW_FAILED, "workflow_failed");
        NAMES.put(EventType.WORKFLOW_CANCELLED, "workflow_cancelled");
        NAMES.put(EventType.NODE_EXECUTING, "node_started");
        NAMES.put(EventType.NODE_COMPLETED, "node_completed");
        NAMES.put(EventType.NODE_FAILED, "node_failed");
        NAMES.put(EventType.HUMAN_INPUT_REQUIRED, "human_interaction_required");
        NAMES.put(EventType.HUMAN_INPUT_RECEIVED, "human_interaction_received");
        NAMES.put(EventType.HUMAN_INPUT_TIMEOUT, "human_interaction_timeout");
        NAMES.put(EventType.HUMAN_INPUT_VOTED, "human_interaction_voted");
        NAMES.put(EventType.HUMAN_INPUT_REVISED, "human_interaction_revised");
        NAMES.put(EventType.HUMAN_INPUT_CLAIMED, "human_interaction_claimed");
        NAMES.put(EventType.HUMAN_INPUT_RELEASED, "human_interaction_released");
        NAMES.put(EventType.HUMAN_INPUT_REMINDED, "human_interaction_reminded");
        NAMES.put(EventType.HUMAN_INPUT_ESCALATED, "human_interaction_escalated");
        NAMES.put(EventType.STATE_UPDATED, "state_updated");
    }

    private static final Map<String, EventType> TYPES =
            NAMES.entrySet().stream().collect(Collectors.toUnmodifiableMap(Map.Entry::getValue, Map.Entry::getKey));

    private WireNames() {}

    /**
     * The name on the wire.
     *
     * @param type any type
     * @return its name with underscores; {@link #CUSTOM} for a type that is not built in
     */
    public static String of(EventType type) {
        return NAMES.getOrDefault(type, CUSTOM);
    }

    /**
     * The built-in type of a name on the wire.
     *
     * @param name the name with underscores
     * @return the type; empty for {@link #CUSTOM} and for a name that is no event's
     */
    public static Optional<EventType> type(String name) {
        return Optional.ofNullable(TYPES.get(name));
    }
}
