package io.flowscript.ws.jetty;

import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.handler.ErrorHandler;
import org.eclipse.jetty.util.Callback;

/** Answers for what Jetty itself refuses, with nothing but the status: no stack trace, no class, no path. */
final class ProblemErrorHandler extends ErrorHandler {

    @Override
    public boolean handle(Request request, Response response, Callback callback) {
        problem(response.getStatus()).send(response, callback);
        return true;
    }

    private static Problem problem(int status) {
        return Problem.of(
                status,
                switch (status) {
                    case HttpStatus.NOT_FOUND_404 -> "There is nothing at this path";
                    case HttpStatus.BAD_REQUEST_400 -> "The request is not well-formed";
                    default -> "The request cannot be answered";
                });
    }
}
