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
 * A Jetty server for the clients of an engine (protocol, sections 1 and 5). It serves WebSockets at {@code /ws}, and a
 * REST interface that also offers the events as server-sent events and by long poll. Safe for use by any thread.
 *
 * <pre>{@code
 * FlowScriptBridge bridge = FlowScriptBridge.builder(flows).build();
 * FlowScriptWebSocketServer server = FlowScriptWebSocketServer.builder(bridge).port(3013).start();
 * }</pre>
 *
 * <p>{@link Builder#start} starts a separate server. {@link Builder#handler} creates a handler for a Jetty server that
 * the application already has. Neither closes the engine or the bridge; the application must do that.
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
    private final int acceptQueue;
    private volatile @Nullable Server server;
    private volatile int localPort = -1;

    private FlowScriptWebSocketServer(Builder settings) {
        this.endpoints = settings.endpoints();
        this.host = settings.host;
        this.port = settings.port;
        this.tls = settings.tls;
        this.maxConnections = settings.maxConnections;
        this.acceptQueue = settings.acceptQueue;
    }

    /**
     * Returns a builder of a server. By default the server listens on the loopback address, at a free port.
     *
     * @param bridge the bridge that clients connect to; its operations carry out the REST requests
     * @return the builder
     */
    public static Builder builder(FlowScriptBridge bridge) {
        return new Builder(Objects.requireNonNull(bridge, "bridge"));
    }

    /**
     * Returns a builder of a server that serves only WebSockets, without REST. It works with every implementation of
     * {@link EventBridge}, which is given to {@link Builder#start(EventBridge)} or
     * {@link Builder#handler(EventBridge)}.
     *
     * @return the builder
     */
    public static Builder builder() {
        return new Builder(null);
    }

    /**
     * Starts the server. REST requests still go to the bridge that the server was built with.
     *
     * @param bridge the bridge that clients connect to: WebSockets, streams of events and long polls
     * @throws FlowScriptException with code {@code server_not_started} when the server cannot start, for example
     *     because the port is in use, or when it was started before;
     *     {@code invalid_setting} when the server is reachable from other machines and uses
     *     {@link io.flowscript.http.Authenticator#development}, which does not verify identities
     */
    @Override
    public void start(EventBridge bridge) {
        Server jetty = new Server(threads());
        ServerConnector listening = new ServerConnector(jetty, ACCEPTORS, SELECTORS, protocols());
        listening.setHost(host);
        listening.setPort(port);
        listening.setAcceptQueueSize(acceptQueue);
        jetty.addConnector(listening);
        jetty.addBean(new NetworkConnectionLimit(maxConnections, listening));
        RequestDeadline deadline = new RequestDeadline(endpoints.http().requestTimeout());
        deadline.setHandler(endpoints.handler(bridge, host));
        jetty.setHandler(deadline);
        listening.addBean(deadline, false); // it hears of the connections
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
     * Returns the port that the server listens on.
     *
     * @return the port; after the server is closed, the port that it had
     * @throws IllegalStateException when the server was not started yet
     */
    public int port() {
        int known = localPort;
        if (known < 0) {
            throw new IllegalStateException("The server is not started");
        }
        return known;
    }

    /**
     * Returns the address that the server listens on.
     *
     * @return the address, such as {@code http://localhost:3013}; WebSockets connect to the path {@code /ws}
     * @throws IllegalStateException when the server was not started yet
     */
    public URI uri() {
        String name = isLoopback() ? "localhost" : host.contains(":") ? "[" + host + "]" : host;
        return URI.create((tls == null ? "http" : "https") + "://" + name + ":" + port());
    }

    private boolean isLoopback() {
        InetAddress address = new InetSocketAddress(host, 0).getAddress();
        return address != null && address.isLoopbackAddress();
    }

    /** {@return the number of open WebSockets, streams of events and long polls} */
    int clients() {
        Server jetty = server;
        FlowScriptHandler handler = jetty == null ? null : jetty.getDescendant(FlowScriptHandler.class);
        return handler == null ? 0 : handler.clients();
    }

    /**
     * Closes the connection of every client with close code 1001 (going away), waits at most
     * a few seconds ({@link Builder#closingTime}) for them, and stops the server. Closing again has no effect.
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
        // The server has one certificate. The client checks whether it fits the host name.
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
     * What the server serves at its paths.
     *
     * @param rest the bridge that carries out REST requests; null for a server without REST
     * @param http the settings of the HTTP interface
     * @param compressFrom the smallest message that is compressed, in bytes; empty for no compression
     */
    private record Endpoints(@Nullable FlowScriptBridge rest, HttpSettings http, OptionalInt compressFrom) {

        FlowScriptHandler handler(EventBridge bridge, @Nullable String host) {
            HttpSettings settings = host == null ? http : http.listeningOn(host);
            HttpApi api = rest == null ? HttpApi.withoutRest(settings) : HttpApi.of(rest, bridge, settings);
            return new FlowScriptHandler(new WebSocketUpgrade(bridge, api, settings.closingTime(), compressFrom), api);
        }
    }

    /** Builds a server. Not safe for use by several threads. */
    public static final class Builder extends HttpSettingsBuilder<Builder> {

        private static final int MAX_PORT = 65_535;

        private final @Nullable FlowScriptBridge bridge;
        private int port;
        private String host = InetAddress.getLoopbackAddress().getHostAddress();
        private SslContextFactory.@Nullable Server tls;
        private OptionalInt compressFrom = OptionalInt.empty();
        private int maxConnections = 20_000;
        private int acceptQueue = 1_024;

        private Builder(@Nullable FlowScriptBridge bridge) {
            this.bridge = bridge;
        }

        /**
         * Sets the port to listen on.
         *
         * @param port from 0 to 65,535; 0, the default, selects a free port
         * @return this
         */
        public Builder port(int port) {
            check(port >= 0 && port <= MAX_PORT, "A port is 0 to 65535, this one is " + port);
            this.port = port;
            return this;
        }

        /**
         * Sets the address to listen on. The default is the loopback address, which only this machine can reach.
         *
         * @param host a host name or an address; {@code 0.0.0.0} for all addresses of the machine
         * @return this
         */
        public Builder host(String host) {
            this.host = Objects.requireNonNull(host, "host");
            return this;
        }

        /**
         * Enables TLS.
         *
         * @param context holds the key and the certificate
         * @return this
         */
        public Builder tls(SslContextFactory.Server context) {
            this.tls = Objects.requireNonNull(context, "context");
            return this;
        }

        /**
         * Enables compression of messages for clients that offer permessage-deflate (RFC 7692). It is off by default,
         * because it costs a copy and processor time for each client.
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
         * Sets how many connections of all kinds may be open at once. Further connections are accepted only when others
         * have ended. The bridge has its own limit of clients. This setting has no effect on a {@link #handler},
         * because the application's server accepts its connections.
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
         * Sets how many connections may wait to be accepted, as when many clients come back at once. The system drops further ones, and
         * their clients try again after a second or more. The system may have a lower limit, such as {@code net.core.somaxconn} on Linux.
         * This setting has no effect on a {@link #handler}.
         *
         * @param max from 1; 1,024 by default
         * @return this
         */
        public Builder acceptQueue(int max) {
            check(max >= 1, "At least 1 connection must be allowed to wait, not " + max);
            this.acceptQueue = max;
            return this;
        }

        /**
         * Creates a handler for the application's own Jetty server. It handles {@code /ws} and the paths of REST,
         * relative to its context path, and leaves all other paths to the handlers after it. The application sets port,
         * host, TLS and the number of connections.
         *
         * @return a new handler
         * @throws FlowScriptException with code {@code invalid_setting} when the builder has no bridge
         */
        public Handler handler() {
            return handler(bridge());
        }

        /**
         * Does the same with another bridge for the clients. A builder without a bridge needs this method.
         *
         * @param clients the bridge that clients connect to: WebSockets, streams of events and long polls
         * @return a new handler
         */
        public Handler handler(EventBridge clients) {
            return endpoints().handler(Objects.requireNonNull(clients, "clients"), null);
        }

        /**
         * Creates a server that does not listen yet. Start it with {@link FlowScriptWebSocketServer#start}, as any {@link Transport}.
         *
         * @return the server
         */
        public FlowScriptWebSocketServer build() {
            return new FlowScriptWebSocketServer(this);
        }

        /**
         * Creates a server and starts it.
         *
         * @return the started server
         * @throws FlowScriptException as {@link FlowScriptWebSocketServer#start}; also with code
         *     {@code invalid_setting} when the builder has no bridge
         */
        public FlowScriptWebSocketServer start() {
            return start(bridge());
        }

        /**
         * Does the same with another bridge for the clients. A builder without a bridge needs this method.
         *
         * @param clients the bridge that clients connect to: WebSockets, streams of events and long polls
         * @return the started server
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
