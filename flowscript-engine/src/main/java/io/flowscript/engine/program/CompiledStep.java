package io.flowscript.engine.program;

import io.flowscript.core.json.JsonPath;
import io.flowscript.core.runtime.Node;
import io.flowscript.core.runtime.NodeMetadata;
import io.flowscript.core.runtime.RetryPolicy;
import io.flowscript.core.workflow.EdgeNames;
import java.time.Duration;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A node to run, with its compiled config and the settings of the step.
 *
 * @param name the node's name
 * @param node the node
 * @param metadata the metadata of the node
 * @param config the compiled config
 * @param settings the settings beside the config
 * @param branchEdges the edges for which the branch on this step has flows; empty for a plain step. The node
 *     {@code checkValue} uses them.
 */
public record CompiledStep(
        String name,
        Node node,
        NodeMetadata metadata,
        CompiledConfig config,
        StepSettings settings,
        Set<String> branchEdges) {

    /** {@return the retry policy: that of the step, or else that of the node} */
    public RetryPolicy retry() {
        RetryPolicy own = settings.retry();
        return own == null ? metadata.retry() : own;
    }

    /** {@return how long one attempt may work, by the step or else by the node; null for the engine's node timeout} */
    public @Nullable Duration timeout() {
        Duration own = settings.timeout();
        return own == null ? metadata.timeout() : own;
    }

    /**
     * Checks whether an attempt that leaves by an edge counts as failed, so that it is repeated. This holds for
     * {@code error} when the step has a retry policy of its own: whoever writes the workflow need not know whether a node
     * throws or returns {@code error}.
     *
     * @param edge the name of the edge
     * @return whether the attempt is repeated, as long as attempts are left
     */
    public boolean retries(String edge) {
        return settings.retry() != null && edge.equals(EdgeNames.ERROR);
    }

    /**
     * Returns where the data of an edge is written.
     *
     * @param edge the name of the edge
     * @return a path of the state; null for none, and for {@code error} and {@code timeout}
     */
    public @Nullable JsonPath stateKey(String edge) {
        return EdgeNames.isFailure(edge) ? null : settings.stateKey();
    }
}
