package io.flowscript.language.nodes;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
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
 * The one HTTP client of the process, created on first use. It never resolves a name: each request carries the addresses
 * that were checked, each connection is opened to one of them, and a connection is used again only for requests that carry
 * the same. It keeps no cookies, follows no redirects, decodes nothing and uses no proxy. Its few threads are daemons.
 */
final class PinnedClient {

    private static final int MAX_THREADS = 8;
    private static final int MAX_HEADERS_BYTES = 64 * 1024;
    private static final int MAX_CONNECTIONS_PER_HOST = 256;
    private static final int MAX_QUEUED_PER_HOST = 100_000;
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(30);
    private static final Duration IDLE_TIMEOUT = Duration.ofSeconds(30);

    private PinnedClient() {}

    /**
     * Begins a request.
     *
     * @param uri where it goes
     * @param addresses the addresses of its host, one of which is connected to
     * @return the request
     */
    static Request request(URI uri, List<InetAddress> addresses) {
        return Holder.CLIENT.newRequest(uri).tag(new Pinned(addresses));
    }

    /** The addresses that a request may go to. Equal ones share connections. */
    private record Pinned(List<InetAddress> addresses) {}

    private static void resolve(
            String host, int port, Map<String, Object> context, Promise<List<InetSocketAddress>> promise) {
        if (context.get(Destination.CONTEXT_KEY) instanceof Destination destination
                && destination.getOrigin().getTag() instanceof Pinned pinned) {
            promise.succeeded(pinned.addresses.stream()
                    .map(address -> new InetSocketAddress(address, port))
                    .toList());
        } else {
            promise.failed(new IllegalStateException("A connection to " + host + " has no checked address"));
        }
    }

    private static final class Holder {

        static final HttpClient CLIENT = start();

        private static HttpClient start() {
            QueuedThreadPool threads = new QueuedThreadPool(MAX_THREADS, 1);
            threads.setName("flowscript-http-request");
            threads.setDaemon(true);
            threads.setReservedThreads(0);
            ClientConnector connector = new ClientConnector();
            connector.setSelectors(1);
            connector.setExecutor(threads);
            connector.setConnectTimeout(CONNECT_TIMEOUT);
            connector.setIdleTimeout(IDLE_TIMEOUT);
            connector.setSslContextFactory(tls());
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

        private static SslContextFactory.Client tls() {
            try {
                SslContextFactory.Client tls = new SslContextFactory.Client();
                tls.setSslContext(SSLContext.getDefault());
                return tls;
            } catch (NoSuchAlgorithmException e) {
                throw new IllegalStateException("The JVM's default TLS settings cannot be used", e);
            }
        }
    }
}
