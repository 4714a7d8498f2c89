package io.flowscript.client;

import io.flowscript.core.event.Event;
import io.flowscript.core.event.EventType;
import io.flowscript.core.event.WorkflowEvent;
import io.flowscript.core.interaction.AnswerOptions;
import io.flowscript.core.interaction.Receipt;
import io.flowscript.core.log.Position;
import io.flowscript.core.runtime.PauseToken;
import io.flowscript.core.snapshot.ExecutionResult;
import io.flowscript.core.snapshot.ExecutionStatus;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * An execution at the server. It need not exist: a subscription to it waits for it, five minutes unless the server is set otherwise.
 * Immutable; safe for use by any thread.
 *
 * @since 0.1.0
 */
public final class RemoteExecution {

    private final ClientCore core;
    private final String id;

    RemoteExecution(ClientCore core, String id) {
        this.core = core;
        this.id = id;
    }

    /** {@return the execution's id} */
    public String id() {
        return id;
    }

    /** {@return its events, from the first one unless the stream is told otherwise} */
    public EventStream events() {
        return new EventStream(core, id, null);
    }

    /**
     * Waits for the end of the execution. It has its own subscription.
     *
     * @param timeout how long to wait
     * @return the result. The state is that at the end when the execution completed, unless the server does not show it. It is
     *     empty otherwise.
     * @throws ClientException with code {@code timeout} when the execution has not ended by then, and as {@link EventReader}
     */
    public ExecutionResult result(Duration timeout) {
        EventStream last =
                events().types(EventType.WORKFLOW_COMPLETED, EventType.WORKFLOW_FAILED, EventType.WORKFLOW_CANCELLED);
        long end = System.nanoTime() + timeout.toNanos();
        try (EventReader reader = last.read(timeout)) {
            while (reader.hasNext(Duration.ofNanos(end - System.nanoTime()))) {
                if (reader.next() instanceof ClientEvent.Happened happened) {
                    return result(happened);
                }
            }
        }
        throw new ClientException("events_missed", "The last event of execution " + id + " is gone");
    }

    // The nullness of nested types elsewhere is not in the class files that JDK 17 reads.
    @SuppressWarnings("NullAway")
    private static ExecutionResult result(ClientEvent.Happened last) {
        Event event = last.event();
        if (event instanceof WorkflowEvent.Completed done) {
            return new ExecutionResult(
                    ExecutionStatus.COMPLETED,
                    done.finalState(),
                    done.exitSignal(),
                    null,
                    null,
                    null,
                    null,
                    last.time());
        }
        if (event instanceof WorkflowEvent.Failed failed) {
            return new ExecutionResult(
                    ExecutionStatus.FAILED,
                    Map.of(),
                    null,
                    failed.error(),
                    failed.code(),
                    failed.cause(),
                    failed.nodeId(),
                    last.time());
        }
        String reason = event instanceof WorkflowEvent.Cancelled cancelled ? cancelled.reason() : null;
        return new ExecutionResult(
                ExecutionStatus.CANCELLED, Map.of(), null, reason, "cancelled", null, null, last.time());
    }

    /**
     * Answers an interaction of this execution.
     *
     * @param tokenId the id of the interaction
     * @param answer any JSON value; null is JSON null
     * @return as {@link FlowScriptClient#answer(PauseToken, Object, AnswerOptions)}
     */
    public CompletableFuture<Receipt> answer(String tokenId, @Nullable Object answer) {
        return Answers.send(core, id, null, tokenId, answer, AnswerOptions.NONE);
    }

    /**
     * Ends the execution.
     *
     * @param reason why, for people, up to 1,000 characters; null for no reason
     * @return its status afterwards. An execution that had ended before keeps its own. Fails with a {@link ClientException}.
     */
    public CompletableFuture<ExecutionStatus> cancel(@Nullable String reason) {
        Map<String, @Nullable Object> data = new LinkedHashMap<>();
        data.put("executionId", id);
        if (reason != null) {
            data.put("reason", reason);
        }
        return core.command("cancel", ClientContext.newId(), data, reply -> {
            if ("execution_finished".equals(reply.optionalText("code")) && reply.optionalText("status") != null) {
                return status(reply); // over REST
            }
            ClientCore.refuse(reply);
            return status(reply);
        });
    }

    private static ExecutionStatus status(Message reply) {
        return ExecutionStatus.valueOf(reply.text("status").toUpperCase(Locale.ROOT));
    }

    /**
     * Tells the server that the person has seen everything up to a position. There is no reply. It is told again after a lost
     * connection; of several positions the last one counts. One now and then is enough.
     *
     * @param position the position of the last event that was seen
     */
    public void ack(Position position) {
        core.ack(id, position);
    }

    /** {@return the id} */
    @Override
    public String toString() {
        return "RemoteExecution[" + id + "]";
    }
}
