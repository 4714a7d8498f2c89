package io.flowscript.core.bridge;

/**
 * Why a connection was ended (RFC 6455, section 7.4, and protocol, section 4).
 *
 * @since 0.1.0
 */
public final class CloseCode {

    /** All is well. */
    public static final int NORMAL = 1000;

    /** The server is going away; come back later. */
    public static final int GOING_AWAY = 1001;

    /** A frame was not what it said it was: text that is not UTF-8. */
    public static final int INVALID_DATA = 1007;

    /** The client did what it may not do. */
    public static final int POLICY = 1008;

    /** A message was larger than is taken. */
    public static final int MESSAGE_TOO_BIG = 1009;

    /** The server cannot take more; come back later. */
    public static final int OVERLOADED = 1013;

    /** No sign of life came in time; come back. */
    public static final int HEARTBEAT_MISSED = 4408;

    /** The client made no progress for the configured time; come back, nothing is lost. */
    public static final int TOO_SLOW = 4409;

    private CloseCode() {}
}
