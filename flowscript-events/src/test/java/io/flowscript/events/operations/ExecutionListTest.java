package io.flowscript.events.operations;

import static org.assertj.core.api.Assertions.assertThat;

import io.flowscript.core.Identity;
import io.flowscript.core.bridge.AccessPolicy;
import io.flowscript.core.runtime.Edge;
import io.flowscript.core.snapshot.ExecutionStatus;
import io.flowscript.core.testing.ManualClock;
import io.flowscript.core.testing.ManualExecutor;
import io.flowscript.core.workflow.WorkflowDefinition;
import io.flowscript.engine.Execution;
import io.flowscript.engine.FlowScript;
import io.flowscript.events.operations.Operations.ExecutionPage;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("A list of executions costs the same, however many there are and however few match")
class ExecutionListTest {

    private static final int MANY = 5_000;
    private static final int MOST_LOOKED_AT = 2_000;

    private final ManualExecutor executor = new ManualExecutor();
    private final AtomicInteger asked = new AtomicInteger();
    private final FlowScript flows = FlowScript.builder()
            .clock(new ManualClock())
            .executor(executor)
            .engineExecutor(executor)
            .node("fine", context -> Edge.of("done"))
            .node("fails", context -> {
                throw new IllegalStateException("no");
            })
            .workflow(WorkflowDefinition.of(Map.of("id", "fine", "nodes", List.of("fine"))))
            .workflow(WorkflowDefinition.of(Map.of("id", "fails", "nodes", List.of("fails"))))
            .build();
    private final Operations operations = operations((who, action, workflow, execution) -> {
        asked.incrementAndGet();
        return true;
    });

    private Operations operations(AccessPolicy policy) {
        return Operations.builder(flows).accessPolicy(policy).build();
    }

    @BeforeEach
    void begin() {
        flows.start("fails", Map.of(), "the-failed-one");
        for (int i = 0; i < MANY; i++) {
            flows.start("fine", Map.of(), "fine-" + i);
        }
        executor.runAll();
    }

    @AfterEach
    void end() {
        operations.close();
        flows.close();
    }

    @Test
    void aPageLooksAtSoManyAndGivesTheCursorToGoOn() {
        List<String> found = new ArrayList<>();
        int pages = 0;
        ExecutionPage page = page(operations, ExecutionStatus.FAILED, null, null);
        assertThat(page.executions()).isEmpty();
        assertThat(page.next()).isEqualTo("fine-" + (MANY - MOST_LOOKED_AT));
        while (true) {
            pages++;
            page.executions().forEach(execution -> found.add(execution.id()));
            if (page.next() == null) {
                break;
            }
            page = page(operations, ExecutionStatus.FAILED, null, page.next());
        }
        assertThat(found).containsExactly("the-failed-one");
        assertThat(pages).isEqualTo(1 + MANY / MOST_LOOKED_AT);
        assertThat(asked).as("the policy is asked only about what matches").hasValue(1);
    }

    @Test
    void theSameForAWorkflow() {
        ExecutionPage page = page(operations, null, "fails", null);
        assertThat(page.executions()).isEmpty();
        assertThat(page.next()).isEqualTo("fine-" + (MANY - MOST_LOOKED_AT));
    }

    @Test
    void theSameForWhatIsHidden() {
        AtomicInteger hidden = new AtomicInteger();
        try (Operations blind = operations((who, action, workflow, execution) -> {
            hidden.incrementAndGet();
            return false;
        })) {
            assertThat(page(blind, null, null, null).executions()).isEmpty();
        }
        assertThat(hidden).hasValue(MOST_LOOKED_AT);
    }

    @Test
    void everyExecutionIsOnOnePage() {
        List<String> found = new ArrayList<>();
        String cursor = null;
        do {
            ExecutionPage page = operations.executions(Identity.ANONYMOUS, null, null, cursor, 777);
            page.executions().stream().map(Execution::id).forEach(found::add);
            cursor = page.next();
        } while (cursor != null);
        assertThat(found).hasSize(MANY + 1).doesNotHaveDuplicates().endsWith("fine-0", "the-failed-one");
    }

    private static ExecutionPage page(
            Operations operations,
            @Nullable ExecutionStatus status,
            @Nullable String workflow,
            @Nullable String cursor) {
        return operations.executions(Identity.ANONYMOUS, workflow, status, cursor, 100);
    }
}
