package io.flowscript.json.protocol;

import java.util.Locale;

/**
 * The types of messages that a server sends besides events (protocol, sections 2 to 4). The types of events are in
 * {@link io.flowscript.core.event.EventType EventType}.
 *
 * @since 0.1.0
 */
public enum ServerMessageType {
    /** The first message on every connection. */
    CONNECTED,
    /** A subscription was made, or a subscription now covers another execution. */
    SUBSCRIBED,
    /** A subscription was ended. */
    UNSUBSCRIBED,
    /** A page of the inbox. */
    INTERACTIONS,
    /** An interaction is new to the client, or has changed. */
    INTERACTION_CHANGED,
    /** An interaction is no longer among those that the client follows. */
    INTERACTION_GONE,
    /** More interactions have changed than are recorded for one client, so it must list them again. */
    INTERACTIONS_MISSED,
    /** An interaction was claimed. */
    CLAIMED,
    /** A claim was released. */
    RELEASED,
    /** The current status of an execution. */
    EXECUTION_STATUS,
    /** An answer was accepted. */
    RESUME_SUCCESS,
    /** The login of the client was renewed. */
    AUTHENTICATED,
    /** The reply to a ping. */
    PONG,
    /** A request was refused, or something else went wrong. */
    ERROR,
    /** Events that the client should have received are no longer available. */
    EVENTS_MISSED,
    /** Events were left out because newer ones replace them. */
    EVENTS_SKIPPED,
    /** The position that the client has reached. */
    POSITION,
    /** An answer was refused. */
    RESUME_ERROR;

    private final String id = name().toLowerCase(Locale.ROOT);

    /** {@return the type on the wire, such as {@code execution_status}} */
    public String id() {
        return id;
    }
}
