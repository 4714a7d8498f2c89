package io.flowscript.http;

import io.flowscript.core.FlowScriptException;
import java.net.InetAddress;
import org.jspecify.annotations.Nullable;

/** An IP address, or a range of addresses in CIDR notation (RFC 4632; RFC 4291, section 2.3). Immutable. */
final class AddressRange {

    private final byte[] start;
    private final int bits;

    private AddressRange(byte[] start, int bits) {
        this.start = start;
        this.bits = bits;
    }

    /**
     * Reads a range.
     *
     * @param text an address such as {@code 192.0.2.1}, or a range such as {@code 10.0.0.0/8} or {@code fd00::/8}
     * @return the range
     * @throws FlowScriptException with code {@code invalid_setting} when the text is neither
     */
    static AddressRange of(String text) {
        int slash = text.indexOf('/');
        InetAddress address = IpAddress.parse(slash < 0 ? text : text.substring(0, slash));
        int bits = address == null ? -1 : bits(text, slash, address.getAddress().length * Byte.SIZE);
        if (address == null || bits < 0) {
            throw new FlowScriptException(
                    "invalid_setting",
                    "A trusted proxy is an IP address or a range, such as 192.0.2.1 or 10.0.0.0/8, but this one is: "
                            + text);
        }
        return new AddressRange(address.getAddress(), bits);
    }

    private static int bits(String text, int slash, int all) {
        if (slash < 0) {
            return all;
        }
        String number = text.substring(slash + 1);
        int bits = number.matches("\\d{1,3}") ? Integer.parseInt(number) : -1;
        return bits <= all ? bits : -1;
    }

    boolean contains(@Nullable InetAddress address) {
        byte[] bytes = address == null ? new byte[0] : address.getAddress();
        if (bytes.length != start.length) {
            return false;
        }
        for (int bit = 0; bit < bits; bit++) {
            int mask = 0x80 >> (bit % Byte.SIZE);
            if (((bytes[bit / Byte.SIZE] ^ start[bit / Byte.SIZE]) & mask) != 0) {
                return false;
            }
        }
        return true;
    }
}
