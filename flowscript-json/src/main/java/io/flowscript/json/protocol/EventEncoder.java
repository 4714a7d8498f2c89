package io.flowscript.json.protocol;

import io.flowscript.core.event.CustomEvent;
import io.flowscript.core.event.Event;
import io.flowscript.core.event.HumanEvent;
import io.flowscript.core.event.NodeEvent;
import io.flowscript.core.event.RecordedEvent;
import io.flowscript.core.event.StateUpdated;
import io.flowscript.core.event.WorkflowEvent;
import io.flowscript.core.runtime.Question;
import java.io.ByteArrayOutputStream;
import java.io.OutputStream;

/**
 * Writes a recorded event as one message (protocol, section 1), with all of its data. Immutable; safe for use by any
 * thread. The same event gives the same bytes.
 *
 * @since 0.1.0
 */
public final class EventEncoder {

    private static final int USUAL_BYTES = 512;

    private final WireSettings settings;

    /**
     * Makes an encoder.
     *
     * @param settings what goes out
     */
    public EventEncoder(WireSettings settings) {
        this.settings = settings;
    }

    /**
     * The message of an event.
     *
     * @param event the event
     * @return one JSON object in UTF-8, without a newline in or after it
     */
    public byte[] encode(RecordedEvent event) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(USUAL_BYTES);
        encode(event, out);
        return out.toByteArray();
    }

    /**
     * Writes the message of an event.
     *
     * @param recorded the event
     * @param out where to: one JSON object in UTF-8, without a newline in or after it; not closed. Nothing is left to be
     *     flushed when this returns, other than by the stream itself.
     */
    public void encode(RecordedEvent recorded, OutputStream out) {
        try (MessageWriter message = new MessageWriter(out, settings)) {
            message.begin(WireNames.of(recorded.type()), recorded.time())
                    .seq(recorded.seq())
                    .data()
                    .text("executionId", recorded.executionId());
            Event event = recorded.event();
            if (event instanceof WorkflowEvent workflow) {
                write(workflow, message);
            } else if (event instanceof NodeEvent node) {
                write(node, message);
            } else if (event instanceof HumanEvent human) {
                write(human, message);
            } else if (event instanceof StateUpdated update) {
                message.text("path", update.path()).state("newValue", update.newValue());
            } else if (event instanceof CustomEvent custom) {
                message.text("event", custom.type().name())
                        .text("nodeId", custom.nodeId())
                        .value("payload", custom.payload());
            }
            message.end();
        }
    }

    private static void write(WorkflowEvent event, MessageWriter message) {
        if (event instanceof WorkflowEvent.Started started) {
            message.text("workflowId", started.workflowId());
        } else if (event instanceof WorkflowEvent.Paused paused) {
            message.text("nodeId", paused.nodeId())
                    .text("tokenId", paused.tokenId())
                    .text("reason", paused.reason());
        } else if (event instanceof WorkflowEvent.Resumed resumed) {
            message.text("nodeId", resumed.nodeId())
                    .text("tokenId", resumed.tokenId())
                    .value("data", resumed.data());
        } else if (event instanceof WorkflowEvent.Completed completed) {
            message.state("finalState", completed.finalState()).text("exitSignal", completed.exitSignal());
        } else if (event instanceof WorkflowEvent.Failed failed) {
            message.text("error", failed.error()).text("code", failed.code()).text("nodeId", failed.nodeId());
        } else if (event instanceof WorkflowEvent.Cancelled cancelled) {
            message.text("reason", cancelled.reason()).text("by", cancelled.by());
        }
    }

    private static void write(NodeEvent event, MessageWriter message) {
        message.text("nodeId", event.nodeId()).text("nodeName", event.nodeName());
        if (event instanceof NodeEvent.Executing executing) {
            message.text("nodeType", executing.nodeType()).number("attempt", executing.attempt());
        } else if (event instanceof NodeEvent.Completed completed) {
            message.text("edge", completed.edge())
                    .value("data", completed.data())
                    .number("durationMs", completed.duration().toMillis());
        } else if (event instanceof NodeEvent.Failed failed) {
            message.text("error", failed.error())
                    .text("code", failed.code())
                    .number("attempt", failed.attempt())
                    .flag("willRetry", failed.willRetry());
        }
    }

    private static void write(HumanEvent event, MessageWriter message) {
        message.text("nodeId", event.nodeId()).text("tokenId", event.tokenId());
        if (event instanceof HumanEvent.InputRequired required) {
            message.nodeInfo(required.info());
        } else if (event instanceof HumanEvent.InputReceived received) {
            message.text("by", received.by());
        } else if (event instanceof HumanEvent.InputTimeout timeout) {
            message.text("reason", timeout.reason());
        } else if (event instanceof HumanEvent.InputClaimed claimed) {
            message.text("by", claimed.by()).time("until", claimed.until());
        } else if (event instanceof HumanEvent.InputReleased released) {
            message.text("by", released.by()).flag("lapsed", released.lapsed());
        } else if (event instanceof HumanEvent.InputEscalated escalated) {
            message.assignment(escalated.assignment());
        } else if (event instanceof HumanEvent.InputVoted voted) {
            message.text("by", voted.by()).number("votes", voted.votes());
        } else if (event instanceof HumanEvent.InputRevised revised) {
            message.value("contextData", revised.contextData())
                    .text("contextHash", Question.contextHash(revised.contextData()))
                    .text("by", revised.by());
        }
    }
}
