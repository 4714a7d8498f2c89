package io.flowscript.ws.jetty;

import io.flowscript.core.FlowScriptException;
import io.flowscript.core.engine.FlowScript;
import io.flowscript.events.inbox.Inbox;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The inbox that is asked over REST: the application's or the bridge's, or else one that is opened when it is first asked, and closed with the server. Safe for use by any
 * thread.
 */
final class LazyInbox {

    private final FlowScript flows;
    private final @Nullable Supplier<Inbox> given;
    private @Nullable Inbox own;
    private boolean open;

    LazyInbox(FlowScript flows, @Nullable Supplier<Inbox> given) {
        this.flows = flows;
        this.given = given;
    }

    synchronized void start() {
        open = true;
    }

    synchronized Inbox get() {
        if (given != null) {
            return given.get();
        }
        if (!open) {
            throw new FlowScriptException("inbox_closed", "The server is closing");
        }
        if (own == null) {
            own = Inbox.of(flows);
        }
        return own;
    }

    synchronized void stop() {
        open = false;
        if (own != null) {
            own.close();
            own = null;
        }
    }
}
