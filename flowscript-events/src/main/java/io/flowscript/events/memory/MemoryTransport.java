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
 * Clients without a network. Everything else is as it is with one: the same messages as bytes, the same frames, the same
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

    /** Makes a transport that has not been started. */
    public MemoryTransport() {}

    /**
     * Makes a transport and starts it.
     *
     * @param bridge where each client is given a session
     * @return the transport, to be closed by the caller
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
     * Connects an anonymous client that speaks the newest protocol.
     *
     * @return the client
     * @throws FlowScriptException as {@link EventBridge#connect}, or with code {@code transport_not_started} or {@code server_closing}
     */
    public MemoryClient connect() {
        return connect(Identity.ANONYMOUS);
    }

    /**
     * Connects a client that speaks the newest protocol.
     *
     * @param who who it is
     * @return the client
     * @throws FlowScriptException as above
     */
    public MemoryClient connect(Identity who) {
        return connect(who, Framing.LINES);
    }

    /**
     * Connects a client.
     *
     * @param who who it is
     * @param framing how it wants to be spoken to; {@link Framing#SINGLE} for a client of the first protocol version
     * @return the client
     * @throws FlowScriptException as above
     */
    public MemoryClient connect(Identity who, Framing framing) {
        MemoryClient client = new MemoryClient(this, new ClientInfo(who, framing));
        client.reconnect();
        return client;
    }

    /** {@return how many clients are connected} */
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
            throw new FlowScriptException("server_closing", "This transport is closed");
        }
        if (started == null) {
            throw new FlowScriptException("transport_not_started", "Call start(bridge) before a client connects");
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
