package io.flowscript.http;

import io.flowscript.core.Identity;
import io.flowscript.core.bridge.ClientInfo;
import io.flowscript.core.bridge.Login;
import io.flowscript.core.concurrent.Guard;
import io.flowscript.json.protocol.ErrorCode;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Accepts or refuses a request by its host name, by the origin of its web page, and by its sender. Safe for use by any thread. */
final class RequestGuard {

    private static final System.Logger LOG = System.getLogger(RequestGuard.class.getName());

    private final HostPolicy hosts;
    private final OriginPolicy origins;
    private final Authenticator authenticator;
    private final Duration maxSessionAge;
    private final InstantSource clock;
    private final FailedLogins failed;
    private final @Nullable Tickets tickets;

    RequestGuard(
            HostPolicy hosts,
            OriginPolicy origins,
            Authenticator authenticator,
            Duration maxSessionAge,
            InstantSource clock,
            FailedLogins failed,
            @Nullable Tickets tickets) {
        this.hosts = hosts;
        this.origins = origins;
        this.authenticator = authenticator;
        this.maxSessionAge = maxSessionAge;
        this.clock = clock;
        this.failed = failed;
        this.tickets = tickets;
    }

    OriginPolicy.Source sourceOf(HttpRequest request) {
        return origins.sourceOf(request);
    }

    /**
     * Refuses a request that comes from a web page of a foreign origin, or that was sent to a host name that is not allowed.
     *
     * @param request the request
     * @throws Refusal with 403
     */
    void checkPage(HttpRequest request) {
        if (!hosts.permits(request)) {
            throw new Refusal(Problem.of(
                    ErrorCode.FORBIDDEN,
                    "This server is not known by the name in the Host field; it can be told that name"));
        }
        if (origins.sourceOf(request) == OriginPolicy.Source.FOREIGN) {
            throw new Refusal(Problem.of(
                    ErrorCode.FORBIDDEN,
                    "Pages of this origin may not speak to this server; it can be told to allow it"));
        }
    }

    /**
     * Identifies the sender of a request.
     *
     * @param request the request
     * @param headers the header fields of the response, to which cookies may be added
     * @return the sender, and until when a connection of it may stay
     * @throws Refusal with 401, 400, or 500
     */
    Login identify(HttpRequest request, ResponseHeaders headers) {
        return identify(describe(request), headers);
    }

    /**
     * Identifies who opens a WebSocket: as for other requests, or by a ticket, where there are tickets.
     *
     * @param request the upgrade request
     * @param headers the header fields of the response, to which cookies may be added
     * @return who opens it, and until when it may stay
     * @throws Refusal with 401, 400, or 500
     */
    Login identifySocket(HttpRequest request, ResponseHeaders headers) {
        ClientRequest seen = describe(request);
        List<String> shown = seen.query().getOrDefault(Tickets.PARAMETER, List.of());
        if (tickets == null || shown.isEmpty()) {
            return identify(seen, headers);
        }
        failed.check(request.network());
        ClientRequest fetching =
                shown.size() == 1 ? tickets.redeem(shown.get(0)).orElse(null) : null;
        if (fetching == null) {
            failed.count(request.network());
            throw new Refusal(Problem.unauthorized(unknown()));
        }
        return identify(fetching, headers);
    }

    /**
     * Gives the sender of a request a ticket.
     *
     * @param request the request
     * @param headers the header fields of the response
     * @return the ticket
     * @throws Refusal with 401 when the sender is not known or has no identity
     */
    Tickets.Ticket ticket(HttpRequest request, ResponseHeaders headers) {
        ClientRequest seen = describe(request);
        Identity who = identify(seen, headers).identity();
        if (who.equals(Identity.ANONYMOUS)) {
            throw new Refusal(Problem.unauthorized(unknown()));
        }
        return Objects.requireNonNull(tickets).issue(who.name(), seen);
    }

    private Login identify(ClientRequest seen, ResponseHeaders headers) {
        try {
            Login login = authenticate(seen).orElseThrow(() -> new Refusal(Problem.unauthorized(unknown())));
            if (authenticator instanceof DevelopmentAuthenticator believing) {
                believing.cookies(seen).forEach(cookie -> headers.add(HttpHeader.SET_COOKIE, cookie));
            }
            return login;
        } catch (Refusal refused) {
            throw refused;
        } catch (Throwable e) {
            Guard.report(
                    e,
                    shown -> LOG.log(
                            System.Logger.Level.ERROR, "The authenticator failed; the request is refused", shown));
            throw new Refusal(Problem.internal());
        }
    }

    /**
     * Returns what asks whose a new token is that comes over an open connection. The authenticator sees the request that opened it with
     * this token in the field {@code Authorization}, and with no other field, cookie, parameter or principal: nothing but the token counts.
     *
     * @param opening the request that opened the connection; it is not kept
     * @return checks tokens as {@link #identify} checks requests
     */
    ClientInfo.Renewal renewal(HttpRequest opening) {
        String method = opening.method();
        String asked = decoded(opening.path());
        String path = asked.equals(HttpApi.WEBSOCKET_PATH) ? HttpApi.WEBSOCKET_PATH : asked; // one for all connections
        String address = opening.remoteAddress();
        boolean secure = opening.secure();
        return token -> {
            Map<String, List<String>> field = Map.of("authorization", List.of("Bearer " + token));
            try {
                return authenticate(new ClientRequest(method, path, Map.of(), field, Map.of(), address, secure, null));
            } catch (Refusal tooOften) {
                return Optional.empty();
            }
        };
    }

    /** Asks the authenticator, refuses a login that has expired, and bounds the others. */
    private Optional<Login> authenticate(ClientRequest request) {
        String network = IpAddress.network(request.remoteAddress());
        failed.check(network);
        Instant now = clock.instant();
        Optional<Login> known = authenticator
                .authenticate(request)
                .filter(login -> !login.isExpired(now))
                .map(login -> login.equals(Login.ANONYMOUS) ? login : login.until(now.plus(maxSessionAge)));
        if (known.isEmpty()) {
            failed.count(network);
        }
        return known;
    }

    private String unknown() {
        return authenticator instanceof DevelopmentAuthenticator ? DevelopmentAuthenticator.REFUSED : "Say who you are";
    }

    private static ClientRequest describe(HttpRequest request) {
        return new ClientRequest(
                request.method(),
                decoded(request.path()),
                QueryString.parse(request.query()),
                request.headers(),
                cookies(request),
                request.remoteAddress(),
                request.secure(),
                request.principal());
    }

    private static String decoded(String path) {
        try {
            return PercentEncoding.decode(path);
        } catch (IllegalArgumentException e) {
            throw Refusal.of(ErrorCode.INVALID_MESSAGE, "The path is not well-formed");
        }
    }

    /** Reads the cookies. Malformed ones are ignored (RFC 6265, section 5.4). */
    private static Map<String, String> cookies(HttpRequest request) {
        Map<String, String> cookies = new HashMap<>();
        for (String field : request.values(HttpHeader.COOKIE)) {
            for (String pair : field.split(";", -1)) {
                int equals = pair.indexOf('=');
                if (equals > 0) {
                    String value = pair.substring(equals + 1).strip();
                    boolean quoted = value.length() > 1 && value.startsWith("\"") && value.endsWith("\"");
                    cookies.putIfAbsent(
                            pair.substring(0, equals).strip(), quoted ? value.substring(1, value.length() - 1) : value);
                }
            }
        }
        return cookies;
    }
}
