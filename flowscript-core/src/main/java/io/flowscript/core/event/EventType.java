package io.flowscript.core.event;

import io.flowscript.core.FlowScriptException;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The type of an event. Java code uses names with colons, such as {@code workflow:started}. Messages to clients use names
 * with underscores, such as {@code workflow_started} (protocol, section 1). Immutable; safe for use by any thread.
 *
 * @param name the name, 1 to 128 characters, not blank, without control characters
 * @since 0.1.0
 */
public record EventType(String name) {

    /** The message type of all events that are not built in. The data of the message has the name of the event type. */
    public static final String CUSTOM_WIRE_NAME = "workflow_event";

    private static final Map<String, EventType> BY_NAME = new LinkedHashMap<>();
    private static final Map<String, EventType> BY_WIRE_NAME = new HashMap<>();
    private static final Map<String, String> WIRE_NAMES = new HashMap<>();

    /** The type of {@link WorkflowEvent.Started}. */
    public static final EventType WORKFLOW_STARTED = builtIn("workflow:started", "workflow_started");

    /** The type of {@link WorkflowEvent.Paused}. */
    public static final EventType WORKFLOW_PAUSED = builtIn("workflow:paused", "workflow_paused");

    /** The type of {@link WorkflowEvent.Resumed}. */
    public static final EventType WORKFLOW_RESUMED = builtIn("workflow:resumed", "workflow_resumed");

    /** The type of {@link WorkflowEvent.Completed}. */
    public static final EventType WORKFLOW_COMPLETED = builtIn("workflow:completed", "workflow_completed");

    /** The type of {@link WorkflowEvent.Failed}. */
    public static final EventType WORKFLOW_FAILED = builtIn("workflow:failed", "workflow_failed");

    /** The type of {@link WorkflowEvent.Cancelled}. */
    public static final EventType WORKFLOW_CANCELLED = builtIn("workflow:cancelled", "workflow_cancelled");

    /** The type of {@link NodeEvent.Executing}. */
    public static final EventType NODE_EXECUTING = builtIn("node:executing", "node_started");

    /** The type of {@link NodeEvent.Completed}. */
    public static final EventType NODE_COMPLETED = builtIn("node:completed", "node_completed");

    /** The type of {@link NodeEvent.Failed}. */
    public static final EventType NODE_FAILED = builtIn("node:failed", "node_failed");

    /** The type of {@link HumanEvent.InputRequired}. */
    public static final EventType HUMAN_INPUT_REQUIRED = builtIn("human:input:required", "human_interaction_required");

    /** The type of {@link HumanEvent.InputReceived}. */
    public static final EventType HUMAN_INPUT_RECEIVED = builtIn("human:input:received", "human_interaction_received");

    /** The type of {@link HumanEvent.InputTimeout}. */
    public static final EventType HUMAN_INPUT_TIMEOUT = builtIn("human:input:timeout", "human_interaction_timeout");

    /** The type of {@link HumanEvent.InputVoted}. */
    public static final EventType HUMAN_INPUT_VOTED = builtIn("human:input:voted", "human_interaction_voted");

    /** The type of {@link HumanEvent.InputRevised}. */
    public static final EventType HUMAN_INPUT_REVISED = builtIn("human:input:revised", "human_interaction_revised");

    /** The type of {@link HumanEvent.InputClaimed}. */
    public static final EventType HUMAN_INPUT_CLAIMED = builtIn("human:input:claimed", "human_interaction_claimed");

    /** The type of {@link HumanEvent.InputReleased}. */
    public static final EventType HUMAN_INPUT_RELEASED = builtIn("human:input:released", "human_interaction_released");

    /** The type of {@link HumanEvent.InputReminded}. */
    public static final EventType HUMAN_INPUT_REMINDED = builtIn("human:input:reminded", "human_interaction_reminded");

    /** The type of {@link HumanEvent.InputEscalated}. */
    public static final EventType HUMAN_INPUT_ESCALATED =
            builtIn("human:input:escalated", "human_interaction_escalated");

    /** The type of {@link StateUpdated}. */
    public static final EventType STATE_UPDATED = builtIn("state:updated", "state_updated");

    /** All built-in types, in the order of the protocol's table. All other types are custom. */
    public static final List<EventType> BUILT_IN = List.copyOf(BY_NAME.values());

    private static final int MAX_LENGTH = 128;

    /**
     * Checks the name.
     *
     * @param name the name, 1 to 128 characters, not blank, without control characters
     * @throws FlowScriptException with code {@code invalid_event_type} when the name is not valid
     */
    public EventType {
        if (name.isBlank() || name.length() > MAX_LENGTH || hasControls(name)) {
            throw new FlowScriptException(
                    "invalid_event_type",
                    "An event type has 1 to " + MAX_LENGTH
                            + " characters and no control characters, such as order:packed");
        }
    }

    /**
     * Returns the type with a given name: the built-in type with this name, or else a custom type.
     *
     * @param name the name, such as {@code workflow:started} or {@code order:packed}
     * @return the type
     * @throws FlowScriptException with code {@code invalid_event_type} when the name is not valid
     */
    public static EventType of(String name) {
        EventType builtIn = BY_NAME.get(name);
        return builtIn == null ? new EventType(name) : builtIn;
    }

    /**
     * Finds the built-in event type whose messages have a given type.
     *
     * @param wireName the message type, such as {@code workflow_started}
     * @return the event type; empty for {@link #CUSTOM_WIRE_NAME} and for a name that is not the message type of an event
     */
    public static Optional<EventType> ofWireName(String wireName) {
        return Optional.ofNullable(BY_WIRE_NAME.get(wireName));
    }

    /** {@return the message type, with underscores; {@link #CUSTOM_WIRE_NAME} for a type that is not built in} */
    public String wireName() {
        return WIRE_NAMES.getOrDefault(name, CUSTOM_WIRE_NAME);
    }

    /** {@return whether this is a type that FlowScript defines} */
    public boolean isBuiltIn() {
        return BY_NAME.containsKey(name);
    }

    private static EventType builtIn(String name, String wireName) {
        EventType type = new EventType(name);
        BY_NAME.put(name, type);
        BY_WIRE_NAME.put(wireName, type);
        WIRE_NAMES.put(name, wireName);
        return type;
    }

    /** A loop in place of a regular expression, since this runs for each custom event. */
    private static boolean hasControls(String name) {
        for (int i = 0; i < name.length(); i++) {
            if (Character.isISOControl(name.charAt(i))) {
                return true;
            }
        }
        return false;
    }

    @Override
    public String toString() {
        return name;
    }
}
