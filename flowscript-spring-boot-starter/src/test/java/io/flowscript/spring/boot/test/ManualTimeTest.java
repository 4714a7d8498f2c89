package io.flowscript.spring.boot.test;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.flowscript.core.runtime.Edge;
import io.flowscript.core.runtime.NamedNode;
import io.flowscript.core.runtime.Node;
import io.flowscript.core.runtime.Question;
import io.flowscript.core.snapshot.ExecutionStatus;
import io.flowscript.core.testing.ManualClock;
import io.flowscript.core.workflow.WorkflowDefinition;
import io.flowscript.engine.Execution;
import io.flowscript.engine.FlowScript;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Tag("integration")
@FlowScriptTest
class ManualTimeTest {

    @Autowired
    FlowScript flows;

    @Autowired
    ManualClock clock;

    @Autowired
    Gate gate;

    /** Holds a node until the test releases it. */
    record Gate(CountDownLatch entered, CountDownLatch released) {}

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class App {

        @Bean
        Gate gate() {
            return new Gate(new CountDownLatch(1), new CountDownLatch(1));
        }

        @Bean
        WorkflowDefinition check() {
            return WorkflowDefinition.of(Map.of("id", "check", "nodes", List.of("check")));
        }

        @Bean
        NamedNode checking(Gate gate) {
            return Node.named("check").run(context -> {
                gate.entered().countDown();
                gate.released().await();
                return Edge.of("done");
            });
        }

        @Bean
        WorkflowDefinition call() {
            return WorkflowDefinition.of(Map.of("id", "call", "nodes", List.of("call")));
        }

        @Bean
        NamedNode calling() {
            return Node.named("call")
                    .timeout(Duration.ofHours(1))
                    .run(Node.async(context -> new CompletableFuture<Edge>()));
        }

        @Bean
        NamedNode approve() {
            return Node.named("approve")
                    .edges("approved", "late")
                    .ask(context -> Question.open().within(Duration.ofDays(2)))
                    .answered((context, answer) -> {
                        context.state().set("late", answer.timedOut());
                        return Edge.of("approved");
                    });
        }
    }

    @Test
    @DisplayName("No time passes while a node works")
    void timeWaitsForNodes() throws Exception {
        Execution run = flows.start("check", Map.of());
        assertThat(gate.entered().await(10, SECONDS)).isTrue();
        Instant before = clock.instant();
        Thread advances = new Thread(() -> clock.advance(Duration.ofDays(3)));
        advances.start();
        try {
            await().until(() -> advances.getState() == Thread.State.TIMED_WAITING || !advances.isAlive());
            assertThat(clock.instant()).isEqualTo(before);
        } finally {
            gate.released().countDown();
            advances.join();
        }
        assertThat(clock.instant()).isEqualTo(before.plus(Duration.ofDays(3)));
        assertThat(run.status()).isEqualTo(ExecutionStatus.COMPLETED);
    }

    @Test
    @DisplayName("The time of a test passes when the test says so")
    void timePasses() throws Exception {
        Execution run = flows.start("expense", Map.of());
        clock.advance(Duration.ofDays(3));
        assertThat(run.result().get(10, SECONDS).state()).containsEntry("late", true);
    }

    @Test
    @DisplayName("A node that waits for something without a thread runs out of time")
    void nodesRunOutOfTime() {
        Execution run = flows.start("call", Map.of());
        clock.advance(Duration.ofHours(1));
        assertThat(run.status()).isEqualTo(ExecutionStatus.FAILED);
    }
}
