package io.flowscript.client;

import io.flowscript.core.concurrent.Guard;
import io.flowscript.core.concurrent.SerialTask;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A live inbox: it lists again after a change, at most once in a while, and gives the newest page to its handler. Pages that
 * the handler was too slow for are left out. For the loop's thread, except that the handler runs on the callbacks' threads.
 */
final class InboxWatch {

    private final ClientCore core;
    private final InboxFilter filter;
    private final Consumer<? super InboxPage> handler;
    private final CompletableFuture<Void> ended = new CompletableFuture<>();
    private final AtomicReference<@Nullable InboxPage> newest = new AtomicReference<>();
    private final SerialTask task;
    private final Loop.Alarm pause;
    private boolean isBusy;
    private boolean isChanged;
    private boolean isOver;

    InboxWatch(ClientCore core, InboxFilter filter, Consumer<? super InboxPage> handler) {
        this.core = core;
        this.filter = filter;
        this.handler = handler;
        task = new SerialTask(core.context().callbacks(), this::handOver);
        pause = core.context().loop().new Alarm();
    }

    CompletableFuture<Void> ended() {
        return ended;
    }

    Map<String, Object> filter() {
        return filter.fields();
    }

    /** Lists again, at most once in the interval. */
    void refresh() {
        if (isOver) {
            return;
        }
        if (isBusy || pause.isSet()) {
            isChanged = true;
            return;
        }
        isBusy = true;
        isChanged = false;
        var unused = core.list(filter.fields())
                .whenComplete((page, error) -> core.context().loop().execute(() -> listed(page, error)));
    }

    private void listed(@Nullable InboxPage page, @Nullable Throwable error) {
        isBusy = false;
        if (isOver) {
            return;
        }
        if (page != null) {
            newest.set(page);
            task.signal();
        } else if (error instanceof ClientException refusal && passes(refusal.code())) {
            isChanged = true; // so that it lists again
        } else {
            finish(error == null ? new ClientException("internal", "There is no page") : error);
            return;
        }
        pause.set(core.context().settings().inboxInterval(), () -> {
            if (isChanged) {
                refresh();
            }
        });
    }

    private static boolean passes(String code) {
        return code.equals("queue_full") || Connection.TRY_AGAIN.contains(code);
    }

    private void handOver() {
        InboxPage page = newest.getAndSet(null);
        if (page != null && !ended.isDone()) {
            Guard.run(() -> handler.accept(page), e -> {
                ended.completeExceptionally(e);
                core.context().loop().execute(() -> finish(e));
            });
        }
    }

    /** Ends it. What depends on that is the application's code, so the callbacks' threads tell it. */
    void finish(@Nullable Throwable error) {
        isOver = true;
        pause.clear();
        core.main().watches().remove(this);
        core.context().callbacks().execute(() -> {
            if (error == null) {
                ended.complete(null);
            } else {
                ended.completeExceptionally(error);
            }
        });
    }
}
