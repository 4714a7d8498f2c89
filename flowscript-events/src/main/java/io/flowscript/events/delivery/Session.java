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
 * One client: what it sends comes in here, and its pump is here. The pump runs one at a time on the engine's executor, whenever
 * there is something to do: a message came, a batch was sent, a subscription woke up, a timer went off, the end has come. Everything of
 * this client is touched by the pump alone, so there is no lock; what comes from other threads is left for it and signalled.
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
    private final InboxFeed inbox;
    private final CommandHandler commands;
    private final Holdings.Share holdings;
    private boolean over;

    /** What a message asks the pump to do, and how to demand the one after it. */
    private record Inbound(Runnable work, Runnable next) {}

    /**
     * Why the session ends.
     *
     * @param told whether the channel is to be closed
     * @param now whether the thread that says so is to see to it, if the pump is idle
     */
    private record Ending(int code, String reason, boolean told, boolean now) {}

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
        this.inbox = new InboxFeed(delivery, client.identity(), pump::signal);
        this.commands = new CommandHandler(
                delivery, new Sender(client.identity(), clientId), subscriptions, inbox, outbound::reply);
        outbound.reply(delivery.messages()
                .connected(clientId, client.framing(), delivery.timing().heartbeat(), limits.maxMessageBytes()));
    }

    /**
     * Begins: says hello, and asks for signs of life.
     *
     * @param share of the heartbeat's interval until it asks first, from 0 to below 1
     */
    void start(double share) {
        heartbeat.start(share);
        pump.signal();
    }

    /** Ends the connection, before this returns unless its pump is at work; the first reason counts. */
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
            take(parse(message, next));
        }
    }

    @Override
    public void reject(String code, String message, Runnable next) {
        if (isWithinRate(next)) {
            take(refused(ErrorCode.of(code).orElse(ErrorCode.INVALID_MESSAGE), message, next));
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
            LOGGER.error("A message of client {} could not be read", clientId, e);
            return refused(ErrorCode.INTERNAL, "The message could not be read; the server's log says why", next);
        }
    }

    private boolean isWithinRate(Runnable next) {
        switch (rate.take(delivery.clock().instant())) {
            case TAKEN -> {
                return true;
            }
            case REFUSED ->
                take(refused(
                        ErrorCode.RATE_LIMITED,
                        "Too many messages; this server takes "
                                + delivery.limits().messagesPerSecond()
                                + " a second. Whoever keeps on sending is disconnected",
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

    private void take(Inbound message) {
        if (!inbound.compareAndSet(null, message)) {
            throw new IllegalStateException(
                    "A transport hands in one message at a time: the next one after next was run");
        }
        pump.signal();
    }

    private void end(Ending why) {
        if (ending.compareAndSet(null, why)) {
            pump.signal();
        }
    }

    /** By the engine's executor; where that takes no more work, the engine is closed, and this client goes too. */
    private void execute(Runnable work) {
        Ending why = ending.get();
        if (why != null && why.now) {
            work.run();
            return;
        }
        delivery.pumps().execute(work, this::serverGone);
    }

    private void serverGone() {
        ending.compareAndSet(null, new Ending(CloseCode.GOING_AWAY, "server closing", true, true));
    }

    private void pump() {
        if (over) {
            return;
        }
        try {
            if (ending.get() == null) {
                work();
            }
        } catch (RuntimeException | Error e) {
            LOGGER.error("The delivery to client {} failed; it is disconnected", clientId, e);
            ending.compareAndSet(null, new Ending(CloseCode.OVERLOADED, "internal", true, true));
        }
        Ending why = ending.get();
        if (why != null) {
            finish(why);
        }
    }

    private void work() {
        if (!settle()) {
            return;
        }
        handleInbound();
        if (outbound.isFree() && !deliver()) {
            return;
        }
        outbound.demandNext();
        holdings.set(subscriptions.size(), subscriptions.followed(), outbound.outstandingBytes());
        Instant busySince = outbound.busySince();
        if (!heartbeat.beat(busySince != null)) {
            end(CloseCode.HEARTBEAT_MISSED, "no sign of life");
        } else if (stall.isStalled(busySince)) {
            end(CloseCode.TOO_SLOW, "too slow; come back, nothing is lost");
        }
    }

    /** Takes note of what became of the last batch. {@return whether the client can still be reached} */
    private boolean settle() {
        Throwable unreachable = outbound.settle();
        if (unreachable == null) {
            return true;
        }
        LOGGER.debug("Client {} cannot be reached any more", clientId, unreachable);
        end(CloseCode.GOING_AWAY, "connection lost");
        return false;
    }

    /** Sends the next batch. One that the channel takes at once costs no turn of its own. {@return whether the client stays} */
    private boolean deliver() {
        Batch batch = outbound.begin();
        boolean more = inbox.fill(batch);
        subscriptions.fill(batch);
        if (subscriptions.isBehind()) {
            end(CloseCode.TOO_SLOW, "more executions began than this client was told of; come back");
            return false;
        }
        if (batch.heldBack() > 0) {
            delivery.observer().filtered(batch.heldBack());
        }
        if (!batch.isEmpty()) {
            outbound.send(batch);
            delivery.observer().delivered(batch.events(), batch.bytes());
            if (!settle()) {
                return false;
            }
        }
        if (outbound.isFree() && (more || batch.isFull() || subscriptions.areReady())) {
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
            inbound.set(null); // none comes in its place before it was replied to
            message.work.run();
            outbound.demand(message.next);
        }
    }

    private void finish(Ending why) {
        over = true;
        pump.stop();
        inbound.set(null);
        heartbeat.stop();
        stall.stop();
        subscriptions.close();
        inbox.close();
        commands.close();
        holdings.set(0, 0, 0);
        delivery.observer().closed(why.code);
        onEnd.accept(this);
        if (why.told) {
            try {
                channel.close(why.code, why.reason);
            } catch (RuntimeException e) {
                LOGGER.warn("Closing the channel of client {} failed", clientId, e);
            }
        }
    }
}
