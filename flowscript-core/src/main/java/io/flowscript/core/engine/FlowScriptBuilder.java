package io.flowscript.core.engine;

import io.flowscript.core.FlowScriptException;
import io.flowscript.core.log.Retention;
import io.flowscript.core.observe.FlowScriptObserver;
import io.flowscript.core.runtime.BusinessTime;
import io.flowscript.core.runtime.EngineClock;
import io.flowscript.core.runtime.ExpressionEvaluator;
import io.flowscript.core.runtime.FormValidator;
import io.flowscript.core.runtime.NamedNode;
import io.flowscript.core.runtime.Node;
import io.flowscript.core.text.Printable;
import io.flowscript.core.text.RandomIds;
import io.flowscript.core.workflow.InvalidWorkflowException;
import io.flowscript.core.workflow.Problem;
import io.flowscript.core.workflow.WorkflowDefinition;
import java.time.Instant;
import java.util.ArrayList;
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
 * Makes an engine. Begun by {@link FlowScript#builder()}, with the built-in nodes and everything that {@link EngineExtension extensions} on the
 * class or module path bring; what is set here comes after them and overrides them. For use by one thread.
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
    private @Nullable Executor executor;
    private BusinessTime businessTime = Instant::plus;
    private @Nullable Supplier<String> ids;
    private FlowScriptObserver observer = FlowScriptObserver.NONE;

    FlowScriptBuilder() {
        ServiceLoader.load(EngineExtension.class).forEach(extension -> extension.extend(this));
    }

    /**
     * Adds a node under a name; a node that had it is replaced.
     *
     * @param name the name that workflows know it by: 1 to 128 characters, not {@code exit}, not beginning with {@code loopTo:}
     * @param node what it does
     * @return this
     * @throws FlowScriptException with code {@code invalid_node_name}
     */
    public FlowScriptBuilder node(String name, Node node) {
        nodes.put(new NamedNode(name, node.metadata(), node).name(), node);
        return this;
    }

    /**
     * Adds a node under its own name; a node that had it is replaced.
     *
     * @param node the node, as {@link Node#named} makes it
     * @return this
     */
    public FlowScriptBuilder node(NamedNode node) {
        nodes.put(node.name(), node);
        return this;
    }

    /**
     * Adds a workflow; it is compiled by {@link #build}, when all nodes are known.
     *
     * @param definition the workflow
     * @return this
     */
    public FlowScriptBuilder workflow(WorkflowDefinition definition) {
        workflows.add(Objects.requireNonNull(definition, "definition"));
        return this;
    }

    /**
     * What compiles expressions. Without it a definition that has one is refused with {@code no_expression_evaluator};
     * plain templates such as <code>{{user.name}}</code> need none.
     *
     * @param evaluator compiles expressions
     * @return this
     */
    public FlowScriptBuilder expressions(ExpressionEvaluator evaluator) {
        expressions = Objects.requireNonNull(evaluator, "evaluator");
        return this;
    }

    /**
     * What checks answers. Without it, asking a question with a schema fails with {@code no_form_validator}.
     *
     * @param validator checks answers
     * @return this
     */
    public FlowScriptBuilder forms(FormValidator validator) {
        forms = Objects.requireNonNull(validator, "validator");
        return this;
    }

    /**
     * How human time passes: deadlines, reminders and escalations are reckoned with it. Without it, day and night.
     *
     * @param hours the application's business time
     * @return this
     */
    public FlowScriptBuilder businessTime(BusinessTime hours) {
        businessTime = Objects.requireNonNull(hours, "hours");
        return this;
    }

    /**
     * The time. Without it, the system's, with one daemon thread that {@link FlowScript#close} ends.
     *
     * @param source the clock; the engine does not close it
     * @return this
     */
    public FlowScriptBuilder clock(EngineClock source) {
        clock = Objects.requireNonNull(source, "source");
        return this;
    }

    /**
     * What runs nodes and listeners. Without it, a virtual thread each where the JDK has them, else daemon threads that end when they
     * have had nothing to do for a while; {@link FlowScript#close} ends both.
     *
     * @param runner the executor; the engine does not shut it down. It may run tasks on the calling thread.
     * @return this
     */
    public FlowScriptBuilder executor(Executor runner) {
        executor = Objects.requireNonNull(runner, "runner");
        return this;
    }

    /**
     * The bounds; {@link EngineLimits#defaults()} if nothing is said.
     *
     * @param bounds the bounds
     * @return this
     */
    public FlowScriptBuilder limits(EngineLimits bounds) {
        limits = Objects.requireNonNull(bounds, "bounds");
        return this;
    }

    /**
     * How much of each log is kept, and for how long after the end; {@link Retention#defaults()} if nothing is said.
     *
     * @param kept what is kept
     * @return this
     */
    public FlowScriptBuilder retention(Retention kept) {
        retention = Objects.requireNonNull(kept, "kept");
        return this;
    }

    /**
     * Where the ids of executions, tokens and epochs come from, for tests that want to know them. Without it, 128 random bits each.
     *
     * @param source gives another id at each call; called by any thread
     * @return this
     */
    public FlowScriptBuilder ids(Supplier<String> source) {
        ids = Objects.requireNonNull(source, "source");
        return this;
    }

    /**
     * What is told what happens in this engine and in the bridges on it. Without it, nothing is.
     *
     * @param watcher the observer; what it throws changes nothing
     * @return this
     */
    public FlowScriptBuilder observer(FlowScriptObserver watcher) {
        observer = Objects.requireNonNull(watcher, "watcher");
        return this;
    }

    /**
     * Makes the engine.
     *
     * @return the engine, to be closed by the caller
     * @throws io.flowscript.core.workflow.InvalidWorkflowException with every problem of every workflow that cannot be run
     */
    public FlowScript build() {
        Engine engine = new Engine(
                nodes,
                expressions,
                forms,
                businessTime,
                clock,
                executor,
                limits,
                retention,
                ids == null ? new RandomIds() : ids,
                observer);
        try {
            registerAll(engine);
            return engine;
        } catch (RuntimeException e) {
            engine.close();
            throw e;
        }
    }

    /** Takes every workflow, or says what is wrong with each that cannot be run. */
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
