package io.flowscript.testkit.fault;

import io.flowscript.core.FlowScriptException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * A TCP proxy on the loopback interface between clients and a server, with faults according to a plan and a seed:
 * which faults the n-th connection suffers, after how many bytes and for how long. The timing and division of bytes
 * is up to the network. Safe for use by any thread.
 *
 * <pre>{@code
 * try (FaultyProxy proxy = FaultyProxy.start(FaultPlan.of(20), 4711, server.port())) {
 *     // clients connect to proxy.port()
 * }
 * }</pre>
 *
 * <p>{@code toString} contains the plan and the seed; add it to failure messages.
 *
 * @since 0.1.0
 */
public final class FaultyProxy implements AutoCloseable {

    /** Maximum number of open connections; a further one is reset. */
    public static final int MAX_CONNECTIONS = 1_000;

    /** Small, so that the sender soon notices a stall. */
    private static final int BUFFER_BYTES = 8 * 1_024;

    private static final int BACKLOG = 128;
    private static final long CLOSING_NANOS = TimeUnit.SECONDS.toNanos(10);

    private final FaultPlan first;
    private final long seed;
    private final ServerSocket entry;
    private final CountDownLatch closing = new CountDownLatch(1);
    private final Set<ProxiedConnection> open = ConcurrentHashMap.newKeySet();
    private final Set<Thread> threads = ConcurrentHashMap.newKeySet();
    private final Map<Fault, Integer> struck = new ConcurrentHashMap<>();
    private volatile FaultPlan plan;
    private volatile int target;
    private volatile int connections;

    private FaultyProxy(FaultPlan plan, long seed, int target) throws IOException {
        this.first = plan;
        this.plan = plan;
        this.seed = seed;
        this.target = target;
        entry = new ServerSocket();
        entry.setReceiveBufferSize(BUFFER_BYTES);
        entry.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), BACKLOG);
    }

    /**
     * Starts a proxy at a free port.
     *
     * @param plan the faults
     * @param seed the same seed gives the n-th connection the same faults
     * @param targetPort the server's port on the loopback interface
     * @return the proxy, to be closed by the caller
     * @throws FlowScriptException with code {@code cannot_listen} if there is no free port
     */
    public static FaultyProxy start(FaultPlan plan, long seed, int targetPort) {
        try {
            FaultyProxy proxy = new FaultyProxy(Objects.requireNonNull(plan, "plan"), seed, targetPort);
            proxy.run(proxy::accept, "accept");
            return proxy;
        } catch (IOException e) {
            throw new FlowScriptException("cannot_listen", "No free port is available for the proxy", e);
        }
    }

    /** {@return the port that clients connect to} */
    public int port() {
        return entry.getLocalPort();
    }

    /**
     * Sends later connections to another port, such as that of a restarted server.
     *
     * @param port the server's new port
     */
    public void target(int port) {
        target = port;
    }

    /**
     * Sets the faults of later connections.
     *
     * @param other the faults; {@link FaultPlan#CALM} for none
     */
    public void plan(FaultPlan other) {
        plan = Objects.requireNonNull(other, "other");
    }

    /** {@return the number of connections so far} */
    public int connections() {
        return connections;
    }

    /** {@return the number of connections that are open on either side} */
    public int open() {
        return open.size();
    }

    /** {@return how often each fault has struck; faults that never struck are left out} */
    public Map<Fault, Integer> struck() {
        return struck.isEmpty() ? Map.of() : new EnumMap<>(struck);
    }

    /** Ends every connection and every thread that was started. Closing twice has no effect. */
    @Override
    public void close() {
        closing.countDown();
        closeQuietly(entry);
        open.forEach(ProxiedConnection::close);
        long deadline = System.nanoTime() + CLOSING_NANOS;
        for (Thread thread : threads) {
            try {
                TimeUnit.NANOSECONDS.timedJoin(thread, Math.max(1, deadline - System.nanoTime()));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }

    @Override
    public String toString() {
        return "FaultyProxy[seed=" + seed + ", plan=" + first + ", connections=" + connections + ", struck=" + struck
                + "]";
    }

    private void accept() {
        try {
            for (int number = 1; ; number++) {
                Socket client = entry.accept();
                connections = number;
                connect(
                        client,
                        ConnectionFaults.of(plan, ConnectionFaults.random(seed, number)),
                        ConnectionFaults.random(seed, -number));
            }
        } catch (IOException closed) {
            // the proxy accepts no more connections
        }
    }

    private void connect(Socket client, ConnectionFaults fate, Random pace) {
        Socket server = new Socket();
        try {
            if (open.size() >= MAX_CONNECTIONS) {
                throw new IOException("the maximum of open connections is reached");
            }
            server.setReceiveBufferSize(BUFFER_BYTES);
            server.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), target));
            ProxiedConnection connection = new ProxiedConnection(this, client, server, fate, pace);
            open.add(connection);
            if (closing.getCount() == 0) {
                connection.close();
            }
            run(connection::carryFromServer, "from-server");
            run(connection::carryFromClient, "from-client");
        } catch (IOException unreachable) {
            closeQuietly(server);
            closeQuietly(client);
        }
    }

    private void run(Runnable work, String name) {
        Thread thread = new Thread(
                () -> {
                    try {
                        work.run();
                    } finally {
                        threads.remove(Thread.currentThread());
                    }
                },
                "faulty-proxy-" + name);
        thread.setDaemon(true);
        threads.add(thread);
        thread.start();
    }

    /** Called by a connection when a fault has struck it. */
    void tell(Fault fault) {
        struck.merge(fault, 1, Integer::sum);
    }

    /** Called by a connection to wait, unless the proxy is closed. */
    void pause(long nanos) {
        try {
            if (closing.await(nanos, TimeUnit.NANOSECONDS)) {
                return; // what is under way ends with its sockets
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Called by a connection when both its sides have ended. */
    void ended(ProxiedConnection connection) {
        open.remove(connection);
    }

    static void closeQuietly(AutoCloseable socket) {
        try {
            socket.close();
        } catch (Exception e) {
            // it is gone either way
        }
    }
}
