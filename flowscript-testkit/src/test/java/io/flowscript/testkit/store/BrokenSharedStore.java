package io.flowscript.testkit.store;

import io.flowscript.core.FlowScriptException;
import io.flowscript.core.store.Commit;
import io.flowscript.core.store.ExecutionChange;
import io.flowscript.core.store.RemoteCommand;
import io.flowscript.core.store.SharedStore;
import io.flowscript.core.testing.SharedMemoryStore;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** A member of a shared store that is right but for one fault. Its methods are those of a member of {@link SharedMemoryStore}. */
final class BrokenSharedStore implements InvocationHandler {

    /** More events than the rules for a few changes have. */
    private static final int LONG = 50;

    private final SharedMemoryStore right;
    private final SharedFault fault;
    private final Together together;

    /** The shards that this member had last, with their fences. */
    private final Map<Integer, Long> owned = new ConcurrentHashMap<>();

    private final Set<String> written = ConcurrentHashMap.newKeySet();
    private final List<ExecutionChange> own = new CopyOnWriteArrayList<>();
    private final List<RemoteCommand> brought = new ArrayList<>();
    private boolean closed;

    /** What the members of one test know of each other. */
    static final class Together {
        private final List<BrokenSharedStore> members = new CopyOnWriteArrayList<>();
        private final Set<String> taken = new HashSet<>();
    }

    private BrokenSharedStore(SharedMemoryStore right, SharedFault fault, Together together) {
        this.right = right;
        this.fault = fault;
        this.together = together;
    }

    static SharedStore of(SharedMemoryStore right, SharedFault fault, Together together) {
        BrokenSharedStore broken = new BrokenSharedStore(right, fault, together);
        together.members.add(broken);
        return (SharedStore)
                Proxy.newProxyInstance(SharedStore.class.getClassLoader(), new Class<?>[] {SharedStore.class}, broken);
    }

    @Override
    public @Nullable Object invoke(Object proxy, Method method, Object @Nullable [] args) throws Throwable {
        try {
            return switch (method.getName()) {
                case "renew" -> renew();
                case "release" -> release(method, args);
                case "commit" -> commit((Commit) args[0]);
                case "find" ->
                    fault == SharedFault.FINDS_WHAT_IT_HAS_WRITTEN && !written.contains(args[0])
                            ? Optional.empty()
                            : method.invoke(right, args);
                case "exchange" -> exchange(args[0]);
                case "withdraw" -> fault == SharedFault.IGNORES_WITHDRAWALS ? null : method.invoke(right, args);
                case "close" -> close();
                default -> method.invoke(right, args);
            };
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }

    private SharedStore.Ownership renew() {
        if (closed && fault == SharedFault.RENEWS_AFTER_THE_CLOSE) {
            return new SharedStore.Ownership(Map.of(), Set.of());
        }
        SharedStore.Ownership now = right.renew();
        Map<Integer, Long> fences = new HashMap<>(now.fences());
        if (fault == SharedFault.RENEWS_WHAT_IT_HAS_LOST) {
            owned.forEach(fences::putIfAbsent);
        } else {
            owned.clear();
        }
        owned.putAll(now.fences());
        if (fault == SharedFault.COUNTS_FENCES_FROM_ZERO) {
            fences.replaceAll((shard, fence) -> fence - 1);
        }
        return new SharedStore.Ownership(fences, fault == SharedFault.HIDES_THE_SURPLUS ? Set.of() : now.surplus());
    }

    private @Nullable Object release(Method method, Object[] args) throws ReflectiveOperationException {
        owned.keySet().removeAll((Collection<?>) args[0]);
        return method.invoke(right, args);
    }

    private CompletionStage<?> commit(Commit commit) {
        long fence = commit.fence() + (fault == SharedFault.COUNTS_FENCES_FROM_ZERO ? 1 : 0);
        CompletionStage<?> done = right.commit(with(commit, fence));
        String failure = failure(done);
        if (failure.isEmpty()) {
            written.add(commit.executionId());
            own.add(new ExecutionChange(commit.executionId(), false, 0, 1));
        } else if (fault == SharedFault.ACCEPTS_ANY_FENCE && failure.equals("shard_lost")) {
            for (BrokenSharedStore other : together.members) {
                Long theirs = other.owned.get(SharedStore.shardOf(commit.executionId()));
                CompletionStage<?> again = theirs == null ? done : other.right.commit(with(commit, theirs));
                if (failure(again).isEmpty()) {
                    return again;
                }
            }
        } else if (fault == SharedFault.ACCEPTS_AN_ID_TWICE && failure.equals("execution_exists")) {
            return CompletableFuture.completedFuture(null);
        }
        return done;
    }

    private static Commit with(Commit commit, long fence) {
        return new Commit(
                commit.executionId(),
                commit.events(),
                commit.snapshot(),
                commit.before(),
                commit.definition(),
                commit.number(),
                fence);
    }

    /** {@return the code with which a stage has failed; empty when it has not} */
    private static String failure(CompletionStage<?> stage) {
        String[] code = {""};
        stage.whenComplete((done, failure) -> {
            if (failure instanceof FlowScriptException known) {
                code[0] = known.code();
            }
        });
        return code[0];
    }

    @SuppressWarnings("unchecked")
    private SharedStore.News exchange(Object shards) {
        Map<Integer, Long> asked = (Map<Integer, Long>) shards;
        if (fault == SharedFault.GIVES_COMMANDS_TO_ALL) {
            Map<Integer, Long> all = new HashMap<>();
            IntStream.range(0, SharedStore.SHARDS).forEach(shard -> all.put(shard, 1L));
            asked = all;
        }
        SharedStore.News news = right.exchange(asked);
        List<RemoteCommand> commands = new ArrayList<>(news.commands());
        List<ExecutionChange> changes = new ArrayList<>(news.changes());
        UnaryOperator<ExecutionChange> told = UnaryOperator.identity();
        switch (fault) {
            case REPEATS_COMMANDS -> {
                commands.addAll(0, brought);
                brought.addAll(news.commands());
            }
            case FORGETS_WHAT_AN_OWNER_HAS_TAKEN -> commands.removeIf(each -> !together.taken.add(each.id()));
            case TELLS_THE_MEMBER_ITSELF -> {
                changes.addAll(own);
                own.clear();
            }
            case TELLS_OF_NO_START ->
                told = each -> new ExecutionChange(each.executionId(), false, each.after(), each.last());
            case CUTS_LONG_CHANGES ->
                told = each -> new ExecutionChange(
                        each.executionId(),
                        each.started(),
                        each.after(),
                        each.last() > LONG ? each.last() - 1 : each.last());
            default -> {}
        }
        return new SharedStore.News(
                commands,
                fault == SharedFault.FORGETS_REPLIES ? Map.of() : news.replies(),
                changes.stream().map(told).toList(),
                news.isWhole(),
                news.shardsFree() && fault != SharedFault.CLOSES_IN_SILENCE,
                news.hasMore());
    }

    private @Nullable Object close() {
        closed = true;
        if (fault == SharedFault.KEEPS_SHARDS_AT_THE_CLOSE) {
            right.crash();
        } else {
            right.close();
        }
        return null;
    }
}
