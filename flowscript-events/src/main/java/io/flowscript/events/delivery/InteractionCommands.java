package io.flowscript.events.delivery;

import io.flowscript.core.FlowScriptException;
import io.flowscript.core.Identity;
import io.flowscript.core.bridge.AccessPolicy.Action;
import io.flowscript.core.engine.Execution;
import io.flowscript.core.engine.ExecutionSnapshot;
import io.flowscript.core.interaction.AnswerOptions;
import io.flowscript.core.interaction.Interaction;
import io.flowscript.core.interaction.Interactions;
import io.flowscript.core.runtime.PauseToken;
import io.flowscript.json.protocol.ClientMessage;
import io.flowscript.json.protocol.ErrorCode;
import io.flowscript.json.protocol.ServerMessages;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Answers, claims and releases of one client, if it may: both of the execution and of the question. What it may not see and what does not
 * exist look alike to it. Used by the client's pump alone.
 */
final class InteractionCommands {

    private final Delivery delivery;
    private final Interactions interactions;
    private final ServerMessages messages;
    private final Commands.Sender sender;
    private final Identity who;
    private final Consumer<byte[]> out;

    InteractionCommands(Delivery delivery, Commands.Sender sender, Consumer<byte[]> out) {
        this.delivery = delivery;
        this.interactions = delivery.flows().interactions();
        this.messages = delivery.messages();
        this.sender = sender;
        this.who = sender.who();
        this.out = out;
    }

    void resume(ClientMessage.Resume request) {
        Interaction asked;
        try {
            asked = permitted(Action.ANSWER, request.executionId(), request.nodeId(), request.tokenId());
        } catch (FlowScriptException e) {
            out.accept(messages.resumeError(
                    request, ErrorCode.of(e.code()).orElse(ErrorCode.INTERNAL), String.valueOf(e.getMessage())));
            return;
        }
        Identity named = who.equals(Identity.ANONYMOUS) ? null : who;
        AnswerOptions options = new AnswerOptions(named, request.id(), request.seen());
        out.accept(messages.resumed(request, interactions.answer(asked.token(), request.data(), options)));
    }

    void claim(ClientMessage.Claim request) {
        Interaction asked = permitted(Action.CLAIM, request.executionId(), request.nodeId(), request.tokenId());
        Commands.Claimed claimed = delivery.commands().claim(sender, request, asked.token());
        out.accept(messages.claimed(request.id(), claimed.question(), claimed.claim()));
    }

    void release(ClientMessage.Release request) {
        Interaction asked = permitted(Action.CLAIM, request.executionId(), request.nodeId(), request.tokenId());
        PauseToken released = delivery.commands().release(sender, request, asked.token());
        out.accept(messages.released(request.id(), released, who.name()));
    }

    /**
     * The question that is named, if this may be done with it.
     *
     * @throws FlowScriptException with code {@code execution_not_found}, {@code interaction_not_found} or {@code forbidden}
     */
    private Interaction permitted(
            Action action, String executionId, @Nullable String nodeId, @Nullable String tokenId) {
        Execution execution = delivery.flows().executions().find(executionId).orElse(null);
        boolean mayDo = execution != null && delivery.permits(who, action, execution);
        if (execution == null || !(mayDo || delivery.permits(who, Action.VIEW, execution))) {
            throw refused(ErrorCode.EXECUTION_NOT_FOUND, "There is no execution " + executionId);
        }
        if (!mayDo) {
            throw refused(
                    ErrorCode.FORBIDDEN,
                    action == Action.ANSWER
                            ? "You may not answer questions of this execution"
                            : "You may not take questions of this execution on");
        }
        Interaction asked = find(
                execution.snapshot(),
                token -> (nodeId == null || nodeId.equals(token.nodeId()))
                        && (tokenId == null || tokenId.equals(token.tokenId())));
        boolean may = asked != null && delivery.policy().permits(who, action, asked);
        if (asked == null || !(may || delivery.policy().permits(who, Action.VIEW, asked))) {
            throw refused(
                    ErrorCode.INTERACTION_NOT_FOUND,
                    "There is no such question in this execution; the open ones are in its execution_status");
        }
        if (!may) {
            throw refused(ErrorCode.FORBIDDEN, "You may see this question, but not do this with it");
        }
        return asked;
    }

    /** The oldest one that is open, or else the one that was closed last. */
    private static @Nullable Interaction find(ExecutionSnapshot execution, Predicate<PauseToken> wanted) {
        for (Interaction open : execution.open()) {
            if (wanted.test(open.token())) {
                return open;
            }
        }
        List<Interaction> closed = execution.closed();
        for (int i = closed.size() - 1; i >= 0; i--) {
            if (wanted.test(closed.get(i).token())) {
                return closed.get(i);
            }
        }
        return null;
    }

    private static FlowScriptException refused(ErrorCode code, String message) {
        return new FlowScriptException(code.id(), message);
    }
}
