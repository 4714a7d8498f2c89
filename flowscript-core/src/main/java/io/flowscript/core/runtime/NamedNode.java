package io.flowscript.core.runtime;

import io.flowscript.core.FlowScriptException;
import io.flowscript.core.workflow.EdgeNames;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A node with its name and metadata. {@link Node#named} builds one.
 *
 * @param name the name that workflows use: 1 to 128 characters, not blank, not {@code exit}, not beginning with
 *     {@code loopTo:}
 * @param metadata the metadata of the node
 * @param work the work of the node
 * @since 0.1.0
 */
public record NamedNode(String name, NodeMetadata metadata, Node work) implements Node {

    /**
     * Checks the name.
     *
     * @param name 1 to 128 characters, not {@code exit}, not beginning with {@code loopTo:}
     * @param metadata the metadata of the node
     * @param work the work of the node
     * @throws FlowScriptException with code {@code invalid_node_name}
     */
    public NamedNode {
        if (name.isBlank() || name.length() > 128 || EdgeNames.isJump(name)) {
            throw new FlowScriptException(
                    "invalid_node_name",
                    "A node's name has 1 to 128 characters, is not \"exit\" and does not begin with \"loopTo:\"");
        }
    }

    @Override
    public Outcome run(ExecutionContext context) throws Exception {
        return work.run(context);
    }

    @Override
    public List<String> check(Map<String, @Nullable Object> config) {
        return work.check(config);
    }
}
