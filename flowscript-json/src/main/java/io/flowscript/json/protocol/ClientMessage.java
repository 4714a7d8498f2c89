package io.flowscript.json.protocol;

import io.flowscript.core.interaction.Interaction;
import io.flowscript.core.json.Json;
import io.flowscript.core.log.Position;
import io.flowscript.json.codec.Plain;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a client asks for (protocol, section 2), checked for its shape: ids and names have a sane length and characters, and
 * values are frozen.
 *
 * @since 0.1.0
 */
public sealed interface ClientMessage {

    /** {@return the client's own name for this request, to be repeated in the reply; null when it gave none} */
    @Nullable
    String id();

    /** {@return the type on the wire} */
    ClientMessageType type();

    /**
     * Hands this message to the method that is for it.
     *
     * @param handler does what is asked
     */
    void accept(Handler handler);

    /** Does what clients ask: a method for each message. */
    interface Handler {
        /**
         * Begins to send events.
         *
         * @param message what is asked
         */
        void subscribe(Subscribe message);

        /**
         * Ends a subscription.
         *
         * @param message what is asked
         */
        void unsubscribe(Unsubscribe message);

        /**
         * Answers a question.
         *
         * @param message what is asked
         */
        void resume(Resume message);

        /**
         * Claims a question.
         *
         * @param message what is asked
         */
        void claim(Claim message);

        /**
         * Gives a claim back.
         *
         * @param message what is asked
         */
        void release(Release message);

        /**
         * Lists the inbox.
         *
         * @param message what is asked
         */
        void interactions(Interactions message);

        /**
         * Ends the live inbox.
         *
         * @param message what is asked
         */
        void endInteractions(EndInteractions message);

        /**
         * Notes what was seen.
         *
         * @param message what is asked
         */
        void ack(Ack message);

        /**
         * Replies.
         *
         * @param message what is asked
         */
        void ping(Ping message);

        /**
         * Starts a workflow.
         *
         * @param message what is asked
         */
        void execute(Execute message);

        /**
         * Cancels an execution.
         *
         * @param message what is asked
         */
        void cancel(Cancel message);
    }

    /**
     * See events.
     *
     * @param id the client's name for this request, or null
     * @param scope of which executions
     * @param after where to begin, in one execution: after this position; null when the client does not say
     * @param latest whether to begin at the end, and see only what comes from now on; {@code after} is null then
     * @param filter which events
     * @param conflate whether the newest event may stand for older ones of the same thing
     * @param maxEventsPerSecond how many events at the most, from 1; null for as many as there are
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
     * See no more of what was subscribed to by this scope.
     *
     * @param id the client's name for this request, or null
     * @param scope as it was subscribed to
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
     * Answer a question.
     *
     * @param id the client's name for this request and the idempotency key of the answer, or null
     * @param executionId the execution that asked
     * @param nodeId the visit that asked; null when only the token is named
     * @param tokenId the question; null when only the visit is named
     * @param data the answer, any JSON value; null too
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
        public Resume {
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
     * Take a question on.
     *
     * @param id the client's name for this request, or null
     * @param executionId the execution that asked
     * @param nodeId the visit that asked; null when only the token is named
     * @param tokenId the question; null when only the visit is named
     * @param lease for how long; null for as long as is usual
     */
    record Claim(
            @Nullable String id,
            String executionId,
            @Nullable String nodeId,
            @Nullable String tokenId,
            @Nullable Duration lease)
            implements ClientMessage {
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
     * Give a question back.
     *
     * @param id the client's name for this request, or null
     * @param executionId the execution that asked
     * @param nodeId the visit that asked; null when only the token is named
     * @param tokenId the question; null when only the visit is named
     */
    record Release(
            @Nullable String id,
            String executionId,
            @Nullable String nodeId,
            @Nullable String tokenId) implements ClientMessage {
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
     * See what is asked. Everything that is said narrows it down.
     *
     * @param id the client's name for this request, or null
     * @param statuses any of these; empty for those that wait for an answer
     * @param executionId of this execution, or null
     * @param workflowId of this workflow, or null
     * @param assignee assigned to this person by name, or null
     * @param group assigned to this group, or null
     * @param mine whether only what the client is to answer
     * @param unseen whether only what is open and nobody has seen
     * @param text with this text in it, or null
     * @param requestedBefore asked before this, or null
     * @param olderThan asked so long ago, or null
     * @param cursor the page to go on with, or null for the first
     * @param limit how many at the most, from 1 to 1,000
     * @param count whether to tell how many there are in all
     * @param live whether to tell of what changes in it from now on, too
     */
    record Interactions(
            @Nullable String id,
            Set<Interaction.Status> statuses,
            @Nullable String executionId,
            @Nullable String workflowId,
            @Nullable String assignee,
            @Nullable String group,
            boolean mine,
            boolean unseen,
            @Nullable String text,
            @Nullable Instant requestedBefore,
            @Nullable Duration olderThan,
            @Nullable String cursor,
            int limit,
            boolean count,
            boolean live)
            implements ClientMessage {
        public Interactions {
            statuses = Set.copyOf(statuses);
        }

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
     * See no more of what changes in what is asked.
     *
     * @param id the client's name for this request, or null
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
     * Everything up to here was seen. Nothing is replied.
     *
     * @param id the client's name for this request, or null
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
     * Are you there?
     *
     * @param id the client's name for this request, or null
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
     * Start a workflow.
     *
     * @param id the client's name for this request, or null
     * @param workflowId the workflow
     * @param input what it begins with, may be empty
     * @param executionId the id that the client wants for it, or null
     */
    record Execute(
            @Nullable String id,
            String workflowId,
            Map<String, @Nullable Object> input,
            @Nullable String executionId) implements ClientMessage {
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
     * End an execution.
     *
     * @param id the client's name for this request, or null
     * @param executionId the execution
     * @param reason why, for people; or null
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
