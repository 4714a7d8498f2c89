package io.flowscript.examples.transport;

import io.flowscript.core.FlowScriptException;
import io.flowscript.core.Identity;
import io.flowscript.core.bridge.ClientInfo;
import io.flowscript.core.bridge.EventBridge;
import io.flowscript.core.bridge.Transport;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.AsynchronousServerSocketChannel;
import java.nio.channels.AsynchronousSocketChannel;
import java.nio.channels.CompletionHandler;
import org.jspecify.annotations.Nullable;

/**
 * The client protocol over TCP on the loopback interface: one JSON object per line, in both directions. Good for {@code nc} and for reading how
 * a transport is made.
 */
public final class LineTransport implements Transport {

    private final int wantedPort;
    private @Nullable AsynchronousServerSocketChannel server;

    /**
     * Makes a transport that is not started yet.
     *
     * @param port the port, 0 for a free one
     */
    public LineTransport(int port) {
        this.wantedPort = port;
    }

    @Override
    public void start(EventBridge bridge) {
        try {
            AsynchronousServerSocketChannel opened = AsynchronousServerSocketChannel.open();
            opened.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), wantedPort));
            server = opened;
            acceptNext(opened, bridge);
        } catch (IOException e) {
            throw new FlowScriptException("cannot_listen", "The port " + wantedPort + " cannot be listened on", e);
        }
    }

    /** {@return the port that it listens on} */
    public int port() {
        try {
            AsynchronousServerSocketChannel opened = server;
            if (opened != null && opened.getLocalAddress() instanceof InetSocketAddress address) {
                return address.getPort();
            }
        } catch (IOException e) {
            // it was closed: told below
        }
        throw new FlowScriptException("not_listening", "The transport is not started");
    }

    @Override
    public void close() {
        AsynchronousServerSocketChannel opened = server;
        if (opened != null) {
            LineConnection.closeQuietly(opened);
        }
    }

    private static void acceptNext(AsynchronousServerSocketChannel server, EventBridge bridge) {
        server.accept(null, new CompletionHandler<AsynchronousSocketChannel, @Nullable Void>() {
            @Override
            public void completed(AsynchronousSocketChannel socket, @Nullable Void nothing) {
                acceptNext(server, bridge);
                LineConnection connection = new LineConnection(socket, bridge.maxMessageBytes());
                try {
                    connection.begin(
                            bridge.connect(connection, new ClientInfo(Identity.ANONYMOUS, ClientInfo.Framing.LINES)));
                } catch (FlowScriptException refused) {
                    LineConnection.closeQuietly(socket);
                }
            }

            @Override
            public void failed(Throwable cause, @Nullable Void nothing) {
                // The server socket was closed: nobody else comes.
            }
        });
    }
}
