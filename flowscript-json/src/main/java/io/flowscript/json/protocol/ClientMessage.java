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
            implements ClientMessage {}

    /**
     * See no more of what was subscribed to by this scope.
     *
     * @param id the client's name for this request, or null
     * @param scope as it was subscribed to
     */
    record Unsubscribe(@Nullable String id, Scope scope) implements ClientMessage {}

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
            implements ClientMessage {}

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
            @Nullable String tokenId) implements ClientMessage {}

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
    }

    /**
     * See no more of what changes in what is asked.
     *
     * @param id the client's name for this request, or null
     */
    record EndInteractions(@Nullable String id) implements ClientMessage {}

    /**
     * Everything up to here was seen. Nothing is replied.
     *
     * @param id the client's name for this request, or null
     * @param executionId the execution
     * @param upTo the position of the last event seen
     */
    record Ack(@Nullable String id, String executionId, Position upTo) implements ClientMessage {}

    /**
     * Are you there?
     *
     * @param id the client's name for this request, or null
     */
    record Ping(@Nullable String id) implements ClientMessage {}

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
            @Nullable String reason) implements ClientMessage {}
}
