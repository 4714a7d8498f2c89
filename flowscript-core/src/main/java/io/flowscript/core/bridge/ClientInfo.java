package io.flowscript.core.bridge;

import io.flowscript.core.Identity;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Who a client is, where it is, and the framing that it expects.
 *
 * @param login the identity of the client, as far as the transport knows it, and until when it counts; the bridge then ends
 *     the session with {@link CloseCode#LOGIN_EXPIRED}
 * @param address where the client comes from, such as its IP address; anonymous clients of one address share limits. Null when the
 *     transport does not know it; an anonymous client then has no share in a limit
 * @param framing how messages are put into frames
 * @param renewal checks a new token of the client
 * @since 0.1.0
 */
public record ClientInfo(Login login, @Nullable String address, Framing framing, Renewal renewal) {

    /**
     * Makes the information about a client whose address is not known, and whose login does not expire and cannot be renewed.
     *
     * @param identity the identity of the client, as far as the transport knows it
     * @param framing how messages are put into frames
     */
    public ClientInfo(Identity identity, Framing framing) {
        this(Login.of(identity), null, framing, Renewal.NONE);
    }

    /** {@return the identity of the client when it connects} */
    public Identity identity() {
        return login.identity();
    }

    /** How messages are put into frames (protocol, section 6). */
    public enum Framing {
        /** One JSON object per frame: what a client without the subprotocol expects. */
        SINGLE,
        /** One or more JSON objects per frame, each ended by a newline: subprotocol {@code flowscript.v2}. */
        LINES
    }

    /** Checks a token that a connected client presents to renew its login (protocol, {@code authenticate}). */
    @FunctionalInterface
    public interface Renewal {

        /** Accepts no token. */
        Renewal NONE = token -> Optional.empty();

        /**
         * Returns whose a token is. It is called by a thread that may block, one call at a time for each client. The bridge
         * accepts only a login with the name that the client has.
         *
         * @param token the token, 1 to 16,384 characters; it must not be put into logs or messages of errors
         * @return the login; empty when the token is not accepted
         */
        Optional<Login> login(String token);
    }
}
