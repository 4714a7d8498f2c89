package io.flowscript.client;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Renews the login of one WebSocket before it expires, so that the connection lasts. For the loop's thread.
 *
 * <p>A renewal that fails changes nothing. It is tried again in the time that is left, a few times. When that is over, the server
 * closes the connection, and the client comes back with fresh credentials.
 */
final class Renewal {

    private static final Logger LOGGER = System.getLogger(Renewal.class.getName());

    /** With less time left than that, in milliseconds, no renewal is planned. */
    private static final long LEAST = 200;

    /** A login that lasts longer than a year is renewed as if it did not. */
    private static final long MOST = Duration.ofDays(365).toMillis();

    /** The margin is at most this part of the time that is left. */
    private static final int PART = 4;

    private final ClientContext context;
    private final Consumer<String> authenticate;
    private final Loop.Alarm alarm;
    private Credentials credentials;
    private boolean isAsking;
    private boolean isOver;

    /**
     * Creates a renewal that waits for the login.
     *
     * @param credentials what the connection is opened with
     * @param authenticate sends a token
     */
    Renewal(ClientContext context, Credentials credentials, Consumer<String> authenticate) {
        this.context = context;
        this.credentials = credentials;
        this.authenticate = authenticate;
        alarm = context.loop().new Alarm();
    }

    /** The server tells when the login expires, by its own clock. */
    void login(Message message) {
        alarm.clear();
        long expiresAt = message.number("expiresAt", 0);
        if (expiresAt > 0 && credentials.bearerToken() != null) {
            plan(Math.min(expiresAt - message.timestamp(), MOST));
        }
    }

    private void plan(long left) {
        if (left < LEAST) {
            return;
        }
        long margin = Math.min(context.settings().renewBefore().toMillis(), left / PART);
        long wait = left - (long) (margin * (1 + context.random().getAsDouble()));
        alarm.set(Duration.ofMillis(wait), () -> {
            plan(left - wait);
            renew();
        });
    }

    private void renew() {
        if (isAsking) {
            return;
        }
        isAsking = true;
        context.keyring().renew(credentials, got -> {
            isAsking = false;
            if (!isOver) {
                present(got);
            }
        });
    }

    private void present(@Nullable Object got) {
        if (got instanceof Credentials fresh) {
            credentials = fresh;
            String token = fresh.bearerToken();
            if (token != null) {
                authenticate.accept(token);
            }
        } else {
            LOGGER.log(
                    Level.WARNING,
                    "The credentials to renew a login could not be had",
                    got instanceof Throwable thrown ? thrown : null);
        }
    }

    void stop() {
        isOver = true;
        alarm.clear();
    }
}
