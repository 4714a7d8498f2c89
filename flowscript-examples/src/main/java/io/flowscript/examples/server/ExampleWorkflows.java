package io.flowscript.examples.server;

import io.flowscript.core.FlowScriptException;
import io.flowscript.core.workflow.WorkflowDefinition;
import io.flowscript.json.Workflows;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;

/** The workflows of the demo server, as JSON files in its jar. */
public final class ExampleWorkflows {

    /** The ids of the workflows, which are also the names of their files. */
    public static final List<String> IDS = List.of(
            "team-lunch",
            "order-delivery",
            "support-question",
            "expense-approval",
            "travel-request",
            "data-processing",
            "guessing-game",
            "five-hundred-steps");

    private ExampleWorkflows() {}

    /** {@return every workflow of the demo server} */
    public static List<WorkflowDefinition> all() {
        return IDS.stream().map(ExampleWorkflows::read).toList();
    }

    /**
     * Returns one workflow.
     *
     * @param id one of {@link #IDS}
     * @return the workflow
     */
    public static WorkflowDefinition read(String id) {
        String resource = "/workflows/" + id + ".json";
        try (InputStream json = ExampleWorkflows.class.getResourceAsStream(resource)) {
            if (json == null) {
                throw new FlowScriptException("workflow_not_found", "There is no example workflow \"" + id + "\"");
            }
            return Workflows.read(json, id + ".json");
        } catch (IOException e) {
            throw new FlowScriptException("unreadable_file", "The example workflow \"" + id + "\" cannot be read", e);
        }
    }
}
