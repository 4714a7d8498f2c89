package io.flowscript.events.operations;

import io.flowscript.core.Identity;
import io.flowscript.core.bridge.AccessPolicy;
import io.flowscript.core.bridge.AccessPolicy.Action;
import io.flowscript.core.concurrent.Guard;
import io.flowscript.core.interaction.Interaction;
import io.flowscript.core.runtime.PauseToken;
import io.flowscript.engine.Execution;
import io.flowscript.engine.FlowScript;
import io.flowscript.json.protocol.ErrorCode;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Applies the access policy: finds what an identity may see, and refuses what it may not do. Things that an identity
 * may not see are reported as if they did not exist. A policy that throws permits nothing. Safe for use by any thread.
 */
final class Rights {

    private static final Logger LOGGER = LoggerFactory.getLogger(Rights.class);

    private final FlowScript flows;
    private final AccessPolicy policy;

    Rights(FlowScript flows, AccessPolicy policy) {
        this.flows = flows;
        this.policy = policy;
    }

    /** Whether every identity may see and do everything. */
    boolean permitEverything() {
        return policy.equals(AccessPolicy.EVERYONE);
    }

    boolean permits(Identity who, Action action, @Nullable String workflowId, @Nullable String executionId) {
        return ask(action, executionId, () -> policy.permits(who, action, workflowId, executionId));
    }

    /** Whether the policy permits an action on an interaction. The check of its execution is separate. */
    boolean permits(Identity who, Action action, Interaction interaction) {
        return ask(action, interaction.token().executionId(), () -> policy.permits(who, action, interaction));
    }

    /** Whether an identity may see an interaction and its execution. */
    boolean sees(Identity who, Interaction interaction) {
        String executionId = interaction.token().executionId();
        return permits(who, Action.VIEW, interaction.workflowId(), executionId)
                && permits(who, Action.VIEW, interaction);
    }

    private static boolean ask(Action action, @Nullable String executionId, BooleanSupplier question) {
        return Guard.call(question::getAsBoolean, thrown -> {
            Guard.report(
                    thrown,
                    shown -> LOGGER.error(
                            "The access policy failed on {} of execution {}; it is refused",
                            action,
                            executionId,
                            shown));
            return false;
        });
    }

    void checkStart(Identity who, String workflowId, @Nullable String executionId) {
        if (!permits(who, Action.START, workflowId, executionId)) {
            throw permits(who, Action.VIEW, workflowId, null)
                    ? new OperationException(ErrorCode.FORBIDDEN, "You may see this workflow, but not start it")
                    : new OperationException(ErrorCode.WORKFLOW_NOT_FOUND, "There is no such workflow");
        }
    }

    Execution visible(Identity who, String executionId) {
        return flows.executions()
                .find(executionId)
                .filter(found -> permits(who, Action.VIEW, found.workflowId(), executionId))
                .orElseThrow(() -> new OperationException(ErrorCode.EXECUTION_NOT_FOUND, "There is no such execution"));
    }

    /** Returns an execution, if the identity may perform the action on it. */
    Execution permitted(Identity who, Action action, String executionId) {
        Optional<Execution> found = flows.executions().find(executionId);
        if (found.isPresent() && permits(who, action, found.get().workflowId(), executionId)) {
            return found.get();
        }
        visible(who, executionId);
        throw new OperationException(ErrorCode.FORBIDDEN, "You may see this execution, but not " + what(action));
    }

    /**
     * Returns an interaction, if the identity may perform the action on it and on its execution.
     *
     * @param nodeId the visit that asks; null when only the token is named
     * @param tokenId the interaction; null when only the visit is named
     */
    Interaction permitted(
            Identity who, Action action, String executionId, @Nullable String nodeId, @Nullable String tokenId) {
        Execution execution = permitted(who, action, executionId);
        if (nodeId == null && tokenId == null) {
            throw new OperationException(
                    ErrorCode.INVALID_MESSAGE, "Name the interaction by its nodeId or by its tokenId");
        }
        Interaction found = find(
                        execution,
                        token -> (nodeId == null || nodeId.equals(token.nodeId()))
                                && (tokenId == null || tokenId.equals(token.tokenId())))
                .filter(asked -> permits(who, action, asked) || permits(who, Action.VIEW, asked))
                .orElseThrow(Refusals::noInteraction);
        if (!permits(who, action, found)) {
            throw new OperationException(ErrorCode.FORBIDDEN, "You may see this interaction, but not " + what(action));
        }
        return found;
    }

    /** Returns the oldest open interaction that matches; if none is open, the one that was closed last. */
    private static Optional<Interaction> find(Execution execution, Predicate<PauseToken> wanted) {
        var snapshot = execution.snapshot();
        Optional<Interaction> open = snapshot.open().stream()
                .filter(asked -> wanted.test(asked.token()))
                .findFirst();
        List<Interaction> closed = snapshot.closed();
        return open.or(() ->
                closed.stream().filter(asked -> wanted.test(asked.token())).reduce((earlier, later) -> later));
    }

    private static String what(Action action) {
        return switch (action) {
            case VIEW -> "see more of it";
            case START -> "start it";
            case CLAIM -> "claim or release what it asks";
            case ANSWER -> "answer what it asks";
            case CANCEL -> "cancel it";
            case OBSERVE -> "see the figures of the server";
        };
    }
}
