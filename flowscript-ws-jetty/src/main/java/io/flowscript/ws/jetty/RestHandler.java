package io.flowscript.ws.jetty;

import io.flowscript.core.Identity;
import io.flowscript.core.bridge.CloseCode;
import io.flowscript.events.operations.OperationException;
import io.flowscript.events.operations.Sender;
import io.flowscript.json.codec.JsonReader;
import io.flowscript.json.protocol.ErrorCode;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpMethod;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.Promise;
import org.eclipse.jetty.util.thread.Invocable;
import org.jspecify.annotations.Nullable;

/**
 * HTTP around {@link RestApi}: who may ask, how often, from which pages, with what body; and what became of it as a status. No thread waits
 * for a body. Safe for use by any thread.
 */
final class RestHandler {

    private static final System.Logger LOG = System.getLogger(RestHandler.class.getName());
    private static final int MAX_JSON_DEPTH = 64;

    /** A body that is too large is read to its end, and dropped, up to so many times what a body may have. */
    private static final int DROPPED_BODIES = 16;

    private static final String PREFLIGHT_SECONDS = "600";

    private final RestApi api;
    private final EventsResource events;
    private final RequestGuard gate;
    private final RequestRate rate;
    private final int maxBodyBytes;
    private final JsonReader json = new JsonReader(MAX_JSON_DEPTH);

    RestHandler(RestApi api, EventsResource events, RequestGuard gate, RequestRate rate, int maxBodyBytes) {
        this.api = api;
        this.events = events;
        this.gate = gate;
        this.rate = rate;
        this.maxBodyBytes = maxBodyBytes;
    }

    /**
     * Answers a request.
     *
     * @param request the request
     * @param response its answer
     * @param callback completes with the answer
     * @return false when its path is none of REST's, and nothing was done
     * @throws Refusal when it is not carried out
     */
    boolean handle(Request request, Response response, Callback callback) {
        Optional<Route> found = Route.of(rawPathOf(request)).filter(api::has);
        if (found.isEmpty()) {
            return false;
        }
        Route route = found.get();
        if (!rate.take(Request.getRemoteAddr(request))) {
            throw new Refusal(Problem.of(ErrorCode.RATE_LIMITED, "Too many requests in too short a time")
                    .header(HttpHeader.RETRY_AFTER, "1"));
        }
        allowPage(request, response);
        gate.checkPage(request);
        if (HttpMethod.OPTIONS.is(request.getMethod())) {
            answerOptions(route, response, callback);
            return true;
        }
        Route.Target target = route.target(request.getMethod())
                .orElseThrow(() -> new Refusal(
                        Problem.of(HttpStatus.METHOD_NOT_ALLOWED_405, "Here are these methods: " + route.allowed())
                                .header(HttpHeader.ALLOW, route.allowed())));
        // A link says by itself who has it, and whether the server lives is told to everybody.
        boolean nobody = target.isByLink() || target == Route.Target.HEALTH;
        Identity who = nobody ? Identity.ANONYMOUS : gate.identify(request, response);
        if (target == Route.Target.EVENTS) {
            events.handle(who, route.ids().get(0), request, response, callback);
        } else if (target.changes()) {
            checkJson(request);
            if (request.getLength() > maxBodyBytes) {
                refuseBody(request, response, callback);
                return true;
            }
            readBody(
                    request,
                    body -> respond(response, callback, () -> api.answer(target, change(route, who, request, body))),
                    problem -> problem.send(response, callback));
        } else {
            respond(response, callback, () -> api.answer(target, look(route, who, request)));
        }
        return true;
    }

    private static RestRequest look(Route route, Identity who, Request request) {
        return new RestRequest(sender(who, request), route.ids(), RequestGuard.queryOf(request), Map.of(), null);
    }

    private RestRequest change(Route route, Identity who, Request request, byte[] body) {
        return new RestRequest(sender(who, request), route.ids(), Map.of(), object(body), idempotencyKey(request));
    }

    /** Somebody whom nobody knows is whoever asks from the same address. */
    private static Sender sender(Identity who, Request request) {
        return new Sender(who, Request.getRemoteAddr(request));
    }

    /** Carries a request out and says what became of it; nothing that goes wrong is shown to the client but what was meant for it. */
    private static void respond(Response response, Callback callback, Supplier<RestResponse> work) {
        RestResponse answer;
        try {
            answer = work.get();
        } catch (Refusal refused) {
            refused.problem().send(response, callback);
            return;
        } catch (RuntimeException e) {
            OperationException refused = OperationException.of(e);
            if (refused.errorCode() == ErrorCode.INTERNAL) {
                LOG.log(System.Logger.Level.ERROR, "A request failed", refused);
            }
            Problem.of(refused).send(response, callback);
            return;
        }
        ResponseWriter.json(response, answer, callback);
    }

    /** Only JSON, which a form of a foreign page cannot send without being asked for leave. */
    private static void checkJson(Request request) {
        String type = request.getHeaders().get(HttpHeader.CONTENT_TYPE);
        String[] parts =
                type == null ? new String[] {""} : type.toLowerCase(Locale.ROOT).split(";", -1);
        boolean right = parts[0].strip().equals(ResponseWriter.JSON);
        for (int i = 1; i < parts.length; i++) {
            String parameter = parts[i].replace("\"", "").strip();
            right &= !parameter.startsWith("charset=") || parameter.equals("charset=utf-8");
        }
        if (!right) {
            throw new Refusal(Problem.of(
                    HttpStatus.UNSUPPORTED_MEDIA_TYPE_415, "Send JSON in UTF-8, as Content-Type: application/json"));
        }
    }

    /** Jetty closes the connection of one that waits for leave to send the body; of others it is read and dropped. */
    private void refuseBody(Request request, Response response, Callback callback) {
        BodyDiscarder rest = new BodyDiscarder(request, DROPPED_BODIES * (long) maxBodyBytes, callback);
        tooLarge().send(response, Callback.from(rest, callback::failed));
    }

    private void readBody(Request request, Consumer<byte[]> taken, Consumer<Problem> refused) {
        Promise.Invocable<byte[]> read = Promise.Invocable.from(
                Invocable.InvocationType.BLOCKING, taken, cause -> refused.accept(unread(request, cause)));
        Content.Source.asByteArrayAsync(request, maxBodyBytes, read);
    }

    /** Why a body was not read to its end. */
    private Problem unread(Request request, Throwable cause) {
        if (cause instanceof IllegalStateException) {
            return tooLarge();
        }
        return ProblemErrorHandler.isStopping(request)
                ? EventsChannel.problemOf(CloseCode.GOING_AWAY)
                : Problem.of(ErrorCode.INVALID_MESSAGE, "The body could not be read");
    }

    private Problem tooLarge() {
        return Problem.of(ErrorCode.MESSAGE_TOO_LARGE, "A body may have " + maxBodyBytes + " bytes at the most");
    }

    private Map<String, @Nullable Object> object(byte[] body) {
        if (body.length == 0) {
            return Map.of();
        }
        if (json.read(ByteBuffer.wrap(body)) instanceof Map<?, ?> fields) {
            @SuppressWarnings("unchecked") // a JSON object has strings for keys
            Map<String, @Nullable Object> object = (Map<String, @Nullable Object>) fields;
            return object;
        }
        throw new Refusal(Problem.of(ErrorCode.INVALID_MESSAGE, "The body is to be a JSON object"));
    }

    private static @Nullable String idempotencyKey(Request request) {
        List<String> keys = request.getHeaders().getValuesList("Idempotency-Key");
        if (keys.size() > 1) {
            throw new Refusal(Problem.of(ErrorCode.INVALID_MESSAGE, "There is more than one Idempotency-Key"));
        }
        return keys.isEmpty() ? null : keys.get(0);
    }

    /** A page of a listed origin may read the answer, and may send cookies along. */
    private void allowPage(Request request, Response response) {
        if (gate.sourceOf(request) == OriginPolicy.Source.LISTED) {
            response.getHeaders()
                    .put(
                            HttpHeader.ACCESS_CONTROL_ALLOW_ORIGIN,
                            request.getHeaders().get(HttpHeader.ORIGIN));
            response.getHeaders().put(HttpHeader.ACCESS_CONTROL_ALLOW_CREDENTIALS, "true");
            response.getHeaders().put(HttpHeader.ACCESS_CONTROL_EXPOSE_HEADERS, "Location, Retry-After");
        }
        response.getHeaders().put(HttpHeader.VARY, "Origin");
    }

    private static void answerOptions(Route route, Response response, Callback callback) {
        response.getHeaders().put(HttpHeader.ALLOW, route.allowed());
        if (response.getHeaders().contains(HttpHeader.ACCESS_CONTROL_ALLOW_ORIGIN)) {
            response.getHeaders().put(HttpHeader.ACCESS_CONTROL_ALLOW_METHODS, route.allowed());
            response.getHeaders()
                    .put(
                            HttpHeader.ACCESS_CONTROL_ALLOW_HEADERS,
                            "Authorization, Content-Type, Idempotency-Key, Last-Event-ID");
            response.getHeaders().put(HttpHeader.ACCESS_CONTROL_MAX_AGE, PREFLIGHT_SECONDS);
        }
        ResponseWriter.nothing(response, callback);
    }

    /** The path as it was sent, so that an id that holds an escaped slash stays one id. */
    private static String rawPathOf(Request request) {
        String context = Objects.requireNonNullElse(Request.getContextPath(request), "");
        String path = Objects.requireNonNullElse(request.getHttpURI().getCanonicalPath(), "");
        return context.length() > 1 && path.startsWith(context) ? path.substring(context.length()) : path;
    }
}
