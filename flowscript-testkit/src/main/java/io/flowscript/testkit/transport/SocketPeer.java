package io.flowscript.testkit.transport;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A client on a TCP socket, with a thread that reads. Subclasses define the meaning of the bytes. Safe for use by any
 * thread.
 *
 * <pre>{@code
 * final class LinePeer extends SocketPeer {
 *     LinePeer(int port) throws IOException {
 *         super(connect(port));
 *         begin();
 *     }
 *
 *     protected void readNext(DataInputStream in) throws IOException {
 *         take(lineOf(in));
 *     }
 *
 *     public void send(List<String> messages) throws IOException {
 *         write((String.join("\n", messages) + "\n").getBytes(StandardCharsets.UTF_8));
 *     }
 * }
 * }</pre>
 *
 * @since 0.1.0
 */
public abstract class SocketPeer implements Peer {

    private static final int WINDOW_BYTES = 64 * 1024;
    private static final int BUFFER_BYTES = 8 * 1024;

    private final Socket socket;
    private final DataInputStream in;

    private final Object writing = new Object();

    /** Guards the fields below. */
    private final Object lock = new Object();

    private final List<String> received = new ArrayList<>();
    private boolean reading = true;
    private @Nullable End end;

    /**
     * Creates a client that does not read yet.
     *
     * @param socket a connected socket; see {@link #connect}
     * @throws IOException if the socket is not connected
     */
    protected SocketPeer(Socket socket) throws IOException {
        this.socket = socket;
        this.in = new DataInputStream(new BufferedInputStream(new Gate(socket.getInputStream()), BUFFER_BYTES));
        socket.setTcpNoDelay(true);
    }

    /**
     * Connects to the loopback interface with a small receive window, so that the sender soon notices when this
     * client stops reading.
     *
     * @param port the port
     * @return the socket
     * @throws IOException if no server listens there
     */
    protected static Socket connect(int port) throws IOException {
        Socket socket = new Socket();
        try {
            socket.setReceiveBufferSize(WINDOW_BYTES);
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            return socket;
        } catch (IOException e) {
            socket.close();
            throw e;
        }
    }

    /** Starts reading. Call it last in the constructor. */
    protected final void begin() {
        Thread reader = new Thread(this::readAll, "contract-peer");
        reader.setDaemon(true);
        reader.start();
    }

    /**
     * Reads the next message or end, and reports it with {@link #take} or {@link #ended}. Called repeatedly by one
     * thread.
     *
     * @param input the input; it blocks while this client does not read
     * @throws IOException if the input does; the connection has then ended
     */
    protected abstract void readNext(DataInputStream input) throws IOException;

    /**
     * Reports a message.
     *
     * @param message the message as received
     */
    protected final void take(String message) {
        synchronized (lock) {
            received.add(message);
        }
    }

    /**
     * Reports the end of the connection. Only the first report counts.
     *
     * @param how how it ended
     */
    protected final void ended(End how) {
        synchronized (lock) {
            if (end == null) {
                end = how;
            }
        }
    }

    /** {@return the input, for reading before {@link #begin}} */
    protected final DataInputStream input() {
        return in;
    }

    /**
     * Sends bytes. Waits for other threads that are sending, and may block.
     *
     * @param bytes the bytes to send
     * @throws IOException if the connection has ended
     */
    protected final void write(byte[] bytes) throws IOException {
        synchronized (writing) {
            socket.getOutputStream().write(bytes);
        }
    }

    @Override
    public final List<String> received() {
        synchronized (lock) {
            return List.copyOf(received);
        }
    }

    @Override
    public final void stopReading() {
        synchronized (lock) {
            reading = false;
        }
    }

    @Override
    public final void readOn() {
        synchronized (lock) {
            reading = true;
            lock.notifyAll();
        }
    }

    @Override
    public void leave() throws IOException {
        socket.close();
        readOn();
    }

    @Override
    public void cut() throws IOException {
        if (!socket.isClosed()) {
            socket.setSoLinger(true, 0);
            socket.close();
        }
        readOn();
    }

    @Override
    public final @Nullable End end() {
        synchronized (lock) {
            return end;
        }
    }

    private void readAll() {
        try {
            while (end() == null) {
                readNext(in);
            }
        } catch (IOException e) {
            ended(End.PLAIN);
        }
    }

    private void awaitReading() throws IOException {
        synchronized (lock) {
            try {
                while (!reading) {
                    lock.wait();
                }
            } catch (InterruptedException e) {
                throw new IOException("interrupted", e);
            }
        }
    }

    /** Blocks reading while the client does not read. */
    private final class Gate extends FilterInputStream {

        Gate(InputStream from) {
            super(from);
        }

        @Override
        public int read() throws IOException {
            awaitReading();
            int read = super.read();
            awaitReading();
            return read;
        }

        @Override
        public int read(byte[] bytes, int from, int count) throws IOException {
            awaitReading();
            int read = super.read(bytes, from, count);
            awaitReading();
            return read;
        }
    }
}
