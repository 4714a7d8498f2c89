package io.flowscript.servlet;

import jakarta.servlet.WriteListener;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Thrown to the container to have it cut the connection of a response that has begun. A servlet has no other way to do it without waiting for what the client
 * has not taken yet. It has no stack trace, since it is no fault.
 */
final class ConnectionCut extends IOException {

    private static final long serialVersionUID = 1L;

    /** Where Tomcat has its classes. Its name ({@code getServerInfo}) does not tell: operators hide it. */
    private static final String TOMCAT = "org.apache.catalina.";

    /** An attribute of the request of a response that is to be cut. The kind of dispatch does not tell it: an application may dispatch and forward requests, too. */
    private static final String WANTED = ConnectionCut.class.getName();

    /** Has the servlet, when the container calls it again for the request, cut the connection. */
    static void want(HttpServletRequest request) {
        request.setAttribute(WANTED, true);
    }

    static boolean isWanted(HttpServletRequest request) {
        return request.getAttribute(WANTED) != null;
    }

    /** Has the container not wait for the client before it cuts: Tomcat flushes, and blocks unless somebody listens. */
    static ConnectionCut prepared(HttpServletRequest request, HttpServletResponse response) throws IOException {
        if (request.getServletContext().getClass().getName().startsWith(TOMCAT)) {
            request.startAsync();
            response.getOutputStream().setWriteListener(new WriteListener() {
                @Override
                public void onWritePossible() {}

                @Override
                public void onError(Throwable cause) {}
            });
        }
        return new ConnectionCut();
    }

    private ConnectionCut() {
        super("The connection of a client that does not take its response is cut");
    }

    @Override
    public synchronized @Nullable Throwable fillInStackTrace() {
        return this;
    }
}
