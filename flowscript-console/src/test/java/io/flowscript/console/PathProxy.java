package io.flowscript.console;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;

/** A proxy that has a server under a path of its own, and takes that path away before it asks the server. */
final class PathProxy implements AutoCloseable {

    private final HttpClient http = HttpClient.newHttpClient();
    private final HttpServer proxy;
    private final String path;
    private final URI server;

    PathProxy(String path, URI server) throws IOException {
        this.path = path;
        this.server = server;
        this.proxy = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        proxy.createContext(path + "/", this::pass);
        proxy.start();
    }

    URI uri() {
        return URI.create("http://localhost:" + proxy.getAddress().getPort());
    }

    private void pass(HttpExchange exchange) throws IOException {
        String rest = exchange.getRequestURI().toString().substring(path.length());
        try (exchange) {
            HttpResponse<byte[]> answer = http.send(
                    HttpRequest.newBuilder(server.resolve(rest))
                            .header("X-Forwarded-Prefix", path)
                            .build(),
                    BodyHandlers.ofByteArray());
            answer.headers()
                    .firstValue("Location")
                    .ifPresent(to -> exchange.getResponseHeaders().set("Location", to));
            exchange.sendResponseHeaders(answer.statusCode(), answer.body().length == 0 ? -1 : answer.body().length);
            try (OutputStream out = exchange.getResponseBody()) {
                out.write(answer.body());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        proxy.stop(0);
    }
}
