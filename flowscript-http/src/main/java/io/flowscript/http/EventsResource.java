package io.flowscript.http;

import io.flowscript.core.Identity;
import io.flowscript.core.bridge.ClientInfo;
import io.flowscript.core.bridge.ClientInfo.Framing;
import io.flowscript.core.bridge.EventBridge;
import io.flowscript.core.bridge.Login;
import io.flowscript.engine.Execution;
import io.flowscript.engine.FlowScript;
import io.flowscript.events.operations.OperationException;
import io.flowscript.events.operations.Operations;
import io.flowscript.json.protocol.ErrorCode;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The events of an execution over plain HTTP (protocol, section 5): as server-sent events for clients that accept them,
 * otherwise by long poll. Each such request is a client of the bridge like a WebSocket, with one subscription. No
 * thread is blocked. Safe for use by any thread.
 */
final class EventsResource {

    private final FlowScript flows;
    private final Operations operations;
    private final EventBridge bridge;
    private final LiveClients clients;
    private final RequestQuota quota;
    private final HttpSettings settings;

    EventsResource(
            FlowScript flows, Operations operations, EventBridge bridge, LiveClients clients, HttpSettings settings) {
        this.flows = flows;
        this.operations = operations;
        this.bridge = bridge;
        this.clients = clients;
        this.quota = settings.quota();
        this.settings = settings;
    }

    /**
     * Answers a request.
     *
     * @param login who asks
     * @param executionId the execution
     * @param request GET or HEAD
     * @param headers the header fields of the response
     * @return the response, or the exchange that delivers it
     * @throws Refusal when the request is refused
     * @throws OperationException when there is no such execution, or the identity may not see it
     */
    HttpResult answer(Login login, String executionId, HttpRequest request, ResponseHeaders headers) {
        Identity who = login.identity();
        Execution execution = operations.execution(who, executionId);
        headers.add(HttpHeader.VARY, HttpHeader.ACCEPT);
        boolean stream = EventStream.isWanted(request);
        Duration closingTime = settings.closingTime();
        EventsQuery query =
                EventsQuery.of(executionId, QueryString.parse(request.query()), stream ? lastEventIdOf(request) : null);
        if (clients.isClosing()) {
            throw new Refusal(Problem.closing());
        }
        if (request.method().equals("HEAD")) {
            return stream ? EventStream.head(headers) : pollHead(headers);
        }
        return new EventExchange(
                bridge,
                new ClientInfo(login, request.network(), Framing.LINES, ClientInfo.Renewal.NONE),
                settings.client(who, request.network()),
                query.subscribe(),
                clients,
                quota,
                problem -> refusal(problem, request, headers),
                sink -> stream
                        ? new EventStream(flows, execution, sink, headers, closingTime)
                        : new EventPoll(flows, execution, query, sink, headers, closingTime));
    }

    private static HttpResponse pollHead(ResponseHeaders headers) {
        return HttpResponse.head(
                HttpStatus.OK_200,
                headers.put(HttpHeader.CONTENT_TYPE, HttpResponse.JSON).put(HttpHeader.CACHE_CONTROL, "no-store"));
    }

    /**
     * The response to a request that is refused.
     *
     * @param problem why
     * @param request a request for events
     * @param headers the header fields of the response
     * @return for a stream that may be tried again, a stream that says so, since an EventSource gives up for good upon
     *     any other status than 200
     */
    HttpResponse refusal(Problem problem, HttpRequest request, ResponseHeaders headers) {
        boolean comesBack = problem.retryAfter() != null && request.method().equals("GET");
        return comesBack && EventStream.isWanted(request)
                ? EventStream.refusal(problem, headers, flows.clock())
                : problem.response(headers);
    }

    private static @Nullable String lastEventIdOf(HttpRequest request) {
        List<String> given = request.values(HttpHeader.LAST_EVENT_ID);
        if (given.size() > 1) {
            throw new Refusal(
                    Problem.of(ErrorCode.INVALID_MESSAGE, "There is more than one " + HttpHeader.LAST_EVENT_ID));
        }
        return given.isEmpty() || given.get(0).isEmpty() ? null : given.get(0);
    }
}
