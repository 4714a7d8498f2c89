package io.flowscript.ws.jetty;

import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.eclipse.jetty.http.HttpException;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.component.LifeCycle;

/** Everything behind one handler: the WebSocket at {@code /ws}, REST beside it. Other paths are left to other handlers. */
final class FlowScriptHandler extends Handler.Abstract {

    private static final System.Logger LOG = System.getLogger(FlowScriptHandler.class.getName());
    private static final String WEBSOCKET_PATH = "/ws";
    /** More than a channel gives itself. */
    private static final int CLOSING_SECONDS = 10;

    private final WebSocketUpgrade webSocket;
    private final RestHandler rest;
    private final LiveClients clients;
    private final LazyInbox inbox;
    private final LifeCycle.Listener goodbye = new Goodbye();

    FlowScriptHandler(WebSocketUpgrade webSocket, RestHandler rest, LiveClients clients, LazyInbox inbox) {
        this.webSocket = webSocket;
        this.rest = rest;
        this.clients = clients;
        this.inbox = inbox;
    }

    /** {@return how many clients there are, of whatever kind} */
    int clients() {
        return clients.size();
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) {
        try {
            if (Request.getPathInContext(request).equals(WEBSOCKET_PATH)) {
                webSocket.handle(request, response, callback);
                return true;
            }
            return rest.handle(request, response, callback);
        } catch (Refusal refused) {
            refused.problem().send(response, callback);
        } catch (RuntimeException e) {
            problemOf(e).send(response, callback);
        }
        return true;
    }

    private static Problem problemOf(RuntimeException e) {
        if (e instanceof HttpException refused) {
            return Problem.of(refused.getCode(), "The request is not well-formed");
        }
        LOG.log(System.Logger.Level.ERROR, "A request failed", e);
        return Problem.internal();
    }

    @Override
    protected void doStart() throws Exception {
        webSocket.start(getServer());
        clients.reopen();
        inbox.start();
        getServer().addEventListener(goodbye);
        super.doStart();
    }

    @Override
    protected void doStop() throws Exception {
        sayGoodbye();
        Server server = getServer();
        if (server != null) {
            server.removeEventListener(goodbye);
        }
        super.doStop();
        webSocket.stop();
        inbox.stop();
    }

    private void sayGoodbye() {
        try {
            clients.closeAll().get(CLOSING_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException e) {
            LOG.log(System.Logger.Level.WARNING, "Some clients could not be told that the server is closing", e);
        }
    }

    /** A server ends its connections before its handlers; clients are told before that. */
    private final class Goodbye implements LifeCycle.Listener {
        @Override
        public void lifeCycleStopping(LifeCycle server) {
            sayGoodbye();
        }
    }
}
