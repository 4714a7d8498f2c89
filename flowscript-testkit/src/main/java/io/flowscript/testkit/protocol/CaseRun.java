package io.flowscript.testkit.protocol;

import io.flowscript.core.FlowScriptException;
import io.flowscript.testkit.protocol.ProtocolDocument.Sender;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * One run of one case against a server. At the end it checks that no connected client has received an unexpected
 * message, and cancels the executions that the case started.
 */
final class CaseRun {

    /** The variables that have a value from the start: an id that differs in each run, and the server's address. */
    static final Set<String> GIVEN = Set.of("run", "server");

    private static final int RUN_LENGTH = 12;
    private static final Pattern EXECUTION_ID = Pattern.compile("[A-Za-z0-9._:-]+");
    private static final Pattern EXECUTE = Pattern.compile("/workflows/[^/]+/execute");

    private final ProtocolCase given;
    private final HttpClient http;
    private final Duration patience;
    private final Duration answerTime;
    private final Traffic traffic;
    private final RestClient rest;
    private final Variables variables = new Variables();
    private final Map<String, Peer> peers = new LinkedHashMap<>();
    private final Map<Peer, SentMessages> outboxes = new LinkedHashMap<>();
    private final Set<String> begun = new LinkedHashSet<>();
    private int fences;

    CaseRun(ProtocolCase given, URI server, HttpClient http, Duration patience, Traffic traffic) {
        this.given = given;
        this.http = http;
        this.patience = patience;
        this.traffic = traffic;
        this.answerTime =
                patience.compareTo(ProtocolCases.DEFAULT_PATIENCE) > 0 ? patience : ProtocolCases.DEFAULT_PATIENCE;
        this.rest = new RestClient(server, http, answerTime, variables);
        variables.put("run", "case-" + UUID.randomUUID().toString().substring(0, RUN_LENGTH));
        variables.put("server", server.toString());
    }

    /** Runs all steps. */
    void run() throws InterruptedException {
        String at = "";
        String on = "";
        try {
            int number = 0;
            for (Step step : given.steps()) {
                at = "step " + ++number + ", " + step.getClass().getSimpleName().toLowerCase(Locale.ROOT);
                on = step.on();
                perform(step);
            }
            at = "in the end";
            for (Map.Entry<String, Peer> open : peers.entrySet()) {
                on = open.getKey();
                if (open.getValue() instanceof SocketPeer socket) {
                    quiet(socket, List.of());
                }
            }
            for (SentMessages outbox : outboxes.values()) {
                check(outbox.disagreement());
            }
        } catch (AssertionError | FlowScriptException e) {
            Peer peer = peers.get(on);
            throw new AssertionError(
                    "\"" + given.name() + "\" (" + given.file() + ", about \"" + given.section() + "\"), " + at
                            + ", client \"" + on + "\": " + e.getMessage() + (peer == null ? "" : "\n" + peer.story()),
                    e.getCause());
        } finally {
            outboxes.keySet().forEach(Peer::cut);
            for (String executionId : begun) {
                rest.end(executionId);
            }
        }
    }

    private void perform(Step step) throws InterruptedException {
        if (step instanceof Step.Connect connect) {
            connect(connect);
        } else if (step instanceof Step.Stream stream) {
            add(
                    stream.on(),
                    new StreamPeer(
                            http,
                            rest.request(stream.request())
                                    .header("Accept", StreamPeer.TYPE)
                                    .build(),
                            stream.skip()));
        } else if (step instanceof Step.Send send) {
            send(send);
        } else if (step instanceof Step.Expect expect) {
            for (Map<String, @Nullable Object> pattern : expect.patterns()) {
                expect(peer(expect.on()), pattern, expect.skip());
            }
        } else if (step instanceof Step.Quiet quiet) {
            quiet(socket(quiet.on()), quiet.skip());
        } else if (step instanceof Step.Close close) {
            socket(close.on()).close(close.code(), answerTime);
            peers.remove(close.on());
        } else if (step instanceof Step.Cut cut) {
            peer(cut.on()).cut();
            peers.remove(cut.on());
        } else if (step instanceof Step.Closed closed) {
            closed(closed);
        } else if (step instanceof Step.Http call) {
            call(call);
        }
    }

    private void connect(Step.Connect step) throws InterruptedException {
        Map<String, String> headers = rest.headers(step.request());
        SocketPeer.Handshake came = SocketPeer.connect(http, rest.socket(step.request()), headers, step, answerTime);
        int wanted = step.refused() == null ? SocketPeer.UPGRADED : step.refused();
        SocketPeer peer = came.peer();
        if (peer != null) {
            add(step.on(), peer);
        }
        if (came.status() != wanted) {
            throw new AssertionError("the upgrade was answered with " + came.status() + "; expected: " + wanted);
        }
        if (peer != null) {
            expect(peer, Map.of("type", "connected", "data", step.connected()), List.of());
        }
    }

    private void add(String name, Peer peer) {
        peers.put(name, peer);
        outboxes.put(peer, new SentMessages(traffic));
    }

    private void send(Step.Send step) {
        SocketPeer peer = socket(step.on());
        List<String> fragments = rest.texts(step.parts());
        String text = String.join("", fragments);
        for (int i = 0; i < step.times(); i++) {
            if (step.form() != Step.Send.Form.BINARY) {
                outbox(peer).sent(text, step.fits());
            }
            peer.send(fragments, step.form());
        }
        step.parts().stream()
                .map(Step.Part::content)
                .filter(content -> content instanceof Map<?, ?> message && "execute".equals(message.get("type")))
                .forEach(
                        message -> begins(JsonTexts.object(message, "a message").get("data")));
    }

    private void begins(@Nullable Object data) {
        if (data instanceof Map<?, ?> fields
                && fields.get("executionId") instanceof String id
                && EXECUTION_ID.matcher(variables.fill(id)).matches()) {
            begun.add(variables.fill(id));
        }
    }

    private void expect(Peer peer, Map<String, @Nullable Object> pattern, List<String> skip)
            throws InterruptedException {
        String wanted = "; expected: " + JsonTexts.json(variables.fill((Object) pattern));
        ReceivedMessage arrival = next(peer, skip);
        if (!(arrival instanceof ReceivedMessage.Message message)) {
            throw new AssertionError(came(arrival) + wanted);
        }
        String mismatch = JsonPattern.mismatch(pattern, message.json(), variables);
        check(mismatch == null ? null : mismatch + "\n  in " + message + wanted);
    }

    private void quiet(SocketPeer peer, List<String> skip) throws InterruptedException {
        String id = "quiet-" + ++fences;
        peer.send(List.of("{\"type\":\"ping\",\"data\":{},\"id\":\"" + id + "\"}"), Step.Send.Form.TEXT);
        ReceivedMessage arrival = next(peer, skip);
        boolean isPong = arrival instanceof ReceivedMessage.Message message
                && JsonPattern.mismatch(Map.of("type", "pong", "replyTo", id), message.json(), variables) == null;
        check(isPong ? null : "nothing more was expected than the pong to a ping; " + came(arrival));
    }

    private void closed(Step.Closed step) throws InterruptedException {
        ReceivedMessage arrival = next(peer(step.on()), step.skip());
        Integer code = step.code();
        boolean fits = arrival instanceof ReceivedMessage.Closed closed
                && (code == null ? closed.code() == null : code.equals(closed.code()));
        String wanted = code == null ? "the end of the stream" : "a close with " + code;
        check(fits ? null : came(arrival) + "; expected: " + wanted);
        peers.remove(step.on());
    }

    private void call(Step.Http step) throws InterruptedException {
        List<Step.Part> body = step.body();
        if (body != null && EXECUTE.matcher(step.request().path()).matches()) {
            begins(body.get(0).content());
        }
        HttpResponse<String> answer = rest.call(step);
        String problem = rest.problem(step, answer);
        String came = answer.statusCode() + " " + answer.headers().map() + " " + answer.body();
        check(problem == null ? null : problem + "\n  it was answered with " + came);
        if (step.hasBody()
                && JsonTexts.read(answer.body()) instanceof Map<?, ?> fields
                && fields.get("events") instanceof List<?> events) {
            events.forEach(this::hold);
        }
    }

    /** Returns the next message that is not skipped; skipped messages are checked against their schemas too. */
    private @Nullable ReceivedMessage next(Peer peer, List<String> skip) throws InterruptedException {
        long end = System.nanoTime() + patience.toNanos();
        while (true) {
            ReceivedMessage arrival = peer.take(end);
            if (!(arrival instanceof ReceivedMessage.Message message)) {
                return arrival;
            }
            Object told = peer instanceof StreamPeer ? data(message) : message.json();
            hold(told);
            outbox(peer).told(told);
            Object type = JsonTexts.object(told, "a message").get("type");
            if (!skip.contains(type) && !peer.skip().contains(type)) {
                return arrival;
            }
        }
    }

    /** Returns the message of a stream event. A stream names the message's type twice; both must be equal. */
    private Object data(ReceivedMessage.Message message) {
        Map<String, @Nullable Object> fields = JsonTexts.object(message.json(), "a message of a stream");
        Map<String, @Nullable Object> data = JsonTexts.object(fields.get("data"), "the data of a stream");
        check(
                String.valueOf(data.get("type")).equals(fields.get("event"))
                        ? null
                        : "the event and the type of its data differ: " + message);
        return data;
    }

    private void hold(@Nullable Object message) {
        List<String> problems = traffic.document().problems(Sender.SERVER, message);
        check(
                problems.isEmpty()
                        ? null
                        : "a message breaks its schema: " + problems + "\n  in " + JsonTexts.json(message));
        traffic.saw(Sender.SERVER, message);
    }

    private String came(@Nullable ReceivedMessage arrival) {
        return arrival == null ? "nothing came within " + patience : "there came " + arrival;
    }

    private static void check(@Nullable String problem) {
        if (problem != null) {
            throw new AssertionError(problem);
        }
    }

    private SentMessages outbox(Peer peer) {
        return outboxes.computeIfAbsent(peer, who -> new SentMessages(traffic));
    }

    private Peer peer(String name) {
        Peer peer = peers.get(name);
        if (peer == null) {
            throw new AssertionError("the client is no longer connected");
        }
        return peer;
    }

    private SocketPeer socket(String name) {
        if (peer(name) instanceof SocketPeer socket) {
            return socket;
        }
        throw new AssertionError("the client is a stream, which can only receive");
    }
}
