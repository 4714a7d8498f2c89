package io.flowscript.http;

import io.flowscript.core.bridge.AccessPolicy.Action;
import io.flowscript.core.engine.Execution;
import io.flowscript.core.engine.ExecutionSnapshot;
import io.flowscript.core.engine.FlowScript;
import io.flowscript.core.interaction.AnswerOptions;
import io.flowscript.core.interaction.Interaction;
import io.flowscript.core.interaction.Interactions;
import io.flowscript.core.runtime.PauseToken;
import io.flowscript.events.delivery.Commands;
import io.flowscript.json.protocol.ClientMessage;
import io.flowscript.json.protocol.ErrorCode;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** What executions ask people, over REST. Safe for use by any thread. */
final class InteractionsResource {

    private final FlowScript flows;
    private final Rights rights;
    private final InteractionView view;
    private final ReceiptResponses receipts;
    private final Commands commands;

    InteractionsResource(
            FlowScript flows, Rights rights, InteractionView view, ReceiptResponses receipts, Commands commands) {
        this.flows = flows;
        this.rights = rights;
        this.view = view;
        this.receipts = receipts;
        this.commands = commands;
    }

    RestResponse show(RestRequest call) {
        Interaction found = flows.interactions()
                .find(new PauseToken(call.id(), "", call.ids().get(1)))
                .filter(asked -> rights.sees(call.who(), asked))
                .orElseThrow(() -> Refusal.of(ErrorCode.INTERACTION_NOT_FOUND, "There is no such question"));
        return RestResponse.ok(view.full(found));
    }

    RestResponse resume(RestRequest call) {
        Execution execution = rights.permitted(call.who(), Action.ANSWER, call.id());
        Object data = call.data();
        Interaction asked = named(call, execution, Action.ANSWER);
        AnswerOptions options = new AnswerOptions(call.named(), call.idempotencyKey(), call.text("seen"));
        return receipts.of(
                execution.id(), flows.interactions().answer(asked.token(), data, options), "Idempotency-Key");
    }

    RestResponse claim(RestRequest call) {
        Execution execution = rights.permitted(call.who(), Action.CLAIM, call.id());
        Duration lease = lease(call.body().get("lease"));
        Interaction asked = named(call, execution, Action.CLAIM);
        Commands.Claimed claimed = commands.claim(
                call.sender(),
                new ClientMessage.Claim(
                        call.idempotencyKey(), call.id(), call.text("nodeId"), call.text("tokenId"), lease),
                asked.token());
        Map<String, @Nullable Object> body = InteractionView.names(claimed.question());
        body.putAll(RestResponse.fields(
                "status",
                "claimed",
                "claim",
                InteractionView.claim(claimed.claim()),
                "message",
                "The question is yours"));
        return RestResponse.ok(body);
    }

    RestResponse release(RestRequest call) {
        Execution execution = rights.permitted(call.who(), Action.CLAIM, call.id());
        Interaction asked = named(call, execution, Action.CLAIM);
        PauseToken released = commands.release(
                call.sender(),
                new ClientMessage.Release(call.idempotencyKey(), call.id(), call.text("nodeId"), call.text("tokenId")),
                asked.token());
        Map<String, @Nullable Object> body = InteractionView.names(released);
        body.put("status", "open");
        body.put("message", "The question is nobody's");
        return RestResponse.ok(body);
    }

    /** The question that a request names, by its token or by the visit that asks it. */
    private Interaction named(RestRequest call, Execution execution, Action action) {
        String nodeId = call.text("nodeId");
        String tokenId = call.text("tokenId");
        if (nodeId == null && tokenId == null) {
            throw Refusal.of(ErrorCode.INVALID_MESSAGE, "Name the question by its nodeId or by its tokenId");
        }
        return rights.permitted(
                call.who(),
                action,
                find(
                        execution.snapshot(),
                        token -> (nodeId == null || nodeId.equals(token.nodeId()))
                                && (tokenId == null || tokenId.equals(token.tokenId()))));
    }

    /** The oldest one that is open, or else the one that was closed last. */
    private static Optional<Interaction> find(ExecutionSnapshot execution, Predicate<PauseToken> wanted) {
        List<Interaction> closed = execution.closed();
        Optional<Interaction> open = execution.open().stream()
                .filter(asked -> wanted.test(asked.token()))
                .findFirst();
        return open.or(() ->
                closed.stream().filter(asked -> wanted.test(asked.token())).reduce((earlier, later) -> later));
    }

    private static Duration lease(@Nullable Object millis) {
        if (millis == null) {
            return Interactions.DEFAULT_LEASE;
        }
        if (millis instanceof Integer || millis instanceof Long) {
            return Duration.ofMillis(((Number) millis).longValue());
        }
        throw Refusal.of(ErrorCode.INVALID_MESSAGE, "lease is to be a whole number of milliseconds");
    }
}
