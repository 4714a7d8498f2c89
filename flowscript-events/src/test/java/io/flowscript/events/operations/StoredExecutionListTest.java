package io.flowscript.events.operations;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.flowscript.core.Identity;
import io.flowscript.core.bridge.AccessPolicy;
import io.flowscript.core.runtime.Edge;
import io.flowscript.core.runtime.Node;
import io.flowscript.core.runtime.Question;
import io.flowscript.core.snapshot.ExecutionStatus;
import io.flowscript.core.store.ExecutionCount;
import io.flowscript.core.store.ExecutionQuery;
import io.flowscript.core.store.StoredExecution;
import io.flowscript.core.testing.ForwardingStore;
import io.flowscript.core.testing.ManualClock;
import io.flowscript.core.testing.MemoryStore;
import io.flowscript.core.workflow.WorkflowDefinition;
import io.flowscript.engine.EngineLimits;
import io.flowscript.engine.Execution;
import io.flowscript.engine.FlowScript;
import io.flowscript.events.operations.Operations.ExecutionPage;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
@DisplayName("Executions that are in the store alone are listed and counted as others, and a request reads so many")
class StoredExecutionListTest {

    private static final int MANY = 3_000;
    private static final int MOST_READ = 2_000;

    private final ManualClock clock = new ManualClock();
    private final AtomicInteger read = new AtomicInteger();
    private final AtomicInteger counted = new AtomicInteger();
    private final FlowScript flows = FlowScript.builder()
            .clock(clock)
            .limits(EngineLimits.defaults().maxWaiting(1).maxFinished(0))
            .store(new ForwardingStore(new MemoryStore()) {
                @Override
                public List<StoredExecution> list(ExecutionQuery query) {
                    List<StoredExecution> page = super.list(query);
                    // The engine looks for what may be removed at a time of its own.
                    if (!(query instanceof ExecutionQuery.Ended)) {
                        read.addAndGet(page.size());
                    }
                    return page;
                }

                @Override
                public List<ExecutionCount> count(int most) {
                    counted.incrementAndGet();
                    return super.count(most);
                }
            })
            .node(Node.named("ask").ask(context -> Question.open()).answered((context, answer) -> Edge.of("done")))
            .node("fine", context -> Edge.of("done"))
            .workflow(WorkflowDefinition.of(Map.of("id", "asks", "nodes", List.of("ask"))))
            .workflow(WorkflowDefinition.of(Map.of("id", "fine", "nodes", List.of("fine"))))
            .build();
    private final Operations operations =
            Operations.builder(flows).accessPolicy(AccessPolicy.EVERYONE).build();

    @AfterEach
    void close() {
        operations.close();
        flows.close();
    }

    private Instant fill() {
        flows.start("fine", Map.of(), "the-oldest");
        clock.advance(Duration.ofHours(1));
        Instant between = clock.instant();
        for (int i = 0; i < MANY; i++) {
            flows.start("asks", Map.of(), "asks-" + i);
        }
        await().until(() -> flows.executions().size() == 1);
        await().until(() -> {
            clock.advance(Duration.ofHours(1)); // the last one leaves memory, too, when it waits
            return flows.executions().size() == 0;
        });
        read.set(0);
        return between;
    }

    @Test
    void aRequestReadsSoMany() {
        Instant between = fill();
        ExecutionFilter completed = ExecutionFilter.ALL.having(ExecutionStatus.COMPLETED);
        ExecutionPage first = operations.executions(Identity.ANONYMOUS, completed, null, 10);
        assertThat(first.executions()).isEmpty();
        assertThat(read.get()).isEqualTo(MOST_READ);
        ExecutionPage second = operations.executions(Identity.ANONYMOUS, completed, first.next(), 10);
        assertThat(second.executions()).extracting(Execution::id).containsExactly("the-oldest");
        assertThat(second.next()).isNull();

        read.set(0);
        ExecutionPage old = operations.executions(
                Identity.ANONYMOUS, new ExecutionFilter(null, Set.of(), null, null, between), null, 10);
        assertThat(old.executions()).extracting(Execution::id).containsExactly("the-oldest");
        assertThat(read).as("a span of time is found at once").hasValue(1);
        assertThat(flows.executions().size()).as("in memory, after all").isZero();
    }

    @Test
    void theStoreCounts() {
        fill();
        Operations.ExecutionCount count = operations.count(Identity.ANONYMOUS, ExecutionFilter.ALL);
        assertThat(count)
                .isEqualTo(new Operations.ExecutionCount(
                        MANY + 1, true, Map.of(ExecutionStatus.PAUSED, (long) MANY, ExecutionStatus.COMPLETED, 1L)));
        for (int i = 0; i < 10; i++) {
            assertThat(operations
                            .count(Identity.ANONYMOUS, ExecutionFilter.ALL.ofWorkflow("fine"))
                            .value())
                    .isEqualTo(1);
        }
        assertThat(counted).as("once a second").hasValue(1);
        assertThat(read).as("and no execution is read").hasValue(0);
    }
}
