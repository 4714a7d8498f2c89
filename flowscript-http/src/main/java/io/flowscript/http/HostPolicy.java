package io.flowscript.http;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Collection;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Decides which host names requests to this server may use. With DNS rebinding, a web page's host name resolves to this
 * machine. The browser then treats the page and this server as the same origin, and only the Host field (RFC 9110,
 * section 7.2) shows the foreign name. Immutable.
 */
final class HostPolicy {

    private static final Pattern LOOPBACK =
            Pattern.compile("localhost|.+\\.localhost|127(\\.\\d{1,3}){3}|\\[?::1]?", Pattern.CASE_INSENSITIVE);

    private final boolean any;
    private final Set<String> names;

    private HostPolicy(boolean any, Collection<String> names) {
        this.any = any;
        this.names = names.stream().map(HostPolicy::bare).collect(Collectors.toUnmodifiableSet());
    }

    /** {@return a policy that allows every name} */
    static HostPolicy any() {
        return new HostPolicy(true, Set.of());
    }

    /**
     * Allows the names of the loopback address and further names.
     *
     * @param names the further names
     * @return the policy
     */
    static HostPolicy loopbackAnd(Collection<String> names) {
        return new HostPolicy(false, names);
    }

    /** Whether a host name or address is a loopback address, which only this machine can reach. */
    static boolean isLoopback(String host) {
        try {
            return InetAddress.getByName(host).isLoopbackAddress();
        } catch (UnknownHostException e) {
            return false;
        }
    }

    boolean permits(HttpRequest request) {
        if (any) {
            return true;
        }
        String name = Authority.of(request).name();
        return name != null && (LOOPBACK.matcher(name).matches() || names.contains(bare(name)));
    }

    /** {@return the name in lower case, without the brackets of an IPv6 address} */
    private static String bare(String name) {
        String lower = name.toLowerCase(Locale.ROOT);
        return lower.startsWith("[") && lower.endsWith("]") ? lower.substring(1, lower.length() - 1) : lower;
    }
}
