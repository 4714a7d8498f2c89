package io.flowscript.testsupport.server;

import io.flowscript.core.bridge.CloseCode;
import io.flowscript.testkit.transport.SocketPeer;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** A well-behaved client on a WebSocket: answers a ping with a pong and a close with a close. */
public final class WebSocketPeer extends SocketPeer {

    private final RawClient frames;

    public WebSocketPeer(int port, String... headers) throws IOException {
        this(connect(port), headers);
    }

    private WebSocketPeer(Socket socket, String... headers) throws IOException {
        super(socket);
        frames = RawClient.upgraded(new RawClient(socket, input()), headers);
        begin();
    }

    @Override
    protected void readNext(DataInputStream in) throws IOException {
        RawClient.Frame frame = frames.readMessage();
        switch (frame.opcode()) {
            case RawClient.TEXT -> frame.text().lines().forEach(this::take);
            case RawClient.PING -> write(RawClient.frame(true, RawClient.PONG, frame.payload()));
            case RawClient.CLOSE -> {
                ended(new End(frame.closeCode(), frame.payload().length < 2 ? "" : frame.closeReason()));
                write(RawClient.frame(true, RawClient.CLOSE, frame.payload()));
            }
            default -> throw new IOException("An unexpected frame: " + frame.opcode());
        }
    }

    @Override
    public void send(List<String> messages) throws IOException {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (String message : messages) {
            all.writeBytes(RawClient.frame(true, RawClient.TEXT, message.getBytes(StandardCharsets.UTF_8)));
        }
        write(all.toByteArray());
    }

    @Override
    public void sendGarbage() throws IOException {
        write(RawClient.frame(true, RawClient.BINARY, "[1]".getBytes(StandardCharsets.UTF_8)));
        write(RawClient.frame(true, RawClient.TEXT, new byte[] {'{', (byte) 0xC3, '}'}));
    }

    @Override
    public void leave() throws IOException {
        byte[] normal = {(byte) (CloseCode.NORMAL >> 8), (byte) CloseCode.NORMAL};
        write(RawClient.frame(true, RawClient.CLOSE, normal));
        readOn();
    }
}
