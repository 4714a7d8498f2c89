package io.flowscript.http;

import io.flowscript.core.Identity;
import io.flowscript.core.bridge.Redaction;
import io.flowscript.core.snapshot.ExecutionSnapshot;
import io.flowscript.core.snapshot.ExecutionStatus;
import io.flowscript.engine.Execution;
import io.flowscript.events.operations.ExecutionFilter;
import io.flowscript.events.operations.OperationException;
import io.flowscript.events.operations.Operations;
import io.flowscript.json.protocol.ClientMessage;
import io.flowscript.json.protocol.ErrorCode;
import io.flowscript.json.protocol.ResourceView;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Executions over REST: their status, and their cancellation. Safe for use by any thread. */
final class ExecutionsResource {

    private static final int MAX_REASON_LENGTH = 1_000;

    /** So many interactions of an execution are in an entry of the list. */
    private static final int MAX_WAITS_FOR = 3;

    private final Operations operations;
    private final ResourceView view;

    ExecutionsResource(Operations operations, ResourceView view) {
        this.operations = operations;
        this.view = view;
    }

    RestResponse list(RestRequest call) {
        Operations.ExecutionPage page =
                operations.executions(call.who(), filter(call), call.parameter("cursor"), call.limit());
        return RestResponse.ok(
                "executions",
                page.executions().stream()
                        .map(execution -> row(call.who(), execution.snapshot()))
                        .toList(),
                "next",
                page.next());
    }

    private Map<String, @Nullable Object> row(Identity who, ExecutionSnapshot snapshot) {
        Map<String, @Nullable Object> row = RestResponse.fields();
        row.putAll(view.executionRow(snapshot));
        List<?> waitsFor = snapshot.open().stream()
                .filter(asked -> operations.sees(who, asked))
                .limit(MAX_WAITS_FOR)
                .map(asked -> view.waitsFor(asked, operations.redaction(who, asked)))
                .toList();
        if (!waitsFor.isEmpty()) {
            row.put("waitsFor", waitsFor);
        }
        return row;
    }

    RestResponse count(RestRequest call) {
        Operations.ExecutionCount count = operations.count(call.who(), filter(call));
        return RestResponse.ok("count", count.value(), "exact", count.exact(), "byStatus", byStatus(count));
    }

    /** The numbers of executions by status, also of statuses that none has. */
    static Map<String, Long> byStatus(Operations.ExecutionCount count) {
        Map<String, Long> byStatus = new LinkedHashMap<>();
        for (ExecutionStatus status : ExecutionStatus.values()) {
            byStatus.put(status.id(), count.byStatus().getOrDefault(status, 0L));
        }
        return byStatus;
    }

    private static ExecutionFilter filter(RestRequest call) {
        return new ExecutionFilter(
                call.parameter("workflowId"),
                statuses(call.parameter("status")),
                call.parameter("text"),
                time(call, "from"),
                time(call, "to"));
    }

    RestResponse status(RestRequest call) {
        Execution execution = operations.execution(call.who(), call.id());
        Redaction redaction = operations.redaction(call.who(), execution.workflowId(), execution.id());
        return RestResponse.ok(view.execution(execution.snapshot(), redaction));
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

    private static @Nullable Instant time(RestRequest call, String name) {
        String text = call.parameter(name);
        try {
            return text == null ? null : OffsetDateTime.parse(text).toInstant();
        } catch (DateTimeException e) {
            throw new OperationException(
                    ErrorCode.INVALID_MESSAGE,
                    name + " is a time with its offset, such as 2026-01-01T00:00:00Z, with : and + escaped in a URL");
        }
    }

    private static Set<ExecutionStatus> statuses(@Nullable String ids) {
        Set<ExecutionStatus> statuses = EnumSet.noneOf(ExecutionStatus.class);
        if (ids != null) {
            for (String id : ids.split(",", -1)) {
                statuses.add(status(id));
            }
        }
        return statuses;
    }

    private static ExecutionStatus status(String id) {
        for (ExecutionStatus status : ExecutionStatus.values()) {
            if (status.id().equals(id)) {
                return status;
            }
        }
        throw new OperationException(
                ErrorCode.INVALID_MESSAGE, "A status is pending, running, paused, completed, failed or cancelled");
    }
}
