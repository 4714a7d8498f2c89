package io.flowscript.core.store;

import io.flowscript.core.snapshot.ExecutionStatus;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Which executions {@link ExecutionStore#list} reads, and in which order. Immutable.
 *
 * @since 0.1.0
 */
public sealed interface ExecutionQuery {

    /** {@return the greatest number of executions that are returned, from 1} */
    int limit();

    /**
     * Executions in the order in which they were started, the newest first.
     *
     * @param workflowId only executions of this workflow; null for all
     * @param status only executions whose snapshot has this status; null for all
     * @param before only executions with a smaller {@linkplain StoredExecution#number number}; {@link Long#MAX_VALUE} for
     *     all
     * @param limit the greatest number of executions, from 1
     */
    record Newest(@Nullable String workflowId, @Nullable ExecutionStatus status, long before, int limit)
            implements ExecutionQuery {

        /**
         * Checks the limit.
         *
         * @throws IllegalArgumentException when it is less than 1
         */
        public Newest {
            checkLimit(limit);
        }
    }

    /**
     * Executions in which the engine has something to do without a command, by
     * {@link io.flowscript.core.snapshot.ExecutionSnapshot#dueAt}, the earliest first. Those that are due at the same time
     * are in the order of their {@linkplain StoredExecution#number numbers}.
     *
     * @param after only executions that are due later than this, or at this time with a greater number than
     *     {@code afterNumber}
     * @param afterNumber the number of an execution; {@link Long#MIN_VALUE} for all that are due at {@code after}
     * @param upTo only executions that are due at this time or before. A store may compare times in milliseconds.
     * @param limit the greatest number of executions, from 1
     */
    record Due(Instant after, long afterNumber, Instant upTo, int limit) implements ExecutionQuery {

        /**
         * Checks the limit.
         *
         * @throws IllegalArgumentException when it is less than 1
         */
        public Due {
            Objects.requireNonNull(after, "after");
            Objects.requireNonNull(upTo, "upTo");
            checkLimit(limit);
        }
    }

    /**
     * Executions that have ended, the earliest end first. The end is the time of the last event.
     *
     * @param upTo only executions that have ended at this time or before. A store may compare times in milliseconds.
     * @param limit the greatest number of executions, from 1
     */
    record Ended(Instant upTo, int limit) implements ExecutionQuery {

        /**
         * Checks the limit.
         *
         * @throws IllegalArgumentException when it is less than 1
         */
        public Ended {
            Objects.requireNonNull(upTo, "upTo");
            checkLimit(limit);
        }
    }

    private static void checkLimit(int limit) {
        if (limit < 1) {
            throw new IllegalArgumentException("limit is " + limit + "; it is 1 or more");
        }
    }
}
