package io.flowscript.engine;

import io.flowscript.core.CommandKey;
import io.flowscript.core.FlowScriptException;
import io.flowscript.core.Identity;
import io.flowscript.core.concurrent.Guard;
import io.flowscript.core.json.Value;
import io.flowscript.core.runtime.EngineClock;
import io.flowscript.core.store.RemoteCommand;
import io.flowscript.core.store.SharedStore;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Carries out commands where their executions go on: here, or in another engine that shares the store. A command that is sent
 * waits for its reply, for three leases at most; by then another engine has taken over from one that is gone. Safe for use by any
 * thread; sending blocks.
 */
final class RemoteCommands {

    private static final int LEASES = 3;

    /** How often a command is tried here, while its shard comes and goes. */
    private static final int TRIES = 3;

    private static final String SHARD_LOST = "shard_lost";

    private final @Nullable SharedStore store;
    private final OwnShards shards;
    private final EngineClock clock;
    private final Supplier<String> ids;
    private final Executor blocking;
    private final ConcurrentMap<String, CompletableFuture<Value>> waiting = new ConcurrentHashMap<>();
    private volatile boolean closed;

    /**
     * Creates an object that sends nothing yet.
     *
     * @param store the store; null when it is not shared, and nothing is sent
     * @param shards which executions this engine advances
     * @param ids makes ids
     * @param blocking runs commands for which nobody waits, which block
     */
    RemoteCommands(
            @Nullable SharedStore store, OwnShards shards, EngineClock clock, Supplier<String> ids, Executor blocking) {
        this.store = store;
        this.shards = shards;
        this.clock = clock;
        this.ids = ids;
        this.blocking = blocking;
    }

    /** {@return why a change is not stored: the shard of its execution has another owner} */
    static FlowScriptException shardLost() {
        return new FlowScriptException(SHARD_LOST, "The execution goes on in another process; nothing was done");
    }

    static boolean isShardLost(FlowScriptException e) {
        return e.code().equals(SHARD_LOST);
    }

    /**
     * Carries out a command here, or sends it. When the shard is lost before the effect is stored, it is sent after all.
     *
     * @param here carries it out
     * @param there sends it, and waits for the reply
     */
    <T extends @Nullable Object> T carryOut(WorkflowExecution execution, Supplier<T> here, Supplier<T> there) {
        return execution.isStored() ? carryOut(execution.id(), here, there) : here.get();
    }

    /**
     * Carries out a command here, or sends it.
     *
     * @param executionId the execution, which is stored
     */
    <T extends @Nullable Object> T carryOut(String executionId, Supplier<T> here, Supplier<T> there) {
        for (int i = 0; i < TRIES && shards.has(executionId); i++) {
            try {
                return here.get();
            } catch (FlowScriptException e) {
                if (!isShardLost(e)) {
                    throw e;
                }
            }
        }
        return there.get();
    }

    /** Cancels an execution, here or where it goes on. */
    boolean cancel(
            WorkflowExecution execution, @Nullable String reason, @Nullable Identity by, @Nullable CommandKey key) {
        return carryOut(execution, () -> execution.cancelHere(reason, by, key), () -> {
            boolean done = CommandCodec.done(call(execution.id(), CommandCodec.cancel(reason, by, key)));
            execution.changedElsewhere();
            return done;
        });
    }

    /**
     * Sends a command, and waits for the reply. Blocks.
     *
     * @return the reply
     * @throws FlowScriptException with code {@code store_unavailable} when none comes
     */
    Value call(String executionId, Map<String, ? extends @Nullable Object> content) {
        SharedStore shared = store;
        if (shared == null) {
            throw shardLost();
        }
        String id = ids.get();
        CompletableFuture<Value> reply = new CompletableFuture<>();
        waiting.put(id, reply);
        if (closed) {
            close();
        }
        EngineClock.Timer timer =
                clock.schedule(shared.lease().multipliedBy(LEASES), () -> reply.completeExceptionally(noReply()));
        try {
            shared.send(new RemoteCommand(id, executionId, Value.of(content)));
            return Journal.await(reply);
        } catch (FlowScriptException e) {
            withdraw(shared, id, e);
            throw e;
        } finally {
            timer.cancel();
            waiting.remove(id);
        }
    }

    private static void withdraw(SharedStore shared, String id, FlowScriptException cause) {
        try {
            shared.withdraw(id);
        } catch (RuntimeException e) {
            cause.addSuppressed(e);
        }
    }

    /** Sends a command for whose reply the caller does not wait. */
    CompletableFuture<@Nullable Void> callLater(String executionId, Map<String, ? extends @Nullable Object> content) {
        CompletableFuture<@Nullable Void> done = new CompletableFuture<>();
        blocking.execute(() -> Guard.run(
                () -> {
                    CommandCodec.checkDone(call(executionId, content));
                    done.complete(null);
                },
                done::completeExceptionally));
        return done;
    }

    /** Takes replies, by the ids of their commands. */
    void replied(Map<String, Value> replies) {
        replies.forEach((id, reply) -> {
            CompletableFuture<Value> waits = waiting.get(id);
            if (waits != null) {
                waits.complete(reply);
            }
        });
    }

    /** {@return how many commands wait for a reply} */
    int waiting() {
        return waiting.size();
    }

    /** Lets all who wait fail. */
    void close() {
        closed = true;
        waiting.values().forEach(reply -> reply.completeExceptionally(Engine.engineClosed()));
    }

    private static FlowScriptException noReply() {
        return new FlowScriptException(
                "store_unavailable",
                "The process that runs this execution did not answer in time; what was asked may still be done. Send it again"
                        + " with the same id");
    }
}
