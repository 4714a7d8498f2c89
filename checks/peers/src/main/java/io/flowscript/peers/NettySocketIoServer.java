package io.flowscript.peers;

import com.corundumstudio.socketio.BroadcastOperations;
import com.corundumstudio.socketio.Configuration;
import com.corundumstudio.socketio.SocketIOServer;
import com.corundumstudio.socketio.Transport;
import io.flowscript.benchmarks.load.Events;
import java.net.InetAddress;
import java.net.ServerSocket;

/** netty-socketio: a room of Socket.IO, over WebSocket alone. */
final class NettySocketIoServer extends Broadcast {

    private final int port;
    private final SocketIOServer server;

    NettySocketIoServer() throws Exception {
        // It does not tell which port it took when it was asked for any.
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        Configuration settings = new Configuration();
        settings.setHostname(InetAddress.getLoopbackAddress().getHostAddress());
        settings.setPort(port);
        settings.setTransports(Transport.WEBSOCKET);
        settings.setWebsocketCompression(false);
        settings.getSocketConfig().setReuseAddress(true);
        server = new SocketIOServer(settings);
        server.addEventListener("subscribe", String.class, (client, name, acknowledgement) -> {
            client.joinRoom(name);
            client.sendEvent("subscribed", name);
        });
        server.start();
    }

    @Override
    void publish(int number, long due) {
        room().sendEvent("event", Events.fields(number, due));
    }

    @Override
    boolean isBehind() {
        return room().getClients().stream().anyMatch(client -> !client.isWritable());
    }

    /** The clients that are in the room now. */
    private BroadcastOperations room() {
        return server.getRoomOperations(Events.EXECUTION);
    }

    @Override
    public int port() {
        return port;
    }

    @Override
    public String about() {
        return "netty-socketio " + Versions.of("netty-socketio");
    }

    @Override
    public void close() {
        server.stop();
    }
}
