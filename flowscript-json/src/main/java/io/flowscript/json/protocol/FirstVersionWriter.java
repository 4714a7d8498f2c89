package io.flowscript.json.protocol;

import io.flowscript.core.event.EventType;
import java.io.OutputStream;
import java.time.Instant;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Writes a message for a client of the first version of the protocol (protocol, section 3). Such a client knows a form
 * by the id of its visit alone, so the id is written unique among all executions. It finds the time of an event in its
 * data. What tells the place in the workflow's graph, and the state at the beginning, is left out.
 */
final class FirstVersionWriter extends MessageWriter {

    /** Where an execution is in the graph of its workflow. */
    private static final Set<String> GRAPH_FIELDS = Set.of("step", "currentStep", "hash");

    private @Nullable String executionId;
    private Instant timestamp = Instant.EPOCH;
    private boolean isEvent;
    private boolean isStart;

    FirstVersionWriter(OutputStream out, WireSettings settings) {
        super(out, settings);
    }

    @Override
    MessageWriter begin(String type, Instant at) {
        timestamp = at;
        executionId = null;
        isEvent = false;
        isStart = type.equals(EventType.WORKFLOW_STARTED.wireName());
        return super.begin(type, at);
    }

    @Override
    MessageWriter seq(long seq) {
        isEvent = true;
        return super.seq(seq);
    }

    @Override
    MessageWriter data() {
        super.data();
        return isEvent ? time("timestamp", timestamp) : this;
    }

    @Override
    public MessageWriter text(String field, @Nullable String value) {
        if (GRAPH_FIELDS.contains(field)) {
            return this;
        }
        if (field.equals("executionId")) {
            executionId = value;
        }
        boolean isVisit = field.equals("nodeId") || field.equals("currentNodeId");
        return super.text(
                field, isVisit && value != null && executionId != null ? VisitId.unique(value, executionId) : value);
    }

    @Override
    public MessageWriter state(String field, @Nullable Object value) {
        return isStart ? this : super.state(field, value);
    }
}
