package io.flowscript.peers;

import static org.bsc.langgraph4j.action.AsyncNodeAction.node_async;

import io.flowscript.benchmarks.engine.EngineProcess;
import java.util.Map;
import org.bsc.langgraph4j.CompiledGraph;
import org.bsc.langgraph4j.GraphStateException;
import org.bsc.langgraph4j.StateGraph;
import org.bsc.langgraph4j.state.AgentState;

/** langgraph4j: a graph of nodes in a row, without a checkpointer, one run after the other. */
final class LangGraphLoad implements EngineProcess.Load {

    private final CompiledGraph<AgentState> graph;

    LangGraphLoad() throws GraphStateException {
        StateGraph<AgentState> nodes = new StateGraph<>(AgentState::new);
        String before = StateGraph.START;
        for (int i = 0; i < EngineProcess.NODES; i++) {
            String node = "nothing" + i;
            nodes.addNode(node, node_async(state -> Map.of()));
            nodes.addEdge(before, node);
            before = node;
        }
        graph = nodes.addEdge(before, StateGraph.END).compile();
    }

    @Override
    public void run(int executions) {
        for (int i = 0; i < executions; i++) {
            if (graph.invoke(Map.of()).isEmpty()) {
                throw new IllegalStateException("A graph ended without a state");
            }
        }
    }

    @Override
    public String about() {
        return "langgraph4j " + Versions.of("langgraph4j");
    }

    @Override
    public void close() {}
}
