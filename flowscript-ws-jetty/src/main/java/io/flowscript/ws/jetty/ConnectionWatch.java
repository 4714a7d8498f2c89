package io.flowscript.ws.jetty;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.util.function.Consumer;
import org.eclipse.jetty.http.HttpVersion;
import org.eclipse.jetty.io.AbstractEndPoint;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EofException;
import org.eclipse.jetty.server.ConnectionMetaData;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.util.BufferUtil;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/**
 * Notices at once that the client of a waiting request has closed its connection. Over HTTP/1.1, Jetty reads nothing
 * from the connection while a request is being answered, and would notice it only by a write that fails. So this class
 * reads in the meantime. A next request that comes early is given to Jetty, and from then on the end is not noticed.
 * HTTP/2 reports a stream that is reset by itself.
 *
 * <p>Safe for use by any thread. A lock keeps {@link #stop} and a read apart, since Jetty reads again as soon as the
 * answer is complete. The calls of Jetty under it do not block, and call back only this class.
 */
final class ConnectionWatch implements Callback {

    private static final int READ_BYTES = 4_096;

    private final AbstractEndPoint endPoint;
    private final Connection.UpgradeTo jetty;
    private final Consumer<Throwable> gone;
    private final Object lock = new Object();
    private boolean watching;

    private ConnectionWatch(AbstractEndPoint endPoint, Connection.UpgradeTo jetty, Consumer<Throwable> gone) {
        this.endPoint = endPoint;
        this.jetty = jetty;
        this.gone = gone;
    }

    /**
     * Creates a watch of the connection of a request.
     *
     * @param request a request without a body
     * @param gone called at most once, when the client has closed the connection, with an exception that Jetty does not log
     * @return null when the connection need not or cannot be watched
     */
    static @Nullable ConnectionWatch of(Request request, Consumer<Throwable> gone) {
        ConnectionMetaData metaData = request.getConnectionMetaData();
        Connection connection = metaData.getConnection();
        boolean isHttp1 = metaData.getHttpVersion().getVersion() <= HttpVersion.HTTP_1_1.getVersion();
        return isHttp1
                        && !hasBody(request)
                        && connection instanceof Connection.UpgradeTo jetty
                        && connection.getEndPoint() instanceof AbstractEndPoint endPoint
                ? new ConnectionWatch(endPoint, jetty, gone)
                : null;
    }

    private static boolean hasBody(Request request) {
        return request.getLength() > 0 || request.getHeaders().contains("Transfer-Encoding");
    }

    /** Begins to watch. */
    void start() {
        synchronized (lock) {
            watching = endPoint.tryFillInterested(this);
        }
    }

    /** Stops watching. It has to be called before the answer is complete. Calling it again has no effect. */
    void stop() {
        synchronized (lock) {
            if (watching) {
                watching = false;
                endPoint.getFillInterest().onFail(new ClosedChannelException());
            }
        }
    }

    /** There is something to read: the end, or the next request. */
    @Override
    public void succeeded() {
        Throwable end = null;
        synchronized (lock) {
            if (watching) {
                end = read();
                watching = end == null && watching;
            }
        }
        if (end != null) {
            endPoint.close(end); // otherwise a write that begins at this moment might never end
            gone.accept(end);
        }
    }

    private @Nullable Throwable read() {
        try {
            ByteBuffer buffer = BufferUtil.allocate(READ_BYTES);
            int count = endPoint.fill(buffer);
            if (count < 0) {
                return new EofException("The client has closed the connection");
            }
            if (count > 0) {
                jetty.onUpgradeTo(buffer); // the beginning of the next request, which Jetty reads after this one
                watching = false;
            } else {
                watching = endPoint.tryFillInterested(this);
            }
            return null;
        } catch (IOException e) {
            return new EofException(e);
        }
    }

    @Override
    public void failed(Throwable cause) {
        synchronized (lock) {
            if (!watching) {
                return; // stopped
            }
            watching = false;
        }
        gone.accept(new EofException(cause));
    }
}
