package io.flowscript.engine;

import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Passes the outcome of an asynchronous node to the thread that continues with it. The thread that called the node
 * and the thread that completes the outcome both come here, and the second one continues. If the outcome is completed
 * at once, the calling thread continues in its loop, and the stack does not grow.
 */
final class OutcomeHandoff implements BiConsumer<@Nullable Object, @Nullable Throwable> {

    private static final Arrived LEFT = new Arrived(null, null);

    private final AtomicReference<@Nullable Arrived> state = new AtomicReference<>();
    private final Consumer<Arrived> late;

    /**
     * What a stage completed with.
     *
     * @param outcome what it gave, if it did
     * @param thrown what it failed with, or null
     */
    record Arrived(@Nullable Object outcome, @Nullable Throwable thrown) {}

    /**
     * Nobody was there yet.
     *
     * @param late takes the outcome when the calling thread has left
     */
    OutcomeHandoff(Consumer<Arrived> late) {
        this.late = late;
    }

    @Override
    public void accept(@Nullable Object outcome, @Nullable Throwable thrown) {
        Arrived arrived = new Arrived(outcome, thrown);
        if (!state.compareAndSet(null, arrived)) {
            late.accept(arrived);
        }
    }

    /** The outcome, if it is there; null when the calling thread may leave. */
    @Nullable
    Arrived takeOrLeave() {
        return state.compareAndSet(null, LEFT) ? null : state.get();
    }
}
