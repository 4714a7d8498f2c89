package io.flowscript.json.protocol;

import io.flowscript.core.json.Json;
import io.flowscript.core.log.Position;
import io.flowscript.json.codec.Plain;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A message from a client (protocol, section 2). Its form has been checked: ids and names have a valid length and valid
 * characters, and values are frozen.
 *
 * @since 0.1.0
 */
public sealed interface ClientMessage {

    /** {@return the client's id of this request, which the reply repeats; null when the client sent none} */
    @Nullable
    String id();

    /** {@return the type on the wire} */
    ClientMessageType type();

    /**
     * Calls the handler's method for this type of message.
     *
     * @param handler handles the message
     */
    void accept(Handler handler);

    /** Handles messages from clients, with one method for each type. */
    interface Handler {
        /**
         * Starts a subscription.
         *
         * @param message the message
         */
        void subscribe(Subscribe message);

        /**
         * Ends a subscription.
         *
         * @param message the message
         */
        void unsubscribe(Unsubscribe message);

        /**
         * Answers an interaction.
         *
         * @param message the message
         */
        void resume(Resume message);

        /**
         * Claims an interaction.
         *
         * @param message the message
         */
        void claim(Claim message);

        /**
         * Releases a claim.
         *
         * @param message the message
         */
        void release(Release message);

        /**
         * Lists the interactions of the inbox and can start to follow them.
         *
         * @param message the message
         */
        void interactions(Interactions message);

        /**
         * Stops following the inbox.
         *
         * @param message the message
         */
        void endInteractions(EndInteractions message);

        /**
         * Records which events were seen.
         *
         * @param message the message
         */
        void ack(Ack message);

        /**
         * Renews the login of the client.
         *
         * @param message the message
         */
        void authenticate(Authenticate message);

        /**
         * Replies to a ping.
         *
         * @param message the message
         */
        void ping(Ping message);

        /**
         * Starts a workflow.
         *
         * @param message the message
         */
        void execute(Execute message);

        /**
         * Cancels an execution.
         *
         * @param message the message
         */
        void cancel(Cancel message);
    }

    /**
     * A command of somebody who has a span.
     *
     * @param command the command
     * @param traceparent which span it is, in the {@linkplain TraceParent form} of the W3C
     */
    record Traced(ClientMessage command, String traceparent) implements ClientMessage {

        @Override
        public @Nullable String id() {
            return command.id();
        }

        @Override
        public ClientMessageType type() {
            return command.type();
        }

        @Override
        public void accept(Handler handler) {
            command.accept(handler);
        }
    }

    /**
     * Asks to receive the events of several executions. It stands for as many {@link Subscribe}s, each with its reply.
     *
     * @param id the client's id of this request, or null
     * @param each the subscriptions, 1 to 1,000, each to one execution and with the same {@code id}
     */
    record SubscribeEach(@Nullable String id, List<Subscribe> each) implements ClientMessage {

        /**
         * Copies the list.
         *
         * @param id the client's id of this request, or null
         * @param each the subscriptions
         */
        public SubscribeEach {
            each = List.copyOf(each);
        }

        @Override
        public ClientMessageType type() {
            return ClientMessageType.SUBSCRIBE;
        }

        @Override
        public void accept(Handler handler) {
            each.forEach(handler::subscribe);
        }
    }

    /**
     * Asks to receive events.
     *
     * @param id the client's id of this request, or null
     * @param scope the executions to follow
     * @param after the position after which events are sent, for a scope of one execution; null when the client gave none
     * @param latest whether to send only events that happen from now on; {@code after} is null then
     * @param filter the events to send
     * @param conflate whether a newer event may replace older ones about the same thing
     * @param maxEventsPerSecond the maximum number of events per second, from 1; null for no limit
     */
    record Subscribe(
            @Nullable String id,
            Scope scope,
            @Nullable Position after,
            boolean latest,
            EventFilter filter,
            boolean conflate,
            @Nullable Integer maxEventsPerSecond)
            implements ClientMessage {
        @Override
        public ClientMessageType type() {
            return ClientMessageType.SUBSCRIBE;
        }

        @Override
        public void accept(Handler handler) {
            handler.subscribe(this);
        }
    }

    /**
     * Asks to end a subscription.
     *
     * @param id the client's id of this request, or null
     * @param scope the scope of the subscription
     */
    record Unsubscribe(@Nullable String id, Scope scope) implements ClientMessage {
        @Override
        public ClientMessageType type() {
            return ClientMessageType.UNSUBSCRIBE;
        }

        @Override
        public void accept(Handler handler) {
            handler.unsubscribe(this);
        }
    }

    /**
     * Answers an interaction.
     *
     * @param id the client's name for this request and the idempotency key of the answer, or null
     * @param executionId the execution that requested the interaction
     * @param nodeId the visit of the node that requested it, in the form of either version; null when only
     *     {@code tokenId} is given
     * @param tokenId the id of the interaction; null when only {@code nodeId} is given
     * @param data the answer, any JSON value including null
     * @param seen the {@code contextHash} of what the person saw, or null
     */
    record Resume(
            @Nullable String id,
            String executionId,
            @Nullable String nodeId,
            @Nullable String tokenId,
            @Nullable Object data,
            @Nullable String seen)
            implements ClientMessage {
        /**
         * Freezes the answer.
         *
         * @param id the client's name for this request and the idempotency key of the answer, or null
         * @param executionId the execution that requested the interaction
         * @param nodeId the visit of the node that requested it; null when only {@code tokenId} is given
         * @param tokenId the id of the interaction; null when only {@code nodeId} is given
         * @param data the answer, any JSON value including null
         * @param seen the {@code contextHash} of what the person saw, or null
         */
        public Resume {
            nodeId = VisitId.within(nodeId, executionId);
            data = Json.freeze(data);
        }

        @Override
        public ClientMessageType type() {
            return ClientMessageType.RESUME;
        }

        @Override
        public void accept(Handler handler) {
            handler.resume(this);
        }
    }

    /**
     * Claims an interaction.
     *
     * @param id the client's id of this request, or null
     * @param executionId the execution that requested the interaction
     * @param nodeId the visit of the node that requested it, in the form of either version; null when only
     *     {@code tokenId} is given
     * @param tokenId the id of the interaction; null when only {@code nodeId} is given
     * @param lease how long the claim lasts; null for the default
     */
    record Claim(
            @Nullable String id,
            String executionId,
            @Nullable String nodeId,
            @Nullable String tokenId,
            @Nullable Duration lease)
            implements ClientMessage {
        /**
         * Takes the id of the visit in the form of either version.
         *
         * @param id the client's id of this request, or null
         * @param executionId the execution that requested the interaction
         * @param nodeId the visit of the node that requested it; null when only {@code tokenId} is given
         * @param tokenId the id of the interaction; null when only {@code nodeId} is given
         * @param lease how long the claim lasts; null for the default
         */
        public Claim {
            nodeId = VisitId.within(nodeId, executionId);
        }

        @Override
        public ClientMessageType type() {
            return ClientMessageType.CLAIM;
        }

        @Override
        public void accept(Handler handler) {
            handler.claim(this);
        }
    }

    /**
     * Releases a claim.
     *
     * @param id the client's id of this request, or null
     * @param executionId the execution that requested the interaction
     * @param nodeId the visit of the node that requested it, in the form of either version; null when only
     *     {@code tokenId} is given
     * @param tokenId the id of the interaction; null when only {@code nodeId} is given
     */
    record Release(
            @Nullable String id,
            String executionId,
            @Nullable String nodeId,
            @Nullable String tokenId) implements ClientMessage {
        /**
         * Takes the id of the visit in the form of either version.
         *
         * @param id the client's id of this request, or null
         * @param executionId the execution that requested the interaction
         * @param nodeId the visit of the node that requested it; null when only {@code tokenId} is given
         * @param tokenId the id of the interaction; null when only {@code nodeId} is given
         */
        public Release {
            nodeId = VisitId.within(nodeId, executionId);
        }

        @Override
        public ClientMessageType type() {
            return ClientMessageType.RELEASE;
        }

        @Override
        public void accept(Handler handler) {
            handler.release(this);
        }
    }

    /**
     * Lists interactions.
     *
     * @param id the client's id of this request, or null
     * @param filter the interactions to list
     * @param cursor the cursor of the page; null for the first page
     * @param limit the maximum number on the page, from 1 to 1,000
     * @param count whether to report the total number
     * @param live whether to report later changes too
     */
    record Interactions(
            @Nullable String id,
            InteractionFilter filter,
            @Nullable String cursor,
            int limit,
            boolean count,
            boolean live)
            implements ClientMessage {
        @Override
        public ClientMessageType type() {
            return ClientMessageType.INTERACTIONS;
        }

        @Override
        public void accept(Handler handler) {
            handler.interactions(this);
        }
    }

    /**
     * Asks to stop following the inbox.
     *
     * @param id the client's id of this request, or null
     */
    record EndInteractions(@Nullable String id) implements ClientMessage {
        @Override
        public ClientMessageType type() {
            return ClientMessageType.UNSUBSCRIBE;
        }

        @Override
        public void accept(Handler handler) {
            handler.endInteractions(this);
        }
    }

    /**
     * Acknowledges that everything up to a position was seen. There is no reply.
     *
     * @param id the client's id of this request, or null
     * @param executionId the execution
     * @param upTo the position of the last event seen
     */
    record Ack(@Nullable String id, String executionId, Position upTo) implements ClientMessage {
        @Override
        public ClientMessageType type() {
            return ClientMessageType.ACK;
        }

        @Override
        public void accept(Handler handler) {
            handler.ack(this);
        }
    }

    /**
     * Presents a new token, so that the connection lasts longer than the login that it began with.
     *
     * @param id the client's id of this request, or null
     * @param token the token, 1 to 16,384 characters; {@link #toString} leaves it out
     */
    record Authenticate(@Nullable String id, String token) implements ClientMessage {
        @Override
        public ClientMessageType type() {
            return ClientMessageType.AUTHENTICATE;
        }

        @Override
        public void accept(Handler handler) {
            handler.authenticate(this);
        }

        @Override
        public String toString() {
            return "Authenticate[id=" + id + "]";
        }
    }

    /**
     * Asks for a sign of life; the reply is a pong.
     *
     * @param id the client's id of this request, or null
     */
    record Ping(@Nullable String id) implements ClientMessage {
        @Override
        public ClientMessageType type() {
            return ClientMessageType.PING;
        }

        @Override
        public void accept(Handler handler) {
            handler.ping(this);
        }
    }

    /**
     * Starts a workflow.
     *
     * @param id the client's id of this request, or null
     * @param workflowId the workflow
     * @param input the input of the workflow, may be empty
     * @param executionId the id that the client chose for the execution, or null
     */
    record Execute(
            @Nullable String id,
            String workflowId,
            Map<String, @Nullable Object> input,
            @Nullable String executionId) implements ClientMessage {
        /**
         * Freezes the input.
         *
         * @param id the client's id of this request, or null
         * @param workflowId the workflow
         * @param input the input of the workflow, may be empty
         * @param executionId the id that the client chose for the execution, or null
         */
        public Execute {
            input = Plain.freeze(input);
        }

        @Override
        public ClientMessageType type() {
            return ClientMessageType.EXECUTE;
        }

        @Override
        public void accept(Handler handler) {
            handler.execute(this);
        }
    }

    /**
     * Cancels an execution.
     *
     * @param id the client's id of this request, or null
     * @param executionId the execution
     * @param reason the reason as text for people, or null
     */
    record Cancel(
            @Nullable String id,
            String executionId,
            @Nullable String reason) implements ClientMessage {
        @Override
        public ClientMessageType type() {
            return ClientMessageType.CANCEL;
        }

        @Override
        public void accept(Handler handler) {
            handler.cancel(this);
        }
    }
}
