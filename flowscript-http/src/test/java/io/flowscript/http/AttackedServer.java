package io.flowscript.http;

import io.flowscript.core.bridge.AccessPolicy;
import io.flowscript.core.bridge.ClientChannel.SendCallback;
import io.flowscript.core.bridge.EventRedactor;
import io.flowscript.core.bridge.Login;
import io.flowscript.core.observe.FlowScriptObserver;
import io.flowscript.core.runtime.Edge;
import io.flowscript.core.runtime.Node;
import io.flowscript.core.runtime.Question;
import io.flowscript.core.testing.ManualClock;
import io.flowscript.core.workflow.Workflow;
import io.flowscript.engine.FlowScript;
import io.flowscript.events.delivery.FlowScriptBridge;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * An HTTP interface that attacks are tried on, without a socket. It has the workflow {@code ask}, which asks and waits, and knows a client by
 * its bearer token.
 */
final class AttackedServer implements AutoCloseable {

    static final String JSON = "Content-Type: application/json";

    final ManualClock clock = new ManualClock();

    /** The codes of the refusals that the observer was told of. */
    final List<String> refused = new CopyOnWriteArrayList<>();

    final FlowScript flows = FlowScript.builder()
            .clock(clock)
            .executor(Runnable::run)
            .engineExecutor(Runnable::run)
            .observer(new FlowScriptObserver() {
                @Override
                public void refused(String code) {
                    refused.add(code);
                }
            })
            .node(Node.named("ask").ask(context -> Question.open()).answered((context, answer) -> Edge.of("done")))
            .workflow(Workflow.named("ask").step("ask").build())
            .build();
    final FlowScriptBridge bridge;
    final HttpApi api;

    /** What the client gets: an answer at once. */
    record Reply(int status, Map<String, List<String>> headers, String body) {}

    AttackedServer(AccessPolicy policy, EventRedactor redactor, UnaryOperator<HttpSettings.Builder> settings) {
        bridge = FlowScriptBridge.builder(flows)
                .accessPolicy(policy)
                .redactor(redactor)
                .build();
        api = HttpApi.of(
                bridge,
                bridge,
                settings.apply(HttpSettings.builder()
                                .authenticator(request -> Optional.of(
                                        request.bearerToken().map(Login::of).orElse(Login.ANONYMOUS))))
                        .build());
    }

    AttackedServer(AccessPolicy policy, UnaryOperator<HttpSettings.Builder> settings) {
        this(policy, EventRedactor.NONE, settings);
    }

    AttackedServer(UnaryOperator<HttpSettings.Builder> settings) {
        this(AccessPolicy.EVERYONE, settings);
    }

    /** The head of a request to localhost, with header fields, each given as {@code name: value}. */
    static HttpRequest head(String method, String target, String... fields) {
        int query = target.indexOf('?');
        Map<String, List<String>> headers = new LinkedHashMap<>();
        Arrays.stream(fields)
                .map(field -> field.split(": ", 2))
                .forEach(field -> headers.merge(
                        field[0],
                        List.of(field[1]),
                        (one, more) ->
                                Stream.concat(one.stream(), more.stream()).toList()));
        return new HttpRequest(
                method,
                query < 0 ? target : target.substring(0, query),
                query < 0 ? null : target.substring(query + 1),
                headers,
                "localhost",
                "192.0.2.1",
                false,
                null);
    }

    static HttpRequest to(@Nullable String host, HttpRequest head) {
        return new HttpRequest(
                head.method(),
                head.path(),
                head.query(),
                head.headers(),
                host,
                head.remoteAddress(),
                head.secure(),
                null);
    }

    Reply get(String target, String... fields) {
        return send(head("GET", target, fields), "");
    }

    Reply post(String target, String body, String... fields) {
        return send(head("POST", target, fields), body);
    }

    Reply send(HttpRequest head, String body) {
        return send(head, body.getBytes(StandardCharsets.UTF_8));
    }

    /** Sends a request; status 0 when its path is not one of this interface. */
    Reply send(HttpRequest head, byte[] body) {
        return api.handle(head).map(result -> reply(result, body)).orElse(new Reply(0, Map.of(), ""));
    }

    /** The status of an upgrade to WebSocket. */
    int upgrade(HttpRequest head) {
        return api.admit(head) instanceof Admission.Refused refusal
                ? refusal.response().status()
                : 101;
    }

    private static Reply reply(HttpResult result, byte[] body) {
        if (result instanceof EventExchange exchange) {
            Beginning beginning = new Beginning();
            exchange.start(beginning);
            exchange.closed();
            return beginning.reply;
        }
        HttpResponse response = result instanceof BodyWanted wanted ? response(wanted, body) : (HttpResponse) result;
        return new Reply(
                response.status(),
                response.headers(),
                StandardCharsets.UTF_8.decode(response.body()).toString());
    }

    private static HttpResponse response(BodyWanted wanted, byte[] body) {
        if (!wanted.allowsLength(body.length) || !wanted.add(ByteBuffer.wrap(body))) {
            return wanted.refusal();
        }
        CompletableFuture<HttpResponse> sent = new CompletableFuture<>();
        wanted.respond(sent::complete);
        return sent.join();
    }

    /** Takes the beginning of a response; 200 while there is none, as for a poll that waits. */
    private static final class Beginning implements EventSink {

        private Reply reply = new Reply(200, Map.of(), "");

        @Override
        public void respond(HttpResponse response) {
            reply = AttackedServer.reply(response, new byte[0]);
        }

        @Override
        public void start(HttpResponse head) {
            respond(head);
        }

        @Override
        public void write(ByteBuffer bytes, SendCallback taken) {
            taken.sent();
        }

        @Override
        public void end() {
            // The head is enough.
        }

        @Override
        public void abort(Throwable cause) {
            throw new AssertionError(cause);
        }
    }

    /** Starts an execution that asks, in the name of the engine itself. */
    void start(String executionId) {
        flows.start("ask", Map.of(), executionId);
    }

    @Override
    public void close() {
        bridge.close();
        flows.close();
    }
}
