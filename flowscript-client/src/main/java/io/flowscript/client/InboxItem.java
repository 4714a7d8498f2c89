package io.flowscript.client;

import io.flowscript.core.event.HumanEvent;
import io.flowscript.core.interaction.Interaction;
import io.flowscript.core.runtime.PauseToken;
import io.flowscript.json.EventMessages;
import io.flowscript.json.codec.Plain;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What people are asked. Immutable; safe for use by any thread.
 *
 * @param token which interaction it is, for {@link FlowScriptClient#answer} and others
 * @param workflowId the id of the workflow
 * @param step the id of the step of the workflow's graph that asks; null when it is not known
 * @param status whether it is open
 * @param askedSeq the number of the event that asked it
 * @param info what people are shown; over HTTP without the form and what is shown with it
 * @param contextHash what to send as {@linkplain io.flowscript.core.interaction.AnswerOptions#seen seen} with an answer, so that it is
 *     refused when what is shown has changed; null when nothing is shown, and over HTTP
 * @param claim who has claimed it; null for nobody
 * @param seenBy the names of those who have seen it, the first 20
 * @since 0.1.0
 */
public record InboxItem(
        PauseToken token,
        String workflowId,
        @Nullable String step,
        Interaction.Status status,
        long askedSeq,
        HumanEvent.Info info,
        @Nullable String contextHash,
        Interaction.@Nullable Claim claim,
        List<String> seenBy) {

    /**
     * Copies the names.
     *
     * @param token which interaction it is
     * @param workflowId the id of the workflow
     * @param step the id of the step, or null
     * @param status whether it is open
     * @param askedSeq the number of the event that asked it
     * @param info what people are shown
     * @param contextHash the hash of what is shown, or null
     * @param claim who has claimed it, or null
     * @param seenBy the names of those who have seen it
     */
    public InboxItem {
        seenBy = List.copyOf(seenBy);
    }

    static InboxItem of(Map<String, @Nullable Object> fields) {
        Map<String, @Nullable Object> info = Message.object(fields.get("nodeInfo"));
        return new InboxItem(
                token(fields),
                Message.text(fields, "workflowId"),
                fields.get("step") instanceof String text ? text : null,
                Interaction.Status.valueOf(Message.text(fields, "status").toUpperCase(Locale.ROOT)),
                Message.number(fields, "askedSeq", 0),
                EventMessages.info(info),
                info.get("contextHash") instanceof String hash ? hash : null,
                fields.get("claim") == null ? null : claim(Message.object(fields.get("claim"))),
                fields.get("seenBy") instanceof List<?> names
                        ? Plain.array(names).stream().map(String::valueOf).toList()
                        : List.of());
    }

    static PauseToken token(Map<String, @Nullable Object> fields) {
        return new PauseToken(
                Message.text(fields, "executionId"), Message.text(fields, "nodeId"), Message.text(fields, "tokenId"));
    }

    static Interaction.Claim claim(Map<String, @Nullable Object> fields) {
        return new Interaction.Claim(
                Message.text(fields, "by"), Instant.ofEpochMilli(Message.number(fields, "until", 0)));
    }
}
