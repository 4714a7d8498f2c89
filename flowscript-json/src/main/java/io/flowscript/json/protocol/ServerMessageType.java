package io.flowscript.json.protocol;

import java.util.Locale;

/**
 * Every message that a server sends beside events (protocol, sections 2 to 4). The types of events are in
 * {@link io.flowscript.core.event.EventType EventType}.
 *
 * @since 0.1.0
 */
public enum ServerMessageType {
    /** The first message on every connection. */
    CONNECTED,
    /** A subscription was made, or an execution falls under one. */
    SUBSCRIBED,
    /** A subscription was ended. */
    UNSUBSCRIBED,
    /** A page of the inbox. */
    INTERACTIONS,
    /** An interaction is new to the client, or has changed. */
    INTERACTION_CHANGED,
    /** An interaction is no longer among those that the client follows. */
    INTERACTION_GONE,
    /** More interactions changed than are kept for one client. */
    INTERACTIONS_MISSED,
    /** A question was claimed. */
    CLAIMED,
    /** A claim was given back. */
    RELEASED,
    /** An execution as it is. */
    EXECUTION_STATUS,
    /** An answer counts. */
    RESUME_SUCCESS,
    /** The reply to a ping. */
    PONG,
    /** A request was refused, or something else went wrong. */
    ERROR,
    /** Events are gone that the client should have been sent. */
    EVENTS_MISSED,
    /** Newer events stand for these. */
    EVENTS_SKIPPED,
    /** How far the client has come. */
    POSITION,
    /** An answer was refused. */
    RESUME_ERROR;

    private final String id = name().toLowerCase(Locale.ROOT);

    /** {@return the type on the wire, such as {@code execution_status}} */
    public String id() {
        return id;
    }
}
