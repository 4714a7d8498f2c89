package io.flowscript.core.testing;

import io.flowscript.core.FlowScriptException;
import io.flowscript.core.event.RecordedEvent;
import io.flowscript.core.json.Value;
import io.flowscript.core.store.Commit;
import io.flowscript.core.store.ExecutionChange;
import io.flowscript.core.store.RemoteCommand;
import io.flowscript.core.store.SharedStore;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * A store in memory that several engines of one test share, as processes share a database. Each engine gets a member of its own
 * by {@link #join}. A member that is {@linkplain #crash crashed} keeps its shards until its lease is over. Safe for use by any
 * thread.
 *
 * <pre>{@code
 * SharedMemoryStore first = SharedMemoryStore.create(clock, Duration.ofSeconds(10));
 * FlowScript one = builder().store(first).build();
 * FlowScript two = builder().store(first.join()).build();
 * }</pre>
 *
 * @since 0.1.0
 */
public final class SharedMemoryStore extends ForwardingStore implements SharedStore {

    private final Hub hub;

    /** What is new for this member. Guarded by the hub. */
    private final Map<String, ExecutionChange> changes = new LinkedHashMap<>();

    /** The commands that this member has got and not replied to, with the fence of their shard. */
    private final Map<String, Long> taken = new HashMap<>();

    private Instant aliveUntil = Instant.MIN;
    private boolean shardsFree;
    private boolean isClosed;
    private volatile Runnable signal = () -> {};

    /** What the members share. It is also the lock. */
    private static final class Hub {

        private final MemoryStore executions = new MemoryStore();
        private final InstantSource clock;
        private final Duration lease;
        private final List<SharedMemoryStore> members = new ArrayList<>();
        private final Map<Integer, SharedMemoryStore> owners = new HashMap<>();
        private final Map<Integer, Long> fences = new HashMap<>();
        private final Map<String, Sent> commands = new LinkedHashMap<>();

        Hub(InstantSource clock, Duration lease) {
            this.clock = clock;
            this.lease = lease;
        }
    }

    private static final class Sent {

        private final RemoteCommand command;
        private final SharedMemoryStore sender;
        private @Nullable Value reply;

        Sent(RemoteCommand command, SharedMemoryStore sender) {
            this.command = command;
            this.sender = sender;
        }
    }

    private SharedMemoryStore(Hub hub) {
        super(hub.executions);
        this.hub = hub;
    }

    /**
     * Creates an empty store.
     *
     * @param clock tells when leases are over
     * @param lease how long a member keeps its shards without renewing them, more than zero
     * @return its first member
     */
    public static SharedMemoryStore create(InstantSource clock, Duration lease) {
        return new SharedMemoryStore(new Hub(clock, lease));
    }

    /** {@return another member, for another engine} */
    public SharedMemoryStore join() {
        return new SharedMemoryStore(hub);
    }

    /** Ends this member as the death of its process would: it can do nothing any more, and gives nothing back. */
    public void crash() {
        synchronized (hub) {
            isClosed = true;
        }
    }

    /** Ends the lease of this member now, as if it had been paused for so long. It is not told. */
    public void expire() {
        synchronized (hub) {
            aliveUntil = Instant.MIN;
        }
    }

    @Override
    public boolean keepsSecrets() {
        return true;
    }

    @Override
    public CompletionStage<@Nullable Void> commit(Commit commit) {
        List<SharedMemoryStore> others = new ArrayList<>();
        CompletionStage<@Nullable Void> written;
        synchronized (hub) {
            int shard = SharedStore.shardOf(commit.executionId());
            if (isClosed) {
                return CompletableFuture.failedFuture(closed());
            }
            if (hub.owners.get(shard) != this || hub.fences.getOrDefault(shard, 0L) != commit.fence()) {
                return CompletableFuture.failedFuture(new FlowScriptException(
                        "shard_lost", "The shard of execution " + commit.executionId() + " has another owner"));
            }
            written = super.commit(commit);
            if (!written.toCompletableFuture().isCompletedExceptionally()) {
                for (SharedMemoryStore member : hub.members) {
                    if (member != this) {
                        others.add(member);
                        member.changes.merge(commit.executionId(), change(commit), ExecutionChange::then);
                    }
                }
            }
        }
        others.forEach(member -> member.signal.run());
        return written;
    }

    private static ExecutionChange change(Commit commit) {
        List<RecordedEvent> events = commit.events();
        return events.isEmpty()
                ? new ExecutionChange(commit.executionId(), commit.isFirst(), Long.MAX_VALUE, 0)
                : new ExecutionChange(
                        commit.executionId(),
                        commit.isFirst(),
                        events.get(0).seq() - 1,
                        events.get(events.size() - 1).seq());
    }

    @Override
    public Duration lease() {
        return hub.lease;
    }

    @Override
    public Ownership renew() {
        synchronized (hub) {
            checkOpen();
            Instant now = hub.clock.instant();
            aliveUntil = now.plus(hub.lease);
            if (!hub.members.contains(this)) {
                hub.members.add(this);
            }
            long alive = hub.members.stream()
                    .filter(member -> member.aliveUntil.isAfter(now))
                    .count();
            int share = (int) ((SHARDS + alive - 1) / alive);
            Map<Integer, Long> mine = new HashMap<>();
            for (int shard = 0; shard < SHARDS; shard++) {
                SharedMemoryStore owner = hub.owners.get(shard);
                if (owner == this) {
                    mine.put(shard, hub.fences.getOrDefault(shard, 0L));
                }
            }
            for (int shard = 0; shard < SHARDS && mine.size() < share; shard++) {
                SharedMemoryStore owner = hub.owners.get(shard);
                if (owner != this && (owner == null || !owner.aliveUntil.isAfter(now))) {
                    hub.owners.put(shard, this);
                    mine.put(shard, hub.fences.merge(shard, 1L, Long::sum));
                }
            }
            Set<Integer> surplus = new HashSet<>();
            mine.keySet().stream().sorted().skip(share).forEach(surplus::add);
            return new Ownership(mine, surplus);
        }
    }

    @Override
    public void release(Collection<Integer> shards) {
        List<SharedMemoryStore> others;
        synchronized (hub) {
            checkOpen();
            for (int shard : shards) {
                hub.owners.remove(shard, this);
            }
            others = othersWhenShardsAreFree();
        }
        others.forEach(member -> member.signal.run());
    }

    @Override
    public void send(RemoteCommand command) {
        SharedMemoryStore owner;
        synchronized (hub) {
            checkOpen();
            hub.commands.put(command.id(), new Sent(command, this));
            owner = hub.owners.get(SharedStore.shardOf(command.executionId()));
        }
        if (owner != null) {
            owner.signal.run();
        }
    }

    @Override
    public CompletionStage<@Nullable Void> reply(String commandId, Value reply) {
        SharedMemoryStore sender = null;
        synchronized (hub) {
            if (isClosed) {
                return CompletableFuture.failedFuture(closed());
            }
            Sent sent = hub.commands.get(commandId);
            if (sent != null) {
                sent.reply = reply;
                sender = sent.sender;
            }
        }
        if (sender != null) {
            sender.signal.run();
        }
        return CompletableFuture.completedFuture(null);
    }

    @Override
    public void withdraw(String commandId) {
        synchronized (hub) {
            hub.commands.remove(commandId);
        }
    }

    @Override
    public News exchange(Map<Integer, Long> shards) {
        synchronized (hub) {
            checkOpen();
            taken.keySet().retainAll(hub.commands.keySet());
            List<RemoteCommand> commands = new ArrayList<>();
            Map<String, Value> replies = new HashMap<>();
            for (Sent sent : hub.commands.values()) {
                String id = sent.command.id();
                Long fence = shards.get(SharedStore.shardOf(sent.command.executionId()));
                if (sent.reply != null && sent.sender == this) {
                    replies.put(id, sent.reply);
                } else if (sent.reply == null && fence != null && !fence.equals(taken.put(id, fence))) {
                    commands.add(sent.command);
                }
            }
            hub.commands.keySet().removeAll(replies.keySet());
            List<ExecutionChange> changed = List.copyOf(changes.values());
            changes.clear();
            boolean isFree = shardsFree;
            shardsFree = false;
            return new News(commands, replies, changed, true, isFree, false);
        }
    }

    @Override
    public void onNews(Runnable to) {
        signal = to;
    }

    /** Gives all shards back. */
    @Override
    public void close() {
        List<SharedMemoryStore> others;
        synchronized (hub) {
            if (isClosed) {
                return;
            }
            isClosed = true;
            hub.members.remove(this);
            hub.owners.values().removeIf(owner -> owner == this);
            others = othersWhenShardsAreFree();
        }
        others.forEach(member -> member.signal.run());
    }

    private List<SharedMemoryStore> othersWhenShardsAreFree() {
        List<SharedMemoryStore> others = new ArrayList<>(hub.members);
        others.remove(this);
        others.forEach(member -> member.shardsFree = true);
        return others;
    }

    private void checkOpen() {
        if (isClosed) {
            throw closed();
        }
    }

    private static FlowScriptException closed() {
        return new FlowScriptException("store_closed", "The store is closed");
    }
}
