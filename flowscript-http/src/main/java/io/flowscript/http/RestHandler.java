package io.flowscript.http;

import io.flowscript.core.Identity;
import io.flowscript.core.bridge.EventBridge;
import io.flowscript.core.bridge.Login;
import io.flowscript.core.concurrent.Guard;
import io.flowscript.core.observe.FlowScriptObserver;
import io.flowscript.core.observe.FlowScriptTracer;
import io.flowscript.core.observe.FlowScriptTracer.Scope;
import io.flowscript.core.runtime.EngineClock;
import io.flowscript.engine.FlowScript;
import io.flowscript.events.delivery.FlowScriptBridge;
import io.flowscript.events.operations.OperationException;
import io.flowscript.events.operations.Operations;
import io.flowscript.events.operations.Sender;
import io.flowscript.json.codec.JsonReader;
import io.flowscript.json.codec.JsonWriter;
import io.flowscript.json.protocol.ErrorCode;
import io.flowscript.json.protocol.ResourceView;
import io.flowscript.json.protocol.TraceParent;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The HTTP side of {@link RestApi}: checks the sender, the rate, the origin and the body of a request, and converts
 * results and errors to responses. No thread is blocked while a body is read. Safe for use by any thread.
 */
final class RestHandler {

    private static final System.Logger LOG = System.getLogger(RestHandler.class.getName());
    private static final int MAX_JSON_DEPTH = 64;

    private static final String PREFLIGHT_SECONDS = "600";

    private final RestApi api;
    private final EventsResource events;
    private final @Nullable MetricsResource metrics;
    private final AssetsResource assets;
    private final Optional<ConsoleEntrance> console;
    private final RequestGuard guard;
    private final RequestRate rate;
    private final int maxBodyBytes;
    private final Duration requestTimeout;
    private final EngineClock clock;
    private final InboundMemory inbound;
    private final LiveClients clients;
    private final FlowScriptObserver observer;

    /** Carries out what changes something: at once, or on threads that may block when that waits for a store. */
    private final FlowScriptTracer tracer;

    private final Executor executor;

    private final JsonReader json = new JsonReader(MAX_JSON_DEPTH);

    private RestHandler(
            RestApi api,
            EventsResource events,
            @Nullable MetricsResource metrics,
            AssetsResource assets,
            Optional<ConsoleEntrance> console,
            RequestGuard guard,
            RequestRate rate,
            int maxBodyBytes,
            Duration requestTimeout,
            EngineClock clock,
            InboundMemory inbound,
            LiveClients clients,
            FlowScriptObserver observer,
            FlowScriptTracer tracer,
            Executor executor) {
        this.api = api;
        this.events = events;
        this.metrics = metrics;
        this.assets = assets;
        this.console = console;
        this.guard = guard;
        this.rate = rate;
        this.maxBodyBytes = maxBodyBytes;
        this.requestTimeout = requestTimeout;
        this.clock = clock;
        this.inbound = inbound;
        this.clients = clients;
        this.observer = observer;
        this.tracer = tracer;
        this.executor = executor;
    }

    static RestHandler of(
            FlowScriptBridge bridge,
            EventBridge events,
            HttpSettings settings,
            RequestGuard guard,
            InboundMemory inbound,
            LiveClients clients) {
        FlowScript flows = bridge.flows();
        Operations operations = bridge.operations();
        Supplier<String> scrape = settings.metrics();
        return new RestHandler(
                new RestApi(
                        flows,
                        operations,
                        settings.answerLinks(),
                        settings.stats() ? new StatsResource(bridge, clients) : null,
                        scrape != null,
                        settings.ticketTime() != null,
                        settings.isDevelopment()),
                new EventsResource(flows, operations, events, clients, settings),
                scrape == null ? null : new MetricsResource(operations, flows.clock(), scrape),
                new AssetsResource(settings.assets()),
                settings.console(),
                guard,
                new RequestRate(flows.clock()::nanoTime, settings.requestsPerSecond()),
                settings.maxBodyBytes(),
                settings.requestTimeout(),
                flows.clock(),
                inbound,
                clients,
                flows.observer(),
                flows.tracer(),
                flows.isDurable() ? flows.listenerExecutor() : Runnable::run);
    }

    /** Handles a request; empty when its path belongs neither to REST nor to the assets. */
    Optional<HttpResult> handle(HttpRequest request) {
        Optional<WebAssets> files = assets.at(request.path());
        if (files.isPresent()) {
            return files.map(found -> open(request, headers -> assets.answer(found, request, headers)));
        }
        Optional<String> entrance = console.flatMap(entering -> entering.target(request));
        return entrance.isPresent()
                ? entrance.map(target -> open(request, headers -> sendOn(target, headers)))
                : call(request);
    }

    private static HttpResult sendOn(String target, ResponseHeaders headers) {
        headers.put(HttpHeader.LOCATION, target).put(HttpHeader.CACHE_CONTROL, "no-store");
        return HttpResponse.head(HttpStatus.FOUND_302, headers);
    }

    /**
     * Answers a request that everybody may make. It is not counted in the rate: a page has many files, which are held in memory, so that an
     * answer costs little more than a refusal.
     */
    private HttpResult open(HttpRequest request, Function<ResponseHeaders, HttpResult> answer) {
        ResponseHeaders headers = new ResponseHeaders();
        try {
            checkPage(request, headers);
            return answer.apply(headers);
        } catch (Throwable e) {
            return problemOf(e).response(headers);
        }
    }

    private Optional<HttpResult> call(HttpRequest request) {
        return Route.of(request.path()).filter(api::has).map(route -> {
            ResponseHeaders headers = new ResponseHeaders();
            try {
                return handle(route, request, headers);
            } catch (Throwable e) {
                Problem problem = problemOf(e);
                boolean forEvents = route.target(request.method())
                        .filter(target -> target == Route.Target.EVENTS)
                        .isPresent();
                return forEvents ? events.refusal(problem, request, headers) : problem.response(headers);
            }
        });
    }

    /** Refuses a request that comes too soon. */
    private void checkRate(HttpRequest request) {
        if (!rate.take(request.network())) {
            throw new Refusal(Problem.of(ErrorCode.RATE_LIMITED, "Too many requests in too short a time")
                    .header(HttpHeader.RETRY_AFTER, "1"));
        }
    }

    /** Refuses a request from a page that may not speak to this server. */
    private void checkPage(HttpRequest request, ResponseHeaders headers) {
        allowPage(request, headers);
        guard.checkPage(request);
    }

    private HttpResult handle(Route route, HttpRequest request, ResponseHeaders headers) {
        checkRate(request);
        checkPage(request, headers);
        if (request.method().equals("OPTIONS")) {
            return options(route, headers);
        }
        Route.Target target = route.target(request.method())
                .orElseThrow(() -> new Refusal(
                        Problem.of(HttpStatus.METHOD_NOT_ALLOWED_405, "Here are these methods: " + route.allowed())
                                .header(HttpHeader.ALLOW, route.allowed())));
        if (target == Route.Target.TICKETS) {
            return ticket(guard.ticket(request, headers), headers);
        }
        // A link identifies its person, and the health check is open to everybody.
        boolean nobody = target.isByLink() || target == Route.Target.HEALTH;
        Login login = nobody ? Login.ANONYMOUS : guard.identify(request, headers);
        Identity who = login.identity();
        if (target == Route.Target.EVENTS) {
            return events.answer(login, route.ids().get(0), request, headers);
        }
        if (target == Route.Target.METRICS) {
            return Objects.requireNonNull(metrics).show(who, headers);
        }
        if (!target.changes()) {
            return carryOut(target, () -> look(route, who, request), headers);
        }
        if (request.first(HttpHeader.CONTENT_TYPE) != null) {
            checkJson(request);
        }
        String caller = caller(request);
        return new BodyWanted(
                maxBodyBytes,
                new BodyTime(clock::nanoTime, requestTimeout),
                inbound,
                body -> traced(caller, () -> carryOut(target, () -> change(route, who, request, body), headers)),
                fault -> refused(problemOf(fault)).response(headers),
                () -> refused(unreadable()).response(headers),
                executor);
    }

    private static HttpResponse ticket(Tickets.Ticket ticket, ResponseHeaders headers) {
        headers.put(HttpHeader.CACHE_CONTROL, "no-store");
        byte[] body = JsonWriter.write(
                RestResponse.fields("ticket", ticket.text(), "expiresAt", ResourceView.time(ticket.expiresAt())));
        return HttpResponse.json(HttpStatus.OK_200, headers, body);
    }

    /**
     * {@return the context of the span of who sends a request} What traces the requests of the server knows it, or else the request says it.
     * Null for none.
     */
    private @Nullable String caller(HttpRequest request) {
        if (tracer == FlowScriptTracer.NONE) {
            return null;
        }
        String current = tracer.current();
        return current == null ? TraceParent.of(request.first(HttpHeader.TRACEPARENT)) : current;
    }

    /** Does work that a request asks for, on the thread that may do it. */
    private HttpResponse traced(@Nullable String caller, Supplier<HttpResponse> work) {
        Scope scope = caller == null ? Scope.NONE : tracer.enter(caller);
        try {
            return work.get();
        } finally {
            scope.close();
        }
    }

    private HttpResponse carryOut(Route.Target target, Supplier<RestRequest> call, ResponseHeaders headers) {
        try {
            RestResponse answer = api.answer(target, call.get());
            return answer.status() == RestResponse.NOTHING.status()
                    ? HttpResponse.head(answer.status(), headers)
                    : HttpResponse.json(answer.status(), headers, answer.body());
        } catch (Throwable e) {
            return problemOf(e).response(headers);
        }
    }

    /** Converts an exception to a problem. Only messages that are written for clients are shown. */
    private Problem problemOf(Throwable e) {
        if (e instanceof Refusal refusal) {
            return refused(refusal.problem());
        }
        if (e instanceof OperationException known) {
            return problemOf(known); // the operations have reported it to the observer
        }
        return refused(problemOf(OperationException.of(e)));
    }

    private static Problem problemOf(OperationException refused) {
        if (refused.errorCode() == ErrorCode.INTERNAL) {
            Guard.report(refused, shown -> LOG.log(System.Logger.Level.ERROR, "A request failed", shown));
        }
        return Problem.of(refused);
    }

    /** Reports a refusal of the HTTP side itself. */
    private Problem refused(Problem problem) {
        return problem.reportedTo(observer);
    }

    private static RestRequest look(Route route, Identity who, HttpRequest request) {
        return new RestRequest(sender(who, request), route.ids(), QueryString.parse(request.query()), Map.of(), null);
    }

    private RestRequest change(Route route, Identity who, HttpRequest request, ByteBuffer body) {
        if (body.hasRemaining()) {
            checkJson(request);
        }
        return new RestRequest(sender(who, request), route.ids(), Map.of(), object(body), idempotencyKey(request));
    }

    /** The sender of a request. Anonymous senders are distinguished by their address. */
    private static Sender sender(Identity who, HttpRequest request) {
        return new Sender(who, request.remoteAddress(), request.network());
    }

    /**
     * Accepts only JSON, which a form on a foreign page cannot send without a CORS preflight. A request without a body
     * needs no type.
     */
    private static void checkJson(HttpRequest request) {
        String type = request.first(HttpHeader.CONTENT_TYPE);
        String[] parts =
                type == null ? new String[] {""} : type.toLowerCase(Locale.ROOT).split(";", -1);
        boolean right = parts[0].strip().equals(HttpResponse.JSON);
        for (int i = 1; i < parts.length; i++) {
            String parameter = parts[i].replace("\"", "").strip();
            right &= !parameter.startsWith("charset=") || parameter.equals("charset=utf-8");
        }
        if (!right) {
            throw new Refusal(Problem.of(
                    HttpStatus.UNSUPPORTED_MEDIA_TYPE_415, "Send JSON in UTF-8, as Content-Type: application/json"));
        }
    }

    /** The problem of a body that could not be read. If the server is closing, it says that the client may try again. */
    private Problem unreadable() {
        return clients.isClosing()
                ? Problem.closing()
                : Problem.of(ErrorCode.INVALID_MESSAGE, "The body could not be read");
    }

    private Problem problemOf(BodyWanted.Fault fault) {
        return switch (fault) {
            case TOO_LARGE -> tooLarge();
            case TOO_SLOW -> tooSlow();
            case NO_MEMORY -> memoryIsShort();
        };
    }

    private Problem tooSlow() {
        return Problem.of(
                HttpStatus.REQUEST_TIMEOUT_408,
                "A body may take " + requestTimeout.toMillis() + " ms at the most; send it faster, or less of it");
    }

    private static Problem memoryIsShort() {
        return Problem.of(
                ErrorCode.MEMORY_LIMIT,
                "The server has too little memory for a body of this size now; try again later");
    }

    private Problem tooLarge() {
        return Problem.of(ErrorCode.MESSAGE_TOO_LARGE, "A body may have " + maxBodyBytes + " bytes at the most");
    }

    private Map<String, @Nullable Object> object(ByteBuffer body) {
        if (!body.hasRemaining()) {
            return Map.of();
        }
        if (json.read(body) instanceof Map<?, ?> fields) {
            @SuppressWarnings("unchecked") // the keys of a JSON object are strings
            Map<String, @Nullable Object> object = (Map<String, @Nullable Object>) fields;
            return object;
        }
        throw new Refusal(Problem.of(ErrorCode.INVALID_MESSAGE, "The body is to be a JSON object"));
    }

    private static @Nullable String idempotencyKey(HttpRequest request) {
        List<String> keys = request.values(HttpHeader.IDEMPOTENCY_KEY);
        if (keys.size() > 1) {
            throw new Refusal(Problem.of(ErrorCode.INVALID_MESSAGE, "There is more than one Idempotency-Key"));
        }
        return keys.isEmpty() ? null : keys.get(0);
    }

    /** Allows a page of a listed origin to read the response and to send cookies. */
    private void allowPage(HttpRequest request, ResponseHeaders headers) {
        String origin = request.first(HttpHeader.ORIGIN);
        if (origin != null && guard.sourceOf(request) == OriginPolicy.Source.LISTED) {
            headers.put(HttpHeader.ACCESS_CONTROL_ALLOW_ORIGIN, origin)
                    .put(HttpHeader.ACCESS_CONTROL_ALLOW_CREDENTIALS, "true")
                    .put(HttpHeader.ACCESS_CONTROL_EXPOSE_HEADERS, "Location, Retry-After");
        }
        headers.put(HttpHeader.VARY, HttpHeader.ORIGIN);
    }

    private static HttpResponse options(Route route, ResponseHeaders headers) {
        headers.put(HttpHeader.ALLOW, route.allowed());
        if (headers.contains(HttpHeader.ACCESS_CONTROL_ALLOW_ORIGIN)) {
            headers.put(HttpHeader.ACCESS_CONTROL_ALLOW_METHODS, route.allowed())
                    .put(
                            HttpHeader.ACCESS_CONTROL_ALLOW_HEADERS,
                            "Authorization, Content-Type, Idempotency-Key, Last-Event-ID")
                    .put(HttpHeader.ACCESS_CONTROL_MAX_AGE, PREFLIGHT_SECONDS);
        }
        return HttpResponse.head(HttpStatus.NO_CONTENT_204, headers);
    }
}
