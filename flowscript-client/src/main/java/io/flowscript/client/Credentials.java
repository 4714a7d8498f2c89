package io.flowscript.client;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What tells the server who the client is: header fields of each request, the handshake of a WebSocket included. Immutable; safe
 * for use by any thread.
 *
 * @param headers the names and values of header fields
 * @since 0.1.0
 */
public record Credentials(Map<String, String> headers) {

    private static final String BEARER = "Bearer ";

    /** No header fields: a client without an identity. */
    public static final Credentials NONE = new Credentials(Map.of());

    /**
     * Copies the fields.
     *
     * @param headers the names and values of header fields
     */
    public Credentials {
        headers = Map.copyOf(headers);
    }

    /**
     * A bearer token.
     *
     * @param token the token
     * @return credentials with {@code Authorization: Bearer TOKEN}
     */
    public static Credentials bearer(String token) {
        return new Credentials(Map.of("Authorization", BEARER + token));
    }

    /** {@return the bearer token; null when there is none} */
    @Nullable
    String bearerToken() {
        for (Map.Entry<String, String> header : headers.entrySet()) {
            String value = header.getValue();
            if (header.getKey().equalsIgnoreCase("Authorization")
                    && value.regionMatches(true, 0, BEARER, 0, BEARER.length())) {
                return value.substring(BEARER.length());
            }
        }
        return null;
    }

    /** {@return the names of the header fields alone, since the values are secret} */
    @Override
    public String toString() {
        return "Credentials" + headers.keySet();
    }

    /** Gives the credentials for the next connection, or for one whose login is about to expire. */
    @FunctionalInterface
    public interface Source {

        /**
         * Returns the credentials. It is called before each connection, and some time before the login of a WebSocket expires
         * that began with a bearer token. One call can renew several connections. A thread of the client's callbacks calls it,
         * and it may block.
         *
         * <p>If it throws before a connection, that ends with {@code unauthorized} and does not come back by itself. If it throws
         * before a login expires, it is asked again in the time that is left, a few times.
         *
         * @param refused whether fresh credentials are needed: the server has refused those before with 401, or has closed the
         *     WebSocket since their login has expired (4401), or their login is about to expire. A connection that is refused a second
         *     time in a row ends with {@code unauthorized}.
         * @return the credentials, not null
         */
        Credentials get(boolean refused);
    }
}
