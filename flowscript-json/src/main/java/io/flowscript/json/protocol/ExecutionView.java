package io.flowscript.json.protocol;

import io.flowscript.core.bridge.Redaction;
import io.flowscript.core.interaction.Interaction;
import io.flowscript.core.snapshot.ExecutionResult;
import io.flowscript.core.snapshot.ExecutionSnapshot;
import java.util.List;

/** Writes what clients see of an execution (protocol, sections 2 and 5), for messages and for REST. */
final class ExecutionView {

    private ExecutionView() {}

    /** Writes an execution as an entry of a list. */
    static void row(ExecutionSnapshot snapshot, FieldWriter out) {
        ExecutionResult result = snapshot.result();
        out.text("executionId", snapshot.executionId())
                .text("workflowId", snapshot.workflowId())
                .text("status", snapshot.status().id())
                .time("startTime", snapshot.createdAt())
                .time("endTime", result == null ? null : result.endedAt());
    }

    /** Writes the status of an execution; all data comes from the one snapshot. */
    static void status(ExecutionSnapshot snapshot, Redaction redaction, FieldWriter out) {
        out.redacting(redaction);
        row(snapshot, out);
        out.text("hash", snapshot.definitionHash());
        ExecutionResult result = snapshot.result();
        if (result != null) {
            out.text("error", result.error()).text("code", result.code());
        }
        ExecutionSnapshot.Visit visit = snapshot.visit();
        if (visit != null) {
            out.inMessages(message -> message.text("currentNodeId", visit.nodeId())
                            .text("currentNodeName", visit.nodeName())
                            .text("currentStep", visit.step()))
                    .inResources(resource -> resource.object(
                            "currentNode",
                            node -> node.text("id", visit.nodeId())
                                    .text("name", visit.nodeName())
                                    .text("step", visit.step())));
        }
        out.texts(
                        "pauseTokens",
                        snapshot.open().stream()
                                .map(open -> open.token().tokenId())
                                .toList())
                .state("state", snapshot.secrets().mask(snapshot.state()))
                .inMessages(message -> message.text("epoch", snapshot.epoch())
                        .number("latest", snapshot.seq())
                        .objects(
                                "interactions",
                                questions(snapshot),
                                (asked, members) -> InteractionView.full(asked, redaction, members)))
                .inResources(resource -> resource.text("position", PositionText.of(snapshot.epoch(), snapshot.seq())));
    }

    private static List<Interaction> questions(ExecutionSnapshot snapshot) {
        return snapshot.open().stream().filter(open -> open.question() != null).toList();
    }
}
