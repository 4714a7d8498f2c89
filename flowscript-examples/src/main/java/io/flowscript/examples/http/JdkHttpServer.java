package io.flowscript.examples.http;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.flowscript.core.FlowScriptException;
import io.flowscript.core.bridge.EventBridge;
import io.flowscript.core.bridge.Transport;
import io.flowscript.events.delivery.FlowScriptBridge;
import io.flowscript.http.HttpApi;
import io.flowscript.http.HttpResponse;
import io.flowscript.http.HttpSettings;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * REST and events on the JDK's own HTTP server, on the loopback address. That server writes with a thread that waits, so each answer has a thread while
 * it is written; a stream that is silent has none. That server does not tell when a client has gone: the next write tells, at the latest that of the
 * heartbeat. Until then a newer request of the same client takes the place of its oldest one. Safe for use by any thread.
 */
public final class JdkHttpServer implements Transport {

    private static final int CLOSING_SECONDS = 10;
    private static final int NOT_FOUND = 404;

    private final FlowScriptBridge rest;
    private final HttpSettings settings;
    private final int port;
    private final ExecutorService threads = Executors.newCachedThreadPool(task -> {
        Thread thread = new Thread(task, "jdk-http");
        thread.setDaemon(true);
        return thread;
    });
    private volatile @Nullable HttpApi api;
    private volatile @Nullable HttpServer server;

    /**
     * A server that does not listen yet.
     *
     * @param rest what is behind REST
     * @param settings those of the HTTP side
     * @param port 0 for a free one
     */
    public JdkHttpServer(FlowScriptBridge rest, HttpSettings settings, int port) {
        this.rest = rest;
        this.settings = settings;
        this.port = port;
    }

    @Override
    public void start(EventBridge bridge) {
        InetAddress host = InetAddress.getLoopbackAddress();
        HttpApi http = HttpApi.of(rest, bridge, settings.listeningOn(host.getHostAddress()));
        try {
            HttpServer listening = HttpServer.create(new InetSocketAddress(host, port), 0);
            listening.setExecutor(threads);
            listening.createContext("/", exchange -> handle(http, exchange));
            listening.start();
            api = http;
            server = listening;
        } catch (IOException e) {
            throw new FlowScriptException("server_not_started", "The server cannot listen on port " + port, e);
        }
    }

    private void handle(HttpApi http, HttpExchange request) {
        JdkExchange exchange = new JdkExchange(request, threads);
        exchange.carryOut(http.handle(exchange.head())
                .orElseGet(() -> HttpResponse.problem(NOT_FOUND, "There is nothing at this path")));
    }

    /** {@return the port that it listens on} */
    public int port() {
        HttpServer listening = server;
        if (listening == null) {
            throw new IllegalStateException("The server is not started");
        }
        return listening.getAddress().getPort();
    }

    /** {@return how many streams and polls are open} */
    public int clients() {
        HttpApi http = api;
        return http == null ? 0 : http.clients().size();
    }

    @Override
    public void close() {
        HttpApi http = api;
        HttpServer listening = server;
        if (http != null && listening != null) {
            http.clients()
                    .closeAll()
                    .completeOnTimeout(null, CLOSING_SECONDS, TimeUnit.SECONDS)
                    .join();
            listening.stop(0);
        }
        threads.shutdownNow();
    }
}
