package io.flowscript.core.bridge;

/**
 * Carries bytes between clients and the bridge, in whatever way. Started once, closed once.
 *
 * @since 0.1.0
 */
public interface Transport extends AutoCloseable {

    /**
     * Begins to take clients in.
     *
     * @param bridge where each client is given a session
     * @throws io.flowscript.core.FlowScriptException when it cannot, with what to do about it
     */
    void start(EventBridge bridge);

    /** Takes no more clients and ends those that are there. Closing twice is harmless. */
    @Override
    void close();
}
