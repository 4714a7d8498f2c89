package io.flowscript.events.delivery;

import io.flowscript.core.FlowScriptException;
import io.flowscript.core.runtime.EngineClock;
import io.flowscript.engine.Execution;
import io.flowscript.engine.ExecutionManager;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/**
 * Looks for an execution, which may have left memory. When the store cannot be read, it looks again for half a minute, as the
 * engine does for older events.
 */
final class ExecutionSearch {

    private static final int TRIES = 10;
    private static final Duration FIRST_PAUSE = Duration.ofMillis(50);

    private final ExecutionManager executions;
    private final EngineClock clock;
    private final String executionId;
    private final CompletableFuture<Optional<Execution>> found = new CompletableFuture<>();

    private ExecutionSearch(ExecutionManager executions, EngineClock clock, String executionId) {
        this.executions = executions;
        this.clock = clock;
        this.executionId = executionId;
    }

    /** {@return completes with the execution; with nothing when it does not exist, or cannot be read} Never fails. */
    static CompletableFuture<Optional<Execution>> find(
            ExecutionManager executions, EngineClock clock, String executionId) {
        ExecutionSearch search = new ExecutionSearch(executions, clock, executionId);
        search.look(1);
        return search.found;
    }

    private void look(int attempt) {
        var unused = executions.findLater(executionId).whenComplete((execution, failure) -> {
            if (failure == null) {
                found.complete(execution);
            } else if (attempt == TRIES || !isPassing(failure)) {
                found.complete(Optional.empty());
            } else {
                clock.schedule(FIRST_PAUSE.multipliedBy(1L << (attempt - 1)), () -> look(attempt + 1));
            }
        });
    }

    private static boolean isPassing(Throwable failure) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        return cause instanceof FlowScriptException known && known.code().equals("store_unavailable");
    }
}
