package io.flowscript.http;

import java.security.Principal;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A request as an {@link Authenticator} sees it. Immutable. Its {@link #toString} shows neither headers nor query nor cookies, so that no
 * secret gets into a log by it.
 *
 * @param method the HTTP method
 * @param path the path, below the context that the handler is in
 * @param query the parameters of the query string
 * @param headers the header fields, by their names in lower case
 * @param cookies the cookies
 * @param remoteAddress the address of the other side of the connection
 * @param secure whether it came over TLS
 * @param principal who sent it, as the HTTP container knows; null where it does not
 * @since 0.1.0
 */
public record ClientRequest(
        String method,
        String path,
        Map<String, List<String>> query,
        Map<String, List<String>> headers,
        Map<String, String> cookies,
        String remoteAddress,
        boolean secure,
        @Nullable Principal principal) {

    /**
     * Copies.
     *
     * @param method the HTTP method
     * @param path the path
     * @param query the parameters of the query string
     * @param headers the header fields, by their names in lower case
     * @param cookies the cookies
     * @param remoteAddress the address of the other side
     * @param secure whether it came over TLS
     * @param principal who sent it, as the container knows
     */
    public ClientRequest {
        query = Map.copyOf(query);
        headers = Map.copyOf(headers);
        cookies = Map.copyOf(cookies);
    }

    /**
     * The first value of a header field.
     *
     * @param name its name, in any case
     * @return the value, empty when there is no such field
     */
    public Optional<String> header(String name) {
        return first(headers.get(name.toLowerCase(Locale.ROOT)));
    }

    /**
     * The first value of a query parameter.
     *
     * @param name its name
     * @return the value, empty when there is no such parameter
     */
    public Optional<String> parameter(String name) {
        return first(query.get(name));
    }

    /**
     * A cookie.
     *
     * @param name its name
     * @return the value, empty when there is no such cookie
     */
    public Optional<String> cookie(String name) {
        return Optional.ofNullable(cookies.get(name));
    }

    @Override
    public String toString() {
        return "ClientRequest[" + method + " " + path + " from " + remoteAddress + "]";
    }

    private static Optional<String> first(@Nullable List<String> values) {
        return values == null ? Optional.empty() : values.stream().findFirst();
    }
}
