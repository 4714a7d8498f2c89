package io.flowscript.servlet;

import io.flowscript.core.Identity;
import io.flowscript.core.bridge.Login;
import io.flowscript.http.Authenticator;
import java.security.Principal;
import java.util.Optional;
import java.util.Set;

/**
 * The sender of a request as the container knows it.
 *
 * @param identity its name, and the groups that the application gives it
 */
record ContainerPrincipal(Identity identity) implements Principal {

    /** Believes the container, and refuses whom it does not know. */
    static final Authenticator AUTHENTICATOR = request -> request.principal() instanceof ContainerPrincipal known
            ? Optional.of(Login.of(known.identity()))
            : Optional.empty();

    static ContainerPrincipal of(Principal principal, Iterable<String> groups) {
        Set<String> unique = new java.util.LinkedHashSet<>();
        groups.forEach(unique::add);
        return new ContainerPrincipal(new Identity(principal.getName(), unique));
    }

    @Override
    public String getName() {
        return identity.name();
    }
}
