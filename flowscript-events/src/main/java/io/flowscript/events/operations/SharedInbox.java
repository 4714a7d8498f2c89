package io.flowscript.events.operations;

import io.flowscript.core.FlowScriptException;
import io.flowscript.core.engine.FlowScript;
import io.flowscript.events.inbox.Inbox;
import io.flowscript.events.inbox.InboxLimits;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** The inbox that clients see: the application's, or one of its own, opened when somebody first asks, or says what they have seen. */
final class SharedInbox implements AutoCloseable {

    /** Each client can ask so many times a second that one question has to be a small one. */
    private static final InboxLimits LIMITS = InboxLimits.DEFAULTS.maxExamined(10_000);

    private final FlowScript flows;
    private final @Nullable Inbox given;
    private final Lock lock = new ReentrantLock();
    private @Nullable Inbox own;
    private boolean closed;

    SharedInbox(FlowScript flows, @Nullable Inbox given) {
        this.flows = flows;
        this.given = given;
    }

    Inbox get() {
        if (given != null) {
            return given;
        }
        lock.lock();
        try {
            if (closed) {
                throw new FlowScriptException("inbox_closed", "The inbox is closed");
            }
            Inbox there = own;
            if (there == null) {
                there = Inbox.of(flows, LIMITS);
                own = there;
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
            if (own != null) {
                own.close();
            }
        } finally {
            lock.unlock();
        }
    }
}
