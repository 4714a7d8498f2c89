package io.flowscript.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.flowscript.core.runtime.Edge;
import io.flowscript.core.runtime.Node;
import io.flowscript.core.runtime.Sleep;
import io.flowscript.core.snapshot.ExecutionResult;
import io.flowscript.core.workflow.WorkflowDefinition;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What becomes of an engine when the memory of its process is used up for a while. */
@Tag("slow")
class ExhaustedHeapTest {

    private static final int EXECUTIONS = 300;
    private static final int LIMIT_SECONDS = 90;

    @Test
    @DisplayName("every execution ends although the memory was used up for seconds, and new ones run")
    void memoryThatComesBack() throws IOException, InterruptedException {
        String output = JavaProcess.run(Child.class, LIMIT_SECONDS, "-Xmx48m");
        assertThat(output).contains("all ended, the new one completed");
    }

    /** The process whose memory is used up. */
    static final class Child {

        private Child() {}

        public static void main(String[] args) throws Exception {
            Node napping = context -> {
                int naps = context.memo().isMissing() ? 0 : context.memo().asInt();
                return naps == 20 ? Edge.of("ok") : new Sleep(Duration.ofMillis(100), naps + 1);
            };
            FlowScript flows = FlowScript.builder()
                    .node("naps", napping)
                    .workflow(WorkflowDefinition.of(Map.of("id", "w", "nodes", List.of("naps"))))
                    .build();
            List<CompletableFuture<ExecutionResult>> results = new ArrayList<>();
            for (int i = 0; i < EXECUTIONS; i++) {
                results.add(flows.start("w", Map.of()).result());
            }
            useUpMemory(System.nanoTime() + TimeUnit.SECONDS.toNanos(5));
            try {
                CompletableFuture.allOf(results.toArray(new CompletableFuture<?>[0]))
                        .get(60, TimeUnit.SECONDS);
            } catch (TimeoutException e) {
                System.out.println("not all ended in time");
            }
            long running = results.stream().filter(result -> !result.isDone()).count();
            Execution fresh = flows.start("w", Map.of());
            String last = fresh.result()
                    .orTimeout(30, TimeUnit.SECONDS)
                    .handle((result, thrown) -> result == null
                            ? "did not end"
                            : result.status().toString().toLowerCase(Locale.ROOT))
                    .join();
            System.out.println(
                    running == flows.stats().broken()
                            ? "all ended, the new one " + last
                            : running + " did not end, " + flows.stats().broken() + " are known to be broken");
            System.exit(0);
        }

        /** Holds all memory that there is, lets a little go and takes it again, until a time. */
        private static void useUpMemory(long until) {
            Object @Nullable [] hoard = null;
            while (System.nanoTime() < until) {
                try {
                    hoard = new Object[] {hoard, new byte[1024]};
                } catch (OutOfMemoryError full) {
                    for (int i = 0; i < 50 && hoard != null; i++) {
                        hoard = (Object[]) hoard[0];
                    }
                }
            }
        }
    }
}
