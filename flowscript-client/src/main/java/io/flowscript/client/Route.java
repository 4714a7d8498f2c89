package io.flowscript.client;

import io.flowscript.client.ConnectionChange.State;
import io.flowscript.core.log.Position;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A connection's way to the server: when it is opened, over which transport, when it is tried again, and when not. For the loop's
 * thread. The states and what changes them:
 *
 * <pre>
 *   state       work        open failed or lost  final refusal  up      no work for a while  close
 *   IDLE        CONNECTING  -                    -              -       -                    CLOSED
 *   CONNECTING  -           WAITING              CLOSED         ONLINE  IDLE                 CLOSED
 *   WAITING     -           -                    -              -       IDLE                 CLOSED
 *   ONLINE      -           WAITING              CLOSED         -       IDLE                 CLOSED
 *   CLOSED      CONNECTING  -                    -              -       -                    -
 * </pre>
 *
 * <p>A wait ends in CONNECTING. Without work, a loss leads to IDLE.
 */
final class Route {

    /** Close codes after which it does not come back: normal, not UTF-8, policy, message too big. */
    private static final int LOGIN_EXPIRED = 4401;

    private static final Set<Integer> FINAL_CODES = Set.of(1000, 1007, 1008, 1009, 4403);

    private static final int MAX_DOUBLINGS = 30;

    private final ClientContext context;
    private final ClientSettings settings;
    private final List<ClientTransport> transports;
    private final Connection connection;
    private final int number;
    private final Loop.Alarm retry;
    private final Loop.Alarm idle;
    private final Loop.Alarm stable;
    private final Loop.Alarm upgrade;
    private State state = State.IDLE;
    private @Nullable Link link;

    /** A WebSocket that is tried while another transport is used. */
    private @Nullable Link probe;

    /** Changes with each try, so that credentials that come late are not used. */
    private int turn;

    private Credentials lastCredentials = Credentials.NONE;
    private int level;
    private int attempt;
    private int failures;
    private int upgrades;
    private int refusals;

    Route(ClientContext context, int number, Connection connection) {
        this.context = context;
        this.number = number;
        this.connection = connection;
        settings = context.settings();
        transports = settings.transports();
        Loop loop = context.loop();
        retry = loop.new Alarm();
        idle = loop.new Alarm();
        stable = loop.new Alarm();
        upgrade = loop.new Alarm();
    }

    State state() {
        return state;
    }

    boolean isUp() {
        return link != null && link.isUp();
    }

    boolean takesMany() {
        return link != null && link.takesMany();
    }

    // ---- what the connection sends ----

    void attach(List<Feed> feeds) {
        if (link != null && link.isUp()) {
            link.attach(feeds);
        }
    }

    void refilter(Feed feed) {
        if (link != null && link.isUp()) {
            link.refilter(feed);
        }
    }

    void forget(Feed feed) {
        if (link != null && link.isUp() && feed.isSingle) {
            feed.isSingle = false;
            feed.request = null;
            link.forget(feed);
        }
    }

    String subscribe(Map<String, Object> scope, Map<String, Object> filter) {
        return link != null && link.isUp() ? link.subscribe(scope, filter) : "";
    }

    void send(Command command) {
        if (link != null && link.isUp()) {
            link.send(command);
        }
    }

    void ack(String executionId, Position position) {
        if (link != null && link.isUp()) {
            link.ack(executionId, position);
        }
    }

    void watch(@Nullable Map<String, Object> filter) {
        if (link != null && link.isUp()) {
            link.watch(filter);
        }
    }

    // ---- opening ----

    /** There is something to do. */
    void connect() {
        idle.clear();
        if (state == State.IDLE || state == State.CLOSED) {
            open();
        }
    }

    private void open() {
        retry.clear();
        change(State.CONNECTING, null);
        int mine = ++turn;
        context.keyring().ask(refusals > 0, got -> {
            if (mine == turn && state == State.CONNECTING) {
                authorized(got);
            }
        });
    }

    private void authorized(@Nullable Object got) {
        if (got instanceof Credentials credentials) {
            open(credentials);
        } else {
            Throwable cause = got instanceof Throwable thrown ? thrown : null;
            end(new ConnectionException("unauthorized", "The credentials could not be had", 0, cause));
        }
    }

    private void open(Credentials credentials) {
        Link opened = newLink(transports.get(level), credentials);
        link = opened;
        lastCredentials = credentials;
        opened.open();
    }

    private Link newLink(ClientTransport transport, Credentials credentials) {
        return transport == ClientTransport.WEBSOCKET
                ? new SocketLink(context, this, credentials)
                : new HttpLink(context, this, transport, credentials);
    }

    /** For links: messages that have come. */
    Connection connection() {
        return connection;
    }

    /** A link is connected. */
    void up(Link which) {
        if (which.equals(probe)) {
            probe = null;
            if (link != null) {
                link.stop();
            }
            link = which;
            level = transports.indexOf(which.transport());
        } else if (!which.equals(link)) {
            return;
        }
        failures = 0;
        context.counters().connects++;
        stable.set(settings.stable(), this::progress);
        change(State.ONLINE, null);
        connection.online();
        planUpgrade();
    }

    /** The connection has shown that it works, so the next loss begins with a short wait. */
    void progress() {
        attempt = 0;
        refusals = 0;
    }

    /** {@return a wait, drawn between zero and a bound that doubles with each attempt} */
    Duration backoff(int attempts) {
        long bound = settings.backoff().toNanos();
        for (int i = Math.min(attempts, MAX_DOUBLINGS);
                i > 0 && bound < settings.maxBackoff().toNanos();
                i--) {
            bound *= 2;
        }
        bound = Math.min(bound, settings.maxBackoff().toNanos());
        return Duration.ofNanos((long) (context.random().getAsDouble() * bound));
    }

    // ---- losing ----

    /** A link has ended, or could not be opened. */
    void down(Link which, ConnectionException error, Duration retryAfter) {
        if (which.equals(probe)) {
            probe = null;
            planUpgradeOrStream();
            return;
        }
        if (!which.equals(link)) {
            return;
        }
        boolean wasUp = state == State.ONLINE;
        disconnect();
        if (isFinal(error)) {
            end(error);
        } else if (error.code().equals("unauthorized") || isExpired(error)) {
            refused(error);
        } else if (!connection.hasWork()) {
            change(State.IDLE, error);
        } else {
            if (!wasUp && ++failures >= settings.fallbackAfter()) {
                failures = 0;
                level = (level + 1) % transports.size();
            }
            change(State.WAITING, error);
            Duration wait = backoff(attempt++);
            retry.set(wait.compareTo(retryAfter) < 0 ? retryAfter : wait, this::open);
        }
    }

    /** Whether the login has expired, so that fresh credentials are needed. */
    private boolean isExpired(ConnectionException error) {
        return !context.keyring().isEmpty() && error.closeCode().orElse(0) == LOGIN_EXPIRED;
    }

    private static boolean isFinal(ConnectionException error) {
        return error.code().equals("forbidden")
                || FINAL_CODES.contains(error.closeCode().orElse(0));
    }

    private void refused(ConnectionException error) {
        if (context.keyring().isEmpty() || ++refusals > 1) {
            refusals = 0;
            end(error);
        } else {
            open();
        }
    }

    private void end(ConnectionException error) {
        disconnect();
        change(State.CLOSED, error);
        connection.failed(error);
    }

    private void disconnect() {
        Link old = link;
        link = null;
        turn++;
        if (old != null) {
            old.stop();
        }
        if (probe != null) {
            probe.stop();
            probe = null;
        }
        retry.clear();
        idle.clear();
        stable.clear();
        upgrade.clear();
        connection.offline();
    }

    /** Disconnects a while after the last subscription and command. */
    void rest() {
        if (connection.hasWork() || state == State.IDLE || state == State.CLOSED || idle.isSet()) {
            return;
        }
        idle.set(settings.idle(), () -> {
            if (!connection.hasWork() && state != State.CLOSED) {
                disconnect();
                change(State.IDLE, null);
            }
        });
    }

    void close() {
        disconnect();
        change(State.CLOSED, null);
    }

    // ---- the best transport again ----

    private void planUpgradeOrStream() {
        if (link != null && link.transport() == ClientTransport.POLL && transports.contains(ClientTransport.SSE)) {
            switchTo(ClientTransport.SSE);
        } else {
            planUpgrade();
        }
    }

    /** Tries the best transport again from time to time, while the present one goes on. */
    private void planUpgrade() {
        upgrade.clear();
        Link present = link;
        if (present == null || present.transport() == transports.get(0)) {
            upgrades = 0;
            return;
        }
        long most = settings.upgrade().toNanos();
        for (int i = Math.min(upgrades++, MAX_DOUBLINGS);
                i > 0 && most < settings.maxUpgrade().toNanos();
                i--) {
            most *= 2;
        }
        most = Math.min(most, settings.maxUpgrade().toNanos());
        Duration wait = Duration.ofNanos((long) (most * (0.5 + context.random().getAsDouble() / 2)));
        upgrade.set(wait, this::upgrade);
    }

    private void upgrade() {
        if (!isUp()) {
            return;
        }
        ClientTransport best = transports.get(0);
        if (best == ClientTransport.WEBSOCKET) {
            probe = newLink(best, lastCredentials);
            probe.open();
        } else {
            switchTo(best);
        }
    }

    private void switchTo(ClientTransport transport) {
        disconnect();
        level = transports.indexOf(transport);
        open();
    }

    private void change(State to, @Nullable ConnectionException error) {
        if (state != to || to == State.ONLINE) {
            state = to;
            ClientTransport transport = link == null ? null : link.transport();
            context.changes().accept(new ConnectionChange(number, to, transport, error));
        }
    }
}
