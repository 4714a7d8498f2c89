package io.flowscript.spring.boot;

import io.flowscript.core.runtime.Edge;
import io.flowscript.core.runtime.NamedNode;
import io.flowscript.core.runtime.Node;
import io.flowscript.core.runtime.Question;
import java.time.Duration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The node of the workflow expense: a manager decides within two days. */
@Configuration(proxyBeanMethods = false)
class Approval {

    @Bean
    NamedNode approve() {
        return Node.named("approve")
                .edges("approved", "late")
                .ask(context -> Question.open().candidates("manager").within(Duration.ofDays(2)))
                .answered((context, answer) -> Edge.of(answer.timedOut() ? "late" : "approved"));
    }
}
