package io.flowscript.engine;

import io.flowscript.core.CommandKey;
import io.flowscript.core.FlowScriptException;
import io.flowscript.core.concurrent.Guard;
import io.flowscript.core.concurrent.MemoryBudget;
import io.flowscript.core.event.RecordedEvent;
import io.flowscript.core.interaction.Interactions;
import io.flowscript.core.json.Json;
import io.flowscript.core.log.EventLog;
import io.flowscript.core.log.Position;
import io.flowscript.core.log.Retention;
import io.flowscript.core.log.memory.MemoryEventLog;
import io.flowscript.core.observe.FlowScriptObserver;
import io.flowscript.core.observe.FlowScriptTracer;
import io.flowscript.core.observe.FlowScriptTracer.Scope;
import io.flowscript.core.observe.FlowScriptTracer.Span;
import io.flowscript.core.runtime.BusinessTime;
import io.flowscript.core.runtime.EngineClock;
import io.flowscript.core.runtime.ExpressionEvaluator;
import io.flowscript.core.runtime.FormValidator;
import io.flowscript.core.runtime.InvalidInputException;
import io.flowscript.core.runtime.Node;
import io.flowscript.core.runtime.Violation;
import io.flowscript.core.snapshot.CommandReceipt;
import io.flowscript.core.snapshot.ExecutionSnapshot;
import io.flowscript.core.snapshot.ExecutionStatus;
import io.flowscript.core.store.ExecutionChange;
import io.flowscript.core.store.ExecutionQuery;
import io.flowscript.core.store.ExecutionStore;
import io.flowscript.core.store.RemoteCommand;
import io.flowscript.core.store.SharedStore;
import io.flowscript.core.store.StoreUsage;
import io.flowscript.core.store.StoredExecution;
import io.flowscript.core.text.IdText;
import io.flowscript.core.text.Printable;
import io.flowscript.core.workflow.Problem;
import io.flowscript.core.workflow.WorkflowDefinition;
import io.flowscript.core.workflow.WorkflowGraph;
import io.flowscript.engine.Storage.Persistence;
import io.flowscript.engine.program.Compiler;
import io.flowscript.engine.program.Program;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.Executor;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The implementation of the engine: it connects the parts and closes them. Safe for use by any thread. */
final class Engine implements FlowScript {

    private static final Logger LOGGER = System.getLogger(FlowScript.class.getName());
    /** How many executions are read from the store at a time. */
    private static final int PAGE = 256;

    /** How many ids are made until one is in a shard of this engine. */
    private static final int MAX_IDS = 2_000;

    private final Map<String, Node> nodes;
    private final @Nullable ExpressionEvaluator expressions;
    private final EngineLimits limits;
    private final Retention retention;
    private final Supplier<String> ids;
    private final MemoryBudget logs;
    private final EngineClock clock;
    private final Runnable endOfClock;
    private final EngineThreads threads;
    private final ExecutionRegistry executions;
    private final EngineInteractions questions;
    private final EngineServices services;
    private final @Nullable Storage storage;
    private final DueExecutions due;
    private final StoredExecutions storedExecutions;
    private final @Nullable StoreCleanup cleanup;
    private final CompiledVersions versions;
    private final OwnShards shards;
    private final HealthCheck health;
    private final RemoteCommands remote;
    private final @Nullable ReceivedCommands received;
    private final @Nullable Cluster cluster;

    private final ConcurrentSkipListMap<String, Interpreter> workflows = new ConcurrentSkipListMap<>();
    private volatile boolean closed;

    Engine(
            Map<String, Node> nodes,
            @Nullable ExpressionEvaluator expressions,
            @Nullable FormValidator forms,
            BusinessTime businessTime,
            @Nullable EngineClock clock,
            @Nullable Executor nodeExecutor,
            @Nullable Executor engineExecutor,
            EngineLimits limits,
            Retention retention,
            Supplier<String> ids,
            FlowScriptObserver observer,
            FlowScriptTracer tracer,
            @Nullable Storage storage) {
        this.nodes = Map.copyOf(nodes);
        this.expressions = expressions;
        this.limits = limits;
        this.retention = retention;
        this.ids = ids;
        this.storage = storage;
        this.versions = new CompiledVersions(definition ->
                new Interpreter(Compiler.compile(definition, this.nodes, expressions, List.of()), limits));
        this.logs = new MemoryBudget(limits.logBytes());
        MemoryBudget memory = new MemoryBudget(limits.stateBytes());
        if (clock == null) {
            SystemClock own = SystemClock.start();
            this.clock = own;
            this.endOfClock = own::close;
        } else {
            GuardedClock foreign = new GuardedClock(clock);
            this.clock = foreign;
            this.endOfClock = foreign::close;
        }
        this.threads = new EngineThreads(nodeExecutor, engineExecutor, limits.maxNodeThreads(), this.clock);
        ExecutionStore store = storage == null ? null : storage.store();
        SharedStore shared = store instanceof SharedStore known ? known : null;
        this.shards = new OwnShards(shared != null);
        this.remote = new RemoteCommands(shared, shards, this.clock, ids, threads.callbacks());
        this.due = new DueExecutions(store, this.clock, threads.storeReaders(), this::bringBack);
        this.storedExecutions =
                new StoredExecutions(store, threads.storeReaders(), this::passive, shards, due, this::storedEnd);
        this.executions = new ExecutionRegistry(
                limits, retention, logs, memory, this.clock, threads.callbacks(), storedExecutions, shards);
        this.received =
                shared == null ? null : new ReceivedCommands(shared, executions, this::startHere, threads.commands());
        this.cluster =
                shared == null ? null : new Cluster(shared, shards, this.clock, threads, remote, new ClusterMember());
        this.cleanup = storage == null
                ? null
                : new StoreCleanup(
                        storage.store(),
                        storage.retention(),
                        storage.archive(),
                        this.clock,
                        threads.storeReaders(),
                        executions::removed,
                        shards::hasFirst);
        this.health = new HealthCheck(this.clock, threads, limits, store, cluster, remote, executions::broken);
        if (cluster != null) {
            shards.onCheck(cluster::renewIfLate, cluster::isLate);
            executions.tellLaterBy(cluster::storedWhenLost);
        }
        Observation observation = new Observation(observer);
        FlowScriptTracer guarded = GuardedTracer.guard(tracer);
        this.questions = new EngineInteractions(executions, remote, observation, guarded, this.clock);
        this.services = new EngineServices(
                this.clock,
                threads,
                limits,
                memory,
                new FormCache(forms),
                businessTime,
                ids,
                executions,
                remote,
                observation,
                guarded);
    }

    @Override
    public Execution start(String workflowId, Map<String, ? extends @Nullable Object> input) {
        return start(workflowId, input, ownId(), null);
    }

    /** {@return a new id, of an execution that this engine advances if it advances any} */
    private String ownId() {
        String id = ids.get();
        for (int i = 0; i < MAX_IDS && !shards.has(id) && shards.count() > 0; i++) {
            id = ids.get();
        }
        return id;
    }

    @Override
    public Execution start(
            String workflowId,
            Map<String, ? extends @Nullable Object> input,
            String executionId,
            @Nullable CommandKey key) {
        if (!IdText.isExecutionId(executionId)) {
            throw new FlowScriptException("invalid_execution_id", "An execution's id has " + IdText.FORM);
        }
        if (persistence(workflowId) == null) {
            return begin(workflowId, input, executionId, key);
        }
        return remote.carryOut(
                executionId,
                () -> begin(workflowId, input, executionId, key),
                () -> startElsewhere(workflowId, input, executionId, key));
    }

    /** Starts an execution in a shard of another engine. */
    private Execution startElsewhere(
            String workflowId,
            Map<String, ? extends @Nullable Object> input,
            String executionId,
            @Nullable CommandKey key) {
        checkOpen();
        checkInput(interpreter(workflowId).definition(), Json.object(input));
        CommandCodec.checkDone(
                remote.call(executionId, CommandCodec.start(workflowId, input, key, services.tracer.current())));
        WorkflowExecution started = executions.load(executionId);
        if (started == null) {
            throw new FlowScriptException(
                    "execution_not_found", "The execution was started, has ended, and was removed already");
        }
        return started;
    }

    private void startHere(
            String workflowId,
            Map<String, @Nullable Object> input,
            String executionId,
            CommandKey key,
            @Nullable String caller) {
        if (!shards.has(executionId)) {
            throw RemoteCommands.shardLost();
        }
        Scope scope = caller == null ? Scope.NONE : services.tracer.enter(caller);
        try {
            Execution unused = begin(workflowId, input, executionId, key);
        } finally {
            scope.close();
        }
    }

    @Override
    public Execution restore(ExecutionSnapshot snapshot) {
        checkOpen();
        Interpreter interpreter = interpreter(snapshot.workflowId());
        SnapshotCheck.check(snapshot, interpreter.program());
        // Nothing can follow the end, so nobody can have seen more than the snapshot has.
        String epoch = snapshot.status().isEnded() ? snapshot.epoch() : ids.get();
        Persistence persistence = persistence(snapshot.workflowId());
        ExecutionSnapshot from = persistence == null
                ? snapshot
                : fork(snapshot, epoch).firstSeq(snapshot.seq() + 1).build();
        return begin(create(
                interpreter,
                from,
                epoch,
                from.seq(),
                executions.nextNumber(from.executionId()),
                persistence,
                shards.fence(from.executionId()),
                false));
    }

    /** A snapshot whose numbers count in a new epoch too. */
    private static ExecutionSnapshot.Builder fork(ExecutionSnapshot snapshot, String epoch) {
        return snapshot.toBuilder().epoch(epoch).epochBefore(snapshot.epoch()).seqBefore(snapshot.seq());
    }

    /**
     * Continues the executions that are in the store. Those that wait stay there until a command comes or something is due.
     * Called once, before the application has the engine.
     *
     * @param fromBackup whether clients may have seen events that the store does not have
     */
    void resumeStored(boolean fromBackup) {
        if (storage == null) {
            return;
        }
        ExecutionStore store = storage.store();
        store.list(new ExecutionQuery.Newest(null, null, Long.MAX_VALUE, 1))
                .forEach(newest -> executions.numberFrom(newest.number()));
        if (cluster != null) {
            cluster.start();
        }
        if (fromBackup) {
            for (ExecutionStatus status :
                    List.of(ExecutionStatus.PENDING, ExecutionStatus.RUNNING, ExecutionStatus.PAUSED)) {
                resumePages(
                        storage,
                        true,
                        last -> store.list(new ExecutionQuery.Newest(
                                null, status, last == null ? Long.MAX_VALUE : last.number(), PAGE)));
            }
        } else if (cluster == null) {
            // A node was working in those that are due at once.
            resumePages(
                    storage,
                    false,
                    last -> store.list(new ExecutionQuery.Due(
                            Instant.EPOCH, last == null ? Long.MIN_VALUE : last.number(), Instant.EPOCH, PAGE)));
        }
        due.start();
        if (cleanup != null) {
            cleanup.start();
        }
    }

    private void resumePages(
            Storage from, boolean forks, Function<@Nullable StoredExecution, List<StoredExecution>> next) {
        List<StoredExecution> page = next.apply(null);
        while (!page.isEmpty()) {
            page.forEach(stored -> resume(from, stored, forks));
            page = next.apply(page.get(page.size() - 1));
        }
    }

    private void resume(Storage from, StoredExecution stored, boolean forks) {
        String id = stored.snapshot().executionId();
        if (executions.isLoaded(id) || !shards.has(id)) {
            return;
        }
        try {
            ExecutionSnapshot snapshot = toLastEvent(from, stored);
            Interpreter interpreter = interpreter(stored);
            ExecutionSnapshot now = forks ? fork(snapshot, ids.get()).build() : snapshot;
            begin(create(
                    interpreter,
                    now,
                    now.epoch(),
                    now.seq(),
                    stored.number(),
                    from.ofLoaded(snapshot.workflowId(), forks),
                    shards.fence(id),
                    false));
        } catch (FlowScriptException e) {
            storedExecutions.cannotGoOn(stored.snapshot().executionId(), e);
        }
    }

    /** Makes an execution from what the store has, without continuing it. */
    private WorkflowExecution passive(StoredExecution stored, long after, long fence) {
        Storage from = Objects.requireNonNull(storage, "storage");
        ExecutionSnapshot snapshot = toLastEvent(from, stored);
        return create(
                interpreter(stored),
                snapshot,
                snapshot.epoch(),
                Math.min(after, snapshot.seq()),
                stored.number(),
                from.ofLoaded(snapshot.workflowId(), false),
                fence,
                true);
    }

    /** What this engine does when something has changed among the engines that share its store. */
    private final class ClusterMember implements Cluster.Member {

        @Override
        public void lost() {
            executions.detachForeign();
        }

        @Override
        public void gained(Set<Integer> gained) {
            services.observer.shardsTaken(gained.size());
            ExecutionStore store = Objects.requireNonNull(storage, "storage").store();
            // A node was working in those that are due at once.
            List<StoredExecution> page =
                    store.list(new ExecutionQuery.Due(Instant.EPOCH, Long.MIN_VALUE, Instant.EPOCH, PAGE));
            boolean allGoOn = true;
            while (!page.isEmpty()) {
                for (StoredExecution stored : page) {
                    String id = stored.snapshot().executionId();
                    allGoOn &= !gained.contains(SharedStore.shardOf(id)) || executions.bringBack(id);
                }
                long last = page.get(page.size() - 1).number();
                page = store.list(new ExecutionQuery.Due(Instant.EPOCH, last, Instant.EPOCH, PAGE));
            }
            due.signal();
            if (!allGoOn) {
                throw new FlowScriptException(
                        "store_unavailable", "Some executions of a process that is gone cannot go on yet");
            }
        }

        @Override
        public boolean changed(ExecutionChange change) {
            return executions.changedElsewhere(change);
        }

        @Override
        public void changedMore() {
            executions.refreshForeign();
        }

        @Override
        public void carryOut(RemoteCommand command) {
            Objects.requireNonNull(received, "received").carryOut(command);
        }
    }

    private void storedEnd() {
        if (cleanup != null) {
            cleanup.ended();
        }
    }

    private boolean bringBack(String executionId) {
        return executions.bringBack(executionId);
    }

    private static ExecutionSnapshot toLastEvent(Storage from, StoredExecution stored) {
        ExecutionSnapshot snapshot = stored.snapshot();
        if (stored.lastSeq() > snapshot.seq()) {
            // A node has emitted it after the step that the snapshot is of.
            for (RecordedEvent last : from.store().events(snapshot.executionId(), stored.lastSeq() - 1, 1)) {
                snapshot = snapshot.toBuilder()
                        .epoch(last.epoch())
                        .seq(last.seq())
                        .lastEventAt(last.time())
                        .build();
            }
        }
        return snapshot;
    }

    /** Returns the interpreter of a definition: the registered one, or else one that is compiled now. */
    private Interpreter interpreter(StoredExecution stored) {
        Interpreter interpreter = interpreter(stored.definition());
        SnapshotCheck.check(stored.snapshot(), interpreter.program());
        return interpreter;
    }

    private Interpreter interpreter(WorkflowDefinition definition) {
        Interpreter registered = workflows.get(definition.id());
        return registered != null && registered.runs(definition.hash()) ? registered : versions.of(definition);
    }

    private @Nullable Persistence persistence(String workflowId) {
        Persistence persistence = storage == null ? null : storage.ofNew(workflowId);
        if (persistence != null) {
            Storage.checkAvailable(persistence.store(), limits);
        }
        return persistence;
    }

    @Override
    public ExecutionManager executions() {
        return executions;
    }

    @Override
    public Interactions interactions() {
        return questions;
    }

    @Override
    public void register(WorkflowDefinition definition) {
        checkOpen();
        Program program = Compiler.compile(definition, nodes, expressions, inputProblems(definition));
        if (storage != null) {
            storage.checkSecrets(definition);
        }
        for (Problem warning : program.warnings()) {
            LOGGER.log(Level.WARNING, "Workflow \"{0}\": {1}", definition.id(), warning);
        }
        synchronized (workflows) {
            if (workflows.size() >= limits.maxWorkflows() && !workflows.containsKey(definition.id())) {
                throw new FlowScriptException(
                        "too_many_workflows", "There are " + limits.maxWorkflows() + " workflows, the limit");
            }
            Interpreter before = workflows.put(definition.id(), new Interpreter(program, limits));
            if (before != null) {
                versions.keep(before);
            }
        }
    }

    /** The problems of the form of the input, for which a validator is needed. */
    private List<Problem> inputProblems(WorkflowDefinition definition) {
        try {
            services.forms.check(definition.input());
            return List.of();
        } catch (FlowScriptException e) {
            return List.of(Problem.error("/input", e.code(), String.valueOf(e.getMessage())));
        }
    }

    @Override
    public List<WorkflowDefinition> workflows() {
        return workflows.values().stream()
                .map(interpreter -> interpreter.program().definition())
                .toList();
    }

    @Override
    public Optional<WorkflowDefinition> workflow(String workflowId, @Nullable String hash) {
        Interpreter registered = workflows.get(workflowId);
        if (hash == null) {
            return Optional.ofNullable(registered).map(Interpreter::definition);
        }
        Interpreter known = registered != null && registered.runs(hash) ? registered : versions.find(hash);
        Optional<WorkflowDefinition> found = Optional.ofNullable(known).map(Interpreter::definition);
        if (found.isEmpty() && storage != null) {
            found = storage.store().definition(hash);
        }
        return found.filter(definition -> definition.id().equals(workflowId));
    }

    @Override
    public WorkflowGraph graph(WorkflowDefinition definition) {
        return interpreter(definition).program().graph();
    }

    @Override
    public List<WorkflowVersion> versions(String workflowId, Predicate<? super Execution> counted) {
        Interpreter registered = workflows.get(workflowId);
        VersionCount count = new VersionCount(
                workflowId, registered == null ? null : registered.program().definition());
        executions.visit(workflowId, null, execution -> {
            count.add((WorkflowExecution) execution, counted);
            return true;
        });
        return count.versions();
    }

    @Override
    public MigrationReport migrate(String workflowId, Migration migration) {
        checkOpen();
        Interpreter registered = interpreter(workflowId);
        StepMapping.checkTargets(migration, registered.program());
        MigrationRun run = new MigrationRun(registered, migration);
        executions.visit(workflowId, null, execution -> {
            run.move((WorkflowExecution) execution);
            return true;
        });
        return run.report();
    }

    @Override
    public EngineClock clock() {
        return clock;
    }

    @Override
    public Executor engineExecutor() {
        return threads.work();
    }

    @Override
    public Executor listenerExecutor() {
        return threads.callbacks();
    }

    @Override
    public boolean isDurable() {
        return storage != null;
    }

    @Override
    public EngineStats stats() {
        return new EngineStats(
                executions.size(),
                threads.waitingNodes(),
                executions.broken(),
                storage == null || Storage.isAvailable(storage.store(), limits));
    }

    @Override
    public EngineHealth health() {
        return health.look();
    }

    @Override
    public EngineSizes sizes() {
        long[] events = new long[1];
        executions.forEach(execution -> {
            EventLog log = execution.events();
            events[0] += Math.max(0, log.latest() - log.oldestInMemory() + 1);
        });
        return new EngineSizes(events[0], logs.used(), services.memory.used(), stored());
    }

    private @Nullable StoreUsage stored() {
        if (storage == null || !Storage.isAvailable(storage.store(), limits)) {
            return null;
        }
        try {
            return storage.store().usage();
        } catch (FlowScriptException e) {
            return null;
        }
    }

    @Override
    public EngineCounts counts() {
        return services.observer.counts();
    }

    @Override
    public FlowScriptObserver observer() {
        return services.observer;
    }

    @Override
    public FlowScriptTracer tracer() {
        return services.tracer;
    }

    @Override
    public void close() {
        closed = true;
        if (cluster != null) {
            cluster.close();
        }
        remote.close();
        due.close();
        if (cleanup != null) {
            cleanup.close();
        }
        executions.close();
        if (storage != null) {
            Guard.run(
                    storage.store()::close, thrown -> LOGGER.log(Level.ERROR, "The store could not be closed", thrown));
        }
        threads.close();
        endOfClock.run();
    }

    /** {@return how many shards this engine owns} */
    int ownedShards() {
        return shards.count();
    }

    boolean owns(String executionId) {
        return shards.has(executionId);
    }

    /** {@return the memory of all executions together, without their logs} */
    MemoryBudget memory() {
        return services.memory;
    }

    private Execution begin(
            String workflowId,
            Map<String, ? extends @Nullable Object> input,
            String executionId,
            @Nullable CommandKey key) {
        checkOpen();
        Interpreter interpreter = interpreter(workflowId);
        WorkflowDefinition definition = interpreter.definition();
        Map<String, @Nullable Object> given = Json.object(input);
        Map<String, @Nullable Object> state = PlainValues.merge(definition.initialState(), given);
        if (Json.weight(state) > limits.maxStateBytes()) {
            throw PlainValues.stateTooLarge(limits.maxStateBytes());
        }
        checkInput(definition, given);
        Instant now = clock.instant();
        String epoch = ids.get();
        Persistence persistence = persistence(workflowId);
        Span span = services.tracer.starting(workflowId, executionId);
        return traced(
                span,
                () -> begin(create(
                        interpreter,
                        ExecutionSnapshot.builder()
                                .executionId(executionId)
                                .workflowId(workflowId)
                                .definitionHash(definition.hash())
                                .secrets(definition.secrets())
                                .state(state)
                                .commands(key == null ? List.of() : List.of(new CommandReceipt(key, now, null, null)))
                                .createdAt(now)
                                .epoch(epoch)
                                .lastEventAt(now)
                                .trace(span.context())
                                .build(),
                        epoch,
                        0,
                        executions.nextNumber(executionId),
                        persistence,
                        shards.fence(executionId),
                        false)));
    }

    /** Starts an execution, and ends the span of that. */
    private static Execution traced(Span span, Supplier<Execution> start) {
        try {
            Execution started = start.get();
            span.end("started", false);
            return started;
        } catch (Throwable thrown) {
            span.end(Failure.code(thrown), true);
            throw thrown;
        }
    }

    private void checkInput(WorkflowDefinition definition, Map<String, @Nullable Object> input) {
        List<Violation> violations = services.forms.violations(definition.input(), input);
        if (!violations.isEmpty()) {
            throw new InvalidInputException(violations);
        }
    }

    private WorkflowExecution create(
            Interpreter interpreter,
            ExecutionSnapshot snapshot,
            String epoch,
            long seq,
            long number,
            @Nullable Persistence persistence,
            long fence,
            boolean passive) {
        MemoryEventLog log = new MemoryEventLog(
                snapshot.executionId(),
                snapshot.workflowId(),
                epoch,
                seq == 0 && snapshot.epoch().equals(epoch) ? Position.START : Position.after(snapshot.epoch(), seq),
                snapshot.lastEventAt(),
                retention,
                logs,
                threads.work(),
                persistence == null);
        if (persistence != null) {
            log.keepOlderIn(new StoredEvents(persistence.store(), snapshot, epoch, threads.storeReaders(), clock));
        }
        return new WorkflowExecution(number, services, interpreter, log, snapshot, persistence, fence, passive);
    }

    private Execution begin(WorkflowExecution execution) {
        executions.add(execution);
        if (closed) {
            execution.halt();
            throw engineClosed();
        }
        if (execution.isShown()) {
            execution.created();
        }
        execution.begin();
        try {
            execution.awaitStored();
        } catch (FlowScriptException e) {
            if (!execution.isShown()) {
                executions.discard(execution);
                throw e;
            }
            // It was started; what befell it later is told by its status.
        }
        return execution;
    }

    private Interpreter interpreter(String workflowId) {
        Interpreter interpreter = workflows.get(workflowId);
        if (interpreter == null) {
            // This reaches clients, who may not see every workflow: no list, no likeness to another one.
            throw new FlowScriptException(
                    "workflow_not_found",
                    "There is no workflow \"" + Printable.line(workflowId, 128)
                            + "\"; it must be registered under this id, letter by letter");
        }
        return interpreter;
    }

    private void checkOpen() {
        if (closed) {
            throw engineClosed();
        }
    }

    static FlowScriptException engineClosed() {
        return new FlowScriptException("engine_closed", "The engine is closed");
    }
}
