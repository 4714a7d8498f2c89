package io.flowscript.events.delivery;

import io.flowscript.core.Identity;
import io.flowscript.core.bridge.AccessPolicy;
import io.flowscript.core.interaction.Interaction;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The application's access policy; an exception of the policy counts as a refusal. Safe for use by any thread. */
final class GuardedPolicy implements AccessPolicy {

    private static final Logger LOGGER = LoggerFactory.getLogger(GuardedPolicy.class);

    private final AccessPolicy policy;

    private GuardedPolicy(AccessPolicy policy) {
        this.policy = policy;
    }

    /** Wraps a policy. {@link AccessPolicy#EVERYONE} is returned unchanged, so that it can be recognized. */
    static AccessPolicy of(AccessPolicy policy) {
        return policy.equals(EVERYONE) || policy instanceof GuardedPolicy ? policy : new GuardedPolicy(policy);
    }

    @Override
    public boolean permits(Identity who, Action action, @Nullable String workflowId, @Nullable String executionId) {
        return check(action, executionId, () -> policy.permits(who, action, workflowId, executionId));
    }

    @Override
    public boolean permits(Identity who, Action action, Interaction interaction) {
        return check(action, interaction.token().executionId(), () -> policy.permits(who, action, interaction));
    }

    private static boolean check(Action action, @Nullable String executionId, BooleanSupplier permission) {
        try {
            return permission.getAsBoolean();
        } catch (RuntimeException e) {
            LOGGER.error(
                    "The access policy failed for action {} on execution {}; the action is refused",
                    action,
                    executionId,
                    e);
            return false;
        }
    }
}
