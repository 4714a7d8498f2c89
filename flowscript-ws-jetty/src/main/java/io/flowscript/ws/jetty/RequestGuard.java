package io.flowscript.ws.jetty;

import io.flowscript.core.Identity;
import io.flowscript.json.protocol.ErrorCode;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.eclipse.jetty.http.HttpCookie;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Fields;

/** Lets a request in, or refuses it: by the name it was sent to, by the page that it comes from, and by who sent it. Safe for use by any thread. */
final class RequestGuard {

    private static final System.Logger LOG = System.getLogger(RequestGuard.class.getName());

    private final HostPolicy hosts;
    private final OriginPolicy origins;
    private final Authenticator authenticator;

    RequestGuard(HostPolicy hosts, OriginPolicy origins, Authenticator authenticator) {
        this.hosts = hosts;
        this.origins = origins;
        this.authenticator = authenticator;
    }

    OriginPolicy.Source sourceOf(Request request) {
        return origins.sourceOf(request);
    }

    /**
     * Refuses what comes from a foreign web page, or was sent to a name that is not this server's.
     *
     * @param request the request
     * @throws Refusal with 403
     */
    void checkPage(Request request) {
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
     * Asks who sent a request.
     *
     * @param request the request
     * @param response its answer, which may be given cookies
     * @return who
     * @throws Refusal with 401, 400, or 500
     */
    Identity identify(Request request, Response response) {
        ClientRequest seen = describe(request);
        try {
            Identity who = authenticator
                    .authenticate(seen)
                    .orElseThrow(() -> new Refusal(Problem.of(ErrorCode.UNAUTHORIZED, "Say who you are")
                            .header(HttpHeader.WWW_AUTHENTICATE, "Bearer")));
            if (authenticator instanceof DevelopmentAuthenticator believing) {
                believing.cookies(seen).forEach(cookie -> response.getHeaders().add(HttpHeader.SET_COOKIE, cookie));
            }
            return who;
        } catch (Refusal refused) {
            throw refused;
        } catch (RuntimeException e) {
            LOG.log(System.Logger.Level.ERROR, "The authenticator failed; the request is refused", e);
            throw new Refusal(Problem.internal());
        }
    }

    private static ClientRequest describe(Request request) {
        Map<String, List<String>> headers = new HashMap<>();
        for (HttpField field : request.getHeaders()) {
            String name = field.getName().toLowerCase(Locale.ROOT);
            headers.computeIfAbsent(name, n -> List.copyOf(request.getHeaders().getValuesList(n)));
        }
        Map<String, String> cookies = new HashMap<>();
        for (HttpCookie cookie : Request.getCookies(request)) {
            cookies.putIfAbsent(cookie.getName(), cookie.getValue());
        }
        return new ClientRequest(
                request.getMethod(),
                Request.getPathInContext(request),
                queryOf(request),
                headers,
                cookies,
                Request.getRemoteAddr(request),
                request.isSecure());
    }

    /**
     * The parameters of the query string.
     *
     * @param request the request
     * @return each with its values
     * @throws Refusal with 400 when it is not well-formed
     */
    static Map<String, List<String>> queryOf(Request request) {
        try {
            Map<String, List<String>> query = new LinkedHashMap<>();
            for (Fields.Field field : Request.extractQueryParameters(request)) {
                query.put(field.getName(), List.copyOf(field.getValues()));
            }
            return query;
        } catch (RuntimeException e) {
            throw new Refusal(Problem.of(ErrorCode.INVALID_MESSAGE, "The query string is not well-formed"));
        }
    }
}
