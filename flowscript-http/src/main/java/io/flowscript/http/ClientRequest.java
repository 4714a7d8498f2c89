package io.flowscript.http;

import java.security.Principal;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A request as an {@link Authenticator} sees it, without its body. Immutable. {@link #toString} leaves out headers,
 * query and cookies, so that it puts no secret into a log.
 *
 * @param method the HTTP method
 * @param path the path relative to the context path
 * @param query the parameters of the query string
 * @param headers the values of the header fields by name, in lower case
 * @param cookies the values of the cookies by name
 * @param remoteAddress the IP address of the other side of the connection
 * @param secure whether the request came over TLS
 * @param principal the sender as authenticated by the HTTP container; null if the container did not authenticate it
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
     * Copies the maps.
     *
     * @param method the HTTP method
     * @param path the path
     * @param query the parameters of the query string
     * @param headers the values of the header fields by name, in lower case
     * @param cookies the values of the cookies by name
     * @param remoteAddress the IP address of the other side
     * @param secure whether the request came over TLS
     * @param principal the sender as authenticated by the container, or null
     */
    public ClientRequest {
        query = Map.copyOf(query);
        headers = Map.copyOf(headers);
        cookies = Map.copyOf(cookies);
    }

    /**
     * Returns the first value of a header field.
     *
     * @param name the name of the field, in any case
     * @return the value, empty when there is no such field
     */
    public Optional<String> header(String name) {
        return first(headers.get(name.toLowerCase(Locale.ROOT)));
    }

    /**
     * Returns the first value of a query parameter.
     *
     * @param name the name
     * @return the value, empty when there is no such parameter
     */
    public Optional<String> parameter(String name) {
        return first(query.get(name));
    }

    /**
     * Returns the value of a cookie.
     *
     * @param name the name
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
