package io.flowscript.http;

import java.net.InetAddress;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Finds out where a request came from before proxies forwarded it. Each proxy appends the address that it sees to the field
 * {@code X-Forwarded-For}. Only proxies that are trusted are believed, so the last address that is not one of theirs is the client's; what
 * stands before it may have been written by the client itself. Immutable.
 */
final class TrustedProxies {

    private static final String FORWARDED_FOR = "x-forwarded-for";
    private static final String FORWARDED_PROTO = "x-forwarded-proto";

    private final List<AddressRange> ranges;

    TrustedProxies(Collection<String> ranges) {
        this.ranges = ranges.stream().map(AddressRange::of).toList();
    }

    /** {@return the request as the outermost trusted proxy received it; the same when no trusted proxy sent it} */
    HttpRequest seenThrough(HttpRequest request) {
        if (ranges.isEmpty() || !isTrusted(IpAddress.parse(request.remoteAddress()))) {
            return request;
        }
        String address = request.remoteAddress();
        List<String> hops = entries(request, FORWARDED_FOR);
        for (int i = hops.size() - 1; i >= 0; i--) {
            InetAddress hop = IpAddress.parseWithPort(hops.get(i));
            if (hop == null) {
                break; // the proxy that wrote it does not tell; it stands for its clients
            }
            address = hop.getHostAddress();
            if (!isTrusted(hop)) {
                break;
            }
        }
        return request.from(address, request.secure() || isSecure(request));
    }

    /** Whether the last proxy received the request over TLS. */
    private static boolean isSecure(HttpRequest request) {
        List<String> schemes = entries(request, FORWARDED_PROTO);
        return !schemes.isEmpty() && schemes.get(schemes.size() - 1).equalsIgnoreCase("https");
    }

    private boolean isTrusted(@Nullable InetAddress address) {
        return ranges.stream().anyMatch(range -> range.contains(address));
    }

    private static List<String> entries(HttpRequest request, String field) {
        return request.values(field).stream()
                .flatMap(value -> List.of(value.split(",", -1)).stream())
                .map(String::strip)
                .toList();
    }
}
