package io.flowscript.engine;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * A future that many callers share. No caller can complete or cancel it, and getting it repeatedly uses no memory.
 * Futures derived from it, such as a copy with a timeout, belong to the caller. Safe for use by any thread.
 */
final class SharedFuture<T> extends CompletableFuture<T> {

    /** What completes this future. Whoever has the future keeps it from being collected. */
    @SuppressWarnings("unused")
    private final Object creator;

    SharedFuture(Object creator) {
        this.creator = creator;
    }

    /** Completes this future; for its creator only. */
    void succeed(T value) {
        super.complete(value);
    }

    /** Fails this future; for its creator only. */
    void fail(Throwable thrown) {
        super.completeExceptionally(thrown);
    }

    @Override
    public <U> CompletableFuture<U> newIncompleteFuture() {
        return new CompletableFuture<>();
    }

    @Override
    public boolean complete(T value) {
        return false;
    }

    @Override
    public boolean completeExceptionally(Throwable thrown) {
        return false;
    }

    @Override
    public boolean cancel(boolean mayInterruptIfRunning) {
        return false;
    }

    @Override
    public CompletableFuture<T> completeAsync(Supplier<? extends T> supplier, Executor executor) {
        return copy().completeAsync(supplier, executor);
    }

    @Override
    public CompletableFuture<T> orTimeout(long timeout, TimeUnit unit) {
        return copy().orTimeout(timeout, unit);
    }

    @Override
    public CompletableFuture<T> completeOnTimeout(T value, long timeout, TimeUnit unit) {
        return copy().completeOnTimeout(value, timeout, unit);
    }

    @Override
    public void obtrudeValue(T value) {
        throw new UnsupportedOperationException("This future is not only yours; copy it");
    }

    @Override
    public void obtrudeException(Throwable thrown) {
        throw new UnsupportedOperationException("This future is not only yours; copy it");
    }
}
