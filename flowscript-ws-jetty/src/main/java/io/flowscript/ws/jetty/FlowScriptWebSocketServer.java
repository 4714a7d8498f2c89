package io.flowscript.ws.jetty;

import io.flowscript.core.FlowScriptException;
import io.flowscript.core.bridge.EventBridge;
import io.flowscript.core.engine.FlowScript;
import io.flowscript.events.delivery.FlowScriptBridge;
import io.flowscript.events.links.AnswerLinks;
import io.flowscript.events.operations.Operations;
import java.net.InetAddress;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.stream.Stream;
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
 * long poll (protocol, sections 1 and 5). Safe for use by any
 * thread.
 *
 * <p>{@link Builder#start} makes a server of its own; {@link Builder#handler} makes a handler to be put into an application's own
 * Jetty server. Neither closes the engine or the bridge: they were made by the application.
 *
 * @since 0.1.0
 */
public final class FlowScriptWebSocketServer implements AutoCloseable {

    private static final System.Logger LOG = System.getLogger(FlowScriptWebSocketServer.class.getName());

    private final Server server;
    private final ServerConnector connector;
    private final boolean secure;

    private FlowScriptWebSocketServer(Server server, ServerConnector connector, boolean secure) {
        this.server = server;
        this.connector = connector;
        this.secure = secure;
    }

    /**
     * Begins to set a server up. Without more it listens on the loopback address, at a free port.
     *
     * @param flows the engine behind REST
     * @param bridge takes in the clients of the WebSocket
     * @return the builder
     */
    public static Builder builder(FlowScript flows, EventBridge bridge) {
        return new Builder(flows, bridge);
    }

    /** {@return the port that it listens on} */
    public int port() {
        return connector.getLocalPort();
    }

    /** {@return where it listens, such as {@code http://localhost:3013}; the WebSocket is at {@code /ws} below it} */
    public URI uri() {
        String host = connector.getHost();
        boolean local = host == null || HostPolicy.isLoopback(host);
        String name = local ? "localhost" : host.contains(":") ? "[" + host + "]" : host;
        return URI.create((secure ? "https" : "http") + "://" + name + ":" + port());
    }

    /** {@return how many WebSockets, streams and waiting polls are open} */
    int clients() {
        return server.getHandler() instanceof FlowScriptHandler handler ? handler.clients() : 0;
    }

    /**
     * Tells every client that the server is going away (1001), waits a few seconds for them at the most, and ends all that the server
     * started. Closing twice is harmless.
     */
    @Override
    public void close() {
        try {
            server.stop();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (Exception e) {
            throw new FlowScriptException("server_not_closed", "The server could not be closed as it should", e);
        }
    }

    /** Sets a server up. Not safe for use by several threads. */
    public static final class Builder {

        private static final int MAX_THREADS = 32;
        private static final int MIN_THREADS = 4;
        private static final int ACCEPTORS = 1;
        private static final int SELECTORS = 2;
        private static final int MAX_PORT = 65_535;

        private final FlowScript flows;
        private final EventBridge bridge;
        private int port;
        private String host = InetAddress.getLoopbackAddress().getHostAddress();
        private List<String> allowedOrigins = List.of();
        private List<String> allowedHosts = List.of();
        private @Nullable Authenticator authenticator;
        private @Nullable AnswerLinks answerLinks;
        private SslContextFactory.@Nullable Server tls;
        private OptionalInt compressFrom = OptionalInt.empty();
        private Duration closingTime = Duration.ofSeconds(5);
        private int maxBodyBytes = 1 << 20;
        private int requestsPerSecond = 100;
        private int maxConnections = 20_000;
        private int maxEventRequests = 10_000;
        private int maxEventRequestsPerClient = 100;

        private Builder(FlowScript flows, EventBridge bridge) {
            this.flows = Objects.requireNonNull(flows, "flows");
            this.bridge = Objects.requireNonNull(bridge, "bridge");
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
         * Web pages of other origins that may use this server. Pages that come from it always may.
         *
         * @param origins each a scheme, a host and perhaps a port, such as {@code https://app.example.com}
         * @return this
         */
        public Builder allowedOrigins(String... origins) {
            this.allowedOrigins = List.of(origins);
            return this;
        }

        /**
         * Names by which this server may be addressed, in the Host field, beside those of the loopback address ({@code localhost},
         * {@code 127.0.0.1}, {@code [::1]}) and the hosts of the {@link #allowedOrigins}; a request to another name is refused with 403. Without
         * any, this is checked only by a server that listens on the loopback address: otherwise a web page whose name is made to
         * lead to this machine (DNS rebinding) would pass as a page of this server. To be set behind a proxy that keeps the Host field.
         *
         * @param names each a name or an address, without a port
         * @return this
         */
        public Builder allowedHosts(String... names) {
            this.allowedHosts = List.of(names);
            return this;
        }

        /**
         * Who says who a client is. By default everybody is {@link io.flowscript.core.Identity#ANONYMOUS}.
         *
         * @param authenticator asked for each WebSocket and each REST request
         * @return this
         */
        public Builder authenticator(Authenticator authenticator) {
            this.authenticator = Objects.requireNonNull(authenticator, "authenticator");
            return this;
        }

        /**
         * Lets people see and answer questions by links, at {@code /links/}, without saying who they are: the link says it. The access policy is asked
         * whether the person of the link may do it. Without this there is nothing at that path.
         *
         * @param links opens the links
         * @return this
         */
        public Builder answerLinks(AnswerLinks links) {
            this.answerLinks = Objects.requireNonNull(links, "links");
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

        /** How long a client that is sent away may take to go before it is cut off; less than the server gives all of them. */
        Builder closingTime(Duration time) {
            this.closingTime = time;
            return this;
        }

        /**
         * The largest body of a REST request.
         *
         * @param bytes from 1; 1 MiB by default
         * @return this
         */
        public Builder maxBodyBytes(int bytes) {
            check(bytes >= 1, "A body may have 1 byte or more, not " + bytes);
            this.maxBodyBytes = bytes;
            return this;
        }

        /**
         * How many REST requests are taken from one address.
         *
         * @param perSecond in the long run, from 1; 100 by default. Twice as many are taken at once.
         * @return this
         */
        public Builder requestsPerSecond(int perSecond) {
            check(perSecond >= 1, "A rate is 1 per second or more, not " + perSecond);
            this.requestsPerSecond = perSecond;
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
         * How many requests for events may be open at once: streams of server-sent events, and long polls. One more is answered with 503. Each
         * counts as a connection of the bridge too.
         *
         * @param max from 0, which switches both off; 10,000 by default
         * @return this
         */
        public Builder maxEventRequests(int max) {
            check(max >= 0, "0 requests for events or more can be open, not " + max);
            this.maxEventRequests = max;
            return this;
        }

        /**
         * How many of these one client may have: one identity, or one address where nobody says who it is. One more is answered with 429.
         *
         * @param max from 1; 100 by default
         * @return this
         */
        public Builder maxEventRequestsPerClient(int max) {
            check(max >= 1, "A client may have 1 request for events or more, not " + max);
            this.maxEventRequestsPerClient = max;
            return this;
        }

        /**
         * Makes a handler for an application's own Jetty server. It answers for {@code /ws} and the paths of REST, below the context it
         * is put into, and leaves all others to the handlers after it. Port, host and TLS are the application's.
         *
         * @return a new handler
         */
        public Handler handler() {
            return handler(allowedHosts, operations());
        }

        /** Those of the bridge; a bridge of another make has none, so they are made for the server alone. */
        private Operations operations() {
            return bridge instanceof FlowScriptBridge ruled
                    ? ruled.operations()
                    : Operations.builder(flows).build();
        }

        private Handler handler(List<String> names, Operations operations) {
            LiveClients clients = new LiveClients();
            OriginPolicy origins = new OriginPolicy(allowedOrigins);
            HostPolicy hosts = names.isEmpty()
                    ? HostPolicy.any()
                    : HostPolicy.loopbackAnd(Stream.concat(names.stream(), origins.hosts().stream())
                            .toList());
            RequestGuard gate =
                    new RequestGuard(hosts, origins, authenticator == null ? Authenticator.ANONYMOUS : authenticator);
            RestHandler rest = new RestHandler(
                    new RestApi(operations, answerLinks),
                    new EventsResource(
                            flows,
                            operations,
                            bridge,
                            clients,
                            new RequestQuota(maxEventRequests, maxEventRequestsPerClient),
                            closingTime),
                    gate,
                    new RequestRate(flows.clock(), requestsPerSecond),
                    maxBodyBytes);
            return new FlowScriptHandler(
                    new WebSocketUpgrade(bridge, gate, clients, closingTime, compressFrom),
                    rest,
                    clients,
                    bridge instanceof FlowScriptBridge ? null : operations);
        }

        /**
         * Starts a server.
         *
         * @return the server, which takes clients in
         * @throws FlowScriptException with code {@code server_not_started} when it cannot, such as for a port that is taken; {@code invalid_setting} when it
         *     would believe others than those on this machine who they say they are ({@link Authenticator#development})
         */
        public FlowScriptWebSocketServer start() {
            Operations operations = operations();
            ExposureCheck.check(host, authenticator, operations);
            Server server = new Server(threads());
            ServerConnector connector = new ServerConnector(server, ACCEPTORS, SELECTORS, protocols());
            connector.setHost(host);
            connector.setPort(port);
            server.addConnector(connector);
            server.addBean(new NetworkConnectionLimit(maxConnections, connector));
            server.setHandler(handler(names(), operations));
            server.setErrorHandler(new ProblemErrorHandler());
            try {
                server.start();
            } catch (Exception e) {
                stopAfterFailure(server);
                throw new FlowScriptException(
                        "server_not_started",
                        "The server cannot listen on " + host + ":" + port + ": " + e.getMessage(),
                        e);
            }
            return new FlowScriptWebSocketServer(server, connector, tls != null);
        }

        private List<String> names() {
            return HostPolicy.isLoopback(host) || !allowedHosts.isEmpty()
                    ? Stream.concat(Stream.of(host), allowedHosts.stream()).toList()
                    : List.of();
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

        private static void check(boolean right, String message) {
            if (!right) {
                throw new FlowScriptException("invalid_setting", message);
            }
        }
    }
}
