package io.flowscript.store.jdbc;

import io.flowscript.core.event.RecordedEvent;
import io.flowscript.core.event.StateUpdated;
import io.flowscript.core.snapshot.ExecutionSnapshot;
import io.flowscript.core.store.Commit;
import io.flowscript.core.workflow.WorkflowDefinition;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** The commits of an execution whose secret is large and changes in each step. */
final class SecretRun {

    private static final Instant START = Instant.parse("2026-01-02T03:04:05Z");
    private static final WorkflowDefinition WORKFLOW =
            WorkflowDefinition.of(Map.of("id", "vaults", "secrets", List.of("$.vault"), "nodes", List.of()));

    private final String id;
    private ExecutionSnapshot snapshot;

    SecretRun(String id) {
        this.id = id;
        this.snapshot = ExecutionSnapshot.builder()
                .executionId(id)
                .workflowId(WORKFLOW.id())
                .definitionHash(WORKFLOW.hash())
                .secrets(WORKFLOW.secrets())
                .createdAt(START)
                .epoch("epoch-1")
                .lastEventAt(START)
                .build();
    }

    /** {@return the secret after a number of steps} */
    static String vault(long steps) {
        return (steps + " ").repeat(5_000);
    }

    Commit step() {
        ExecutionSnapshot before = snapshot;
        long step = before.steps() + 1;
        snapshot = before.toBuilder()
                .steps(step)
                .seq(step)
                .state(Map.of("vault", vault(step)))
                .build();
        RecordedEvent event =
                new RecordedEvent(id, WORKFLOW.id(), "epoch-1", step, START, new StateUpdated("$.step", step));
        boolean isFirst = step == 1;
        return new Commit(id, List.of(event), snapshot, isFirst ? null : before, isFirst ? WORKFLOW : null, 1);
    }
}
