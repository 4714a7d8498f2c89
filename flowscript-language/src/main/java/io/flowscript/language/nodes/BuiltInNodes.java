package io.flowscript.language.nodes;

import io.flowscript.core.runtime.FormValidator;
import io.flowscript.core.runtime.Node;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The nodes that every engine has, except those with a class of their own: {@link ValidateDataNode} and {@link
 * HttpRequestNode}. Safe for use by any thread.
 *
 * @since 0.1.0
 */
public final class BuiltInNodes {

    private BuiltInNodes() {}

    /**
     * Returns the built-in nodes by name.
     *
     * @param forms checks schemas when a workflow is loaded, and answers that a config gives
     * @return an immutable map of name to node
     */
    public static Map<String, Node> all(FormValidator forms) {
        List<BuiltInNode> nodes = List.of(
                DataNodes.setData(),
                DataNodes.setFlag(),
                DataNodes.incrementCounter(),
                CheckValueNode.node(),
                TimeNodes.delay("delay"),
                TimeNodes.delay("wait"),
                LogNodes.log(),
                LogNodes.logError(),
                FormInputNode.node(forms),
                ApproveNode.node("approve", null, forms),
                ApproveNode.node("approveExpense", "approvalDecision", forms),
                ChooseNode.node(forms),
                LoopNodes.whileCondition(),
                LoopNodes.forEach());
        Map<String, Node> named = new LinkedHashMap<>();
        for (BuiltInNode node : nodes) {
            named.put(node.name(), node);
        }
        return Map.copyOf(named);
    }
}
