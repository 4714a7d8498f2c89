package io.flowscript.json.protocol;

import io.flowscript.core.engine.ExecutionResult;
import io.flowscript.core.engine.ExecutionSnapshot;
import io.flowscript.core.interaction.Interaction;
import java.util.List;

/** What clients are shown of an execution (protocol, sections 2 and 5): each member is described here, for messages and for REST. */
final class ExecutionView {

    private ExecutionView() {}

    /** One among many. */
    static void row(ExecutionSnapshot snapshot, FieldWriter out) {
        ExecutionResult result = snapshot.result();
        out.text("executionId", snapshot.executionId())
                .text("workflowId", snapshot.workflowId())
                .text("status", snapshot.status().id())
                .time("startTime", snapshot.createdAt())
                .time("endTime", result == null ? null : result.endedAt());
    }

    /** An execution as it is; everything is of the one moment of the snapshot. */
    static void status(ExecutionSnapshot snapshot, FieldWriter out) {
        row(snapshot, out);
        ExecutionResult result = snapshot.result();
        if (result != null) {
            out.text("error", result.error()).text("code", result.code());
        }
        ExecutionSnapshot.Visit visit = snapshot.visit();
        if (visit != null) {
            out.inMessages(message ->
                            message.text("currentNodeId", visit.nodeId()).text("currentNodeName", visit.nodeName()))
                    .inResources(resource -> resource.object(
                            "currentNode",
                            node -> node.text("id", visit.nodeId()).text("name", visit.nodeName())));
        }
        out.objects("pauseTokens", snapshot.open(), (open, names) -> InteractionView.token(open.token(), names))
                .state("state", snapshot.state())
                .inMessages(message -> message.text("epoch", snapshot.epoch())
                        .number("latest", snapshot.seq())
                        .objects("interactions", questions(snapshot), InteractionView::full))
                .inResources(resource -> resource.text("position", PositionText.of(snapshot.epoch(), snapshot.seq())));
    }

    private static List<Interaction> questions(ExecutionSnapshot snapshot) {
        return snapshot.open().stream().filter(open -> open.question() != null).toList();
    }
}
