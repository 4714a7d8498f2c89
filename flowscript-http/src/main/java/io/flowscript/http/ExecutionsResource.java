package io.flowscript.http;

import static io.flowscript.http.RestResponse.fields;

import io.flowscript.core.bridge.AccessPolicy.Action;
import io.flowscript.core.engine.Execution;
import io.flowscript.core.engine.ExecutionResult;
import io.flowscript.core.engine.ExecutionSnapshot;
import io.flowscript.core.engine.ExecutionStatus;
import io.flowscript.core.engine.FlowScript;
import io.flowscript.core.json.Json;
import io.flowscript.events.delivery.Commands;
import io.flowscript.json.codec.JsonWriter;
import io.flowscript.json.protocol.ClientMessage;
import io.flowscript.json.protocol.ErrorCode;
import io.flowscript.json.protocol.PositionText;
import io.flowscript.json.protocol.WireSettings;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Executions, over REST: how they stand, and their end. Safe for use by any thread. */
final class ExecutionsResource {

    /** How many executions one request looks at, when the policy hides most of them. */
    private static final int MAX_LOOKED_AT = 10_000;

    private static final int MAX_REASON_LENGTH = 1_000;

    private final FlowScript flows;
    private final Rights rights;
    private final WireSettings wire;
    private final Commands commands;

    ExecutionsResource(FlowScript flows, Rights rights, WireSettings wire, Commands commands) {
        this.flows = flows;
        this.rights = rights;
        this.wire = wire;
        this.commands = commands;
    }

    RestResponse list(RestRequest call) {
        String workflowId = call.parameter("workflowId");
        ExecutionStatus status = status(call.parameter("status"));
        int limit = call.limit();
        String cursor = call.parameter("cursor");
        List<Map<String, @Nullable Object>> found = new ArrayList<>();
        int lookedAt = 0;
        boolean more = true;
        while (more && found.size() < limit && lookedAt < MAX_LOOKED_AT) {
            int wanted = limit - found.size();
            List<Execution> next = flows.executions().list(workflowId, status, cursor, wanted);
            for (Execution execution : next) {
                cursor = execution.id();
                if (rights.permits(call.who(), Action.VIEW, execution.workflowId(), execution.id())) {
                    found.add(row(execution.snapshot()));
                }
            }
            lookedAt += next.size();
            more = next.size() == wanted;
        }
        return RestResponse.ok("executions", found, "next", more ? cursor : null);
    }

    RestResponse status(RestRequest call) {
        ExecutionSnapshot snapshot = rights.visible(call.who(), call.id()).snapshot();
        Map<String, @Nullable Object> body = row(snapshot);
        ExecutionSnapshot.Visit visit = snapshot.visit();
        if (visit != null) {
            body.put("currentNode", fields("id", visit.nodeId(), "name", visit.nodeName()));
        }
        ExecutionResult result = snapshot.result();
        if (result != null && result.error() != null) {
            body.put("error", result.error());
            body.put("code", result.code());
        }
        body.put(
                "pauseTokens",
                snapshot.open().stream()
                        .map(open -> InteractionView.names(open.token()))
                        .toList());
        Object state = snapshot.state();
        if (wire.state() && JsonWriter.fits(state, Json.weight(state), wire.maxValueBytes())) {
            body.put("state", state);
        } else {
            body.put("omitted", List.of("state"));
        }
        body.put("position", PositionText.of(snapshot.epoch(), snapshot.seq()));
        return RestResponse.ok(body);
    }

    RestResponse cancel(RestRequest call) {
        Execution execution = rights.permitted(call.who(), Action.CANCEL, call.id());
        String reason = call.text("reason");
        if (reason != null && reason.length() > MAX_REASON_LENGTH) {
            throw Refusal.of(
                    ErrorCode.INVALID_MESSAGE, "A reason has " + MAX_REASON_LENGTH + " characters at the most");
        }
        // Over WebSocket an empty reason is none.
        String said = reason == null || reason.isEmpty() ? null : reason;
        boolean now = commands.cancel(
                call.sender(), new ClientMessage.Cancel(call.idempotencyKey(), call.id(), said), execution);
        ExecutionStatus status = execution.status();
        if (!now && status != ExecutionStatus.CANCELLED) {
            throw Refusal.of(ErrorCode.EXECUTION_FINISHED, "The execution had ended before; it is " + status.id());
        }
        String message = now ? "The execution is cancelled" : "The execution was cancelled before";
        return RestResponse.ok("executionId", call.id(), "status", status.id(), "message", message);
    }

    private static Map<String, @Nullable Object> row(ExecutionSnapshot snapshot) {
        ExecutionResult result = snapshot.result();
        return fields(
                "executionId",
                snapshot.executionId(),
                "workflowId",
                snapshot.workflowId(),
                "status",
                snapshot.status().id(),
                "startTime",
                snapshot.createdAt().toString(),
                "endTime",
                result == null ? null : result.endedAt().toString());
    }

    private static @Nullable ExecutionStatus status(@Nullable String id) {
        if (id == null) {
            return null;
        }
        for (ExecutionStatus status : ExecutionStatus.values()) {
            if (status.id().equals(id)) {
                return status;
            }
        }
        throw Refusal.of(
                ErrorCode.INVALID_MESSAGE, "A status is pending, running, paused, completed, failed or cancelled");
    }
}
