package io.flowscript.examples;

import static io.flowscript.testkit.FlowScriptAssertions.assertThat;

import io.flowscript.core.workflow.Workflow;
import io.flowscript.core.workflow.WorkflowDefinition;
import io.flowscript.engine.Execution;
import io.flowscript.testkit.AnswerExplorer;
import io.flowscript.testkit.FlowScriptExtension;
import io.flowscript.testkit.TestFlows;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The first examples of the guide to tests, compiled and run. The last test compares the guide with this file. */
@ExtendWith(FlowScriptExtension.class)
class ReviewTest {

    final WorkflowDefinition expense = Workflow.named("expense")
            .step("approve", Map.of("timeout", "P30D", "reminders", "P3D"))
            .build();

    @Test
    void asksTheManager(TestFlows flows) {
        flows.whenAsked("approve")
                .by("ann")
                .answer(Map.of("decision", "approved"))
                .after(Duration.ofDays(5));

        Execution run = flows.start("expense", Map.of("amount", 250));
        assertThat(run).isPausedAt("approve").withDeadline(Duration.ofDays(30));
        flows.advance(Duration.ofDays(365));

        assertThat(run)
                .isCompleted()
                .took("approve", "approved")
                .emitted("human:input:reminded", "human:input:received");
        assertThat(flows.receipts("ann").get(0)).isAccepted();
    }

    @Test
    void atEveryMoment() {
        AnswerExplorer.of(builder -> builder.workflow(expense))
                .start("expense", Map.of("amount", 250))
                .answering("approve", Map.of("decision", "approved"), Map.of("decision", "rejected"))
                .runs(200)
                .explore();
    }

    @Test
    void theGuideIsInThisFile() throws Exception {
        List<String> blocks = new DocExamples("docs/guide-test.md").blocks("java");
        DocExamples.assertIsIn(ReviewTest.class, blocks.get(0));
        DocExamples.assertIsIn(ReviewTest.class, blocks.get(1));
    }
}
