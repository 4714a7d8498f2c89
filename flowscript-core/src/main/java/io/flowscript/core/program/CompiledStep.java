package io.flowscript.core.program;

import io.flowscript.core.runtime.Node;
import io.flowscript.core.runtime.NodeMetadata;
import java.util.Set;

/**
 * A node to run, with its compiled config.
 *
 * @param name the node's name
 * @param node the node
 * @param metadata the metadata of the node
 * @param config the compiled config
 * @param branchEdges the edges for which the branch on this step has flows; empty for a plain step. The node
 *     {@code checkValue} uses them.
 */
public record CompiledStep(
        String name, Node node, NodeMetadata metadata, CompiledConfig config, Set<String> branchEdges) {}
