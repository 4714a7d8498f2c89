package io.flowscript.http;

import io.flowscript.core.snapshot.ExecutionStatus;
import io.flowscript.events.operations.OperationException;
import io.flowscript.events.operations.Operations;
import io.flowscript.json.protocol.ClientMessage;
import io.flowscript.json.protocol.ErrorCode;
import io.flowscript.json.protocol.ResourceView;
import org.jspecify.annotations.Nullable;

/** Executions over REST: their status, and their cancellation. Safe for use by any thread. */
final class ExecutionsResource {

    private static final int MAX_REASON_LENGTH = 1_000;

    private final Operations operations;
    private final ResourceView view;

    ExecutionsResource(Operations operations, ResourceView view) {
        this.operations = operations;
        this.view = view;
    }

    RestResponse list(RestRequest call) {
        Operations.ExecutionPage page = operations.executions(
                call.who(),
                call.parameter("workflowId"),
                status(call.parameter("status")),
                call.parameter("cursor"),
                call.limit());
        return RestResponse.ok(
                "executions",
                page.executions().stream()
                        .map(execution -> view.executionRow(execution.snapshot()))
                        .toList(),
                "next",
                page.next());
    }

    RestResponse status(RestRequest call) {
        return RestResponse.ok(
                view.execution(operations.execution(call.who(), call.id()).snapshot()));
    }

    RestResponse cancel(RestRequest call) {
        String reason = call.text("reason");
        if (reason != null && reason.length() > MAX_REASON_LENGTH) {
            throw new OperationException(
                    ErrorCode.INVALID_MESSAGE, "A reason has " + MAX_REASON_LENGTH + " characters at the most");
        }
        // As over WebSocket, an empty reason counts as none.
        String said = reason == null || reason.isEmpty() ? null : reason;
        Operations.Cancelled cancelled =
                operations.cancel(call.sender(), new ClientMessage.Cancel(call.idempotencyKey(), call.id(), said));
        ExecutionStatus status = cancelled.execution().status();
        if (!cancelled.now() && status != ExecutionStatus.CANCELLED) {
            throw new OperationException(
                    ErrorCode.EXECUTION_FINISHED, "The execution had ended before; it is " + status.id());
        }
        String message = cancelled.now() ? "The execution is cancelled" : "The execution was cancelled before";
        return RestResponse.ok("executionId", call.id(), "status", status.id(), "message", message);
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
        throw new OperationException(
                ErrorCode.INVALID_MESSAGE, "A status is pending, running, paused, completed, failed or cancelled");
    }
}
