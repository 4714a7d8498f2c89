package io.flowscript.client;

import io.flowscript.core.Identity;
import io.flowscript.core.interaction.Receipt;
import io.flowscript.core.runtime.PauseToken;
import io.flowscript.core.runtime.Violation;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Makes the receipt of the reply to an answer. Stateless. */
final class Receipts {

    private Receipts() {}

    /**
     * Makes a receipt.
     *
     * @param asked which interaction was answered
     * @throws RefusedException when the reply does not tell of an interaction
     */
    static Receipt of(PauseToken asked, Message reply) {
        String nodeId = reply.optionalText("nodeId");
        PauseToken token =
                new PauseToken(asked.executionId(), nodeId == null ? asked.nodeId() : nodeId, asked.tokenId());
        Instant at = Instant.ofEpochMilli(reply.number("at", reply.timestamp()));
        if (reply.is("resume_success")) {
            return new Receipt.Accepted(
                    token, at, Boolean.TRUE.equals(reply.data().get("closes")));
        }
        String code = reply.text("code");
        String text = reply.optionalText("error") == null ? reply.optionalText("message") : reply.text("error");
        return switch (code) {
            case "validation_failed" -> new Receipt.Invalid(token, violations(reply.data()));
            case "already_resolved" -> new Receipt.AlreadyResolved(token, identity(reply.optionalText("by")), at);
            case "expired" -> new Receipt.Expired(token, at);
            case "execution_finished" -> new Receipt.Cancelled(token, at);
            case "forbidden", "already_claimed" -> new Receipt.Forbidden(token, code, String.valueOf(text));
            case "stale" ->
                new Receipt.Stale(
                        token,
                        object(reply.data().get("seenData")),
                        object(reply.data().get("contextData")),
                        reply.optionalText("contextHash"));
            case "interaction_not_found" -> new Receipt.NotFound();
            case "idempotency_conflict" -> new Receipt.Conflict(token);
            default -> throw new RefusedException(code, String.valueOf(text), reply.data());
        };
    }

    private static List<Violation> violations(Map<String, @Nullable Object> data) {
        List<Violation> violations = new ArrayList<>();
        if (data.get("violations") instanceof List<?> list) {
            for (Object each : list) {
                Map<String, @Nullable Object> fields = Message.object(each);
                violations.add(new Violation(
                        Message.text(fields, "path"),
                        Message.text(fields, "keyword"),
                        Message.text(fields, "message")));
            }
        }
        return violations;
    }

    private static @Nullable Identity identity(@Nullable String name) {
        return name == null ? null : Identity.of(name);
    }

    private static @Nullable Map<String, @Nullable Object> object(@Nullable Object value) {
        return value == null ? null : Message.object(value);
    }
}
