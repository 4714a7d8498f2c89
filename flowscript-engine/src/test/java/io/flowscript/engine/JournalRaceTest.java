package io.flowscript.engine;

import static io.flowscript.engine.TestEngine.workflow;
import static org.assertj.core.api.Assertions.assertThat;

import io.flowscript.core.FlowScriptException;
import io.flowscript.core.concurrent.MemoryBudget;
import io.flowscript.core.log.Position;
import io.flowscript.core.log.Retention;
import io.flowscript.core.log.memory.MemoryEventLog;
import io.flowscript.core.snapshot.ExecutionSnapshot;
import io.flowscript.core.store.Commit;
import io.flowscript.core.testing.ForwardingStore;
import io.flowscript.core.testing.MemoryStore;
import io.flowscript.core.workflow.WorkflowDefinition;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What a caller is told while the store refuses a commit on another thread. */
class JournalRaceTest {

    private static final int COMMITS = 20_000;

    /** Refuses every commit, on a thread of its own. */
    private static final class RefusingStore extends ForwardingStore {

        private final ExecutorService thread;

        RefusingStore(ExecutorService thread) {
            super(new MemoryStore());
            this.thread = thread;
        }

        @Override
        public CompletionStage<@Nullable Void> commit(Commit commit) {
            CompletableFuture<@Nullable Void> refused = new CompletableFuture<>();
            thread.execute(() -> refused.completeExceptionally(new FlowScriptException("store_failed", "refused")));
            return refused;
        }
    }

    private static final Journal.Owner NOBODY = new Journal.Owner() {
        @Override
        public void created() {}

        @Override
        public CommitWatch committing(int events) {
            return CommitWatch.NONE;
        }

        @Override
        public void storedWhenLost(long after, long last) {
            throw new AssertionError("It is not lost");
        }

        @Override
        public void failed(FlowScriptException why) {}
    };

    @Test
    @DisplayName("what the store refuses never seems to be stored, not even while the refusal arrives")
    void refused() {
        ExecutorService thread = Executors.newSingleThreadExecutor();
        try (RefusingStore store = new RefusingStore(thread)) {
            WorkflowDefinition definition = workflow("end");
            ExecutionSnapshot snapshot = ExecutionSnapshot.builder()
                    .executionId("x")
                    .workflowId("w")
                    .definitionHash(definition.hash())
                    .createdAt(Instant.EPOCH)
                    .epoch("e")
                    .lastEventAt(Instant.EPOCH)
                    .build();
            MemoryEventLog log = new MemoryEventLog(
                    "x",
                    "w",
                    "e",
                    Position.START,
                    Instant.EPOCH,
                    Retention.defaults(),
                    new MemoryBudget(1 << 20),
                    Runnable::run,
                    false);
            for (int i = 0; i < COMMITS; i++) {
                Journal journal = new Journal(store, log, snapshot, definition, 1, 1, NOBODY);
                journal.record(List.of(), snapshot, null, () -> {});
                journal.flush();
                CompletableFuture<@Nullable Void> stored = journal.stored();
                while (!stored.isDone()) {
                    stored = journal.stored();
                }
                assertThat(stored).as("commit " + i).isCompletedExceptionally();
            }
        } finally {
            thread.shutdownNow();
        }
    }
}
