package io.flowscript.json.protocol;

import io.flowscript.core.json.Json;
import io.flowscript.core.workflow.WorkflowDefinition;
import io.flowscript.core.workflow.WorkflowGraph;
import io.flowscript.core.workflow.WorkflowGraph.Flow;
import io.flowscript.core.workflow.WorkflowGraph.Step;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Writes what clients see of a workflow (protocol, section 5). */
final class WorkflowView {

    private WorkflowView() {}

    /**
     * Writes a version of a workflow, without its document, since the config of a node can have what clients must not see. A graph that is too
     * large for a message is left out.
     */
    static void full(WorkflowDefinition definition, WorkflowGraph graph, FieldWriter out) {
        out.text("id", definition.id())
                .text("name", definition.name())
                .text("description", definition.description())
                .text("hash", definition.hash())
                .value("graph", plain(graph))
                .optional("input", definition.input());
    }

    private static Object plain(WorkflowGraph graph) {
        Map<String, @Nullable Object> members = new LinkedHashMap<>();
        members.put("start", graph.start());
        members.put("steps", graph.steps().stream().map(WorkflowView::plain).toList());
        members.put("flows", graph.flows().stream().map(WorkflowView::plain).toList());
        return Json.object(members);
    }

    private static Map<String, @Nullable Object> plain(Step step) {
        Map<String, @Nullable Object> members = new LinkedHashMap<>();
        members.put("id", step.id());
        members.put("name", step.name());
        members.put("kind", step.kind().id());
        if (step.type() != null) {
            members.put("type", step.type());
        }
        members.put("path", step.pointer());
        if (step.kind() == WorkflowGraph.Kind.LOOP) {
            members.put("inside", step.inside());
        }
        return members;
    }

    private static Map<String, @Nullable Object> plain(Flow flow) {
        Map<String, @Nullable Object> members = new LinkedHashMap<>();
        members.put("from", flow.from());
        members.put("to", flow.to());
        if (flow.edge() != null) {
            members.put("edge", flow.edge());
        }
        return members;
    }
}
