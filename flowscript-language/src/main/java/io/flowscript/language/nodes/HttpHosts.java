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

/** Which hosts a workflow may talk to. */
sealed interface HttpHosts {

    /** Every host whose addresses are all public. */
    HttpHosts PUBLIC = new Public();

    /**
     * Lets a request pass.
     *
     * @param uri where it goes
     * @throws HttpRequestNode.Refused when it may not go there
     */
    void check(URI uri);

    /** These and no other. */
    static HttpHosts named(List<String> names) {
        if (names.isEmpty()) {
            throw new FlowScriptException("invalid_setting", "Name at least one host that requests may go to");
        }
        return new Named(
                names.stream().map(name -> name.toLowerCase(Locale.ROOT)).toList());
    }

    /** By name, or name and port. */
    record Named(List<String> names) implements HttpHosts {

        @Override
        public void check(URI uri) {
            String host = uri.getHost().toLowerCase(Locale.ROOT);
            int port = uri.getPort() >= 0 ? uri.getPort() : uri.getScheme().equalsIgnoreCase("https") ? 443 : 80;
            boolean allowed = names.stream().anyMatch(name -> matches(name, host) || matches(name, host + ":" + port));
            if (!allowed) {
                throw new HttpRequestNode.Refused(
                        "http_not_allowed",
                        "The host " + Printable.line(host, 300) + " is not one that requests may go to");
            }
        }

        private static boolean matches(String name, String host) {
            return name.startsWith("*.") ? host.endsWith(name.substring(1)) : host.equals(name);
        }
    }

    /** By what its name resolves to. */
    record Public() implements HttpHosts {

        @Override
        public void check(URI uri) {
            InetAddress[] addresses;
            try {
                addresses = InetAddress.getAllByName(uri.getHost());
            } catch (UnknownHostException e) {
                throw new HttpRequestNode.Refused(
                        "http_failed", "The host " + Printable.line(uri.getHost(), 300) + " is not known");
            }
            for (InetAddress address : addresses) {
                if (isSpecial(address)) {
                    throw new HttpRequestNode.Refused(
                            "http_not_allowed",
                            "The host " + Printable.line(uri.getHost(), 300)
                                    + " is not a public one; the application has to allow it by its name");
                }
            }
        }

        /** Addresses that are not of the open internet (RFC 6890 and the registries of special-purpose addresses). */
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
            // Unique local; and what carries an IPv4 address within: NAT64, 6to4, Teredo, compatible ones.
            return address instanceof Inet6Address inet6
                    && ((first & 0xFE) == 0xFC
                            || (first == 0x00 && second == 0x64)
                            || (first == 0x20 && second == 0x02)
                            || (first == 0x20 && second == 0x01 && bytes[2] == 0 && bytes[3] == 0)
                            || inet6.isIPv4CompatibleAddress());
        }
    }
}
