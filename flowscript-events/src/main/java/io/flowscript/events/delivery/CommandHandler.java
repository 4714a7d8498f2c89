package io.flowscript.events.delivery;

import io.flowscript.core.FlowScriptException;
import io.flowscript.core.Identity;
import io.flowscript.core.bridge.AccessPolicy.Action;
import io.flowscript.core.engine.Execution;
import io.flowscript.json.protocol.ClientMessage;
import io.flowscript.json.protocol.ErrorCode;
import io.flowscript.json.protocol.ServerMessages;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Does what one client asks, if it may, and replies. What it may not see and what does not exist look alike to it. Used by the
 * client's pump alone.
 */
final class CommandHandler implements ClientMessage.Handler {

    private static final Logger LOGGER = LoggerFactory.getLogger(CommandHandler.class);

    private final Delivery delivery;
    private final ServerMessages messages;
    private final Commands.Sender sender;
    private final Identity who;
    private final Subscriptions subscriptions;
    private final InteractionCommands interactions;
    private final InboxFeed inbox;
    private final Consumer<byte[]> out;

    CommandHandler(
            Delivery delivery,
            Commands.Sender sender,
            Subscriptions subscriptions,
            InboxFeed inbox,
            Consumer<byte[]> out) {
        this.delivery = delivery;
        this.messages = delivery.messages();
        this.sender = sender;
        this.who = sender.who();
        this.subscriptions = subscriptions;
        this.interactions = new InteractionCommands(delivery, sender, out);
        this.inbox = inbox;
        this.out = out;
    }

    void handle(ClientMessage request) {
        try {
            request.accept(this);
        } catch (FlowScriptException e) {
            out.accept(refusal(request, e));
        } catch (RuntimeException e) {
            out.accept(failed(request, e));
        }
    }

    void close() {
        delivery.commands().forget(sender);
    }

    private byte[] refusal(ClientMessage request, FlowScriptException e) {
        String message = String.valueOf(e.getMessage());
        return switch (e.code()) {
            case "invalid_execution_id",
                    "invalid_value",
                    "value_too_deep",
                    "invalid_idempotency_key",
                    "invalid_cursor",
                    "invalid_query",
                    "invalid_duration" -> messages.error(request.id(), ErrorCode.INVALID_MESSAGE, message);
            case "state_too_large" -> messages.error(request.id(), ErrorCode.MESSAGE_TOO_LARGE, message);
            case "engine_closed", "inbox_closed" ->
                messages.error(request.id(), ErrorCode.SERVER_CLOSING, "The server is closing");
            case "too_many_executions" ->
                messages.error(
                        request.id(),
                        ErrorCode.RATE_LIMITED,
                        "As many executions are under way as this server takes; try again later");
            default -> {
                Optional<ErrorCode> known = ErrorCode.of(e.code());
                yield known.isPresent() ? messages.error(request.id(), known.get(), message) : failed(request, e);
            }
        };
    }

    private byte[] failed(ClientMessage request, RuntimeException e) {
        LOGGER.error("A {} of a client failed", request.type().id(), e);
        return messages.error(request.id(), ErrorCode.INTERNAL, "The request failed; the server's log says why");
    }

    @Override
    public void subscribe(ClientMessage.Subscribe request) {
        subscriptions.subscribe(request, out);
    }

    @Override
    public void unsubscribe(ClientMessage.Unsubscribe request) {
        subscriptions.unsubscribe(request.scope());
        out.accept(messages.unsubscribed(request.id(), request.scope()));
    }

    @Override
    public void resume(ClientMessage.Resume request) {
        interactions.resume(request);
    }

    @Override
    public void claim(ClientMessage.Claim request) {
        interactions.claim(request);
    }

    @Override
    public void release(ClientMessage.Release request) {
        interactions.release(request);
    }

    @Override
    public void interactions(ClientMessage.Interactions request) {
        inbox.handle(request, out);
    }

    @Override
    public void endInteractions(ClientMessage.EndInteractions request) {
        inbox.handle(request, out);
    }

    @Override
    public void ack(ClientMessage.Ack request) {
        inbox.handle(request);
    }

    @Override
    public void ping(ClientMessage.Ping request) {
        out.accept(messages.pong(request.id()));
    }

    @Override
    public void execute(ClientMessage.Execute request) {
        String workflowId = request.workflowId();
        String executionId = request.executionId();
        if (!delivery.permits(who, Action.START, workflowId, executionId)) {
            boolean seen = delivery.permits(who, Action.VIEW, workflowId, null);
            out.accept(messages.error(
                    request.id(),
                    seen ? ErrorCode.FORBIDDEN : ErrorCode.WORKFLOW_NOT_FOUND,
                    seen ? "You may not start this workflow" : "There is no workflow " + workflowId));
            return;
        }
        Commands.Started started = delivery.commands().execute(sender, request);
        // Sent again, it would tell how things stand by now to somebody who may start but not see.
        if (started.again() && !delivery.permits(who, Action.VIEW, started.execution())) {
            out.accept(messages.error(
                    request.id(), ErrorCode.FORBIDDEN, "You have started this execution, but may not see it"));
            return;
        }
        out.accept(messages.executionStatus(request.id(), started.execution().snapshot()));
    }

    @Override
    public void cancel(ClientMessage.Cancel request) {
        Execution execution =
                delivery.flows().executions().find(request.executionId()).orElse(null);
        ErrorCode refusal = refusal(Action.CANCEL, execution);
        if (execution == null || refusal != null) {
            out.accept(messages.error(
                    request.id(),
                    refusal == null ? ErrorCode.EXECUTION_NOT_FOUND : refusal,
                    refusal == ErrorCode.FORBIDDEN
                            ? "You may not cancel this execution"
                            : "There is no execution " + request.executionId()));
            return;
        }
        delivery.commands().cancel(sender, request, execution);
        out.accept(messages.executionStatus(request.id(), execution.snapshot()));
    }

    /** Why the client may not do this with an execution, null when it may. */
    private @Nullable ErrorCode refusal(Action action, @Nullable Execution execution) {
        if (execution == null) {
            return ErrorCode.EXECUTION_NOT_FOUND;
        }
        if (delivery.permits(who, action, execution)) {
            return null;
        }
        return delivery.permits(who, Action.VIEW, execution) ? ErrorCode.FORBIDDEN : ErrorCode.EXECUTION_NOT_FOUND;
    }
}
