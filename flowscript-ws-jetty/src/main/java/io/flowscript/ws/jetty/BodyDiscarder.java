package io.flowscript.ws.jetty;

import io.flowscript.http.BodyWanted;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.util.Callback;

/**
 * What a client still sends of a body when it has been answered already: read and dropped, up to a bound of bytes and time. A connection that is closed while its client is
 * sending is reset, and the answer may be lost with it (RFC 9112, section 9.6).
 */
final class BodyDiscarder implements Runnable {

    private final Request request;
    private final Callback callback;
    private final BodyWanted wanted;
    private long discarded;

    /**
     * Nothing is read before it is run.
     *
     * @param request has the rest of the body
     * @param wanted says how much is dropped; after that the connection is left to its fate
     * @param callback completes the answer
     */
    BodyDiscarder(Request request, BodyWanted wanted, Callback callback) {
        this.request = request;
        this.wanted = wanted;
        this.callback = callback;
    }

    @Override
    public void run() {
        while (wanted.mayDiscard(discarded)) {
            Content.Chunk chunk = request.read();
            if (chunk == null) {
                request.demand(this);
                return;
            }
            boolean over = chunk.isLast() || Content.Chunk.isFailure(chunk);
            discarded += chunk.remaining();
            chunk.release();
            if (over) {
                break;
            }
        }
        callback.succeeded();
    }
}
