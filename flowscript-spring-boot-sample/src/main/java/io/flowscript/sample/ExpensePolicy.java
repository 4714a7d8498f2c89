package io.flowscript.sample;

import io.flowscript.core.Identity;
import io.flowscript.core.bridge.AccessPolicy;
import io.flowscript.core.interaction.Interaction;
import org.jspecify.annotations.Nullable;

/** The rights of employees and managers. Stateless. */
final class ExpensePolicy implements AccessPolicy {

    @Override
    public boolean permits(Identity who, Action action, @Nullable String workflowId, @Nullable String executionId) {
        return switch (action) {
            case START -> who.groups().contains("employee");
            case CANCEL, OBSERVE -> who.groups().contains("manager");
            case VIEW, CLAIM, ANSWER -> true;
        };
    }

    @Override
    public boolean permits(Identity who, Action action, Interaction interaction) {
        return interaction.assignment().includes(who);
    }
}
