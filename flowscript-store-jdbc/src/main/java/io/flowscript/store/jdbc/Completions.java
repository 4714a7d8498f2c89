package io.flowscript.store.jdbc;

import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import org.jspecify.annotations.Nullable;

/**
 * Completes the stages of changes on a thread of its own, where the engine's next steps run. It holds no more than the
 * changes that were handed in, whose number {@link ChangeQueue} limits.
 */
final class Completions {

    private record Completion(
            @Nullable CompletableFuture<@Nullable Void> stage,
            @Nullable Throwable failure) {}

    private static final Completion LAST = new Completion(null, null);

    private final BlockingQueue<Completion> waiting = new LinkedBlockingQueue<>();
    private final Thread thread = new Thread(this::run, "flowscript-store-completions");

    void start() {
        thread.setDaemon(true);
        thread.start();
    }

    /** Completes the stage of a change that was written. */
    void written(Change change) {
        waiting.add(new Completion(change.written(), null));
    }

    /** Fails the stage of a change that was not written. */
    void failed(Change change, Throwable failure) {
        waiting.add(new Completion(change.written(), failure));
    }

    /** Ends the thread when it has completed what was handed in. Waits for it, unless the thread itself is calling. */
    void close() {
        waiting.add(LAST);
        if (Thread.currentThread() != thread) {
            Threads.join(thread);
        }
    }

    private void run() {
        while (true) {
            try {
                Completion next = waiting.take();
                if (next.stage() == null) {
                    return;
                }
                if (next.failure() == null) {
                    next.stage().complete(null);
                } else {
                    next.stage().completeExceptionally(next.failure());
                }
            } catch (InterruptedException e) {
                // Code of the engine may have interrupted this thread; it goes on.
            }
        }
    }
}
