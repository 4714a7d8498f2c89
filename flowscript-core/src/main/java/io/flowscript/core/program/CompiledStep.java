package io.flowscript.core.program;

import io.flowscript.core.runtime.Node;
import io.flowscript.core.runtime.NodeMetadata;
import java.util.Set;

/**
 * A node to run, with its config compiled.
 *
 * @param name the node's name
 * @param node the node
 * @param metadata what is known about it
 * @param config its config with templates and expressions compiled
 * @param branchEdges the edges that the branch around it has flows for; empty for a plain step. {@code checkValue} goes by
 *     them.
 */
public record CompiledStep(
        String name, Node node, NodeMetadata metadata, CompiledConfig config, Set<String> branchEdges) {}
