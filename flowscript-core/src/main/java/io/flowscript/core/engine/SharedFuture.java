package io.flowscript.core.engine;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * A future that many hold, so none of them can complete it: asking for it again and again leaves nothing behind, and one who
 * cancels it changes nothing for the others. What is made of it, a copy with a timeout too, is the caller's own. Safe for use
 * by any thread.
 */
final class SharedFuture<T> extends CompletableFuture<T> {

    /** Completes it, for its maker. */
    void succeed(T value) {
        super.complete(value);
    }

    /** Completes it with a failure, for its maker. */
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
