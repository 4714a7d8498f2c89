package io.flowscript.ws.jetty;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A proxy that cuts connections: each one after a number of bytes from the server, or when nothing was said for a while, as its seed says. It cuts with
 * a reset or with an end, between bytes wherever they are.
 */
final class CuttingProxy implements AutoCloseable {

    private static final int PIECE = 2_048;
    private static final int IDLE_MILLIS = 400;

    final AtomicInteger cuts = new AtomicInteger();
    private final ServerSocket entry;
    private final int target;
    private final int fewest;
    private final int most;
    private final Random random;
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();

    CuttingProxy(int target, long seed, int fewest, int most) throws IOException {
        this.target = target;
        this.fewest = fewest;
        this.most = most;
        this.random = new Random(seed);
        this.entry = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        start(this::accept);
    }

    URI uri() {
        return URI.create("http://localhost:" + entry.getLocalPort());
    }

    private void accept() {
        try {
            while (true) {
                Socket in = entry.accept();
                Socket out = new Socket(InetAddress.getLoopbackAddress(), target);
                sockets.add(in);
                sockets.add(out);
                int bytes = random.nextInt(fewest, most);
                boolean reset = random.nextBoolean();
                start(() -> copy(in, out, Integer.MAX_VALUE, false));
                start(() -> copy(out, in, bytes, reset));
            }
        } catch (IOException closed) {
            // over
        }
    }

    private void copy(Socket from, Socket to, int bytes, boolean reset) {
        int left = bytes;
        try {
            if (bytes != Integer.MAX_VALUE) {
                from.setSoTimeout(IDLE_MILLIS);
            }
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            byte[] piece = new byte[PIECE];
            while (left > 0) {
                int read = in.read(piece, 0, Math.min(left, PIECE));
                if (read < 0) {
                    break;
                }
                out.write(piece, 0, read);
                left -= read;
            }
            if (left == 0) {
                cuts.incrementAndGet();
                if (reset) {
                    to.setSoLinger(true, 0);
                }
            }
        } catch (IOException cut) {
            // the other way round it is cut too
        }
        close(from);
        close(to);
    }

    private void close(Socket socket) {
        sockets.remove(socket);
        try {
            socket.close();
        } catch (IOException e) {
            // gone
        }
    }

    private static void start(Runnable work) {
        Thread thread = new Thread(work, "cutting-proxy");
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void close() throws IOException {
        entry.close();
        sockets.forEach(this::close);
    }
}
