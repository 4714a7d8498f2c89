package io.flowscript.servlet;

import io.flowscript.core.bridge.EventBridge;
import io.flowscript.core.runtime.EngineClock;
import io.flowscript.engine.FlowScript;
import io.flowscript.http.Admission.Admitted;
import io.flowscript.http.HttpApi;
import io.flowscript.http.HttpRequest;
import io.flowscript.http.HttpResponse;
import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.websocket.DeploymentException;
import jakarta.websocket.Extension;
import jakarta.websocket.server.ServerContainer;
import jakarta.websocket.server.ServerEndpointConfig;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** Turns a request into a WebSocket (RFC 6455, section 4.2), or refuses it before there is one. Safe for use by any thread. */
final class WebSocketUpgrade {

    /** The attribute of the servlet context that has the WebSocket container (Jakarta WebSocket, section 6.4). */
    static final String CONTAINER = "jakarta.websocket.server.ServerContainer";

    private static final String VERSION = "13";
    private static final int KEY_BYTES = 16;

    private final ServerContainer container;
    private final EventBridge bridge;
    private final HttpApi http;
    private final EngineClock clock;
    private final WebSocketThreads threads;
    private final Duration closingTime;
    private final boolean compress;

    private WebSocketUpgrade(
            ServerContainer container, EventBridge bridge, HttpApi http, FlowScript flows, ServletSettings settings) {
        this.container = container;
        this.bridge = bridge;
        this.http = http;
        this.clock = flows.clock();
        this.threads = WebSocketThreads.of(flows, settings.maxWaitingThreads());
        this.closingTime = settings.http().closingTime();
        this.compress = settings.compress();
    }

    /**
     * Sets the upgrade up in a container that has WebSockets.
     *
     * @param context has the container
     * @param bridge takes the clients in
     * @param http decides who may come, and keeps them
     * @param flows has the clock and the threads
     * @param settings the settings of the servlet
     */
    static WebSocketUpgrade of(
            ServletContext context, EventBridge bridge, HttpApi http, FlowScript flows, ServletSettings settings) {
        return new WebSocketUpgrade((ServerContainer) context.getAttribute(CONTAINER), bridge, http, flows, settings);
    }

    /** The response to a request that asks for no WebSocket, or not as it must; empty when it may be upgraded. */
    Optional<HttpResponse> refusal(HttpRequest request) {
        boolean isAsked = hasToken(request, "Upgrade", "websocket")
                && hasToken(request, "Connection", "upgrade")
                && request.values("Sec-WebSocket-Version").equals(List.of(VERSION));
        if (!isAsked) {
            return Optional.of(http.upgradeRequired());
        }
        return isKey(request.values("Sec-WebSocket-Key"))
                ? Optional.empty()
                : Optional.of(HttpResponse.problem(HttpServletResponse.SC_BAD_REQUEST, "The key is not well-formed"));
    }

    /** Upgrades a request that was admitted and not refused. */
    void upgrade(Admitted admitted, HttpServletRequest request, HttpServletResponse response)
            throws IOException, ServletException {
        ServerEndpointConfig config = ServerEndpointConfig.Builder.create(
                        WebSocketEndpoint.class, HttpApi.WEBSOCKET_PATH)
                .subprotocols(List.of(HttpApi.SUBPROTOCOL))
                .configurator(new Configurator(admitted))
                .build();
        try {
            container.upgradeHttpToWebSocket(request, response, config, Map.of());
        } catch (DeploymentException e) {
            throw new ServletException("The container refuses the WebSocket endpoint", e);
        }
    }

    private static boolean hasToken(HttpRequest request, String name, String token) {
        return request.values(name).stream()
                .flatMap(value -> Stream.of(value.split(",", -1)))
                .anyMatch(value -> value.strip().toLowerCase(Locale.ROOT).equals(token));
    }

    private static boolean isKey(List<String> keys) {
        try {
            return keys.size() == 1 && Base64.getDecoder().decode(keys.get(0)).length == KEY_BYTES;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    /** Decides about one upgrade; what it decides was decided for the request before. */
    private final class Configurator extends ServerEndpointConfig.Configurator {

        private final Admitted admitted;

        Configurator(Admitted admitted) {
            this.admitted = admitted;
        }

        @Override
        public boolean checkOrigin(String origin) {
            return true; // it was checked
        }

        @Override
        public String getNegotiatedSubprotocol(List<String> supported, List<String> requested) {
            return requested.contains(HttpApi.SUBPROTOCOL) ? HttpApi.SUBPROTOCOL : "";
        }

        @Override
        public List<Extension> getNegotiatedExtensions(List<Extension> installed, List<Extension> requested) {
            List<Extension> negotiated = new ArrayList<>();
            for (Extension wanted : requested) {
                if (compress && contains(installed, wanted) && !contains(negotiated, wanted)) {
                    negotiated.add(wanted);
                }
            }
            return negotiated;
        }

        private static boolean contains(List<Extension> extensions, Extension wanted) {
            return extensions.stream().anyMatch(each -> each.getName().equals(wanted.getName()));
        }

        @Override
        public <T> T getEndpointInstance(Class<T> type) {
            return type.cast(new WebSocketEndpoint(
                    socket -> new WebSocketChannel(socket, bridge, admitted, http, clock, threads, closingTime)));
        }
    }
}
