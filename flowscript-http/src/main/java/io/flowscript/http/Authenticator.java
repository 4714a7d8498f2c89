package io.flowscript.http;

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
     * Believes everybody who they say they are, for trying things out on one machine: by {@code ?user=ann&groups=a,b} in the query, by the header fields
     * {@code X-FlowScript-User} and {@code X-FlowScript-Groups}, or by the cookies that REST sets for who has said it in the query; {@code ?user=} makes one nobody again.
     * Whoever says nothing is {@link Identity#ANONYMOUS}. A request that comes from another machine is refused, and so is a server that would listen to others.
     *
     * @return the authenticator
     */
    static Authenticator development() {
        return new DevelopmentAuthenticator();
    }

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
