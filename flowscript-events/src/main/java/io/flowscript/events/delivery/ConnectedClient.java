package io.flowscript.events.delivery;

import io.flowscript.core.Identity;
import io.flowscript.core.bridge.ClientInfo;
import io.flowscript.core.bridge.Login;
import io.flowscript.core.runtime.EngineClock;
import io.flowscript.events.operations.Sender;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Who a connected client is at present, and until when. One timer waits for the end of the login, so that nothing else has to look
 * at the clock.
 *
 * <p>Used by the client's pump, except for {@link #identity}, {@link #renew} and the timer, which may come on any thread.
 */
final class ConnectedClient {

    private final ClientInfo.Framing framing;
    private final @Nullable String address;
    private final ClientInfo.Renewal renewal;
    private final Runnable signal;
    private volatile Login login;

    /** The login whose time is over. It has no effect when another login has taken its place. */
    private volatile @Nullable Login expired;

    /** A login that takes the place of the present one when the pump adopts it. */
    private volatile @Nullable Login renewed;

    private volatile EngineClock.@Nullable Timer timer;
    private volatile boolean stopped;

    /**
     * Creates a client whose login is not watched yet.
     *
     * @param signal signals the pump when the login has expired
     */
    ConnectedClient(ClientInfo info, Runnable signal) {
        this.framing = info.framing();
        this.address = info.address();
        this.renewal = info.renewal();
        this.login = info.login();
        this.signal = signal;
    }

    ClientInfo.Framing framing() {
        return framing;
    }

    Identity identity() {
        return login.identity();
    }

    /** The sender whose share the client's connection and subscriptions count in. It never changes. */
    @Nullable
    String sender() {
        return sender(identity(), address);
    }

    /** {@return the sender that a client counts as: its identity, or all anonymous clients of its address; null for one that is not counted} */
    static @Nullable String sender(Identity identity, @Nullable String address) {
        if (!identity.name().equals(Identity.ANONYMOUS.name())) { // groups may change while a client is connected
            return "by " + identity.name();
        }
        return address == null ? null : "at " + address;
    }

    /**
     * The sender of the client's commands.
     *
     * @param clientId distinguishes it from other anonymous clients
     */
    Sender asSender(String clientId) {
        return new Sender(identity(), clientId, address);
    }

    /** Checks a new token of the client. */
    ClientInfo.Renewal renewal() {
        return renewal;
    }

    /** Whether the login has expired. */
    boolean isExpired() {
        return renewed == null && login.equals(expired);
    }

    /** Sets the timer for the end of the login, if it has one. */
    void start(EngineClock clock) {
        Login now = login;
        Instant end = now.expiresAt();
        if (end != null) {
            timer = clock.schedule(end, () -> expire(now));
            if (stopped) {
                cancelTimer(); // the session ended meanwhile
            }
        }
    }

    /**
     * Takes another login of the same identity, which counts when the pump has adopted it. Any thread.
     *
     * @param next the other login
     * @return false when it has another name, so that nothing changes
     */
    boolean renew(Login next) {
        boolean isSame = next.identity().name().equals(identity().name());
        if (isSame) {
            renewed = next;
        }
        return isSame;
    }

    /** Lets a renewed login take the place of the present one. {@return whether the groups are others now} */
    boolean adopt(EngineClock clock) {
        Login next = renewed;
        if (next == null) {
            return false;
        }
        boolean isChanged = !next.identity().equals(identity());
        cancelTimer();
        login = next;
        renewed = null;
        start(clock);
        return isChanged;
    }

    void stop() {
        stopped = true;
        cancelTimer();
    }

    private void cancelTimer() {
        EngineClock.Timer set = timer;
        if (set != null) {
            set.cancel();
        }
    }

    private void expire(Login over) {
        expired = over;
        signal.run();
    }
}
