package io.flowscript.ws.jetty;

import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.util.Callback;

/**
 * What a client still sends of a body when it has been answered already: read and dropped, up to a bound. A connection that is closed while its client is
 * sending is reset, and the answer may be lost with it (RFC 9112, section 9.6).
 */
final class BodyDiscarder implements Runnable {

    private final Request request;
    private final Callback callback;
    private long room;

    /**
     * Nothing is read before it is run.
     *
     * @param request has the rest of the body
     * @param maxBytes how many bytes are dropped; after them the connection is left to its fate
     * @param callback completes the answer
     */
    BodyDiscarder(Request request, long maxBytes, Callback callback) {
        this.request = request;
        this.room = maxBytes;
        this.callback = callback;
    }

    @Override
    public void run() {
        while (room >= 0) {
            Content.Chunk chunk = request.read();
            if (chunk == null) {
                request.demand(this);
                return;
            }
            boolean over = chunk.isLast() || Content.Chunk.isFailure(chunk);
            room -= chunk.remaining();
            chunk.release();
            if (over) {
                break;
            }
        }
        callback.succeeded();
    }
}
