package io.flowscript.language.nodes;

import static io.flowscript.language.nodes.BuiltInNode.describe;

import io.flowscript.core.runtime.Edge;
import io.flowscript.core.runtime.ExecutionContext;
import io.flowscript.core.runtime.NodeType;
import io.flowscript.core.runtime.Outcome;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The node {@code checkValue}: compares the value at a path of the state with a given value. */
// JDK 17 does not read the nullness of type arguments from other class files.
@SuppressWarnings("NullAway")
final class CheckValueNode {

    private CheckValueNode() {}

    static BuiltInNode node() {
        return new BuiltInNode(
                "checkValue",
                describe(
                        NodeType.CONTROL,
                        "Compares the value at a path of the state with a given value",
                        "true",
                        "false",
                        "match",
                        "noMatch"),
                Comparison.rules(new ConfigRules()
                        .required("path", "a path into the state such as \"$.a.b\"", ConfigRules::isPathOrAll)),
                CheckValueNode::run);
    }

    private static Outcome run(ExecutionContext context) {
        Map<String, @Nullable Object> config = context.config().asMap();
        boolean holds = Comparison.of(config).holds(context.state().get((String) config.get("path")));
        Set<String> edges = context.branchEdges();
        boolean matching = (edges.contains("match") || edges.contains("noMatch"))
                && !edges.contains("true")
                && !edges.contains("false");
        if (matching) {
            return Edge.of(holds ? "match" : "noMatch");
        }
        return Edge.of(String.valueOf(holds));
    }
}
