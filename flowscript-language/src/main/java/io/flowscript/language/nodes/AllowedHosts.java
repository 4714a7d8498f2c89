package io.flowscript.language.nodes;

import io.flowscript.core.FlowScriptException;
import io.flowscript.core.text.Printable;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/** The hosts that a workflow may send requests to. */
sealed interface AllowedHosts {

    /** Allows every host whose addresses are all public. */
    AllowedHosts PUBLIC = new Public();

    /**
     * Checks a request and resolves its host. The request must be sent to one of the addresses that are returned: another
     * resolution can give others.
     *
     * @param uri the request's address
     * @return the host's addresses, one at least
     * @throws RequestRefusedException if the host is not allowed or cannot be resolved
     */
    List<InetAddress> resolve(URI uri);

    /** Allows these hosts and no others. */
    static Named named(List<String> names) {
        if (names.isEmpty()) {
            throw new FlowScriptException(
                    "invalid_setting", "No host is given; name at least one host that requests may be sent to");
        }
        return new Named(
                names.stream().map(name -> name.toLowerCase(Locale.ROOT)).toList());
    }

    private static List<InetAddress> addresses(URI uri) {
        try {
            return List.of(InetAddress.getAllByName(uri.getHost()));
        } catch (UnknownHostException e) {
            throw new RequestRefusedException(
                    "http_failed", "The host " + Printable.line(uri.getHost(), 300) + " cannot be resolved");
        }
    }

    /** Allows hosts by name, or by name and port. */
    record Named(List<String> names) implements AllowedHosts {

        @Override
        public List<InetAddress> resolve(URI uri) {
            if (!allows(uri)) {
                throw new RequestRefusedException(
                        "http_not_allowed",
                        "The host " + Printable.line(uri.getHost(), 300)
                                + " is not among those that the application allows");
            }
            return addresses(uri);
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
        public List<InetAddress> resolve(URI uri) {
            return (named.allows(uri) ? named : others).resolve(uri);
        }
    }

    /** Allows hosts by the addresses that their names resolve to. */
    record Public() implements AllowedHosts {

        /** What some readers take for an IPv4 address: a name whose last part is a number, decimal, octal or hexadecimal. */
        private static final Pattern NUMERIC = Pattern.compile("(?i)(.*\\.)?(\\d+|0x[0-9a-f]*)\\.?");

        /** What all readers take for the same one. */
        private static final Pattern PLAIN = Pattern.compile("(0|[1-9]\\d{0,2})(\\.(0|[1-9]\\d{0,2})){3}");

        @Override
        public List<InetAddress> resolve(URI uri) {
            String host = uri.getHost();
            if (NUMERIC.matcher(host).matches() && !PLAIN.matcher(host).matches()) {
                throw new RequestRefusedException(
                        "http_not_allowed",
                        "The host " + Printable.line(host, 300)
                                + " is an address that is not written as four decimal numbers");
            }
            List<InetAddress> addresses = addresses(uri);
            if (!addresses.stream().allMatch(PublicAddresses::contain)) {
                throw new RequestRefusedException(
                        "http_not_allowed",
                        "The host " + Printable.line(uri.getHost(), 300)
                                + " has an address that is not public; the application must allow it by name");
            }
            return addresses;
        }
    }
}
