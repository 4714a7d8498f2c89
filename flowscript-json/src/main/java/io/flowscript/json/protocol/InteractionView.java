package io.flowscript.json.protocol;

import io.flowscript.core.Assignment;
import io.flowscript.core.Identity;
import io.flowscript.core.bridge.Redaction;
import io.flowscript.core.event.HumanEvent;
import io.flowscript.core.interaction.Interaction;
import io.flowscript.core.runtime.PauseToken;
import io.flowscript.core.runtime.Question;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Writes what clients see of an interaction (protocol, sections 1, 2 and 5), for messages and for REST. */
final class InteractionView {

    private InteractionView() {}

    /** Writes an interaction with everything that people see of it. */
    static void full(Interaction interaction, Redaction redaction, FieldWriter out) {
        out.redacting(redaction);
        token(interaction.token(), out);
        out.text("workflowId", interaction.workflowId())
                .text("step", interaction.step())
                .text("status", status(interaction))
                .inMessages(message -> message.number("askedSeq", interaction.seq()));
        HumanEvent.Info info = interaction.info();
        if (info != null) {
            info.describe("nodeInfo", out);
        }
        claim(interaction, out);
        Question question = interaction.question();
        if (question != null && question.quorum() != null) {
            out.objects(
                    "votes",
                    interaction.replies(),
                    (reply, vote) -> vote.text("by", name(reply.by())).time("at", reply.at()));
        }
        out.objects(
                        "history",
                        interaction.history(),
                        (change, line) -> line.text("type", change.what().wireName())
                                .time("at", change.at())
                                .text("by", change.by()))
                .time("closedAt", interaction.closedAt());
    }

    /** Writes an interaction as an entry of a list, without the form and the values that are shown with it. */
    static void row(Interaction interaction, Redaction redaction, FieldWriter out) {
        out.redacting(redaction);
        token(interaction.token(), out);
        out.text("workflowId", interaction.workflowId())
                .text("nodeName", interaction.nodeName())
                .text("step", interaction.step())
                .text("title", title(interaction.question(), out))
                .text("status", status(interaction))
                .time("requestedAt", interaction.requestedAt())
                .time("deadline", interaction.deadline());
        claim(interaction, out);
        assignment(interaction.assignment(), out);
        out.texts("seenBy", interaction.seenBy());
    }

    /** Writes whom an execution waits for. */
    static void waitsFor(Interaction interaction, Redaction redaction, FieldWriter out) {
        out.redacting(redaction);
        out.text("tokenId", interaction.token().tokenId())
                .text("nodeName", interaction.nodeName())
                .text("title", title(interaction.question(), out))
                .time("deadline", interaction.deadline());
        claim(interaction, out);
        assignment(interaction.assignment(), out);
    }

    /**
     * Writes an interaction for a person with an answer link: without the names of other people, and without the form
     * when it is closed.
     */
    static void linked(Interaction interaction, Redaction redaction, FieldWriter out) {
        out.redacting(redaction);
        out.text("status", status(interaction)).time("closedAt", interaction.closedAt());
        HumanEvent.Info info = interaction.info();
        if (info != null && interaction.isOpen()) {
            info.withoutAssignment().describe("nodeInfo", out);
        }
        if (interaction.isOpen()) {
            claim(interaction, out);
        }
    }

    static void token(PauseToken token, FieldWriter out) {
        out.text("executionId", token.executionId())
                .text("nodeId", token.nodeId())
                .text("tokenId", token.tokenId());
    }

    private static void assignment(Assignment assignment, FieldWriter out) {
        if (!assignment.people().isEmpty()) {
            out.texts("assignees", assignment.people());
        }
        if (!assignment.groups().isEmpty()) {
            out.texts("groups", assignment.groups());
        }
    }

    static void claim(Interaction.Claim claim, FieldWriter out) {
        out.text("by", claim.by()).time("until", claim.until());
    }

    /** Writes the details of a refusal: texts, times and claims in the format of the transport, everything else as JSON. */
    static void details(Map<String, ? extends @Nullable Object> details, FieldWriter out) {
        details.forEach((name, value) -> {
            if (value instanceof Instant time) {
                out.time(name, time);
            } else if (value instanceof Interaction.Claim claim) {
                out.object(name, members -> claim(claim, members));
            } else if (value instanceof String text) {
                out.text(name, text);
            } else {
                out.optional(name, value);
            }
        });
    }

    private static void claim(Interaction interaction, FieldWriter out) {
        Interaction.Claim claim = interaction.claim();
        if (claim != null) {
            out.object("claim", members -> claim(claim, members));
        }
    }

    /** The title that the form is shown with: that of its hints, or else that of its schema. */
    private static @Nullable String title(@Nullable Question question, FieldWriter out) {
        if (question == null) {
            return null;
        }
        String hinted = titleIn(out.shown("uiHints", question.uiHints()));
        return hinted == null ? titleIn(out.shown("formSchema", question.schema())) : hinted;
    }

    private static @Nullable String titleIn(@Nullable Object form) {
        return form instanceof Map<?, ?> members && members.get("title") instanceof String title ? title : null;
    }

    private static String status(Interaction interaction) {
        return interaction.status().name().toLowerCase(Locale.ROOT);
    }

    private static @Nullable String name(@Nullable Identity who) {
        return who == null ? null : who.name();
    }
}
