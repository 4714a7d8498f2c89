package io.flowscript.http;

import static io.flowscript.http.RestResponse.fields;

import io.flowscript.engine.Execution;
import io.flowscript.engine.WorkflowVersion;
import io.flowscript.events.operations.OperationException;
import io.flowscript.events.operations.Operations;
import io.flowscript.json.protocol.ClientMessage;
import io.flowscript.json.protocol.ErrorCode;
import io.flowscript.json.protocol.ResourceView;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Workflows, over REST. Safe for use by any thread. */
final class WorkflowsResource {

    private final Operations operations;
    private final ResourceView view;

    WorkflowsResource(Operations operations, ResourceView view) {
        this.operations = operations;
        this.view = view;
    }

    RestResponse list(RestRequest call) {
        return RestResponse.ok(
                "workflows",
                operations.workflows(call.who()).stream()
                        .map(workflow -> fields(
                                "id",
                                workflow.id(),
                                "name",
                                workflow.name(),
                                "description",
                                workflow.description(),
                                "source",
                                fileName(workflow.source())))
                        .toList());
    }

    RestResponse show(RestRequest call) {
        Operations.Workflow workflow = operations.workflow(call.who(), call.id(), call.parameter("hash"));
        return RestResponse.ok(view.workflow(workflow.definition(), workflow.graph()));
    }

    RestResponse versions(RestRequest call) {
        return RestResponse.ok(
                "versions",
                operations.versions(call.who(), call.id()).stream()
                        .map(version -> fields(
                                "hash",
                                version.hash(),
                                "registered",
                                version.registered(),
                                "name",
                                version.definition().name(),
                                "description",
                                version.definition().description(),
                                "source",
                                fileName(version.definition().source()),
                                "executions",
                                counts(version)))
                        .toList());
    }

    private static Map<String, Integer> counts(WorkflowVersion version) {
        Map<String, Integer> counts = new LinkedHashMap<>();
        version.executions().forEach((status, count) -> counts.put(status.id(), count));
        return counts;
    }

    /** The name of the file that a definition comes from. The directories of the server are not shown. */
    private static String fileName(String source) {
        return source.substring(Math.max(source.lastIndexOf('/'), source.lastIndexOf('\\')) + 1);
    }

    RestResponse execute(RestRequest call) {
        @SuppressWarnings("NullAway") // on JDK 17 the nullness of type arguments is not read from class files
        ClientMessage.Execute command = new ClientMessage.Execute(
                call.idempotencyKey(), call.id(), input(call.body()), call.text("executionId"));
        Execution execution = operations.start(call.sender(), command).execution();
        return new RestResponse(
                HttpStatus.CREATED_201,
                fields(
                        "executionId",
                        execution.id(),
                        "workflowId",
                        execution.workflowId(),
                        "status",
                        "started",
                        "message",
                        "The workflow has started"));
    }

    private static Map<String, @Nullable Object> input(Map<String, @Nullable Object> body) {
        String name = body.containsKey("input") ? "input" : "initialInput";
        Object input = body.get(name);
        if (input == null) {
            return Map.of();
        }
        if (input instanceof Map<?, ?> fields) {
            @SuppressWarnings("unchecked") // the keys of a JSON object are strings
            Map<String, @Nullable Object> object = (Map<String, @Nullable Object>) fields;
            return object;
        }
        throw new OperationException(ErrorCode.INVALID_MESSAGE, name + " is to be a JSON object");
    }
}
