package io.flowscript.engine;

import io.flowscript.core.FlowScriptException;
import io.flowscript.core.concurrent.Guard;
import io.flowscript.core.concurrent.MemoryBudget;
import io.flowscript.core.event.EventListener;
import io.flowscript.core.event.EventType;
import io.flowscript.core.log.Retention;
import io.flowscript.core.runtime.EngineClock;
import io.flowscript.core.snapshot.ExecutionSnapshot;
import io.flowscript.core.snapshot.ExecutionStatus;
import io.flowscript.core.store.ExecutionChange;
import io.flowscript.core.store.ExecutionCount;
import io.flowscript.core.store.ExecutionQuery;
import io.flowscript.core.store.SharedStore;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ConcurrentNavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The executions of an engine that are in memory, by id and in the order of their creation. With a store, executions leave
 * memory when they have ended or wait, and the {@link StoredExecutions} bring them back. Safe for use by any thread.
 *
 * <p>An execution is active or passive. An active one is held here. A passive one is held only by those who use it; it can
 * be read, and becomes active before it takes a decision. For each id there is at most one object at a time: as long as
 * somebody has a passive one, it is found again. All changes between the two, and the discovery of what the store has, are
 * computations of the map of active executions for that id, so they happen one at a time.
 */
final class ExecutionRegistry implements ExecutionManager, EngineServices.Callbacks {

    private static final Logger LOGGER = System.getLogger(FlowScript.class.getName());
    private static final int MAX_PAGE = 1_000;

    /**
     * A number has a time in milliseconds, up to the year 2248, 13 bits by which those of one millisecond differ, and the shard. So
     * engines that share a store give different numbers.
     */
    private static final int BITS_OF_COUNT = 13;

    private static final int BITS_OF_SHARD = 7;

    private static final long LAST_MILLIS = (1L << 43) - 1;

    private final ConcurrentMap<String, WorkflowExecution> byId = new ConcurrentHashMap<>();
    private final PassiveExecutions passive = new PassiveExecutions();
    private final StoredExecutions stored;
    private final OwnShards shards;

    /** Each execution is its own key. */
    private final ConcurrentNavigableMap<Numbered, WorkflowExecution> byNumber = new ConcurrentSkipListMap<>();

    private final AtomicLong numbers = new AtomicLong();
    private final AtomicInteger broken = new AtomicInteger();
    private final Collection<Observer> observers = new CopyOnWriteArrayList<>();
    private final Collection<Observer> interactionObservers = new CopyOnWriteArrayList<>();
    private final Collection<Observer> loadedObservers = new CopyOnWriteArrayList<>();
    private final Collection<Observer> returnedObservers = new CopyOnWriteArrayList<>();
    private final ExpiryQueue finished;
    private final ExpiryQueue waiting;
    private final MemoryBudget logs;
    private final MemoryBudget memory;
    private final Executor executor;
    private final AtomicInteger active = new AtomicInteger();
    private final EngineClock clock;
    private final int max;
    private volatile boolean closed;

    /** Tells of a change of an execution that goes on elsewhere, later. Set before there is one. */
    private volatile Consumer<? super ExecutionChange> laterTeller = change -> {};

    /** What has a place in the order in which executions came to be. */
    @FunctionalInterface
    interface Numbered extends Comparable<Numbered> {

        /** {@return its place in the order in which executions came to be} */
        long number();

        @Override
        default int compareTo(Numbered other) {
            return Long.compare(number(), other.number());
        }
    }

    ExecutionRegistry(
            EngineLimits limits,
            Retention retention,
            MemoryBudget logs,
            MemoryBudget memory,
            EngineClock clock,
            Executor executor,
            StoredExecutions stored,
            OwnShards shards) {
        this.max = limits.maxExecutions();
        this.clock = clock;
        this.stored = stored;
        this.shards = shards;
        this.logs = logs;
        this.memory = memory;
        this.executor = executor;
        this.finished =
                new ExpiryQueue(clock, retention.afterEnd(), limits.maxFinished(), (ended, decisions) -> forget(ended));
        this.waiting = new ExpiryQueue(clock, limits.passivateAfter(), limits.maxWaiting(), this::passivate);
    }

    /** {@return the executions that are in the store} */
    StoredExecutions stored() {
        return stored;
    }

    /**
     * Returns the number of a new execution. It is greater than all before, also than those of engines that have used the same
     * store before, unless the clock was set back.
     */
    long nextNumber(String executionId) {
        long millis = Math.min(LAST_MILLIS, clock.instant().toEpochMilli());
        long count = numbers.updateAndGet(last -> Math.max(last + 1, millis << BITS_OF_COUNT));
        return count << BITS_OF_SHARD | SharedStore.shardOf(executionId);
    }

    /** Lets the numbers of new executions be greater than one that exists. */
    void numberFrom(long existing) {
        numbers.accumulateAndGet(existing >> BITS_OF_SHARD, Math::max);
    }

    /**
     * Adds an execution that has not started. The observers are called by {@link #created}.
     *
     * @throws FlowScriptException with code {@code execution_exists}, {@code too_many_executions} or {@code memory_limit}
     */
    void add(WorkflowExecution execution) {
        WorkflowExecution known = get(execution.id());
        if (known != null && isStarted(known)) {
            checkIsNew(known);
        }
        while (!tryEnter()) {
            if (!finished.expireOldest()) {
                throw new FlowScriptException(
                        "too_many_executions",
                        "There are " + max + " executions that have not ended, the limit; let some end first");
            }
        }
        while (!execution.reserveMemory()) {
            if (!finished.expireOldest() && !waiting.expireOldest()) {
                active.decrementAndGet();
                throw memory.exceeded("The execution");
            }
        }
        WorkflowExecution there = addIfNew(execution);
        while (there != null && !isStarted(there)) {
            there = addIfNew(execution);
        }
        if (there != null) {
            active.decrementAndGet();
            execution.forgotten();
            checkIsNew(there);
        }
    }

    /** {@return whether an execution exists; false when it could not be started} Waits for one that is being started. */
    private boolean isStarted(WorkflowExecution execution) {
        if (!execution.isShown()) {
            try {
                execution.awaitShown();
            } catch (FlowScriptException e) {
                discard(execution);
                return false;
            }
        }
        return true;
    }

    /** Removes an execution of which nobody was told. */
    void discard(WorkflowExecution execution) {
        if (remove(execution, () -> true)) {
            execution.forgotten();
        }
    }

    /** {@return the execution with the same id that is there already; null when this one was added} */
    private @Nullable WorkflowExecution addIfNew(WorkflowExecution execution) {
        AtomicReference<@Nullable WorkflowExecution> known = new AtomicReference<>();
        byId.compute(execution.id(), (id, there) -> {
            known.set(there == null ? passive.get(id) : there);
            if (known.get() != null) {
                return there;
            }
            byNumber.put(execution, execution);
            return execution;
        });
        return known.get();
    }

    private boolean tryEnter() {
        return active.getAndUpdate(count -> count < max ? count + 1 : count) < max;
    }

    /** {@return the execution if somebody has it, active or passive} */
    private @Nullable WorkflowExecution get(String executionId) {
        WorkflowExecution found = byId.get(executionId);
        if (found == null) {
            found = passive.get(executionId);
        }
        // It may have become active between the two.
        return found == null ? byId.get(executionId) : found;
    }

    /**
     * Finds an execution, if need be in the store. Can block then.
     *
     * @return the execution, which may be passive; null when it does not exist or may not be shown yet
     * @throws FlowScriptException with code {@code store_unavailable} when the store cannot be read
     */
    @Nullable
    WorkflowExecution load(String executionId) {
        shards.check();
        WorkflowExecution found = get(executionId);
        if (found != null && !isCurrent(found)) {
            found = refresh(found);
        }
        while (found == null && stored.isUsed()) {
            long before = passive.departures(executionId);
            WorkflowExecution read = stored.read(executionId);
            if (read == null) {
                found = get(executionId);
                break;
            }
            found = adopt(read, before);
        }
        return found == null || found.isShown() ? found : startedBefore(found);
    }

    /**
     * An execution of which only a start under the same id is known here may exist in the store already. Then this start is refused.
     *
     * @param starting the execution that is being started
     */
    private @Nullable WorkflowExecution startedBefore(WorkflowExecution starting) {
        if (!stored.isUsed() || stored.read(starting.id()) == null) {
            WorkflowExecution known = get(starting.id());
            return known != null && known.isShown() ? known : null;
        }
        boolean unused = isStarted(starting); // it was just now, or it is out of the way
        return load(starting.id());
    }

    /** {@return whether what an object has is what counts; false when its execution goes on elsewhere, or has until now} */
    private boolean isCurrent(WorkflowExecution execution) {
        long fence = execution.fence();
        return !execution.isStored() || (fence != OwnShards.FOREIGN && fence == shards.fence(execution.id()));
    }

    /** Brings an object up to date. Blocks. {@return the object; null when its execution is not in the store any more} */
    private @Nullable WorkflowExecution refresh(WorkflowExecution known) {
        if (byId.get(known.id()) == known) {
            detach(known);
        }
        WorkflowExecution read = stored.read(known.id());
        if (read == null) {
            removed(known.id());
            return null;
        }
        followed(known, read);
        return known;
    }

    private void followed(WorkflowExecution known, WorkflowExecution read) {
        if (isCurrent(known)) {
            return; // it has been brought up to date since
        }
        boolean interactions = haveChanged(known.snapshot(), read.snapshot());
        // What has changed until now was not changed here. So it is told as a change elsewhere, before this engine has
        // the execution.
        if (interactions && known.follow(read, OwnShards.FOREIGN)) {
            interactionsChanged(known);
        }
        // What was read as an owner that has lost the shard meanwhile counts as read by anybody.
        if (!interactions || isCurrent(read)) {
            boolean unused = known.follow(read, isCurrent(read) ? read.fence() : OwnShards.FOREIGN);
        }
    }

    /** One that came and went meanwhile counts too: it was in the store, where a list may have been read. */
    private static boolean haveChanged(ExecutionSnapshot before, ExecutionSnapshot after) {
        return !before.open().equals(after.open()) || !before.closed().equals(after.closed());
    }

    /**
     * An execution was changed by another engine. Who follows it here is told. Blocks.
     *
     * @return false when this is to be told again later: the execution was started here, and it is not known yet that this was stored, or
     *     it is just becoming active
     */
    boolean changedElsewhere(ExecutionChange change) {
        String id = change.executionId();
        // What others have changed before this engine took the shard was told then: it has lost the shard since.
        shards.lose(id);
        WorkflowExecution known = get(id);
        boolean isNew = known == null;
        while (known == null) {
            if (nobodyFollowsAll()) {
                return true;
            }
            long before = passive.departures(id);
            WorkflowExecution read = stored.readAsOf(id, change.after());
            if (read == null) {
                return true;
            }
            known = adopt(read, before);
        }
        WorkflowExecution execution = known;
        if (execution.isStored() && execution.fence() != OwnShards.FOREIGN) {
            if (!execution.isShown()) {
                return false;
            }
            lost(execution);
        }
        if (nobodyFollowsAll() && !execution.log().isTold()) {
            WorkflowExecution unused = refresh(execution);
            return true;
        }
        // They join where the change begins, and do not mind to hear of one that they follow already.
        execution.log().tell(change.after(), change.started());
        if (!isNew) {
            WorkflowExecution unused = refresh(execution); // first, since a failure must leave all to be told again
        }
        (change.started() ? observers : returnedObservers).forEach(observer -> observer.tell(execution));
        loadedObservers.forEach(observer -> observer.tell(execution));
        if (!execution.areInteractionsTold()) {
            interactionsChanged(execution); // somebody may have read it with the change
        }
        return execution.showTold(change.last());
    }

    @Override
    public void changedElsewhere(WorkflowExecution execution) {
        try {
            if (!isCurrent(execution)) {
                WorkflowExecution unused = refresh(execution);
            }
        } catch (FlowScriptException e) {
            // The command was carried out. What it has changed is told soon.
        }
    }

    /** Sets what tells later, by {@link #changedElsewhere(ExecutionChange)}, of changes that no other engine tells. */
    void tellLaterBy(Consumer<? super ExecutionChange> teller) {
        laterTeller = teller;
    }

    @Override
    public void storedWhenLost(ExecutionChange change) {
        laterTeller.accept(change);
    }

    private boolean nobodyFollowsAll() {
        return observers.isEmpty()
                && returnedObservers.isEmpty()
                && loadedObservers.isEmpty()
                && interactionObservers.isEmpty();
    }

    /** Brings all up to date that somebody has of those that go on elsewhere. Blocks. */
    void refreshForeign() {
        for (WorkflowExecution execution : passive.all()) {
            if (!isCurrent(execution)) {
                WorkflowExecution unused = refresh(execution);
                boolean unusedToo = execution.showTold(Long.MAX_VALUE);
            }
        }
    }

    /** Stops those that do not belong to this engine any more, or have belonged to another one meanwhile. */
    void detachForeign() {
        for (WorkflowExecution execution : byNumber.values()) {
            if (!isCurrent(execution)) {
                detach(execution);
            }
        }
        for (WorkflowExecution execution : passive.all()) {
            if (execution.fence() != OwnShards.FOREIGN && !isCurrent(execution)) {
                execution.detach().run();
            }
        }
    }

    private void detach(WorkflowExecution execution) {
        if (!execution.isShown()) {
            return; // its first commit fails, or was written; then it is found again
        }
        Runnable[] then = {() -> {}};
        boolean left = leave(execution, () -> {
            then[0] = execution.detach();
            return true;
        });
        then[0].run();
        if (left) {
            interactionsChanged(execution);
        }
    }

    @Override
    public void lost(WorkflowExecution execution) {
        shards.lose(execution.id(), execution.fence());
        if (byId.get(execution.id()) == execution) {
            detach(execution);
        } else {
            execution.detach().run();
        }
    }

    /**
     * Makes the object known that was made from what the store has, unless there is one already.
     *
     * @param departures the departures of this id before it was read
     * @return the object that counts; null when this one may be out of date and no other is there
     */
    private @Nullable WorkflowExecution adopt(WorkflowExecution read, long departures) {
        AtomicReference<@Nullable WorkflowExecution> found = new AtomicReference<>();
        byId.compute(read.id(), (id, there) -> {
            found.set(there == null ? passive.get(id) : there);
            if (found.get() == null && passive.departures(id) == departures) {
                passive.add(read);
                found.set(read);
            }
            return there;
        });
        WorkflowExecution known = found.get();
        if (known != null && known != read && !isCurrent(known)) {
            followed(known, read);
        }
        if (known != null && closed) {
            known.halt(); // close() may not have seen it
        }
        return known;
    }

    /**
     * Activates an execution that is not in memory, or only as it was before it was lost and came back. Has no effect when it goes on in
     * another process by then. Blocks.
     *
     * @return false when it is to be tried again
     * @throws FlowScriptException with code {@code store_unavailable}
     */
    boolean bringBack(String executionId) {
        WorkflowExecution known = byId.get(executionId);
        if (!shards.has(executionId)) {
            return true;
        }
        if (known != null && isCurrent(known)) {
            return known.isShown(); // a start under the same id may be refused
        }
        WorkflowExecution execution = load(executionId);
        return execution == null || execution.status().isEnded() || activate(execution) || !shards.has(executionId);
    }

    @Override
    public boolean activate(WorkflowExecution execution) {
        if (!isCurrent(execution)
                && (!shards.has(execution.id()) || refresh(execution) == null || !isCurrent(execution))) {
            return false;
        }
        return activateIfCurrent(execution);
    }

    @Override
    public boolean activateIfCurrent(WorkflowExecution execution) {
        boolean[] lost = {false};
        byId.compute(execution.id(), (id, there) -> {
            lost[0] = !isCurrent(execution);
            if (!lost[0] && there != null && there != execution) {
                if (there.isShown()) {
                    throw new IllegalStateException("There are two objects for execution " + id);
                }
                lost[0] = true; // it is being started under the same id, which is refused
            }
            lost[0] = lost[0] || !execution.activate();
            if (lost[0] || there != null || execution.isPassive()) {
                return there; // one that has ended, since it was asked for, stays out of memory
            }
            passive.remove(id);
            active.incrementAndGet();
            byNumber.put(execution, execution);
            return execution;
        });
        if (closed) {
            execution.halt();
        } else if (!lost[0]) {
            tellReturned(execution);
        }
        return !lost[0];
    }

    /**
     * Tells that an execution has become active, unless all know it. Whoever is about to let it decide comes here first, so those who
     * are told begin before the next event.
     */
    private void tellReturned(WorkflowExecution execution) {
        long activation = execution.untoldActivation();
        if (activation > 0) {
            returnedObservers.forEach(observer -> observer.tell(execution));
            loadedObservers.forEach(observer -> observer.tell(execution));
            if (execution.activationTold(activation)) {
                waiting.add(execution);
                execution.resumeIfInterrupted();
            }
        }
    }

    @Override
    public void keep(WorkflowExecution execution, boolean kept) {
        passive.keep(execution, kept);
    }

    private void passivate(WorkflowExecution execution, long decisions) {
        if (stored.isDueSoon(execution.snapshot().dueAt())) {
            return; // what is due makes it decide, and it comes here again when it waits after that
        }
        if (leave(execution, () -> execution.passivate(decisions))) {
            stored.left(execution.snapshot().dueAt());
            execution.log().wake();
            interactionsChanged(execution);
        }
    }

    /**
     * Lets an active execution leave memory.
     *
     * @param passivation makes it passive; false when it stays active
     * @return whether it has left
     */
    private boolean leave(WorkflowExecution execution, BooleanSupplier passivation) {
        return remove(execution, () -> {
            if (!passivation.getAsBoolean()) {
                return false;
            }
            passive.departed(execution);
            return true;
        });
    }

    /**
     * Removes an execution from those in memory.
     *
     * @param condition is asked when it is there
     * @return whether it was removed
     */
    private boolean remove(WorkflowExecution execution, BooleanSupplier condition) {
        boolean[] removed = {false};
        byId.computeIfPresent(execution.id(), (id, there) -> {
            if (there != execution || !condition.getAsBoolean()) {
                return there;
            }
            left(execution);
            removed[0] = true;
            return null;
        });
        return removed[0];
    }

    private void left(WorkflowExecution execution) {
        byNumber.remove(execution, execution);
        active.decrementAndGet();
    }

    /** Stops all executions, observers and the retention timer. The executions can still be read. */
    void close() {
        closed = true;
        finished.close();
        waiting.close();
        byNumber.values().forEach(WorkflowExecution::halt);
        passive.all().forEach(WorkflowExecution::halt);
        observers.forEach(Observer::close);
    }

    @Override
    public void created(WorkflowExecution execution) {
        observers.forEach(observer -> observer.tell(execution));
        loadedObservers.forEach(observer -> observer.tell(execution));
        if (!execution.interactions().isEmpty()) {
            interactionsChanged(execution);
        }
    }

    @Override
    public void ended(WorkflowExecution execution) {
        finished.add(execution);
        if (execution.isStored()) {
            stored.ended();
        }
    }

    @Override
    public void waiting(WorkflowExecution execution) {
        waiting.add(execution);
    }

    @Override
    public void broken(WorkflowExecution execution) {
        broken.incrementAndGet();
    }

    int broken() {
        return broken.get();
    }

    @Override
    public void interactionsChanged(WorkflowExecution execution) {
        execution.interactionsTold();
        for (Observer observer : interactionObservers) {
            observer.tell(execution);
        }
    }

    @Override
    public void logGrown() {
        boolean more = true;
        while (more && (logs.isScarce() || memory.isScarce())) {
            more = finished.expireOldest() || waiting.expireOldest();
        }
    }

    @Override
    public Optional<Execution> find(String executionId) {
        return Optional.ofNullable(load(executionId));
    }

    @Override
    public CompletionStage<Optional<Execution>> findLater(String executionId) {
        WorkflowExecution known = get(executionId);
        boolean isUpToDate =
                known != null && known.isShown() && isCurrent(known) && !(known.isStored() && shards.isLeaseOver());
        if (isUpToDate || !stored.isUsed()) {
            return CompletableFuture.completedFuture(Optional.<Execution>ofNullable(known));
        }
        try {
            return CompletableFuture.supplyAsync(() -> find(executionId), stored.readers());
        } catch (RejectedExecutionException closed) {
            return CompletableFuture.failedFuture(Engine.engineClosed());
        }
    }

    @Override
    public boolean isLoaded(String executionId) {
        return byId.containsKey(executionId);
    }

    @Override
    public List<Execution> list(
            @Nullable String workflowId, @Nullable ExecutionStatus status, @Nullable String olderThan, int limit) {
        return List.copyOf(page(workflowId, status, numberBefore(olderThan, limit), limit));
    }

    @Override
    public List<Execution> listStarted(@Nullable Instant from, @Nullable Instant to, long before, int limit) {
        checkLimit(limit);
        long end = to == null ? before : Math.min(before, firstNumberAt(to));
        long first = from == null ? Long.MIN_VALUE : firstNumberAt(from);
        return page(null, null, end, limit).stream()
                .takeWhile(execution -> execution.number() >= first)
                .<Execution>map(execution -> execution)
                .toList();
    }

    /** The number of an execution after which a page begins. */
    private long numberBefore(@Nullable String olderThan, int limit) {
        checkLimit(limit);
        if (olderThan == null) {
            return Long.MAX_VALUE;
        }
        WorkflowExecution from = load(olderThan);
        if (from == null) {
            throw new FlowScriptException(
                    "execution_not_found", "The execution to go on from is not known, or not any more");
        }
        return from.number();
    }

    private static void checkLimit(int limit) {
        if (limit < 1 || limit > MAX_PAGE) {
            throw new FlowScriptException(
                    "invalid_limit", "Executions are listed from 1 to " + MAX_PAGE + " at a time, not " + limit);
        }
    }

    /** The smallest number of an execution that is started at a time. */
    private static long firstNumberAt(Instant time) {
        Instant last = Instant.ofEpochMilli(LAST_MILLIS);
        Instant known = time.isBefore(Instant.EPOCH) ? Instant.EPOCH : time.isAfter(last) ? last : time;
        return known.toEpochMilli() << (BITS_OF_COUNT + BITS_OF_SHARD);
    }

    @Override
    public List<ExecutionCount> count(int most) {
        List<ExecutionCount> inMemory = ExecutionCount.of(byNumber.values().stream()
                .limit(most)
                .filter(execution -> execution.isShown() && !execution.isStored())
                .map(WorkflowExecution::snapshot));
        return Stream.concat(inMemory.stream(), stored.count(most).stream()).toList();
    }

    /** Lists executions with numbers before one, the newest first. */
    private List<WorkflowExecution> page(
            @Nullable String workflowId, @Nullable ExecutionStatus status, long before, int limit) {
        Predicate<WorkflowExecution> wanted = execution -> execution.isShown()
                && (workflowId == null || workflowId.equals(execution.workflowId()))
                && (status == null || status == execution.status());
        // Memory first: what leaves it meanwhile is found in the store, and what comes back is found twice.
        Map<String, WorkflowExecution> found = new HashMap<>();
        for (WorkflowExecution execution :
                byNumber.headMap(() -> before, false).descendingMap().values()) {
            if (wanted.test(execution)) {
                found.put(execution.id(), execution);
                if (found.size() == limit) {
                    break;
                }
            }
        }
        if (stored.isUsed()) {
            addStored(found, wanted, new ExecutionQuery.Newest(workflowId, status, before, limit));
        }
        return found.values().stream()
                .sorted(Comparator.comparingLong(WorkflowExecution::number).reversed())
                .limit(limit)
                .toList();
    }

    /** Adds what the store has: as many as are wanted, or all. */
    private void addStored(
            Map<String, WorkflowExecution> found, Predicate<WorkflowExecution> wanted, ExecutionQuery.Newest query) {
        int missing = query.limit();
        long before = query.before();
        while (missing > 0) {
            PassiveExecutions.Departures departures = passive.departures();
            List<WorkflowExecution> page =
                    stored.list(new ExecutionQuery.Newest(query.workflowId(), query.status(), before, missing));
            if (page.isEmpty()) {
                return;
            }
            for (WorkflowExecution read : page) {
                before = read.number();
                WorkflowExecution known = adopt(read, departures.of(read.id()));
                WorkflowExecution now = known == null ? load(read.id()) : known;
                if (now != null && wanted.test(now)) {
                    missing -= 1;
                    found.put(now.id(), now);
                }
            }
        }
    }

    @Override
    public void forEach(Consumer<? super Execution> each) {
        for (WorkflowExecution execution : byNumber.descendingMap().values()) {
            if (execution.isShown()) {
                each.accept(execution);
            }
        }
    }

    @Override
    public void visit(
            @Nullable String workflowId, @Nullable ExecutionStatus status, Predicate<? super Execution> each) {
        List<WorkflowExecution> page = page(workflowId, status, Long.MAX_VALUE, MAX_PAGE);
        while (!page.isEmpty()) {
            for (WorkflowExecution execution : page) {
                if (!each.test(execution)) {
                    return;
                }
            }
            page = page(workflowId, status, page.get(page.size() - 1).number(), MAX_PAGE);
        }
    }

    @Override
    public int size() {
        return byId.size();
    }

    @Override
    public Subscription listen(EventListener listener, EventType... types) {
        ListenerPump pump = new ListenerPump(listener, executor, types);
        // An execution that comes back is heard if it was heard before: numbers grow with each start.
        AtomicLong first = new AtomicLong(Long.MAX_VALUE);
        Subscription returned = add(
                returnedObservers,
                new Observer(
                        execution -> {
                            if (execution.number() >= first.get()) {
                                pump.addReturned(execution.events());
                            }
                        },
                        () -> {}));
        return add(
                observers,
                new Observer(
                        execution -> {
                            first.accumulateAndGet(execution.number(), Math::min);
                            pump.addUntilPassive(execution.events());
                        },
                        () -> {
                            returned.close();
                            pump.close();
                        }));
    }

    @Override
    public Subscription onCreated(Consumer<Execution> observer) {
        return add(observers, new Observer(Objects.requireNonNull(observer, "observer"), () -> {}));
    }

    @Override
    public Subscription onLoaded(Consumer<Execution> observer) {
        return add(loadedObservers, new Observer(Objects.requireNonNull(observer, "observer"), () -> {}));
    }

    @Override
    public Subscription onInteraction(Consumer<Execution> observer) {
        return add(interactionObservers, new Observer(Objects.requireNonNull(observer, "observer"), () -> {}));
    }

    private static Subscription add(Collection<Observer> all, Observer observer) {
        all.add(observer);
        return () -> {
            all.remove(observer);
            observer.close();
        };
    }

    private void forget(WorkflowExecution execution) {
        if (execution.isStored()) {
            retire(execution);
        } else if (remove(execution, () -> true)) {
            execution.log().close();
            execution.forgotten();
            interactionsChanged(execution);
        }
    }

    /** Lets an execution leave memory that has ended. The store keeps it. */
    private void retire(WorkflowExecution execution) {
        boolean left = leave(execution, () -> {
            execution.retire();
            return true;
        });
        if (left) {
            interactionsChanged(execution);
        }
    }

    /** An execution that has ended was removed from the store. */
    void removed(String executionId) {
        AtomicReference<@Nullable WorkflowExecution> gone = new AtomicReference<>();
        boolean[] wasActive = {false};
        byId.compute(executionId, (id, there) -> {
            WorkflowExecution known = there == null ? passive.get(id) : there;
            if (known != null && !known.status().isEnded() && isCurrent(known)) {
                return there; // the id is used again already
            }
            wasActive[0] = there != null;
            if (there != null) {
                left(there);
            }
            gone.set(known);
            passive.forget(id);
            return null;
        });
        WorkflowExecution execution = gone.get();
        if (execution != null) {
            if (wasActive[0]) {
                execution.forgotten();
            }
            execution.removed();
            interactionsChanged(execution);
        }
    }

    private static void checkIsNew(@Nullable WorkflowExecution there) {
        if (there != null) {
            throw new FlowScriptException(
                    "execution_exists", "There is an execution with the id \"" + there.id() + "\" already");
        }
    }

    /** An observer of executions. */
    private static final class Observer {

        private final Consumer<? super WorkflowExecution> told;
        private final Subscription pump;

        Observer(Consumer<? super WorkflowExecution> told, Subscription pump) {
            this.told = told;
            this.pump = pump;
        }

        void tell(WorkflowExecution execution) {
            Guard.run(
                    () -> told.accept(execution),
                    thrown -> LOGGER.log(Level.ERROR, "An observer of executions failed on " + execution.id(), thrown));
        }

        void close() {
            pump.close();
        }
    }
}
