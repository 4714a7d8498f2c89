package io.flowscript.client;

import io.flowscript.core.concurrent.Guard;
import io.flowscript.core.concurrent.SerialTask;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ArrayDeque;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Tells the application's listener of changes, one after the other. The lock guards the changes that wait, of which the newest are
 * kept, and is never held around the listener. Safe for use by any thread.
 */
final class ChangeTeller implements Consumer<ConnectionChange> {

    private static final Logger LOGGER = System.getLogger(ChangeTeller.class.getName());
    private static final int MOST = 256;

    private final Object lock = new Object();
    private final ArrayDeque<ConnectionChange> waiting = new ArrayDeque<>();
    private final Consumer<? super ConnectionChange> listener;
    private final SerialTask task;

    ChangeTeller(Consumer<? super ConnectionChange> listener, Executor executor) {
        this.listener = listener;
        task = new SerialTask(executor, this::tell);
    }

    @Override
    public void accept(ConnectionChange change) {
        synchronized (lock) {
            if (waiting.size() == MOST) {
                waiting.remove();
            }
            waiting.add(change);
        }
        task.signal();
    }

    private void tell() {
        for (ConnectionChange change = next(); change != null; change = next()) {
            ConnectionChange told = change;
            Guard.run(() -> listener.accept(told), e -> LOGGER.log(Level.ERROR, "A listener to connections failed", e));
        }
    }

    private @Nullable ConnectionChange next() {
        synchronized (lock) {
            return waiting.poll();
        }
    }
}
