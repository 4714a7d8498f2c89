package io.flowscript.events.delivery;

import io.flowscript.core.FlowScriptException;
import io.flowscript.core.Identity;
import io.flowscript.core.bridge.ClientChannel;
import io.flowscript.core.bridge.ClientInfo;
import io.flowscript.core.bridge.ClientInfo.Framing;
import io.flowscript.core.bridge.ClientSession;
import io.flowscript.core.bridge.CloseCode;
import io.flowscript.core.concurrent.Shares;
import io.flowscript.core.text.RandomIds;
import io.flowscript.engine.FlowScript;
import io.flowscript.events.delivery.DeliveryLag.SlowClient;
import io.flowscript.events.operations.Operations;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Predicate;

/** The bridge: manages all connected clients, each under an id that cannot be guessed. Safe for use by any thread. */
final class ConnectionManager implements FlowScriptBridge {

    /** The fraction of the golden ratio. The fractional parts of its multiples are spread evenly, for any number of clients. */
    private static final double EVENLY = 0.618_033_988_749_895;

    private final Delivery delivery;
    private final Delivery firstVersion;
    private final RandomIds ids = new RandomIds();
    private final Map<String, Session> sessions = new ConcurrentHashMap<>();
    private final AtomicInteger size = new AtomicInteger();
    private final Shares shares;
    private final Consumer<Session> onEnd = this::remove;
    private final AtomicLong connected = new AtomicLong();
    private volatile boolean closed;

    /**
     * Creates the bridge.
     *
     * @param delivery what sessions share
     * @param firstVersion the same for sessions with clients of the first version of the protocol
     */
    ConnectionManager(Delivery delivery, Delivery firstVersion) {
        this.delivery = delivery;
        this.firstVersion = firstVersion;
        this.shares = new Shares(delivery.limits().maxConnectionsPerSender());
    }

    @Override
    public ClientSession connect(ClientChannel channel, ClientInfo client) {
        if (closed) {
            throw refused("server_closing", "This server is going away; connect to it when it is back");
        }
        String sender = ConnectedClient.sender(client.identity(), client.address());
        if (!shares.take(sender)) {
            throw refused(
                    "too_many_connections",
                    "You have as many connections as one sender may have; close one of them, or raise maxConnectionsPerSender");
        }
        int max = delivery.limits().maxConnections();
        if (size.incrementAndGet() > max) {
            size.decrementAndGet();
            shares.giveBack(sender);
            throw refused(
                    "too_many_connections", "There are " + max + " connections, which is as many as this server takes");
        }
        Session session = new Session(delivery(client.framing()), channel, client, ids.get(), onEnd);
        delivery.observer().connected(session.transport());
        sessions.put(session.clientId(), session);
        session.start(connected.incrementAndGet() * EVENLY % 1);
        if (closed) {
            session.end(CloseCode.GOING_AWAY, "server closing");
        }
        return session;
    }

    /** What sessions of a framing share. */
    Delivery delivery(Framing framing) {
        return framing == Framing.SINGLE ? firstVersion : delivery;
    }

    @Override
    public int disconnect(Predicate<Identity> who) {
        List<Session> ending = sessions.values().stream()
                .filter(session -> who.test(session.identity()))
                .toList();
        ending.forEach(session -> session.end(CloseCode.SESSION_ENDED, "the session was ended; log in anew"));
        return ending.size();
    }

    @Override
    public int maxMessageBytes() {
        return delivery.limits().maxMessageBytes();
    }

    @Override
    public FlowScript flows() {
        return delivery.flows();
    }

    @Override
    public Operations operations() {
        return delivery.operations();
    }

    @Override
    public BridgeStats stats() {
        Holdings holdings = delivery.holdings();
        return new BridgeStats(
                size.get(),
                holdings.subscriptions(),
                holdings.followed(),
                delivery.pending().size(),
                holdings.outstandingBytes(),
                delivery.encoded().bytes() + firstVersion.encoded().bytes());
    }

    @Override
    public DeliveryLag lag() {
        List<SlowClient> slow = new ArrayList<>();
        for (Session session : sessions.values()) {
            session.slowness().ifPresent(slow::add);
        }
        slow.sort(Comparator.comparingLong(SlowClient::behind)
                .thenComparingLong(SlowClient::millis)
                .reversed());
        int clients = size.get();
        int inOneOfHundred = clients / 100; // the others are at most as slow as the one after these
        return new DeliveryLag(
                clients,
                slow.size(),
                behind(slow, 0),
                behind(slow, inOneOfHundred),
                slow.subList(0, Math.min(slow.size(), DeliveryLag.MOST_LISTED)));
    }

    private static long behind(List<SlowClient> slow, int place) {
        return place < slow.size() ? slow.get(place).behind() : 0;
    }

    @Override
    public void close() {
        closed = true;
        sessions.values().forEach(session -> session.end(CloseCode.GOING_AWAY, "server closing"));
        delivery.pending().close();
        delivery.newExecutions().close();
        delivery.operations().close();
    }

    /** The number of connected clients. */
    int size() {
        return size.get();
    }

    /** The number of subscriptions that wait for their execution. */
    int pending() {
        return delivery.pending().size();
    }

    private void remove(Session session) {
        if (sessions.remove(session.clientId(), session)) {
            size.decrementAndGet();
            shares.giveBack(session.client().sender());
        }
    }

    private FlowScriptException refused(String code, String message) {
        delivery.observer().refused(code);
        return new FlowScriptException(code, message);
    }
}
