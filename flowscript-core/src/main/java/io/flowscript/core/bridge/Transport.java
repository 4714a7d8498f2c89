package io.flowscript.core.bridge;

/**
 * Carries bytes between clients and the bridge, for example over WebSocket. A transport is started once and closed
 * once.
 *
 * @since 0.1.0
 */
public interface Transport extends AutoCloseable {

    /**
     * Starts to accept clients.
     *
     * @param bridge the bridge that opens a session for each client
     * @throws io.flowscript.core.FlowScriptException when the transport cannot start; the message names the remedy
     */
    void start(EventBridge bridge);

    /** Stops accepting clients and ends the open connections. Closing it again has no effect. */
    @Override
    void close();
}
