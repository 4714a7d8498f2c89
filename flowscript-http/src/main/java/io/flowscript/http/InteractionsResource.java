package io.flowscript.http;

import static io.flowscript.http.RestResponse.fields;

import io.flowscript.core.interaction.Interaction;
import io.flowscript.core.interaction.Interactions;
import io.flowscript.core.interaction.Receipt;
import io.flowscript.core.runtime.PauseToken;
import io.flowscript.events.operations.OperationException;
import io.flowscript.events.operations.Operations;
import io.flowscript.json.protocol.ClientMessage;
import io.flowscript.json.protocol.ErrorCode;
import io.flowscript.json.protocol.ResourceView;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Interactions over REST: shows, answers, claims and releases them. Safe for use by any thread. */
final class InteractionsResource {

    private final Operations operations;
    private final ResourceView view;

    InteractionsResource(Operations operations, ResourceView view) {
        this.operations = operations;
        this.view = view;
    }

    RestResponse show(RestRequest call) {
        Interaction asked =
                operations.interaction(call.who(), call.id(), call.ids().get(1));
        return RestResponse.ok(view.interaction(asked, operations.redaction(call.who(), asked)));
    }

    RestResponse resume(RestRequest call) {
        Receipt.Accepted receipt = operations.answer(
                call.sender(),
                new ClientMessage.Resume(
                        call.idempotencyKey(),
                        call.id(),
                        call.text("nodeId"),
                        call.text("tokenId"),
                        call.data(),
                        call.text("seen")));
        return accepted(call.id(), receipt);
    }

    /**
     * The response to an accepted answer.
     *
     * @param executionId the execution; null to leave it out of the response
     * @param receipt the receipt
     */
    static RestResponse accepted(@Nullable String executionId, Receipt.Accepted receipt) {
        return RestResponse.ok(
                "executionId",
                executionId,
                "status",
                receipt.closes() ? "resumed" : "paused",
                "closes",
                receipt.closes(),
                "at",
                ResourceView.time(receipt.at()),
                "message",
                receipt.closes() ? "The answer counts" : "The answer counts; more are needed");
    }

    RestResponse claim(RestRequest call) {
        Operations.Claimed claimed = operations.claim(
                call.sender(),
                new ClientMessage.Claim(
                        call.idempotencyKey(),
                        call.id(),
                        call.text("nodeId"),
                        call.text("tokenId"),
                        lease(call.body().get("lease"))));
        Map<String, @Nullable Object> body = fields();
        body.putAll(view.token(claimed.token()));
        body.put("status", "claimed");
        body.putAll(ResourceView.details(Map.of("claim", claimed.claim())));
        body.put("message", "The interaction is yours");
        return RestResponse.ok(body);
    }

    RestResponse release(RestRequest call) {
        PauseToken released = operations.release(
                call.sender(),
                new ClientMessage.Release(call.idempotencyKey(), call.id(), call.text("nodeId"), call.text("tokenId")));
        Map<String, @Nullable Object> body = fields();
        body.putAll(view.token(released));
        body.putAll(fields("status", "open", "message", "The interaction is nobody's"));
        return RestResponse.ok(body);
    }

    private static Duration lease(@Nullable Object millis) {
        if (millis == null) {
            return Interactions.DEFAULT_LEASE;
        }
        if (millis instanceof Integer || millis instanceof Long) {
            return Duration.ofMillis(((Number) millis).longValue());
        }
        throw new OperationException(ErrorCode.INVALID_MESSAGE, "lease is to be a whole number of milliseconds");
    }
}
