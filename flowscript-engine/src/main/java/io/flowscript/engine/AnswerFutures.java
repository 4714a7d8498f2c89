package io.flowscript.engine;

import io.flowscript.core.FlowScriptException;
import io.flowscript.core.json.Value;
import io.flowscript.core.runtime.PauseToken;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * The interactions that one call of a node has opened, each with the future that its answer completes. The answer may
 * arrive before or after the node waits for it. Safe for use by any thread.
 */
final class AnswerFutures {

    /** Whether an interaction was opened. Most calls open none, and take no lock here. */
    private volatile boolean used;

    private Map<PauseToken, CompletableFuture<Value>> answers = Map.of();
    private Set<PauseToken> awaited = Set.of();

    synchronized void opened(PauseToken token) {
        used = true;
        if (answers.isEmpty()) {
            answers = new HashMap<>();
            awaited = new HashSet<>();
        }
        answers.put(token, new CompletableFuture<>());
    }

    /** Returns a separate future for the node, so that completing or cancelling it has no effect here. */
    CompletableFuture<Value> of(PauseToken token) {
        CompletableFuture<Value> answer;
        synchronized (this) {
            answer = answers.get(token);
        }
        if (answer == null) {
            throw new FlowScriptException(
                    "unknown_token", "This attempt did not open the interaction that it waits for");
        }
        CompletableFuture<Value> own = new CompletableFuture<>();
        var unused = answer.whenComplete((value, thrown) -> {
            if (thrown == null) {
                own.complete(value);
            } else {
                own.completeExceptionally(thrown);
            }
        });
        return own;
    }

    /** Records that the node only waits until this interaction is closed. */
    synchronized void await(PauseToken token) {
        awaited.add(token);
    }

    /** Ends the wait for a closed interaction and returns its future; null when this call did not open it. */
    synchronized @Nullable CompletableFuture<Value> closed(PauseToken token) {
        awaited.remove(token);
        return answers.get(token);
    }

    /** Checks whether the node waits for people, so that its time does not count as work. */
    boolean isWaiting() {
        return used && isAwaited();
    }

    private synchronized boolean isAwaited() {
        return !awaited.isEmpty();
    }

    boolean isEmpty() {
        return !used;
    }

    /** Fails all futures that are still open, because the call is over. */
    void cancel() {
        List<CompletableFuture<Value>> all;
        synchronized (this) {
            all = List.copyOf(answers.values());
        }
        for (CompletableFuture<Value> answer : all) {
            if (!answer.isDone()) {
                answer.completeExceptionally(new FlowScriptException(
                        "cancelled", "The interaction was withdrawn because the attempt that opened it is over"));
            }
        }
    }
}
