package io.flowscript.events.inbox;

import io.flowscript.core.FlowScriptException;
import io.flowscript.core.Identity;
import io.flowscript.core.engine.Execution;
import io.flowscript.core.engine.ExecutionManager;
import io.flowscript.core.engine.ExecutionSnapshot;
import io.flowscript.core.engine.FlowScript;
import io.flowscript.core.engine.Subscription;
import io.flowscript.core.interaction.Interaction;
import io.flowscript.core.log.Position;
import io.flowscript.core.runtime.PauseToken;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The inbox of an engine, which tells it of each execution whose questions have changed; it looks for itself what they are then. */
final class EngineInbox implements Inbox {

    private static final int EXECUTIONS_PER_PAGE = 1_000;
    private static final Duration LONGEST = Duration.ofDays(36_525);

    private final FlowScript flows;
    private final ExecutionManager executions;
    private final Executor executor;
    private final InboxLimits limits;
    private final Entries entries;
    private final Search search;
    private final Followers followers;
    private final UnseenWatches watches;
    private final List<Subscription> told = new ArrayList<>(2);
    private volatile boolean closed;

    EngineInbox(FlowScript flows, InboxLimits limits) {
        this.flows = flows;
        this.executions = flows.executions();
        this.executor = flows.executor();
        this.limits = limits;
        this.entries = new Entries(limits);
        this.search = new Search(entries, limits);
        this.followers = new Followers(executor, limits);
        this.watches = new UnseenWatches(limits);
    }

    /** Begins: hears of what comes, then looks at what is there. To be called once. */
    void open() {
        told.add(executions.onInteraction(execution -> look(execution.id())));
        // One that is restored brings its questions with it.
        told.add(executions.onCreated(execution -> look(execution.id())));
        List<Execution> page = executions.list(null, null, null, EXECUTIONS_PER_PAGE);
        while (!page.isEmpty()) {
            page.forEach(execution -> look(execution.id()));
            page = page.size() < EXECUTIONS_PER_PAGE ? List.of() : after(page);
        }
    }

    @Override
    public Page list(InboxQuery query, Predicate<? super Interaction> visible, @Nullable String cursor, int limit) {
        checkOpen();
        if (limit < 1 || limit > MAX_PAGE) {
            throw new FlowScriptException(
                    "invalid_limit", "Interactions are listed from 1 to " + MAX_PAGE + " at a time, not " + limit);
        }
        return search.page(query, visible, cursor, limit);
    }

    @Override
    public Count count(InboxQuery query) {
        checkOpen();
        Count known = search.known(query);
        return known == null ? search.count(query, interaction -> true) : known;
    }

    @Override
    public Count count(InboxQuery query, Predicate<? super Interaction> visible) {
        checkOpen();
        return search.count(query, visible);
    }

    @Override
    public Subscription subscribe(InboxQuery query, Consumer<? super InboxChange> listener) {
        Objects.requireNonNull(listener, "listener");
        return new ListenerTask(executor, listener, wake -> follow(query, interaction -> true, wake));
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
    public void acknowledge(Identity who, String executionId, Position upTo, Predicate<? super Interaction> visible) {
        checkOpen();
        ExecutionSnapshot now = snapshot(executionId);
        if (now == null || (upTo.epoch() != null && !upTo.epoch().equals(now.epoch()))) {
            return;
        }
        Set<String> seen = new HashSet<>();
        for (Interaction asked : now.open()) {
            if (asked.seq() <= upTo.seq() && visible.test(asked)) {
                seen.add(asked.token().tokenId());
            }
        }
        if (!seen.isEmpty()) {
            entries.seen(executionId, seen, who.name(), () -> snapshot(executionId), this::changed);
            signal();
        }
    }

    @Override
    public List<String> seenBy(PauseToken question) {
        Item item = entries.find(question);
        return item == null ? List.of() : item.seenBy();
    }

    @Override
    public Subscription onUnseen(InboxQuery query, Duration after, Consumer<? super Interaction> listener) {
        Objects.requireNonNull(listener, "listener");
        checkOpen();
        if (after.isNegative() || after.isZero() || after.compareTo(LONGEST) > 0) {
            throw new FlowScriptException(
                    "invalid_duration", "The time is more than zero, at most 36,525 days, not " + after);
        }
        Filter filter = new Filter(query, interaction -> true, limits);
        UnseenWatch watch = new UnseenWatch(flows, after, filter, entries::find, listener, watches::remove);
        // Before what is there is read, so that nothing is lost between the two.
        watches.add(watch);
        watch.begin(entries.open().all());
        if (closed) {
            watch.close();
        }
        return watch;
    }

    @Override
    public void close() {
        closed = true;
        told.forEach(Subscription::close);
        followers.close();
        watches.close();
    }

    /** Those that are older than a page; where all of it was forgotten meanwhile, it begins anew. */
    private List<Execution> after(List<Execution> page) {
        for (int i = page.size() - 1; i >= 0; i--) {
            try {
                return executions.list(null, null, page.get(i).id(), EXECUTIONS_PER_PAGE);
            } catch (FlowScriptException forgotten) {
                if (!forgotten.code().equals("execution_not_found")) {
                    throw forgotten;
                }
            }
        }
        return executions.list(null, null, null, EXECUTIONS_PER_PAGE);
    }

    private void look(String executionId) {
        if (!closed) {
            entries.update(executionId, () -> snapshot(executionId), this::changed);
            signal();
        }
    }

    private @Nullable ExecutionSnapshot snapshot(String executionId) {
        return executions.find(executionId).map(Execution::snapshot).orElse(null);
    }

    private void changed(@Nullable Item was, @Nullable Item is) {
        followers.changed(was, is);
        watches.changed(was, is);
    }

    private void signal() {
        followers.signal();
        watches.signal();
    }

    private void checkOpen() {
        if (closed) {
            throw new FlowScriptException("inbox_closed", "This inbox is closed; open another one");
        }
    }
}
