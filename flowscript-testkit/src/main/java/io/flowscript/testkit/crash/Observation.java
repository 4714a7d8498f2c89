package io.flowscript.testkit.crash;

import io.flowscript.core.Identity;
import io.flowscript.core.event.RecordedEvent;
import io.flowscript.core.interaction.Receipt;
import io.flowscript.core.runtime.ExecutionContext;
import io.flowscript.core.runtime.PauseToken;
import io.flowscript.core.snapshot.ExecutionStatus;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Something that somebody outside of the engine has observed of an execution before the process ended. All values are text or
 * numbers, so that a test can keep them in a file that outlives the process.
 *
 * @since 0.1.0
 */
public sealed interface Observation {

    /** {@return the id of the execution} */
    String executionId();

    /**
     * A caller was told that the execution is started.
     *
     * @param executionId the id of the execution
     */
    record Started(String executionId) implements Observation {}

    /**
     * A node was called.
     *
     * @param executionId the id of the execution
     * @param nodeId the id of the visit
     * @param attempt the number of the attempt
     * @param stage what the call is within the attempt; different for the calls of one attempt
     * @param key the idempotency key
     */
    record Called(String executionId, String nodeId, int attempt, String stage, String key) implements Observation {

        /**
         * Notes a call.
         *
         * @param context what the node was called with
         * @param stage what the call is within the attempt
         * @return the observation
         */
        public static Called of(ExecutionContext context, String stage) {
            return new Called(
                    context.runtime().executionId(),
                    context.runtime().nodeId(),
                    context.attempt(),
                    stage,
                    context.idempotencyKey());
        }
    }

    /**
     * A subscriber got an event.
     *
     * @param executionId the id of the execution
     * @param subscriber the name of the subscriber
     * @param epoch the epoch of the event
     * @param seq the number of the event
     * @param event the event with its time, as text
     */
    record Seen(String executionId, String subscriber, String epoch, long seq, String event) implements Observation {

        /**
         * Notes an event.
         *
         * @param subscriber the name of the subscriber
         * @param event the event
         * @return the observation
         */
        public static Seen of(String subscriber, RecordedEvent event) {
            return new Seen(event.executionId(), subscriber, event.epoch(), event.seq(), text(event));
        }

        /** {@return an event with its time, as text in one line} */
        static String text(RecordedEvent event) {
            return (event.time() + " " + event.event()).replaceAll("[\t\r\n]", " ");
        }
    }

    /**
     * A subscriber was told that it has missed events.
     *
     * @param executionId the id of the execution
     * @param subscriber the name of the subscriber
     * @param what what it was told
     */
    record Missed(String executionId, String subscriber, String what) implements Observation {}

    /**
     * A person saw an open question.
     *
     * @param executionId the id of the execution
     * @param nodeId the id of the visit that asks
     * @param tokenId the id of the question
     */
    record Asked(String executionId, String nodeId, String tokenId) implements Observation {

        /**
         * Notes a question.
         *
         * @param token the token of the question
         * @return the observation
         */
        public static Asked of(PauseToken token) {
            return new Asked(token.executionId(), token.nodeId(), token.tokenId());
        }
    }

    /**
     * A person got a receipt for an answer.
     *
     * @param executionId the id of the execution
     * @param nodeId the id of the visit that asks
     * @param tokenId the id of the question
     * @param by the name of the person
     * @param answer the answer, as text
     * @param code the code of the receipt
     * @param at when the answer was accepted; null for other receipts, and when the person was not told
     */
    record Answered(
            String executionId,
            String nodeId,
            String tokenId,
            String by,
            String answer,
            String code,
            @Nullable Instant at)
            implements Observation {

        /**
         * Notes a receipt.
         *
         * @param token the token of the question
         * @param by the person
         * @param answer the answer
         * @param receipt the receipt
         * @return the observation
         */
        public static Answered of(PauseToken token, Identity by, Object answer, Receipt receipt) {
            return new Answered(
                    token.executionId(),
                    token.nodeId(),
                    token.tokenId(),
                    by.name(),
                    answer.toString(),
                    receipt.code(),
                    receipt instanceof Receipt.Accepted accepted ? accepted.at() : null);
        }

        boolean isAccepted() {
            return code.equals("accepted");
        }

        /** {@return whether two receipts say the same, as far as both persons were told} */
        boolean isSameAs(Answered other) {
            return withTime(null).equals(other.withTime(null))
                    && (at == null || other.at == null || at.equals(other.at));
        }

        private Answered withTime(@Nullable Instant time) {
            return new Answered(executionId, nodeId, tokenId, by, answer, code, time);
        }
    }

    /**
     * A caller was told that the execution is cancelled.
     *
     * @param executionId the id of the execution
     */
    record Cancelled(String executionId) implements Observation {}

    /**
     * A caller was told that the execution has ended.
     *
     * @param executionId the id of the execution
     * @param status the status
     */
    record Ended(String executionId, ExecutionStatus status) implements Observation {}
}
