package io.flowscript.store.jdbc;

import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.jspecify.annotations.Nullable;

/**
 * Completes the stages of changes on a thread of its own, where the engine's next steps run. It holds no more than the
 * changes that were handed in, whose number {@link ChangeQueue} limits.
 */
final class Completions {

    /** Changes whose stages complete, and why they were not written; null when they were. */
    private record Completion(
            List<? extends Change> changes, @Nullable Throwable failure) {

        void complete() {
            for (Change change : changes) {
                if (failure == null) {
                    change.written().complete(null);
                } else {
                    change.written().completeExceptionally(failure);
                }
            }
        }
    }

    private static final Completion LAST = new Completion(List.of(), null);

    private final BlockingQueue<Completion> waiting = new LinkedBlockingQueue<>();
    private final Thread thread = new Thread(this::run, "flowscript-store-completions");

    void start() {
        thread.setDaemon(true);
        thread.start();
    }

    /** Completes the stages of changes that were written, in their order. */
    void written(List<? extends Change> changes) {
        if (!changes.isEmpty()) {
            waiting.add(new Completion(changes, null));
        }
    }

    /** Fails the stage of a change that was not written. */
    void failed(Change change, Throwable failure) {
        waiting.add(new Completion(List.of(change), failure));
    }

    /** Ends the thread when it has completed what was handed in. Waits for it, unless the thread itself is calling. */
    void close() {
        waiting.add(LAST);
        if (Thread.currentThread() != thread) {
            Threads.join(thread);
        }
    }

    @SuppressWarnings("ReferenceEquality") // there is one last entry
    private void run() {
        while (true) {
            try {
                Completion next = waiting.take();
                if (next == LAST) {
                    return;
                }
                next.complete();
            } catch (InterruptedException e) {
                // Code of the engine may have interrupted this thread; it goes on.
            }
        }
    }
}
