package io.flowscript.examples.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.Test;

/** What a client of the JDK's server receives of a response that goes another way than usual. */
final class JdkExchangeTest {

    @Test
    void aStreamThatEndsBeforeItsFirstWriteHasAHead() throws Exception {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", request -> {
            JdkExchange exchange = new JdkExchange(request, Runnable::run);
            exchange.start(io.flowscript.http.HttpResponse.problem(503, "closing"));
            exchange.end();
        });
        server.start();
        try {
            HttpResponse<String> response = HttpClient.newHttpClient()
                    .send(
                            HttpRequest.newBuilder(URI.create("http://localhost:"
                                            + server.getAddress().getPort()))
                                    .build(),
                            HttpResponse.BodyHandlers.ofString());
            assertThat(response.statusCode()).isEqualTo(503);
        } finally {
            server.stop(0);
        }
    }
}
