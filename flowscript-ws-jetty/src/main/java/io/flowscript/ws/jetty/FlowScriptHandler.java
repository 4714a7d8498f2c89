package io.flowscript.ws.jetty;

import io.flowscript.core.concurrent.Guard;
import io.flowscript.http.Admission;
import io.flowscript.http.HttpApi;
import io.flowscript.http.HttpRequest;
import io.flowscript.http.HttpResponse;
import io.flowscript.http.HttpResult;
import java.util.Optional;
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
    /** More than a channel gives itself. */
    private static final int CLOSING_SECONDS = 10;

    private final WebSocketUpgrade webSocket;
    private final HttpApi http;
    private final LifeCycle.Listener goodbye = new Goodbye();

    FlowScriptHandler(WebSocketUpgrade webSocket, HttpApi http) {
        this.webSocket = webSocket;
        this.http = http;
    }

    /** {@return how many clients there are, of whatever kind} */
    int clients() {
        return http.clients().size();
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) {
        try {
            HttpRequest head = JettyExchange.head(request);
            if (head.path().equals(HttpApi.WEBSOCKET_PATH)) {
                open(head, request, response, callback);
                return true;
            }
            Optional<HttpResult> result = http.handle(head);
            result.ifPresent(found -> new JettyExchange(request, response, callback).carryOut(found));
            return result.isPresent();
        } catch (Throwable e) {
            JettyExchange.send(problemOf(e), response, callback);
            return true;
        }
    }

    private void open(HttpRequest head, Request request, Response response, Callback callback) {
        Admission admission = http.admit(head);
        if (admission instanceof Admission.Admitted admitted) {
            JettyExchange.addTo(response, admitted.headers());
            if (!webSocket.upgrade(admitted, request, response, callback)) {
                JettyExchange.send(http.upgradeRequired(), response, callback);
            }
        } else if (admission instanceof Admission.Refused refused) {
            JettyExchange.send(refused.response(), response, callback);
        }
    }

    private static HttpResponse problemOf(Throwable e) {
        if (e instanceof HttpException refused) {
            return HttpResponse.problem(refused.getCode(), "The request is not well-formed");
        }
        Guard.report(e, shown -> LOG.log(System.Logger.Level.ERROR, "A request failed", shown));
        return HttpResponse.internalError();
    }

    @Override
    protected void doStart() throws Exception {
        webSocket.start(getServer());
        http.clients().reopen();
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
    }

    private void sayGoodbye() {
        try {
            http.clients().closeAll().get(CLOSING_SECONDS, TimeUnit.SECONDS);
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
