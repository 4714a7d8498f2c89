package io.flowscript.http;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.flowscript.core.bridge.ClientChannel.SendCallback;
import io.flowscript.core.bridge.Login;
import io.flowscript.core.runtime.Edge;
import io.flowscript.core.workflow.WorkflowDefinition;
import io.flowscript.engine.FlowScript;
import io.flowscript.events.delivery.FlowScriptBridge;
import io.flowscript.events.links.AnswerLinks;
import io.flowscript.fuzz.Property;
import io.flowscript.json.codec.JsonReader;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;

class HttpFuzzTest {

    private static final int HEAD_LINES = 4;
    private static final JsonReader JSON = new JsonReader(64);
    private static final FlowScript FLOWS = FlowScript.builder()
            .node("done", context -> Edge.of("done"))
            .workflow(WorkflowDefinition.of(Map.of("id", "short", "nodes", List.of("done"))))
            .build();
    private static final FlowScriptBridge BRIDGE =
            FlowScriptBridge.builder(FLOWS).build();
    private static final HttpApi API = HttpApi.of(
            BRIDGE,
            BRIDGE,
            HttpSettings.builder()
                    .authenticator(request -> request.bearerToken().isEmpty()
                            ? Optional.of(Login.ANONYMOUS)
                            : request.bearerToken()
                                    .filter(name -> !name.isBlank() && name.length() <= 256)
                                    .map(Login::of))
                    .answerLinks(AnswerLinks.signedWith(new byte[32]))
                    .assets(WebAssets.of("page", Map.of("index.html", new byte[] {1})))
                    .stats()
                    .tickets(Duration.ofMinutes(1))
                    .allowedHosts("example.com")
                    .allowedOrigins("https://app.example.com")
                    .trustedProxies("127.0.0.1", "10.0.0.0/8", "2001:db8::/32")
                    .requestsPerSecond(Integer.MAX_VALUE)
                    .handshakesPerSecond(Integer.MAX_VALUE)
                    .failedLoginsPerSecond(Integer.MAX_VALUE)
                    .build());

    /** A method, a path, a query, a body, and header fields, one a line; the body is the fourth line. */
    @FuzzTest
    void request(byte[] input) {
        String[] lines = Property.parts(input, HEAD_LINES + 1);
        HttpRequest request = new HttpRequest(
                lines[0],
                lines[1],
                lines[2].isEmpty() ? null : lines[2],
                fields(lines[HEAD_LINES]),
                "example.com",
                "127.0.0.1",
                false,
                null);
        Property.holdsFor(() -> API.handle(request).ifPresent(result -> check(result, lines[3])));
        Property.holdsFor(() -> {
            if (API.admit(request) instanceof Admission.Refused refused) {
                check(refused.response());
            }
        });
    }

    /** X-Forwarded-For and X-Forwarded-Proto, one a line. */
    @FuzzTest
    void forwarded(byte[] input) {
        String[] lines = Property.parts(input, 2);
        HttpRequest request = new HttpRequest(
                "GET",
                "/health",
                null,
                Map.of("x-forwarded-for", List.of(lines[0]), "x-forwarded-proto", List.of(lines[1])),
                "example.com",
                "127.0.0.1",
                false,
                null);
        Property.holdsFor(() -> {
            HttpRequest seen = new TrustedProxies(List.of("127.0.0.1", "10.0.0.0/8", "::1")).seenThrough(request);
            if (IpAddress.parse(seen.remoteAddress()) == null) {
                throw new AssertionError(seen.remoteAddress() + " is no address");
            }
        });
    }

    /** A query, a cookie, a host and an origin, one a line. */
    @FuzzTest
    void texts(byte[] input) {
        String[] lines = Property.parts(input, 4);
        HttpRequest request = new HttpRequest(
                "GET",
                "/whoami",
                lines[0],
                Map.of("cookie", List.of(lines[1]), "origin", List.of(lines[3])),
                lines[2],
                "127.0.0.1",
                false,
                null);
        Property.holdsFor(() -> API.handle(request).ifPresent(result -> check(result, "")));
    }

    private static Map<String, List<String>> fields(String lines) {
        Map<String, List<String>> fields = new HashMap<>();
        for (String line : lines.split("\n", -1)) {
            int colon = line.indexOf(':');
            if (colon > 0) {
                fields.put(
                        line.substring(0, colon),
                        List.of(line.substring(colon + 1).strip()));
            }
        }
        return fields;
    }

    private static void check(HttpResult result, String body) {
        if (result instanceof BodyWanted wanted) {
            if (wanted.add(ByteBuffer.wrap(body.getBytes(StandardCharsets.UTF_8)))) {
                wanted.respond(HttpFuzzTest::check);
            } else {
                check(wanted.refusal());
            }
        } else if (result instanceof EventExchange exchange) {
            exchange.start(new Nowhere());
            exchange.closed();
        } else {
            check((HttpResponse) result);
        }
    }

    /** A response is one that HTTP can carry, and a refusal has a documented code. */
    private static void check(HttpResponse response) {
        int status = response.status();
        if (status < 200 || status > 599 || (status >= 500 && status != 503)) {
            throw new AssertionError("Status " + status);
        }
        response.headers()
                .forEach((name, values) -> values.forEach(value -> {
                    if (value.chars().anyMatch(c -> c < ' ' || c > '~')) {
                        throw new AssertionError(name + " has a character that no field may have");
                    }
                }));
        if (status >= 400 && response.body().hasRemaining()) {
            Object problem = JSON.read(response.body().duplicate());
            if (problem instanceof Map<?, ?> fields && fields.get("code") instanceof String code) {
                Property.checkCode(code);
            }
        }
    }

    /** Takes a response of events and drops it. */
    private static final class Nowhere implements EventSink {

        private final AtomicReference<HttpResponse> last = new AtomicReference<>();

        @Override
        public void respond(HttpResponse response) {
            last.set(response);
        }

        @Override
        public void start(HttpResponse head) {
            last.set(head);
        }

        @Override
        public void write(ByteBuffer bytes, SendCallback taken) {
            taken.sent();
        }

        @Override
        public void end() {}

        @Override
        public void abort(Throwable cause) {}
    }
}
