package io.flowscript.events.delivery;

import io.flowscript.core.bridge.AccessPolicy;
import io.flowscript.core.bridge.EventBridge;
import io.flowscript.core.engine.FlowScript;
import io.flowscript.events.inbox.Inbox;
import io.flowscript.json.protocol.WireSettings;
import java.util.Objects;

/**
 * A bridge that tells the rules it keeps to, so that another way to the same engine, such as REST beside a WebSocket, keeps to the same
 * ones. Safe for use by any thread.
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

    /** {@return who may do what; does not throw, but refuses when the application's policy does} */
    AccessPolicy accessPolicy();

    /**
     * The inbox that its clients see.
     *
     * @return the one that the application gave, or the bridge's own, which ends with it; not to be closed by who asks
     * @throws io.flowscript.core.FlowScriptException with code {@code server_closing}
     */
    Inbox inbox();

    /** {@return what carries out its clients' commands, each once} */
    Commands commands();

    /** {@return what of an execution's data goes out} */
    WireSettings wire();

    /** {@return what it has in hand for its clients, each figure as it was at some moment of the call; costs a look at each client} */
    BridgeStats gauges();
}
