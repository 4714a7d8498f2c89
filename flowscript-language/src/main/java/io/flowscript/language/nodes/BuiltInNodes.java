package io.flowscript.language.nodes;

import io.flowscript.core.runtime.FormValidator;
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
     * @param forms checks schemas on loading, and answers that a config gives
     * @return an immutable map of name to node
     */
    public static Map<String, Node> all(FormValidator forms) {
        List<BuiltInNode> nodes = List.of(
                DataNodes.setData(),
                DataNodes.setFlag(),
                DataNodes.incrementCounter(),
                CheckValue.node(),
                TimeNodes.delay("delay"),
                TimeNodes.delay("wait"),
                LogNodes.log("log", Level.INFO),
                LogNodes.log("logError", Level.ERROR),
                FormInput.node(forms),
                Approve.node("approve", forms),
                Approve.node("approveExpense", forms),
                Choose.node(forms),
                LoopNodes.whileCondition(),
                LoopNodes.forEach());
        Map<String, Node> named = new LinkedHashMap<>();
        for (BuiltInNode node : nodes) {
            named.put(node.name(), node);
        }
        return Map.copyOf(named);
    }
}
