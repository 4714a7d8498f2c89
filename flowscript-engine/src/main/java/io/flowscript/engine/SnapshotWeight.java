package io.flowscript.engine;

import io.flowscript.core.CommandKey;
import io.flowscript.core.interaction.Interaction;
import io.flowscript.core.interaction.Interaction.Reply;
import io.flowscript.core.json.Json;
import io.flowscript.core.runtime.Question;
import io.flowscript.core.snapshot.CommandReceipt;
import io.flowscript.core.snapshot.ExecutionSnapshot;
import io.flowscript.core.snapshot.ExecutionSnapshot.LoopFrame;
import io.flowscript.core.snapshot.ExecutionSnapshot.Visit;
import io.flowscript.core.snapshot.ExecutionSnapshot.Write;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Estimates the memory of one execution without its log: the state, the open and the remembered interactions, and what its node keeps and
 * has written. Stateless.
 */
final class SnapshotWeight {

    /** The fixed part of each execution, in bytes. */
    static final long OVERHEAD = 1_024;

    /** A smaller form is not counted, since most forms are parts of a workflow that all its executions share. */
    static final long SHARED_FORM_BYTES = 16 << 10;

    private static final long INTERACTION_OVERHEAD = 256;
    private static final long COMMAND_OVERHEAD = 200;

    private SnapshotWeight() {}

    /** {@return the estimate, in bytes} */
    static long of(ExecutionSnapshot at) {
        return values(at) + interactions(at) + commands(at) + writes(writesOf(at));
    }

    /**
     * {@return how many bytes more the next snapshot takes than the one before it} Interactions and writes are looked at only when they
     * have changed, so that a step costs the same however many there are.
     */
    static long growth(ExecutionSnapshot before, ExecutionSnapshot next) {
        long growth = values(next) - values(before);
        if (next.open() != before.open() || next.closed() != before.closed()) {
            growth += interactions(next) - interactions(before);
        }
        if (next.commands() != before.commands()) {
            growth += commands(next) - commands(before);
        }
        if (writesOf(next) != writesOf(before)) {
            growth += writes(writesOf(next)) - writes(writesOf(before));
        }
        return growth;
    }

    private static long values(ExecutionSnapshot at) {
        long sum = OVERHEAD + Json.weight(at.state()) + Json.weight(at.previous());
        String trace = at.trace();
        if (trace != null) {
            sum += Json.weight(trace);
        }
        for (LoopFrame frame : at.frames()) {
            sum += Json.weight(frame.memo()) + Json.weight(frame.bindings());
        }
        Visit visit = at.visit();
        return visit == null ? sum : sum + Json.weight(visit.memo());
    }

    private static long interactions(ExecutionSnapshot at) {
        return sum(at.open()) + sum(at.closed());
    }

    private static long commands(ExecutionSnapshot at) {
        long sum = 0;
        for (CommandReceipt receipt : at.commands()) {
            CommandKey key = receipt.key();
            sum += COMMAND_OVERHEAD + Json.weight(key.sender()) + Json.weight(key.id()) + Json.weight(key.digest());
        }
        return sum;
    }

    private static List<Write> writesOf(ExecutionSnapshot at) {
        Visit visit = at.visit();
        return visit == null ? List.of() : visit.writes();
    }

    private static long writes(List<Write> writes) {
        long sum = 0;
        for (Write write : writes) {
            sum += BufferedWrites.weight(write);
        }
        return sum;
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
            for (String name : interaction.seenBy()) {
                sum += Json.weight(name);
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
