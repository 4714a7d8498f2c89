package io.flowscript.servlet;

import io.flowscript.core.FlowScriptException;
import io.flowscript.core.bridge.EventBridge;
import io.flowscript.core.concurrent.Guard;
import io.flowscript.events.delivery.FlowScriptBridge;
import io.flowscript.http.Admission;
import io.flowscript.http.Authenticator;
import io.flowscript.http.HttpApi;
import io.flowscript.http.HttpRequest;
import io.flowscript.http.HttpResponse;
import io.flowscript.http.HttpResult;
import io.flowscript.http.HttpSettingsBuilder;
import jakarta.servlet.Servlet;
import jakarta.servlet.ServletConfig;
import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRegistration;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Serves the clients of an engine (protocol, sections 1 and 5) in any container of Servlet 6.1: REST, server-sent events and long polls below its mapping, and the WebSocket at
 * {@code /ws} below it, when the container has Jakarta WebSocket 2.2. Safe for use by any thread.
 *
 * <pre>{@code
 * FlowScriptServlet servlet = FlowScriptServlet.builder(bridge).roles("clerk", "manager").build();
 * servlet.register(servletContext, "/flow/*");
 * }</pre>
 *
 * <p>A client is who the container says: its {@linkplain HttpServletRequest#getUserPrincipal() principal}. A request without one is refused with status 401. Another {@link
 * Builder#authenticator authenticator} can be set instead. Filters in front of the servlet see each request first, that for a WebSocket too; they must support asynchronous requests.
 *
 * <p>The servlet closes neither the engine nor the bridge; the application must do that.
 *
 * @since 0.1.0
 */
public final class FlowScriptServlet implements Servlet, AutoCloseable {

    private static final System.Logger LOG = System.getLogger(FlowScriptServlet.class.getName());

    /** More than a client is given. */
    private static final int CLOSING_SECONDS = 10;

    private final FlowScriptBridge bridge;
    private final EventBridge clients;
    private final ServletSettings settings;
    private final HttpApi http;
    private volatile @Nullable ServletConfig config;
    private volatile @Nullable WebSocketUpgrade webSocket;

    private FlowScriptServlet(FlowScriptBridge bridge, EventBridge clients, ServletSettings settings) {
        this.bridge = bridge;
        this.clients = clients;
        this.settings = settings;
        this.http = HttpApi.of(bridge, clients, settings.http());
    }

    /**
     * Returns a builder of a servlet.
     *
     * @param bridge the bridge that clients connect to; its operations carry out the REST requests
     * @return the builder
     */
    public static Builder builder(FlowScriptBridge bridge) {
        return new Builder(Objects.requireNonNull(bridge, "bridge"));
    }

    /**
     * Registers this servlet under the name {@code flowscript}, to be initialized when the application starts, and with support for asynchronous requests.
     *
     * @param context the application, which is starting
     * @param mappings URL patterns, such as {@code /flow/*}
     * @return the registration, to which security constraints and more can be added
     * @throws FlowScriptException with code {@code invalid_setting} when there is a servlet of that name
     */
    public ServletRegistration.Dynamic register(ServletContext context, String... mappings) {
        ServletRegistration.Dynamic registration = context.addServlet("flowscript", this);
        if (registration == null) {
            throw new FlowScriptException("invalid_setting", "There is a servlet named flowscript already");
        }
        registration.setAsyncSupported(true);
        registration.setLoadOnStartup(1);
        registration.addMapping(mappings);
        return registration;
    }

    /** Called by the container. */
    @Override
    public void init(ServletConfig given) {
        config = given;
        ServletContext context = given.getServletContext();
        if (context.getAttribute(WebSocketUpgrade.CONTAINER) == null) { // perhaps not even the classes are there
            LOG.log(System.Logger.Level.INFO, "This container has no WebSockets; clients can use server-sent events");
        } else {
            webSocket = WebSocketUpgrade.of(context, clients, http, bridge.flows(), settings);
        }
        http.clients().reopen();
    }

    @Override
    public @Nullable ServletConfig getServletConfig() {
        return config;
    }

    @Override
    public String getServletInfo() {
        return "FlowScript";
    }

    /** Called by the container. */
    @Override
    public void service(ServletRequest from, ServletResponse to) throws ServletException, IOException {
        if (!(from instanceof HttpServletRequest request) || !(to instanceof HttpServletResponse response)) {
            throw new ServletException("This servlet serves HTTP");
        }
        if (ConnectionCut.isWanted(request)) {
            throw ConnectionCut.prepared(request, response);
        }
        HttpResult result;
        try {
            HttpRequest head = RequestHead.of(request, settings.principalOf(request));
            if (head.path().equals(HttpApi.WEBSOCKET_PATH)) {
                Optional<HttpResponse> refusal = open(head, request, response);
                if (refusal.isEmpty()) {
                    return;
                }
                result = refusal.get();
            } else {
                result = http.handle(head).orElseGet(FlowScriptServlet::notFound);
            }
        } catch (Throwable e) {
            result = failed(e);
        }
        carryOut(result, request, response);
    }

    /** Opens a WebSocket. {@return the response to a request that is refused; empty when it is open} */
    private Optional<HttpResponse> open(HttpRequest head, HttpServletRequest request, HttpServletResponse response)
            throws ServletException, IOException {
        WebSocketUpgrade upgrade = webSocket;
        if (upgrade == null) {
            return Optional.of(notFound());
        }
        Admission admission = http.admit(head);
        if (admission instanceof Admission.Refused refused) {
            return Optional.of(refused.response());
        }
        Optional<HttpResponse> refusal = upgrade.refusal(head);
        if (refusal.isEmpty() && admission instanceof Admission.Admitted admitted) {
            admitted.headers().forEach((name, values) -> values.forEach(value -> response.addHeader(name, value)));
            upgrade.upgrade(admitted, request, response);
        }
        return refusal;
    }

    private static void carryOut(HttpResult result, HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        if (result instanceof HttpResponse answer && ResponseWriter.fits(answer, response)) {
            ResponseWriter.send(answer, response);
        } else if (request.isAsyncSupported()) {
            new ServletExchange(request, response).carryOut(result);
        } else {
            LOG.log(
                    System.Logger.Level.ERROR,
                    "This servlet and all filters before it must be registered with support for asynchronous requests");
            ResponseWriter.send(HttpResponse.internalError(), response);
        }
    }

    private static HttpResponse notFound() {
        return HttpResponse.problem(HttpServletResponse.SC_NOT_FOUND, "There is nothing at this path");
    }

    private static HttpResponse failed(Throwable e) {
        Guard.report(e, shown -> LOG.log(System.Logger.Level.ERROR, "A request failed", shown));
        return HttpResponse.internalError();
    }

    /** {@return the number of open WebSockets, streams of events and long polls} */
    int clients() {
        return http.clients().size();
    }

    /** Does what {@link #close} does. Called by the container. */
    @Override
    public void destroy() {
        close();
    }

    /**
     * Ends the connection of every client, a WebSocket with close code 1001 (going away), and waits at most a few seconds ({@link Builder#closingTime}) for them. Later requests for events are
     * refused with status 503. Closing again has no effect. Call it before the container is stopped: some containers wait for open requests first.
     */
    @Override
    public void close() {
        try {
            http.clients().closeAll().get(CLOSING_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException e) {
            LOG.log(System.Logger.Level.WARNING, "Some clients could not be told that the server is closing", e);
        }
    }

    /** Builds a servlet. Not safe for use by several threads. */
    public static final class Builder extends HttpSettingsBuilder<Builder> {

        private final FlowScriptBridge bridge;
        private Function<? super HttpServletRequest, ? extends Collection<String>> groups = request -> List.of();
        private boolean isOwnAuthenticator;
        private boolean compress;
        private int maxWaitingThreads = 16;

        private Builder(FlowScriptBridge bridge) {
            this.bridge = bridge;
            super.authenticator(ContainerPrincipal.AUTHENTICATOR);
        }

        /**
         * Sets how clients are identified, instead of by the principal of the container. {@link io.flowscript.http.ClientRequest#principal} is that principal.
         *
         * @param authenticator called for each WebSocket, each REST request and each request for events
         * @return this
         */
        @Override
        public Builder authenticator(Authenticator authenticator) {
            isOwnAuthenticator = true;
            return super.authenticator(authenticator);
        }

        /**
         * Sets the groups of a client: those of these roles that the container says it has. By default a client has no groups.
         *
         * @param names the names of roles, as for {@link HttpServletRequest#isUserInRole}
         * @return this
         */
        public Builder roles(String... names) {
            List<String> all = List.of(names);
            return groups(request -> all.stream().filter(request::isUserInRole).toList());
        }

        /**
         * Sets the groups of a client. An {@link #authenticator} of your own gives them itself.
         *
         * @param groups called for each request that has a principal; it gives names of groups
         * @return this
         */
        public Builder groups(Function<? super HttpServletRequest, ? extends Collection<String>> groups) {
            this.groups = Objects.requireNonNull(groups, "groups");
            return this;
        }

        /**
         * Lets the container compress messages of WebSockets for clients that offer it, as it does for other endpoints. It is off by default, because it costs memory and processor time for
         * each client.
         *
         * @return this
         */
        public Builder compress() {
            this.compress = true;
            return this;
        }

        /**
         * Sets how many threads of the container may be held by WebSocket clients that send messages faster than these are handled. A container cannot be told to read no more, so a thread
         * waits. Further such clients are closed with 1013. No other client holds a thread.
         *
         * @param max from 1, less than the container has threads; 16 by default
         * @return this
         */
        public Builder maxWaitingThreads(int max) {
            if (max < 1) {
                throw new FlowScriptException("invalid_setting", "1 thread or more may be held, not " + max);
            }
            this.maxWaitingThreads = max;
            return this;
        }

        /**
         * Creates the servlet.
         *
         * @return a new servlet, to be registered with a container
         */
        public FlowScriptServlet build() {
            return build(bridge);
        }

        /**
         * Does the same with another bridge for the clients.
         *
         * @param clients the bridge that clients connect to: WebSockets, streams of events and long polls
         * @return a new servlet
         */
        public FlowScriptServlet build(EventBridge clients) {
            return new FlowScriptServlet(
                    bridge,
                    Objects.requireNonNull(clients, "clients"),
                    new ServletSettings(settings(), isOwnAuthenticator ? null : groups, compress, maxWaitingThreads));
        }

        @Override
        protected Builder self() {
            return this;
        }
    }
}
