package io.flowscript.servlet;

import io.flowscript.http.HttpRequest;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.MappingMatch;
import java.nio.charset.StandardCharsets;
import java.security.Principal;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Makes the head of a request, as the HTTP side sees it, of the container's request. Stateless. */
final class RequestHead {

    private static final String UNRESERVED = "-._~";
    private static final String HEX = "0123456789ABCDEF";

    private RequestHead() {}

    static HttpRequest of(HttpServletRequest request, @Nullable Principal principal) {
        Map<String, List<String>> headers = new LinkedHashMap<>();
        for (String name : Collections.list(request.getHeaderNames())) {
            headers.put(name, Collections.list(request.getHeaders(name)));
        }
        return new HttpRequest(
                request.getMethod(),
                encoded(pathOf(request)),
                request.getQueryString(),
                headers,
                authorityOf(request),
                request.getRemoteAddr(),
                request.isSecure(),
                principal);
    }

    /**
     * The path below the servlet's mapping, as the container has understood it: without dot segments and path parameters. The rules for access
     * of the container and its filters are about this path, so it is the one that counts.
     */
    private static String pathOf(HttpServletRequest request) {
        String info = request.getPathInfo();
        if (request.getHttpServletMapping().getMappingMatch() == MappingMatch.DEFAULT) {
            return request.getServletPath();
        }
        return info == null || info.isEmpty() ? "/" : info;
    }

    private static String encoded(String path) {
        StringBuilder encoded = new StringBuilder(path.length());
        for (byte each : path.getBytes(StandardCharsets.UTF_8)) {
            char c = (char) (each & 0xFF);
            if (c == '/' || (c < 0x80 && (Character.isLetterOrDigit(c) || UNRESERVED.indexOf(c) >= 0))) {
                encoded.append(c);
            } else {
                encoded.append('%').append(HEX.charAt(c >> 4)).append(HEX.charAt(c & 0xF));
            }
        }
        return encoded.toString();
    }

    /** The host name and the port that the client means, which the container may know of a proxy. */
    private static @Nullable String authorityOf(HttpServletRequest request) {
        String name = request.getServerName();
        if (name == null || name.isEmpty()) {
            return null;
        }
        String host = name.indexOf(':') >= 0 && !name.startsWith("[") ? "[" + name + "]" : name;
        return request.getServerPort() <= 0 ? host : host + ":" + request.getServerPort();
    }
}
