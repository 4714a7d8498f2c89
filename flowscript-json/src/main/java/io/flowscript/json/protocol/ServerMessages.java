package io.flowscript.json.protocol;

import io.flowscript.core.bridge.ClientInfo;
import io.flowscript.core.bridge.Redaction;
import io.flowscript.core.interaction.Interaction;
import io.flowscript.core.interaction.Receipt;
import io.flowscript.core.runtime.PauseToken;
import io.flowscript.core.snapshot.ExecutionSnapshot;
import io.flowscript.core.snapshot.ExecutionStatus;
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
 * Writes the messages of a server that are not events: replies and notices (protocol, section 7). Each method returns
 * one JSON object in UTF-8 without a newline.
 *
 * <p>Immutable; safe for use by any thread.
 *
 * @since 0.1.0
 */
public final class ServerMessages {

    private final InstantSource clock;
    private final WireSettings settings;
    private final boolean firstVersion;

    /**
     * Creates a writer.
     *
     * @param clock gives each message its timestamp
     * @param settings which data clients receive
     */
    public ServerMessages(InstantSource clock, WireSettings settings) {
        this(clock, settings, false);
    }

    private ServerMessages(InstantSource clock, WireSettings settings, boolean firstVersion) {
        this.clock = clock;
        this.settings = settings;
        this.firstVersion = firstVersion;
    }

    /** {@return a writer like this one, for clients of the first version of the protocol (section 3)} */
    public ServerMessages forFirstVersion() {
        return new ServerMessages(clock, settings, true);
    }

    /** {@return which data clients receive} */
    public WireSettings settings() {
        return settings;
    }

    /**
     * Writes the first message on every connection.
     *
     * @param clientId the id of the connection
     * @param framing how messages are put into frames for this client; determines the protocol version in the message
     * @param heartbeat the interval of the heartbeat
     * @param maxMessageBytes the maximum size of a message from the client, in bytes
     * @param messagesPerSecond how many messages of the client the server reads per second
     * @param messageBurst how many it reads at once
     * @param expiresAt when the login of the client expires; null when it does not
     * @return the message
     */
    public byte[] connected(
            String clientId,
            ClientInfo.Framing framing,
            Duration heartbeat,
            int maxMessageBytes,
            int messagesPerSecond,
            int messageBurst,
            @Nullable Instant expiresAt) {
        String protocol = framing == ClientInfo.Framing.LINES ? "flowscript.v2" : "flowscript.v1";
        return message(
                ServerMessageType.CONNECTED,
                null,
                data -> data.text("clientId", clientId)
                        .text("protocol", protocol)
                        .number("heartbeatMillis", heartbeat.toMillis())
                        .number("maxMessageBytes", maxMessageBytes)
                        .number("messagesPerSecond", messagesPerSecond)
                        .number("messageBurst", messageBurst)
                        .time("expiresAt", expiresAt));
    }

    /**
     * Confirms a subscription to an execution that does not exist yet, or to several executions.
     *
     * @param replyTo the {@code id} of the request that this message replies to, or null
     * @param scope the scope of the subscription
     * @return the message
     */
    public byte[] subscribed(@Nullable String replyTo, Scope scope) {
        return message(ServerMessageType.SUBSCRIBED, replyTo, data -> scope(scope, data));
    }

    /**
     * Confirms that the client is subscribed to an execution.
     *
     * @param replyTo the {@code id} of the request that this message replies to, or null
     * @param executionId the execution
     * @param epoch the epoch of its log
     * @param after the number of the last event before those that will be sent; null if it belongs to another epoch
     * @param oldest the number of the oldest event that the log keeps
     * @param latest the number of the newest event, 0 for none
     * @param status the status of the execution
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
     * Confirms the end of a subscription.
     *
     * @param replyTo the {@code id} of the request that this message replies to, or null
     * @param scope the scope of the subscription
     * @return the message
     */
    public byte[] unsubscribed(@Nullable String replyTo, Scope scope) {
        return message(ServerMessageType.UNSUBSCRIBED, replyTo, data -> scope(scope, data));
    }

    /**
     * Confirms that the client no longer follows the inbox.
     *
     * @param replyTo the {@code id} of the request that this message replies to, or null
     * @return the message
     */
    public byte[] unsubscribedInteractions(@Nullable String replyTo) {
        return message(ServerMessageType.UNSUBSCRIBED, replyTo, data -> data.flag("interactions", true));
    }

    /**
     * Writes a page of interactions.
     *
     * @param replyTo the {@code id} of the request that this message replies to, or null
     * @param interactions the interactions of the page
     * @param redactions what is hidden of an interaction
     * @param next the cursor of the next page; null when this is the last
     * @param total the total number of interactions; null when the client did not ask for it
     * @param exact whether {@code total} is exact; otherwise there may be more
     * @return the message
     */
    public byte[] interactions(
            @Nullable String replyTo,
            List<Interaction> interactions,
            Function<Interaction, Redaction> redactions,
            @Nullable String next,
            @Nullable Long total,
            boolean exact) {
        return message(ServerMessageType.INTERACTIONS, replyTo, data -> {
            data.objects("interactions", interactions, (one, members) -> followed(one, redactions.apply(one), members))
                    .text("next", next)
                    .optionalNumber("total", total);
            if (total != null) {
                data.flag("exact", exact);
            }
        });
    }

    /**
     * Reports an interaction that is new to the client or has changed.
     *
     * @param interaction the current state of the interaction
     * @param redaction what is hidden
     * @return the message
     */
    public byte[] interactionChanged(Interaction interaction, Redaction redaction) {
        return message(
                ServerMessageType.INTERACTION_CHANGED,
                null,
                data -> data.object("interaction", members -> followed(interaction, redaction, members)));
    }

    private static void followed(Interaction interaction, Redaction redaction, FieldWriter members) {
        InteractionView.full(interaction, redaction, members);
        members.texts("seenBy", interaction.seenBy());
    }

    /**
     * Reports that an interaction no longer belongs to what the client follows.
     *
     * @param token the interaction
     * @return the message
     */
    public byte[] interactionGone(PauseToken token) {
        return message(ServerMessageType.INTERACTION_GONE, null, data -> InteractionView.token(token, data));
    }

    /**
     * Reports that more interactions have changed than are recorded for one client. The client must list them again.
     *
     * @return the message
     */
    public byte[] interactionsMissed() {
        return message(ServerMessageType.INTERACTIONS_MISSED, null, data -> {});
    }

    /**
     * Confirms that the client has claimed an interaction.
     *
     * @param replyTo the {@code id} of the request that this message replies to, or null
     * @param token the interaction
     * @param claim who has claimed it, and until when
     * @return the message
     */
    public byte[] claimed(@Nullable String replyTo, PauseToken token, Interaction.Claim claim) {
        return message(ServerMessageType.CLAIMED, replyTo, data -> {
            InteractionView.token(token, data);
            InteractionView.claim(claim, data);
        });
    }

    /**
     * Confirms that a claim was released.
     *
     * @param replyTo the {@code id} of the request that this message replies to, or null
     * @param token the interaction
     * @param by who has released it
     * @return the message
     */
    public byte[] released(@Nullable String replyTo, PauseToken token, String by) {
        return message(ServerMessageType.RELEASED, replyTo, data -> {
            InteractionView.token(token, data);
            data.text("by", by);
        });
    }

    /**
     * Writes the current status of an execution.
     *
     * @param replyTo the {@code id} of the request that this message replies to, or null
     * @param snapshot the execution; all data in the message comes from this one snapshot
     * @param redaction what is hidden
     * @return the message
     */
    public byte[] executionStatus(@Nullable String replyTo, ExecutionSnapshot snapshot, Redaction redaction) {
        return message(
                ServerMessageType.EXECUTION_STATUS, replyTo, data -> ExecutionView.status(snapshot, redaction, data));
    }

    /**
     * Confirms that an answer was accepted.
     *
     * @param request the answer
     * @param receipt the receipt of the answer
     * @return the message
     */
    public byte[] resumed(ClientMessage.Resume request, Receipt.Accepted receipt) {
        return message(ServerMessageType.RESUME_SUCCESS, request.id(), data -> {
            InteractionView.token(receipt.token(), data);
            data.flag("closes", receipt.closes());
        });
    }

    /**
     * Reports that an answer was refused.
     *
     * @param request the answer
     * @param code the reason
     * @param error a message for people
     * @param details further facts of the receipt, such as {@code by} and {@code at}: strings, times, {@link Interaction.Claim}s and plain
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
     * Confirms that the login of the client was renewed.
     *
     * @param replyTo the {@code id} of the request that this message replies to, or null
     * @param expiresAt the moment from which the login does not count any more; null when it does not expire
     * @return the message
     */
    public byte[] authenticated(@Nullable String replyTo, @Nullable Instant expiresAt) {
        return message(ServerMessageType.AUTHENTICATED, replyTo, data -> data.time("expiresAt", expiresAt));
    }

    /**
     * Replies to a ping.
     *
     * @param replyTo the {@code id} of the request that this message replies to, or null
     * @return the message
     */
    public byte[] pong(@Nullable String replyTo) {
        return message(ServerMessageType.PONG, replyTo, data -> {});
    }

    /**
     * Reports an error.
     *
     * @param replyTo the {@code id} of the request that this message replies to, or null
     * @param code the code of the error
     * @param message a message for people
     * @return the message
     */
    public byte[] error(@Nullable String replyTo, ErrorCode code, String message) {
        return error(replyTo, code, message, Map.of());
    }

    /**
     * Reports an error.
     *
     * @param replyTo the {@code id} of the request that this message replies to, or null
     * @param code the code of the error
     * @param message a message for people
     * @param details further facts, such as the {@code executionId}; may be empty
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
     * Reports that a message from the client is invalid.
     *
     * @param problem what is wrong with the message
     * @return the message
     */
    public byte[] error(ProtocolException problem) {
        return error(problem.id(), problem.errorCode(), String.valueOf(problem.getMessage()));
    }

    /**
     * Reports a hole: events that the client should have received and that are no longer available.
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
     * Reports events that are left out because newer ones replace them. This happens only when the client asked for conflation.
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
     * Reports the position that the client has reached: all events up to it that pass the client's filter were sent.
     *
     * @param executionId the execution
     * @param epoch the epoch that the number belongs to
     * @param seq the number of the last event that was examined
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
        try (MessageWriter message =
                firstVersion ? new FirstVersionWriter(out, settings) : new MessageWriter(out, settings)) {
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
