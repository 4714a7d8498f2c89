package io.flowscript.json.protocol;

import java.io.OutputStream;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Writes a message for a client of the first version of the protocol (protocol, section 3). Such a client knows a form
 * by the id of its visit alone, so the id is written unique among all executions. It finds the time of an event in its
 * data.
 */
final class FirstVersionWriter extends MessageWriter {

    private @Nullable String executionId;
    private Instant timestamp = Instant.EPOCH;
    private boolean isEvent;

    FirstVersionWriter(OutputStream out, WireSettings settings) {
        super(out, settings);
    }

    @Override
    MessageWriter begin(String type, Instant at) {
        timestamp = at;
        executionId = null;
        isEvent = false;
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
        if (field.equals("executionId")) {
            executionId = value;
        }
        boolean isVisit = field.equals("nodeId") || field.equals("currentNodeId");
        return super.text(
                field, isVisit && value != null && executionId != null ? VisitId.unique(value, executionId) : value);
    }
}
