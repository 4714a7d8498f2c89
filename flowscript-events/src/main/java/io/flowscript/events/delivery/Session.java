package io.flowscript.events.delivery;

import io.flowscript.core.Identity;
import io.flowscript.core.bridge.ClientChannel;
import io.flowscript.core.bridge.ClientInfo;
import io.flowscript.core.bridge.ClientSession;
import io.flowscript.core.bridge.CloseCode;
import io.flowscript.core.concurrent.Guard;
import io.flowscript.core.concurrent.SerialTask;
import io.flowscript.json.protocol.ClientMessage;
import io.flowscript.json.protocol.ErrorCode;
import io.flowscript.json.protocol.ProtocolException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicReferenceFieldUpdater;
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
 * after the session has demanded it. A client that sends too fast is read more slowly ({@link InboundRate}). One that
 * sends nothing but bad messages is disconnected.
 */
final class Session implements ClientSession, LiveClient {

    private static final AtomicReferenceFieldUpdater<Session, @Nullable Inbound> INBOUND =
            AtomicReferenceFieldUpdater.newUpdater(Session.class, Inbound.class, "inbound");

    private static final AtomicReferenceFieldUpdater<Session, @Nullable Ending> ENDING =
            AtomicReferenceFieldUpdater.newUpdater(Session.class, Ending.class, "ending");

    private static final Logger LOGGER = LoggerFactory.getLogger(Session.class);

    /** A message that stands for several requests counts as one message for each so many of them. */
    private static final int PARTS_PER_MESSAGE = 10;

    /** A client is slow that has taken nothing for so long. */
    private static final long SLOW_NANOS = Duration.ofSeconds(1).toNanos();

    private final Delivery delivery;
    private final ClientChannel channel;
    private final String transport;
    private final String clientId;
    private final Consumer<Session> onEnd;
    private final SerialTask pump;

    /** Signals the pump; one object for all that do. */
    private final Runnable signal;

    private volatile @Nullable Inbound inbound;
    private volatile @Nullable Ending ending;

    private final InboundRate rate;
    private final Outbound outbound;
    private final ConnectedClient client;
    private final Heartbeat heartbeat;
    private final Subscriptions subscriptions;
    private final InboxFeed inboxFeed;
    private final Holdings.Share holdings;

    /** Null as long as the channel has taken each batch at once. */
    private @Nullable StallWatch stall;

    /** Null until there is a command that can take long. */
    private @Nullable BlockingCommands blocking;

    /** Where a slow client stands; nothing for one that is not slow, or about which nobody has asked. */
    private volatile Backlog backlog = Backlog.NONE;

    /** How many bad messages have come since the last good one. Used by the transport's thread only. */
    private int badMessages;

    private boolean finished;

    /** Whether the client has not got all there is, or follows nothing yet. Then its pump lets the others have every second turn. */
    private boolean isBehind = true;

    /**
     * A message of the client.
     *
     * @param work what the pump does for it: one or more steps, each of which may write replies
     * @param cost how many messages it counts as
     * @param demandNext demands the next message from the transport
     */
    private record Inbound(Iterator<Runnable> work, int cost, Runnable demandNext) {}

    /**
     * Why the session ends.
     *
     * @param closeChannel whether the channel has to be closed
     * @param inline whether the ending thread runs the pump itself if the pump is idle
     */
    private record Ending(int code, String reason, boolean closeChannel, boolean inline) {}

    /** The runs of the pump. */
    private final class Runs implements Executor, Guard.Code {

        @Override
        public void execute(Runnable run) {
            Session.this.execute(run);
        }

        @Override
        public void run() {
            pump();
        }
    }

    Session(Delivery delivery, ClientChannel channel, ClientInfo info, String clientId, Consumer<Session> onEnd) {
        this.delivery = delivery;
        this.channel = channel;
        this.transport = Guard.call(() -> Objects.requireNonNull(channel.transport()), thrown -> "other");
        this.clientId = clientId;
        this.onEnd = onEnd;
        BridgeLimits limits = delivery.limits();
        Runs runs = new Runs();
        this.pump = new SerialTask(runs, runs);
        this.signal = pump::signal;
        this.rate = new InboundRate(limits, delivery.clock(), signal);
        this.outbound = new Outbound(channel, info.framing(), limits, delivery.clock(), signal);
        this.heartbeat = new Heartbeat(channel, delivery, signal);
        this.client = new ConnectedClient(info, signal);
        this.holdings = delivery.holdings().new Share();
        this.subscriptions = new Subscriptions(delivery, client, this, signal);
        this.inboxFeed = new InboxFeed(delivery, client, signal);
        outbound.reply(delivery.messages()
                .connected(
                        clientId,
                        info.framing(),
                        delivery.timing().heartbeat(),
                        limits.maxMessageBytes(),
                        limits.messagesPerSecond(),
                        limits.messageBurst(),
                        info.login().expiresAt()));
    }

    /**
     * Sends the greeting and starts the heartbeat.
     *
     * @param share how much of the heartbeat's interval passes before the first ping, from 0 to below 1
     */
    void start(double share) {
        heartbeat.start(share);
        client.start(delivery.clock());
        pump.signal();
    }

    /**
     * Ends the connection. It has ended when this method returns, unless the pump is running on another thread. The
     * first reason wins. Any thread.
     */
    void end(int code, String reason) {
        end(new Ending(code, reason, true, true));
    }

    /** Who the client is at present. Any thread. */
    Identity identity() {
        return client.identity();
    }

    /** Returns how slow the client is; empty when it is not. Any thread. The pump looks up what it has not got. */
    Optional<DeliveryLag.SlowClient> slowness() {
        long waiting = outbound.waitingNanos();
        if (waiting < SLOW_NANOS) {
            return Optional.empty();
        }
        Backlog known = backlog;
        if (known.places().isEmpty()) {
            pump.signal();
        }
        return Optional.of(new DeliveryLag.SlowClient(
                clientId, known.events(), Duration.ofNanos(waiting).toMillis()));
    }

    ConnectedClient client() {
        return client;
    }

    @Override
    public String clientId() {
        return clientId;
    }

    @Override
    public void receive(ByteBuffer message, Runnable next) {
        try {
            ClientMessage request = delivery.parser().parse(message);
            badMessages = 0;
            List<? extends ClientMessage> parts =
                    request instanceof ClientMessage.SubscribeEach many ? many.each() : List.of(request);
            int cost = 1 + (parts.size() - 1) / PARTS_PER_MESSAGE;
            enqueue(new Inbound(parts.stream().map(this::handling).iterator(), cost, next));
        } catch (ProtocolException e) {
            bad(e, next);
        } catch (Throwable e) {
            Guard.report(e, shown -> LOGGER.error("Reading a message of client {} failed", clientId, shown));
            String told = "The server failed to read this message; its log has the cause";
            bad(
                    new ProtocolException(
                            ErrorCode.INTERNAL, told, delivery.parser().idOf(message)),
                    next);
        }
    }

    @Override
    public void reject(String code, String message, ByteBuffer beginning, Runnable next) {
        ErrorCode known = ErrorCode.of(code).orElse(ErrorCode.INVALID_MESSAGE);
        bad(new ProtocolException(known, message, delivery.parser().idOf(beginning)), next);
    }

    @Override
    public void closed() {
        end(new Ending(CloseCode.NORMAL, "", false, false));
    }

    private Runnable handling(ClientMessage request) {
        return CommandHandler.canTakeLong(request, delivery.flows().isDurable())
                ? () -> handleBlocking(request)
                : () -> handler(outbound::reply).handle(request);
    }

    private void handleBlocking(ClientMessage request) {
        BlockingCommands commands = blocking;
        if (commands == null) {
            commands = new BlockingCommands(delivery.flows().listenerExecutor(), signal);
            blocking = commands;
        }
        CommandHandler handler = handler(commands.replies());
        commands.run(() -> handler.handle(request));
    }

    /** Handles one message: most of the time a client has none. */
    private CommandHandler handler(Consumer<byte[]> replies) {
        return new CommandHandler(delivery, client, clientId, subscriptions, inboxFeed, replies);
    }

    /** Refuses a bad message. A client that sends nothing else is disconnected. */
    private void bad(ProtocolException problem, Runnable next) {
        if (++badMessages > delivery.limits().messageBurst()) {
            end(CloseCode.POLICY, "nothing but bad messages");
            return;
        }
        byte[] refusal =
                delivery.refusal(problem.id(), problem.errorCode(), String.valueOf(problem.getMessage()), Map.of());
        Runnable reply = () -> outbound.reply(refusal);
        enqueue(new Inbound(List.of(reply).iterator(), 1, next));
    }

    private void enqueue(Inbound message) {
        if (!INBOUND.compareAndSet(this, null, message)) {
            throw new IllegalStateException(
                    "The transport handed in a message before the previous one was handled; wait until next has run");
        }
        pump.signal();
    }

    private void end(Ending why) {
        if (ENDING.compareAndSet(this, null, why)) {
            pump.signal();
        }
    }

    /**
     * Runs the pump on the engine's executor. If that rejects work, the engine is closed, and the session ends as well.
     */
    private void execute(Runnable work) {
        Ending why = ending;
        if (why != null && why.inline) {
            work.run();
            return;
        }
        if (isBehind) {
            delivery.pumps().executeBehind(work, this::engineClosed);
        } else {
            delivery.pumps().execute(work, this::engineClosed);
        }
    }

    private void engineClosed() {
        ENDING.compareAndSet(this, null, new Ending(CloseCode.GOING_AWAY, "server closing", true, true));
    }

    private void pump() {
        if (finished) {
            return;
        }
        try {
            if (ending == null) {
                work();
            }
        } catch (Throwable e) {
            failed(e);
        }
        Ending why = ending;
        if (why != null) {
            finish(why);
        }
    }

    private void failed(Throwable thrown) {
        Guard.report(
                thrown,
                shown -> LOGGER.error("The delivery to client {} failed; the client is disconnected", clientId, shown));
        ENDING.compareAndSet(this, null, new Ending(CloseCode.OVERLOADED, "internal", true, true));
    }

    /** One run of the pump. */
    private void work() {
        if (client.isExpired()) {
            end(CloseCode.LOGIN_EXPIRED, "the login has expired; log in anew and reconnect, no event is lost");
            return;
        }
        if (!checkLastSend()) {
            return;
        }
        rate.resume();
        handleInbound();
        if (client.adopt(delivery.clock())) {
            subscriptions.recheck(outbound::reply);
            inboxFeed.recheck(outbound::reply);
        }
        // The reply to a command comes before the events that the command causes.
        if (!isBlocked() && outbound.canSend() && !deliver()) {
            return;
        }
        outbound.demandIfReplied();
        holdings.set(subscriptions.size(), subscriptions.followed(), outbound.outstandingBytes());
        Duration busyFor = outbound.busyFor();
        backlog = outbound.waitingNanos() < SLOW_NANOS ? Backlog.NONE : subscriptions.backlog();
        if (!heartbeat.beat(busyFor != null || isBlocked() || rate.isHoldingBack())) {
            end(CloseCode.HEARTBEAT_MISSED, "no answer to the last ping");
        } else if (isStalled(busyFor)) {
            end(CloseCode.TOO_SLOW, "too slow; reconnect, no event is lost");
        }
    }

    @Override
    public void wake(WakeUps.Sleeper woken) {
        subscriptions.wake(woken);
    }

    @Override
    public boolean take(Feed feed, LiveGroup.Run run) {
        if (!pump.tryBegin()) {
            return false;
        }
        boolean taken = false;
        try {
            taken = canTake() && feed.isNext(run);
            if (taken) {
                sendLive(feed, run);
            }
        } catch (Throwable e) {
            failed(e);
            pump.signal();
        } finally {
            pump.end();
        }
        return taken;
    }

    /** Whether the client waits for nothing but events. */
    private boolean canTake() {
        return !finished
                && ending == null
                && inbound == null
                && !client.isExpired()
                && !isBlocked()
                && outbound.isIdle();
    }

    private void sendLive(Feed feed, LiveGroup.Run run) {
        feed.took(run);
        if (run.hidden() > 0) {
            delivery.observer().filtered(run.hidden());
        }
        if (run.events() == 0) {
            return;
        }
        outbound.send(run.frames(), run.bytes());
        delivery.observer().delivered(run.events(), run.bytes());
        delivery.observer().deliveredLive(run.newest().toEpochMilli());
        if (checkLastSend() && !outbound.canSend()) {
            pump.signal(); // to watch over what the channel has not taken yet
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
        boolean goesOn = more || batch.isFull() || subscriptions.hasReadyFeeds();
        isBehind = goesOn || subscriptions.size() == 0;
        report(batch);
        if (!batch.isEmpty()) {
            outbound.send(batch);
            reportSent(batch);
            if (!checkLastSend()) {
                return false;
            }
        }
        if (outbound.canSend() && (goesOn || inbound != null)) {
            pump.signal();
        }
        return true;
    }

    /** {@return how the client is connected, for metrics} */
    String transport() {
        return transport;
    }

    private void report(Batch filled) {
        if (filled.filtered() > 0) {
            delivery.observer().filtered(filled.filtered());
        }
        if (filled.conflated() > 0) {
            delivery.observer().conflated(filled.conflated());
        }
    }

    private void reportSent(Batch batch) {
        delivery.observer().delivered(batch.events(), batch.bytes());
        Instant live = batch.newestLive();
        if (live != null) {
            delivery.observer().deliveredLive(live.toEpochMilli());
        }
    }

    /** Goes on with the client's message, as long as its replies fit into a batch. */
    private void handleInbound() {
        Inbound message = inbound;
        if (message == null) {
            return;
        }
        while (settle() && message.work.hasNext() && outbound.hasRoomForReplies()) {
            message.work.next().run();
        }
        if (!isBlocked() && !message.work.hasNext()) {
            inbound = null; // the transport hands in no other message until this one is replied to
            outbound.demandAfterReplies(() -> rate.demand(message.cost, message.demandNext));
        }
    }

    /** Passes on the replies of a command that can take long and is done. {@return whether the next command can be handled} */
    private boolean settle() {
        return blocking == null || blocking.settle(outbound::reply);
    }

    /** Whether a command that can take long is not replied to. */
    private boolean isBlocked() {
        return blocking != null && blocking.isPending();
    }

    /** Whether the batch in flight has been so for too long. */
    private boolean isStalled(@Nullable Duration busyFor) {
        if (stall == null && busyFor != null) {
            stall = new StallWatch(delivery.clock(), delivery.timing().stall(), signal);
        }
        return stall != null && stall.isStalled(busyFor);
    }

    private void finish(Ending why) {
        finished = true;
        pump.stop();
        inbound = null;
        heartbeat.stop();
        client.stop();
        rate.stop();
        if (stall != null) {
            stall.stop();
        }
        subscriptions.close();
        inboxFeed.close();
        delivery.operations().forget(client.asSender(clientId));
        holdings.set(0, 0, 0);
        delivery.observer().closed(transport, why.code);
        onEnd.accept(this);
        if (why.closeChannel) {
            Guard.run(
                    () -> channel.close(why.code, why.reason),
                    thrown -> LOGGER.warn("Closing the channel of client {} failed", clientId, thrown));
        }
    }
}
