package io.flowscript.language.nodes;

import io.flowscript.core.FlowScriptException;
import io.flowscript.core.text.Printable;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Locale;

/** The hosts that a workflow may send requests to. */
sealed interface AllowedHosts {

    /** Allows every host whose addresses are all public. */
    AllowedHosts PUBLIC = new Public();

    /**
     * Checks a request.
     *
     * @param uri the request's address
     * @throws HttpRequestNode.RequestRefusedException if the host is not allowed
     */
    void check(URI uri);

    /** Allows these hosts and no others. */
    static Named named(List<String> names) {
        if (names.isEmpty()) {
            throw new FlowScriptException(
                    "invalid_setting", "No host is given; name at least one host that requests may be sent to");
        }
        return new Named(
                names.stream().map(name -> name.toLowerCase(Locale.ROOT)).toList());
    }

    /** Allows hosts by name, or by name and port. */
    record Named(List<String> names) implements AllowedHosts {

        @Override
        public void check(URI uri) {
            if (!allows(uri)) {
                throw new HttpRequestNode.RequestRefusedException(
                        "http_not_allowed",
                        "The host " + Printable.line(uri.getHost(), 300)
                                + " is not among those that the application allows");
            }
        }

        boolean allows(URI uri) {
            String host = uri.getHost().toLowerCase(Locale.ROOT);
            int port = uri.getPort() >= 0 ? uri.getPort() : uri.getScheme().equalsIgnoreCase("https") ? 443 : 80;
            return names.stream().anyMatch(name -> matches(name, host) || matches(name, host + ":" + port));
        }

        private static boolean matches(String name, String host) {
            return name.startsWith("*.") ? host.endsWith(name.substring(1)) : host.equals(name);
        }
    }

    /** Allows a host that one of two allows. The first one looks at names only, so it is asked first. */
    record Either(AllowedHosts.Named named, AllowedHosts others) implements AllowedHosts {

        @Override
        public void check(URI uri) {
            if (!named.allows(uri)) {
                others.check(uri);
            }
        }
    }

    /** Allows hosts by the addresses that their names resolve to. */
    record Public() implements AllowedHosts {

        @Override
        public void check(URI uri) {
            InetAddress[] addresses;
            try {
                addresses = InetAddress.getAllByName(uri.getHost());
            } catch (UnknownHostException e) {
                throw new HttpRequestNode.RequestRefusedException(
                        "http_failed", "The host " + Printable.line(uri.getHost(), 300) + " cannot be resolved");
            }
            for (InetAddress address : addresses) {
                if (isSpecial(address)) {
                    throw new HttpRequestNode.RequestRefusedException(
                            "http_not_allowed",
                            "The host " + Printable.line(uri.getHost(), 300)
                                    + " has an address that is not public; the application must allow it by name");
                }
            }
        }

        /**
         * Whether an address is not on the public internet (RFC 6890 and the registries of special-purpose
         * addresses).
         */
        static boolean isSpecial(InetAddress address) {
            if (address.isLoopbackAddress()
                    || address.isAnyLocalAddress()
                    || address.isLinkLocalAddress()
                    || address.isSiteLocalAddress()
                    || address.isMulticastAddress()) {
                return true;
            }
            byte[] bytes = address.getAddress();
            int first = bytes[0] & 0xFF;
            int second = bytes[1] & 0xFF;
            if (address instanceof Inet4Address) {
                return first == 0
                        || first >= 240
                        || (first == 100 && second >= 64 && second < 128)
                        || (first == 192 && second == 0 && bytes[2] == 0)
                        || (first == 198 && (second == 18 || second == 19));
            }
            // Unique local addresses, and addresses that contain an IPv4 address: NAT64, 6to4, Teredo,
            // IPv4-compatible.
            return address instanceof Inet6Address inet6
                    && ((first & 0xFE) == 0xFC
                            || (first == 0x00 && second == 0x64)
                            || (first == 0x20 && second == 0x02)
                            || (first == 0x20 && second == 0x01 && bytes[2] == 0 && bytes[3] == 0)
                            || inet6.isIPv4CompatibleAddress());
        }
    }
}
