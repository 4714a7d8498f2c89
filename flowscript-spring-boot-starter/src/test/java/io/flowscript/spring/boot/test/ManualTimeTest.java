package io.flowscript.spring.boot.test;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.flowscript.core.runtime.Edge;
import io.flowscript.core.runtime.NamedNode;
import io.flowscript.core.runtime.Node;
import io.flowscript.core.runtime.Question;
import io.flowscript.core.testing.ManualClock;
import io.flowscript.engine.Execution;
import io.flowscript.engine.FlowScript;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@FlowScriptTest
class ManualTimeTest {

    @Autowired
    FlowScript flows;

    @Autowired
    ManualClock clock;

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class App {

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
    @DisplayName("The time of a test passes when the test says so")
    void timePasses() throws Exception {
        Execution run = flows.start("expense", Map.of());
        await().until(() -> !run.interactions().isEmpty());
        clock.advance(Duration.ofDays(2)); // to the deadline: a node that works while the time goes on is out of time
        assertThat(run.result().get(10, SECONDS).state()).containsEntry("late", true);
    }
}
