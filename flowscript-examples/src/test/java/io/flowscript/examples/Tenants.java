package io.flowscript.examples;

import io.flowscript.core.Identity;
import io.flowscript.core.bridge.AccessPolicy;
import io.flowscript.core.interaction.Interaction;
import org.jspecify.annotations.Nullable;

/** Tenants and roles, as in docs/guide-identity.md: an execution belongs to a tenant by its id, such as {@code acme.order-7}. */
final class Tenants implements AccessPolicy {

    @Override
    public boolean permits(Identity who, Action action, @Nullable String workflowId, @Nullable String executionId) {
        boolean own = executionId != null
                && who.groups().contains("tenant:" + executionId.split("\\.", 2)[0]);
        return switch (action) {
            case VIEW -> own || executionId == null; // the names of workflows
            case START -> own && who.groups().contains("clerk");
            case CLAIM, ANSWER -> own;
            case CANCEL -> own && who.groups().contains("manager");
            case OBSERVE -> who.groups().contains("operator");
        };
    }

    @Override
    public boolean permits(Identity who, Action action, Interaction interaction) {
        return AccessPolicy.super.permits(who, action, interaction)
                && interaction.assignment().includes(who);
    }
}
