package io.flowscript.http;

import java.security.Principal;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The head of a request: everything except the body. An adapter creates it from the container's request. Immutable.
 * {@link #toString} leaves out the headers and the query, so that it puts no secret into a log.
 *
 * @param method the HTTP method, such as {@code GET}
 * @param path the path below the adapter's context, percent-encoded as it was sent, without dot segments; begins with a slash
 * @param query the query string as it was sent, without the question mark; null for none
 * @param headers the values of the header fields by name, in lower case
 * @param authority the host name that the request was sent to, optionally with a port, as in the Host field or
 *     {@code :authority}; null for none
 * @param remoteAddress the IP address of the other side of the connection, without a port
 * @param secure whether the request came over TLS
 * @param principal the sender as authenticated by the container; null if the container did not authenticate it
 * @since 0.1.0
 */
public record HttpRequest(
        String method,
        String path,
        @Nullable String query,
        Map<String, List<String>> headers,
        @Nullable String authority,
        String remoteAddress,
        boolean secure,
        @Nullable Principal principal) {

    /**
     * Copies the header fields and converts their names to lower case.
     *
     * @param method the HTTP method
     * @param path the path below the context
     * @param query the query string, or null
     * @param headers the values of the header fields by name, in any case
     * @param authority the host name that the request was sent to, or null
     * @param remoteAddress the IP address of the other side
     * @param secure whether the request came over TLS
     * @param principal the sender as authenticated by the container, or null
     */
    public HttpRequest {
        Map<String, List<String>> copy = new LinkedHashMap<>();
        headers.forEach(
                (name, values) -> copy.merge(name.toLowerCase(Locale.ROOT), List.copyOf(values), HttpRequest::joined));
        headers = Map.copyOf(copy);
    }

    /**
     * Returns the values of a header field, one for each time that the client sent the field.
     *
     * @param name the name of the field, in any case
     * @return the values; empty when there is no such field
     */
    public List<String> values(String name) {
        return headers.getOrDefault(name.toLowerCase(Locale.ROOT), List.of());
    }

    @Override
    public String toString() {
        return "HttpRequest[" + method + " " + path + " from " + remoteAddress + "]";
    }

    /** Where it comes from, for limits that count for each address. */
    String network() {
        return IpAddress.network(remoteAddress);
    }

    /** The same request from another address. */
    HttpRequest from(String address, boolean overTls) {
        return new HttpRequest(method, path, query, headers, authority, address, overTls, principal);
    }

    /** The first value of a header field; null when there is none. */
    @Nullable
    String first(String name) {
        List<String> values = values(name);
        return values.isEmpty() ? null : values.get(0);
    }

    private static List<String> joined(List<String> first, List<String> second) {
        return Stream.concat(first.stream(), second.stream()).toList();
    }
}
