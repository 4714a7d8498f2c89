package io.flowscript.spring.boot;

import io.flowscript.core.workflow.WorkflowDefinition;
import io.flowscript.engine.EngineCounts;
import io.flowscript.engine.EngineStats;
import io.flowscript.engine.FlowScript;
import io.flowscript.events.delivery.BridgeStats;
import io.flowscript.events.delivery.FlowScriptBridge;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;

/**
 * The endpoint {@code flowscript} of the actuator: what the engine holds and what it has done. Safe for use by any thread.
 *
 * @since 0.1.0
 */
@Endpoint(id = "flowscript")
public final class FlowScriptEndpoint {

    private final FlowScript flows;
    private final @Nullable FlowScriptBridge bridge;

    FlowScriptEndpoint(FlowScript flows, @Nullable FlowScriptBridge bridge) {
        this.flows = flows;
        this.bridge = bridge;
    }

    /**
     * Reads the figures.
     *
     * @return the figures of this moment
     */
    @ReadOperation
    public Figures figures() {
        return new Figures(
                flows.isDurable(),
                flows.workflows().stream().map(WorkflowDefinition::id).toList(),
                flows.stats(),
                flows.counts(),
                bridge == null ? null : bridge.stats());
    }

    /**
     * The figures of an engine.
     *
     * @param durable whether executions are in a store
     * @param workflows the ids of the workflows
     * @param now what the engine holds
     * @param total what has happened since it was built
     * @param clients what its clients need; null when it serves none
     */
    public record Figures(
            boolean durable,
            List<String> workflows,
            EngineStats now,
            EngineCounts total,
            @Nullable BridgeStats clients) {}
}
