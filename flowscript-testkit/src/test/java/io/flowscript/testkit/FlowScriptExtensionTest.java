package io.flowscript.testkit;

import static io.flowscript.testkit.FlowScriptAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import io.flowscript.core.runtime.NamedNode;
import io.flowscript.core.workflow.WorkflowDefinition;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import org.junit.platform.launcher.listeners.SummaryGeneratingListener;

@ExtendWith(FlowScriptExtension.class)
@DisplayName("The extension gives each test an engine with its class's workflows and nodes, and checks what is left")
class FlowScriptExtensionTest {

    private static final NamedNode REVIEW = Expenses.REVIEW;

    final NamedNode book = Expenses.BOOK;
    final WorkflowDefinition expense = Expenses.WORKFLOW;

    private TestFlows before;

    @BeforeEach
    void remember(TestFlows flows) {
        before = flows;
    }

    @Test
    void knowsWhatStandsInTheFieldsOfTheClass(TestFlows flows) {
        assertThat(flows).isSameAs(before);
        assertThat(flows.start("expense", Map.of("amount", 250)).id()).isEqualTo("expense-1");
    }

    @Test
    void eachTestHasItsOwn(TestFlows flows) {
        assertThat(flows.start("expense", Map.of("amount", 250)).id()).isEqualTo("expense-1");
        assertThat(REVIEW.name()).isEqualTo("review");
    }

    @Nested
    class Inner {
        @Test
        void knowsThoseOfTheClassesAround(TestFlows flows) {
            assertThat(flows.start("expense", Map.of("amount", 250))).isPausedAt("review");
        }
    }

    @Test
    void withWhatItIsMadeOf() {
        assertThat(run(ExtensionSamples.OfBuilder.class)).isEmpty();
    }

    @Test
    void whatIsLeftFailsTheTest() {
        assertThat(run(ExtensionSamples.LeavesATimer.class))
                .contains("At the end of the test, these are left")
                .contains("1 timers");
    }

    @Test
    void aFailureIsNotHiddenByWhatItLeft() {
        assertThat(run(ExtensionSamples.Fails.class)).contains("my own failure").doesNotContain("these are left");
    }

    @Test
    void anEngineForAWholeClassIsRefused() {
        assertThat(run(ExtensionSamples.ForAll.class)).contains("A TestFlows belongs to one test");
    }

    @Test
    void aFieldThatIsNullIsNamed() {
        assertThat(run(ExtensionSamples.NullField.class)).contains("missing").contains("is null");
    }

    /** {@return what failed, with its causes; empty when nothing did} */
    private static String run(Class<?> test) {
        SummaryGeneratingListener listener = new SummaryGeneratingListener();
        LauncherFactory.create()
                .execute(
                        LauncherDiscoveryRequestBuilder.request()
                                .selectors(selectClass(test))
                                .build(),
                        listener);
        assertThat(listener.getSummary().getTestsFoundCount()).isEqualTo(1);
        StringWriter text = new StringWriter();
        listener.getSummary()
                .getFailures()
                .forEach(failure -> failure.getException().printStackTrace(new PrintWriter(text, true)));
        return text.toString();
    }
}
