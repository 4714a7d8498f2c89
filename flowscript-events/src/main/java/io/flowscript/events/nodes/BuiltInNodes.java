package io.flowscript.events.nodes;

import io.flowscript.core.runtime.Node;
import java.lang.System.Logger.Level;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The nodes that every engine has. Stateless; safe for use by any thread. */
public final class BuiltInNodes {

    private BuiltInNodes() {}

    /**
     * All of them.
     *
     * @return an immutable map of name to node
     */
    public static Map<String, Node> all() {
        List<BuiltInNode> nodes = List.of(
                DataNodes.setData(),
                DataNodes.setFlag(),
                DataNodes.incrementCounter(),
                CheckValue.node(),
                TimeNodes.delay("delay"),
                TimeNodes.delay("wait"),
                LogNodes.log("log", Level.INFO),
                LogNodes.log("logError", Level.ERROR),
                HumanNodes.formInput(),
                HumanNodes.approve("approve"),
                HumanNodes.approve("approveExpense"),
                LoopNodes.whileCondition(),
                LoopNodes.forEach());
        Map<String, Node> named = new LinkedHashMap<>();
        for (BuiltInNode node : nodes) {
            named.put(node.name(), node);
        }
        return Map.copyOf(named);
    }
}
