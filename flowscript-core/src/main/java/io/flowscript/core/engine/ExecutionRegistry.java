package io.flowscript.core.engine;

import io.flowscript.core.FlowScriptException;
import io.flowscript.core.concurrent.Guard;
import io.flowscript.core.concurrent.MemoryBudget;
import io.flowscript.core.event.EventListener;
import io.flowscript.core.event.EventType;
import io.flowscript.core.log.Retention;
import io.flowscript.core.runtime.EngineClock;
import io.flowscript.core.snapshot.ExecutionStatus;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.NavigableSet;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The executions of an engine, by id and in the order of their creation. Safe for use by any thread. */
final class ExecutionRegistry implements ExecutionManager, EngineServices.Callbacks {

    private static final Logger LOGGER = System.getLogger(FlowScript.class.getName());
    private static final int MAX_PAGE = 1_000;

    private final ConcurrentMap<String, WorkflowExecution> byId = new ConcurrentHashMap<>();
    private final NavigableSet<WorkflowExecution> byNumber = new ConcurrentSkipListSet<>(ExecutionRegistry::inOrder);
    private final AtomicLong numbers = new AtomicLong();
    private final AtomicInteger broken = new AtomicInteger();
    private final Collection<Observer> observers = new CopyOnWriteArrayList<>();
    private final Collection<Observer> interactionObservers = new CopyOnWriteArrayList<>();
    private final FinishedExecutions finished;
    private final MemoryBudget logs;
    private final MemoryBudget memory;
    private final Executor executor;
    private final Semaphore room;
    private final int max;

    ExecutionRegistry(
            EngineLimits limits,
            Retention retention,
            MemoryBudget logs,
            MemoryBudget memory,
            EngineClock clock,
            Executor executor) {
        this.max = limits.maxExecutions();
        this.room = new Semaphore(max);
        this.logs = logs;
        this.memory = memory;
        this.executor = executor;
        this.finished = new FinishedExecutions(clock, retention.afterEnd(), limits.maxFinished(), this::forget);
    }

    long nextNumber() {
        return numbers.incrementAndGet();
    }

    /**
     * Adds an execution that has not started. The observers are called by {@link #created}.
     *
     * @throws FlowScriptException with code {@code execution_exists}, {@code too_many_executions} or {@code memory_limit}
     */
    void add(WorkflowExecution execution) {
        checkIsNew(byId.get(execution.id()));
        while (!room.tryAcquire()) {
            if (!finished.forgetOldest()) {
                throw new FlowScriptException(
                        "too_many_executions",
                        "There are " + max + " executions that have not ended, the limit; let some end first");
            }
        }
        while (!execution.reserveMemory()) {
            if (!finished.forgetOldest()) {
                room.release();
                throw memory.exceeded("The execution");
            }
        }
        WorkflowExecution there = byId.putIfAbsent(execution.id(), execution);
        if (there != null) {
            room.release();
            execution.forgotten();
            checkIsNew(there);
        }
        byNumber.add(execution);
    }

    /** Removes an execution of which nobody was told. */
    void discard(WorkflowExecution execution) {
        if (byId.remove(execution.id(), execution)) {
            byNumber.remove(execution);
            execution.forgotten();
            room.release();
        }
    }

    @Nullable
    WorkflowExecution get(String executionId) {
        return byId.get(executionId);
    }

    Collection<WorkflowExecution> all() {
        return byNumber;
    }

    /** Stops all executions, observers and the retention timer. The executions can still be read. */
    void close() {
        finished.close();
        all().forEach(WorkflowExecution::halt);
        observers.forEach(Observer::close);
    }

    @Override
    public void created(WorkflowExecution execution) {
        observers.forEach(observer -> observer.tell(execution));
        if (!execution.interactions().isEmpty()) {
            interactionsChanged(execution);
        }
    }

    @Override
    public void ended(WorkflowExecution execution) {
        finished.add(execution);
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
        for (Observer observer : interactionObservers) {
            observer.tell(execution);
        }
    }

    @Override
    public void logGrown() {
        boolean more = true;
        while (more && (logs.isScarce() || memory.isScarce())) {
            more = finished.forgetOldest();
        }
    }

    @Override
    public Optional<Execution> find(String executionId) {
        return Optional.ofNullable(byId.get(executionId))
                .filter(WorkflowExecution::isShown)
                .map(Execution.class::cast);
    }

    @Override
    public List<Execution> list(
            @Nullable String workflowId, @Nullable ExecutionStatus status, @Nullable String olderThan, int limit) {
        if (limit < 1 || limit > MAX_PAGE) {
            throw new FlowScriptException(
                    "invalid_limit", "Executions are listed from 1 to " + MAX_PAGE + " at a time, not " + limit);
        }
        List<Execution> found = new ArrayList<>();
        for (WorkflowExecution execution : newestFirst(olderThan)) {
            if (execution.isShown()
                    && (workflowId == null || workflowId.equals(execution.workflowId()))
                    && (status == null || status == execution.status())) {
                found.add(execution);
                if (found.size() == limit) {
                    break;
                }
            }
        }
        return List.copyOf(found);
    }

    @Override
    public void forEach(Consumer<? super Execution> each) {
        for (WorkflowExecution execution : byNumber.descendingSet()) {
            if (execution.isShown()) {
                each.accept(execution);
            }
        }
    }

    @Override
    public int size() {
        return byId.size();
    }

    @Override
    public Subscription listen(EventListener listener, EventType... types) {
        ListenerPump pump = new ListenerPump(listener, executor, types);
        return add(observers, new Observer(execution -> pump.add(execution.events()), pump));
    }

    @Override
    public Subscription onCreated(Consumer<Execution> observer) {
        return add(observers, new Observer(Objects.requireNonNull(observer, "observer"), () -> {}));
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

    private Collection<WorkflowExecution> newestFirst(@Nullable String olderThan) {
        if (olderThan == null) {
            return byNumber.descendingSet();
        }
        WorkflowExecution from = byId.get(olderThan);
        if (from == null) {
            throw new FlowScriptException(
                    "execution_not_found", "The execution to go on from is not known, or not any more");
        }
        return byNumber.headSet(from, false).descendingSet();
    }

    private void forget(WorkflowExecution execution) {
        if (byId.remove(execution.id(), execution)) {
            byNumber.remove(execution);
            execution.log().close();
            execution.forgotten();
            execution.removeStored();
            room.release();
            interactionsChanged(execution);
        }
    }

    private static int inOrder(WorkflowExecution one, WorkflowExecution other) {
        return Long.compare(one.number(), other.number());
    }

    private static void checkIsNew(@Nullable WorkflowExecution there) {
        if (there != null) {
            throw new FlowScriptException(
                    "execution_exists", "There is an execution with the id \"" + there.id() + "\" already");
        }
    }

    /** An observer of executions. */
    private static final class Observer {

        private final Consumer<? super Execution> told;
        private final Subscription pump;

        Observer(Consumer<? super Execution> told, Subscription pump) {
            this.told = told;
            this.pump = pump;
        }

        void tell(Execution execution) {
            Guard.run(
                    () -> told.accept(execution),
                    thrown -> LOGGER.log(Level.ERROR, "An observer of executions failed on " + execution.id(), thrown));
        }

        void close() {
            pump.close();
        }
    }
}
