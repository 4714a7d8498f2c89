package io.flowscript.events.memory;

import io.flowscript.core.FlowScriptException;
import io.flowscript.core.Identity;
import io.flowscript.core.bridge.ClientInfo;
import io.flowscript.core.bridge.ClientInfo.Framing;
import io.flowscript.core.bridge.EventBridge;
import io.flowscript.core.bridge.Transport;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * A transport without a network. Everything else is the same as over a socket: messages as bytes, frames,
 * back-pressure. Safe for use by any thread.
 *
 * <pre>{@code
 * MemoryTransport transport = new MemoryTransport();
 * transport.start(bridge);
 * MemoryClient client = transport.connect();
 * client.subscribe(execution.id());
 * client.await("workflow_completed");
 * }</pre>
 *
 * @since 0.1.0
 */
public final class MemoryTransport implements Transport {

    private final Set<MemoryClient> clients = ConcurrentHashMap.newKeySet();
    private volatile @Nullable EventBridge bridge;
    private volatile boolean closed;

    /** Creates a transport that was not started. */
    public MemoryTransport() {}

    /**
     * Creates a transport and starts it.
     *
     * @param bridge the bridge that clients connect to
     * @return the transport; the caller closes it
     */
    public static MemoryTransport on(EventBridge bridge) {
        MemoryTransport transport = new MemoryTransport();
        transport.start(bridge);
        return transport;
    }

    @Override
    public void start(EventBridge target) {
        bridge = target;
    }

    /**
     * Connects an anonymous client of the newest protocol version.
     *
     * @return the connected client
     * @throws FlowScriptException as {@link EventBridge#connect}; also with code {@code transport_not_started} before
     *     {@link #start}, or {@code server_closing} after {@link #close}
     */
    public MemoryClient connect() {
        return connect(Identity.ANONYMOUS);
    }

    /**
     * Connects a client of the newest protocol version.
     *
     * @param who the client's identity
     * @return the connected client
     * @throws FlowScriptException as {@link #connect()}
     */
    public MemoryClient connect(Identity who) {
        return connect(who, Framing.LINES);
    }

    /**
     * Connects a client.
     *
     * @param who the client's identity
     * @param framing the framing of its messages; {@link Framing#SINGLE} for a client of protocol version 1
     * @return the connected client
     * @throws FlowScriptException as {@link #connect()}
     */
    public MemoryClient connect(Identity who, Framing framing) {
        return connect(new ClientInfo(who, framing));
    }

    /**
     * Connects a client whose login can expire or be renewed.
     *
     * @param info who the client is, also when it reconnects
     * @return the connected client
     * @throws FlowScriptException as {@link #connect()}
     */
    public MemoryClient connect(ClientInfo info) {
        MemoryClient client = new MemoryClient(this, info);
        client.reconnect();
        return client;
    }

    /** {@return the number of connected clients} */
    public int connections() {
        return clients.size();
    }

    @Override
    public void close() {
        closed = true;
        clients.forEach(MemoryClient::disconnect);
    }

    EventBridge bridge() {
        EventBridge started = bridge;
        if (closed) {
            throw new FlowScriptException("server_closing", "This transport is closed; create another one");
        }
        if (started == null) {
            throw new FlowScriptException(
                    "transport_not_started",
                    "This transport was not started; call start(bridge) before a client connects");
        }
        return started;
    }

    void add(MemoryClient client) {
        clients.add(client);
    }

    void remove(MemoryClient client) {
        clients.remove(client);
    }
}
