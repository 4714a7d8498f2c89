package io.flowscript.testkit.fault;

import io.flowscript.engine.FlowScript;
import io.flowscript.events.delivery.FlowScriptBridge;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Runs random schedules over real sockets against a transport: a busy execution, clients that keep only their
 * position and reconnect until they have its last event, a {@link FaultyProxy} in between, and a listener that is
 * restarted in mid-stream. A {@link DeliveryCheck} checks each client.
 *
 * <pre>{@code
 * SocketSchedules.of((flows, bridge) -> listen(flows, bridge)).way("websocket", new MyWebSocketClient()).play(80);
 * }</pre>
 *
 * <p>A seed determines what the execution emits and how often it pauses, retention, limits and filters, when and how
 * a listener is restarted, the faults of the n-th connection, and the random choices of each client. It does not
 * determine how bytes are divided or which client connects first. A failure reports its seed and plan.
 *
 * <p>{@code -Dflowscript.fault.sockets=2000} sets the number of schedules; {@code -Dflowscript.fault.seed=N} runs
 * only one. For one thread.
 *
 * @since 0.1.0
 */
public final class SocketSchedules {

    private static final int AT_ONCE = 6;

    private final Server server;
    private final Map<String, ClientConnector> ways = new LinkedHashMap<>();

    private SocketSchedules(Server server) {
        this.server = server;
    }

    /** Starts listeners. */
    @FunctionalInterface
    public interface Server {

        /**
         * Starts a listener on the loopback interface, at a free port.
         *
         * @param flows the engine
         * @param bridge the bridge for the clients; it outlives the listener
         * @return the listener
         */
        Listener start(FlowScript flows, FlowScriptBridge bridge);
    }

    /** A running listener. */
    public interface Listener extends AutoCloseable {

        /** {@return its port} */
        int port();

        /** Closes the listener with all its connections. May be called by any thread. */
        @Override
        void close();
    }

    /** Follows an execution over one connection, from its opening to its end. */
    @FunctionalInterface
    public interface ClientConnector {

        /**
         * Connects, resumes at the client's position, and passes each message to the check. Returns at any time, at
         * the latest when the check {@link DeliveryCheck#isOver is over}.
         *
         * @param port the port to connect to, on the loopback interface
         * @param check the client's position, and the receiver of each message
         * @param random the source of random choices, such as how long to stay
         * @param patience give the connection up after this time without a byte
         * @throws IOException if the connection broke off or was refused for now; the client connects again
         */
        void visit(int port, DeliveryCheck check, Random random, Duration patience) throws IOException;
    }

    /**
     * Creates schedules without a client connector.
     *
     * @param server starts listeners
     * @return the schedules, to which at least one {@link #way} must be added
     */
    public static SocketSchedules of(Server server) {
        return new SocketSchedules(Objects.requireNonNull(server, "server"));
    }

    /**
     * Adds a client connector. Each client draws one for each connection.
     *
     * @param name its name
     * @param way the connector
     * @return this
     */
    public SocketSchedules way(String name, ClientConnector way) {
        ways.put(name, Objects.requireNonNull(way, "way"));
        return this;
    }

    /**
     * Runs schedules, several at a time.
     *
     * @param usual how many, from 1, unless a system property sets another number
     * @return counts by name: faults, restarts, connections by each connector, events, holes, skipped events,
     *     reported positions
     * @throws AssertionError if a client did not get what the protocol promises; contains the seed and the plan
     */
    public Map<String, Integer> play(int usual) {
        Long only = Long.getLong("flowscript.fault.seed");
        long first = only == null ? 1 : only;
        long last = only == null ? Integer.getInteger("flowscript.fault.sockets", usual) : only;
        Map<String, Integer> seen = new TreeMap<>();
        ExecutorService players = Executors.newFixedThreadPool(AT_ONCE);
        ExecutorService clients = Executors.newCachedThreadPool();
        try {
            List<Future<Map<String, Integer>>> played = new ArrayList<>();
            for (long seed = first; seed <= last; seed++) {
                SocketSchedule schedule = new SocketSchedule(seed, server, ways, clients);
                played.add(players.submit(schedule::play));
            }
            for (Future<Map<String, Integer>> schedule : played) {
                schedule.get().forEach((what, times) -> seen.merge(what, times, Integer::sum));
            }
            return seen;
        } catch (ExecutionException e) {
            throw e.getCause() instanceof AssertionError wrong ? wrong : new AssertionError(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        } finally {
            players.shutdownNow();
            clients.shutdownNow();
        }
    }
}
