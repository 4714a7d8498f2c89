package io.flowscript.events.delivery;

import io.flowscript.core.bridge.Login;
import io.flowscript.core.bridge.Redaction;
import io.flowscript.core.concurrent.Guard;
import io.flowscript.core.interaction.Receipt;
import io.flowscript.core.observe.FlowScriptObserver;
import io.flowscript.core.observe.FlowScriptTracer;
import io.flowscript.core.runtime.PauseToken;
import io.flowscript.engine.Execution;
import io.flowscript.events.operations.OperationException;
import io.flowscript.events.operations.Operations;
import io.flowscript.events.operations.Sender;
import io.flowscript.json.protocol.ClientMessage;
import io.flowscript.json.protocol.ClientMessageType;
import io.flowscript.json.protocol.ErrorCode;
import io.flowscript.json.protocol.ServerMessages;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Carries out a message of a client through the operations, and writes the replies. Used by the client's pump, and for a message that
 * {@linkplain #canTakeLong can take long} by one other thread.
 */
final class CommandHandler implements ClientMessage.Handler {

    private static final Logger LOGGER = LoggerFactory.getLogger(CommandHandler.class);

    private static final Set<ClientMessageType> LONG =
            EnumSet.of(ClientMessageType.AUTHENTICATE, ClientMessageType.RESUME, ClientMessageType.EXECUTE);

    private static final Set<ClientMessageType> LONG_WITH_STORE = EnumSet.of(
            ClientMessageType.CANCEL,
            ClientMessageType.CLAIM,
            ClientMessageType.RELEASE,
            ClientMessageType.ACK,
            ClientMessageType.INTERACTIONS);

    private final Operations operations;
    private final ServerMessages messages;
    private final FlowScriptObserver observer;
    private final FlowScriptTracer tracer;
    private final ConnectedClient client;
    private final String clientId;
    private final Subscriptions subscriptions;
    private final InboxFeed inbox;
    private final Consumer<byte[]> out;

    CommandHandler(
            Delivery delivery,
            ConnectedClient client,
            String clientId,
            Subscriptions subscriptions,
            InboxFeed inbox,
            Consumer<byte[]> out) {
        this.operations = delivery.operations();
        this.messages = delivery.messages();
        this.observer = delivery.observer();
        this.tracer = delivery.flows().tracer();
        this.client = client;
        this.clientId = clientId;
        this.subscriptions = subscriptions;
        this.inbox = inbox;
        this.out = out;
    }

    /**
     * Whether carrying out a message can take long: it waits for the engine's store, checks a value against a schema, or has
     * the application check a token. The pump must not do that: others of its thread would wait too.
     *
     * @param durable whether the engine has a store
     */
    static boolean canTakeLong(ClientMessage request, boolean durable) {
        return LONG.contains(request.type()) || (durable && LONG_WITH_STORE.contains(request.type()));
    }

    void handle(ClientMessage request) {
        if (request instanceof ClientMessage.Traced traced) {
            FlowScriptTracer.Scope scope = tracer.enter(traced.traceparent());
            try {
                handle(traced.command());
            } finally {
                scope.close();
            }
            return;
        }
        try {
            observer.commandHandled(request.type().id());
            request.accept(this);
        } catch (OperationException e) {
            out.accept(refusal(request, e)); // the operations have reported it to the observer
        } catch (Throwable e) {
            OperationException refusal = OperationException.of(e);
            observer.refused(refusal.code());
            out.accept(refusal(request, refusal));
        }
    }

    private Sender sender() {
        return client.asSender(clientId);
    }

    private byte[] refusal(ClientMessage request, OperationException e) {
        if (e.errorCode() == ErrorCode.INTERNAL) {
            Guard.report(
                    e,
                    shown -> LOGGER.error("A client's {} failed", request.type().id(), shown));
        }
        String message = String.valueOf(e.getMessage());
        return request instanceof ClientMessage.Resume resume
                ? messages.resumeError(resume, e.errorCode(), message, e.details())
                : messages.error(request.id(), e.errorCode(), message, details(request, e));
    }

    /**
     * What a refusal is about. A request for several subscriptions has several replies with the same id. A start that is refused for
     * its input has the violations.
     */
    // The nullness of the type arguments of return types elsewhere is not in the class files that JDK 17 reads.
    @SuppressWarnings("NullAway")
    private static Map<String, ?> details(ClientMessage request, OperationException refusal) {
        if (request instanceof ClientMessage.Subscribe subscribe) {
            return Subscriptions.details(subscribe.scope());
        }
        return request instanceof ClientMessage.Execute ? refusal.details() : Map.of();
    }

    @Override
    public void subscribe(ClientMessage.Subscribe request) {
        subscriptions.subscribe(request, out);
    }

    @Override
    public void unsubscribe(ClientMessage.Unsubscribe request) {
        subscriptions.unsubscribe(request.scope(), out);
        out.accept(messages.unsubscribed(request.id(), request.scope()));
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
    public void authenticate(ClientMessage.Authenticate request) {
        Login login = client.renewal().login(request.token()).orElse(null);
        if (login == null || !client.renew(login)) {
            observer.refused(ErrorCode.UNAUTHORIZED.id());
            throw new OperationException(
                    ErrorCode.UNAUTHORIZED, "This token does not renew the login of this connection");
        }
        out.accept(messages.authenticated(request.id(), login.expiresAt()));
    }

    @Override
    public void ping(ClientMessage.Ping request) {
        out.accept(messages.pong(request.id()));
    }

    @Override
    public void resume(ClientMessage.Resume request) {
        Receipt.Accepted receipt = operations.answer(sender(), request);
        out.accept(messages.resumed(request, receipt));
    }

    @Override
    public void claim(ClientMessage.Claim request) {
        Operations.Claimed claimed = operations.claim(sender(), request);
        out.accept(messages.claimed(request.id(), claimed.token(), claimed.claim()));
    }

    @Override
    public void release(ClientMessage.Release request) {
        PauseToken released = operations.release(sender(), request);
        out.accept(messages.released(request.id(), released, client.identity().name()));
    }

    @Override
    public void execute(ClientMessage.Execute request) {
        Operations.Started started = operations.start(sender(), request);
        Execution execution = started.execution();
        // The reply to a repeated command shows the current status, which a client that may start but not see the
        // workflow must not get.
        if (started.again() && !operations.sees(client.identity(), execution.workflowId(), execution.id())) {
            observer.refused(ErrorCode.FORBIDDEN.id());
            throw new OperationException(ErrorCode.FORBIDDEN, "You have started this execution, but may not see it");
        }
        reply(request, execution);
    }

    private void reply(ClientMessage request, Execution execution) {
        Redaction redaction = operations.redaction(client.identity(), execution.workflowId(), execution.id());
        out.accept(messages.executionStatus(request.id(), execution.snapshot(), redaction));
    }

    @Override
    public void cancel(ClientMessage.Cancel request) {
        Execution execution = operations.cancel(sender(), request).execution();
        reply(request, execution);
    }
}
