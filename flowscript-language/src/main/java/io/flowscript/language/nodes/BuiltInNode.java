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
 * A node whose config is looked over by rules: on loading as far as it is known then, and before each run as it is then.
 *
 * @param name the node
 * @param metadata what it says of itself
 * @param rules what its config may hold
 * @param work what it does
 */
// The nullness of type arguments elsewhere is not in the class files that JDK 17 reads.
@SuppressWarnings("NullAway")
record BuiltInNode(String name, NodeMetadata metadata, ConfigRules rules, Node work) implements Node {

    static final String SUCCESS = "success";

    /**
     * What such a node says of itself.
     *
     * @param type the sort
     * @param description what it does, for people
     * @param edges the edges that it can return
     * @return the metadata
     */
    static NodeMetadata describe(NodeType type, String description, String... edges) {
        return new NodeMetadata(description, type, Set.of(edges), Set.of(), RetryPolicy.NONE, null);
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
