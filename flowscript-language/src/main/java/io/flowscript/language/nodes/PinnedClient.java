package io.flowscript.language.nodes;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import javax.net.ssl.SSLContext;
import org.eclipse.jetty.client.Destination;
import org.eclipse.jetty.client.HttpClient;
import org.eclipse.jetty.client.ProxyAuthenticationProtocolHandler;
import org.eclipse.jetty.client.Request;
import org.eclipse.jetty.client.WWWAuthenticationProtocolHandler;
import org.eclipse.jetty.client.transport.HttpClientTransportOverHTTP;
import org.eclipse.jetty.http.HttpCookieStore;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.ClientConnector;
import org.eclipse.jetty.util.Promise;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.eclipse.jetty.util.thread.QueuedThreadPool;

/**
 * An HTTP client. Nodes share the one of the process, created on first use. It never resolves a name: each request carries
 * the addresses that were checked, each connection is opened to one of them, and a connection is used again only for
 * requests that carry the same. A server's certificate must name the host of the URL, not the address. The client keeps no
 * cookies, follows no redirects, decodes nothing and uses no proxy. Its few threads are daemons.
 */
final class PinnedClient {

    private static final int MAX_THREADS = 8;
    private static final int MAX_HEADERS_BYTES = 64 * 1024;
    private static final int MAX_CONNECTIONS_PER_HOST = 256;
    private static final int MAX_QUEUED_PER_HOST = 100_000;
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(30);
    private static final Duration IDLE_TIMEOUT = Duration.ofSeconds(30);

    private final HttpClient client;

    /**
     * Starts a client.
     *
     * @param tls says which certificates are trusted
     */
    PinnedClient(SSLContext tls) {
        client = start(tls);
    }

    /** Returns the client of the process, which trusts what the JVM trusts. */
    static PinnedClient shared() {
        return Holder.CLIENT;
    }

    /**
     * Begins a request.
     *
     * @param uri where it goes
     * @param addresses the addresses of its host, one of which is connected to
     * @return the request
     */
    Request request(URI uri, List<InetAddress> addresses) {
        return client.newRequest(uri).tag(new Pinned(addresses));
    }

    /** The addresses that a request may go to. Equal ones share connections. */
    private record Pinned(List<InetAddress> addresses) {}

    private static void resolve(
            String host, int port, Map<String, Object> context, Promise<List<InetSocketAddress>> promise) {
        if (context.get(Destination.CONTEXT_KEY) instanceof Destination destination
                && destination.getOrigin().getTag() instanceof Pinned pinned) {
            List<InetSocketAddress> checked = new ArrayList<>();
            try {
                for (InetAddress address : pinned.addresses) {
                    checked.add(new InetSocketAddress(named(host, address), port));
                }
            } catch (UnknownHostException e) {
                promise.failed(e);
                return;
            }
            promise.succeeded(checked);
        } else {
            promise.failed(new IllegalStateException("A connection to " + host + " has no checked address"));
        }
    }

    /** Jetty holds a certificate against the name that the address carries, so the address gets the host of the URL. */
    private static InetAddress named(String host, InetAddress address) throws UnknownHostException {
        return address instanceof Inet6Address inside && inside.getScopeId() != 0
                ? Inet6Address.getByAddress(host, inside.getAddress(), inside.getScopeId())
                : InetAddress.getByAddress(host, address.getAddress());
    }

    /** Stops the client and closes its connections. */
    void stop() throws Exception {
        client.stop();
    }

    private static HttpClient start(SSLContext tls) {
        QueuedThreadPool threads = new QueuedThreadPool(MAX_THREADS, 1);
        threads.setName("flowscript-http-request");
        threads.setDaemon(true);
        threads.setReservedThreads(0);
        SslContextFactory.Client certificates = new SslContextFactory.Client();
        certificates.setSslContext(tls);
        ClientConnector connector = new ClientConnector();
        connector.setSelectors(1);
        connector.setExecutor(threads);
        connector.setConnectTimeout(CONNECT_TIMEOUT);
        connector.setIdleTimeout(IDLE_TIMEOUT);
        connector.setSslContextFactory(certificates);
        HttpClient client = new HttpClient(new HttpClientTransportOverHTTP(connector));
        client.setSocketAddressResolver(PinnedClient::resolve);
        client.setHttpCookieStore(new HttpCookieStore.Empty());
        client.setFollowRedirects(false);
        client.setUserAgentField(new HttpField(HttpHeader.USER_AGENT, "FlowScript"));
        client.setDefaultRequestContentType(null);
        client.setMaxRequestHeadersSize(MAX_HEADERS_BYTES);
        client.setMaxResponseHeadersSize(MAX_HEADERS_BYTES);
        client.setMaxConnectionsPerDestination(MAX_CONNECTIONS_PER_HOST);
        client.setMaxRequestsQueuedPerDestination(MAX_QUEUED_PER_HOST);
        client.setDestinationIdleTimeout(2 * IDLE_TIMEOUT.toMillis());
        try {
            client.start();
        } catch (Exception e) {
            throw new IllegalStateException("The HTTP client cannot be started", e);
        }
        client.getContentDecoderFactories().clear();
        client.getProtocolHandlers().remove(WWWAuthenticationProtocolHandler.NAME);
        client.getProtocolHandlers().remove(ProxyAuthenticationProtocolHandler.NAME);
        return client;
    }

    private static final class Holder {

        static final PinnedClient CLIENT = new PinnedClient(trustOfTheJvm());

        private static SSLContext trustOfTheJvm() {
            try {
                return SSLContext.getDefault();
            } catch (NoSuchAlgorithmException e) {
                throw new IllegalStateException("The JVM's default TLS settings cannot be used", e);
            }
        }
    }
}
