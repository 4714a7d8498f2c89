package io.flowscript.testkit.crash;

import io.flowscript.core.json.Value;
import io.flowscript.core.runtime.PauseToken;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One of several processes on one store, as a client sees it. It serves executions of {@link ClusterWorkflow}. A command has a key:
 * sent again under the same key, to any of the processes, it has the same result. Safe for use by any thread; calls block.
 *
 * <p>A call throws {@link Unavailable} when the protocol of the client says that it is to be sent again. Any other
 * exception is a fault.
 *
 * @since 0.1.0
 */
public interface ClusterMember {

    /**
     * Starts an execution.
     *
     * @param by who starts it
     * @param key the key of the command
     * @param executionId the id of the execution; null when the process is to choose it
     * @return its id
     * @throws Unavailable when the command is to be sent again
     * @throws InterruptedException when the thread is interrupted
     */
    String start(String by, String key, @Nullable String executionId) throws Unavailable, InterruptedException;

    /**
     * Follows an execution.
     *
     * @param by who follows it
     * @param executionId the execution
     * @param after the number of the last event that is known; 0 for none
     * @return the events after it
     * @throws Unavailable when nobody answers
     * @throws InterruptedException when the thread is interrupted
     */
    Follower follow(String by, String executionId, long after) throws Unavailable, InterruptedException;

    /**
     * Returns the open question of an execution.
     *
     * @param executionId the execution
     * @return its token; null when no question is open
     * @throws Unavailable when nobody answers
     * @throws InterruptedException when the thread is interrupted
     */
    @Nullable
    PauseToken question(String executionId) throws Unavailable, InterruptedException;

    /**
     * Answers a question.
     *
     * @param token the question
     * @param by who answers
     * @param key the key of the command
     * @param answer the answer
     * @return the receipt
     * @throws Unavailable when the command is to be sent again
     * @throws InterruptedException when the thread is interrupted
     */
    Observation.Answered answer(PauseToken token, String by, String key, String answer)
            throws Unavailable, InterruptedException;

    /**
     * Cancels an execution.
     *
     * @param executionId the execution
     * @param by who cancels
     * @param key the key of the command
     * @return false when it had ended before
     * @throws Unavailable when the command is to be sent again
     * @throws InterruptedException when the thread is interrupted
     */
    boolean cancel(String executionId, String by, String key) throws Unavailable, InterruptedException;

    /**
     * Returns the state of an execution. A change that another process has shown may be seen here a moment later.
     *
     * @param executionId the execution
     * @return its state
     * @throws Unavailable when nobody answers
     * @throws InterruptedException when the thread is interrupted
     */
    Value state(String executionId) throws Unavailable, InterruptedException;

    /** The events of one execution. For one thread. */
    interface Follower extends AutoCloseable {

        /**
         * Waits for events, if there can be more.
         *
         * @return the next events, in their order; may be empty
         * @throws Unavailable when the connection is lost
         * @throws InterruptedException when the thread is interrupted
         */
        List<Event> next() throws Unavailable, InterruptedException;

        @Override
        void close();
    }

    /**
     * An event as a client gets it.
     *
     * @param seq its number
     * @param type the type of its message, such as {@code node_started}
     * @param nodeId the visit that it is about; null for none
     * @param tokenId the question that it is about; null for none
     * @param text all of it, as text that is the same each time that it is read
     */
    record Event(
            long seq,
            String type,
            @Nullable String nodeId,
            @Nullable String tokenId,
            String text) {

        boolean isQuestion() {
            return type.equals("human_interaction_required");
        }

        boolean isLast() {
            return type.equals("workflow_completed")
                    || type.equals("workflow_failed")
                    || type.equals("workflow_cancelled");
        }
    }

    /** The process is not there, or says that it can do nothing at the moment. */
    final class Unavailable extends Exception {

        private static final long serialVersionUID = 1L;

        /**
         * Creates an exception.
         *
         * @param why what the client was told
         */
        public Unavailable(String why) {
            super(why);
        }
    }
}
