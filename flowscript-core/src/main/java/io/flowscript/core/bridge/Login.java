package io.flowscript.core.bridge;

import io.flowscript.core.Identity;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Who a client is, and until when that counts. Immutable; safe for use by any thread.
 *
 * @param identity the identity of the client
 * @param expiresAt the moment from which the login does not count any more; null when it does not expire by itself
 * @since 0.1.0
 */
public record Login(Identity identity, @Nullable Instant expiresAt) {

    /** The login of a client that has not said who it is. */
    public static final Login ANONYMOUS = of(Identity.ANONYMOUS);

    /**
     * Checks that there is an identity.
     *
     * @param identity the identity of the client
     * @param expiresAt the moment from which the login does not count any more, or null
     */
    public Login {
        Objects.requireNonNull(identity, "identity");
    }

    /**
     * Makes a login that does not expire by itself.
     *
     * @param identity the identity of the client
     * @return the login
     */
    public static Login of(Identity identity) {
        return new Login(identity, null);
    }

    /**
     * Makes a login that does not expire by itself.
     *
     * @param name the name of the identity, unique in the application, 1 to 256 characters, not blank
     * @param groups the names of its groups, at most 1,000, each given once
     * @return the login
     * @throws io.flowscript.core.FlowScriptException with code {@code invalid_identity}, as {@link Identity#of(String, String...)}
     */
    public static Login of(String name, String... groups) {
        return of(Identity.of(name, groups));
    }

    /**
     * Returns this login with an earlier end.
     *
     * @param latest the moment from which it is not to count any more
     * @return this login, if it ends before that; otherwise one that ends then
     */
    public Login until(Instant latest) {
        return expiresAt != null && !expiresAt.isAfter(latest) ? this : new Login(identity, latest);
    }

    /**
     * Says whether the login has expired.
     *
     * @param now the present moment
     * @return whether it does not count any more
     */
    public boolean isExpired(Instant now) {
        return expiresAt != null && !now.isBefore(expiresAt);
    }
}
