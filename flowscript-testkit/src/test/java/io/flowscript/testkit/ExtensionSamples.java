package io.flowscript.testkit;

import static io.flowscript.testkit.FlowScriptAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import io.flowscript.core.workflow.WorkflowDefinition;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Tests that {@link FlowScriptExtensionTest} runs, since some of them are to fail. */
final class ExtensionSamples {

    private ExtensionSamples() {}

    static class OfBuilder {
        @RegisterExtension
        static final FlowScriptExtension FLOWS =
                FlowScriptExtension.with(Expenses::addTo).startingAt(Instant.parse("2026-03-02T09:00:00Z"));

        @Test
        void starts(TestFlows flows) {
            assertThat(flows.start("expense", Map.of("amount", 250))).isPausedAt("review");
            assertThat(flows.clock().instant()).isEqualTo(Instant.parse("2026-03-02T09:00:00Z"));
        }
    }

    @ExtendWith(FlowScriptExtension.class)
    static class LeavesATimer {
        @Test
        void leaves(TestFlows flows) {
            flows.clock().schedule(flows.clock().instant(), () -> {});
        }
    }

    @ExtendWith(FlowScriptExtension.class)
    static class Fails {
        @Test
        void fails(TestFlows flows) {
            flows.clock().schedule(flows.clock().instant(), () -> {});
            throw new IllegalStateException("my own failure");
        }
    }

    @ExtendWith(FlowScriptExtension.class)
    static class ForAll {
        @BeforeAll
        static void all(TestFlows flows) {
            flows.settle();
        }

        @Test
        void nothing() {}
    }

    @ExtendWith(FlowScriptExtension.class)
    static class NullField {
        final WorkflowDefinition missing = null;

        @Test
        void nothing(TestFlows flows) {
            flows.settle();
        }
    }
}
