package io.flowscript.http;

import io.flowscript.core.Identity;
import io.flowscript.core.bridge.ClientInfo;
import io.flowscript.core.bridge.ClientInfo.Framing;
import io.flowscript.core.bridge.EventBridge;
import io.flowscript.core.engine.FlowScript;
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
    private final Duration closingTime;

    EventsResource(
            FlowScript flows,
            Operations operations,
            EventBridge bridge,
            LiveClients clients,
            RequestQuota quota,
            Duration closingTime) {
        this.flows = flows;
        this.operations = operations;
        this.bridge = bridge;
        this.clients = clients;
        this.quota = quota;
        this.closingTime = closingTime;
    }

    /**
     * Answers a request.
     *
     * @param who the identity that asks
     * @param executionId the execution
     * @param request GET or HEAD
     * @param headers the header fields of the response
     * @return the response, or the exchange that delivers it
     * @throws Refusal when the request is refused
     * @throws OperationException when there is no such execution, or the identity may not see it
     */
    HttpResult answer(Identity who, String executionId, HttpRequest request, ResponseHeaders headers) {
        operations.execution(who, executionId);
        headers.add(HttpHeader.VARY, HttpHeader.ACCEPT);
        boolean stream = wantsStream(request);
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
                new ClientInfo(who, Framing.LINES),
                who.equals(Identity.ANONYMOUS) ? "@" + request.remoteAddress() : who.name(),
                query.subscribe(),
                headers,
                clients,
                quota,
                sink -> stream
                        ? new EventStream(flows, executionId, sink, headers, closingTime)
                        : new EventPoll(flows, query, sink, headers, closingTime));
    }

    private static HttpResponse pollHead(ResponseHeaders headers) {
        return HttpResponse.head(
                HttpStatus.OK_200,
                headers.put(HttpHeader.CONTENT_TYPE, HttpResponse.JSON).put(HttpHeader.CACHE_CONTROL, "no-store"));
    }

    /** Whether the client prefers server-sent events to JSON. */
    private static boolean wantsStream(HttpRequest request) {
        for (String type : AcceptedTypes.of(request.values(HttpHeader.ACCEPT))) {
            if (type.equals(EventStream.TYPE)) {
                return true;
            }
            if (type.equals(HttpResponse.JSON)) {
                return false;
            }
        }
        return false;
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
