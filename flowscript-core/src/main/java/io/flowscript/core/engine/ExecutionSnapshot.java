package io.flowscript.core.engine;

import io.flowscript.core.interaction.Interaction;
import io.flowscript.core.json.Json;
import io.flowscript.core.runtime.Answer;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An execution, written down: an immutable, plain value, from which any engine that knows the workflow can go on. The
 * engine itself works on nothing else: each step makes the next snapshot of the last one.
 *
 * @param executionId the execution
 * @param workflowId the workflow
 * @param definitionHash the hash of the definition that it was begun with
 * @param status where it is in its life
 * @param position the index of the instruction that it stands at
 * @param frames the loops around that, outermost first
 * @param state the state
 * @param previous the data of the edge that was taken last
 * @param visit the visit that is under way, null between two
 * @param open the questions that wait for an answer, the oldest first
 * @param closed the questions that were closed, the oldest first, as many as are remembered
 * @param visits how many visits there have been
 * @param steps how many steps it has taken, for the step limit
 * @param worked how long its nodes have worked, people's time not counted
 * @param createdAt when it came to be
 * @param result how it ended, null while it has not
 * @param epoch the epoch of its log
 * @param seq the number of its last event
 * @param lastEventAt the time of its last event
 * @since 0.1.0
 */
public record ExecutionSnapshot(
        String executionId,
        String workflowId,
        String definitionHash,
        ExecutionStatus status,
        int position,
        List<LoopFrame> frames,
        Map<String, @Nullable Object> state,
        @Nullable Object previous,
        @Nullable Visit visit,
        List<Interaction> open,
        List<Interaction> closed,
        long visits,
        long steps,
        Duration worked,
        Instant createdAt,
        @Nullable ExecutionResult result,
        String epoch,
        long seq,
        Instant lastEventAt) {

    /**
     * Freezes what can be frozen.
     */
    public ExecutionSnapshot {
        frames = List.copyOf(frames);
        state = Json.object(state);
        previous = Json.freeze(previous);
        open = List.copyOf(open);
        closed = List.copyOf(closed);
    }

    /**
     * A loop that the execution is in.
     *
     * @param loop the index of its instruction
     * @param iterations how many rounds have begun
     * @param memo what its controller keeps
     * @param bindings the names that it gives to its body
     */
    public record LoopFrame(
            int loop, long iterations, @Nullable Object memo, Map<String, @Nullable Object> bindings) {
        public LoopFrame {
            memo = Json.freeze(memo);
            bindings = Json.object(bindings);
        }
    }

    /**
     * A visit of a node.
     *
     * @param nodeId unique within the execution
     * @param nodeName the node
     * @param attempt which attempt, from 1
     * @param startedAt when its first attempt began
     * @param phase what it is doing
     * @param memo what the node keeps with its last ask or sleep
     * @param answer how its question was closed; null when it has not asked or the question is open
     * @param wakeAt when it goes on, while it sleeps or waits for its next attempt; null otherwise
     * @param worked how long this attempt has worked, for the node's timeout
     * @param writes what this attempt wrote before it asked or slept: applied when it completes, dropped when it fails
     */
    public record Visit(
            String nodeId,
            String nodeName,
            int attempt,
            Instant startedAt,
            Phase phase,
            @Nullable Object memo,
            @Nullable Answer answer,
            @Nullable Instant wakeAt,
            Duration worked,
            List<Write> writes) {
        public Visit {
            memo = Json.freeze(memo);
            writes = List.copyOf(writes);
        }
    }

    /**
     * One write to the state.
     *
     * @param path where, in its normal form
     * @param value what is there from then on; null when it was removed
     * @param removed whether it was removed
     */
    public record Write(String path, @Nullable Object value, boolean removed) {
        public Write {
            value = Json.freeze(value);
        }
    }

    /** What a visit is doing. */
    public enum Phase {
        /** Its node is working. An engine that goes on from here makes a new attempt. */
        WORKING,
        /** It has asked and waits for the answer. */
        ASKING,
        /** It sleeps. */
        SLEEPING,
        /** An attempt failed, and it waits for the next one. */
        RETRYING
    }
}
