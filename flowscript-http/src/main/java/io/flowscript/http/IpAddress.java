package io.flowscript.http;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.HexFormat;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads IP addresses and tells their networks, without asking a name server. */
final class IpAddress {

    private static final String OCTET = "(\\d|[1-9]\\d|1\\d\\d|2[0-4]\\d|25[0-5])";

    /** Nothing but addresses: about any other text, {@link InetAddress#getByName} would ask a name server. */
    private static final Pattern IPV4 = Pattern.compile(OCTET + "(\\." + OCTET + "){3}");

    /** With a colon, so that it is taken for an address or refused. */
    private static final Pattern IPV6 = Pattern.compile("[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*");

    /** The bytes of an IPv6 address that name a network: all its other addresses belong to one site (RFC 6177). */
    private static final int NETWORK_BYTES = 8;

    private IpAddress() {}

    /**
     * Returns what limits for each address count together. Whoever has an IPv6 address has 2<sup>64</sup> of them.
     *
     * @param address an address in numbers
     * @return an IPv4 address as it is, and the network of an IPv6 address; any other text as it is
     */
    static String network(String address) {
        return parse(address) instanceof Inet6Address ipv6
                ? HexFormat.of().formatHex(ipv6.getAddress(), 0, NETWORK_BYTES) + "/64"
                : address;
    }

    /**
     * Reads an address in numbers. An IPv4 address that is mapped into IPv6 becomes an IPv4 address.
     *
     * @param text an IPv4 address, or an IPv6 address without brackets
     * @return the address; null when the text is none
     */
    static @Nullable InetAddress parse(String text) {
        if (!isNumeric(text)) {
            return null;
        }
        try {
            return InetAddress.getByName(text);
        } catch (UnknownHostException e) {
            return null;
        }
    }

    /** Whether a text is read as an address without asking a name server, or refused. */
    static boolean isNumeric(String text) {
        return IPV4.matcher(text).matches() || IPV6.matcher(text).matches();
    }

    /**
     * Reads an address that a port may follow, as some proxies write it: {@code 192.0.2.1:4711} or {@code [2001:db8::1]:4711}.
     *
     * @param text the text
     * @return the address; null when the text is none
     */
    static @Nullable InetAddress parseWithPort(String text) {
        if (text.startsWith("[")) {
            int end = text.indexOf(']');
            return end < 0 ? null : parse(text.substring(1, end));
        }
        int colon = text.indexOf(':');
        boolean port = colon >= 0 && colon == text.lastIndexOf(':');
        return parse(port ? text.substring(0, colon) : text);
    }
}
