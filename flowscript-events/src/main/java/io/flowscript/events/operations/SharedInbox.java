package io.flowscript.events.operations;

import io.flowscript.core.FlowScriptException;
import io.flowscript.engine.FlowScript;
import io.flowscript.events.inbox.Inbox;
import io.flowscript.events.inbox.InboxLimits;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The inbox that clients use: the application's, or one that is opened with the first request that needs it. Safe for use
 * by any thread.
 */
final class SharedInbox implements AutoCloseable {

    /** Examines less per query than the default, because each client can send many queries per second. */
    private static final InboxLimits LIMITS = InboxLimits.DEFAULTS.maxExamined(10_000);

    private final FlowScript flows;
    private final @Nullable Inbox applicationInbox;
    private final Lock lock = new ReentrantLock();
    private @Nullable Inbox ownInbox;
    private boolean closed;

    SharedInbox(FlowScript flows, @Nullable Inbox applicationInbox) {
        this.flows = flows;
        this.applicationInbox = applicationInbox;
    }

    /** Returns the inbox; throws {@code server_closing} after {@link #close}. */
    Inbox get() {
        if (applicationInbox != null) {
            return applicationInbox;
        }
        lock.lock();
        try {
            if (closed) {
                throw new FlowScriptException("inbox_closed", "The inbox is closed");
            }
            Inbox there = ownInbox;
            if (there == null) {
                there = Inbox.of(flows, LIMITS);
                ownInbox = there;
            }
            return there;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            if (ownInbox != null) {
                ownInbox.close();
            }
        } finally {
            lock.unlock();
        }
    }
}
