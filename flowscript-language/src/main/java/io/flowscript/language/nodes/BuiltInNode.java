package io.flowscript.language.nodes;

import io.flowscript.core.FlowScriptException;
import io.flowscript.core.runtime.ExecutionContext;
import io.flowscript.core.runtime.Node;
import io.flowscript.core.runtime.NodeMetadata;
import io.flowscript.core.runtime.NodeType;
import io.flowscript.core.runtime.Outcome;
import io.flowscript.core.runtime.RetryPolicy;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A node whose config is checked by rules: when the workflow is loaded, as far as values are known, and again before
 * each run.
 *
 * @param name the node's name
 * @param metadata the node's metadata
 * @param rules the rules of its config
 * @param work the node's behaviour
 */
// JDK 17 does not read the nullness of type arguments from other class files.
@SuppressWarnings("NullAway")
record BuiltInNode(String name, NodeMetadata metadata, ConfigRules rules, Node work) implements Node {

    static final String SUCCESS = "success";

    BuiltInNode {
        metadata = new NodeMetadata(
                metadata.description(),
                metadata.type(),
                metadata.edges(),
                rules.fields(),
                metadata.expressionFields(),
                metadata.retry(),
                metadata.timeout());
    }

    /**
     * Returns metadata without retries.
     *
     * @param type the type
     * @param description what the node does, for people
     * @param edges the edges that the node can return
     * @return the metadata
     */
    static NodeMetadata describe(NodeType type, String description, String... edges) {
        return new NodeMetadata(description, type, Set.of(edges), Set.of(), Set.of(), RetryPolicy.NONE, null);
    }

    @Override
    public List<String> check(Map<String, @Nullable Object> config) {
        return rules.check(config, true);
    }

    @Override
    public Outcome run(ExecutionContext context) throws Exception {
        Map<String, @Nullable Object> config =
                context.config().isMissing() ? Map.of() : context.config().asMap();
        List<String> wrong = rules.check(config, false);
        if (!wrong.isEmpty()) {
            throw new FlowScriptException("invalid_config", name + ": " + String.join("; ", wrong));
        }
        return work.run(context);
    }
}
