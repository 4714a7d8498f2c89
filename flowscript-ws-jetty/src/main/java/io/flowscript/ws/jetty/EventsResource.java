package io.flowscript.ws.jetty;

import io.flowscript.core.FlowScriptException;
import io.flowscript.core.Identity;
import io.flowscript.core.bridge.ClientInfo;
import io.flowscript.core.bridge.ClientInfo.Framing;
import io.flowscript.core.bridge.CloseCode;
import io.flowscript.core.bridge.EventBridge;
import io.flowscript.core.engine.FlowScript;
import io.flowscript.events.operations.OperationException;
import io.flowscript.events.operations.Operations;
import io.flowscript.json.protocol.ErrorCode;
import java.time.Duration;
import java.util.List;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpMethod;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.thread.Scheduler;
import org.jspecify.annotations.Nullable;

/**
 * The events of an execution for those who have no WebSocket (protocol, section 5): as a long poll, or as server-sent events for those who accept
 * them. Each such request is a client of the bridge like a WebSocket, with one subscription. No thread waits. Safe for use by any thread.
 */
final class EventsResource {

    private static final String LAST_EVENT_ID = "Last-Event-ID";

    private final FlowScript flows;
    private final Operations operations;
    private final EventBridge bridge;
    private final LiveClients clients;
    private final RequestQuota seats;
    private final Duration closingTime;

    EventsResource(
            FlowScript flows,
            Operations operations,
            EventBridge bridge,
            LiveClients clients,
            RequestQuota seats,
            Duration closingTime) {
        this.flows = flows;
        this.operations = operations;
        this.bridge = bridge;
        this.clients = clients;
        this.seats = seats;
        this.closingTime = closingTime;
    }

    /**
     * Answers a request.
     *
     * @param who asks
     * @param executionId the execution
     * @param request GET or HEAD
     * @param response its answer
     * @param callback completes with the answer
     * @throws Refusal when it is not carried out
     * @throws OperationException when the execution is not one that may be seen
     */
    void handle(Identity who, String executionId, Request request, Response response, Callback callback) {
        operations.execution(who, executionId);
        response.getHeaders().add(HttpHeader.VARY, HttpHeader.ACCEPT.asString());
        boolean stream = wantsStream(request);
        EventsQuery query =
                EventsQuery.of(executionId, RequestGuard.queryOf(request), stream ? lastEventIdOf(request) : null);
        if (clients.isClosing()) {
            throw new Refusal(EventsChannel.problemOf(CloseCode.GOING_AWAY));
        }
        if (HttpMethod.HEAD.is(request.getMethod())) {
            answerHead(stream, response, callback);
            return;
        }
        Runnable seat = seats.take(who.equals(Identity.ANONYMOUS) ? "@" + Request.getRemoteAddr(request) : who.name());
        Scheduler scheduler = request.getComponents().getScheduler();
        EventsChannel channel;
        if (stream) {
            channel = new EventStream(flows, executionId, response, callback, scheduler, closingTime);
        } else {
            EventPoll poll = new EventPoll(flows, query, response, callback, scheduler, closingTime);
            poll.startWaiting();
            channel = poll;
        }
        Request.addCompletionListener(request, cause -> {
            clients.remove(channel);
            seat.run();
            channel.over();
        });
        request.addIdleTimeoutListener(timeout -> false); // the bridge's heartbeat tells who is gone
        clients.add(channel);
        begin(channel, new ClientInfo(who, Framing.LINES), query);
    }

    private void begin(EventsChannel channel, ClientInfo client, EventsQuery query) {
        try {
            channel.begin(bridge, client, query.subscribe());
        } catch (FlowScriptException refused) {
            channel.refuse(
                    refused.code().equals(ErrorCode.SERVER_CLOSING.id())
                            ? EventsChannel.problemOf(CloseCode.GOING_AWAY)
                            : RequestQuota.full());
        }
    }

    private static void answerHead(boolean stream, Response response, Callback callback) {
        if (stream) {
            EventStream.describe(response);
            response.write(true, null, callback);
        } else {
            response.setStatus(HttpStatus.OK_200);
            response.getHeaders().put(HttpHeader.CONTENT_TYPE, ResponseWriter.JSON);
            response.getHeaders().put(HttpHeader.CACHE_CONTROL, "no-store");
            response.write(true, null, callback);
        }
    }

    /** Whether server-sent events are what the client likes best of what there is. */
    private static boolean wantsStream(Request request) {
        for (String type : request.getHeaders().getQualityCSV(HttpHeader.ACCEPT)) {
            if (type.equals(EventStream.TYPE)) {
                return true;
            }
            if (type.equals(ResponseWriter.JSON)) {
                return false;
            }
        }
        return false;
    }

    private static @Nullable String lastEventIdOf(Request request) {
        List<String> given = request.getHeaders().getValuesList(LAST_EVENT_ID);
        if (given.size() > 1) {
            throw new Refusal(Problem.of(ErrorCode.INVALID_MESSAGE, "There is more than one " + LAST_EVENT_ID));
        }
        return given.isEmpty() || given.get(0).isEmpty() ? null : given.get(0);
    }
}
