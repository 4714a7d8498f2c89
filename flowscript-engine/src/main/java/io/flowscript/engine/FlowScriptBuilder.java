package io.flowscript.engine;

import io.flowscript.core.FlowScriptException;
import io.flowscript.core.log.Retention;
import io.flowscript.core.observe.FlowScriptObserver;
import io.flowscript.core.observe.FlowScriptTracer;
import io.flowscript.core.runtime.BusinessTime;
import io.flowscript.core.runtime.EngineClock;
import io.flowscript.core.runtime.ExpressionEvaluator;
import io.flowscript.core.runtime.FormValidator;
import io.flowscript.core.runtime.NamedNode;
import io.flowscript.core.runtime.Node;
import io.flowscript.core.store.Durability;
import io.flowscript.core.store.ExecutionArchive;
import io.flowscript.core.store.ExecutionStore;
import io.flowscript.core.store.StoreRetention;
import io.flowscript.core.text.Printable;
import io.flowscript.core.text.RandomIds;
import io.flowscript.core.workflow.InvalidWorkflowException;
import io.flowscript.core.workflow.Problem;
import io.flowscript.core.workflow.WorkflowDefinition;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Builds an engine. {@link FlowScript#builder()} creates the builder with the built-in nodes and the settings of all
 * {@link EngineExtension extensions} on the class path or module path. Settings made here override theirs. For use by
 * one thread.
 *
 * @since 0.1.0
 */
public final class FlowScriptBuilder {

    private final Map<String, Node> nodes = new LinkedHashMap<>();
    private final List<WorkflowDefinition> workflows = new ArrayList<>();
    private EngineLimits limits = EngineLimits.defaults();
    private Retention retention = Retention.defaults();
    private @Nullable ExpressionEvaluator expressions;
    private @Nullable FormValidator forms;
    private @Nullable EngineClock clock;
    private @Nullable Executor nodeExecutor;
    private @Nullable Executor engineExecutor;
    private BusinessTime businessTime = Instant::plus;
    private @Nullable Supplier<String> ids;
    private FlowScriptObserver observer = FlowScriptObserver.NONE;
    private FlowScriptTracer tracer = FlowScriptTracer.NONE;
    private @Nullable ExecutionStore store;
    private Durability durability = Durability.SYNC;
    private boolean fromBackup;
    private StoreRetention storeRetention = StoreRetention.defaults();
    private @Nullable ExecutionArchive archive;
    private final Map<String, Durability> durabilities = new HashMap<>();

    FlowScriptBuilder() {
        ServiceLoader.load(EngineExtension.class).forEach(extension -> extension.extend(this));
    }

    /**
     * Adds a node under a name. It replaces a node with the same name.
     *
     * @param name the name that workflows use: 1 to 128 characters, not blank, not {@code exit}, not beginning with
     *     {@code loopTo:}
     * @param node the node
     * @return this
     * @throws FlowScriptException with code {@code invalid_node_name}
     */
    public FlowScriptBuilder node(String name, Node node) {
        nodes.put(new NamedNode(name, node.metadata(), node).name(), node);
        return this;
    }

    /**
     * Adds a node under its own name. It replaces a node with the same name.
     *
     * @param node a node built by {@link Node#named}
     * @return this
     */
    public FlowScriptBuilder node(NamedNode node) {
        nodes.put(node.name(), node);
        return this;
    }

    /**
     * Adds a workflow. {@link #build} compiles it, when all nodes are known.
     *
     * @param definition the workflow
     * @return this
     */
    public FlowScriptBuilder workflow(WorkflowDefinition definition) {
        workflows.add(Objects.requireNonNull(definition, "definition"));
        return this;
    }

    /**
     * Sets the evaluator that compiles expressions. Without an evaluator, a workflow with an expression is refused
     * with {@code no_expression_evaluator}. Plain templates such as <code>{{user.name}}</code> need no evaluator.
     *
     * @param evaluator the evaluator
     * @return this
     */
    public FlowScriptBuilder expressions(ExpressionEvaluator evaluator) {
        expressions = Objects.requireNonNull(evaluator, "evaluator");
        return this;
    }

    /**
     * Sets the validator of answers. Without a validator, asking a question with a schema fails with
     * {@code no_form_validator}.
     *
     * @param validator the validator
     * @return this
     */
    public FlowScriptBuilder forms(FormValidator validator) {
        forms = Objects.requireNonNull(validator, "validator");
        return this;
    }

    /**
     * Sets the calendar by which deadlines, reminders and escalations are computed. By default all time counts, day
     * and night.
     *
     * @param hours the calendar
     * @return this
     */
    public FlowScriptBuilder businessTime(BusinessTime hours) {
        businessTime = Objects.requireNonNull(hours, "hours");
        return this;
    }

    /**
     * Sets the clock. The default is the system's time, with one daemon thread that {@link FlowScript#close} ends. A
     * clock must keep its two times apart, see {@link EngineClock}.
     *
     * @param source the clock; the engine does not close it
     * @return this
     */
    public FlowScriptBuilder clock(EngineClock source) {
        clock = Objects.requireNonNull(source, "source");
        return this;
    }

    /**
     * Sets the executor of nodes. Nothing else runs on it, so nodes that block all its threads delay only other nodes.
     * When it refuses a task, the execution fails with {@code executor_rejected}.
     *
     * <p>The default has up to {@link EngineLimits#maxNodeThreads} daemon threads that end when idle; further calls wait in
     * a queue, and {@link FlowScript#stats} tells how many do. {@link FlowScript#close} shuts the default executor down. An
     * application with thousands of nodes that block at the same time can give virtual threads instead.
     *
     * @param runner the executor, which may run tasks on the calling thread; the engine does not shut it down
     * @return this
     */
    public FlowScriptBuilder executor(Executor runner) {
        nodeExecutor = Objects.requireNonNull(runner, "runner");
        return this;
    }

    /**
     * Sets the executor of everything that is no node: timers, the delivery of events, and listeners. This is for tests
     * that control all threads. An application leaves the default, which has a few daemon threads for the engine's own
     * work, and others for listeners, which may block. {@link FlowScript#close} shuts the default executors down.
     *
     * @param runner the executor, which may run tasks on the calling thread; the engine does not shut it down. While it
     *     refuses work, timers make executions fail with {@code executor_rejected}, and clients of bridges are
     *     disconnected.
     * @return this
     */
    public FlowScriptBuilder engineExecutor(Executor runner) {
        engineExecutor = Objects.requireNonNull(runner, "runner");
        return this;
    }

    /**
     * Sets the limits. The default is {@link EngineLimits#defaults()}.
     *
     * @param bounds the limits
     * @return this
     */
    public FlowScriptBuilder limits(EngineLimits bounds) {
        limits = Objects.requireNonNull(bounds, "bounds");
        return this;
    }

    /**
     * Sets how much of each event log is kept in memory, and for how long after the execution ended. The default is
     * {@link Retention#defaults()}.
     *
     * @param kept the retention
     * @return this
     */
    public FlowScriptBuilder retention(Retention kept) {
        retention = Objects.requireNonNull(kept, "kept");
        return this;
    }

    /**
     * Sets the source of the ids of executions, tokens and epochs, for tests that need predictable ids. The default
     * is 128 random bits for each id.
     *
     * @param source supplies a different id at each call; called by any thread
     * @return this
     */
    public FlowScriptBuilder ids(Supplier<String> source) {
        ids = Objects.requireNonNull(source, "source");
        return this;
    }

    /**
     * Sets the observer of this engine and of its bridges. By default there is none.
     *
     * @param watcher the observer; its exceptions have no effect on the engine
     * @return this
     */
    public FlowScriptBuilder observer(FlowScriptObserver watcher) {
        observer = Objects.requireNonNull(watcher, "watcher");
        return this;
    }

    /**
     * Sets the tracer of this engine. By default there is none. Executions that are started without a tracer are not traced later either.
     *
     * @param source the tracer; its exceptions have no effect on the engine
     * @return this
     */
    public FlowScriptBuilder tracer(FlowScriptTracer source) {
        tracer = Objects.requireNonNull(source, "source");
        return this;
    }

    /**
     * Sets the store, which keeps executions beyond the end of the process. {@link #build} continues all executions
     * that are in it, each with the workflow definition that it began with. By default nothing is stored.
     *
     * @param source the store; {@link FlowScript#close} closes it, and so does {@link #build} when it fails
     * @return this
     */
    public FlowScriptBuilder store(ExecutionStore source) {
        store = Objects.requireNonNull(source, "source");
        return this;
    }

    /**
     * Sets how many executions that have ended the {@linkplain #store store} keeps, and for how long. The default is
     * {@link StoreRetention#defaults()}.
     *
     * @param kept the retention
     * @return this
     */
    public FlowScriptBuilder storeRetention(StoreRetention kept) {
        storeRetention = Objects.requireNonNull(kept, "kept");
        return this;
    }

    /**
     * Sets what takes over executions before they are removed from the {@linkplain #store store}. By default they are only
     * removed.
     *
     * @param target the archive; it is called by one thread at a time and may block
     * @return this
     */
    public FlowScriptBuilder archive(ExecutionArchive target) {
        archive = Objects.requireNonNull(target, "target");
        return this;
    }

    /**
     * Says that the database of the store was restored from a backup and has not been used since. Clients may have seen events
     * that are not in it. So each execution that has not ended begins a new epoch: a client that has seen no more than the
     * backup has goes on without noticing, and one that has seen more gets a gap. Say it for the first start only.
     *
     * @return this builder
     * @see FlowScript#restore
     */
    public FlowScriptBuilder restoredFromBackup() {
        fromBackup = true;
        return this;
    }

    /**
     * Sets how safe a step must be before an execution goes on, for all workflows that have no
     * {@linkplain #durability(String, Durability) setting of their own}. It has an effect with a
     * {@linkplain #store store} only. The default is {@link Durability#SYNC}.
     *
     * @param level what a crash may lose
     * @return this
     */
    public FlowScriptBuilder durability(Durability level) {
        durability = Objects.requireNonNull(level, "level");
        return this;
    }

    /**
     * Sets how safe a step must be before an execution of one workflow goes on.
     *
     * @param workflowId the id of the workflow
     * @param level what a crash may lose. An execution that is in the store already is still stored with
     *     {@link Durability#OFF}.
     * @return this
     */
    public FlowScriptBuilder durability(String workflowId, Durability level) {
        durabilities.put(Objects.requireNonNull(workflowId, "workflowId"), Objects.requireNonNull(level, "level"));
        return this;
    }

    /**
     * Builds the engine.
     *
     * @return the engine; the caller must close it
     * @throws FlowScriptException with code {@code store_failed} when the executions in the store cannot be read
     * @throws io.flowscript.core.workflow.InvalidWorkflowException with all problems of all workflows that cannot be
     *     run
     */
    public FlowScript build() {
        Engine engine = new Engine(
                nodes,
                expressions,
                forms,
                businessTime,
                clock,
                nodeExecutor,
                engineExecutor,
                limits,
                retention,
                ids == null ? new RandomIds() : ids,
                observer,
                tracer,
                store == null ? null : new Storage(store, durability, durabilities, storeRetention, archive));
        try {
            registerAll(engine);
            engine.resumeStored(fromBackup);
            return engine;
        } catch (RuntimeException e) {
            engine.close();
            throw e;
        }
    }

    /** Registers every workflow, and throws one exception with the problems of all that cannot be run. */
    private void registerAll(Engine engine) {
        List<InvalidWorkflowException> wrong = new ArrayList<>();
        Set<String> ids = new HashSet<>();
        for (WorkflowDefinition workflow : workflows) {
            try {
                if (!workflow.id().isEmpty() && !ids.add(workflow.id())) {
                    throw sameId(workflow);
                }
                engine.register(workflow);
            } catch (InvalidWorkflowException e) {
                wrong.add(e);
            }
        }
        if (!wrong.isEmpty()) {
            throw InvalidWorkflowException.of(wrong);
        }
    }

    private static InvalidWorkflowException sameId(WorkflowDefinition workflow) {
        return new InvalidWorkflowException(
                workflow.source(),
                List.of(Problem.error(
                        "/id",
                        "duplicate_id",
                        "Another workflow of this engine has the id \"" + Printable.line(workflow.id(), 128)
                                + "\" too; give one of them another id")));
    }
}
