package io.flowscript.engine;

import static io.flowscript.engine.TestEngine.events;
import static org.assertj.core.api.Assertions.assertThat;

import io.flowscript.core.event.NodeEvent;
import io.flowscript.core.runtime.Edge;
import io.flowscript.core.runtime.Node;
import io.flowscript.core.runtime.Outcome;
import io.flowscript.core.runtime.Question;
import io.flowscript.core.runtime.RetryPolicy;
import io.flowscript.core.runtime.Sleep;
import io.flowscript.core.snapshot.ExecutionResult;
import io.flowscript.core.workflow.WorkflowDefinition;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** An engine with its own threads and real time, whose time of day somebody sets while every kind of wait is under way. */
@Timeout(60)
class JumpingClockTest {

    private static final Duration SHORT = Duration.ofMillis(500);

    private final AtomicReference<Duration> set = new AtomicReference<>(Duration.ZERO);

    private Instant timeOfDay() {
        return InstantSource.system().instant().plus(set.get());
    }

    @ParameterizedTest
    @ValueSource(longs = {-1, 1})
    void everyWaitEndsInTime(long hours) throws Exception {
        CountDownLatch waits = new CountDownLatch(4);
        SystemClock clock = SystemClock.start(this::timeOfDay);
        try (FlowScript flows = FlowScript.builder()
                .clock(clock)
                .node(Node.named("hangs").timeout(SHORT).run(Node.async(context -> {
                    waits.countDown();
                    return new CompletableFuture<Outcome>();
                })))
                .node("sleeps", context -> {
                    if (!context.memo().isMissing()) {
                        return Edge.of("ok");
                    }
                    waits.countDown();
                    return new Sleep(SHORT, "slept");
                })
                .node(Node.named("fails").retry(RetryPolicy.fixed(2, SHORT)).run(context -> {
                    if (context.attempt() == 1) {
                        waits.countDown();
                        throw new IllegalStateException("once");
                    }
                    return Edge.of("ok");
                }))
                .node(Node.named("asks")
                        .ask(context -> {
                            waits.countDown();
                            return Question.open().within(SHORT);
                        })
                        .answered((context, answer) -> Edge.of(answer.timedOut() ? "ok" : "answered")))
                .build()) {
            List<Execution> runs = List.of("hangs", "sleeps", "fails", "asks").stream()
                    .map(node -> start(flows, node))
                    .toList();
            assertThat(waits.await(30, TimeUnit.SECONDS)).isTrue();
            set.set(Duration.ofHours(hours));
            long begun = System.nanoTime();
            for (Execution run : runs) {
                ExecutionResult result = run.result().get(30, TimeUnit.SECONDS);
                assertThat(result.isCompleted()).as(result.toString()).isTrue();
                assertThat(events(run))
                        .filteredOn(event -> event.event() instanceof NodeEvent.Completed)
                        .allSatisfy(event -> assertThat(((NodeEvent.Completed) event.event()).duration())
                                .isBetween(Duration.ZERO, Duration.ofMinutes(1)));
            }
            assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(30));
        } finally {
            clock.close();
        }
    }

    private static Execution start(FlowScript flows, String node) {
        List<Object> step = List.of(node, Map.of("timeout", List.of()));
        flows.register(WorkflowDefinition.of(Map.of("id", node, "nodes", List.of(step))));
        return flows.start(node, Map.of());
    }
}
