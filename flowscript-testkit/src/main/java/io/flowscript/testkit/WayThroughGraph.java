package io.flowscript.testkit;

import io.flowscript.core.event.Event;
import io.flowscript.core.event.NodeEvent;
import io.flowscript.core.event.RecordedEvent;
import io.flowscript.core.event.WorkflowEvent;
import io.flowscript.core.workflow.EdgeNames;
import io.flowscript.core.workflow.WorkflowGraph;
import io.flowscript.core.workflow.WorkflowGraph.Flow;
import io.flowscript.core.workflow.WorkflowGraph.Kind;
import io.flowscript.core.workflow.WorkflowGraph.Step;
import io.flowscript.testkit.EventGrammar.Breach;
import io.flowscript.testkit.EventGrammar.Rule;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Follows the events of an execution through the graph of its workflow. For one execution and one thread. */
final class WayThroughGraph {

    private static final String EXPLICIT_EXIT = "explicit_exit";

    private final WorkflowGraph graph;
    private final List<Breach> breaches = new ArrayList<>();

    /** The step that was visited last; null before the first visit. */
    private @Nullable Step at;

    /** How that visit was left; null while it is open. */
    private @Nullable String edge;

    WayThroughGraph(WorkflowGraph graph) {
        this.graph = graph;
    }

    List<Breach> read(List<RecordedEvent> events) {
        for (RecordedEvent recorded : events) {
            Event event = recorded.event();
            if (event instanceof NodeEvent.Executing visit) {
                begin(recorded.seq(), visit);
            } else if (event instanceof NodeEvent.Completed completed) {
                edge = completed.edge();
            } else if (event instanceof NodeEvent.Failed failed && !failed.willRetry()) {
                edge = failed.code().equals("node_timeout") && has(EdgeNames.TIMEOUT)
                        ? EdgeNames.TIMEOUT
                        : EdgeNames.ERROR;
            } else if (event instanceof WorkflowEvent.Completed completed) {
                end(recorded.seq(), completed);
            }
        }
        return breaches;
    }

    private void begin(long seq, NodeEvent.Executing visit) {
        Step step = graph.steps().stream()
                .filter(each -> each.id().equals(visit.step()))
                .findFirst()
                .orElse(null);
        if (step == null
                || !step.name().equals(visit.nodeName())
                || !visit.nodeType().equals(step.type())) {
            breach(Rule.STEP_IN_GRAPH, seq, "the graph has no step " + visit.step() + " of " + visit.nodeName());
            return;
        }
        if (visit.attempt() == 1) {
            boolean jumps = edge != null && edge.equals(EdgeNames.LOOP_TO + step.name()) && !has(edge);
            if (!jumps && !step.id().equals(next())) {
                breach(Rule.FLOW_IN_GRAPH, seq, "no flow leads from " + here() + " to " + step.id());
            }
        }
        at = step;
        edge = null;
    }

    private void end(long seq, WorkflowEvent.Completed completed) {
        String next = next();
        Kind kind = graph.steps().stream()
                .filter(step -> step.id().equals(next))
                .map(Step::kind)
                .findFirst()
                .orElse(null);
        boolean explicit = EXPLICIT_EXIT.equals(completed.exitSignal());
        boolean exits = EdgeNames.EXIT.equals(edge) || kind == Kind.EXIT;
        if (explicit ? !exits : kind != Kind.END) {
            breach(Rule.FLOW_IN_GRAPH, seq, "no flow leads from " + here() + " to this end");
        }
    }

    /** The step that follows by the flows of the graph; null for none. */
    private @Nullable String next() {
        Step from = at;
        if (from == null) {
            return graph.start();
        }
        String left = Objects.requireNonNullElse(edge, "");
        return flow(left)
                .or(() -> EdgeNames.isFailure(left)
                        ? Optional.empty()
                        : flow(EdgeNames.DEFAULT).or(() -> flow(null)))
                .map(Flow::to)
                .orElse(null);
    }

    private boolean has(String name) {
        return flow(name).isPresent();
    }

    private Optional<Flow> flow(@Nullable String name) {
        Step from = at;
        return graph.flows().stream()
                .filter(flow -> from != null && flow.from().equals(from.id()) && Objects.equals(flow.edge(), name))
                .findFirst();
    }

    private String here() {
        return at == null ? "the beginning" : at.id() + " by \"" + edge + "\"";
    }

    private void breach(Rule rule, long seq, String message) {
        breaches.add(new Breach(rule, seq, message));
    }
}
