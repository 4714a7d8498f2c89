package io.flowscript.ws.jetty;

import io.flowscript.core.FlowScriptException;
import io.flowscript.core.bridge.EventBridge;
import io.flowscript.core.bridge.Transport;
import io.flowscript.events.delivery.FlowScriptBridge;
import io.flowscript.http.HttpApi;
import io.flowscript.http.HttpSettings;
import io.flowscript.http.HttpSettingsBuilder;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.Objects;
import java.util.OptionalInt;
import org.eclipse.jetty.server.AbstractConnectionFactory;
import org.eclipse.jetty.server.ConnectionFactory;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.NetworkConnectionLimit;
import org.eclipse.jetty.server.SecureRequestCustomizer;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.VirtualThreads;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.jspecify.annotations.Nullable;

/**
 * Serves an engine to clients: its events over WebSocket at {@code /ws}, and REST beside it, with the same events as server-sent events and by
 * long poll (protocol, sections 1 and 5). Safe for use by any thread.
 *
 * <pre>{@code
 * FlowScriptBridge bridge = FlowScriptBridge.builder(flows).build();
 * FlowScriptWebSocketServer server = FlowScriptWebSocketServer.builder(bridge).port(3013).start();
 * }</pre>
 *
 * <p>{@link Builder#start} starts a server of its own; {@link Builder#handler} makes a handler to be put into an application's own
 * Jetty server. Neither closes the engine or the bridge: they were made by the application.
 *
 * @since 0.1.0
 */
public final class FlowScriptWebSocketServer implements Transport {

    private static final System.Logger LOG = System.getLogger(FlowScriptWebSocketServer.class.getName());

    private static final int MAX_THREADS = 32;
    private static final int MIN_THREADS = 4;
    private static final int ACCEPTORS = 1;
    private static final int SELECTORS = 2;

    private final Endpoints endpoints;
    private final String host;
    private final int port;
    private final SslContextFactory.@Nullable Server tls;
    private final int maxConnections;
    private volatile @Nullable Server server;
    private volatile int localPort = -1;

    private FlowScriptWebSocketServer(Builder settings) {
        this.endpoints = settings.endpoints();
        this.host = settings.host;
        this.port = settings.port;
        this.tls = settings.tls;
        this.maxConnections = settings.maxConnections;
    }

    /**
     * Begins to set a server up. Without more it listens on the loopback address, at a free port.
     *
     * @param bridge takes in the clients, and says what is behind REST
     * @return the builder
     */
    public static Builder builder(FlowScriptBridge bridge) {
        return new Builder(Objects.requireNonNull(bridge, "bridge"));
    }

    /**
     * Begins to set a server up that has no REST, but WebSockets alone, for a bridge of any make.
     *
     * @return the builder
     */
    public static Builder builder() {
        return new Builder(null);
    }

    /**
     * Starts it. REST stays that of the bridge which it was built with.
     *
     * @param bridge takes in the clients: WebSockets, streams and polls
     * @throws FlowScriptException with code {@code server_not_started} when it cannot, such as for a port that is taken, or when it was started before;
     *     {@code invalid_setting} when it would believe others than those on this machine who they say they are
     *     ({@link io.flowscript.http.Authenticator#development})
     */
    @Override
    public void start(EventBridge bridge) {
        Server jetty = new Server(threads());
        ServerConnector listening = new ServerConnector(jetty, ACCEPTORS, SELECTORS, protocols());
        listening.setHost(host);
        listening.setPort(port);
        jetty.addConnector(listening);
        jetty.addBean(new NetworkConnectionLimit(maxConnections, listening));
        jetty.setHandler(endpoints.handler(bridge, host));
        jetty.setErrorHandler(new ProblemErrorHandler());
        synchronized (endpoints) {
            if (server != null) {
                throw new FlowScriptException("server_not_started", "A server is started once; build another one");
            }
            server = jetty;
        }
        try {
            jetty.start();
        } catch (Exception e) {
            stopAfterFailure(jetty);
            throw new FlowScriptException(
                    "server_not_started",
                    "The server cannot listen on " + host + ":" + port + ": " + e.getMessage(),
                    e);
        }
        localPort = listening.getLocalPort();
    }

    /**
     * The port that it listens on.
     *
     * @return the port; once it is closed, the one that it had
     * @throws IllegalStateException before it was started
     */
    public int port() {
        int known = localPort;
        if (known < 0) {
            throw new IllegalStateException("The server is not started");
        }
        return known;
    }

    /**
     * Where it listens.
     *
     * @return such as {@code http://localhost:3013}; the WebSocket is at {@code /ws} below it
     * @throws IllegalStateException before it was started
     */
    public URI uri() {
        String name = isLoopback() ? "localhost" : host.contains(":") ? "[" + host + "]" : host;
        return URI.create((tls == null ? "http" : "https") + "://" + name + ":" + port());
    }

    private boolean isLoopback() {
        InetAddress address = new InetSocketAddress(host, 0).getAddress();
        return address != null && address.isLoopbackAddress();
    }

    /** {@return how many WebSockets, streams and waiting polls are open} */
    int clients() {
        Server jetty = server;
        return jetty != null && jetty.getHandler() instanceof FlowScriptHandler handler ? handler.clients() : 0;
    }

    /**
     * Tells every client that the server is going away (1001), waits a few seconds for them at the most, and ends all that the server
     * started. Closing twice is harmless.
     */
    @Override
    public void close() {
        Server jetty = server;
        if (jetty == null) {
            return;
        }
        try {
            jetty.stop();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (Exception e) {
            throw new FlowScriptException("server_not_closed", "The server could not be closed as it should", e);
        }
    }

    private ConnectionFactory[] protocols() {
        HttpConfiguration http = new HttpConfiguration();
        http.setSendServerVersion(false);
        if (tls == null) {
            return new ConnectionFactory[] {new HttpConnectionFactory(http)};
        }
        // One server, one certificate: which name the client had in mind is for the client to check.
        http.addCustomizer(new SecureRequestCustomizer(false));
        return AbstractConnectionFactory.getFactories(tls, new HttpConnectionFactory(http));
    }

    private static QueuedThreadPool threads() {
        QueuedThreadPool threads = new QueuedThreadPool(MAX_THREADS, MIN_THREADS);
        threads.setName("flowscript-http");
        threads.setReservedThreads(0);
        threads.setDaemon(true);
        if (VirtualThreads.areSupported()) {
            threads.setVirtualThreadsExecutor(
                    VirtualThreads.getNamedVirtualThreadsExecutor("flowscript-http-virtual-"));
        }
        return threads;
    }

    private static void stopAfterFailure(Server server) {
        try {
            server.stop();
        } catch (Exception e) {
            LOG.log(System.Logger.Level.DEBUG, "A server that did not start did not stop either", e);
        }
    }

    /**
     * What a server answers at its paths.
     *
     * @param rest the bridge behind REST; null for WebSockets alone
     * @param http the settings of the HTTP side
     * @param compressFrom the smallest message that is compressed, in bytes; empty for no compression
     */
    private record Endpoints(@Nullable FlowScriptBridge rest, HttpSettings http, OptionalInt compressFrom) {

        FlowScriptHandler handler(EventBridge bridge, @Nullable String host) {
            HttpSettings settings = host == null ? http : http.listeningOn(host);
            HttpApi api = rest == null ? HttpApi.withoutRest(settings) : HttpApi.of(rest, bridge, settings);
            return new FlowScriptHandler(new WebSocketUpgrade(bridge, api, settings.closingTime(), compressFrom), api);
        }
    }

    /** Sets a server up. Not safe for use by several threads. */
    public static final class Builder extends HttpSettingsBuilder<Builder> {

        private static final int MAX_PORT = 65_535;

        private final @Nullable FlowScriptBridge bridge;
        private int port;
        private String host = InetAddress.getLoopbackAddress().getHostAddress();
        private SslContextFactory.@Nullable Server tls;
        private OptionalInt compressFrom = OptionalInt.empty();
        private int maxConnections = 20_000;

        private Builder(@Nullable FlowScriptBridge bridge) {
            this.bridge = bridge;
        }

        /**
         * Where to listen.
         *
         * @param port 0 to 65,535; 0, the default, takes a free one
         * @return this
         */
        public Builder port(int port) {
            check(port >= 0 && port <= MAX_PORT, "A port is 0 to 65535, this one is " + port);
            this.port = port;
            return this;
        }

        /**
         * The address to listen on. By default that is the loopback address, which nobody else can reach.
         *
         * @param host a name or an address; {@code 0.0.0.0} for every one that the machine has
         * @return this
         */
        public Builder host(String host) {
            this.host = Objects.requireNonNull(host, "host");
            return this;
        }

        /**
         * Speaks TLS.
         *
         * @param context holds the key and the certificate
         * @return this
         */
        public Builder tls(SslContextFactory.Server context) {
            this.tls = Objects.requireNonNull(context, "context");
            return this;
        }

        /**
         * Compresses messages for clients that offer permessage-deflate (RFC 7692). Off by default: it takes a copy and processor time
         * for each client.
         *
         * @param fromBytes the smallest message that is compressed, in bytes, from 1
         * @return this
         */
        public Builder compress(int fromBytes) {
            check(fromBytes >= 1, "The smallest message to be compressed has 1 byte or more, not " + fromBytes);
            this.compressFrom = OptionalInt.of(fromBytes);
            return this;
        }

        /**
         * How many connections of any kind may be open at once. More are not accepted before others end; the bridge has its own limit
         * for WebSockets. Not for a {@link #handler}, whose connections are the application's.
         *
         * @param max from 1; 20,000 by default
         * @return this
         */
        public Builder maxConnections(int max) {
            check(max >= 1, "At least 1 connection must be allowed, not " + max);
            this.maxConnections = max;
            return this;
        }

        /**
         * Makes a handler for an application's own Jetty server. It answers for {@code /ws} and the paths of REST, below the context it
         * is put into, and leaves all others to the handlers after it. Port, host, TLS and the number of connections are the application's.
         *
         * @return a new handler
         * @throws FlowScriptException with code {@code invalid_setting} when the builder has no bridge
         */
        public Handler handler() {
            return handler(bridge());
        }

        /**
         * The same with another bridge for its clients, or for a builder that has none.
         *
         * @param clients takes in the clients: WebSockets, streams and polls
         * @return a new handler
         */
        public Handler handler(EventBridge clients) {
            return endpoints().handler(Objects.requireNonNull(clients, "clients"), null);
        }

        /**
         * Makes a server that is to be started with {@link FlowScriptWebSocketServer#start}, as any transport.
         *
         * @return the server, which does not listen yet
         */
        public FlowScriptWebSocketServer build() {
            return new FlowScriptWebSocketServer(this);
        }

        /**
         * Makes a server and starts it.
         *
         * @return the server, which takes clients in
         * @throws FlowScriptException as {@link FlowScriptWebSocketServer#start}; with code {@code invalid_setting} too when the builder has no bridge
         */
        public FlowScriptWebSocketServer start() {
            return start(bridge());
        }

        /**
         * The same with another bridge for its clients, or for a builder that has none.
         *
         * @param clients takes in the clients: WebSockets, streams and polls
         * @return the server, which takes clients in
         * @throws FlowScriptException as {@link FlowScriptWebSocketServer#start}
         */
        public FlowScriptWebSocketServer start(EventBridge clients) {
            FlowScriptWebSocketServer server = build();
            server.start(clients);
            return server;
        }

        private FlowScriptBridge bridge() {
            if (bridge == null) {
                throw new FlowScriptException(
                        "invalid_setting", "This builder has no bridge; give one to start or handler");
            }
            return bridge;
        }

        private Endpoints endpoints() {
            return new Endpoints(bridge, settings(), compressFrom);
        }

        @Override
        protected Builder self() {
            return this;
        }

        private static void check(boolean right, String message) {
            if (!right) {
                throw new FlowScriptException("invalid_setting", message);
            }
        }
    }
}
