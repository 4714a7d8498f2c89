package io.flowscript.engine;

import io.flowscript.core.FlowScriptException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Moves executions one after the other, and waits for the store now and then. For use by one thread. */
final class MigrationRun {

    /** How many moves can wait for the store. */
    private static final int MAX_UNSTORED = 256;

    /** Why an execution is not moved that another process has. */
    static final String ELSEWHERE = "It goes on in another process, which can move it";

    private final Interpreter version;
    private final Migration migration;
    private final Map<String, CompletableFuture<@Nullable Void>> unstored = new LinkedHashMap<>();
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
        WorkflowExecution.Move move = execution.migrate(version, migration);
        if (move.refusal() != null) {
            stays(execution.id(), move.refusal());
            return;
        }
        moved++;
        if (move.stored() != null) {
            unstored.put(execution.id(), move.stored());
        }
        if (unstored.size() >= MAX_UNSTORED) {
            awaitStored();
        }
    }

    private void stays(String executionId, String reason) {
        if (++left <= MigrationReport.MAX_REASONS) {
            reasons.add(new MigrationReport.Refusal(executionId, reason));
        }
    }

    MigrationReport report() {
        awaitStored();
        return new MigrationReport(moved, left, reasons);
    }

    private void awaitStored() {
        unstored.forEach((executionId, stored) -> {
            try {
                Journal.await(stored);
            } catch (FlowScriptException e) {
                if (!RemoteCommands.isShardLost(e)) {
                    throw e;
                }
                moved--;
                stays(executionId, ELSEWHERE);
            }
        });
        unstored.clear();
    }
}
