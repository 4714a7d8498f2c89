package io.flowscript.client;

import io.flowscript.client.ConnectionChange.State;
import io.flowscript.core.log.Position;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A client's connections, and which subscription is on which. Subscriptions to single executions share a few connections; two to the
 * same execution are on the same one. Each subscription to many executions has a connection of its own. Safe for use by any thread,
 * except where it says that it is for the loop's.
 */
final class ClientCore {

    /** A further connection is opened when each has so many executions. */
    static final int SPREAD = 64;

    /** How many subscriptions to many executions there can be. */
    static final int MAX_MANY = 64;

    private final ClientContext context;
    private final List<Connection> shared = new ArrayList<>();
    private final List<Connection> own = new ArrayList<>();
    private boolean isClosed;
    private int numbers;

    ClientCore(ClientContext context) {
        this.context = context;
        shared.add(new Connection(context, numbers++));
    }

    ClientContext context() {
        return context;
    }

    /** For the loop's thread: the connection of commands. */
    Connection main() {
        return shared.get(0);
    }

    // ---- subscriptions ----

    void subscribe(EventStream stream, Flow.Subscriber<? super ClientEvent> subscriber) {
        Placed placed = new Placed(stream, subscriber);
        subscriber.onSubscribe(placed.outlet);
        context.loop().execute(placed::add);
    }

    /** A subscription and its outlet, which know each other. */
    private final class Placed {

        final Outlet outlet;
        final Subscription subscription;

        Placed(EventStream stream, Flow.Subscriber<? super ClientEvent> subscriber) {
            outlet = new Outlet(
                    subscriber,
                    stream.bufferSize(),
                    context.callbacks(),
                    () -> context.loop().execute(this::drained),
                    () -> context.loop().execute(this::cancelled));
            subscription = new Subscription(stream, outlet);
        }

        void add() {
            if (isClosed) {
                subscription.finish(new ConnectionException("closed", "The client was closed"));
            } else if (!subscription.isOver()) {
                place(subscription);
            }
        }

        private void drained() {
            subscription.caughtUp();
        }

        private void cancelled() {
            subscription.finish(null);
        }
    }

    private void place(Subscription subscription) {
        String executionId = subscription.stream.executionId();
        if (executionId != null) {
            choose(executionId).add(subscription);
            return;
        }
        own.removeIf(connection -> connection.subscriptions() == 0);
        if (own.size() >= MAX_MANY) {
            subscription.finish(new ClientException(
                    "too_many_subscriptions", MAX_MANY + " subscriptions to many executions are open already"));
            return;
        }
        Connection connection = new Connection(context, numbers++);
        own.add(connection);
        connection.add(subscription);
    }

    private Connection choose(String executionId) {
        Connection least = main();
        for (Connection connection : shared) {
            if (connection.follows(executionId)) {
                return connection;
            }
            if (connection.executions() < least.executions()) {
                least = connection;
            }
        }
        if (least.executions() >= SPREAD && shared.size() < context.settings().connections()) {
            least = new Connection(context, numbers++);
            shared.add(least);
        }
        return least;
    }

    // ---- commands ----

    /**
     * Sends a command until it has a reply. A caller that completes or cancels the future gives the command up.
     *
     * @param result makes the result of the reply, or throws what the caller is told
     */
    <T extends @Nullable Object> CompletableFuture<T> command(
            String type, String id, Map<String, @Nullable Object> data, Function<Message, T> result) {
        return command(type, id, data, context.traceparent(), result);
    }

    private <T extends @Nullable Object> CompletableFuture<T> command(
            String type,
            String id,
            Map<String, @Nullable Object> data,
            @Nullable String traceparent,
            Function<Message, T> result) {
        CompletableFuture<T> future = new CompletableFuture<>();
        Command command = new Command(type, id, data, traceparent, context.loop().new Alarm());
        var unused =
                command.reply.whenComplete((reply, error) -> context.callbacks().execute(() -> {
                    if (error != null) {
                        future.completeExceptionally(error);
                        return;
                    }
                    try {
                        future.complete(result.apply(reply));
                    } catch (RuntimeException e) {
                        future.completeExceptionally(e);
                    }
                }));
        var unusedEnd = future.whenComplete((value, error) -> {
            if (!command.reply.isDone()) {
                context.loop().execute(() -> main().giveUp(command));
            }
        });
        context.loop().execute(() -> {
            if (isClosed) {
                command.reply.completeExceptionally(new ConnectionException("closed", "The client was closed"));
            } else if (!future.isDone()) {
                main().send(command);
            }
        });
        return future;
    }

    void ack(String executionId, Position position) {
        context.loop().execute(() -> {
            if (!isClosed) {
                main().ack(executionId, position);
            }
        });
    }

    void watch(InboxWatch watch) {
        context.loop().execute(() -> {
            if (isClosed) {
                watch.finish(new ConnectionException("closed", "The client was closed"));
            } else {
                main().watches().add(watch, watch.filter());
            }
        });
    }

    CompletableFuture<InboxPage> list(Map<String, Object> filter) {
        return command("interactions", ClientContext.newId(), new LinkedHashMap<>(filter), null, reply -> {
            refuse(reply);
            return InboxPage.of(reply);
        });
    }

    /** Throws when the reply is a refusal. */
    static void refuse(Message reply) {
        if (reply.is("error") || reply.is("resume_error")) {
            String text = reply.optionalText(reply.is("error") ? "message" : "error");
            throw new RefusedException(reply.text("code"), String.valueOf(text), reply.data());
        }
    }

    // ---- all of it ----

    CompletableFuture<ClientStats> stats() {
        CompletableFuture<ClientStats> stats = new CompletableFuture<>();
        context.loop().execute(() -> stats.complete(count()));
        return stats;
    }

    private ClientStats count() {
        int open = 0;
        int queued = 0;
        int executions = 0;
        int subscriptions = 0;
        List<Connection> all = new ArrayList<>(shared);
        all.addAll(own);
        for (Connection connection : all) {
            open += connection.state() == State.ONLINE ? 1 : 0;
            queued += connection.queued();
            executions += connection.executions();
            subscriptions += connection.subscriptions();
        }
        ClientContext.Counters counters = context.counters();
        return new ClientStats(
                open, counters.connects, counters.events, counters.doubles, queued, executions, subscriptions);
    }

    /** Ends everything. {@return the last figures, when that is done} */
    CompletableFuture<ClientStats> close() {
        CompletableFuture<ClientStats> closed = new CompletableFuture<>();
        context.loop().execute(() -> {
            isClosed = true;
            shared.forEach(connection -> connection.close(null));
            own.forEach(connection -> connection.close(null));
            closed.complete(count());
        });
        return closed;
    }
}
