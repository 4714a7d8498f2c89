package io.flowscript.core.event;

import io.flowscript.core.FlowScriptException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The type of an event by its name inside the library, written with colons, such as {@code workflow:started}. On the wire
 * the built-in names have underscores (protocol, section 1); the mapping lives with the protocol, not here.
 *
 * @param name the name, 1 to 128 characters, without control characters
 * @since 0.1.0
 */
public record EventType(String name) {

    public static final EventType WORKFLOW_STARTED = new EventType("workflow:started");
    public static final EventType WORKFLOW_PAUSED = new EventType("workflow:paused");
    public static final EventType WORKFLOW_RESUMED = new EventType("workflow:resumed");
    public static final EventType WORKFLOW_COMPLETED = new EventType("workflow:completed");
    public static final EventType WORKFLOW_FAILED = new EventType("workflow:failed");
    public static final EventType WORKFLOW_CANCELLED = new EventType("workflow:cancelled");
    public static final EventType NODE_EXECUTING = new EventType("node:executing");
    public static final EventType NODE_COMPLETED = new EventType("node:completed");
    public static final EventType NODE_FAILED = new EventType("node:failed");
    public static final EventType HUMAN_INPUT_REQUIRED = new EventType("human:input:required");
    public static final EventType HUMAN_INPUT_RECEIVED = new EventType("human:input:received");
    public static final EventType HUMAN_INPUT_TIMEOUT = new EventType("human:input:timeout");
    public static final EventType HUMAN_INPUT_VOTED = new EventType("human:input:voted");
    public static final EventType HUMAN_INPUT_REVISED = new EventType("human:input:revised");
    public static final EventType HUMAN_INPUT_CLAIMED = new EventType("human:input:claimed");
    public static final EventType HUMAN_INPUT_RELEASED = new EventType("human:input:released");
    public static final EventType HUMAN_INPUT_REMINDED = new EventType("human:input:reminded");
    public static final EventType HUMAN_INPUT_ESCALATED = new EventType("human:input:escalated");
    public static final EventType STATE_UPDATED = new EventType("state:updated");

    /** Every built-in type, in the order of the protocol's table. All others are custom. */
    public static final List<EventType> BUILT_IN = List.of(
            WORKFLOW_STARTED,
            WORKFLOW_PAUSED,
            WORKFLOW_RESUMED,
            WORKFLOW_COMPLETED,
            WORKFLOW_FAILED,
            WORKFLOW_CANCELLED,
            NODE_EXECUTING,
            NODE_COMPLETED,
            NODE_FAILED,
            HUMAN_INPUT_REQUIRED,
            HUMAN_INPUT_RECEIVED,
            HUMAN_INPUT_TIMEOUT,
            HUMAN_INPUT_VOTED,
            HUMAN_INPUT_REVISED,
            HUMAN_INPUT_CLAIMED,
            HUMAN_INPUT_RELEASED,
            HUMAN_INPUT_REMINDED,
            HUMAN_INPUT_ESCALATED,
            STATE_UPDATED);

    private static final int MAX_LENGTH = 128;
    private static final Map<String, EventType> BY_NAME = new HashMap<>();

    static {
        for (EventType type : BUILT_IN) {
            BY_NAME.put(type.name, type);
        }
    }

    /**
     * Checks the name.
     *
     * @param name the name, 1 to 128 characters, without control characters
     * @throws FlowScriptException with code {@code invalid_event_type}
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
     * The type of that name: the built-in one, or a custom one.
     *
     * @param name the name with colons
     * @return the type
     * @throws FlowScriptException with code {@code invalid_event_type}
     */
    public static EventType of(String name) {
        EventType builtIn = BY_NAME.get(name);
        return builtIn == null ? new EventType(name) : builtIn;
    }

    /** {@return whether FlowScript itself gives this type its meaning} */
    public boolean isBuiltIn() {
        return BY_NAME.containsKey(name);
    }

    /** By hand: each event that a node emits comes by here. */
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
