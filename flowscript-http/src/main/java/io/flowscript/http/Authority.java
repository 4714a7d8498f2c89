package io.flowscript.http;

import org.jspecify.annotations.Nullable;

/**
 * The host name and port that a request was sent to (RFC 3986, section 3.2).
 *
 * @param name a host name or an address, an IPv6 address in brackets; null when it is not given
 * @param port the port; -1 when it is not given
 */
record Authority(@Nullable String name, int port) {

    static Authority of(HttpRequest request) {
        String text = request.authority();
        if (text == null || text.isBlank()) {
            return new Authority(null, -1);
        }
        int colon = text.lastIndexOf(':');
        if (colon < 0 || colon < text.lastIndexOf(']')) {
            return new Authority(text, -1);
        }
        try {
            return new Authority(text.substring(0, colon), Integer.parseInt(text.substring(colon + 1)));
        } catch (NumberFormatException e) {
            return new Authority(null, -1);
        }
    }
}
