package io.flowscript.http;

import static io.flowscript.http.RestResponse.fields;

import io.flowscript.core.bridge.AccessPolicy.Action;
import io.flowscript.core.engine.Execution;
import io.flowscript.core.engine.FlowScript;
import io.flowscript.core.workflow.WorkflowDefinition;
import io.flowscript.events.delivery.Commands;
import io.flowscript.json.protocol.ClientMessage;
import io.flowscript.json.protocol.ErrorCode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Workflows, over REST. Safe for use by any thread. */
final class WorkflowsResource {

    private final FlowScript flows;
    private final Rights rights;
    private final Commands commands;

    WorkflowsResource(FlowScript flows, Rights rights, Commands commands) {
        this.flows = flows;
        this.rights = rights;
        this.commands = commands;
    }

    RestResponse list(RestRequest call) {
        List<Map<String, @Nullable Object>> seen = new ArrayList<>();
        for (WorkflowDefinition workflow : flows.workflows()) {
            if (rights.permits(call.who(), Action.VIEW, workflow.id(), null)
                    || rights.permits(call.who(), Action.START, workflow.id(), null)) {
                seen.add(fields("id", workflow.id(), "name", workflow.name(), "description", workflow.description()));
            }
        }
        return RestResponse.ok("workflows", seen);
    }

    RestResponse execute(RestRequest call) {
        String workflowId = call.id();
        Map<String, @Nullable Object> input = input(call.body());
        String executionId = call.text("executionId");
        if (!rights.permits(call.who(), Action.START, workflowId, executionId)) {
            throw rights.permits(call.who(), Action.VIEW, workflowId, null)
                    ? Refusal.of(ErrorCode.FORBIDDEN, "You may not start this workflow")
                    : Refusal.of(ErrorCode.WORKFLOW_NOT_FOUND, "There is no such workflow");
        }
        @SuppressWarnings("NullAway") // what a class file says of nulls in type arguments is not read on JDK 17
        ClientMessage.Execute command =
                new ClientMessage.Execute(call.idempotencyKey(), workflowId, input, executionId);
        Execution execution = commands.execute(call.sender(), command).execution();
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
            @SuppressWarnings("unchecked") // a JSON object has strings for keys
            Map<String, @Nullable Object> object = (Map<String, @Nullable Object>) fields;
            return object;
        }
        throw Refusal.of(ErrorCode.INVALID_MESSAGE, name + " is to be a JSON object");
    }
}
