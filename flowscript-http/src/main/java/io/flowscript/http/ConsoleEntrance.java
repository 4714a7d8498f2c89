package io.flowscript.http;

import java.util.Optional;

/**
 * Leads to the console. The target is relative, so that it is right behind any path of a context or of a proxy. Immutable.
 *
 * @param home whether {@code /} leads there too, because the server has no other page
 */
record ConsoleEntrance(boolean home) {

    private static final String PATH = "/" + WebAssets.CONSOLE;

    /** Where a request is sent on to; empty when it is not about the console. */
    Optional<String> target(HttpRequest request) {
        boolean isRead = request.method().equals("GET") || request.method().equals("HEAD");
        boolean isEntrance =
                request.path().equals(PATH) || (home && request.path().equals("/"));
        String query = request.query();
        return isRead && isEntrance
                ? Optional.of(WebAssets.CONSOLE + "/" + (query == null ? "" : "?" + query))
                : Optional.empty();
    }
}
