package io.flowscript.ws.jetty;

import io.flowscript.core.Identity;
import java.util.Optional;

/**
 * Says who sends a request: a WebSocket's upgrade, or a request to the REST interface. What somebody may do is not asked here but of the
 * {@link io.flowscript.core.bridge.AccessPolicy}.
 *
 * @since 0.1.0
 */
@FunctionalInterface
public interface Authenticator {

    /** Takes everybody, as {@link Identity#ANONYMOUS}. */
    Authenticator ANONYMOUS = request -> Optional.of(Identity.ANONYMOUS);

    /**
     * Looks at a request. Called once for each WebSocket, before it is opened, and for each REST request, by a thread of the server; it
     * may wait for a short time, such as for a look into a database.
     *
     * @param request the request without its body
     * @return who sent it; empty refuses it with status 401
     * @throws RuntimeException refuses it with status 500; logged, and not shown to the client
     */
    Optional<Identity> authenticate(ClientRequest request);
}
