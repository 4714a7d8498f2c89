package io.flowscript.events.delivery;

import io.flowscript.core.bridge.ClientChannel;
import io.flowscript.core.bridge.ClientInfo;
import io.flowscript.core.bridge.ClientSession;
import io.flowscript.core.bridge.CloseCode;
import io.flowscript.core.concurrent.SerialTask;
import io.flowscript.events.operations.Sender;
import io.flowscript.events.operations.TokenBucket;
import io.flowscript.json.protocol.ClientMessage;
import io.flowscript.json.protocol.ErrorCode;
import io.flowscript.json.protocol.ProtocolException;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One connected client. It receives the client's messages and runs the client's pump.
 *
 * <p>The pump is a serial task on the engine's executor. It runs when a message has arrived, a batch was sent, a
 * subscription has something to read, a timer has fired, or the session is to end. A run handles the message, fills and
 * sends a batch, and checks the heartbeat.
 *
 * <p>All state of the client belongs to the pump, so there is no lock. Other threads only set {@code inbound} or
 * {@code ending} and signal the pump. At most one message is in {@code inbound}: the transport hands in the next one
 * after the session has demanded it.
 */
final class Session implements ClientSession {

    private static final Logger LOGGER = LoggerFactory.getLogger(Session.class);

    private final Delivery delivery;
    private final ClientChannel channel;
    private final String clientId;
    private final Consumer<Session> onEnd;
    private final TokenBucket rate;
    private final SerialTask pump;
    private final AtomicReference<@Nullable Inbound> inbound = new AtomicReference<>();
    private final AtomicReference<@Nullable Ending> ending = new AtomicReference<>();

    private final Outbound outbound;
    private final Heartbeat heartbeat;
    private final StallWatch stall;
    private final Subscriptions subscriptions;
    private final InboxFeed inboxFeed;
    private final CommandHandler commands;
    private final Holdings.Share holdings;
    private boolean finished;

    /**
     * A message of the client.
     *
     * @param work what the pump does for it
     * @param demandNext demands the next message from the transport
     */
    private record Inbound(Runnable work, Runnable demandNext) {}

    /**
     * Why the session ends.
     *
     * @param closeChannel whether the channel has to be closed
     * @param inline whether the ending thread runs the pump itself if the pump is idle
     */
    private record Ending(int code, String reason, boolean closeChannel, boolean inline) {}

    Session(Delivery delivery, ClientChannel channel, ClientInfo client, String clientId, Consumer<Session> onEnd) {
        this.delivery = delivery;
        this.channel = channel;
        this.clientId = clientId;
        this.onEnd = onEnd;
        BridgeLimits limits = delivery.limits();
        this.rate = new TokenBucket(
                limits.messagesPerSecond(),
                limits.messageBurst(),
                limits.messageBurst(),
                delivery.clock().instant());
        this.pump = new SerialTask(this::execute, this::pump);
        this.outbound = new Outbound(channel, client.framing(), limits, delivery.clock(), pump::signal);
        this.heartbeat =
                new Heartbeat(channel, delivery.clock(), delivery.timing().heartbeat(), pump::signal);
        this.stall = new StallWatch(delivery.clock(), delivery.timing().stall(), pump::signal);
        this.holdings = delivery.holdings().new Share();
        this.subscriptions = new Subscriptions(delivery, client, pump::signal);
        this.inboxFeed = new InboxFeed(delivery, client.identity(), pump::signal);
        this.commands = new CommandHandler(
                delivery, new Sender(client.identity(), clientId), subscriptions, inboxFeed, outbound::reply);
        outbound.reply(delivery.messages()
                .connected(clientId, client.framing(), delivery.timing().heartbeat(), limits.maxMessageBytes()));
    }

    /**
     * Sends the greeting and starts the heartbeat.
     *
     * @param share how much of the heartbeat's interval passes before the first ping, from 0 to below 1
     */
    void start(double share) {
        heartbeat.start(share);
        pump.signal();
    }

    /**
     * Ends the connection. It has ended when this method returns, unless the pump is running on another thread. The
     * first reason wins. Any thread.
     */
    void end(int code, String reason) {
        end(new Ending(code, reason, true, true));
    }

    @Override
    public String clientId() {
        return clientId;
    }

    @Override
    public void receive(ByteBuffer message, Runnable next) {
        if (isWithinRate(next)) {
            enqueue(parse(message, next));
        }
    }

    @Override
    public void reject(String code, String message, Runnable next) {
        if (isWithinRate(next)) {
            enqueue(refused(ErrorCode.of(code).orElse(ErrorCode.INVALID_MESSAGE), message, next));
        }
    }

    @Override
    public void closed() {
        end(new Ending(CloseCode.NORMAL, "", false, false));
    }

    private Inbound parse(ByteBuffer message, Runnable next) {
        try {
            ClientMessage request = delivery.parser().parse(message);
            return new Inbound(() -> commands.handle(request), next);
        } catch (ProtocolException e) {
            delivery.observer().refused(e.errorCode().id());
            return reply(delivery.messages().error(e), next);
        } catch (RuntimeException e) {
            LOGGER.error("Reading a message of client {} failed", clientId, e);
            return refused(ErrorCode.INTERNAL, "The server failed to read this message; its log has the cause", next);
        }
    }

    private boolean isWithinRate(Runnable next) {
        switch (rate.take(delivery.clock().instant())) {
            case TAKEN -> {
                return true;
            }
            case REFUSED ->
                enqueue(refused(
                        ErrorCode.RATE_LIMITED,
                        "Too many messages; this server accepts "
                                + delivery.limits().messagesPerSecond()
                                + " per second and disconnects clients that go on sending more",
                        next));
            case EXCESSIVE -> end(CloseCode.POLICY, "too many messages");
        }
        return false;
    }

    private Inbound refused(ErrorCode code, String message, Runnable next) {
        return reply(delivery.refusal(null, code, message, Map.of()), next);
    }

    private Inbound reply(byte[] reply, Runnable next) {
        return new Inbound(() -> outbound.reply(reply), next);
    }

    private void enqueue(Inbound message) {
        if (!inbound.compareAndSet(null, message)) {
            throw new IllegalStateException(
                    "The transport handed in a message before the previous one was handled; wait until next has run");
        }
        pump.signal();
    }

    private void end(Ending why) {
        if (ending.compareAndSet(null, why)) {
            pump.signal();
        }
    }

    /**
     * Runs the pump on the engine's executor. If that rejects work, the engine is closed, and the session ends as well.
     */
    private void execute(Runnable work) {
        Ending why = ending.get();
        if (why != null && why.inline) {
            work.run();
            return;
        }
        delivery.pumps().execute(work, this::engineClosed);
    }

    private void engineClosed() {
        ending.compareAndSet(null, new Ending(CloseCode.GOING_AWAY, "server closing", true, true));
    }

    private void pump() {
        if (finished) {
            return;
        }
        try {
            if (ending.get() == null) {
                work();
            }
        } catch (RuntimeException | Error e) {
            LOGGER.error("The delivery to client {} failed; the client is disconnected", clientId, e);
            ending.compareAndSet(null, new Ending(CloseCode.OVERLOADED, "internal", true, true));
        }
        Ending why = ending.get();
        if (why != null) {
            finish(why);
        }
    }

    /** One run of the pump. */
    private void work() {
        if (!checkLastSend()) {
            return;
        }
        handleInbound();
        if (outbound.canSend() && !deliver()) {
            return;
        }
        outbound.demandIfReplied();
        holdings.set(subscriptions.size(), subscriptions.followed(), outbound.outstandingBytes());
        Instant busySince = outbound.busySince();
        if (!heartbeat.beat(busySince != null)) {
            end(CloseCode.HEARTBEAT_MISSED, "no answer to the last ping");
        } else if (stall.isStalled(busySince)) {
            end(CloseCode.TOO_SLOW, "too slow; reconnect, no event is lost");
        }
    }

    /** Collects the outcome of the last batch, if there is one. {@return whether the client is still reachable} */
    private boolean checkLastSend() {
        Throwable unreachable = outbound.checkLastSend();
        if (unreachable == null) {
            return true;
        }
        LOGGER.debug("Client {} is no longer reachable", clientId, unreachable);
        end(CloseCode.GOING_AWAY, "connection lost");
        return false;
    }

    /**
     * Sends the next batch. If the channel takes it at once, the pump can send another one without waiting for a
     * signal. {@return whether the client stays connected}
     */
    private boolean deliver() {
        Batch batch = outbound.newBatch();
        boolean more = inboxFeed.fill(batch);
        subscriptions.fill(batch);
        if (subscriptions.isBehind()) {
            end(CloseCode.TOO_SLOW, "too far behind the newly started executions; reconnect");
            return false;
        }
        if (batch.heldBack() > 0) {
            delivery.observer().filtered(batch.heldBack());
        }
        if (!batch.isEmpty()) {
            outbound.send(batch);
            delivery.observer().delivered(batch.events(), batch.bytes());
            if (!checkLastSend()) {
                return false;
            }
        }
        if (outbound.canSend() && (more || batch.isFull() || subscriptions.hasReadyFeeds())) {
            pump.signal();
        }
        return true;
    }

    private void handleInbound() {
        if (outbound.isReplying()) {
            return;
        }
        Inbound message = inbound.get();
        if (message != null) {
            inbound.set(null); // the transport hands in no other message until this one is replied to
            message.work.run();
            outbound.demandAfterReplies(message.demandNext);
        }
    }

    private void finish(Ending why) {
        finished = true;
        pump.stop();
        inbound.set(null);
        heartbeat.stop();
        stall.stop();
        subscriptions.close();
        inboxFeed.close();
        commands.close();
        holdings.set(0, 0, 0);
        delivery.observer().closed(why.code);
        onEnd.accept(this);
        if (why.closeChannel) {
            try {
                channel.close(why.code, why.reason);
            } catch (RuntimeException e) {
                LOGGER.warn("Closing the channel of client {} failed", clientId, e);
            }
        }
    }
}
