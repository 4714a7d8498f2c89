package io.flowscript.http;

import io.flowscript.core.FlowScriptException;
import io.flowscript.core.bridge.EventBridge;
import io.flowscript.core.bridge.Login;
import io.flowscript.core.observe.FlowScriptObserver;
import io.flowscript.core.runtime.EngineClock;
import io.flowscript.events.delivery.FlowScriptBridge;
import io.flowscript.json.protocol.ErrorCode;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The HTTP interface (protocol, section 5) without an HTTP server: turns a request into a response. It covers REST,
 * server-sent events and long polls. It is meant for authors of adapters, which connect it to an HTTP container. It
 * starts no thread and blocks none. Safe for use by any thread.
 *
 * <p>An adapter creates an {@link HttpRequest} for each request, calls {@link #handle}, and acts on the result. An
 * adapter that also serves WebSockets calls {@link #admit} before it opens one, and adds each open WebSocket to {@link
 * #clients}. When its server stops, the adapter disconnects all clients with {@link LiveClients#closeAll}.
 *
 * @since 0.1.0
 */
public final class HttpApi {

    /** The path of the WebSocket, relative to the context path. */
    public static final String WEBSOCKET_PATH = "/ws";

    /** The WebSocket subprotocol of clients that accept several messages in one frame (protocol, section 6). */
    public static final String SUBPROTOCOL = "flowscript.v2";

    private final TrustedProxies proxies;
    private final RequestGuard guard;
    private final Handshakes handshakes;
    private final LiveClients clients;
    private final InboundMemory inbound;
    private final FlowScriptObserver observer;
    private final @Nullable RestHandler rest;

    private HttpApi(
            TrustedProxies proxies,
            RequestGuard guard,
            Handshakes handshakes,
            InboundMemory inbound,
            LiveClients clients,
            FlowScriptObserver observer,
            @Nullable RestHandler rest) {
        this.proxies = proxies;
        this.guard = guard;
        this.handshakes = handshakes;
        this.inbound = inbound;
        this.clients = clients;
        this.observer = observer;
        this.rest = rest;
    }

    /**
     * Creates the HTTP interface of an engine: REST and events.
     *
     * @param bridge the bridge of the engine; its {@linkplain FlowScriptBridge#operations operations} carry out the REST requests
     * @param events the bridge that serves requests for events; usually the same as {@code bridge}
     * @param settings the settings
     * @return the HTTP interface
     * @throws FlowScriptException with code {@code invalid_setting} when the server is reachable
     *     from other machines and uses {@link Authenticator#development}, which does not verify identities
     */
    public static HttpApi of(FlowScriptBridge bridge, EventBridge events, HttpSettings settings) {
        LiveClients clients = new LiveClients();
        EngineClock clock = bridge.flows().clock();
        Duration ticketTime = settings.ticketTime();
        RequestGuard guard = settings.guard(
                bridge.operations().permitEverything(),
                clock,
                new FailedLogins(settings.failedLoginsPerSecond(), clock::nanoTime),
                ticketTime == null ? null : new Tickets(clock, ticketTime));
        InboundMemory inbound = new InboundMemory(settings.maxInboundBytes());
        return new HttpApi(
                settings.trustedProxies(),
                guard,
                new Handshakes(settings.handshakesPerSecond(), clock::nanoTime),
                inbound,
                clients,
                bridge.flows().observer(),
                RestHandler.of(bridge, events, settings, guard, inbound, clients));
    }

    /**
     * Creates an HTTP interface without REST and events. Only {@link #admit} is of use; {@link #handle} always returns empty.
     *
     * @param settings the settings
     * @return the HTTP interface, which handles no path
     * @throws FlowScriptException as {@link #of}, and when the settings have the {@linkplain HttpSettingsBuilder#console console} or
     *     {@linkplain HttpSettingsBuilder#tickets tickets}
     */
    public static HttpApi withoutRest(HttpSettings settings) {
        if (settings.console().isPresent()) {
            throw new FlowScriptException("invalid_setting", "The console needs REST, and this server has none");
        }
        if (settings.ticketTime() != null) {
            throw new FlowScriptException("invalid_setting", "Tickets need REST, and this server has none");
        }
        return new HttpApi(
                settings.trustedProxies(),
                settings.guard(
                        true,
                        InstantSource.system(),
                        new FailedLogins(settings.failedLoginsPerSecond(), System::nanoTime),
                        null),
                new Handshakes(settings.handshakesPerSecond(), System::nanoTime),
                new InboundMemory(settings.maxInboundBytes()),
                new LiveClients(),
                FlowScriptObserver.NONE,
                null);
    }

    /**
     * Handles a request.
     *
     * @param request the head of the request
     * @return what the adapter must do next; empty when the path does not belong to this interface, so that the container can handle it
     */
    public Optional<HttpResult> handle(HttpRequest request) {
        return rest == null ? Optional.empty() : rest.handle(proxies.seenThrough(request));
    }

    /**
     * Decides whether a WebSocket may be opened. It checks the origin of the web page and the rate of its address, identifies the client, and
     * refuses every client while the server is closing. The observer of the engine is told of a refusal.
     *
     * @param upgrade the upgrade request
     * @return the decision
     */
    public Admission admit(HttpRequest upgrade) {
        HttpRequest request = proxies.seenThrough(upgrade);
        ResponseHeaders headers = new ResponseHeaders();
        try {
            if (!request.method().equals("GET")) {
                throw new Refusal(Problem.of(HttpStatus.METHOD_NOT_ALLOWED_405, "A WebSocket begins with GET")
                        .header(HttpHeader.ALLOW, "GET"));
            }
            guard.checkPage(request);
            handshakes.count(request.network());
            Login login = guard.identifySocket(request, headers);
            if (clients.isClosing()) {
                throw Refusal.of(ErrorCode.SERVER_CLOSING, "The server is closing");
            }
            return new Admission.Admitted(login, request.network(), guard.renewal(request), headers.toMap());
        } catch (Refusal refused) {
            return new Admission.Refused(refused.problem().reportedTo(observer).response(headers));
        }
    }

    /** {@return the response to a request at {@link #WEBSOCKET_PATH} that is not a WebSocket upgrade: status 426} */
    public HttpResponse upgradeRequired() {
        return Problem.of(HttpStatus.UPGRADE_REQUIRED_426, "Here is a WebSocket of version 13")
                .with(Map.of("subprotocols", List.of(SUBPROTOCOL)))
                .header(HttpHeader.UPGRADE, "websocket")
                .response(new ResponseHeaders());
    }

    /** {@return the memory of all messages and bodies that have arrived in part} */
    public InboundMemory inbound() {
        return inbound;
    }

    /** {@return the connected clients: those of {@link EventExchange}s, and those that the adapter adds} */
    public LiveClients clients() {
        return clients;
    }
}
