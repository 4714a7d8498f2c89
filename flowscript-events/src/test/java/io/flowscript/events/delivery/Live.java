package io.flowscript.events.delivery;

import io.flowscript.core.runtime.Edge;
import io.flowscript.core.runtime.ExecutionContext;
import io.flowscript.core.runtime.Outcome;
import io.flowscript.engine.Execution;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** An execution that does what the test says: it stands in a node that the test is. */
final class Live {

    private final CompletableFuture<ExecutionContext> entered = new CompletableFuture<>();
    private final CompletableFuture<Outcome> outcome = new CompletableFuture<>();
    private Execution execution;

    CompletionStage<? extends Outcome> enter(ExecutionContext context) {
        entered.complete(context);
        return outcome;
    }

    void is(Execution started) {
        execution = started;
    }

    Execution execution() {
        return execution;
    }

    String id() {
        return execution.id();
    }

    boolean isEntered() {
        return entered.isDone();
    }

    /** Emits events numbered in their payload. */
    void emit(int events) {
        for (int i = 0; i < events; i++) {
            entered.join().runtime().emit("test:tick", i);
        }
    }

    void emit(String type, Object payload) {
        entered.join().runtime().emit(type, payload);
    }

    void emit(String type, Object payload, String conflationKey) {
        entered.join().runtime().emit(type, payload, conflationKey);
    }

    void set(String path, Object value) {
        entered.join().state().set(path, value);
    }

    void end() {
        outcome.complete(Edge.of("done"));
    }
}
