package io.flowscript.core.engine;

import io.flowscript.core.engine.ExecutionSnapshot.LoopFrame;
import io.flowscript.core.engine.ExecutionSnapshot.Visit;
import io.flowscript.core.interaction.Interaction;
import io.flowscript.core.interaction.Interaction.Reply;
import io.flowscript.core.json.Json;
import io.flowscript.core.runtime.Question;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Estimates the memory of one execution without its log: the state, the open and the remembered interactions, and what its node keeps.
 * The interactions are counted anew only when they have changed, so that a step costs the same however many there are. Not thread-safe.
 */
final class SnapshotWeight {

    /** The fixed part of each execution, in bytes. */
    static final long OVERHEAD = 1_024;

    /** A smaller form is not counted, since most forms are parts of a workflow that all its executions share. */
    static final long SHARED_FORM_BYTES = 16 << 10;

    private static final long INTERACTION_OVERHEAD = 256;

    private @Nullable List<Interaction> open;
    private @Nullable List<Interaction> closed;
    private long interactions;

    /**
     * {@return the estimate, in bytes}
     *
     * @param at the execution
     * @param writtenBytes what its visit has written and not committed
     */
    long of(ExecutionSnapshot at, long writtenBytes) {
        if (open != at.open() || closed != at.closed()) {
            open = at.open();
            closed = at.closed();
            interactions = sum(at.open()) + sum(at.closed());
        }
        long sum = OVERHEAD + Json.weight(at.state()) + Json.weight(at.previous()) + interactions + writtenBytes;
        for (LoopFrame frame : at.frames()) {
            sum += Json.weight(frame.memo()) + Json.weight(frame.bindings());
        }
        Visit visit = at.visit();
        return visit == null ? sum : sum + Json.weight(visit.memo());
    }

    private static long sum(List<Interaction> all) {
        long sum = 0;
        for (Interaction interaction : all) {
            sum += INTERACTION_OVERHEAD;
            for (Reply reply : interaction.replies()) {
                sum += Json.weight(reply.data());
            }
            for (Object shown : interaction.shownBefore()) {
                sum += Json.weight(shown);
            }
            Question question = interaction.question();
            if (question != null) {
                sum += of(question);
            }
        }
        return sum;
    }

    /** {@return what an interaction with this question takes, in bytes} */
    static long of(Question question) {
        return form(question.schema())
                + form(question.uiHints())
                + Json.weight(question.context())
                + Json.weight(question.defaults());
    }

    private static long form(@Nullable Object part) {
        long weight = Json.weight(part);
        return weight < SHARED_FORM_BYTES ? 0 : weight;
    }
}
