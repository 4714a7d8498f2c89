package io.flowscript.testkit.fault;

import io.flowscript.core.engine.FlowScript;
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
 * Plays schedules over real sockets against a transport: a busy execution, clients that keep nothing but their position and come back until they have its
 * last event, and a {@link FaultyProxy} between them and a listener that is started again in mid-stream. Each client is checked by a
 * {@link DeliveryCheck}.
 *
 * <pre>{@code
 * SocketSchedules.of((flows, bridge) -> listen(flows, bridge)).way("websocket", new MyWebSocketClient()).play(80);
 * }</pre>
 *
 * <p>A seed fixes what the execution emits and how often it pauses, retention, limits and filters, after which event a listener is started again and how,
 * what befalls the n-th connection, and what each client draws. It does not fix how bytes fall into pieces, nor who comes first. What fails says its
 * seed and plan.
 *
 * <p>{@code -Dflowscript.fault.sockets=2000} plays so many schedules instead; {@code -Dflowscript.fault.seed=N} plays one. For one
 * thread.
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
         * Starts one on the loopback interface, at a free port.
         *
         * @param flows the engine
         * @param bridge takes the clients in; it outlives the listener
         * @return the listener
         */
        Listener start(FlowScript flows, FlowScriptBridge bridge);
    }

    /** A listener that was started. */
    public interface Listener extends AutoCloseable {

        /** {@return where it listens} */
        int port();

        /** Ends it with all its connections. By any thread. */
        @Override
        void close();
    }

    /** A way to follow an execution: one connection, from its opening to its end. */
    @FunctionalInterface
    public interface ClientConnector {

        /**
         * Connects, goes on where the client stands, hands the check what comes, and returns when it likes to or has to; when the check
         * {@link DeliveryCheck#isOver is over} at the latest.
         *
         * @param port where to connect, on the loopback interface
         * @param check where the client stands, and what takes each message
         * @param random what to draw from, as for how long to stay
         * @param patience after so long without a byte the connection is to be given up
         * @throws IOException when it broke off, or was refused for now; the client comes back
         */
        void visit(int port, DeliveryCheck check, Random random, Duration patience) throws IOException;
    }

    /**
     * Begins.
     *
     * @param server starts listeners
     * @return to be told of a {@link #way}, then played
     */
    public static SocketSchedules of(Server server) {
        return new SocketSchedules(Objects.requireNonNull(server, "server"));
    }

    /**
     * A way by which clients come; each draws one for each connection.
     *
     * @param name its name
     * @param way the way
     * @return this
     */
    public SocketSchedules way(String name, ClientConnector way) {
        ways.put(name, Objects.requireNonNull(way, "way"));
        return this;
    }

    /**
     * Plays schedules, some at a time.
     *
     * @param usual how many, from 1, where no system property says otherwise
     * @return what happened and how often: faults, restarts, connections by each way, events, holes, events left out, marks
     * @throws AssertionError when a client was not told what it is promised, with the seed and the plan
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
