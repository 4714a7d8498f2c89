package io.flowscript.ws.jetty;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.server.ConnectionMetaData;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.thread.Scheduler;
import org.jspecify.annotations.Nullable;

/**
 * Closes connections whose next request does not come in time. Jetty itself closes a connection on which nothing comes; one that sends a byte now and
 * then would stay for ever. A connection that is upgraded to a WebSocket is no longer watched.
 *
 * <p>One timer looks at all connections, so that a request costs only two notes of the time. Safe for use by any thread.
 */
final class RequestDeadline extends Handler.Wrapper implements Connection.Listener {

    /** Looks so many times in the time that a request may take; a connection may stay for one such part longer. */
    private static final int PARTS = 4;

    private static final long BUSY = -1;

    /** Times count from here, so that none is {@link #BUSY}. */
    private static final long START = System.nanoTime();

    private final long limitNanos;
    private final Map<Connection, Since> waiting = new ConcurrentHashMap<>();
    private volatile Scheduler.@Nullable Task next;

    /** Since when a connection waits for a request. */
    private static final class Since {

        /** The time, or {@link #BUSY} while a request is answered. */
        private volatile long nanos = now();
    }

    RequestDeadline(Duration limit) {
        this.limitNanos = limit.toNanos();
    }

    private static long now() {
        return System.nanoTime() - START;
    }

    @Override
    public void onOpened(Connection connection) {
        if (connection instanceof ConnectionMetaData) { // it reads requests, and is not the TLS around it
            waiting.put(connection, new Since());
        }
    }

    @Override
    public void onClosed(Connection connection) {
        waiting.remove(connection);
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) throws Exception {
        Since since = waiting.get(request.getConnectionMetaData().getConnection());
        if (since != null) {
            since.nanos = BUSY;
            Request.addCompletionListener(request, failure -> since.nanos = now());
        }
        return super.handle(request, response, callback);
    }

    @Override
    protected void doStart() throws Exception {
        super.doStart();
        plan();
    }

    @Override
    protected void doStop() throws Exception {
        Scheduler.Task planned = next;
        if (planned != null) {
            planned.cancel();
        }
        super.doStop();
    }

    private void plan() {
        next = getServer().getScheduler().schedule(this::look, limitNanos / PARTS, TimeUnit.NANOSECONDS);
    }

    private void look() {
        long now = now();
        waiting.forEach((connection, since) -> {
            long nanos = since.nanos;
            if (nanos != BUSY && now - nanos > limitNanos) {
                connection.getEndPoint().close(new TimeoutException("The next request did not come in time"));
            }
        });
        if (isRunning()) {
            plan();
        }
    }
}
