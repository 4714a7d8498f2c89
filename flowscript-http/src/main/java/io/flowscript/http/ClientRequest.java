package io.flowscript.http;

import java.security.Principal;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
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

    private static final String BEARER = "Bearer ";
    private static final String BEARER_PROTOCOL = "flowscript.bearer.";

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

    /**
     * Returns the token that the client presents: the one in {@code Authorization: Bearer}; or, without that field, the one in the WebSocket
     * subprotocol {@code flowscript.bearer.}, percent-encoded, by which a page in a browser sends it.
     *
     * @return the token; empty when there is none, or when there is more than one, so that no two readers can take the request to be from
     *     different senders
     */
    public Optional<String> bearerToken() {
        List<String> fields = headers.get("authorization");
        return fields == null ? Optional.ofNullable(ofSubprotocols()) : Optional.ofNullable(ofAuthorization(fields));
    }

    private static @Nullable String ofAuthorization(List<String> fields) {
        String field = fields.size() == 1 ? fields.get(0) : "";
        String token = field.regionMatches(true, 0, BEARER, 0, BEARER.length())
                ? field.substring(BEARER.length()).strip()
                : "";
        return token.isEmpty() ? null : token;
    }

    private @Nullable String ofSubprotocols() {
        List<String> tokens = headers.getOrDefault("sec-websocket-protocol", List.of()).stream()
                .flatMap(field -> Stream.of(field.split(",", -1)))
                .map(String::strip)
                .filter(protocol -> protocol.startsWith(BEARER_PROTOCOL))
                .toList();
        if (tokens.size() != 1 || tokens.get(0).length() == BEARER_PROTOCOL.length()) {
            return null;
        }
        try {
            return PercentEncoding.decode(tokens.get(0).substring(BEARER_PROTOCOL.length()));
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    @Override
    public String toString() {
        return "ClientRequest[" + method + " " + path + " from " + remoteAddress + "]";
    }

    private static Optional<String> first(@Nullable List<String> values) {
        return values == null ? Optional.empty() : values.stream().findFirst();
    }
}
