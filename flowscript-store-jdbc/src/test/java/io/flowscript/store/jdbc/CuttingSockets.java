package io.flowscript.store.jdbc;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import javax.net.SocketFactory;

/**
 * The sockets of the driver of PostgreSQL, which can be cut: all at once, as the system does with those of a process that is
 * killed, or one of them when a commit is sent. The driver makes a factory by the name of its class and an argument, the name of
 * the {@link Line}. It must send the text of each statement ({@code prepareThreshold=0}).
 */
public final class CuttingSockets extends SocketFactory {

    private static final Map<String, Line> LINES = new ConcurrentHashMap<>();

    private final Line line;

    /** What happens to a commit. */
    enum Cut {
        /** The connection is cut before the commit is sent. */
        BEFORE_THE_COMMIT,
        /** The connection is cut when the commit is sent, before its answer arrives. */
        BEFORE_THE_ANSWER,
        /** The server's process is ended before it gets the commit. */
        BACKEND_BEFORE_THE_COMMIT,
        /** The server's process is ended while it has the commit. */
        BACKEND_WITHIN_THE_COMMIT
    }

    /** The sockets of one place. */
    static final class Line implements AutoCloseable {

        private final String name;
        private final Runnable endBackend;
        private final Map<Cut, Integer> cuts;
        private final Set<Socket> open = ConcurrentHashMap.newKeySet();
        private Cut next;
        private Runnable before;

        /**
         * Creates a line.
         *
         * @param name a name that no other line has
         * @param endBackend ends the process of the server that has the commit
         * @param cuts counts what happened to commits
         */
        Line(String name, Runnable endBackend, Map<Cut, Integer> cuts) {
            this.cuts = cuts;
            this.name = name;
            this.endBackend = endBackend;
            LINES.put(name, this);
        }

        /** {@return the parameters of a URL whose connections are on this line} */
        String parameters() {
            return "prepareThreshold=0&sslmode=disable&socketFactory=" + CuttingSockets.class.getName()
                    + "&socketFactoryArg=" + name;
        }

        /**
         * Plans what happens to the next commit.
         *
         * @param first runs just before
         */
        synchronized void cutNext(Cut cut, Runnable first) {
            next = cut;
            before = first;
        }

        /** Takes a planned cut back if it has not come, and waits for the end of one that has. */
        synchronized void takeBack() {
            next = null;
        }

        /** Cuts all connections. */
        void cutAll() {
            open.forEach(Line::cut);
        }

        @Override
        public void close() {
            LINES.remove(name);
            cutAll();
        }

        private synchronized void sendCommit(Socket socket, OutputStream out, byte[] bytes, int from, int length)
                throws IOException {
            Cut cut = next;
            next = null;
            if (cut != null) {
                cuts.merge(cut, 1, Integer::sum);
                before.run();
            }
            if (cut == Cut.BACKEND_BEFORE_THE_COMMIT) {
                endBackend.run();
            }
            if (cut != Cut.BEFORE_THE_COMMIT) {
                out.write(bytes, from, length);
            }
            if (cut == Cut.BACKEND_WITHIN_THE_COMMIT) {
                endBackend.run();
            }
            if (cut == Cut.BEFORE_THE_COMMIT || cut == Cut.BEFORE_THE_ANSWER) {
                cut(socket);
            }
        }

        private static void cut(Socket socket) {
            try {
                socket.close();
            } catch (IOException e) {
                // It is gone either way.
            }
        }
    }

    /**
     * Creates the sockets of a line. Called by the driver.
     *
     * @param line the name of the line
     */
    public CuttingSockets(String line) {
        this.line = LINES.get(line);
    }

    @Override
    public Socket createSocket() {
        Socket socket = new CutSocket(line);
        line.open.add(socket);
        return socket;
    }

    private static final class CutSocket extends Socket {

        private final Line line;

        CutSocket(Line line) {
            this.line = line;
        }

        @Override
        public OutputStream getOutputStream() throws IOException {
            return new FilterOutputStream(super.getOutputStream()) {
                @Override
                public void write(byte[] bytes, int from, int length) throws IOException {
                    if (new String(bytes, from, length, StandardCharsets.ISO_8859_1).contains("COMMIT\0")) {
                        line.sendCommit(CutSocket.this, out, bytes, from, length);
                    } else {
                        out.write(bytes, from, length);
                    }
                }
            };
        }

        @Override
        public synchronized void close() throws IOException {
            line.open.remove(this);
            super.close();
        }
    }

    @Override
    public Socket createSocket(String host, int port) {
        throw new UnsupportedOperationException("The driver connects the socket itself");
    }

    @Override
    public Socket createSocket(String host, int port, InetAddress localHost, int localPort) {
        throw new UnsupportedOperationException("The driver connects the socket itself");
    }

    @Override
    public Socket createSocket(InetAddress host, int port) {
        throw new UnsupportedOperationException("The driver connects the socket itself");
    }

    @Override
    public Socket createSocket(InetAddress address, int port, InetAddress localAddress, int localPort) {
        throw new UnsupportedOperationException("The driver connects the socket itself");
    }
}
