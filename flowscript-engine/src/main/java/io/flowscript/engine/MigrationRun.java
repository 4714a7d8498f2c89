package io.flowscript.engine;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Moves executions one after the other, and waits for the store now and then. For use by one thread. */
final class MigrationRun {

    /** How many moves can wait for the store. */
    private static final int MAX_UNSTORED = 256;

    private final Interpreter version;
    private final Migration migration;
    private final List<CompletableFuture<@Nullable Void>> unstored = new ArrayList<>();
    private final List<MigrationReport.Refusal> reasons = new ArrayList<>();
    private int moved;
    private int left;

    MigrationRun(Interpreter version, Migration migration) {
        this.version = version;
        this.migration = migration;
    }

    void move(WorkflowExecution execution) {
        String hash = execution.definition().hash();
        if (execution.status().isEnded()
                || hash.equals(version.program().definition().hash())
                || !migration.includes(hash)) {
            return;
        }
        String reason = execution.migrate(version, migration);
        if (reason == null) {
            moved++;
            CompletableFuture<@Nullable Void> stored = execution.stored();
            if (stored != null) {
                unstored.add(stored);
            }
            if (unstored.size() >= MAX_UNSTORED) {
                awaitStored();
            }
        } else if (++left <= MigrationReport.MAX_REASONS) {
            reasons.add(new MigrationReport.Refusal(execution.id(), reason));
        }
    }

    MigrationReport report() {
        awaitStored();
        return new MigrationReport(moved, left, reasons);
    }

    private void awaitStored() {
        unstored.forEach(Journal::await);
        unstored.clear();
    }
}
