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
 * Writes a workflow in Java, one element after the other. Begun by {@link Workflow#named}. For use by one thread.
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
     * The name for people.
     *
     * @param name a short text
     * @return this
     */
    public WorkflowBuilder name(String name) {
        document.put("name", name);
        return this;
    }

    /**
     * What it is for.
     *
     * @param text a sentence
     * @return this
     */
    public WorkflowBuilder description(String text) {
        document.put("description", text);
        return this;
    }

    /**
     * Which version it is, for people and applications.
     *
     * @param version a short text
     * @return this
     */
    public WorkflowBuilder version(String version) {
        document.put("version", version);
        return this;
    }

    /**
     * What an application wants to keep with it.
     *
     * @param values any JSON values
     * @return this
     */
    public WorkflowBuilder metadata(Map<String, ? extends @Nullable Object> values) {
        document.put("metadata", Json.object(values));
        return this;
    }

    /**
     * The state that an execution begins with; its input is merged over it.
     *
     * @param values any JSON values
     * @return this
     */
    public WorkflowBuilder state(Map<String, ? extends @Nullable Object> values) {
        document.put("initialState", Json.object(values));
        return this;
    }

    /**
     * Then run a node.
     *
     * @param node its name
     * @return this
     */
    public WorkflowBuilder step(String node) {
        return then(Workflow.step(node));
    }

    /**
     * Then run a node with a config.
     *
     * @param node its name
     * @param config any JSON values
     * @return this
     */
    public WorkflowBuilder step(String node, Map<String, ? extends @Nullable Object> config) {
        return then(Workflow.step(node, config));
    }

    /**
     * Then run a node and take the flow of the edge that it returns.
     *
     * @param condition the node's name
     * @param flows what follows on which edge
     * @return this
     */
    public WorkflowBuilder branch(String condition, Flow... flows) {
        return then(Workflow.branch(condition, flows));
    }

    /**
     * Then run a node and take the flow of the edge that it returns.
     *
     * @param condition a step
     * @param flows what follows on which edge
     * @return this
     */
    public WorkflowBuilder branch(Part condition, Flow... flows) {
        return then(Workflow.branch(condition, flows));
    }

    /**
     * Take the flow of the edge that the step right before this returns.
     *
     * @param flows what follows on which edge
     * @return this
     */
    public WorkflowBuilder branchOnLast(Flow... flows) {
        return then(Workflow.branchOnLast(flows));
    }

    /**
     * Then run a body as long as a controller says so.
     *
     * @param controller a step, such as {@link Workflow#forEach} or {@link Workflow#whileTrue}
     * @param body what is repeated
     * @return this
     */
    public WorkflowBuilder loop(Part controller, Part... body) {
        return then(Workflow.loop(controller, body));
    }

    /**
     * Then end the whole workflow.
     *
     * @return this
     */
    public WorkflowBuilder exit() {
        return then(Workflow.exit());
    }

    /**
     * Then go on at a step.
     *
     * @param step the name of its node
     * @return this
     */
    public WorkflowBuilder loopTo(String step) {
        return then(Workflow.loopTo(step));
    }

    /**
     * Then whatever the elements say.
     *
     * @param elements one after the other
     * @return this
     */
    public WorkflowBuilder then(Part... elements) {
        parts.addAll(List.of(elements));
        return this;
    }

    /**
     * Ends the workflow. Whether its nodes exist is seen when an engine gets it.
     *
     * @return the definition
     * @throws InvalidWorkflowException with every problem of its shape
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
