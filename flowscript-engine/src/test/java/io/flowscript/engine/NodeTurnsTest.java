package io.flowscript.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.flowscript.core.runtime.Edge;
import io.flowscript.core.workflow.WorkflowDefinition;
import java.util.Collections;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
@DisplayName("An execution of very many steps")
class NodeTurnsTest {

    private static final int STEPS = 2_000;

    private static WorkflowDefinition chain() {
        return WorkflowDefinition.of(Map.of("id", "chain", "nodes", Collections.nCopies(STEPS, "count")));
    }

    @Test
    @DisplayName("lets another one have the only thread of nodes before it has ended")
    void gives() throws Exception {
        AtomicInteger counted = new AtomicInteger();
        AtomicInteger seen = new AtomicInteger();
        FlowScript[] engine = new FlowScript[1];
        Execution[] other = new Execution[1];
        try (FlowScript flows = FlowScript.builder()
                .limits(EngineLimits.defaults().maxNodeThreads(1))
                .node("count", context -> {
                    if (counted.incrementAndGet() == 1) {
                        other[0] = engine[0].start("look", Map.of());
                    }
                    return Edge.of("done");
                })
                .node("look", context -> {
                    seen.set(counted.get());
                    return Edge.of("done");
                })
                .workflow(chain())
                .workflow(WorkflowDefinition.of(Map.of("id", "look", "nodes", Collections.nCopies(1, "look"))))
                .build()) {
            engine[0] = flows;
            Object unused = flows.start("chain", Map.of()).result().get(30, TimeUnit.SECONDS);
            Object unusedToo = other[0].result().get(30, TimeUnit.SECONDS);
            assertThat(counted).hasValue(STEPS);
            assertThat(seen).hasValueBetween(1, STEPS - 1);
        }
    }

    @Test
    @DisplayName("gives an executor of the application back again and again, since nobody knows who waits for it")
    void givesBack() throws Exception {
        AtomicInteger tasks = new AtomicInteger();
        ExecutorService thread = Executors.newSingleThreadExecutor();
        try (FlowScript flows = FlowScript.builder()
                .executor(task -> {
                    tasks.incrementAndGet();
                    thread.execute(task);
                })
                .node("count", context -> Edge.of("done"))
                .workflow(chain())
                .build()) {
            Object unused = flows.start("chain", Map.of()).result().get(30, TimeUnit.SECONDS);
            assertThat(tasks).hasValueGreaterThan(STEPS / 300);
        } finally {
            thread.shutdownNow();
        }
    }
}
