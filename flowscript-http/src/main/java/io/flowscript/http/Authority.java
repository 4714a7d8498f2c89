package io.flowscript.http;

import org.jspecify.annotations.Nullable;

/**
 * To whom a request was sent (RFC 3986, section 3.2).
 *
 * @param name a name or an address, that of IPv6 in brackets; null where it is not said
 * @param port the port; -1 where it is not said
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
