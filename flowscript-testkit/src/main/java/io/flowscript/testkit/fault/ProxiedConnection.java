package io.flowscript.testkit.fault;

import io.flowscript.testkit.fault.ConnectionFaults.Strike;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * One connection through a {@link FaultyProxy}. Two threads carry bytes, one per direction, until a fault or one of
 * the sides ends it. When both sides have ended, it is closed, even if it is half open.
 */
final class ProxiedConnection {

    private static final int PIECE_BYTES = 2_048;

    /** How often a thread that receives nothing checks for an idle connection. */
    private static final int LOOK_MILLIS = 50;

    /** How long each side may go on sending after the connection was ended in good order. */
    private static final long LAST_WORDS_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final FaultyProxy proxy;
    private final Socket client;
    private final Socket server;
    private final ConnectionFaults fate;
    private final Random pace;
    private final AtomicInteger ways = new AtomicInteger(2);
    private long fromServer;
    private volatile long heard = System.nanoTime();
    private volatile boolean vanishing;
    private volatile boolean ending;
    private boolean stalled;

    ProxiedConnection(FaultyProxy proxy, Socket client, Socket server, ConnectionFaults fate, Random pace)
            throws IOException {
        this.proxy = proxy;
        this.client = client;
        this.server = server;
        this.fate = fate;
        this.pace = pace;
        for (Socket socket : new Socket[] {client, server}) {
            socket.setTcpNoDelay(true);
            socket.setSoTimeout(LOOK_MILLIS);
        }
    }

    /**
     * How often in a row a thread has looked for bytes in vain. A process that pauses does not pass bytes on either; that
     * is one look, however long it takes.
     */
    private static final class Looks {
        private long heard;
        private int inVain;

        /** Counts a look. {@return whether there were enough of them since something was last heard} */
        private boolean areInVain(Strike idle, long lastHeard) {
            inVain = lastHeard == heard ? inVain + 1 : 1;
            heard = lastHeard;
            return inVain >= idle.time().toMillis() / LOOK_MILLIS;
        }
    }

    void carryFromServer() {
        carry(server, client, true);
    }

    void carryFromClient() {
        carry(client, server, false);
    }

    /** Ends the connection at once, whatever is under way. */
    void close() {
        FaultyProxy.closeQuietly(client);
        FaultyProxy.closeQuietly(server);
    }

    private void carry(Socket from, Socket to, boolean isFromServer) {
        byte[] piece = new byte[PIECE_BYTES];
        try {
            Looks looks = new Looks();
            boolean heeded = true;
            int length = 0;
            while (length >= 0) {
                stall(isFromServer);
                length = read(from, piece, looks);
                heeded = heeded && !ending && !isVanishing(isFromServer);
                if (length > 0 && heeded) {
                    heeded = pass(piece, length, to, isFromServer);
                }
            }
            if (!isVanishing(isFromServer)) {
                to.shutdownOutput();
            }
        } catch (IOException over) {
            if (!vanishing) {
                close();
            }
        }
        if (ways.decrementAndGet() == 0) {
            close();
            proxy.ended(this);
        }
    }

    /** Reads a piece. {@return its length; 0 if there is none yet, -1 at the end} */
    private int read(Socket from, byte[] piece, Looks looks) throws IOException {
        try {
            InputStream in = from.getInputStream();
            int length = in.read(piece);
            heard = ending ? heard : System.nanoTime();
            return length;
        } catch (SocketTimeoutException silence) {
            long silent = System.nanoTime() - heard;
            Strike idle = fate.get(Fault.IDLE);
            if (ending) {
                return silent > LAST_WORDS_NANOS ? -1 : 0;
            }
            if (idle != null
                    && !vanishing
                    && looks.areInVain(idle, heard)
                    && silent > idle.time().toNanos()) {
                end(Fault.IDLE);
            }
            return 0;
        }
    }

    /** {@return false if the other side has gone and this side must not learn it} */
    private boolean pass(byte[] piece, int length, Socket to, boolean isFromServer) throws IOException {
        try {
            hand(piece, length, to, isFromServer);
            return true;
        } catch (IOException gone) {
            if (vanishing) {
                return false;
            }
            throw gone;
        }
    }

    private void hand(byte[] piece, int length, Socket to, boolean isFromServer) throws IOException {
        Strike delay = fate.get(Fault.DELAY);
        if (delay != null && (isFromServer ? delay.fromServer() : delay.fromClient())) {
            proxy.tell(Fault.DELAY);
            proxy.pause((long) (nextShare() * delay.time().toNanos()));
        }
        OutputStream out = to.getOutputStream();
        if (!isFromServer) {
            out.write(piece, 0, length);
            return;
        }
        Strike truncation = fate.get(Fault.TRUNCATE);
        if (truncation != null && fromServer + length > truncation.afterBytes()) {
            out.write(piece, 0, (int) Math.max(0, truncation.afterBytes() - fromServer));
            reset(Fault.TRUNCATE);
        }
        out.write(piece, 0, length);
        fromServer += length;
        if (fate.hasStruck(Fault.RESET, fromServer)) {
            reset(Fault.RESET);
        }
        if (fate.hasStruck(Fault.END, fromServer)) {
            end(Fault.END);
        }
        if (!vanishing && fate.hasStruck(Fault.HALF_OPEN, fromServer)) {
            proxy.tell(Fault.HALF_OPEN);
            vanishing = true;
        }
    }

    private double nextShare() {
        synchronized (pace) {
            return pace.nextDouble();
        }
    }

    private void stall(boolean isFromServer) {
        Strike stall = fate.get(Fault.STALL);
        if (isFromServer && stall != null && !stalled && !ending && fromServer >= stall.afterBytes()) {
            stalled = true;
            proxy.tell(Fault.STALL);
            proxy.pause(stall.time().toNanos());
        }
    }

    private boolean isVanishing(boolean isFromServer) {
        Strike halfOpen = fate.get(Fault.HALF_OPEN);
        return vanishing && halfOpen != null && (isFromServer ? halfOpen.fromServer() : halfOpen.fromClient());
    }

    /** Ends both sides; what they still send is discarded. */
    private void end(Fault fault) throws IOException {
        if (!ending) {
            ending = true;
            heard = System.nanoTime();
            proxy.tell(fault);
            client.shutdownOutput();
            server.shutdownOutput();
        }
    }

    private void reset(Fault fault) throws IOException {
        proxy.tell(fault);
        client.setSoLinger(true, 0);
        server.setSoLinger(true, 0);
        close();
        throw new IOException("reset: " + fault);
    }
}
