package io.flowscript.engine;

import io.flowscript.core.store.SharedStore;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Which executions this engine advances: with a shared store those in its shards, otherwise all. Each shard that it owns has a
 * fence from 1, which is another one each time that it gets the shard. Safe for use by any thread.
 */
final class OwnShards {

    /** The fence of a shard that another engine owns. */
    static final long FOREIGN = 0;

    private static final long ALWAYS = 1;

    /** Renews the shards if their lease may be over. */
    private volatile BooleanSupplier check = () -> true;

    private volatile BooleanSupplier isOver = () -> false;

    /** The greatest fence of each shard that this engine has lost. */
    private final AtomicLongArray lost = new AtomicLongArray(SharedStore.SHARDS);

    /** The fence of each shard; null when the engine advances all executions. */
    private final @Nullable AtomicLongArray fences;

    /**
     * Creates an object that owns all, or nothing yet.
     *
     * @param isShared whether the store is shared
     */
    OwnShards(boolean isShared) {
        fences = isShared ? new AtomicLongArray(SharedStore.SHARDS) : null;
    }

    boolean isShared() {
        return fences != null;
    }

    /** Sets what {@link #check} and {@link #isLeaseOver} do. */
    void onCheck(BooleanSupplier renewal, BooleanSupplier over) {
        check = renewal;
        isOver = over;
    }

    /** {@return whether the lease may be over, so that others may own the shards by now} Does not block. */
    boolean isLeaseOver() {
        return isOver.getAsBoolean();
    }

    /**
     * Makes sure, when the process was stopped for longer than the lease, that it learns what it has lost. Can block.
     *
     * @return whether the lease is not over; false when it cannot be renewed at the moment
     */
    boolean check() {
        return check.getAsBoolean();
    }

    /**
     * Returns the fence as of which something counts that was read from the store. Can block.
     *
     * @param before the fence before it was read
     * @return the same fence; {@link #FOREIGN} when the shard was lost, or may have been, before it was read
     */
    long whenRead(String executionId, long before) {
        return before != FOREIGN && check() && fence(executionId) == before ? before : FOREIGN;
    }

    /** {@return the fence of an execution's shard; {@link #FOREIGN} when another engine owns it} */
    long fence(String executionId) {
        return fences == null ? ALWAYS : fences.get(SharedStore.shardOf(executionId));
    }

    /** {@return the fences of all shards as they are now} */
    Fences fences() {
        long[] now = new long[fences == null ? 0 : fences.length()];
        for (int shard = 0; fences != null && shard < now.length; shard++) {
            now[shard] = fences.get(shard);
        }
        return new Fences(now);
    }

    /** The fences of all shards at one time. */
    static final class Fences {

        private final long[] all;

        private Fences(long[] all) {
            this.all = all;
        }

        long of(String executionId) {
            return all.length == 0 ? ALWAYS : all[SharedStore.shardOf(executionId)];
        }
    }

    /** {@return the shards that it owns, with their fences} */
    Map<Integer, Long> owned() {
        Map<Integer, Long> owned = new HashMap<>();
        for (int shard = 0; fences != null && shard < fences.length(); shard++) {
            long fence = fences.get(shard);
            if (fence != FOREIGN) {
                owned.put(shard, fence);
            }
        }
        return owned;
    }

    boolean has(String executionId) {
        return fence(executionId) != FOREIGN;
    }

    /** {@return whether an engine that shares the store does what only one of them is to do} */
    boolean hasFirst() {
        return fences == null || fences.get(0) != FOREIGN;
    }

    /** {@return how many shards it owns; all when the store is not shared} */
    int count() {
        int count = 0;
        for (int shard = 0; shard < SharedStore.SHARDS; shard++) {
            if (fences == null || fences.get(shard) != FOREIGN) {
                count++;
            }
        }
        return count;
    }

    /** Gives up shards whose fences are not among some. */
    void retain(Map<Integer, Long> owned) {
        for (int shard = 0; fences != null && shard < fences.length(); shard++) {
            long fence = fences.get(shard);
            if (fence != FOREIGN && owned.getOrDefault(shard, FOREIGN) != fence) {
                lose(shard, fence);
            }
        }
    }

    /** Takes over shards that it does not own. {@return those that it did not own before} */
    Set<Integer> add(Map<Integer, Long> owned) {
        Set<Integer> gained = new HashSet<>();
        owned.forEach((shard, fence) -> {
            // What was read before the loss of a shard must not bring it back.
            if (fences != null && fence > lost.get(shard) && fences.getAndSet(shard, fence) != fence) {
                gained.add(shard);
            }
        });
        return gained;
    }

    /** {@return whether a shard with this fence counts as lost, so that it is never taken with this fence again} */
    boolean isLost(int shard, long fence) {
        return fences != null && fence <= lost.get(shard);
    }

    /** Says that the execution's shard is not this engine's any more. */
    void lose(String executionId) {
        lose(executionId, fence(executionId));
    }

    /** Says that a fence is not the one of the execution's shard any more. */
    void lose(String executionId, long fence) {
        lose(SharedStore.shardOf(executionId), fence);
    }

    private void lose(int shard, long fence) {
        if (fences != null) {
            lost.accumulateAndGet(shard, fence, Math::max);
            fences.compareAndSet(shard, fence, FOREIGN);
        }
    }
}
