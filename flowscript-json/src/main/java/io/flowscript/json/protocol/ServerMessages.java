package io.flowscript.json.protocol;

import io.flowscript.core.Identity;
import io.flowscript.core.bridge.ClientInfo;
import io.flowscript.core.engine.ExecutionResult;
import io.flowscript.core.engine.ExecutionSnapshot;
import io.flowscript.core.engine.ExecutionStatus;
import io.flowscript.core.event.HumanEvent;
import io.flowscript.core.interaction.Interaction;
import io.flowscript.core.interaction.Receipt;
import io.flowscript.core.runtime.PauseToken;
import io.flowscript.core.runtime.Question;
import io.flowscript.core.runtime.Violation;
import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Writes what a server says of itself: replies and notices (protocol, section 7). Each method gives one JSON object in UTF-8
 * without a newline. {@code replyTo} is the {@code id} of the request that is replied to, or null.
 *
 * <p>Immutable; safe for use by any thread.
 *
 * @since 0.1.0
 */
public final class ServerMessages {

    private final InstantSource clock;
    private final WireSettings settings;

    /**
     * Makes a writer.
     *
     * @param clock gives each message its timestamp
     * @param settings what goes out
     */
    public ServerMessages(InstantSource clock, WireSettings settings) {
        this.clock = clock;
        this.settings = settings;
    }

    /** {@return what goes out} */
    public WireSettings settings() {
        return settings;
    }

    /**
     * The first message on every connection.
     *
     * @param clientId the connection
     * @param framing how the client is spoken to; tells it the protocol
     * @param heartbeat how often it is asked for a sign of life
     * @param maxMessageBytes the largest message that is taken from it
     * @return the message
     */
    public byte[] connected(String clientId, ClientInfo.Framing framing, Duration heartbeat, int maxMessageBytes) {
        String protocol = framing == ClientInfo.Framing.LINES ? "flowscript.v2" : "flowscript.v1";
        return message(
                "connected",
                null,
                data -> data.text("clientId", clientId)
                        .text("protocol", protocol)
                        .number("heartbeatMillis", heartbeat.toMillis())
                        .number("maxMessageBytes", maxMessageBytes));
    }

    /**
     * The client is subscribed to an execution that is not there yet, or to many.
     *
     * @param replyTo or null
     * @param scope what it is subscribed to
     * @return the message
     */
    public byte[] subscribed(@Nullable String replyTo, Scope scope) {
        return message("subscribed", replyTo, data -> scope(scope, data));
    }

    /**
     * The client is subscribed to an execution.
     *
     * @param replyTo or null
     * @param executionId the execution
     * @param epoch the epoch of its log
     * @param after the number of the last event before those that will be sent; null where it is of another epoch
     * @param oldest the number of the oldest event that is kept
     * @param latest the number of the newest event, 0 for none
     * @param status where the execution is in its life
     * @return the message
     */
    public byte[] subscribed(
            @Nullable String replyTo,
            String executionId,
            String epoch,
            @Nullable Long after,
            long oldest,
            long latest,
            ExecutionStatus status) {
        return message(
                "subscribed",
                replyTo,
                data -> data.text("executionId", executionId)
                        .text("epoch", epoch)
                        .number("after", after)
                        .number("oldest", oldest)
                        .number("latest", latest)
                        .text("status", status.id()));
    }

    /**
     * The client is not subscribed any more.
     *
     * @param replyTo or null
     * @param scope what it was subscribed to
     * @return the message
     */
    public byte[] unsubscribed(@Nullable String replyTo, Scope scope) {
        return message("unsubscribed", replyTo, data -> scope(scope, data));
    }

    /**
     * The client is told no more of what changes in what is asked.
     *
     * @param replyTo or null
     * @return the message
     */
    public byte[] unsubscribedInteractions(@Nullable String replyTo) {
        return message("unsubscribed", replyTo, data -> data.flag("interactions", true));
    }

    /**
     * Some of what is asked.
     *
     * @param replyTo or null
     * @param interactions one page
     * @param seenBy gives the names of those who have seen one
     * @param next the cursor of the next one, null when this is the last
     * @param total how many there are in all, null when nobody wants to know
     * @param exact whether there are no more than those
     * @return the message
     */
    public byte[] interactions(
            @Nullable String replyTo,
            List<Interaction> interactions,
            Function<PauseToken, List<String>> seenBy,
            @Nullable String next,
            @Nullable Long total,
            boolean exact) {
        return message("interactions", replyTo, data -> {
            data.objects("interactions", each(interactions, one -> {
                        interaction(one, data);
                        data.texts("seenBy", seenBy.apply(one.token()));
                    }))
                    .text("next", next)
                    .number("total", total);
            if (total != null) {
                data.flag("exact", exact);
            }
        });
    }

    /**
     * Something that is asked is new to the client, or has changed.
     *
     * @param interaction as it is now
     * @param seenBy the names of those who have seen it
     * @return the message
     */
    public byte[] interactionChanged(Interaction interaction, List<String> seenBy) {
        return message(
                "interaction_changed",
                null,
                data -> data.object("interaction", () -> {
                    interaction(interaction, data);
                    data.texts("seenBy", seenBy);
                }));
    }

    /**
     * Something is not among what the client wants to see any more.
     *
     * @param token names it
     * @return the message
     */
    public byte[] interactionGone(PauseToken token) {
        return message("interaction_gone", null, data -> token(token, data));
    }

    /**
     * More has changed than is kept for one client; it has to list anew.
     *
     * @return the message
     */
    public byte[] interactionsMissed() {
        return message("interactions_missed", null, data -> {});
    }

    /**
     * A question is the client's.
     *
     * @param replyTo or null
     * @param token the question
     * @param claim whose, and until when
     * @return the message
     */
    public byte[] claimed(@Nullable String replyTo, PauseToken token, Interaction.Claim claim) {
        return message(
                "claimed",
                replyTo,
                data -> token(token, data).text("by", claim.by()).time("until", claim.until()));
    }

    /**
     * A question is nobody's.
     *
     * @param replyTo or null
     * @param token the question
     * @param by who has given it back
     * @return the message
     */
    public byte[] released(@Nullable String replyTo, PauseToken token, String by) {
        return message("released", replyTo, data -> token(token, data).text("by", by));
    }

    /**
     * An execution as it is.
     *
     * @param replyTo or null
     * @param snapshot the execution; everything in the message is of this one moment
     * @return the message
     */
    public byte[] executionStatus(@Nullable String replyTo, ExecutionSnapshot snapshot) {
        return message("execution_status", replyTo, data -> {
            data.text("executionId", snapshot.executionId())
                    .text("workflowId", snapshot.workflowId())
                    .text("status", snapshot.status().id())
                    .time("startTime", snapshot.createdAt());
            ExecutionResult result = snapshot.result();
            if (result != null) {
                data.time("endTime", result.endedAt())
                        .text("error", result.error())
                        .text("code", result.code());
            }
            ExecutionSnapshot.Visit visit = snapshot.visit();
            if (visit != null) {
                data.text("currentNodeId", visit.nodeId()).text("currentNodeName", visit.nodeName());
            }
            List<Runnable> tokens = new ArrayList<>();
            List<Runnable> interactions = new ArrayList<>();
            for (Interaction open : snapshot.open()) {
                tokens.add(() -> token(open.token(), data));
                if (open.question() != null) {
                    interactions.add(() -> interaction(open, data));
                }
            }
            data.objects("pauseTokens", tokens)
                    .state("state", snapshot.state())
                    .text("epoch", snapshot.epoch())
                    .number("latest", snapshot.seq())
                    .objects("interactions", interactions);
        });
    }

    /**
     * What became of an answer: {@code resume_success}, or {@code resume_error} with all that the receipt tells.
     *
     * @param request the answer
     * @param receipt what became of it
     * @return the message
     */
    public byte[] resumed(ClientMessage.Resume request, Receipt receipt) {
        if (receipt instanceof Receipt.Accepted accepted) {
            return message(
                    "resume_success",
                    request.id(),
                    data -> token(accepted.token(), data).flag("closes", accepted.closes()));
        }
        if (receipt instanceof Receipt.Invalid invalid) {
            List<Violation> violations = invalid.violations();
            return refused(
                    request,
                    receipt.code(),
                    "The answer does not fit the form: " + summary(violations),
                    data -> data.optional(
                            "violations",
                            violations.stream()
                                    .map(v -> Map.of("path", v.path(), "keyword", v.keyword(), "message", v.message()))
                                    .toList()));
        }
        if (receipt instanceof Receipt.AlreadyResolved resolved) {
            Identity by = resolved.by();
            String who = by == null ? "" : " by " + by.name();
            return refused(
                    request,
                    receipt.code(),
                    "The question was answered before" + who + ", at " + resolved.at(),
                    data -> data.text("by", by == null ? null : by.name()).time("at", resolved.at()));
        }
        if (receipt instanceof Receipt.Expired expired) {
            return refused(
                    request,
                    receipt.code(),
                    "The question's time was over at " + expired.at(),
                    data -> data.time("at", expired.at()));
        }
        if (receipt instanceof Receipt.Cancelled cancelled) {
            return refused(
                    request,
                    receipt.code(),
                    "The question was withdrawn at " + cancelled.at(),
                    data -> data.time("at", cancelled.at()));
        }
        if (receipt instanceof Receipt.Forbidden forbidden) {
            return refused(request, receipt.code(), forbidden.message(), data -> {});
        }
        if (receipt instanceof Receipt.Stale stale) {
            return refused(
                    request,
                    receipt.code(),
                    "What is shown has changed since; look at it again, and answer with its contextHash",
                    data -> data.optional("contextData", stale.shown())
                            .text("contextHash", stale.contextHash())
                            .optional("seenData", stale.seen())
                            .optional(
                                    "changes",
                                    stale.seen() == null ? null : ShownChanges.between(stale.seen(), stale.shown())));
        }
        if (receipt instanceof Receipt.Conflict) {
            return refused(
                    request,
                    receipt.code(),
                    "This \"id\" was used before with another answer; nothing has changed. Use a new one for a new answer",
                    data -> {});
        }
        return resumeError(
                request,
                ErrorCode.INTERACTION_NOT_FOUND,
                "There is no such question in this execution; the open ones are in its execution_status");
    }

    /**
     * An answer that did not get as far as a question.
     *
     * @param request the answer
     * @param code what is wrong
     * @param error a sentence for people
     * @return the message
     */
    public byte[] resumeError(ClientMessage.Resume request, ErrorCode code, String error) {
        return refused(request, code.id(), error, data -> {});
    }

    /**
     * I am here.
     *
     * @param replyTo or null
     * @return the message
     */
    public byte[] pong(@Nullable String replyTo) {
        return message("pong", replyTo, data -> {});
    }

    /**
     * Something is wrong.
     *
     * @param replyTo or null
     * @param code what
     * @param message a sentence for people
     * @return the message
     */
    public byte[] error(@Nullable String replyTo, ErrorCode code, String message) {
        return error(replyTo, code, message, Map.of());
    }

    /**
     * Something is wrong.
     *
     * @param replyTo or null
     * @param code what
     * @param message a sentence for people
     * @param details more about it, such as the {@code executionId}; may be empty
     * @return the message
     */
    public byte[] error(
            @Nullable String replyTo, ErrorCode code, String message, Map<String, ? extends @Nullable Object> details) {
        return message(
                "error",
                replyTo,
                data -> data.text("message", message)
                        .text("code", code.id())
                        .optional("details", details.isEmpty() ? null : details));
    }

    /**
     * A message that could not be taken.
     *
     * @param problem what was wrong with it
     * @return the message
     */
    public byte[] error(ProtocolException problem) {
        return error(problem.id(), problem.errorCode(), String.valueOf(problem.getMessage()));
    }

    /**
     * A hole in what the client is sent.
     *
     * @param executionId the execution
     * @param epoch the epoch that the numbers belong to
     * @param from the number of the first event missed
     * @param to the number of the last event missed; null when it cannot be known
     * @return the message
     */
    public byte[] eventsMissed(String executionId, String epoch, long from, @Nullable Long to) {
        return message(
                "events_missed",
                null,
                data -> data.text("executionId", executionId)
                        .text("epoch", epoch)
                        .number("from", from)
                        .number("to", to));
    }

    /**
     * Events that the client does not get since newer ones stand for them, as it has asked for.
     *
     * @param executionId the execution
     * @param from the number of the first event skipped
     * @param to the number of the last event skipped
     * @return the message
     */
    public byte[] eventsSkipped(String executionId, long from, long to) {
        return message(
                "events_skipped",
                null,
                data -> data.text("executionId", executionId)
                        .number("from", from)
                        .number("to", to));
    }

    /**
     * How far the client has come: everything up to there that its filter lets through was sent.
     *
     * @param executionId the execution
     * @param epoch the epoch that the number belongs to
     * @param seq the number of the last event that was looked at
     * @return the message
     */
    public byte[] position(String executionId, String epoch, long seq) {
        return message(
                "position",
                null,
                data -> data.text("executionId", executionId)
                        .text("epoch", epoch)
                        .number("seq", seq));
    }

    private byte[] refused(ClientMessage.Resume request, String code, String error, Consumer<MessageWriter> more) {
        return message("resume_error", request.id(), data -> {
            data.text("executionId", request.executionId())
                    .text("nodeId", request.nodeId())
                    .text("tokenId", request.tokenId())
                    .text("error", error)
                    .text("code", code);
            more.accept(data);
        });
    }

    private byte[] message(String type, @Nullable String replyTo, Consumer<MessageWriter> data) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        Instant now = clock.instant();
        try (MessageWriter message = new MessageWriter(out, settings)) {
            message.begin(type, now).replyTo(replyTo).data();
            data.accept(message);
            message.end();
        }
        return out.toByteArray();
    }

    private static void scope(Scope scope, MessageWriter data) {
        if (scope instanceof Scope.OneExecution one) {
            data.text("executionId", one.executionId());
        } else if (scope instanceof Scope.OneWorkflow one) {
            data.text("workflowId", one.workflowId());
        } else {
            data.flag("all", true);
        }
    }

    private static MessageWriter token(PauseToken token, MessageWriter data) {
        return data.text("executionId", token.executionId())
                .text("nodeId", token.nodeId())
                .text("tokenId", token.tokenId());
    }

    /** An interaction as it is: its names, what a person is shown, and what became of it. */
    private static void interaction(Interaction interaction, MessageWriter data) {
        token(interaction.token(), data)
                .text("workflowId", interaction.workflowId())
                .text("status", interaction.status().name().toLowerCase(Locale.ROOT))
                .number("askedSeq", interaction.seq());
        HumanEvent.Info info = interaction.info();
        if (info != null) {
            data.nodeInfo(info);
        }
        Interaction.Claim claim = interaction.claim();
        if (claim != null) {
            data.object("claim", () -> data.text("by", claim.by()).time("until", claim.until()));
        }
        Question question = interaction.question();
        if (question != null && question.quorum() != null) {
            data.objects(
                    "votes",
                    each(
                            interaction.replies(),
                            reply -> data.text(
                                            "by",
                                            reply.by() == null
                                                    ? null
                                                    : reply.by().name())
                                    .time("at", reply.at())));
        }
        data.objects(
                        "history",
                        each(
                                interaction.history(),
                                change -> data.text("type", WireNames.of(change.what()))
                                        .time("at", change.at())
                                        .text("by", change.by())))
                .time("closedAt", interaction.closedAt());
    }

    private static <T> List<Runnable> each(List<T> items, Consumer<T> writer) {
        return items.stream().map(item -> (Runnable) () -> writer.accept(item)).toList();
    }

    private static String summary(List<Violation> violations) {
        if (violations.isEmpty()) {
            return "no reason is known";
        }
        Violation first = violations.get(0);
        String more = violations.size() == 1 ? "" : " (and " + (violations.size() - 1) + " more)";
        return first.path() + " " + first.message() + more;
    }
}
