package io.flowscript.core.bridge;

/**
 * The codes with which a connection is closed (RFC 6455, section 7.4, and protocol, section 4).
 *
 * @since 0.1.0
 */
public final class CloseCode {

    /** The connection ended normally. */
    public static final int NORMAL = 1000;

    /** The server shuts down. The client should reconnect later. */
    public static final int GOING_AWAY = 1001;

    /** A text frame was not valid UTF-8. */
    public static final int INVALID_DATA = 1007;

    /** The client sent nothing but bad messages. It should not reconnect. */
    public static final int POLICY = 1008;

    /** A message exceeded the maximum size. */
    public static final int MESSAGE_TOO_BIG = 1009;

    /** The server is overloaded. The client should reconnect later. */
    public static final int OVERLOADED = 1013;

    /** The login of the client has expired. It should log in anew, and then reconnect; no event is lost. */
    public static final int LOGIN_EXPIRED = 4401;

    /** The application has ended the session. The client should not reconnect by itself. */
    public static final int SESSION_ENDED = 4403;

    /** The client did not answer a heartbeat in time. It should reconnect. */
    public static final int HEARTBEAT_MISSED = 4408;

    /**
     * The client was too slow: it received no data for the configured time, or fell too far behind with newly started
     * executions. It should reconnect; no event is lost.
     */
    public static final int TOO_SLOW = 4409;

    private CloseCode() {}
}
