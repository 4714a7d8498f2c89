package io.flowscript.core.workflow;

import io.flowscript.core.json.Json;
import io.flowscript.core.workflow.Workflow.Flow;
import io.flowscript.core.workflow.Workflow.Part;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Builds a workflow in Java, one element after the other. {@link Workflow#named} creates the builder. For use by one
 * thread.
 *
 * @since 0.1.0
 */
public final class WorkflowBuilder {

    private final Map<String, @Nullable Object> document = new LinkedHashMap<>();
    private final List<Part> parts = new ArrayList<>();

    WorkflowBuilder(String id) {
        document.put("id", id);
    }

    /**
     * Sets the name of the workflow, for people.
     *
     * @param name a short text
     * @return this
     */
    public WorkflowBuilder name(String name) {
        document.put("name", name);
        return this;
    }

    /**
     * Sets the description of the workflow.
     *
     * @param text a sentence
     * @return this
     */
    public WorkflowBuilder description(String text) {
        document.put("description", text);
        return this;
    }

    /**
     * Sets the version of the workflow, for people and applications.
     *
     * @param version a short text
     * @return this
     */
    public WorkflowBuilder version(String version) {
        document.put("version", version);
        return this;
    }

    /**
     * Sets the metadata of the workflow. Only the application uses it.
     *
     * @param values names with JSON values
     * @return this
     */
    public WorkflowBuilder metadata(Map<String, ? extends @Nullable Object> values) {
        document.put("metadata", Json.object(values));
        return this;
    }

    /**
     * Sets the form of the input. An execution starts only with an input that fits it.
     *
     * @param schema a JSON Schema of an object
     * @return this
     */
    public WorkflowBuilder input(Map<String, ? extends @Nullable Object> schema) {
        document.put("input", Json.object(schema));
        return this;
    }

    /**
     * Sets the initial state. The input of an execution overrides it key by key.
     *
     * @param values names with JSON values
     * @return this
     */
    public WorkflowBuilder state(Map<String, ? extends @Nullable Object> values) {
        document.put("initialState", Json.object(values));
        return this;
    }

    /**
     * Marks paths of the state as secret. Their values are masked in events and for clients, and a store encrypts the
     * executions.
     *
     * @param paths the paths, such as {@code $.customer.card}; they replace those that were set before
     * @return this
     */
    public WorkflowBuilder secrets(String... paths) {
        document.put("secrets", List.of(paths));
        return this;
    }

    /**
     * Adds a step that runs a node.
     *
     * @param node the name of the node
     * @return this
     */
    public WorkflowBuilder step(String node) {
        return then(Workflow.step(node));
    }

    /**
     * Adds a step that runs a node with a config.
     *
     * @param node the name of the node
     * @param config names with JSON values
     * @return this
     */
    public WorkflowBuilder step(String node, Map<String, ? extends @Nullable Object> config) {
        return then(Workflow.step(node, config));
    }

    /**
     * Adds a step that runs a node with a config and with settings of the step.
     *
     * @param node the name of the node
     * @param config names with JSON values; may be empty
     * @param settings what stands beside the config: {@code stateKey}, {@code retry} and {@code timeout}, each optional
     * @return this
     */
    public WorkflowBuilder step(
            String node,
            Map<String, ? extends @Nullable Object> config,
            Map<String, ? extends @Nullable Object> settings) {
        return then(Workflow.step(node, config, settings));
    }

    /**
     * Adds a step that runs a node, and follows the flow of the edge that the node returns.
     *
     * @param condition the name of the node
     * @param flows the flows, each made by {@link Workflow#on}
     * @return this
     */
    public WorkflowBuilder branch(String condition, Flow... flows) {
        return then(Workflow.branch(condition, flows));
    }

    /**
     * Adds a step that runs a node, and follows the flow of the edge that the node returns.
     *
     * @param condition the step whose node decides
     * @param flows the flows, each made by {@link Workflow#on}
     * @return this
     */
    public WorkflowBuilder branch(Part condition, Flow... flows) {
        return then(Workflow.branch(condition, flows));
    }

    /**
     * Follows the flow of the edge that the preceding step returns.
     *
     * @param flows the flows, each made by {@link Workflow#on}
     * @return this
     */
    public WorkflowBuilder branchOnLast(Flow... flows) {
        return then(Workflow.branchOnLast(flows));
    }

    /**
     * Adds a loop that runs a body repeatedly, as its controller decides.
     *
     * @param controller a step, such as {@link Workflow#forEach} or {@link Workflow#whileTrue}
     * @param body the elements that are repeated
     * @return this
     */
    public WorkflowBuilder loop(Part controller, Part... body) {
        return then(Workflow.loop(controller, body));
    }

    /**
     * Adds an exit, which ends the whole workflow.
     *
     * @return this
     */
    public WorkflowBuilder exit() {
        return then(Workflow.exit());
    }

    /**
     * Adds a jump that continues at a step.
     *
     * @param step the name of the step's node
     * @return this
     */
    public WorkflowBuilder loopTo(String step) {
        return then(Workflow.loopTo(step));
    }

    /**
     * Adds elements.
     *
     * @param elements the elements, in order
     * @return this
     */
    public WorkflowBuilder then(Part... elements) {
        parts.addAll(List.of(elements));
        return this;
    }

    /**
     * Builds the workflow. Whether its nodes exist is checked when it is registered in an engine.
     *
     * @return the definition
     * @throws InvalidWorkflowException with all problems of its structure
     * @throws io.flowscript.core.FlowScriptException with code {@code invalid_branch} when a branch on the last step does
     *     not follow one
     */
    public WorkflowDefinition build() {
        Map<String, @Nullable Object> complete = new LinkedHashMap<>(document);
        complete.put("nodes", Workflow.sequence(parts));
        WorkflowDefinition definition = WorkflowDefinition.of(complete);
        for (Problem problem : definition.problems()) {
            if (problem.isError()) {
                throw new InvalidWorkflowException(definition.source(), definition.problems());
            }
        }
        return definition;
    }
}
