package io.flowscript.client;

/**
 * A way to the server.
 *
 * @since 0.1.0
 */
public enum ClientTransport {
    /** A WebSocket, for everything. */
    WEBSOCKET,
    /** Server-sent events for what comes, requests for commands. New executions are not found over it. */
    SSE,
    /** Long polls for what comes, requests for commands. New executions are not found over it. */
    POLL
}
