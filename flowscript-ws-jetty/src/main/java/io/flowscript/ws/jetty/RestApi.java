package io.flowscript.ws.jetty;

import io.flowscript.core.Identity;
import io.flowscript.core.bridge.AccessPolicy;
import io.flowscript.core.bridge.AccessPolicy.Action;
import io.flowscript.core.engine.Execution;
import io.flowscript.core.engine.ExecutionResult;
import io.flowscript.core.engine.ExecutionSnapshot;
import io.flowscript.core.engine.ExecutionStatus;
import io.flowscript.core.engine.FlowScript;
import io.flowscript.core.interaction.AnswerOptions;
import io.flowscript.core.interaction.Receipt;
import io.flowscript.core.json.Json;
import io.flowscript.core.runtime.PauseToken;
import io.flowscript.core.workflow.WorkflowDefinition;
import io.flowscript.events.codec.JsonWriter;
import io.flowscript.events.protocol.ErrorCode;
import io.flowscript.events.protocol.WireSettings;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.eclipse.jetty.http.HttpStatus;
import org.jspecify.annotations.Nullable;

/**
 * What can be asked over REST (protocol, section 5), without HTTP: plain values in, plain values out. Asks the access policy for each request; what
 * one may not see and what does not exist look alike. Safe for use by any thread.
 */
final class RestApi {

    private static final int DEFAULT_LIMIT = 100;
    private static final int MAX_LIMIT = 1_000;
    /** How many executions one request looks at, when the policy hides most of them. */
    private static final int MAX_LOOKED_AT = 10_000;

    private static final int MAX_REASON_LENGTH = 1_000;

    private static final System.Logger LOG = System.getLogger(RestApi.class.getName());

    private final FlowScript flows;
    private final AccessPolicy policy;
    private final WireSettings wire;

    RestApi(FlowScript flows, AccessPolicy policy, WireSettings wire) {
        this.flows = flows;
        this.policy = policy;
        this.wire = wire;
    }

    Answer workflows(Identity who) {
        List<Map<String, @Nullable Object>> seen = new ArrayList<>();
        for (WorkflowDefinition workflow : flows.workflows()) {
            if (permits(who, Action.VIEW, workflow.id(), null) || permits(who, Action.START, workflow.id(), null)) {
                seen.add(fields("id", workflow.id(), "name", workflow.name(), "description", workflow.description()));
            }
        }
        return ok(fields("workflows", seen));
    }

    Answer execute(Identity who, String workflowId, Map<String, @Nullable Object> body) {
        Map<String, @Nullable Object> input = input(body);
        String executionId = text(body, "executionId");
        if (!permits(who, Action.START, workflowId, executionId)) {
            throw permits(who, Action.VIEW, workflowId, null)
                    ? refusal(ErrorCode.FORBIDDEN, "You may not start this workflow")
                    : refusal(ErrorCode.WORKFLOW_NOT_FOUND, "There is no such workflow");
        }
        Execution execution =
                executionId == null ? flows.start(workflowId, input) : flows.start(workflowId, input, executionId);
        return new Answer(
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

    Answer executions(Identity who, Map<String, List<String>> query) {
        String workflowId = parameter(query, "workflowId");
        ExecutionStatus status = status(parameter(query, "status"));
        int limit = limit(parameter(query, "limit"));
        String cursor = parameter(query, "cursor");
        List<Map<String, @Nullable Object>> found = new ArrayList<>();
        int lookedAt = 0;
        boolean more = true;
        while (more && found.size() < limit && lookedAt < MAX_LOOKED_AT) {
            int wanted = limit - found.size();
            List<Execution> next = flows.executions().list(workflowId, status, cursor, wanted);
            for (Execution execution : next) {
                cursor = execution.id();
                if (permits(who, Action.VIEW, execution.workflowId(), execution.id())) {
                    found.add(row(execution.snapshot()));
                }
            }
            lookedAt += next.size();
            more = next.size() == wanted;
        }
        return ok(fields("executions", found, "next", more ? cursor : null));
    }

    Answer status(Identity who, String executionId) {
        ExecutionSnapshot snapshot = visible(who, executionId).snapshot();
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
                        .map(open -> fields(
                                "executionId",
                                open.token().executionId(),
                                "nodeId",
                                open.token().nodeId(),
                                "tokenId",
                                open.token().tokenId()))
                        .toList());
        Object state = snapshot.state();
        if (wire.state() && JsonWriter.fits(state, Json.weight(state), wire.maxValueBytes())) {
            body.put("state", state);
        } else {
            body.put("omitted", List.of("state"));
        }
        body.put("position", snapshot.epoch() + ":" + snapshot.seq());
        return ok(body);
    }

    Answer resume(
            Identity who, String executionId, Map<String, @Nullable Object> body, @Nullable String idempotencyKey) {
        Execution execution = permitted(who, Action.ANSWER, executionId);
        String nodeId = text(body, "nodeId");
        String tokenId = text(body, "tokenId");
        if (!body.containsKey("data")) {
            throw refusal(ErrorCode.INVALID_MESSAGE, "There is no answer; put it into data, as any JSON value");
        }
        Object data = body.get("data");
        AnswerOptions options = new AnswerOptions(named(who), idempotencyKey, null);
        if (tokenId != null) {
            PauseToken token = token(execution, nodeId, tokenId);
            return receipt(executionId, flows.interactions().answer(token, data, options));
        }
        if (nodeId != null) {
            return receipt(executionId, flows.interactions().answer(executionId, nodeId, data, options));
        }
        throw refusal(ErrorCode.INVALID_MESSAGE, "Name the question by its nodeId or by its tokenId");
    }

    Answer cancel(Identity who, String executionId, Map<String, @Nullable Object> body) {
        Execution execution = permitted(who, Action.CANCEL, executionId);
        String reason = text(body, "reason");
        if (reason != null && reason.length() > MAX_REASON_LENGTH) {
            throw refusal(ErrorCode.INVALID_MESSAGE, "A reason has " + MAX_REASON_LENGTH + " characters at the most");
        }
        boolean now = execution.cancel(reason, named(who));
        ExecutionStatus status = execution.status();
        if (!now && status != ExecutionStatus.CANCELLED) {
            throw refusal(ErrorCode.EXECUTION_FINISHED, "The execution had ended before; it is " + status.id());
        }
        String message = now ? "The execution is cancelled" : "The execution was cancelled before";
        return ok(fields("executionId", executionId, "status", status.id(), "message", message));
    }

    private static Answer receipt(String executionId, Receipt receipt) {
        if (receipt instanceof Receipt.Accepted) {
            return ok(fields("executionId", executionId, "status", "resumed", "message", "The answer counts"));
        }
        ErrorCode code = ErrorCode.of(receipt.code()).orElse(ErrorCode.INTERNAL);
        if (receipt instanceof Receipt.Invalid invalid) {
            throw refusal(
                    code,
                    "The answer does not fit the form; the question is still open",
                    fields(
                            "violations",
                            invalid.violations().stream()
                                    .map(v -> fields("path", v.path(), "message", v.message(), "keyword", v.keyword()))
                                    .toList()));
        }
        if (receipt instanceof Receipt.AlreadyResolved resolved) {
            Identity by = resolved.by();
            throw refusal(
                    code,
                    "Another answer was first",
                    fields("by", by == null ? null : by.name(), "at", iso(resolved.at())));
        }
        if (receipt instanceof Receipt.Expired expired) {
            throw refusal(code, "The question's time is over", fields("at", iso(expired.at())));
        }
        if (receipt instanceof Receipt.Cancelled cancelled) {
            throw refusal(code, "The question was withdrawn", fields("at", iso(cancelled.at())));
        }
        if (receipt instanceof Receipt.Forbidden forbidden) {
            throw refusal(code, forbidden.message());
        }
        if (receipt instanceof Receipt.Stale stale) {
            throw refusal(
                    code,
                    "What is shown has changed since; look at it again, and answer with its contextHash",
                    fields("contextData", stale.shown(), "contextHash", stale.contextHash(), "seenData", stale.seen()));
        }
        if (receipt instanceof Receipt.Conflict) {
            throw refusal(code, "This Idempotency-Key was used before, with another answer; nothing has changed");
        }
        throw refusal(code, "There is no such question in this execution; its status lists the open ones");
    }

    /** A question is found by its token; the visit is looked up where it is not given. */
    private static PauseToken token(Execution execution, @Nullable String nodeId, String tokenId) {
        if (nodeId != null) {
            return new PauseToken(execution.id(), nodeId, tokenId);
        }
        ExecutionSnapshot snapshot = execution.snapshot();
        Optional<PauseToken> open = snapshot.open().stream()
                .map(question -> question.token())
                .filter(token -> token.tokenId().equals(tokenId))
                .findFirst();
        return open.or(() -> snapshot.closed().stream()
                        .map(question -> question.token())
                        .filter(token -> token.tokenId().equals(tokenId))
                        .findFirst())
                .orElse(new PauseToken(execution.id(), "", tokenId));
    }

    /** A policy that fails permits nothing. */
    private boolean permits(Identity who, Action action, @Nullable String workflowId, @Nullable String executionId) {
        try {
            return policy.permits(who, action, workflowId, executionId);
        } catch (RuntimeException e) {
            LOG.log(System.Logger.Level.ERROR, "The access policy failed; the request is refused", e);
            return false;
        }
    }

    private static @Nullable Identity named(Identity who) {
        return who.equals(Identity.ANONYMOUS) ? null : who;
    }

    private Execution visible(Identity who, String executionId) {
        return flows.executions()
                .find(executionId)
                .filter(found -> permits(who, Action.VIEW, found.workflowId(), executionId))
                .orElseThrow(() -> refusal(ErrorCode.EXECUTION_NOT_FOUND, "There is no such execution"));
    }

    private Execution permitted(Identity who, Action action, String executionId) {
        Optional<Execution> found = flows.executions().find(executionId);
        if (found.isPresent() && permits(who, action, found.get().workflowId(), executionId)) {
            return found.get();
        }
        visible(who, executionId);
        throw refusal(ErrorCode.FORBIDDEN, "You may see this execution, but not do this to it");
    }

    private static Map<String, @Nullable Object> row(ExecutionSnapshot snapshot) {
        ExecutionResult result = snapshot.result();
        Map<String, @Nullable Object> row = fields(
                "executionId", snapshot.executionId(),
                "workflowId", snapshot.workflowId(),
                "status", snapshot.status().id(),
                "startTime", iso(snapshot.createdAt()));
        if (result != null) {
            row.put("endTime", iso(result.endedAt()));
        }
        return row;
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
        throw refusal(ErrorCode.INVALID_MESSAGE, name + " is to be a JSON object");
    }

    private static @Nullable String text(Map<String, @Nullable Object> body, String name) {
        Object value = body.get(name);
        if (value == null || value instanceof String) {
            return (String) value;
        }
        throw refusal(ErrorCode.INVALID_MESSAGE, name + " is to be a string");
    }

    private static @Nullable String parameter(Map<String, List<String>> query, String name) {
        List<String> values = query.getOrDefault(name, List.of());
        if (values.size() > 1) {
            throw refusal(ErrorCode.INVALID_MESSAGE, "The parameter " + name + " is there more than once");
        }
        return values.isEmpty() || values.get(0).isEmpty() ? null : values.get(0);
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
        throw refusal(
                ErrorCode.INVALID_MESSAGE, "A status is pending, running, paused, completed, failed or cancelled");
    }

    private static int limit(@Nullable String text) {
        if (text == null) {
            return DEFAULT_LIMIT;
        }
        try {
            int limit = Integer.parseInt(text);
            if (limit >= 1 && limit <= MAX_LIMIT) {
                return limit;
            }
        } catch (NumberFormatException e) {
            // said below
        }
        throw refusal(ErrorCode.INVALID_MESSAGE, "A limit is a number from 1 to " + MAX_LIMIT);
    }

    private static String iso(Instant time) {
        return time.toString();
    }

    private static Answer ok(Map<String, @Nullable Object> body) {
        return new Answer(HttpStatus.OK_200, body);
    }

    private static Refusal refusal(ErrorCode code, String detail) {
        return new Refusal(Problem.of(code, detail));
    }

    private static Refusal refusal(ErrorCode code, String detail, Map<String, @Nullable Object> more) {
        return new Refusal(Problem.of(code, detail).with(more));
    }

    /** An object of names and values; what is null is left out. */
    private static Map<String, @Nullable Object> fields(@Nullable Object... namesAndValues) {
        Map<String, @Nullable Object> fields = new LinkedHashMap<>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            Object value = namesAndValues[i + 1];
            if (value != null) {
                fields.put(String.valueOf(namesAndValues[i]), value);
            }
        }
        return fields;
    }
}
