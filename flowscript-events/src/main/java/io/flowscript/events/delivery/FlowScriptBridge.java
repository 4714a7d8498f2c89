package io.flowscript.events.delivery;

import io.flowscript.core.bridge.EventBridge;
import io.flowscript.engine.FlowScript;
import io.flowscript.events.operations.Operations;
import java.util.Objects;

/**
 * A bridge that also gives access to its engine and to the operations that its clients use. With these, a server can
 * offer other interfaces to the same engine, such as REST, under the same access policy and limits. Safe for use by any
 * thread.
 *
 * @since 0.1.0
 */
public interface FlowScriptBridge extends EventBridge {

    /**
     * Returns a builder of a bridge.
     *
     * @param flows the engine; it must be closed after the bridge
     * @return a builder with the default settings
     */
    static EventBridgeBuilder builder(FlowScript flows) {
        return new EventBridgeBuilder(Objects.requireNonNull(flows, "flows"));
    }

    /** {@return the engine} */
    FlowScript flows();

    /** {@return the operations of the bridge's clients; they are closed with the bridge, so the caller must not close them} */
    Operations operations();

    /**
     * {@return the current figures of the bridge; each is exact at some moment during the call, and the cost does not
     * grow with the number of clients}
     */
    BridgeStats stats();

    /**
     * {@return how far clients are behind; the cost grows with the number of clients}
     */
    DeliveryLag lag();
}
