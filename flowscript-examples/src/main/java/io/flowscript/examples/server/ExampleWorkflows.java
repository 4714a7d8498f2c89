package io.flowscript.examples.server;

import io.flowscript.core.FlowScriptException;
import io.flowscript.core.workflow.WorkflowDefinition;
import io.flowscript.json.Workflows;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;

/** The workflows that come with the demo server, as JSON files in its jar. */
public final class ExampleWorkflows {

    /** Their ids, which are the names of their files too. */
    public static final List<String> IDS =
            List.of("expense-approval", "travel-request", "data-processing", "guessing-game", "five-hundred-steps");

    private ExampleWorkflows() {}

    /** {@return every workflow that comes with the demo server} */
    public static List<WorkflowDefinition> all() {
        return IDS.stream().map(ExampleWorkflows::read).toList();
    }

    /**
     * One of them.
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
