package io.flowscript.http;

import io.flowscript.core.FlowScriptException;
import io.flowscript.core.bridge.ClientInfo;
import io.flowscript.core.bridge.EventBridge;
import io.flowscript.core.concurrent.Guard;
import io.flowscript.json.protocol.ErrorCode;
import java.nio.ByteBuffer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A request for events: a stream of server-sent events, or a long poll. The adapter calls {@link #start} first, and
 * {@link #closed} when the exchange is over. No thread is blocked in between. The container must not apply an idle
 * timeout to the request, because the bridge's heartbeat detects clients that are gone.
 *
 * @since 0.1.0
 */
public final class EventExchange implements HttpResult {

    private static final System.Logger LOG = System.getLogger(EventExchange.class.getName());

    private final EventBridge bridge;
    private final ClientInfo client;
    private final RequestQuota.Client quotaClient;
    private final ByteBuffer subscribe;
    private final LiveClients clients;
    private final RequestQuota quota;
    private final Function<Problem, HttpResponse> refusal;
    private final Function<EventSink, EventsChannel> opening;
    private @Nullable Runnable giveBack;
    private @Nullable EventsChannel channel;
    private boolean over;

    EventExchange(
            EventBridge bridge,
            ClientInfo client,
            RequestQuota.Client quotaClient,
            ByteBuffer subscribe,
            LiveClients clients,
            RequestQuota quota,
            Function<Problem, HttpResponse> refusal,
            Function<EventSink, EventsChannel> opening) {
        this.bridge = bridge;
        this.client = client;
        this.quotaClient = quotaClient;
        this.subscribe = subscribe;
        this.clients = clients;
        this.quota = quota;
        this.refusal = refusal;
        this.opening = opening;
    }

    /**
     * Starts the exchange and returns immediately. Must be called once.
     *
     * @param sink receives the response, during this call and after it
     */
    public void start(EventSink sink) {
        EventsChannel opened;
        try {
            opened = open(sink);
        } catch (Refusal refused) {
            sink.respond(refusal.apply(refused.problem()));
            return;
        }
        if (opened == null) {
            return;
        }
        clients.add(opened);
        try {
            opened.begin(bridge, client, subscribe);
        } catch (FlowScriptException refused) {
            opened.refuse(
                    refused.code().equals(ErrorCode.SERVER_CLOSING.id()) ? Problem.closing() : RequestQuota.tooMany());
        } catch (Throwable e) {
            Guard.report(e, shown -> LOG.log(System.Logger.Level.ERROR, "A client could not be taken in", shown));
            if (!opened.refuse(Problem.internal())) {
                sink.abort(e);
            }
        }
        if (opened.ended().isDone()) {
            clients.remove(opened); // closed() ran before the client was added
        }
    }

    /**
     * Reports that the exchange is over: the response was sent completely, the client is gone, or the connection was
     * cut. The adapter must call it once. Any thread may call it, also before {@link #start} has returned. Further
     * calls have no effect.
     */
    public void closed() {
        EventsChannel open;
        Runnable back;
        synchronized (this) {
            over = true;
            open = channel;
            back = giveBack;
        }
        if (open != null) {
            clients.remove(open);
            open.over();
        }
        if (back != null) {
            back.run();
        }
    }

    private @Nullable EventsChannel open(EventSink sink) {
        EventsChannel opened = opening.apply(sink);
        Runnable back = quota.take(quotaClient, opened::makeRoom);
        synchronized (this) {
            if (!over) {
                giveBack = back;
                channel = opened;
                return opened;
            }
        }
        back.run();
        return null;
    }
}
