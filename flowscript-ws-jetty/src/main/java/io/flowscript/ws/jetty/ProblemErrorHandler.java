package io.flowscript.ws.jetty;

import io.flowscript.http.HttpResponse;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.handler.ErrorHandler;
import org.eclipse.jetty.util.Callback;

/**
 * Answers for what Jetty itself refuses, with nothing but the status: no stack trace, no class, no path. A server that stops fails the requests that are
 * still under way; to those it says what it says to all others then, that one may ask again.
 */
final class ProblemErrorHandler extends ErrorHandler {

    @Override
    public boolean handle(Request request, Response response, Callback callback) {
        int status = response.getStatus();
        HttpResponse answer = HttpStatus.isServerError(status) && isStopping(request)
                ? HttpResponse.closing()
                : HttpResponse.problem(status, detail(status));
        JettyExchange.send(answer, response, callback);
        return true;
    }

    /** {@return whether a request may have failed because its server stops} */
    private static boolean isStopping(Request request) {
        return !request.getConnectionMetaData().getConnector().getServer().isRunning();
    }

    private static String detail(int status) {
        return switch (status) {
            case HttpStatus.NOT_FOUND_404 -> "There is nothing at this path";
            case HttpStatus.BAD_REQUEST_400 -> "The request is not well-formed";
            default -> "The request cannot be answered";
        };
    }
}
