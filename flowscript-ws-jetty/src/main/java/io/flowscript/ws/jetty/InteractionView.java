package io.flowscript.ws.jetty;

import static io.flowscript.ws.jetty.RestResponse.fields;

import io.flowscript.core.Identity;
import io.flowscript.core.event.HumanEvent;
import io.flowscript.core.interaction.Interaction;
import io.flowscript.core.interaction.Interaction.Claim;
import io.flowscript.core.json.Json;
import io.flowscript.core.runtime.PauseToken;
import io.flowscript.core.runtime.Question;
import io.flowscript.json.codec.JsonWriter;
import io.flowscript.json.protocol.WireNames;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Interactions as JSON, as in the protocol (sections 1 and 7), but with times in ISO 8601. Immutable. */
final class InteractionView {

    private final int maxValueBytes;

    InteractionView(int maxValueBytes) {
        this.maxValueBytes = maxValueBytes;
    }

    static Map<String, @Nullable Object> names(PauseToken token) {
        return fields(
                "executionId", token.executionId(),
                "nodeId", token.nodeId(),
                "tokenId", token.tokenId());
    }

    static @Nullable String iso(@Nullable Instant time) {
        return time == null ? null : time.toString();
    }

    static String status(Interaction interaction) {
        return interaction.status().name().toLowerCase(Locale.ROOT);
    }

    static @Nullable Map<String, @Nullable Object> claim(Interaction interaction) {
        Claim claim = interaction.claim();
        return claim == null ? null : claim(claim);
    }

    static Map<String, @Nullable Object> claim(Claim claim) {
        return fields("by", claim.by(), "until", iso(claim.until()));
    }

    /** One among many: without the form and what is shown with it. */
    Map<String, @Nullable Object> row(Interaction interaction) {
        Map<String, @Nullable Object> row = names(interaction.token());
        row.put("workflowId", interaction.workflowId());
        row.put("nodeName", interaction.nodeName());
        Question question = interaction.question();
        if (question != null
                && question.schema() instanceof Map<?, ?> form
                && form.get("title") instanceof String title) {
            row.put("title", title);
        }
        row.put("status", status(interaction));
        row.put("requestedAt", iso(interaction.requestedAt()));
        row.putAll(fields("deadline", iso(interaction.deadline()), "claim", claim(interaction)));
        putAssignment(row, interaction);
        return row;
    }

    /** With all that people see of it. */
    Map<String, @Nullable Object> full(Interaction interaction) {
        Map<String, @Nullable Object> body = names(interaction.token());
        body.put("workflowId", interaction.workflowId());
        body.put("status", status(interaction));
        Map<String, @Nullable Object> shown = shown(interaction, body);
        if (shown != null) {
            putAssignment(shown, interaction);
        }
        body.putAll(fields("claim", claim(interaction), "closedAt", iso(interaction.closedAt())));
        Question question = interaction.question();
        if (question != null && question.quorum() != null) {
            body.put(
                    "votes",
                    interaction.replies().stream()
                            .map(reply -> fields("by", name(reply.by()), "at", iso(reply.at())))
                            .toList());
        }
        body.put(
                "history",
                interaction.history().stream()
                        .map(change ->
                                fields("type", WireNames.of(change.what()), "at", iso(change.at()), "by", change.by()))
                        .toList());
        return body;
    }

    /**
     * Puts the form and what is shown with it into a body, as {@code nodeInfo}; what is too large is named in {@code omitted}.
     *
     * @return the nodeInfo, null for a pause that asks nothing
     */
    @Nullable
    Map<String, @Nullable Object> shown(Interaction interaction, Map<String, @Nullable Object> body) {
        HumanEvent.Info info = interaction.info();
        if (info == null) {
            return null;
        }
        List<String> omitted = new ArrayList<>();
        Map<String, @Nullable Object> shown = fields("name", info.name());
        putFitting(shown, "formSchema", info.formSchema(), omitted);
        putFitting(shown, "uiHints", info.uiHints(), omitted);
        putFitting(shown, "contextData", info.contextData(), omitted);
        shown.putAll(fields("contextHash", Question.contextHash(info.contextData())));
        putFitting(shown, "defaultValues", info.defaultValues(), omitted);
        shown.putAll(fields(
                "requestedAt", iso(info.requestedAt()), "deadline", iso(info.deadline()), "quorum", info.quorum()));
        body.put("nodeInfo", shown);
        if (!omitted.isEmpty()) {
            body.put("omitted", omitted);
        }
        return shown;
    }

    private void putFitting(
            Map<String, @Nullable Object> shown, String name, @Nullable Object value, List<String> omitted) {
        if (value == null || JsonWriter.fits(value, Json.weight(value), maxValueBytes)) {
            shown.putAll(fields(name, value));
        } else {
            omitted.add("nodeInfo." + name);
        }
    }

    private static void putAssignment(Map<String, @Nullable Object> fields, Interaction interaction) {
        if (!interaction.assignment().isForAnybody()) {
            fields.put("assignees", interaction.assignment().people());
            fields.put("groups", interaction.assignment().groups());
        }
    }

    private static @Nullable String name(@Nullable Identity who) {
        return who == null ? null : who.name();
    }
}
