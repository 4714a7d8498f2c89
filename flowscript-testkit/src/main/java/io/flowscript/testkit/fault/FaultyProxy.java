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
 * A TCP proxy on the loopback interface, between clients and a server there, that lets befall them what a plan and a seed say: which faults the n-th
 * connection suffers, after how many bytes and for how long. When exactly a byte passes, and in what pieces, is the network's. Safe for use
 * by any thread.
 *
 * <pre>{@code
 * try (FaultyProxy proxy = FaultyProxy.start(FaultPlan.of(20), 4711, server.port())) {
 *     // clients connect to proxy.port()
 * }
 * }</pre>
 *
 * <p>{@code toString} says the plan and the seed: put it into the message of what fails.
 *
 * @since 0.1.0
 */
public final class FaultyProxy implements AutoCloseable {

    /** How many connections may be open at once; one more is reset. */
    public static final int MAX_CONNECTIONS = 1_000;

    /** Small, so that a stall is felt by the sender soon. */
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
     * @param plan what befalls connections
     * @param seed the same seed gives the n-th connection the same faults
     * @param targetPort where the server listens, on the loopback interface
     * @return the proxy, to be closed by the caller
     * @throws FlowScriptException with code {@code cannot_listen}
     */
    public static FaultyProxy start(FaultPlan plan, long seed, int targetPort) {
        try {
            FaultyProxy proxy = new FaultyProxy(Objects.requireNonNull(plan, "plan"), seed, targetPort);
            proxy.run(proxy::accept, "accept");
            return proxy;
        } catch (IOException e) {
            throw new FlowScriptException("cannot_listen", "There is no free port for a proxy", e);
        }
    }

    /** {@return the port that clients connect to} */
    public int port() {
        return entry.getLocalPort();
    }

    /**
     * Connections that come from now on go elsewhere, as to a server that was started again.
     *
     * @param port where the server listens now
     */
    public void target(int port) {
        target = port;
    }

    /**
     * Connections that come from now on suffer something else.
     *
     * @param other what befalls them; {@link FaultPlan#CALM} for nothing
     */
    public void plan(FaultPlan other) {
        plan = Objects.requireNonNull(other, "other");
    }

    /** {@return how many connections have come} */
    public int connections() {
        return connections;
    }

    /** {@return how many connections are open, on either side} */
    public int open() {
        return open.size();
    }

    /** {@return how often each fault has struck; one that never did is not in it} */
    public Map<Fault, Integer> struck() {
        return struck.isEmpty() ? Map.of() : new EnumMap<>(struck);
    }

    /** Ends every connection, and every thread that was started. Closing twice is harmless. */
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
            // nobody else comes
        }
    }

    private void connect(Socket client, ConnectionFaults fate, Random pace) {
        Socket server = new Socket();
        try {
            if (open.size() >= MAX_CONNECTIONS) {
                throw new IOException("as many connections as there may be are open");
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

    /** For a connection: a fault has struck it. */
    void tell(Fault fault) {
        struck.merge(fault, 1, Integer::sum);
    }

    /** For a connection: nothing happens for a while, unless the proxy is closed. */
    void pause(long nanos) {
        try {
            if (closing.await(nanos, TimeUnit.NANOSECONDS)) {
                return; // what is under way ends with its sockets
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** For a connection: both its sides are gone. */
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
