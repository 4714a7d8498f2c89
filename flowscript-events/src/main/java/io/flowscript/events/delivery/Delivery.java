package io.flowscript.events.delivery;

import io.flowscript.core.Identity;
import io.flowscript.core.bridge.Redaction;
import io.flowscript.core.observe.FlowScriptObserver;
import io.flowscript.core.runtime.EngineClock;
import io.flowscript.engine.Execution;
import io.flowscript.engine.FlowScript;
import io.flowscript.events.operations.Operations;
import io.flowscript.json.protocol.ErrorCode;
import io.flowscript.json.protocol.MessageParser;
import io.flowscript.json.protocol.ServerMessages;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What all sessions of a bridge share. Safe for use by any thread. */
record Delivery(
        FlowScript flows,
        Operations operations,
        BridgeLimits limits,
        Timing timing,
        MessageParser parser,
        ServerMessages messages,
        Pumps pumps,
        EncodedLogs encoded,
        PendingExecutions pending,
        NewExecutions newExecutions,
        Holdings holdings) {

    /** What sessions with clients of the first version share: the same, but for how messages and events are written. */
    Delivery writing(ServerMessages otherMessages, EncodedLogs otherEvents) {
        return new Delivery(
                flows,
                operations,
                limits,
                timing,
                parser,
                otherMessages,
                pumps,
                otherEvents,
                pending,
                newExecutions,
                holdings);
    }

    EngineClock clock() {
        return flows.clock();
    }

    FlowScriptObserver observer() {
        return flows.observer();
    }

    /** The message that refuses something to a client, which the observer is told. */
    byte[] refusal(@Nullable String replyTo, ErrorCode code, String message, Map<String, ?> details) {
        observer().refused(code.id());
        return messages.error(replyTo, code, message, details);
    }

    /** What is hidden from a client that may see the execution. */
    Redaction redaction(Identity who, Execution execution) {
        return operations.redaction(who, execution.workflowId(), execution.id());
    }

    boolean sees(Identity who, Execution execution) {
        return operations.sees(who, execution.workflowId(), execution.id());
    }
}
