package io.flowscript.servlet;

import io.flowscript.http.HttpSettings;
import jakarta.servlet.http.HttpServletRequest;
import java.security.Principal;
import java.util.Collection;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The settings of a servlet.
 *
 * @param http those of the HTTP side
 * @param groups gives the groups of the sender of a request; null when the container is not asked who it is
 * @param compress whether the container may compress messages of WebSockets
 * @param maxWaitingThreads how many threads may be held by WebSocket clients that send too fast
 */
record ServletSettings(
        HttpSettings http,
        @Nullable Function<? super HttpServletRequest, ? extends Collection<String>> groups,
        boolean compress,
        int maxWaitingThreads) {

    /** The sender of a request, as an authenticator is to see it; null when the container does not know it. */
    @Nullable
    Principal principalOf(HttpServletRequest request) {
        Principal known = request.getUserPrincipal();
        return known == null || groups == null ? known : ContainerPrincipal.of(known, groups.apply(request));
    }
}
