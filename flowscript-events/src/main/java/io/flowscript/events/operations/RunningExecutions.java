package io.flowscript.events.operations;

import io.flowscript.core.concurrent.Shares;
import io.flowscript.engine.Execution;
import io.flowscript.json.protocol.ErrorCode;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Limits how many executions that a sender has started are under way. It counts what is started here, until it ends, wherever it goes on.
 * Without a limit nothing is counted. Safe for use by any thread.
 */
final class RunningExecutions {

    private final @Nullable Shares shares;

    /**
     * Creates the limit.
     *
     * @param maxPerSender how many a sender may have under way; {@link Integer#MAX_VALUE} for no limit
     */
    RunningExecutions(int maxPerSender) {
        this.shares = maxPerSender == Integer.MAX_VALUE ? null : new Shares(maxPerSender);
    }

    /**
     * Starts an execution.
     *
     * @param from who starts it
     * @param start starts it; when it throws, nothing is counted
     * @return the execution
     * @throws OperationException with {@link ErrorCode#TOO_MANY_EXECUTIONS} when the sender has as many as it may have
     */
    Execution start(Sender from, Supplier<Execution> start) {
        String sender = from.share();
        if (shares == null || sender == null) {
            return start.get();
        }
        if (!shares.take(sender)) {
            throw new OperationException(
                    ErrorCode.TOO_MANY_EXECUTIONS,
                    "As many executions that you have started are under way as one sender may have; wait until one has ended, or cancel one");
        }
        Execution started = null;
        try {
            started = start.get();
        } finally {
            if (started == null) {
                shares.giveBack(sender);
            }
        }
        var unused = started.result().whenComplete((result, failure) -> shares.giveBack(sender));
        return started;
    }

    /** {@return how many senders have executions under way that are counted} */
    int senders() {
        return shares == null ? 0 : shares.senders();
    }
}
