package io.flowscript.http;

import io.flowscript.core.Identity;
import io.flowscript.core.bridge.EventBridge;
import io.flowscript.events.delivery.FlowScriptBridge;
import io.flowscript.json.protocol.ErrorCode;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The HTTP side of a server (protocol, section 5) as a function from a request to an answer: REST, server-sent events and long polls. For authors of
 * adapters, which bring it to a container. No thread waits in it, and it starts none. Safe for use by any thread.
 *
 * <p>An adapter makes a {@link HttpRequest} of each request, and does what {@link #handle} says. One that has WebSockets too asks {@link #admit} for
 * each, and puts it into {@link #clients}. When its server stops, it sends the clients away with {@link LiveClients#closeAll}.
 *
 * @since 0.1.0
 */
public final class HttpApi {

    /** Where the WebSocket is, below the context. */
    public static final String WEBSOCKET_PATH = "/ws";

    /** The WebSocket subprotocol of clients that take several messages in a frame (protocol, section 6). */
    public static final String SUBPROTOCOL = "flowscript.v2";

    private final RequestGuard guard;
    private final LiveClients clients;
    private final @Nullable RestHandler rest;

    private HttpApi(RequestGuard guard, LiveClients clients, @Nullable RestHandler rest) {
        this.guard = guard;
        this.clients = clients;
        this.rest = rest;
    }

    /**
     * REST for an engine, and its events.
     *
     * @param bridge says what is behind REST, and keeps the rules
     * @param events takes in the clients that ask for events; usually the same bridge
     * @param settings the settings
     * @return the HTTP side
     * @throws io.flowscript.core.FlowScriptException with code {@code invalid_setting} when a server that others can reach would believe them who they say
     *     they are ({@link Authenticator#development})
     */
    public static HttpApi of(FlowScriptBridge bridge, EventBridge events, HttpSettings settings) {
        LiveClients clients = new LiveClients();
        RequestGuard guard = settings.guard(bridge.operations().permitEverything());
        return new HttpApi(guard, clients, RestHandler.of(bridge, events, settings, guard, clients));
    }

    /**
     * No REST: only WebSockets are let in, or not.
     *
     * @param settings the settings
     * @return the HTTP side, to which no path belongs
     * @throws io.flowscript.core.FlowScriptException as {@link #of}
     */
    public static HttpApi withoutRest(HttpSettings settings) {
        return new HttpApi(settings.guard(true), new LiveClients(), null);
    }

    /**
     * Handles a request.
     *
     * @param request its head
     * @return what the adapter is to do; empty when the path is none of these, and left to the container
     */
    public Optional<HttpResult> handle(HttpRequest request) {
        return rest == null ? Optional.empty() : rest.handle(request);
    }

    /**
     * Decides whether a WebSocket may be opened: from which page it comes, who opens it, and whether the server is closing.
     *
     * @param request asks for it
     * @return the decision
     */
    public Admission admit(HttpRequest request) {
        ResponseHeaders headers = new ResponseHeaders();
        try {
            if (!request.method().equals("GET")) {
                throw new Refusal(Problem.of(HttpStatus.METHOD_NOT_ALLOWED_405, "A WebSocket begins with GET")
                        .header(HttpHeader.ALLOW, "GET"));
            }
            guard.checkPage(request);
            Identity identity = guard.identify(request, headers);
            if (clients.isClosing()) {
                throw Refusal.of(ErrorCode.SERVER_CLOSING, "The server is closing");
            }
            return new Admission.Admitted(identity, headers.toMap());
        } catch (Refusal refused) {
            return new Admission.Refused(refused.problem().response(headers));
        }
    }

    /** {@return the answer for a request at {@link #WEBSOCKET_PATH} that asks for no WebSocket} */
    public HttpResponse upgradeRequired() {
        return Problem.of(HttpStatus.UPGRADE_REQUIRED_426, "Here is a WebSocket of version 13")
                .with(Map.of("subprotocols", List.of(SUBPROTOCOL)))
                .header(HttpHeader.UPGRADE, "websocket")
                .response(new ResponseHeaders());
    }

    /** {@return the clients that are there: those of {@link EventExchange}s, and those that the adapter adds} */
    public LiveClients clients() {
        return clients;
    }
}
