package io.flowscript.events.delivery;

import io.flowscript.core.Identity;
import io.flowscript.core.bridge.AccessPolicy;
import io.flowscript.core.engine.Execution;
import io.flowscript.core.engine.FlowScript;
import io.flowscript.core.runtime.EngineClock;
import io.flowscript.json.protocol.MessageParser;
import io.flowscript.json.protocol.ServerMessages;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What all sessions of a bridge share. Safe for use by any thread. */
record Delivery(
        FlowScript flows,
        AccessPolicy policy,
        BridgeLimits limits,
        Timing timing,
        MessageParser parser,
        ServerMessages messages,
        Pumps pumps,
        EncodedLogs encoded,
        PendingExecutions pending,
        NewExecutions arrivals,
        SharedInbox inbox,
        OnceOnlyCommands commands) {

    /** A policy that fails permits nothing. */
    Delivery {
        policy = GuardedPolicy.of(policy);
    }

    EngineClock clock() {
        return flows.clock();
    }

    /** An execution that somebody may do something with; one that is hidden is as good as none. */
    Optional<Execution> find(Identity who, AccessPolicy.Action action, String executionId) {
        return flows.executions().find(executionId).filter(found -> permits(who, action, found));
    }

    boolean permits(Identity who, AccessPolicy.Action action, Execution execution) {
        return permits(who, action, execution.workflowId(), execution.id());
    }

    boolean permits(
            Identity who, AccessPolicy.Action action, @Nullable String workflowId, @Nullable String executionId) {
        return policy.permits(who, action, workflowId, executionId);
    }
}
