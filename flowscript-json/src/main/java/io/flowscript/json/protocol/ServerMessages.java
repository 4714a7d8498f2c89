package io.flowscript.json.protocol;

import io.flowscript.core.bridge.ClientInfo;
import io.flowscript.core.engine.ExecutionSnapshot;
import io.flowscript.core.engine.ExecutionStatus;
import io.flowscript.core.interaction.Interaction;
import io.flowscript.core.interaction.Receipt;
import io.flowscript.core.runtime.PauseToken;
import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
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
                ServerMessageType.CONNECTED,
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
        return message(ServerMessageType.SUBSCRIBED, replyTo, data -> scope(scope, data));
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
                ServerMessageType.SUBSCRIBED,
                replyTo,
                data -> data.text("executionId", executionId)
                        .text("epoch", epoch)
                        .optionalNumber("after", after)
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
        return message(ServerMessageType.UNSUBSCRIBED, replyTo, data -> scope(scope, data));
    }

    /**
     * The client is told no more of what changes in what is asked.
     *
     * @param replyTo or null
     * @return the message
     */
    public byte[] unsubscribedInteractions(@Nullable String replyTo) {
        return message(ServerMessageType.UNSUBSCRIBED, replyTo, data -> data.flag("interactions", true));
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
        return message(ServerMessageType.INTERACTIONS, replyTo, data -> {
            data.objects("interactions", interactions, (one, members) -> {
                        InteractionView.full(one, members);
                        members.texts("seenBy", seenBy.apply(one.token()));
                    })
                    .text("next", next)
                    .optionalNumber("total", total);
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
                ServerMessageType.INTERACTION_CHANGED,
                null,
                data -> data.object("interaction", members -> {
                    InteractionView.full(interaction, members);
                    members.texts("seenBy", seenBy);
                }));
    }

    /**
     * Something is not among what the client wants to see any more.
     *
     * @param token names it
     * @return the message
     */
    public byte[] interactionGone(PauseToken token) {
        return message(ServerMessageType.INTERACTION_GONE, null, data -> InteractionView.token(token, data));
    }

    /**
     * More has changed than is kept for one client; it has to list anew.
     *
     * @return the message
     */
    public byte[] interactionsMissed() {
        return message(ServerMessageType.INTERACTIONS_MISSED, null, data -> {});
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
        return message(ServerMessageType.CLAIMED, replyTo, data -> {
            InteractionView.token(token, data);
            InteractionView.claim(claim, data);
        });
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
        return message(ServerMessageType.RELEASED, replyTo, data -> {
            InteractionView.token(token, data);
            data.text("by", by);
        });
    }

    /**
     * An execution as it is.
     *
     * @param replyTo or null
     * @param snapshot the execution; everything in the message is of this one moment
     * @return the message
     */
    public byte[] executionStatus(@Nullable String replyTo, ExecutionSnapshot snapshot) {
        return message(ServerMessageType.EXECUTION_STATUS, replyTo, data -> ExecutionView.status(snapshot, data));
    }

    /**
     * An answer counts.
     *
     * @param request the answer
     * @param receipt what became of it
     * @return the message
     */
    public byte[] resumed(ClientMessage.Resume request, Receipt.Accepted receipt) {
        return message(ServerMessageType.RESUME_SUCCESS, request.id(), data -> {
            InteractionView.token(receipt.token(), data);
            data.flag("closes", receipt.closes());
        });
    }

    /**
     * An answer does not count.
     *
     * @param request the answer
     * @param code what is wrong
     * @param error a sentence for people
     * @param details what a receipt tells besides, such as {@code by} and {@code at}: strings, times, {@link Interaction.Claim}s and plain
     *     values by their names; may be empty; nulls are left out
     * @return the message
     */
    public byte[] resumeError(
            ClientMessage.Resume request,
            ErrorCode code,
            String error,
            Map<String, ? extends @Nullable Object> details) {
        return message(ServerMessageType.RESUME_ERROR, request.id(), data -> {
            data.text("executionId", request.executionId())
                    .text("nodeId", request.nodeId())
                    .text("tokenId", request.tokenId())
                    .text("error", error)
                    .text("code", code.id());
            InteractionView.details(details, data);
        });
    }

    /**
     * I am here.
     *
     * @param replyTo or null
     * @return the message
     */
    public byte[] pong(@Nullable String replyTo) {
        return message(ServerMessageType.PONG, replyTo, data -> {});
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
                ServerMessageType.ERROR,
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
                ServerMessageType.EVENTS_MISSED,
                null,
                data -> data.text("executionId", executionId)
                        .text("epoch", epoch)
                        .number("from", from)
                        .optionalNumber("to", to));
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
                ServerMessageType.EVENTS_SKIPPED,
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
                ServerMessageType.POSITION,
                null,
                data -> data.text("executionId", executionId)
                        .text("epoch", epoch)
                        .number("seq", seq));
    }

    private byte[] message(ServerMessageType type, @Nullable String replyTo, Consumer<MessageWriter> data) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        Instant now = clock.instant();
        try (MessageWriter message = new MessageWriter(out, settings)) {
            message.begin(type.id(), now).replyTo(replyTo).data();
            data.accept(message);
            message.finish();
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
}
