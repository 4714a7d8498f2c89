package io.flowscript.examples.transport;

import io.flowscript.core.FlowScriptException;
import io.flowscript.core.Identity;
import io.flowscript.core.bridge.ClientInfo;
import io.flowscript.core.bridge.EventBridge;
import io.flowscript.core.bridge.Transport;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.AsynchronousChannelGroup;
import java.nio.channels.AsynchronousServerSocketChannel;
import java.nio.channels.AsynchronousSocketChannel;
import java.nio.channels.CompletionHandler;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The client protocol over TCP on the loopback interface: one JSON object per line, in both directions. Suitable for
 * {@code nc}, and as an example of a transport. Safe for use by any thread.
 */
public final class LineTransport implements Transport {

    private static final System.Logger LOG = System.getLogger(LineTransport.class.getName());
    private static final int THREADS = 2;
    private static final int CLOSING_SECONDS = 5;

    private final int wantedPort;
    private final Set<LineConnection> connections = ConcurrentHashMap.newKeySet();
    private @Nullable AsynchronousChannelGroup threads;
    private volatile @Nullable AsynchronousServerSocketChannel server;
    private volatile boolean closed;

    /**
     * Creates a transport that is not started.
     *
     * @param port the port; 0 for a free one
     */
    public LineTransport(int port) {
        this.wantedPort = port;
    }

    @Override
    public void start(EventBridge bridge) {
        try {
            AsynchronousChannelGroup group =
                    AsynchronousChannelGroup.withFixedThreadPool(THREADS, task -> new Thread(task, "line-transport"));
            threads = group;
            AsynchronousServerSocketChannel opened = AsynchronousServerSocketChannel.open(group);
            server = opened;
            opened.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), wantedPort));
            acceptNext(opened, bridge);
        } catch (IOException e) {
            close();
            throw new FlowScriptException("cannot_listen", "The port " + wantedPort + " cannot be listened on", e);
        }
    }

    /** {@return the port on which it listens} */
    public int port() {
        try {
            AsynchronousServerSocketChannel opened = server;
            if (opened != null && opened.getLocalAddress() instanceof InetSocketAddress address) {
                return address.getPort();
            }
        } catch (IOException e) {
            // closed; reported below
        }
        throw new FlowScriptException("not_listening", "The transport is not started");
    }

    /** {@return the number of connected clients} */
    public int connections() {
        return connections.size();
    }

    @Override
    public void close() {
        closed = true;
        AsynchronousServerSocketChannel opened = server;
        if (opened != null) {
            LineConnection.closeQuietly(opened);
        }
        connections.forEach(LineConnection::end);
        AsynchronousChannelGroup group = threads;
        if (group != null) {
            endThreads(group);
        }
    }

    private static void endThreads(AsynchronousChannelGroup group) {
        try {
            group.shutdown();
            if (!group.awaitTermination(CLOSING_SECONDS, TimeUnit.SECONDS)) {
                group.shutdownNow();
            }
        } catch (IOException e) {
            LOG.log(System.Logger.Level.WARNING, "The transport could not be closed cleanly", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void acceptNext(AsynchronousServerSocketChannel from, EventBridge bridge) {
        from.accept(null, new CompletionHandler<AsynchronousSocketChannel, @Nullable Void>() {
            @Override
            public void completed(AsynchronousSocketChannel socket, @Nullable Void nothing) {
                acceptNext(from, bridge);
                takeIn(socket, bridge);
            }

            @Override
            public void failed(Throwable cause, @Nullable Void nothing) {
                // The server socket was closed, so no more clients connect.
            }
        });
    }

    private void takeIn(AsynchronousSocketChannel socket, EventBridge bridge) {
        LineConnection connection = new LineConnection(socket, bridge.maxMessageBytes(), connections::remove);
        connections.add(connection);
        try {
            connection.begin(bridge.connect(connection, new ClientInfo(Identity.ANONYMOUS, ClientInfo.Framing.LINES)));
        } catch (FlowScriptException refused) {
            connection.end();
        } catch (RuntimeException e) {
            LOG.log(System.Logger.Level.ERROR, "A client could not be accepted", e);
            connection.end();
        }
        if (closed) {
            connection.end(); // the client connected while the transport was closing
        }
    }
}
