package io.flowscript.events.cluster;

import io.flowscript.core.FlowScriptException;
import io.flowscript.core.store.SharedStore;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** A member of a store that fails or answers late from time to time, until it is whole. */
final class FaultyMember {

    /**
     * What fails. A process that cannot renew its shards after its lease is over shows what it has in memory, which may be old, so
     * renewals do not fail here.
     */
    private static final Set<String> FAILING = Set.of("find", "events", "exchange", "release", "list");

    private final SharedStore member;
    private final Random random;
    private final List<CompletableFuture<Boolean>> late = new ArrayList<>();
    private boolean isFaulty;

    FaultyMember(SharedStore member, Random random) {
        this.member = member;
        this.random = random;
    }

    SharedStore store() {
        return (SharedStore) Proxy.newProxyInstance(
                FaultyMember.class.getClassLoader(),
                new Class<?>[] {SharedStore.class},
                (proxy, method, args) -> call(method, args));
    }

    synchronized void faulty(boolean now) {
        isFaulty = now;
    }

    /** Lets a commit be known to be stored that was stored before. {@return false when there is none} */
    boolean oneIsKnown() {
        CompletableFuture<Boolean> known;
        synchronized (this) {
            if (late.isEmpty()) {
                return false;
            }
            known = late.remove(random.nextInt(late.size()));
        }
        return known.complete(true);
    }

    private Object call(Method method, Object[] args) throws Throwable {
        if (FAILING.contains(method.getName()) && once(25)) {
            throw new FlowScriptException("store_failed", "The store is away");
        }
        try {
            Object result = method.invoke(member, args);
            return method.getName().equals("commit") && once(4) ? later((CompletionStage<?>) result) : result;
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }

    /** {@return true once in so many times, while it is faulty} */
    private synchronized boolean once(int in) {
        return isFaulty && random.nextInt(in) == 0;
    }

    private synchronized CompletionStage<?> later(CompletionStage<?> stored) {
        CompletableFuture<Boolean> known = new CompletableFuture<>();
        late.add(known);
        return stored.thenCombine(known, (result, now) -> result);
    }
}
