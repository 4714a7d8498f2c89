package io.flowscript.events.delivery;

import io.flowscript.core.bridge.EventBridge;
import io.flowscript.core.engine.FlowScript;
import io.flowscript.events.operations.Operations;
import java.util.Objects;

/**
 * A bridge with what a server needs besides: the operations that its clients ask for, so that another way to the same engine, such as REST beside a
 * WebSocket, keeps to the same rules. Safe for use by any thread.
 *
 * @since 0.1.0
 */
public interface FlowScriptBridge extends EventBridge {

    /**
     * Begins a bridge.
     *
     * @param flows the engine; it has to be closed after the bridge
     * @return a builder with the default settings
     */
    static EventBridgeBuilder builder(FlowScript flows) {
        return new EventBridgeBuilder(Objects.requireNonNull(flows, "flows"));
    }

    /** {@return the engine behind it} */
    FlowScript flows();

    /** {@return what its clients can ask for, under its rules; closed with the bridge, not by who asks for it} */
    Operations operations();

    /** {@return what it has in hand for its clients, each figure as it was at some moment of the call; costs the same for any number of clients} */
    BridgeStats stats();
}
