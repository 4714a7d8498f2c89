package io.flowscript.events.inbox;

import io.flowscript.core.FlowScriptException;
import io.flowscript.core.Identity;
import io.flowscript.core.interaction.Interaction;
import io.flowscript.core.log.Position;
import io.flowscript.core.runtime.PauseToken;
import io.flowscript.core.snapshot.ExecutionSnapshot;
import io.flowscript.engine.Execution;
import io.flowscript.engine.ExecutionManager;
import io.flowscript.engine.FlowScript;
import io.flowscript.engine.Subscription;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The inbox of one engine.
 *
 * <p>The interactions of stored executions are found in the store. Those of other executions are in the {@link Entries}. A
 * query ({@link Search}) reads both on the caller's thread, and takes no lock in the usual case.
 *
 * <p>The engine reports each execution whose interactions have changed, on the thread that changed it. The inbox then reads
 * its newest snapshot, and updates the entries or, when it is stored, compares it with the {@link LoadedInteractions}. Each
 * difference goes to the {@link Followers} and the {@link UnseenWatches}. They only note it under a lock and are signalled
 * after the update; listeners run later on the executor of listeners.
 */
final class EngineInbox implements Inbox {

    private static final Duration MAX_UNSEEN_TIME = Duration.ofDays(36_525);

    private final FlowScript flows;
    private final ExecutionManager executions;
    private final InboxLimits limits;
    private final Entries entries;
    private final LoadedInteractions loaded = new LoadedInteractions();
    private final Search search;
    private final Followers followers;
    private final UnseenWatches watches;
    private final List<Subscription> engineSubscriptions = new ArrayList<>(2);
    private volatile boolean closed;

    EngineInbox(FlowScript flows, InboxLimits limits) {
        this.flows = flows;
        this.executions = flows.executions();
        this.limits = limits;
        this.entries = new Entries();
        this.search = new Search(entries, flows.isDurable() ? flows.interactions() : null, limits);
        this.followers = new Followers(flows.engineExecutor(), limits);
        this.watches = new UnseenWatches(limits);
    }

    /** Subscribes to the engine, then reads the executions in memory. Must be called once. */
    void open() {
        engineSubscriptions.add(executions.onInteraction(this::refresh));
        // A restored execution brings its interactions with it.
        engineSubscriptions.add(executions.onCreated(this::refresh));
        engineSubscriptions.add(executions.onLoaded(this::loaded));
        executions.forEach(execution -> {
            if (execution.isStored()) {
                loaded(execution);
            } else {
                refresh(execution);
            }
        });
    }

    @Override
    public Page list(InboxQuery query, Predicate<? super Interaction> visible, @Nullable String cursor, int limit) {
        checkOpen();
        if (limit < 1 || limit > MAX_PAGE) {
            throw new FlowScriptException(
                    "invalid_limit", "The limit of a page must be from 1 to " + MAX_PAGE + ", not " + limit);
        }
        return search.page(query, visible, cursor, limit);
    }

    @Override
    public Count count(InboxQuery query) {
        checkOpen();
        return search.count(query);
    }

    @Override
    public Count count(InboxQuery query, Predicate<? super Interaction> visible) {
        checkOpen();
        return search.count(query, visible);
    }

    @Override
    public Subscription subscribe(InboxQuery query, Consumer<? super InboxChange> listener) {
        Objects.requireNonNull(listener, "listener");
        return new ListenerTask(flows.listenerExecutor(), listener, wake -> follow(query, interaction -> true, wake));
    }

    @Override
    public InboxChanges follow(InboxQuery query, Predicate<? super Interaction> visible, Runnable wake) {
        checkOpen();
        Follower follower = followers.add(new Filter(query, visible, limits), wake);
        if (closed) {
            follower.close();
        }
        return follower;
    }

    @Override
    public CompletionStage<?> acknowledge(
            Identity who, String executionId, Position upTo, Predicate<? super Interaction> visible) {
        checkOpen();
        Execution execution = executions.find(executionId).orElse(null);
        if (execution == null || !execution.events().has(upTo)) {
            return CompletableFuture.completedFuture(null);
        }
        ExecutionSnapshot now = execution.snapshot();
        Set<String> seen = new HashSet<>();
        for (Interaction interaction : now.open()) {
            if (interaction.seq() <= upTo.seq() && visible.test(interaction)) {
                seen.add(interaction.token().tokenId());
            }
        }
        return flows.interactions().markSeen(executionId, seen, who);
    }

    @Override
    public List<String> seenBy(PauseToken token) {
        Interaction interaction = find(token);
        return interaction == null ? List.of() : interaction.seenBy();
    }

    @Override
    public Subscription onUnseen(InboxQuery query, Duration after, Consumer<? super Interaction> listener) {
        Objects.requireNonNull(listener, "listener");
        checkOpen();
        if (after.isNegative() || after.isZero() || after.compareTo(MAX_UNSEEN_TIME) > 0) {
            throw new FlowScriptException(
                    "invalid_duration",
                    "The time until an unseen interaction is reported must be more than zero and at most 36,525 days, not "
                            + after);
        }
        Filter filter = new Filter(query, interaction -> true, limits);
        StoredUnseen stored = flows.isDurable() ? new StoredUnseen(flows, after, query.condition()) : null;
        UnseenWatch watch = new UnseenWatch(flows, after, filter, stored, this::find, listener, watches::remove);
        // Added before the existing entries are read, so that no change is lost in between.
        watches.add(watch);
        watch.start(entries.openIndex().oldestFirst());
        if (closed) {
            watch.close();
        }
        return watch;
    }

    @Override
    public void close() {
        closed = true;
        engineSubscriptions.forEach(Subscription::close);
        followers.close();
        watches.close();
    }

    /** {@return an interaction as it is now, also one that was just reported; null when it is not in the inbox} */
    private @Nullable Interaction find(PauseToken token) {
        Interaction inMemory = entries.findAfterUpdate(token);
        return inMemory == null && flows.isDurable()
                ? flows.interactions().find(token).orElse(null)
                : inMemory;
    }

    private void loaded(Execution execution) {
        if (!closed && execution.isStored()) {
            loaded.add(execution.id(), () -> loadedSnapshot(execution));
        }
    }

    private void refresh(Execution execution) {
        if (!closed) {
            if (!execution.isLocal()) {
                loaded.update(execution.id(), () -> null, (was, is) -> {});
                changedElsewhere(execution.snapshot());
            } else if (execution.isStored()) {
                loaded.update(execution.id(), () -> loadedSnapshot(execution), (was, is) -> changed(was, is, true));
            } else {
                entries.update(execution.id(), () -> snapshot(execution), (was, is) -> changed(was, is, false));
            }
            signal();
        }
    }

    /** Which of the interactions have changed is not known. */
    private void changedElsewhere(ExecutionSnapshot now) {
        for (List<Interaction> interactions : List.of(now.open(), now.closed())) {
            for (Interaction interaction : interactions) {
                if (interaction.question() != null) {
                    followers.changedElsewhere(interaction);
                    watches.changed(null, interaction, true);
                }
            }
        }
    }

    /** One that has left memory is in the store, and its interactions are not compared any more. Does not block. */
    private @Nullable ExecutionSnapshot loadedSnapshot(Execution execution) {
        return executions.isLoaded(execution.id()) ? execution.snapshot() : null;
    }

    /** One that has ended and left memory is not in the inbox any more. Its id may be that of another execution by now. */
    private @Nullable ExecutionSnapshot snapshot(Execution execution) {
        if (executions.isLoaded(execution.id())) {
            return executions.find(execution.id()).map(Execution::snapshot).orElse(null);
        }
        ExecutionSnapshot last = execution.snapshot();
        return last.status().isEnded() ? null : last;
    }

    private void changed(@Nullable Interaction was, @Nullable Interaction is, boolean isStored) {
        followers.changed(was, is, isStored);
        watches.changed(was, is, isStored);
    }

    private void signal() {
        followers.signal();
        watches.signal();
    }

    private void checkOpen() {
        if (closed) {
            throw new FlowScriptException(
                    "inbox_closed", "This inbox is closed; open another one with Inbox.of(engine)");
        }
    }
}
