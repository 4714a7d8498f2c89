package io.flowscript.client;

import io.flowscript.core.interaction.AnswerOptions;
import io.flowscript.core.interaction.Receipt;
import io.flowscript.core.json.Json;
import io.flowscript.core.runtime.PauseToken;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Sends answers. Stateless. */
final class Answers {

    private Answers() {}

    static CompletableFuture<Receipt> send(
            ClientCore core,
            String executionId,
            @Nullable String nodeId,
            String tokenId,
            @Nullable Object answer,
            AnswerOptions options) {
        if (options.by() != null) {
            throw new IllegalArgumentException(
                    "The credentials say who answers; an answer to a server has no identity");
        }
        Map<String, @Nullable Object> data = named(executionId, nodeId, tokenId);
        data.put("data", Json.freeze(answer));
        if (options.seen() != null) {
            data.put("seen", options.seen());
        }
        String key = options.idempotencyKey() == null ? ClientContext.newId() : options.idempotencyKey();
        PauseToken token = new PauseToken(executionId, nodeId == null ? "" : nodeId, tokenId);
        return core.command("resume", key, data, reply -> Receipts.of(token, reply));
    }

    static Map<String, @Nullable Object> named(String executionId, @Nullable String nodeId, String tokenId) {
        Map<String, @Nullable Object> data = new LinkedHashMap<>();
        data.put("executionId", executionId);
        if (nodeId != null && !nodeId.isEmpty()) {
            data.put("nodeId", nodeId);
        }
        data.put("tokenId", tokenId);
        return data;
    }
}
