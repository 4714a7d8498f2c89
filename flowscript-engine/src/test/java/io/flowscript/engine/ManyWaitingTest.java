package io.flowscript.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.flowscript.core.interaction.AnswerOptions;
import io.flowscript.core.interaction.Receipt;
import io.flowscript.core.runtime.Edge;
import io.flowscript.core.runtime.PauseToken;
import io.flowscript.core.runtime.Question;
import io.flowscript.core.snapshot.ExecutionStatus;
import io.flowscript.core.workflow.WorkflowDefinition;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What waiting costs. */
@Tag("slow")
class ManyWaitingTest {

    private static final int EXECUTIONS = 100_000;
    private static final int BYTES_EACH = 3_000;
    private static final int THREADS = 4;

    private static long heapUsed() {
        System.gc();
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }

    @Test
    @DisplayName("100,000 executions wait in less than 300 MB and hold no thread, and all of them go on")
    void waitingIsData() {
        WorkflowDefinition definition = WorkflowDefinition.of(
                Map.of("id", "w", "initialState", Map.of("amount", 250), "nodes", List.of("ask", "ok")));
        ExecutorService threadsOfTheTest = Executors.newFixedThreadPool(THREADS);
        try (FlowScript flows = FlowScript.builder()
                .executor(threadsOfTheTest)
                .engineExecutor(threadsOfTheTest)
                .node(
                        "ask",
                        context -> context.answer() == null
                                ? Question.open()
                                        .showing(Map.of(
                                                "amount",
                                                context.state().get("amount").asInt()))
                                        .ask("memo")
                                : Edge.of("ok", context.answer().data()))
                .node("ok", context -> {
                    context.state().set("answer", context.previous().raw());
                    return Edge.of("ok");
                })
                .limits(EngineLimits.defaults().maxFinished(EXECUTIONS))
                .workflow(definition)
                .build()) {
            // And those of the pool, Awaitility's one, and what the virtual machine makes for itself.
            int threads = ManagementFactory.getThreadMXBean().getThreadCount() + THREADS + 4;
            long before = heapUsed();
            List<Execution> runs = new ArrayList<>(EXECUTIONS);
            for (int i = 0; i < EXECUTIONS; i++) {
                runs.add(flows.start("w", Map.of()));
            }
            Awaitility.await()
                    .atMost(2, TimeUnit.MINUTES)
                    .until(() -> runs.stream().allMatch(run -> run.status() == ExecutionStatus.PAUSED));
            long each = (heapUsed() - before) / EXECUTIONS;
            assertThat(each).as("bytes that a paused execution holds").isLessThan(BYTES_EACH);
            assertThat(ManagementFactory.getThreadMXBean().getThreadCount()).isLessThanOrEqualTo(threads);

            for (Execution run : runs) {
                PauseToken token = run.interactions().get(0).token();
                assertThat(flows.interactions().answer(token, 7, AnswerOptions.NONE))
                        .isInstanceOf(Receipt.Accepted.class);
            }
            Awaitility.await()
                    .atMost(2, TimeUnit.MINUTES)
                    .until(() -> runs.stream().allMatch(run -> run.status() == ExecutionStatus.COMPLETED));
            assertThat(runs).allMatch(run -> run.state("answer").asInt() == 7);
        } finally {
            threadsOfTheTest.shutdownNow();
        }
    }
}
