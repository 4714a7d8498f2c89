package io.flowscript.http;

import io.flowscript.core.Identity;
import io.flowscript.core.bridge.AccessPolicy;
import io.flowscript.core.bridge.AccessPolicy.Action;
import io.flowscript.core.engine.Execution;
import io.flowscript.core.engine.FlowScript;
import io.flowscript.core.interaction.Interaction;
import io.flowscript.json.protocol.ErrorCode;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Finds what may be seen, and refuses what may not be done. What one may not see and what does not exist look alike. A policy that fails permits
 * nothing. Safe for use by any thread.
 */
final class Rights {

    private static final System.Logger LOG = System.getLogger(Rights.class.getName());

    private final FlowScript flows;
    private final AccessPolicy policy;

    Rights(FlowScript flows, AccessPolicy policy) {
        this.flows = flows;
        this.policy = policy;
    }

    boolean permits(Identity who, Action action, @Nullable String workflowId, @Nullable String executionId) {
        return ask(() -> policy.permits(who, action, workflowId, executionId));
    }

    /** Whether the question may be seen, claimed or answered, as far as that is not the execution's affair. */
    boolean permits(Identity who, Action action, Interaction interaction) {
        return ask(() -> policy.permits(who, action, interaction));
    }

    private static boolean ask(BooleanSupplier question) {
        try {
            return question.getAsBoolean();
        } catch (RuntimeException e) {
            LOG.log(System.Logger.Level.ERROR, "The access policy failed; the request is refused", e);
            return false;
        }
    }

    /** Whether nothing is hidden from anybody. */
    boolean seeEverything() {
        return policy.equals(AccessPolicy.EVERYONE);
    }

    /** Whether the question may be seen, and its execution too. */
    boolean sees(Identity who, Interaction interaction) {
        return permits(
                        who,
                        Action.VIEW,
                        interaction.workflowId(),
                        interaction.token().executionId())
                && permits(who, Action.VIEW, interaction);
    }

    Execution visible(Identity who, String executionId) {
        return flows.executions()
                .find(executionId)
                .filter(found -> permits(who, Action.VIEW, found.workflowId(), executionId))
                .orElseThrow(() -> Refusal.of(ErrorCode.EXECUTION_NOT_FOUND, "There is no such execution"));
    }

    Execution permitted(Identity who, Action action, String executionId) {
        Optional<Execution> found = flows.executions().find(executionId);
        if (found.isPresent() && permits(who, action, found.get().workflowId(), executionId)) {
            return found.get();
        }
        visible(who, executionId);
        throw Refusal.of(ErrorCode.FORBIDDEN, "You may see this execution, but not do this to it");
    }

    /** The question, if this may be done with it; the execution was asked about before. */
    Interaction permitted(Identity who, Action action, Optional<Interaction> question) {
        Interaction found = question.filter(asked -> permits(who, action, asked) || permits(who, Action.VIEW, asked))
                .orElseThrow(() -> Refusal.of(
                        ErrorCode.INTERACTION_NOT_FOUND,
                        "There is no such question in this execution; its status lists the open ones"));
        if (!permits(who, action, found)) {
            throw Refusal.of(ErrorCode.FORBIDDEN, "You may see this question, but not do this with it");
        }
        return found;
    }
}
