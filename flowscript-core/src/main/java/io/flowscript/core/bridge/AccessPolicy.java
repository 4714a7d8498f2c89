package io.flowscript.core.bridge;

import io.flowscript.core.Identity;
import io.flowscript.core.interaction.Interaction;
import org.jspecify.annotations.Nullable;

/**
 * Decides what a client may do. Asked for each request, for replayed events as for live ones, and again for each
 * execution that joins a subscription. What one may not see and what does not exist look alike to the client. Called by
 * any thread; must not block.
 *
 * @since 0.1.0
 */
@FunctionalInterface
public interface AccessPolicy {

    /** Everybody may do everything. */
    AccessPolicy EVERYONE = (who, action, workflowId, executionId) -> true;

    /** Everybody may do everything, but a question is seen, claimed and answered by those alone whom it is meant for. */
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
     * Decides.
     *
     * @param who asks
     * @param action what it wants to do
     * @param workflowId the workflow it is about; null when none is named, as for an execution that is not there yet
     * @param executionId the execution it is about; null when none is named
     * @return whether it may
     */
    boolean permits(Identity who, Action action, @Nullable String workflowId, @Nullable String executionId);

    /**
     * Decides about one question that people are asked.
     *
     * @param who asks
     * @param action {@link Action#VIEW}, {@link Action#CLAIM} or {@link Action#ANSWER}
     * @param interaction the question, as it is now
     * @return whether it may; as for its execution, unless this is overridden
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
        /** Take a question on, and give it back. */
        CLAIM,
        /** Answer a question. */
        ANSWER,
        /** Cancel an execution. */
        CANCEL
    }
}
