package io.flowscript.client;

import java.util.Map;

/**
 * What tells the server who the client is: header fields of each request, the handshake of a WebSocket included. Immutable; safe
 * for use by any thread.
 *
 * @param headers the names and values of header fields
 * @since 0.1.0
 */
public record Credentials(Map<String, String> headers) {

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
        return new Credentials(Map.of("Authorization", "Bearer " + token));
    }

    /** {@return the names of the header fields alone, since the values are secret} */
    @Override
    public String toString() {
        return "Credentials" + headers.keySet();
    }

    /** Gives the credentials for the next connection. */
    @FunctionalInterface
    public interface Source {

        /**
         * Returns the credentials. It is called before each connection, by a thread of the client's callbacks, and may block. If
         * it throws, the connection ends with {@code unauthorized} and does not come back by itself.
         *
         * @param refused whether the server has refused the credentials before with 401, or has closed the WebSocket since their login has
         *     expired (4401). A second time in a row ends the connection with {@code unauthorized}.
         * @return the credentials, not null
         */
        Credentials get(boolean refused);
    }
}
