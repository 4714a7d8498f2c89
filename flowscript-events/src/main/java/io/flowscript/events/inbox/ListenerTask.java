package io.flowscript.events.inbox;

import io.flowscript.core.concurrent.Guard;
import io.flowscript.core.concurrent.SerialTask;
import io.flowscript.engine.Subscription;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Calls a listener with the changes of an inbox, on an executor, one at a time. Safe for use by any thread. */
final class ListenerTask implements Subscription {

    private static final Logger LOGGER = LoggerFactory.getLogger(ListenerTask.class);
    private static final int CHANGES_PER_RUN = 64;

    private final Consumer<? super InboxChange> listener;
    private final SerialTask task;
    private volatile @Nullable InboxChanges changes;
    private volatile boolean closed;

    ListenerTask(Executor executor, Consumer<? super InboxChange> listener, Source source) {
        this.listener = listener;
        this.task = new SerialTask(executor, this::run);
        this.changes = source.follow(task::signal);
        // A wake-up may have come before the field above was set.
        task.signal();
    }

    /** The inbox, as a source of changes. */
    @FunctionalInterface
    interface Source {

        InboxChanges follow(Runnable wake);
    }

    @Override
    public void close() {
        closed = true;
        task.stop();
        InboxChanges from = changes;
        if (from != null) {
            from.close();
        }
    }

    private void run() {
        InboxChanges from = changes;
        for (int i = 0; i < CHANGES_PER_RUN; i++) {
            InboxChange change = closed || from == null ? null : from.poll();
            if (change == null) {
                return;
            }
            notifyListener(change);
        }
        task.signal();
    }

    private void notifyListener(InboxChange change) {
        Guard.run(
                () -> listener.accept(change),
                thrown -> LOGGER.error("An inbox listener failed; the next change follows", thrown));
    }
}
