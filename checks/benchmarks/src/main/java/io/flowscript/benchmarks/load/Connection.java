package io.flowscript.benchmarks.load;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * One WebSocket (RFC 6455) of the client process, made as cheap as possible: all connections share a buffer, and only
 * an incomplete frame header is kept. Used by the client's one thread.
 */
final class Connection {

    private static final int TEXT = 1;
    private static final int CLOSE = 8;
    private static final int PING = 9;
    private static final int PONG = 10;
    private static final int MASKED = 0x80;
    private static final int FINAL = 0x80;

    /** The close code 1000. */
    private static final byte[] NORMAL = {0x03, (byte) 0xE8};

    private static final byte[] END_OF_HEAD = {'\r', '\n', '\r', '\n'};

    private final SocketChannel channel;
    private final SelectionKey key;
    private final Greeting greeting;
    private final Inbound inbound;
    private final Runnable greeted;

    /** The part received of a frame header that is incomplete. */
    private final byte[] head = new byte[14];

    private int headBytes;
    private int matched;
    private boolean open;
    private int opcode;
    private long left;
    private long messages;
    private boolean isGreeted;

    /**
     * Starts connecting.
     *
     * @param greeting how it subscribes
     * @param receiveBuffer in bytes; 0 for the default
     * @param greeted runs when the subscription is in force
     */
    Connection(Selector selector, int port, Greeting greeting, int receiveBuffer, Inbound inbound, Runnable greeted)
            throws IOException {
        this.greeted = greeted;
        this.greeting = greeting;
        this.inbound = inbound;
        channel = SocketChannel.open();
        channel.configureBlocking(false);
        channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
        if (receiveBuffer > 0) {
            channel.setOption(StandardSocketOptions.SO_RCVBUF, receiveBuffer);
        }
        key = channel.register(selector, SelectionKey.OP_CONNECT, this);
        channel.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    }

    Inbound inbound() {
        return inbound;
    }

    /** Stops reading, like a client that hangs. */
    void stall() {
        key.interestOps(0);
    }

    /** Sends a message. */
    void say(String message) throws IOException {
        send(TEXT, message.getBytes(StandardCharsets.UTF_8));
    }

    /** Resets the connection without notice. */
    void cut() throws IOException {
        greet();
        channel.setOption(StandardSocketOptions.SO_LINGER, 0);
        channel.close();
    }

    /** Asks the server to end the connection. */
    void leave() throws IOException {
        send(CLOSE, NORMAL);
    }

    boolean isOpen() {
        return channel.isOpen();
    }

    /** Requests the WebSocket upgrade once the socket is connected. */
    void connected() throws IOException {
        channel.finishConnect();
        key.interestOps(SelectionKey.OP_READ);
        String subprotocol = greeting.subprotocol();
        String request = "GET " + greeting.path() + " HTTP/1.1\r\nHost: localhost:"
                + ((InetSocketAddress) channel.getRemoteAddress()).getPort()
                + "\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
                + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
                + (subprotocol.isEmpty() ? "" : "Sec-WebSocket-Protocol: " + subprotocol + "\r\n") + "\r\n";
        write(ByteBuffer.wrap(request.getBytes(StandardCharsets.US_ASCII)));
    }

    /**
     * Reads the available bytes.
     *
     * @param buffer shared by all connections; empty
     * @return false if the other side has ended the connection
     */
    boolean read(ByteBuffer buffer) throws IOException {
        buffer.clear();
        buffer.put(head, 0, headBytes);
        headBytes = 0;
        int read = channel.read(buffer);
        buffer.flip();
        if (!open) {
            readResponse(buffer);
        }
        while (open && buffer.hasRemaining()) {
            if (left == 0 && !readHead(buffer)) {
                break;
            }
            readPayload(buffer);
        }
        return read >= 0;
    }

    private void readResponse(ByteBuffer buffer) throws IOException {
        while (buffer.hasRemaining() && matched < END_OF_HEAD.length) {
            byte b = buffer.get();
            matched = b == END_OF_HEAD[matched] ? matched + 1 : b == END_OF_HEAD[0] ? 1 : 0;
        }
        if (matched == END_OF_HEAD.length) {
            open = true;
            sayAll(greeting.opened());
        }
    }

    /** Reads the header of a frame; an incomplete one is kept. */
    private boolean readHead(ByteBuffer buffer) {
        int from = buffer.position();
        int there = buffer.remaining();
        int length = there < 2 ? 0 : buffer.get(from + 1) & 0x7F;
        int size = length == 126 ? 4 : length == 127 ? 10 : 2;
        if (there < size) {
            headBytes = there;
            buffer.get(head, 0, there);
            return false;
        }
        opcode = buffer.get(from) & 0x0F;
        left = length == 126 ? buffer.getShort(from + 2) & 0xFFFF : length == 127 ? buffer.getLong(from + 2) : length;
        buffer.position(from + size);
        if (left == 0) {
            ended();
        }
        return true;
    }

    private void readPayload(ByteBuffer buffer) throws IOException {
        int size = (int) Math.min(left, buffer.remaining());
        if (size == 0) {
            return;
        }
        left -= size;
        int end = buffer.limit();
        buffer.limit(buffer.position() + size);
        if (opcode == TEXT) {
            take(buffer);
        } else {
            buffer.position(buffer.limit());
        }
        buffer.limit(end);
        if (left == 0) {
            ended();
        }
    }

    private void take(ByteBuffer piece) throws IOException {
        messages += inbound.take(piece, left == 0);
        String heard = inbound.heard();
        if (heard != null) {
            sayAll(greeting.heard(heard));
        }
        if (!isGreeted && greeting.isDone(messages)) {
            greet();
        }
    }

    private void sayAll(List<String> what) throws IOException {
        for (String message : what) {
            say(message);
        }
    }

    private void greet() {
        if (!isGreeted) {
            isGreeted = true;
            greeted.run();
        }
    }

    private void ended() {
        try {
            if (opcode == PING) {
                send(PONG, new byte[0]);
            } else if (opcode == CLOSE) {
                channel.close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Creates a frame, masked with zeroes, which the RFC permits. */
    private void send(int code, byte[] payload) throws IOException {
        ByteBuffer frame = ByteBuffer.allocate(payload.length + 8);
        frame.put((byte) (FINAL | code));
        if (payload.length < 126) {
            frame.put((byte) (MASKED | payload.length));
        } else {
            frame.put((byte) (MASKED | 126)).putShort((short) payload.length);
        }
        write(frame.putInt(0).put(payload).flip());
    }

    /** Writes a frame. Clients send little here, so it fits the socket's buffer. */
    private void write(ByteBuffer bytes) throws IOException {
        channel.write(bytes);
        if (bytes.hasRemaining()) {
            throw new IOException("The request does not fit into the socket's buffer");
        }
    }
}
