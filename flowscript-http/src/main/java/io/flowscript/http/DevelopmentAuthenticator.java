package io.flowscript.http;

import io.flowscript.core.FlowScriptException;
import io.flowscript.core.Identity;
import io.flowscript.core.bridge.Login;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Trusts the name that a client on this machine gives, and refuses clients on other machines. A request that a proxy has
 * forwarded may come from anywhere, so it is refused too. Stateless.
 */
final class DevelopmentAuthenticator implements Authenticator {

    /** What a client is told that is refused. */
    static final String REFUSED =
            "The development authenticator believes only clients on this machine, and no request that a proxy "
                    + "has forwarded; set an authenticator of your own";

    private static final String USER = "user";
    private static final String GROUPS = "groups";
    private static final String USER_HEADER = "X-FlowScript-User";
    private static final String GROUPS_HEADER = "X-FlowScript-Groups";
    private static final String USER_COOKIE = "flowscript-user";
    private static final String GROUPS_COOKIE = "flowscript-groups";

    /** The header fields by which a proxy says that it has forwarded a request, in lower case. */
    private static final Set<String> FORWARDED = Set.of(
            "forwarded",
            "via",
            "x-real-ip",
            "x-client-ip",
            "x-cluster-client-ip",
            "true-client-ip",
            "cf-connecting-ip");

    private static final String X_FORWARDED = "x-forwarded-";

    @Override
    public Optional<Login> authenticate(ClientRequest request) {
        if (!HostPolicy.isLoopback(request.remoteAddress()) || isForwarded(request)) {
            return Optional.empty();
        }
        try {
            if (request.parameter(USER).isPresent()) {
                return Optional.of(login(request::parameter, USER, GROUPS));
            }
            if (request.header(USER_HEADER).isPresent()) {
                return Optional.of(login(request::header, USER_HEADER, GROUPS_HEADER));
            }
            return Optional.of(login(
                    name -> request.cookie(name).map(value -> URLDecoder.decode(value, StandardCharsets.UTF_8)),
                    USER_COOKIE,
                    GROUPS_COOKIE));
        } catch (FlowScriptException | IllegalArgumentException e) {
            // The name is too long, or the cookie was not set by this class.
            return Optional.empty();
        }
    }

    /** The cookies that carry the name given in the query over to later requests; empty when the query has no name. */
    List<String> cookies(ClientRequest request) {
        if (request.parameter(USER).isEmpty()) {
            return List.of();
        }
        return List.of(cookie(USER_COOKIE, request.parameter(USER)), cookie(GROUPS_COOKIE, request.parameter(GROUPS)));
    }

    private static boolean isForwarded(ClientRequest request) {
        return request.headers().keySet().stream()
                .anyMatch(field -> FORWARDED.contains(field) || field.startsWith(X_FORWARDED));
    }

    private static String cookie(String name, Optional<String> value) {
        return name + "=" + URLEncoder.encode(value.orElse(""), StandardCharsets.UTF_8)
                + "; Path=/; HttpOnly; SameSite=Strict";
    }

    private static Login login(Function<String, Optional<String>> said, String user, String groups) {
        String name = said.apply(user).orElse("").strip();
        if (name.isEmpty()) {
            return Login.ANONYMOUS;
        }
        Set<String> names = Arrays.stream(said.apply(groups).orElse("").split(",", -1))
                .map(String::strip)
                .filter(group -> !group.isEmpty())
                .collect(Collectors.toSet());
        return Login.of(new Identity(name, names));
    }
}
