package io.flowscript.ws.jetty;

import io.flowscript.events.operations.OperationException;
import io.flowscript.events.operations.Operations;
import io.flowscript.json.protocol.ErrorCode;
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
import org.jspecify.annotations.Nullable;

/** Everything behind one handler: the WebSocket at {@code /ws}, REST beside it. Other paths are left to other handlers. */
final class FlowScriptHandler extends Handler.Abstract {

    private static final System.Logger LOG = System.getLogger(FlowScriptHandler.class.getName());
    private static final String WEBSOCKET_PATH = "/ws";
    /** More than a channel gives itself. */
    private static final int CLOSING_SECONDS = 10;

    private final WebSocketUpgrade webSocket;
    private final RestHandler rest;
    private final LiveClients clients;
    private final @Nullable Operations own;
    private final LifeCycle.Listener goodbye = new Goodbye();

    /**
     * Makes a handler.
     *
     * @param own operations that nobody else closes; null when there are none
     */
    FlowScriptHandler(WebSocketUpgrade webSocket, RestHandler rest, LiveClients clients, @Nullable Operations own) {
        this.webSocket = webSocket;
        this.rest = rest;
        this.clients = clients;
        this.own = own;
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
        OperationException refused = OperationException.of(e);
        if (refused.errorCode() == ErrorCode.INTERNAL) {
            LOG.log(System.Logger.Level.ERROR, "A request failed", refused);
        }
        return Problem.of(refused);
    }

    @Override
    protected void doStart() throws Exception {
        webSocket.start(getServer());
        clients.reopen();
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
        if (own != null) {
            own.close();
        }
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
