package io.flowscript.core.bridge;

import io.flowscript.core.Identity;
import io.flowscript.core.interaction.Interaction;
import org.jspecify.annotations.Nullable;

/**
 * Decides what a client may do. The bridge calls it for each request, for replayed and for live events, and again for
 * each execution that joins a subscription. A client cannot distinguish what it may not see from what does not exist.
 * Implementations are called by any thread and must not block.
 *
 * @since 0.1.0
 */
@FunctionalInterface
public interface AccessPolicy {

    /** Everybody may do everything. */
    AccessPolicy EVERYONE = (who, action, workflowId, executionId) -> true;

    /**
     * Everybody may do everything, except that only the people an interaction is assigned to may see, claim and
     * answer it.
     */
    AccessPolicy ASSIGNED = new AccessPolicy() {
        @Override
        public boolean permits(Identity who, Action action, @Nullable String workflowId, @Nullable String executionId) {
            return true;
        }

        @Override
        public boolean permits(Identity who, Action action, Interaction interaction) {
            return interaction.assignment().includes(who);
        }
    };

    /**
     * Decides about one request.
     *
     * @param who the identity of the client
     * @param action what the client wants to do
     * @param workflowId the workflow that the action concerns; null when the request names none or the execution does
     *     not exist
     * @param executionId the execution that the action concerns; null when the request names none
     * @return true if the client may do it
     */
    boolean permits(Identity who, Action action, @Nullable String workflowId, @Nullable String executionId);

    /**
     * Decides about one interaction. The default decides as for the execution of the interaction.
     *
     * @param who the identity of the client
     * @param action {@link Action#VIEW}, {@link Action#CLAIM} or {@link Action#ANSWER}
     * @param interaction the interaction in its current state
     * @return true if the client may do it
     */
    default boolean permits(Identity who, Action action, Interaction interaction) {
        return permits(
                who, action, interaction.workflowId(), interaction.token().executionId());
    }

    /** What a client wants to do. */
    enum Action {
        /** See an execution's events, status and state. */
        VIEW,
        /** Start an execution. */
        START,
        /** Claim an interaction, and release it. */
        CLAIM,
        /** Answer an interaction. */
        ANSWER,
        /** Cancel an execution. */
        CANCEL,
        /**
         * See the figures of the whole engine: how many executions, questions and connections there are, and how far clients are behind. The
         * question names neither a workflow nor an execution. Figures tell of executions that the identity may not see.
         */
        OBSERVE
    }
}
