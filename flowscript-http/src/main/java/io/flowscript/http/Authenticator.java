package io.flowscript.http;

import io.flowscript.core.FlowScriptException;
import io.flowscript.core.bridge.Login;
import java.util.List;
import java.util.Optional;

/**
 * Identifies the client that sends a request: a WebSocket upgrade, a REST request or a request for events. It also says until
 * when that counts: a WebSocket, a stream or a waiting poll is ended when its login expires. It does not decide what the client
 * may do; the {@link io.flowscript.core.bridge.AccessPolicy} does.
 *
 * @since 0.1.0
 */
@FunctionalInterface
public interface Authenticator {

    /** Accepts every client as {@link Login#ANONYMOUS}. */
    Authenticator ANONYMOUS = request -> Optional.of(Login.ANONYMOUS);

    /**
     * Returns an authenticator for development on one machine. It trusts the name that the client gives, without a
     * password. The name comes from the query ({@code ?user=ann&groups=a,b}), from the header fields
     * {@code X-FlowScript-User} and {@code X-FlowScript-Groups}, or from cookies. REST sets these cookies when a name
     * is given in the query; an empty name ({@code ?user=}) clears it. A client that gives no name is
     * {@link Login#ANONYMOUS}. Requests from other machines are refused with 401, and a server that listens to other
     * machines does not start with it.
     *
     * @return the authenticator
     */
    static Authenticator development() {
        return new DevelopmentAuthenticator();
    }

    /** Accepts whom the HTTP container knows ({@link ClientRequest#principal}), without groups. */
    Authenticator PRINCIPAL =
            request -> Optional.ofNullable(request.principal()).map(known -> Login.of(known.getName()));

    /**
     * Returns an authenticator that asks several ones in turn, until one knows the sender.
     *
     * @param authenticators the authenticators, at least one, none of them for development
     * @return the authenticator
     * @throws FlowScriptException with code {@code invalid_setting} when there is none, or one is {@link #development}, which must not be
     *     reachable from other machines
     */
    static Authenticator firstOf(Authenticator... authenticators) {
        List<Authenticator> all = List.of(authenticators);
        if (all.isEmpty() || all.stream().anyMatch(DevelopmentAuthenticator.class::isInstance)) {
            throw new FlowScriptException(
                    "invalid_setting", "Name at least one authenticator, and not the one for development");
        }
        return request -> {
            for (Authenticator each : all) {
                Optional<Login> login = each.authenticate(request);
                if (login.isPresent()) {
                    return login;
                }
            }
            return Optional.empty();
        };
    }

    /**
     * Identifies the sender of a request. It is called by a thread of the server, once for each WebSocket before it is
     * opened, and once for each other request. It may block for a short time, for example to query a database.
     *
     * @param request the request without its body
     * @return the sender, and until when the login counts; empty to refuse the request with status 401, as a login that has
     *     expired is
     * @throws RuntimeException when the sender cannot be identified because of a failure; the request is refused with
     *     status 500, and the exception is logged but not shown to the client
     */
    Optional<Login> authenticate(ClientRequest request);
}
