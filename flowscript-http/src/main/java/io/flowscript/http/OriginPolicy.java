package io.flowscript.http;

import io.flowscript.core.FlowScriptException;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Decides which web pages may use this server (RFC 6454; RFC 6455, section 10.2): pages from the server's own origin
 * and from listed origins. Clients that are not browsers send no Origin field and are allowed. Immutable.
 */
final class OriginPolicy {

    private final Set<String> allowed;

    OriginPolicy(Collection<String> allowed) {
        this.allowed = allowed.stream().map(OriginPolicy::checked).collect(Collectors.toUnmodifiableSet());
    }

    /** The source of a request. */
    enum Source {
        /** The request has no Origin field. */
        NO_BROWSER,
        /** A page of this server. */
        SAME_ORIGIN,
        /** A page of a listed origin. */
        LISTED,
        /** A page of another origin, or of an unknown one. */
        FOREIGN
    }

    /** {@return the hosts of the listed origins} */
    List<String> hosts() {
        return allowed.stream().map(origin -> URI.create(origin).getHost()).toList();
    }

    Source sourceOf(HttpRequest request) {
        List<String> given = request.values(HttpHeader.ORIGIN);
        if (given.isEmpty()) {
            return Source.NO_BROWSER;
        }
        String origin = given.size() == 1 ? normalised(given.get(0)) : null;
        if (origin == null) {
            return Source.FOREIGN;
        }
        if (origin.equals(originOf(request))) {
            return Source.SAME_ORIGIN;
        }
        return allowed.contains(origin) ? Source.LISTED : Source.FOREIGN;
    }

    /** The origin that a browser assigns to this server: the scheme of the request and the value of its Host field. */
    private static @Nullable String originOf(HttpRequest request) {
        Authority authority = Authority.of(request);
        String name = authority.name();
        return name == null ? null : origin(request.secure() ? "https" : "http", name, authority.port());
    }

    /** {@return the origin in lower case and without a default port; null when the text is not an origin, such as the text {@code null}} */
    private static @Nullable String normalised(String text) {
        try {
            URI uri = new URI(text);
            boolean origin = uri.getHost() != null
                    && uri.getRawUserInfo() == null
                    && (uri.getRawPath() == null || uri.getRawPath().isEmpty())
                    && uri.getRawQuery() == null
                    && uri.getRawFragment() == null;
            return origin && uri.getScheme() != null ? origin(uri.getScheme(), uri.getHost(), uri.getPort()) : null;
        } catch (URISyntaxException | NumberFormatException e) {
            return null; // the latter for an address with a number that is too long
        }
    }

    private static String origin(String scheme, String host, int port) {
        String lowerScheme = scheme.toLowerCase(Locale.ROOT);
        int defaultPort = lowerScheme.equals("https") ? 443 : lowerScheme.equals("http") ? 80 : -1;
        String lowerHost = host.toLowerCase(Locale.ROOT);
        String bracketed = lowerHost.contains(":") && !lowerHost.startsWith("[") ? "[" + lowerHost + "]" : lowerHost;
        return lowerScheme + "://" + bracketed + (port <= 0 || port == defaultPort ? "" : ":" + port);
    }

    private static String checked(String origin) {
        String normalised = normalised(origin);
        if (normalised == null) {
            throw new FlowScriptException(
                    "invalid_setting",
                    "An allowed origin is a scheme, a host and perhaps a port, such as https://app.example.com, but this one is: "
                            + origin);
        }
        return normalised;
    }
}
